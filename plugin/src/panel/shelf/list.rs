//! A list of cards that the arrow keys walk through while it has the focus.

use egui::{EventFilter, Id, Key, Modifiers, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use crate::panel::grid::Grid;
use crate::panel::theme::{self, Palette};

/// A list for one frame.
pub struct List {
    /// Its name among the widgets.
    pub id: Id,
    /// Whether it has the keyboard's focus.
    pub focused: bool,
    rect: Rect,
}

impl List {
    /// Makes room for a list; `spoken` is what it is called.
    pub fn begin(ui: &Ui, rect: Rect, name: &str, spoken: &str) -> List {
        let id = Id::unique(("continuo: a list of the shelf", name));
        let response = ui.interact(rect, id, Sense::focusable_noninteractive());
        response.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, spoken));
        let focused = response.has_focus();
        if focused {
            let filter =
                EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        }
        List { id, focused, rect }
    }

    /// The chosen place, which is remembered from frame to frame; `None` in an empty list.
    pub fn chosen(&self, ui: &Ui, count: usize) -> Option<usize> {
        let chosen: usize = ui.data(|data| data.get_temp(self.id)).unwrap_or_default();
        Some(chosen.min(count.checked_sub(1)?))
    }

    /// Chooses another place.
    pub fn choose(&self, ui: &Ui, place: usize) {
        ui.data_mut(|data| data.insert_temp(self.id, place));
    }

    /// How often a key was pressed while the list has the focus.
    pub fn pressed(&self, ui: &Ui, modifiers: Modifiers, key: Key) -> usize {
        if !self.focused {
            return 0;
        }
        ui.input_mut(|input| input.count_and_consume_key(modifiers, key))
    }

    /// The place that the arrow keys lead to.
    pub fn walked(&self, ui: &Ui, grid: Grid, from: usize, count: usize) -> Option<usize> {
        let pressed = |key| self.pressed(ui, Modifiers::NONE, key) as i64;
        let along = pressed(Key::ArrowRight) - pressed(Key::ArrowLeft);
        let across = pressed(Key::ArrowDown) - pressed(Key::ArrowUp);
        Some(grid.walked(from, count, along, across)).filter(|place| *place != from)
    }

    /// Draws `count` cards in a grid that scrolls; `follow` is brought into sight.
    pub fn cards(
        &self,
        ui: &mut Ui,
        grid: Grid,
        count: usize,
        follow: Option<usize>,
        mut card: impl FnMut(&mut Ui, usize, Rect),
    ) {
        let width = self.rect.width();
        let show = |ui: &mut Ui| {
            let (all, _) = ui.allocate_exact_size(vec2(width, grid.height()), Sense::hover());
            for index in 0..count {
                let place = grid.place(index).translate(all.min.to_vec2());
                if follow == Some(index) {
                    ui.scroll_to_rect(place, None);
                }
                // Hundreds of answers may lie here: only those in sight are drawn.
                if ui.is_rect_visible(place) {
                    card(ui, index, place);
                }
            }
        };
        ui.scope_builder(UiBuilder::new().max_rect(self.rect), |ui| {
            ScrollArea::vertical().id_salt(self.id).auto_shrink(false).show(ui, show);
        });
    }

    /// Draws the ring around a list that has the focus.
    pub fn end(&self, ui: &Ui, palette: &Palette) {
        if self.focused {
            theme::focus_ring(ui.painter(), self.rect, palette);
        }
    }
}
