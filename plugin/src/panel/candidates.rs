//! The candidates of an answer: cards to look at, walk through, listen to and choose from.

pub mod bar;
mod card;
mod deed;

use egui::{EventFilter, Id, Key, Modifiers, Rect, Response, Role, ScrollArea, Sense, Ui, UiBuilder, Vec2};
use egui::{WidgetInfo, pos2, vec2};
use generator::Task;

use super::gesture::{self, Outgoing};
use super::grid::Grid;
use super::miniature::Axes;
use super::theme::{self, GRID, Palette};
use super::{Action, Export, ViewModel};
use card::Card;
use deed::Deed;

/// The biggest card, in points.
const MOST: Vec2 = vec2(240.0, 128.0);

/// The room beside the cards from which the keys are named, in points.
const HINT: f32 = 420.0;

/// Draws the cards into `rect`, none smaller than `least`; a click on one, or the arrow keys, audition.
pub fn show(
    ui: &mut Ui,
    palette: &Palette,
    rect: Rect,
    least: Vec2,
    model: &mut ViewModel,
    outgoing: &mut Outgoing,
) {
    let id = Id::unique("continuo: the candidates");
    let list = ui.interact(rect, id, Sense::focusable_noninteractive());
    let spoken = format!("{} {}", model.candidates.len(), things(model.answered));
    list.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, &spoken));
    let grid = Grid::fit(rect.size(), model.candidates.len(), least, MOST);
    let walked = keys(ui, list.has_focus(), id, grid, model, outgoing);
    if let Some(index) = walked {
        audition(index, model, outgoing);
    }
    hint(ui, palette, rect, grid);
    let used = show_cards(ui, palette, rect, grid, model, walked.is_some());
    for (index, use_) in used {
        // The keys that are named beside the cards mean the one that was clicked.
        ui.memory_mut(|memory| memory.request_focus(id));
        match use_ {
            Use::Clicked => click(index, model, outgoing),
            Use::DraggedOut => outgoing.push(Action::DragOut(Export::Candidate(index))),
            Use::Done(deed) => deed.act(index, model, outgoing),
        }
    }
    if list.has_focus() {
        theme::focus_ring(ui.painter(), rect, palette);
    }
}

/// What the candidates of a task are called.
fn things(task: Task) -> &'static str {
    match task {
        Task::Next => "next notes",
        Task::Morph => "steps",
        Task::Vary => "phrases",
        Task::Continue | Task::Fresh | Task::Fill => "melodies",
    }
}

/// Names the keys beside few cards, where nothing else would be.
fn hint(ui: &Ui, palette: &Palette, rect: Rect, grid: Grid) {
    let taken = (grid.card.x + GRID) * grid.columns as f32;
    let room = rect.with_min_x(rect.left() + taken + GRID);
    if grid.rows > 1 || room.width() < HINT {
        return;
    }
    let lines = "Click to hear one, or walk with the arrow keys.\nF favourite   K keep   M more like this   B between \
                 two   Delete throws away";
    let lines = ui.painter().layout(lines.to_owned(), theme::small(), palette.text_weak, room.width());
    let corner = pos2(room.left(), room.center().y - lines.size().y / 2.0);
    ui.painter().galley(corner, lines, palette.text_weak);
}

/// What the mouse did with a card.
enum Use {
    Clicked,
    DraggedOut,
    Done(Deed),
}

fn show_cards(
    ui: &mut Ui,
    palette: &Palette,
    rect: Rect,
    grid: Grid,
    model: &ViewModel,
    follow: bool,
) -> Vec<(usize, Use)> {
    let axes = Axes::of_candidates(model);
    let mut used = Vec::new();
    let show = |ui: &mut Ui| {
        let (all, _) = ui.allocate_exact_size(vec2(rect.width(), grid.height()), Sense::hover());
        for (index, candidate) in model.candidates.iter().enumerate() {
            let place = grid.place(index).translate(all.min.to_vec2());
            let card = Card { index, candidate, palette, axes: &axes, model };
            let (response, deed) = card.show(ui, place);
            if follow && index == model.auditioned {
                ui.scroll_to_rect(place, None);
            }
            used.extend(
                deed.map(Use::Done).or_else(|| used_of(ui, &response, model)).map(|use_| (index, use_)),
            );
        }
    };
    ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        ScrollArea::vertical().id_salt("cards").auto_shrink(false).show(ui, show);
    });
    used
}

fn used_of(ui: &Ui, response: &Response, model: &ViewModel) -> Option<Use> {
    if model.can_drag_out && gesture::dragged_out(ui, response) {
        return Some(Use::DraggedOut);
    }
    response.clicked().then_some(Use::Clicked)
}

/// A click auditions, or chooses where a way leads to.
fn click(index: usize, model: &mut ViewModel, outgoing: &mut Outgoing) {
    if model.between.is_some() {
        Deed::Between.act(index, model, outgoing);
    } else {
        audition(index, model, outgoing);
    }
}

fn audition(index: usize, model: &mut ViewModel, outgoing: &mut Outgoing) {
    model.auditioned = index;
    outgoing.push(Action::Audition { index });
}

/// Handles the keys while the list has the focus, and arrows while nothing has; returns the card that is asked for.
fn keys(
    ui: &Ui,
    focused: bool,
    id: Id,
    grid: Grid,
    model: &mut ViewModel,
    outgoing: &mut Outgoing,
) -> Option<usize> {
    if focused {
        let filter = EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    } else if ui.memory(|memory| memory.focused()).is_some() || egui::Popup::is_any_open(ui.ctx()) {
        return None;
    }
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
    // Without the focus, letters are notes in the standalone.
    if focused || model.standalone.is_none() {
        for deed in Deed::ALL {
            if deed.keys().iter().any(|key| pressed(*key) > 0) && model.answer().is_some() {
                deed.act(model.auditioned, model, outgoing);
            }
        }
    }
    let along = pressed(Key::ArrowRight) as i64 - pressed(Key::ArrowLeft) as i64;
    let across = pressed(Key::ArrowDown) as i64 - pressed(Key::ArrowUp) as i64;
    let again = focused && pressed(Key::Enter) + pressed(Key::Space) > 0;
    if again && model.between.is_some() {
        Deed::Between.act(model.auditioned, model, outgoing);
        return None;
    }
    let index = grid.walked(model.auditioned, model.candidates.len(), along, across);
    (index != model.auditioned || again).then_some(index)
}
