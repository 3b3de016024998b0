//! The piano roll: what was heard and what was answered, on one time line; bars are selected and notes changed in it.

mod alternatives;
mod attention;
mod backdrop;
mod cursor;
mod invitation;
mod notes;
mod regions;
mod scale;
mod selection;

use egui::{CornerRadius, Id, Painter, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo};

use super::gesture::Outgoing;
use super::theme::{self, Palette};
use super::{Action, ViewModel};
use scale::{Layout, Scale};

pub use alternatives::choose_by_key;

/// The roll's name among the widgets.
pub fn id() -> Id {
    Id::unique("continuo: the roll")
}

/// Draws the roll into all of `rect`.
pub fn show(ui: &mut Ui, palette: &Palette, rect: Rect, model: &mut ViewModel, outgoing: &mut Outgoing) {
    let response = ui.interact(rect, id(), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken(model)));
    let layout = Layout::of(rect);
    let scale = Scale::fit(layout.lanes, model);
    let cursor = cursor::walk(ui, &response, &scale, model, outgoing);
    let dragged = selection::drag(ui, &response, layout, &scale, model, outgoing);
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, CornerRadius::same(8), palette.well);
    let roll = Roll { painter: &painter, palette, layout, scale: &scale, model };
    roll.lanes();
    roll.bars();
    roll.regions();
    roll.notes();
    roll.ghosts(alternatives::pointed(ui, model));
    roll.keys();
    roll.selection(dragged.or(model.selection));
    roll.play_heads();
    let pointed = response.hover_pos().and_then(|at| notes::at(&scale, model, at));
    let pointed = pointed.filter(|_| dragged.is_none());
    let told = pointed.as_ref().or(cursor.as_ref());
    if let Some(told) = told {
        roll.attention(told);
    }
    roll.invitation();
    painter.rect_stroke(
        rect,
        CornerRadius::same(8),
        Stroke::new(1.0, palette.line_strong),
        StrokeKind::Inside,
    );
    if response.has_focus() {
        theme::focus_ring(ui.painter(), rect, palette);
    }
    if response.clicked() {
        let ghost = response.interact_pointer_pos().and_then(|at| alternatives::ghost_at(&scale, model, at));
        click(pointed.as_ref().and_then(|pointed| pointed.answered), ghost, model, outgoing);
    }
    selection::chip(ui, palette, layout, &scale, model, outgoing);
    alternatives::show(ui, palette, &scale, model, outgoing);
    if let Some(pointed) = pointed.filter(|_| model.alternatives.is_none()) {
        notes::explain(response, &pointed, &scale, model);
    }
}

/// A click without a drag: on a ghost it takes its pitch, on an answered note it asks, elsewhere it puts things away.
fn click(
    note: Option<usize>,
    ghost: Option<(usize, melody::Pitch)>,
    model: &mut ViewModel,
    outgoing: &mut Outgoing,
) {
    match (ghost, note) {
        (Some((note, pitch)), _) => outgoing.push(Action::Swap { note, pitch }),
        (None, Some(note)) => outgoing.push(Action::AskAlternatives { note }),
        (None, None) => {
            put_away(model, outgoing);
        }
    }
}

/// Closes the list of alternatives, or else forgets the selection; whether there was either.
pub fn put_away(model: &mut ViewModel, outgoing: &mut Outgoing) -> bool {
    if model.alternatives.take().is_some() {
        outgoing.push(Action::CloseAlternatives);
    } else if model.selection.take().is_some() {
        outgoing.push(Action::Select(None));
    } else {
        return false;
    }
    true
}

/// The roll while it is drawn.
struct Roll<'a> {
    painter: &'a Painter,
    palette: &'a Palette,
    layout: Layout,
    scale: &'a Scale,
    model: &'a ViewModel,
}

/// Where a note of the answer is drawn in a roll of this rectangle.
#[cfg(test)]
pub fn answered_note(rect: Rect, model: &ViewModel, index: usize) -> Rect {
    let scale = Scale::fit(Layout::of(rect).lanes, model);
    let mut placed = notes::placed(&scale, model).filter(|placed| placed.answered == Some(index));
    scale.note(&placed.next().unwrap().note)
}

/// Where a time is drawn in a roll of this rectangle.
#[cfg(test)]
pub fn place_of(rect: Rect, model: &ViewModel, time: melody::Ticks) -> egui::Pos2 {
    let lanes = Layout::of(rect).lanes;
    egui::pos2(Scale::fit(lanes, model).x(time), lanes.bottom() - 4.0)
}

/// The roll in words, for those who do not see it.
fn spoken(model: &ViewModel) -> String {
    let played = model.heard.notes().len();
    let answered = model.answer().map_or(0, |answer| answer.phrase.notes().len());
    format!("Piano roll: {played} notes played, {answered} notes answered")
}
