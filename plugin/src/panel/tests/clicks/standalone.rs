//! What the standalone alone has: a piano, and keys that play.

use egui::Key;
use egui_kittest::kittest::{NodeT, Queryable};
use melody::Pitch;

use super::{SIZE, bench, scenes};
use crate::panel::{Action, Standalone, ViewModel};

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
    let mut harness = bench(standalone(), [1_280.0, 700.0]);
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..60 {
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
        "Candidates",
        "Presets",
        "Settings B",
        "Copy settings A to B",
        "Open MIDI",
        "Light colours",
        "Piano roll: 0 notes played, 0 notes answered",
        "Answers: 0",
        "Keep track: 0",
        "Output",
        "Hands-free",
        "Continue",
        "Lower octave",
        "Higher octave",
    ] {
        assert!(reached.contains(label), "{label} is not among {reached:?}");
    }
}

#[test]
fn the_keys_of_a_card_work_once_it_was_clicked() {
    let model = ViewModel { standalone: Some(Standalone::new("ALSA")), ..scenes::shaped(4) };
    let mut harness = bench(model, [1_280.0, 800.0]);
    harness.query_all_by_label_contains("Melody 2: ").next().expect("there are four").click();
    harness.run_steps(2);
    let actions = super::press(&mut harness, &[(egui::Modifiers::NONE, Key::K)]);
    assert!(actions.contains(&Action::Keep { index: 1 }), "{actions:?}");
}

#[test]
fn enter_ends_a_text_and_asks_for_nothing() {
    let model = ViewModel { standalone: Some(Standalone::new("ALSA")), ..scenes::shaped(4) };
    let mut harness = bench(model, [1_280.0, 800.0]);
    harness.get_by_label("Chord seed").focus();
    harness.run_steps(2);
    let actions = super::press(&mut harness, &[(egui::Modifiers::NONE, Key::Enter)]);
    assert!(!actions.contains(&Action::Answer), "{actions:?}");
    let actions = super::press(&mut harness, &[(egui::Modifiers::NONE, Key::Enter)]);
    assert!(actions.contains(&Action::Answer), "when it has ended, Enter is the button again: {actions:?}");
}
