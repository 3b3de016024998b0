//! The panel: a plain function of a view model that draws one frame and returns what the user did in it.

mod action;
mod button;
mod candidates;
mod controls;
mod deck;
mod devices;
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
mod standalone;
mod status;
mod tasks;
#[cfg(test)]
mod tests;
mod theme;
mod tile;
mod transport;
mod view_model;

use std::time::Duration;

use egui::Ui;

pub use action::{Action, Control, Export, Setting};
pub use shown::{Alternatives, Answered, Map, Mark, Piece, PresetEntry, Selection, Side, Sounds, Span};
pub use standalone::{DeviceChoice, Devices, Metronome, MidiChoice, Place, Standalone, StandaloneAction};
pub use theme::install;
pub use view_model::{Look, Mix, ModelEntry, PressedKeys, Settings, Start, Transport, ViewModel, Work};

use controls::Arrangement;
use gesture::Outgoing;
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
    let shelf = Shelf::of(ui, parts.body, parts.side_by_side, model);

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
        let keys = keyboard::steps::show(ui, palette, rect, standalone);
        keyboard::show(ui, palette, keys, standalone.octave, model.pressed, &mut outgoing);
        keyboard::computer::play(ui, standalone, &mut outgoing);
    }
    if matches!(model.work, Work::Generating { .. }) || model.play_head.is_some() {
        ui.ctx().request_repaint_after(Duration::from_millis(16));
    }
    outgoing.end(ui.ctx())
}
