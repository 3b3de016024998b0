//! What controls are made of: a label, and under it a number, a switch or a menu.

use std::ops::RangeInclusive;

use egui::{Button, ComboBox, DragValue, Rect, Response, Role, Ui, UiBuilder, WidgetInfo, pos2};
use melody::Pitch;

use super::arrangement::HEIGHT;
use crate::panel::theme::{self, FIELD, Palette};

/// The word for a trigger that there is none of.
const OFF: &str = "off";

/// Writes a control's name into its first line.
pub fn label(ui: &Ui, palette: &Palette, at: Rect, text: &str) {
    let colour = palette.text_weak;
    let text = theme::line(ui.painter(), text, theme::small(), colour, at.width());
    ui.painter().galley(at.min, text, colour);
}

/// Height of a label, in points.
pub const LABEL: f32 = HEIGHT - FIELD;

/// The place of the field under the label.
pub fn below(at: Rect) -> Rect {
    Rect::from_min_max(pos2(at.left(), at.top() + LABEL), at.max)
}

/// The places of two fields under the label.
pub fn halves(at: Rect) -> [Rect; 2] {
    let below = below(at);
    let middle = below.center().x;
    [below.with_max_x(middle - 2.0), below.with_min_x(middle + 2.0)]
}

/// A number of things: dragged, or typed.
pub fn counted(ui: &mut Ui, at: Rect, value: &mut u32, range: RangeInclusive<u32>, thing: &str) -> Response {
    let suffix = if *value == 1 { format!(" {thing}") } else { format!(" {thing}s") };
    drag(ui, below(at), DragValue::new(value).range(range).suffix(suffix))
}

/// A bare number.
pub fn number(ui: &mut Ui, at: Rect, value: &mut u32, range: RangeInclusive<u32>) -> Response {
    drag(ui, below(at), DragValue::new(value).range(range))
}

/// A pitch by its name.
pub fn pitch(ui: &mut Ui, at: Rect, value: &mut Pitch) -> Response {
    let mut number = i32::from(value.number());
    let response = drag(ui, at, named(DragValue::new(&mut number).range(0..=127)));
    if let Some(pitch) = u8::try_from(number).ok().and_then(Pitch::new).filter(|_| response.changed()) {
        *value = pitch;
    }
    response
}

/// A key by its name, or none.
pub fn trigger_key(ui: &mut Ui, at: Rect, value: &mut i32) -> Response {
    drag(ui, below(at), named(DragValue::new(value).range(-1..=127)))
}

/// A controller by its number, or none.
pub fn trigger_cc(ui: &mut Ui, at: Rect, value: &mut i32) -> Response {
    let shown = DragValue::new(value)
        .range(0..=119)
        .custom_formatter(|number, _| if number < 1.0 { capital(OFF) } else { format!("CC {number:.0}") });
    let read = |text: &str| {
        let text = text.trim().to_ascii_lowercase();
        if text == OFF { Some(0.0) } else { text.trim_start_matches("cc").trim().parse().ok() }
    };
    drag(ui, below(at), shown.custom_parser(read))
}

fn named(drag: DragValue<'_>) -> DragValue<'_> {
    let pitch = |number: f64| u8::try_from(number as i64).ok().and_then(Pitch::new);
    drag.custom_formatter(move |number, _| pitch(number).map_or(capital(OFF), |pitch| pitch.to_string()))
        .custom_parser(|text| {
            let text = text.trim();
            if text.eq_ignore_ascii_case(OFF) {
                return Some(-1.0);
            }
            let named = text.parse::<Pitch>().ok().map(|pitch| f64::from(pitch.number()));
            named.or_else(|| text.parse().ok())
        })
}

fn capital(word: &str) -> String {
    let mut word = word.to_owned();
    word[..1].make_ascii_uppercase();
    word
}

fn drag(ui: &mut Ui, at: Rect, value: DragValue<'_>) -> Response {
    let drag = value.speed(0.1).update_while_editing(false).min_size(at.size());
    ui.put(at, drag)
}

/// Something that is on or off.
pub fn switch(ui: &mut Ui, at: Rect, name: &str, on: bool) -> Response {
    let button = Button::selectable(on, if on { "On" } else { "Off" }).min_size(below(at).size());
    let show = |ui: &mut Ui| {
        ui.visuals_mut().widgets.inactive.weak_bg_fill = ui.visuals().text_edit_bg_color();
        ui.put(below(at), button.frame_when_inactive(true))
    };
    let response = ui.scope(show).inner;
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, name));
    response
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
