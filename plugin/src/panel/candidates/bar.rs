//! The buttons for the chosen candidate.

use egui::{Rect, Sense, Ui, pos2};

use super::deed::Deed;
use crate::panel::gesture::{self, Outgoing};
use crate::panel::icon::Icon;
use crate::panel::row::Row;
use crate::panel::theme::{self, GRID, Palette};
use crate::panel::{Action, Export, ViewModel};

/// Draws them at the right edge of `rect`.
pub fn show(ui: &mut Ui, palette: &Palette, rect: Rect, model: &mut ViewModel, outgoing: &mut Outgoing) {
    if model.answer().is_none() {
        return;
    }
    if let Some(from) = model.between {
        return choosing(ui, palette, rect, from, model);
    }
    let index = model.auditioned;
    let mark = model.marks.get(index).copied().unwrap_or_default();
    let mut row = Row::new(palette, rect);
    if model.can_drag_out {
        let handle =
            row.handle(ui, "Drag to DAW", "Drag it from here, or by its card, into a track of your DAW.");
        if gesture::dragged_out(ui, &handle) {
            outgoing.push(Action::DragOut(Export::Candidate(index)));
        }
    }
    let mut pressed = None;
    for deed in Deed::ALL.into_iter().rev() {
        let ink = match deed {
            Deed::Favourite if mark.favourite => palette.answer,
            Deed::Keep if mark.kept => palette.prompt,
            _ => palette.text,
        };
        if row.button(ui, deed.icon(mark), deed.name(), &deed.says(mark), true, ink).clicked() {
            pressed = Some(deed);
        }
    }
    if let Some(deed) = pressed {
        deed.act(index, model, outgoing);
    }
}

/// Says that another one is to be chosen.
fn choosing(ui: &mut Ui, palette: &Palette, rect: Rect, from: usize, model: &mut ViewModel) {
    let mut row = Row::new(palette, rect);
    let says = "Stay with what there is (Esc).";
    if row.button(ui, Icon::Cross, "Cancel", says, true, palette.text).clicked() {
        model.between = None;
    }
    let says = format!("From {} to which one? Click its card.", from + 1);
    let shorter = format!("From {} to ...?", from + 1);
    let width = row.left() - rect.left() - GRID;
    let lay_out = |text: &str| theme::line(ui.painter(), text, theme::strong(13.0), palette.answer, width);
    let line = Some(lay_out(&says)).filter(|line| !line.elided).unwrap_or_else(|| lay_out(&shorter));
    let corner = pos2(row.left() - GRID - line.size().x, rect.center().y - line.size().y / 2.0);
    let place = Rect::from_min_size(corner, line.size());
    let response = ui.interact(place, ui.scope_id().with("between"), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &says));
    ui.painter().galley(corner, line, palette.answer);
}
