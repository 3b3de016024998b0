//! The panel: a plain function of a view model that draws one frame and returns what the user did in it.

mod action;
mod button;
mod candidates;
mod controls;
mod deck;
mod gesture;
mod header;
mod icon;
mod keyboard;
mod knob;
mod notice;
mod roll;
mod shown;
mod status;
mod tasks;
#[cfg(test)]
mod tests;
mod theme;
mod view_model;

use std::time::Duration;

use egui::{Rect, Ui, UiBuilder, pos2, vec2};

pub use action::{Action, Control, Export, Setting};
pub use shown::{Alternatives, Answered, Map, Mark, Piece, PresetEntry, Selection, Side, Sounds, Span};
pub use theme::install;
pub use view_model::{
    Look, Mix, ModelEntry, PressedKeys, Settings, Standalone, Start, Transport, ViewModel, Work,
};

use button::IconButton;
use controls::Arrangement;
use gesture::Outgoing;
use icon::Icon;
use notice::Notice;
use theme::{GRID, Palette};

/// The smallest window that shows everything, in points.
pub const SMALLEST: (u32, u32) = (640, 400);
/// The window that a newcomer gets, in points.
pub const USUAL: (u32, u32) = (1000, 700);
/// A window below this height gets flatter parts.
const FLAT: f32 = 560.0;

/// A roll below this height takes the line of the tasks.
const LEAST_ROLL: f32 = 112.0;

/// Draws one frame of the panel into all of `ui` and returns what the user did, in order. `[main-thread]`
///
/// The context must have been through [`install`] before its first frame.
pub fn ui(ui: &mut Ui, model: &mut ViewModel) -> Vec<Action> {
    let theme = theme::theme_of(model.look);
    ui.ctx().set_theme(theme);
    ui.set_style(ui.ctx().style_of(theme));
    let palette = Palette::of(model.look);
    let mut outgoing = Outgoing::begin(ui.ctx());
    let window = ui.max_rect();
    ui.painter().rect_filled(window, 0.0, palette.ground);

    let arrangement = Arrangement::of(window.width() - 2.0 * margin(window), model);
    let notices =
        Notice::all(ui, palette, model, window.width() - 2.0 * margin(window), most_notices(window));
    let heights: Vec<f32> = notices.iter().map(Notice::height).collect();
    let parts = Parts::of(window, arrangement.height(), &heights, model.standalone.is_some());

    header::show(ui, palette, parts.header, parts.tasks.is_none(), model, &mut outgoing);
    if let Some(rect) = parts.tasks {
        tasks::show(ui, palette, rect, model, &mut outgoing);
    }
    let list = candidates::width(model, parts.roll.width());
    if list > 0.0 {
        let rect = parts.roll.with_min_x(parts.roll.right() - list);
        candidates::show(ui, palette, rect, model, &mut outgoing);
        roll::show(ui, palette, parts.roll.with_max_x(rect.left() - GRID), model);
    } else {
        roll::show(ui, palette, parts.roll, model);
    }
    for (notice, rect) in notices.into_iter().zip(&parts.notices) {
        notice.show(ui, palette, *rect, &mut outgoing);
    }
    controls::show(ui, palette, parts.controls, &arrangement, model, &mut outgoing);
    let buttons_end = deck::show(ui, palette, parts.deck, model, &mut outgoing);
    status::show(ui, palette, parts.deck.with_min_x(buttons_end + GRID), model);
    if let (Some(standalone), Some(rect)) = (&mut model.standalone, parts.keyboard) {
        let keys = octave_buttons(ui, palette, rect, &mut standalone.octave);
        keyboard::show(ui, palette, keys, standalone.octave, model.pressed, &mut outgoing);
        keyboard::computer::play(ui, standalone, &mut outgoing);
    }
    if matches!(model.work, Work::Generating { .. }) || model.play_head.is_some() {
        ui.ctx().request_repaint_after(Duration::from_millis(16));
    }
    outgoing.end(ui.ctx())
}

/// The rectangles of the panel's parts.
struct Parts {
    header: Rect,
    /// The line of the tasks; `None` where the roll needs the room and they go into the header.
    tasks: Option<Rect>,
    roll: Rect,
    notices: Vec<Rect>,
    controls: Rect,
    deck: Rect,
    keyboard: Option<Rect>,
}

impl Parts {
    /// Stacks the parts from the window's edges; the roll gets what is left.
    fn of(window: Rect, controls: f32, notices: &[f32], keyboard: bool) -> Parts {
        let flat = window.height() < FLAT;
        let inner = window.shrink2(vec2(margin(window), if flat { GRID } else { 1.5 * GRID }));
        let gap = if flat { GRID } else { 1.5 * GRID };
        let (mut top, mut bottom) = (inner.top(), inner.bottom());
        let strip = |top: f32, bottom: f32| {
            Rect::from_min_max(pos2(inner.left(), top.round()), pos2(inner.right(), bottom.round()))
        };
        let mut from_below = |height: f32, gap: f32| {
            let part = strip(bottom - height, bottom);
            bottom -= height + gap;
            part
        };
        let keyboard = keyboard.then(|| from_below(if flat { 56.0 } else { 96.0 }, gap));
        let deck = from_below(if flat { 40.0 } else { 48.0 }, gap);
        let controls = from_below(controls, gap);
        let mut notices: Vec<Rect> = notices.iter().rev().map(|height| from_below(*height, GRID)).collect();
        notices.reverse();
        let header = strip(top, top + if flat { 32.0 } else { 40.0 });
        top = header.bottom() + GRID;
        let line = if flat { 24.0 } else { 32.0 };
        let tasks = (bottom - top - line - GRID >= LEAST_ROLL).then(|| strip(top, top + line));
        top = tasks.map_or(top, |tasks| tasks.bottom() + GRID);
        let roll = strip(top, bottom.max(top + GRID));
        Parts { header, tasks, roll, notices, controls, deck, keyboard }
    }
}

/// Space at the left and right edge of a window.
fn margin(window: Rect) -> f32 {
    if window.width() >= 640.0 { 2.0 * GRID } else { GRID }
}

/// How many notices leave room for the roll.
fn most_notices(window: Rect) -> usize {
    if window.height() < FLAT { 1 } else { 3 }
}

/// Draws the octave's buttons at the left of `rect`; returns the rest, where the piano goes.
fn octave_buttons(ui: &mut Ui, palette: &Palette, rect: Rect, octave: &mut u8) -> Rect {
    let side = 3.0 * GRID;
    let left = Rect::from_min_size(rect.min, vec2(9.0 * GRID, rect.height()));
    let text = theme::line(ui.painter(), "Octave", theme::small(), palette.text_weak, left.width());
    let block = text.size().y + 4.0 + side;
    let top = left.center().y - block / 2.0;
    ui.painter().galley(pos2(left.left(), top), text, palette.text_weak);
    let row = Rect::from_min_size(pos2(left.left(), top + block - side), vec2(left.width(), side));
    let range = Standalone::OCTAVES;
    for (icon, name, says, x, next) in [
        (Icon::Lower, "Lower octave", "An octave down (Z)", row.left(), octave.saturating_sub(1)),
        (Icon::Higher, "Higher octave", "An octave up (X)", row.left() + 40.0, *octave + 1),
    ] {
        let place = Rect::from_min_size(pos2(x, row.top()), vec2(side, side));
        let allowed = range.contains(&next);
        let show = |ui: &mut Ui| IconButton::new(icon, name, side).show(ui, palette, allowed);
        let button = ui.scope_builder(UiBuilder::new().max_rect(place), show).inner;
        if button.on_hover_text(says).clicked() && allowed {
            *octave = next;
        }
    }
    let number = theme::line(ui.painter(), &octave.to_string(), theme::strong(13.0), palette.text, 16.0);
    let centre = pos2(row.left() + 32.0, row.center().y);
    ui.painter().galley(centre - number.size() / 2.0, number, palette.text);
    rect.with_min_x(left.right() + GRID)
}
