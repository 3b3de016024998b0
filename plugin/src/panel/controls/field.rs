//! What controls are made of: a label, and under it a number or a menu.

use std::ops::RangeInclusive;

use egui::{ComboBox, DragValue, Rect, Response, Ui, UiBuilder, pos2};

use super::arrangement::HEIGHT;
use crate::panel::theme::{self, FIELD, Palette};

/// Writes a control's name into its first line.
pub fn label(ui: &Ui, palette: &Palette, at: Rect, text: &str, enabled: bool) {
    let colour = palette.text_weak;
    let colour = if enabled { colour } else { colour.gamma_multiply(ui.visuals().disabled_alpha()) };
    let text = theme::line(ui.painter(), text, theme::small(), colour, at.width());
    ui.painter().galley(at.min, text, colour);
}

/// Height of a label, in points.
pub const LABEL: f32 = HEIGHT - FIELD;

/// The place of the field under the label.
pub fn below(at: Rect) -> Rect {
    Rect::from_min_max(pos2(at.left(), at.top() + LABEL), at.max)
}

/// A number of bars: dragged, or typed.
pub fn bars(ui: &mut Ui, at: Rect, value: &mut u32, range: RangeInclusive<u32>) -> Response {
    let suffix = if *value == 1 { " bar" } else { " bars" };
    let drag = DragValue::new(value)
        .range(range)
        .speed(0.1)
        .update_while_editing(false)
        .suffix(suffix)
        .min_size(below(at).size());
    ui.put(below(at), drag)
}

/// A menu of choices with their names.
pub fn menu<T: PartialEq + Copy>(
    ui: &mut Ui,
    at: Rect,
    salt: &str,
    choices: impl IntoIterator<Item = (T, String)>,
    chosen: &mut T,
) -> Response {
    let choices: Vec<(T, String)> = choices.into_iter().collect();
    let name = choices.iter().find(|(choice, _)| choice == chosen).map_or("", |(_, name)| name);
    let place = UiBuilder::new().max_rect(below(at));
    let combo = ComboBox::from_id_salt(salt).width(at.width()).truncate().selected_text(name);
    let show = |ui: &mut Ui| {
        combo.show_ui(ui, |ui| {
            for (choice, name) in &choices {
                ui.selectable_value(chosen, *choice, name);
            }
        })
    };
    ui.scope_builder(place, show).inner.response
}
