//! The candidates of an answer: a list to look at, walk through and listen to.

mod miniature;
mod row;

use egui::{CornerRadius, Stroke, StrokeKind};
use egui::{EventFilter, Id, Key, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use generator::Task;

use super::gesture::Outgoing;
use super::theme::{self, GRID, Palette};
use super::{Action, ViewModel};
use miniature::Scale;
use row::Row;

/// Height of the line over the list, in points: in a low panel, in a high one.
const CAPTION: (f32, f32) = (18.0, 24.0);
/// A list below this height is low.
const LOW: f32 = 200.0;
/// Height of a row: at least, so that eight fit in the smallest window, and at most.
const ROW: (f32, f32) = (16.0, 56.0);
/// The list's share of the panel's width.
const SHARE: f32 = 0.24;
/// Its width: at least, at most.
const WIDTH: (f32, f32) = (168.0, 320.0);

/// The width that the list takes from the roll in a panel of `width` points; 0 where there is nothing to choose from.
pub fn width(model: &ViewModel, width: f32) -> f32 {
    if model.candidates.len() > 1 { (width * SHARE).round().clamp(WIDTH.0, WIDTH.1) } else { 0.0 }
}

/// Draws the list into `rect`; a click on a row, or the arrow keys, audition.
pub fn show(ui: &mut Ui, palette: &Palette, rect: Rect, model: &mut ViewModel, outgoing: &mut Outgoing) {
    let id = Id::unique("continuo: the candidates");
    let list = ui.interact(rect, id, Sense::focusable_noninteractive());
    let (things, figure) = words(model.answered);
    let spoken = format!("{} {}", model.candidates.len(), things);
    list.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, &spoken));
    let painter = ui.painter();
    let round = CornerRadius::same(8);
    painter.rect_filled(rect, round, palette.well);
    let height = if rect.height() < LOW { CAPTION.0 } else { CAPTION.1 };
    let caption = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + height));
    write_caption(ui, palette, caption, &spoken, figure(model));
    let rows = Rect::from_min_max(caption.left_bottom(), rect.max).shrink2(vec2(1.0, 1.0));
    let walked = walk(ui, list.has_focus(), id, model);
    let clicked = show_rows(ui, palette, rows, model, walked.is_some());
    if let Some(index) = walked.or(clicked) {
        model.auditioned = index;
        outgoing.push(Action::Audition { index });
    }
    let painter = ui.painter();
    painter.rect_stroke(rect, round, Stroke::new(1.0, palette.line_strong), StrokeKind::Inside);
    if list.has_focus() {
        theme::focus_ring(painter, rect, palette);
    }
}

/// What the candidates of a task are called, and what is told of each.
fn words(task: Task) -> (&'static str, fn(&ViewModel) -> &'static str) {
    let alike = |model: &ViewModel| {
        if model.candidates.iter().any(|candidate| candidate.similarity.is_some()) {
            "likeness"
        } else {
            "seed"
        }
    };
    match task {
        Task::Next => ("next notes", |_| "chance"),
        Task::Morph => ("steps", alike),
        Task::Vary => ("phrases", alike),
        Task::Continue | Task::Fresh | Task::Fill => ("melodies", |_| "seed"),
    }
}

fn write_caption(ui: &Ui, palette: &Palette, rect: Rect, things: &str, figure: &str) {
    let line = |text, font| theme::line(ui.painter(), text, font, palette.text_weak, rect.width() / 2.0);
    let (things, figure) = (line(things, theme::small()), line(figure, theme::small()));
    let top = |height: f32| rect.center().y - height / 2.0 + 1.0;
    let right = rect.right() - GRID - figure.size().x;
    ui.painter().galley(pos2(rect.left() + GRID, top(things.size().y)), things, palette.text_weak);
    ui.painter().galley(pos2(right, top(figure.size().y)), figure, palette.text_weak);
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, palette.line_strong));
}

/// Draws the rows; returns the one that was clicked.
fn show_rows(ui: &mut Ui, palette: &Palette, rect: Rect, model: &ViewModel, follow: bool) -> Option<usize> {
    let count = model.candidates.len();
    let height = (rect.height() / count as f32).floor().clamp(ROW.0, ROW.1);
    let scale = Scale::of(model);
    let mut clicked = None;
    let show = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        for (index, candidate) in model.candidates.iter().enumerate() {
            let chosen = index == model.auditioned;
            let row = Row { index, candidate, chosen, task: model.answered, palette, scale: &scale, model };
            let response = row.show(ui, height);
            if chosen && follow {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                clicked = Some(index);
            }
        }
    };
    ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, show);
    });
    clicked
}

/// The candidate that the arrow keys, or Space and Enter, ask for: while the list has the focus, and while nothing has.
fn walk(ui: &Ui, focused: bool, id: Id, model: &ViewModel) -> Option<usize> {
    if focused {
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    } else if ui.memory(|memory| memory.focused()).is_some() || ui.ctx().any_popup_open() {
        return None;
    }
    let (down, up, again) = ui.input(|input| {
        let again = focused && (input.key_pressed(Key::Enter) || input.key_pressed(Key::Space));
        (input.num_presses(Key::ArrowDown), input.num_presses(Key::ArrowUp), again)
    });
    let last = model.candidates.len().saturating_sub(1);
    let index = (model.auditioned + down).min(last).saturating_sub(up);
    (index != model.auditioned || again).then_some(index)
}
