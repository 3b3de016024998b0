//! The roll by keyboard: arrows walk over the answer's notes, with Shift they select bars.

use egui::{EventFilter, Id, Key, Modifiers, Response, Ui};
use melody::Ticks;

use super::notes::{self, Placed};
use super::scale::Scale;
use super::selection::{self, Field};
use crate::panel::gesture::Outgoing;
use crate::panel::{Action, Selection, Span, ViewModel};

/// Handles the keys while the roll has the focus; returns the note that they have reached.
pub fn walk(
    ui: &Ui,
    response: &Response,
    scale: &Scale,
    model: &mut ViewModel,
    outgoing: &mut Outgoing,
) -> Option<Placed> {
    let key = response.id.with("note");
    if !response.has_focus() {
        ui.data_mut(|data| data.remove::<usize>(key));
        return None;
    }
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    select(ui, scale, model, outgoing);
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
    if pressed(Key::R) > 0 && matches!(model.selection, Some(Selection::Answer(_))) {
        outgoing.push(Action::Regenerate);
    }
    let reached = step(ui, key, model)?;
    if pressed(Key::Enter) + pressed(Key::Space) > 0 {
        outgoing.push(Action::AskAlternatives { note: reached });
    }
    notes::placed(scale, model).find(|placed| placed.answered == Some(reached))
}

/// The note of the answer that the arrows have reached.
fn step(ui: &Ui, key: Id, model: &ViewModel) -> Option<usize> {
    let last = model.answer()?.phrase.notes().len().checked_sub(1)?;
    let before: Option<usize> = ui.data(|data| data.get_temp(key));
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
    let (right, left) = (pressed(Key::ArrowRight), pressed(Key::ArrowLeft));
    let reached = match before {
        None if right + left == 0 => return None,
        None => 0,
        Some(before) => (before + right).min(last).saturating_sub(left),
    };
    ui.data_mut(|data| data.insert_temp(key, reached));
    Some(reached)
}

/// Shift with the arrows: left and right move the end of the selection, up and down choose what is selected in.
fn select(ui: &Ui, scale: &Scale, model: &mut ViewModel, outgoing: &mut Outgoing) {
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::SHIFT, key)) as i64;
    let along = pressed(Key::ArrowRight) - pressed(Key::ArrowLeft);
    let across = pressed(Key::ArrowUp) + pressed(Key::ArrowDown);
    if along == 0 && across == 0 {
        return;
    }
    let before = model.selection;
    let first = if model.answer().is_some() { Field::Answer } else { Field::Heard };
    let field = match before.map(Field::of).unwrap_or(first) {
        field if across == 0 => field,
        Field::Heard => Field::Answer,
        Field::Answer => Field::Heard,
    };
    let Some(all) = field.span(scale, model) else { return };
    let bar = scale.meter.bar();
    let span = match before.filter(|selection| Field::of(*selection) == field) {
        Some(selection) => {
            let span = selection::placed(selection, scale);
            let to = span.to + bar * along;
            if to > span.from { Span { to: to.min(all.to), ..span } } else { back(span, bar, all) }
        }
        // The first press takes the first bar of an answer, the last bar of what was played.
        None if field == Field::Answer => Span { from: all.from, to: all.from + bar },
        None => Span { from: all.to - bar, to: all.to },
    };
    let selection = Some(field.select(span, scale));
    if selection != before {
        model.selection = selection;
        outgoing.push(Action::Select(selection));
    }
}

/// One bar cannot shrink: it moves a bar back.
fn back(span: Span, bar: Ticks, all: Span) -> Span {
    let from = (span.from - bar).max(all.from);
    Span { from, to: from + bar }
}
