//! The keys that work everywhere: undo, save, copy, paste, Esc, and files that are dropped on the window.

use egui::{Event, Key, Modifiers, Ui};

use super::gesture::Outgoing;
use super::{Action, Export, ViewModel, roll};

/// What Ctrl is called in tooltips.
pub const CTRL: &str = if cfg!(target_os = "macos") { "Cmd" } else { "Ctrl" };

/// Handles them, unless a text field has the focus; takes the keys that it uses.
pub fn take(ui: &Ui, model: &mut ViewModel, outgoing: &mut Outgoing) {
    for file in ui.input(|input| input.raw.dropped_files.clone()) {
        outgoing.push(Action::OpenDropped(file.path().to_owned()));
    }
    if ui.ctx().text_edit_focused() {
        return;
    }
    roll::choose_by_key(ui, model, outgoing);
    let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
    // The longer chord first: Ctrl+Z would match Ctrl+Shift+Z too.
    let redo = pressed(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z) | pressed(Modifiers::COMMAND, Key::Y);
    if redo && model.redo.is_some() {
        outgoing.push(Action::Redo);
    }
    if pressed(Modifiers::COMMAND, Key::Z) && model.undo.is_some() {
        outgoing.push(Action::Undo);
    }
    let chosen = model.answer().map(|_| Export::Candidate(model.auditioned));
    if pressed(Modifiers::COMMAND, Key::S) {
        outgoing.extend(chosen.map(Action::Save));
    }
    // Our windows hand what is pasted over as text, right behind the keys.
    let mut pastes = ui.input(|input| input.modifiers.command);
    for event in ui.input(|input| input.events.clone()) {
        match event {
            Event::Copy => outgoing.extend(chosen.map(Action::Copy)),
            Event::Key { key: Key::V, pressed, modifiers, .. } => pastes |= pressed && modifiers.command,
            Event::Text(text) if pastes => outgoing.push(Action::Paste(text)),
            Event::Paste(text) => outgoing.push(Action::Paste(text)),
            _ => {}
        }
    }
    if !egui::Popup::is_any_open(ui.ctx()) && ui.input(|input| input.key_pressed(Key::Escape)) {
        let cancelled = model.between.take().is_some();
        if !cancelled {
            roll::put_away(model, outgoing);
        }
    }
}
