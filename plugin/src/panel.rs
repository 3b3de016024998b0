//! The panel: a plain function of a view model that draws one frame and returns what the user did in it.

mod action;
mod button;
mod candidates;
mod controls;
mod deck;
mod gesture;
mod grid;
mod header;
mod icon;
mod keyboard;
mod knob;
mod layout;
mod map;
mod miniature;
mod notice;
mod roll;
mod row;
mod shelf;
mod shortcuts;
mod shown;
mod status;
mod tasks;
#[cfg(test)]
mod tests;
mod theme;
mod tile;
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
use layout::Parts;
use notice::Notice;
use shelf::Shelf;
use theme::{GRID, Palette};

/// The smallest window that shows everything, in points.
pub const SMALLEST: (u32, u32) = (640, 400);
/// The window that a newcomer gets, in points.
pub const USUAL: (u32, u32) = (1000, 700);
/// Draws one frame of the panel into all of `ui` and returns what the user did, in order. `[main-thread]`
///
/// The context must have been through [`install`] before its first frame.
pub fn ui(ui: &mut Ui, model: &mut ViewModel) -> Vec<Action> {
    let theme = theme::theme_of(model.look);
    ui.ctx().set_theme(theme);
    ui.set_style(ui.ctx().style_of(theme));
    let palette = Palette::of(model.look);
    let mut outgoing = Outgoing::begin(ui.ctx());
    shortcuts::take(ui, model, &mut outgoing);
    let window = ui.max_rect();
    ui.painter().rect_filled(window, 0.0, palette.ground);

    let width = window.width() - 2.0 * layout::margin(window);
    let arrangement = Arrangement::of(width, layout::is_flat(window), model, controls::chosen_page(ui));
    let notices = Notice::all(ui, palette, model, width, layout::most_notices(window));
    let heights: Vec<f32> = notices.iter().map(Notice::height).collect();
    let parts = Parts::of(window, arrangement.height(), &heights, model.standalone.is_some());
    let shelf = Shelf::of(ui, parts.body, model);

    header::show(ui, palette, parts.header, parts.tasks.is_none(), model, &mut outgoing);
    if let Some(rect) = parts.tasks {
        tasks::show(ui, palette, rect, model, &mut outgoing);
    }
    roll::show(ui, palette, shelf.roll, model, &mut outgoing);
    if let Some(rect) = shelf.map {
        map::show(ui, palette, rect, model, &mut outgoing);
    }
    shelf.show(ui, palette, model, &mut outgoing);
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
