//! The header: presets, two sets of settings, undo, files, colours.

use egui_kittest::kittest::{NodeT, Queryable};

use super::{SIZE, SMALL, after_click, after_clicks, bench, click, scenes};
use crate::panel::{Action, Look, Side};

#[test]
fn each_command_is_sent_and_shown_at_once() {
    let harness = after_click(scenes::shaped(4), "Light colours");
    assert_eq!(harness.state().actions, [Action::SetLook(Look::Light)]);
    assert_eq!(harness.state().model.look, Look::Light);
    assert!(harness.query_by_label("Dark colours").is_some());
    for (label, action) in [
        ("Open MIDI", Action::OpenMidi),
        ("Undo", Action::Undo),
        ("Settings B", Action::SwitchSide(Side::B)),
        ("Copy settings A to B", Action::CopySide),
    ] {
        assert_eq!(after_click(scenes::shaped(4), label).state().actions, [action], "{label}");
    }
}

#[test]
fn what_cannot_be_undone_is_deaf() {
    assert_eq!(after_click(scenes::shaped(4), "Redo").state().actions, []);
    assert_eq!(after_click(scenes::empty(), "Undo").state().actions, []);
    assert_eq!(after_click(scenes::shaped(4), "Settings A").state().actions, [], "it is in use already");
}

#[test]
fn presets_are_called_up_deleted_and_saved_under_a_name() {
    let harness = after_clicks(scenes::shaped(4), &["Presets", "Daring"]);
    assert_eq!(harness.state().actions, [Action::LoadPreset("factory/daring".to_owned())]);
    assert_eq!(harness.state().model.preset.as_deref(), Some("factory/daring"));
    let mut harness = after_clicks(scenes::shaped(4), &["Presets", "Delete preset Night drive"]);
    assert_eq!(harness.state().actions, [Action::DeletePreset("own/night".to_owned())]);
    assert!(harness.query_by_label("Delete preset Daring").is_none(), "what ships stays");
    assert!(harness.get_by_label("From the future").accesskit_node().is_disabled());
    harness.get_by_label("Name of a new preset").focus();
    harness.run_steps(1);
    harness.get_by_label("Name of a new preset").type_text(" Mine ");
    harness.run_steps(2);
    harness.state_mut().actions.clear();
    click(&mut harness, &["Save preset"]);
    assert_eq!(harness.state().actions, [Action::SavePreset("Mine".to_owned())]);
    assert!(harness.query_by_label("Save preset").is_none(), "the menu is closed");
}

#[test]
fn a_narrow_panel_has_the_rarer_commands_in_a_menu() {
    for (label, action) in [
        ("Open MIDI ...", Action::OpenMidi),
        ("Copy settings A to B", Action::CopySide),
        ("Light colours", Action::SetLook(Look::Light)),
    ] {
        let mut harness = bench(scenes::shaped(4), SMALL);
        click(&mut harness, &["More commands", label]);
        assert_eq!(harness.state().actions, [action], "{label}");
    }
}

#[test]
fn undo_says_what_it_takes_back() {
    let mut harness = bench(scenes::shaped(4), SIZE);
    harness.get_by_label("Undo").hover();
    harness.run_steps(6);
    assert!(harness.query_by_label_contains("Undo: thrown away").is_some());
}
