//! Knobs, fields and menus of the controls.

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use generator::{KeyLock, Knob, Task};
use melody::{Pitch, Style};

use super::{Bench, SIZE, after_click, bench, click, press, scenes, set_at_once};
use crate::panel::{Action, Control, Mix, Setting, Start, ViewModel};

#[test]
fn menus_send_what_was_picked() {
    for (page, menu, item, setting) in [
        ("Output", "Output", "Continuo alone", Setting::Mix(Mix::Instead)),
        ("Output", "Start", "Next beat", Setting::Start(Start::NextBeat)),
        ("Output", "Channel", "3", Setting::Channel(Some(3))),
        ("Notes", "Keep to key", "As heard", Setting::KeyLock(KeyLock::Heard)),
        ("Notes", "Keep to key", "D major", Setting::KeyLock(KeyLock::Fixed("D".parse().unwrap()))),
        ("Notes", "Style", "Jazz", Setting::Style(Some(Style::Jazz))),
    ] {
        let mut harness = bench(scenes::shaped(4), SIZE);
        open(&mut harness, page);
        harness.get_by_role_and_label(Role::ComboBox, menu).click();
        harness.run_steps(2);
        click(&mut harness, &[item]);
        assert_eq!(harness.state().actions, set_at_once(setting), "{menu}");
    }
}

/// Opens a page of the controls.
fn open(harness: &mut Harness<'static, Bench>, page: &str) {
    harness.get_by_role_and_label(Role::Tab, page).click();
    harness.run_steps(2);
}

#[test]
fn switches_stay_where_they_were_put() {
    for (page, switch, on, setting) in [
        ("Output", "Loop", Setting::Looped(true), Setting::Looped(false)),
        ("Hands-free", "Call and response", Setting::Responds(true), Setting::Responds(false)),
    ] {
        let mut harness = bench(scenes::shaped(4), SIZE);
        open(&mut harness, page);
        click(&mut harness, &[switch, switch]);
        assert_eq!(harness.state().actions, [set_at_once(on), set_at_once(setting)].concat());
    }
}

#[test]
fn numbers_are_typed() {
    let key = |number| Pitch::new(number).unwrap();
    for (page, field, typed, settings) in [
        ("Notes", "Candidates", "16", vec![Setting::Count(16)]),
        ("Notes", "Listen to", "2", vec![Setting::ListenBars(2)]),
        ("Notes", "Answer", "12", vec![Setting::Bars(12)]),
        ("Notes", "Lowest note", "C3", vec![Setting::Lowest(key(48))]),
        ("Notes", "Highest note", "Bb5", vec![Setting::Highest(key(82))]),
        ("Hands-free", "Trigger key", "C1", vec![Setting::TriggerKey(Some(key(24)))]),
        ("Hands-free", "Trigger CC", "64", vec![Setting::TriggerCc(Some(64))]),
        ("Hands-free", "Trigger CC", "cc 300", vec![Setting::TriggerCc(Some(119))]),
    ] {
        let mut harness = bench(scenes::shaped(4), SIZE);
        open(&mut harness, page);
        assert_eq!(
            type_into(&mut harness, field, typed),
            settings.into_iter().flat_map(set_at_once).collect::<Vec<_>>(),
            "{field}"
        );
    }
}

#[test]
fn triggers_are_switched_off_by_typing_so() {
    let mut model = scenes::shaped(4);
    (model.settings.trigger_key, model.settings.trigger_cc) = (Pitch::new(24), Some(64));
    let mut harness = bench(model, SIZE);
    open(&mut harness, "Hands-free");
    assert_eq!(type_into(&mut harness, "Trigger key", "off"), set_at_once(Setting::TriggerKey(None)));
    assert_eq!(type_into(&mut harness, "Trigger CC", "Off"), set_at_once(Setting::TriggerCc(None)));
}

#[test]
fn one_end_of_the_range_pushes_the_other_before_it() {
    let mut model = scenes::shaped(4);
    model.settings.highest = Pitch::MIDDLE_C;
    let mut harness = bench(model, SIZE);
    let c5 = Pitch::new(72).unwrap();
    let expected = [set_at_once(Setting::Lowest(c5)), set_at_once(Setting::Highest(c5))].concat();
    assert_eq!(type_into(&mut harness, "Lowest note", "C5"), expected);
}

/// Clicks a number, types another one and presses Enter.
fn type_into(harness: &mut Harness<'static, Bench>, field: &str, text: &str) -> Vec<Action> {
    harness.state_mut().actions.clear();
    harness.get_by_label(field).click();
    harness.run_steps(3);
    harness.event(egui::Event::Text(text.to_owned()));
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    harness.state().actions.clone()
}

#[test]
fn the_density_is_free_in_the_middle_and_found_there_again() {
    let mut harness = bench(scenes::shaped(4), SIZE);
    harness.get_by_label("Density").focus();
    harness.run_steps(1);
    let up = press(&mut harness, &[(Modifiers::NONE, Key::ArrowUp)]);
    let density = harness.state().model.settings.density;
    assert!(density > 1.05 && density < 1.1, "{density}");
    assert_eq!(up, set_at_once(Setting::Density(density)));
    let down = press(&mut harness, &[(Modifiers::NONE, Key::ArrowDown)]);
    assert_eq!(down, set_at_once(Setting::Density(1.0)));
}

#[test]
fn only_knobs_that_mean_something_are_there() {
    let all = [
        "Listen to",
        "Answer",
        "Candidates",
        "Temperature",
        "How far",
        "Density",
        "Keep first",
        "Chord",
        "Lowest note",
    ];
    let shown = |model: ViewModel| {
        let harness = bench(model, SIZE);
        all.into_iter().filter(|label| harness.query_by_label(label).is_some()).collect::<Vec<_>>()
    };
    let asked = |task| {
        let mut model = scenes::shaped(4);
        model.settings.task = task;
        model
    };
    assert_eq!(
        shown(asked(Task::Continue)),
        ["Listen to", "Answer", "Candidates", "Temperature", "Density", "Chord", "Lowest note"]
    );
    assert_eq!(
        shown(asked(Task::Vary)),
        [
            "Listen to",
            "Candidates",
            "Temperature",
            "How far",
            "Density",
            "Keep first",
            "Chord",
            "Lowest note"
        ]
    );
    assert_eq!(shown(asked(Task::Fill)), ["Candidates", "Temperature", "Density", "Chord", "Lowest note"]);
    assert_eq!(shown(asked(Task::Next)), ["Listen to", "Temperature", "Chord", "Lowest note"]);
    assert_eq!(shown(scenes::varied()), ["Listen to", "Candidates", "How far"]);
    assert_eq!(shown(scenes::morphed()), ["Listen to"]);
    assert_eq!(shown(scenes::asking("random", Task::Fresh)), ["Answer", "Candidates"]);
}

#[test]
fn a_style_that_the_model_was_not_taught_is_seen_and_can_be_left() {
    let mut model = scenes::listening();
    model.models[0].knobs.push(Knob::Style);
    model.models[0].styles = Style::PERFORMED.to_vec();
    model.settings.style = Some(Style::Folk);
    let mut harness = after_click(model, "Style");
    assert!(
        harness.query_by_label("Folk (not taught)").is_some() && harness.query_by_label("Hymn").is_none()
    );
    harness.get_by_label("Jazz").click();
    harness.run_steps(2);
    assert_eq!(harness.state().actions, set_at_once(Setting::Style(Some(Style::Jazz))));
    assert!(harness.query_by_label_contains("not taught").is_none());
}

#[test]
fn a_text_that_is_no_chord_gets_a_sentence() {
    let mut harness = after_click(scenes::listening(), "Chord");
    assert_eq!(harness.state().actions, set_at_once(Setting::ChordOn(true)));
    assert!(harness.query_by_label_contains("is not a chord").is_none());
    harness.get_by_label("Chord seed").focus();
    harness.run_steps(1);
    harness.get_by_label("Chord seed").type_text("x");
    harness.run_steps(2);
    let text = harness.state().model.settings.chord.clone();
    assert!(text.contains("add9") && text.contains('x'), "{text}");
    assert_eq!(harness.state().actions[3..], set_at_once(Setting::Chord(text.clone())));
    assert!(harness.query_by_label_contains(&format!("\"{text}\" is not a chord")).is_some());
}

#[test]
fn a_dragged_knob_is_grabbed_turned_and_let_go() {
    let mut harness = bench(scenes::listening(), SIZE);
    let centre = harness.get_by_label("Temperature").rect().center();
    harness.drag_at(centre);
    harness.run_steps(1);
    for step in 1..=4 {
        harness.hover_at(centre - egui::vec2(0.0, 8.0 * step as f32));
        harness.run_steps(1);
    }
    harness.drop_at(centre - egui::vec2(0.0, 32.0));
    harness.run_steps(2);
    let Bench { model, actions } = harness.state();
    assert_eq!(actions.first(), Some(&Action::Grab(Control::Temperature)), "{actions:?}");
    assert_eq!(actions.last(), Some(&Action::LetGo(Control::Temperature)));
    let turned = &actions[1..actions.len() - 1];
    assert!(turned.len() >= 2, "{actions:?}");
    assert!(
        turned.iter().all(|action| matches!(action, Action::Set(Setting::Temperature(_)))),
        "{actions:?}"
    );
    assert!((model.settings.temperature - 1.3).abs() < 0.011, "{}", model.settings.temperature);
    assert_eq!(turned.last(), Some(&Action::Set(Setting::Temperature(model.settings.temperature))));
}

#[test]
fn arrow_keys_turn_a_focused_knob_by_hundredths() {
    let mut harness = bench(scenes::listening(), SIZE);
    harness.get_by_label("Top-p").focus();
    harness.run_steps(1);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    assert_eq!(harness.state().actions, set_at_once(Setting::TopP(0.94)));
}

#[test]
fn the_lock_stays_where_it_was_put() {
    let harness = after_click(scenes::empty(), "Lock the seed");
    assert_eq!(harness.state().actions, set_at_once(Setting::SeedLocked(true)));
    assert!(harness.state().model.settings.seed_locked);
}
