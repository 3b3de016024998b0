//! What clicks, drags and keys send out.

use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use generator::{KeyLock, Knob, Task};
use melody::{Pitch, Style};

use super::{Bench, bench, scenes};
use crate::panel::{Action, Control, Export, Setting, Standalone, Start, ViewModel, Work};

const SIZE: [f32; 2] = [1000.0, 700.0];

fn after_click(model: ViewModel, label: &str) -> Harness<'static, Bench> {
    let mut harness = bench(model, SIZE);
    harness.get_by_label(label).click();
    harness.run_steps(2);
    harness
}

fn set_at_once(setting: Setting) -> Vec<Action> {
    let control = setting.control();
    vec![Action::Grab(control), Action::Set(setting), Action::LetGo(control)]
}

#[test]
fn each_button_does_what_it_says() {
    for (label, action) in [
        ("Continue", Action::Answer),
        ("Stop", Action::Stop),
        ("Play again", Action::PlayAgain),
        ("Save", Action::Save(Export::Candidate(0))),
        ("Clear", Action::Clear),
        ("Roll the dice", Action::RollDice),
    ] {
        assert_eq!(after_click(scenes::answered(), label).state().actions, [action], "{label}");
    }
    assert_eq!(after_click(scenes::problem(), "Dismiss").state().actions, [Action::DismissProblem]);
}

#[test]
fn buttons_without_a_meaning_are_deaf() {
    for label in ["Stop", "Play again", "Clear"] {
        assert_eq!(after_click(scenes::empty(), label).state().actions, [], "{label}");
    }
    let mut model = scenes::listening();
    model.settings.model = "gone".to_owned();
    assert_eq!(after_click(model, "Continue").state().actions, []);
}

#[test]
fn another_model_is_chosen_from_the_menu() {
    let mut harness = after_click(scenes::listening(), "Model");
    harness.get_by_label("Dice").click();
    harness.run_steps(2);
    assert_eq!(harness.state().actions, set_at_once(Setting::Model("random".to_owned())));
    assert_eq!(harness.state().model.settings.model, "random");
}

#[test]
fn a_model_that_cannot_do_the_task_brings_its_own() {
    let mut harness = after_click(scenes::asking("seq2seq", Task::Next), "Model");
    harness.get_by_label("VAE").click();
    harness.run_steps(2);
    let expected =
        [set_at_once(Setting::Model("vae".to_owned())), set_at_once(Setting::Task(Task::Vary))].concat();
    assert_eq!(harness.state().actions, expected);
    assert_eq!(harness.state().model.settings.task, Task::Vary);
}

#[test]
fn the_tabs_are_the_models_own_tasks() {
    let tabs = |model: &str, task: Task| {
        let harness = bench(scenes::asking(model, task), SIZE);
        let labels = harness.query_all_by_label_contains("Task: ");
        labels.filter_map(|node| node.accesskit_node().label()).collect::<Vec<_>>()
    };
    assert_eq!(tabs("seq2seq", Task::Continue), ["Task: Continue", "Task: Next note"]);
    assert_eq!(tabs("vae", Task::Vary), ["Task: Vary", "Task: Fresh", "Task: Morph"]);
    let mut missing = scenes::asking("gone", Task::Vary);
    missing.work = Work::Idle;
    assert!(bench(missing, SIZE).query_by_label_contains("Task: ").is_none());
}

#[test]
fn a_tab_chooses_its_task_and_the_button_says_it() {
    let mut harness = after_click(scenes::asking("seq2seq", Task::Continue), "Task: Next note");
    assert_eq!(harness.state().actions, set_at_once(Setting::Task(Task::Next)));
    assert!(harness.query_by_label_contains("the likeliest first").is_some(), "and the line explains it");
    harness.get_by_label("What next?").click();
    harness.run_steps(2);
    assert_eq!(harness.state().actions.last(), Some(&Action::Answer));
}

#[test]
fn a_task_that_the_model_cannot_do_is_refused_with_those_that_can() {
    let harness = after_click(scenes::asking("random", Task::Vary), "Vary");
    assert_eq!(harness.state().actions, []);
    assert!(harness.query_by_label_contains("a model that can (VAE)").is_some());
}

#[test]
fn a_morph_without_an_answer_is_deaf_and_says_what_it_needs() {
    let harness = after_click(scenes::asking("vae", Task::Morph), "Morph");
    assert_eq!(harness.state().actions, []);
    assert_eq!(after_click(scenes::morphed(), "Morph").state().actions, [Action::Answer]);
}

#[test]
fn a_click_on_a_row_auditions_it() {
    let harness = after_click(scenes::varied(), "Phrase 5: 7 notes, likeness 0.70 of 1");
    assert_eq!(harness.state().actions, [Action::Audition { index: 4 }]);
    assert_eq!(harness.state().model.auditioned, 4, "and is shown at once");
}

#[test]
fn arrow_keys_walk_the_list_to_its_ends() {
    let mut harness = bench(scenes::varied(), SIZE);
    for (key, index) in [
        (Key::ArrowDown, Some(3)),
        (Key::ArrowUp, Some(2)),
        (Key::ArrowUp, Some(1)),
        (Key::ArrowUp, Some(0)),
        (Key::ArrowUp, None),
    ] {
        harness.state_mut().actions.clear();
        harness.key_press(key);
        harness.run_steps(2);
        let expected: Vec<Action> = index.map(|index| Action::Audition { index }).into_iter().collect();
        assert_eq!(harness.state().actions, expected);
    }
    harness.state_mut().model.auditioned = 7;
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    assert_eq!(harness.state().actions, [], "below the last there is none");
}

#[test]
fn arrow_keys_belong_to_a_knob_that_has_the_focus() {
    let mut harness = bench(scenes::varied(), SIZE);
    harness.get_by_label("How far").focus();
    harness.run_steps(1);
    harness.key_press(Key::ArrowUp);
    harness.run_steps(2);
    assert_eq!(harness.state().actions, set_at_once(Setting::Neighbourhood(0.21)));
}

#[test]
fn a_focused_list_keeps_the_arrows_and_enter_plays_again() {
    let mut harness = bench(scenes::next_notes(), SIZE);
    harness.get_by_label("8 next notes").focus();
    harness.run_steps(2);
    for key in [Key::ArrowDown, Key::ArrowDown, Key::Enter] {
        harness.key_press(key);
        harness.run_steps(2);
    }
    assert_eq!(harness.state().actions, [1, 2, 2].map(|index| Action::Audition { index }));
}

#[test]
fn an_answer_of_one_has_no_list() {
    assert!(bench(scenes::answered(), SIZE).query_by_label_contains("seed 042317").is_some());
    assert!(bench(scenes::answered(), SIZE).query_by_label_contains("Melody 1").is_none());
    assert!(bench(scenes::fresh(), SIZE).query_by_label_contains("Melody 1").is_some());
}

#[test]
fn the_neighbourhood_is_there_for_models_that_know_of_it() {
    assert!(bench(scenes::varied(), SIZE).query_by_label("How far").is_some());
    assert!(bench(scenes::varied(), SIZE).query_by_label("Top-p").is_none(), "top-p gives way to it");
    assert!(bench(scenes::answered(), SIZE).query_by_label("How far").is_none());
    let is_deaf = |model| bench(model, SIZE).get_by_label("How far").accesskit_node().is_disabled();
    assert!(!is_deaf(scenes::varied()) && is_deaf(scenes::morphed()), "a morph does not use it");
}

#[test]
fn menus_send_what_was_picked() {
    for (menu, item, setting) in [
        ("Start", "Next beat", Setting::Start(Start::NextBeat)),
        ("Channel", "3", Setting::Channel(Some(3))),
        ("Keep to key", "As heard", Setting::KeyLock(KeyLock::Heard)),
        ("Keep to key", "D major", Setting::KeyLock(KeyLock::Fixed("D".parse().unwrap()))),
    ] {
        let mut harness = after_click(scenes::listening(), menu);
        harness.get_by_label(item).click();
        harness.run_steps(2);
        assert_eq!(harness.state().actions, set_at_once(setting), "{menu}");
    }
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
fn knobs_that_the_model_does_not_honour_are_deaf() {
    let mut model = scenes::listening();
    model.settings.model = "random".to_owned();
    let mut harness = bench(model, SIZE);
    for label in ["Temperature", "Top-p", "Chord"] {
        assert!(harness.get_by_label(label).accesskit_node().is_disabled(), "{label}");
        let centre = harness.get_by_label(label).rect().center();
        harness.drag_at(centre);
        harness.run_steps(1);
        harness.hover_at(centre - egui::vec2(0.0, 30.0));
        harness.run_steps(1);
        harness.drop_at(centre - egui::vec2(0.0, 30.0));
        harness.get_by_label(label).click();
        harness.run_steps(2);
    }
    assert_eq!(harness.state().actions, []);
    assert!(!harness.get_by_label("Keep to key").accesskit_node().is_disabled());
}

#[test]
fn the_lock_stays_where_it_was_put() {
    let harness = after_click(scenes::empty(), "Lock the seed");
    assert_eq!(harness.state().actions, set_at_once(Setting::SeedLocked(true)));
    assert!(harness.state().model.settings.seed_locked);
}

fn standalone() -> ViewModel {
    ViewModel { standalone: Some(Standalone::new("ALSA")), ..scenes::empty() }
}

#[test]
fn space_and_enter_continue_in_the_standalone_alone() {
    for (model, expected) in [(standalone(), 2), (scenes::empty(), 0)] {
        let mut harness = bench(model, SIZE);
        harness.key_press(Key::Space);
        harness.run_steps(1);
        harness.key_press(Key::Enter);
        harness.run_steps(1);
        assert_eq!(harness.state().actions, vec![Action::Answer; expected]);
    }
}

#[test]
fn a_click_beside_the_controls_gives_space_back_to_continue() {
    let mut harness = bench(standalone(), SIZE);
    harness.get_by_label("Temperature").focus();
    harness.run_steps(1);
    harness.key_press(Key::Space);
    harness.run_steps(1);
    assert_eq!(harness.state().actions, []);
    harness.get_by_label_contains("Piano roll").click();
    harness.run_steps(1);
    harness.key_press(Key::Space);
    harness.run_steps(1);
    assert_eq!(harness.state().actions, [Action::Answer]);
}

#[test]
fn the_computer_keyboard_plays_in_the_standalone() {
    let mut harness = bench(standalone(), SIZE);
    let pitch = |number| Pitch::new(number).unwrap();
    harness.key_down(Key::D);
    harness.run_steps(1);
    harness.key_press(Key::X);
    harness.run_steps(1);
    harness.key_up(Key::D);
    harness.run_steps(2);
    harness.key_press(Key::A);
    harness.run_steps(2);
    assert_eq!(
        harness.state().actions,
        [
            Action::KeyDown { pitch: pitch(64), velocity: 96 },
            Action::KeyUp { pitch: pitch(64) },
            Action::KeyDown { pitch: pitch(72), velocity: 96 },
            Action::KeyUp { pitch: pitch(72) },
        ]
    );
}

#[test]
fn a_key_that_the_system_repeats_is_one_long_note() {
    let mut harness = bench(standalone(), SIZE);
    harness.key_down(Key::D);
    harness.run_steps(1);
    for together in [true, false, true] {
        harness.key_up(Key::D);
        if !together {
            harness.run_steps(1);
        }
        harness.key_down(Key::D);
        harness.run_steps(1);
    }
    assert_eq!(harness.state().actions.len(), 1, "{:?}", harness.state().actions);
    harness.key_up(Key::D);
    harness.run_steps(2);
    assert!(matches!(harness.state().actions[..], [Action::KeyDown { .. }, Action::KeyUp { .. }]));
}

#[test]
fn the_chord_that_is_played_is_asked_for_with_one_click() {
    let mut harness = bench(standalone(), SIZE);
    harness.get_by_label("Use what I play").click();
    harness.run_steps(1);
    assert_eq!(harness.state().actions, [Action::UsePlayedChord]);
}

#[test]
fn letters_typed_into_the_chord_are_no_notes() {
    let mut model = standalone();
    model.settings.chord_on = true;
    let mut harness = bench(model, SIZE);
    harness.get_by_label("Chord seed").focus();
    harness.run_steps(1);
    harness.key_press(Key::A);
    harness.key_press(Key::Space);
    harness.run_steps(2);
    assert_eq!(harness.state().actions, []);
}

#[test]
fn the_mouse_slides_over_the_piano() {
    let mut harness = bench(standalone(), SIZE);
    let rect = harness.get_by_label("Piano").rect();
    let at = |part: f32| egui::pos2(rect.left() + rect.width() * part, rect.bottom() - 4.0);
    for part in [0.5, 0.53] {
        if part == 0.5 {
            harness.drag_at(at(part))
        } else {
            harness.hover_at(at(part))
        }
        harness.run_steps(1);
    }
    harness.drop_at(at(0.53));
    harness.run_steps(2);
    let actions = &harness.state().actions;
    let [
        Action::KeyDown { pitch: first, .. },
        Action::KeyUp { pitch: left },
        Action::KeyDown { pitch: second, .. },
        Action::KeyUp { pitch: last },
    ] = actions.as_slice()
    else {
        panic!("{actions:?}");
    };
    assert!(first == left && second == last && first != second, "{actions:?}");
}

#[test]
fn every_control_can_be_reached_with_tab() {
    let mut harness = bench(standalone(), SIZE);
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..28 {
        harness.key_press(Key::Tab);
        harness.run_steps(2);
        let focused = harness.query_all(egui_kittest::kittest::By::new().predicate(|node| node.is_focused()));
        reached.extend(focused.filter_map(|node| node.accesskit_node().label()));
    }
    for label in [
        "Model",
        "Task: Continue",
        "Task: Next note",
        "Listen to",
        "Answer",
        "Temperature",
        "Top-p",
        "Chord",
        "Keep to key",
        "Seed",
        "Roll the dice",
        "Lock the seed",
        "Start",
        "Channel",
        "Continue",
        "Lower octave",
        "Higher octave",
    ] {
        assert!(reached.contains(label), "{label} is not among {reached:?}");
    }
}

#[test]
fn sentences_are_whole_and_can_be_read_aloud() {
    let harness = bench(scenes::problem(), SIZE);
    let sentence =
        "The prompt has 3 notes and this model needs at least 5: play a little more, then continue.";
    assert!(harness.query_by_label(sentence).is_some());
    let mut model = scenes::listening();
    model.work = Work::Idle;
    model.models.clear();
    assert!(bench(model, SIZE).query_by_label_contains("No model is installed").is_some());
}
