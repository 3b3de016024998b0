//! Undo and redo, opening a file, light and dark; in a narrow panel the rarer ones in a menu.

use egui::{Popup, Rect, Ui};

use crate::panel::gesture::Outgoing;
use crate::panel::icon::Icon;
use crate::panel::row::Row;
use crate::panel::shortcuts::CTRL;
use crate::panel::theme::{GRID, Palette};
use crate::panel::{Action, Look, Side, ViewModel};

const OPEN: &str = "Take the melody of a .mid file as what was played.";

/// Draws them at the right edge of `rect`; returns where they begin.
pub fn show(
    ui: &mut Ui,
    palette: &Palette,
    rect: Rect,
    roomy: bool,
    model: &mut ViewModel,
    outgoing: &mut Outgoing,
) -> f32 {
    let mut row = Row::new(palette, rect);
    let (look, says) = other_look(model.look);
    if roomy {
        if row.button(ui, Icon::Look, says, says, true, palette.text).clicked() {
            model.look = look;
            outgoing.push(Action::SetLook(look));
        }
        if row.button(ui, Icon::Open, "Open MIDI", OPEN, true, palette.text).clicked() {
            outgoing.push(Action::OpenMidi);
        }
        row.gap();
    } else {
        more(ui, &mut row, palette, model, outgoing);
    }
    for (icon, name, what, keys, action) in [
        (Icon::Redo, "Redo", &model.redo, format!("{CTRL}+Shift+Z"), Action::Redo),
        (Icon::Undo, "Undo", &model.undo, format!("{CTRL}+Z"), Action::Undo),
    ] {
        let says = match what {
            Some(what) => format!("{name}: {what} ({keys})"),
            None => format!("Nothing to {}", name.to_lowercase()),
        };
        if row.button(ui, icon, name, &says, what.is_some(), palette.text).clicked() {
            outgoing.push(action);
        }
    }
    row.left()
}

fn other_look(look: Look) -> (Look, &'static str) {
    match look {
        Look::Dark => (Look::Light, "Light colours"),
        Look::Light => (Look::Dark, "Dark colours"),
    }
}

/// The rarer ones as a menu.
fn more(ui: &mut Ui, row: &mut Row<'_>, palette: &Palette, model: &mut ViewModel, outgoing: &mut Outgoing) {
    let button =
        row.button(ui, Icon::More, "More commands", "More: files, colours, settings.", true, palette.text);
    Popup::menu(&button).width(184.0).show(|ui| {
        ui.spacing_mut().button_padding.x = GRID;
        if ui.button("Open MIDI ...").on_hover_text(OPEN).clicked() {
            outgoing.push(Action::OpenMidi);
        }
        let (from, to) = if model.side == Side::A { ("A", "B") } else { ("B", "A") };
        if ui.button(format!("Copy settings {from} to {to}")).clicked() {
            outgoing.push(Action::CopySide);
        }
        let (look, says) = other_look(model.look);
        if ui.button(says).clicked() {
            model.look = look;
            outgoing.push(Action::SetLook(look));
        }
    });
}
