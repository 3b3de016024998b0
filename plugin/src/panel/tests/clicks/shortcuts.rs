//! Keys that work everywhere, the clipboard, dropped files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;

use super::{SIZE, bench, press, scenes};
use crate::panel::{Action, Export};

const UNDO: (Modifiers, Key) = (Modifiers::COMMAND, Key::Z);

#[test]
fn undo_redo_and_save_have_their_usual_keys() {
    let mut model = scenes::shaped(4);
    model.redo = Some("kept".to_owned());
    let mut harness = bench(model, SIZE);
    let shift = Modifiers::COMMAND | Modifiers::SHIFT;
    let keys = [UNDO, (shift, Key::Z), (Modifiers::COMMAND, Key::Y), (Modifiers::COMMAND, Key::S)];
    let expected = [Action::Undo, Action::Redo, Action::Redo, Action::Save(Export::Candidate(2))];
    assert_eq!(press(&mut harness, &keys), expected);
}

#[test]
fn the_clipboard_takes_the_chosen_candidate_and_gives_a_phrase() {
    let mut harness = bench(scenes::shaped(4), SIZE);
    harness.event(Event::Copy);
    harness.run_steps(1);
    harness.event(Event::Paste("C4:1.0".to_owned()));
    harness.run_steps(1);
    let expected = [Action::Copy(Export::Candidate(2)), Action::Paste("C4:1.0".to_owned())];
    assert_eq!(harness.state().actions, expected);
}

#[test]
fn a_window_that_hands_what_is_pasted_over_as_text_is_understood() {
    let mut harness = bench(scenes::shaped(4), SIZE);
    harness.event(Event::Text("typed".to_owned()));
    harness.run_steps(1);
    assert_eq!(harness.state().actions, []);
    harness.event_modifiers(Event::Text("C4:1.0".to_owned()), Modifiers::COMMAND);
    harness.run_steps(1);
    assert_eq!(harness.state().actions, [Action::Paste("C4:1.0".to_owned())]);
}

#[test]
fn a_text_field_keeps_its_keys_and_its_clipboard() {
    let mut harness = bench(scenes::shaped(4), SIZE);
    harness.get_by_label("Chord seed").focus();
    harness.run_steps(2);
    harness.event(Event::Copy);
    harness.event(Event::Paste("add".to_owned()));
    harness.run_steps(1);
    let pasted =
        harness.state().actions.iter().any(|action| matches!(action, Action::Paste(_) | Action::Copy(_)));
    assert!(!pasted, "{:?}", harness.state().actions);
    assert!(harness.state().model.settings.chord.contains("add"));
    assert!(!press(&mut harness, &[UNDO]).contains(&Action::Undo));
}

/// A file as the window hands it on.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("it is not read here".to_owned())
    }
}

#[test]
fn a_dropped_file_is_opened() {
    let mut harness = bench(scenes::empty(), SIZE);
    let path = PathBuf::from("song.mid");
    harness.input_mut().dropped_files.push(Arc::new(Dropped(path.clone())));
    harness.run_steps(1);
    assert_eq!(harness.state().actions, [Action::OpenDropped(path)]);
}
