//! The map of the phrases that a model knows: wandering over it makes variations of that place.

mod cloud;

use std::sync::Arc;

use egui::{
    Align2, CornerRadius, EventFilter, Id, Key, Modifiers, Pos2, Rect, Response, Role, Sense, Stroke,
    StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::gesture::Outgoing;
use super::theme::{self, GRID, Palette};
use super::{Action, Map, ViewModel};

/// A place nearer than this to the last one is the same.
const NEAR: f32 = 0.02;
/// Height of the line over the field, in points.
const CAPTION: f32 = 20.0;
/// How far an arrow key goes.
const STEP: f32 = 0.05;

/// Draws the map into `rect`; dragging over it, or the arrow keys, wander.
pub fn show(ui: &mut Ui, palette: &Palette, rect: Rect, model: &ViewModel, outgoing: &mut Outgoing) {
    let Some(map) = &model.map else { return };
    let id = Id::unique("continuo: the map");
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let spoken = format!("Map of {} phrases", map.points.len());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    let field = field(rect);
    let chosen: Option<[f32; 2]> = ui.data(|data| data.get_temp(id));
    let to = mouse(&response, field).or_else(|| keys(ui, &response, chosen.or(map.places.last().copied())));
    if let Some(to) = to.filter(|to| chosen.is_none_or(|chosen| distance(chosen, *to) > NEAR)) {
        ui.data_mut(|data| data.insert_temp(id, to));
        outgoing.push(Action::Wander { to });
    }
    paint(ui, palette, rect, field, map, to.or(chosen));
    if response.has_focus() {
        theme::focus_ring(ui.painter(), rect, palette);
    }
    response.on_hover_text(
        "Phrases that the model knows: like ones lie together, yours are ringed in your colour. Press and drag to \
         wander: what lies there is varied and played. The arrow keys walk in small steps.",
    );
}

/// The part of the rectangle that has the coordinates from -1 to 1.
fn field(rect: Rect) -> Rect {
    rect.with_min_y(rect.top() + CAPTION).shrink2(vec2(1.5 * GRID, GRID))
}

fn place(field: Rect, [x, y]: [f32; 2]) -> Pos2 {
    pos2(
        egui::remap_clamp(x, -1.0..=1.0, field.x_range()),
        egui::remap_clamp(-y, -1.0..=1.0, field.y_range()),
    )
}

fn distance([x, y]: [f32; 2], [to_x, to_y]: [f32; 2]) -> f32 {
    vec2(to_x - x, to_y - y).length()
}

/// Where the mouse is pressed.
fn mouse(response: &Response, field: Rect) -> Option<[f32; 2]> {
    let at = response.interact_pointer_pos().filter(|_| response.is_pointer_button_down_on())?;
    let x = egui::remap_clamp(at.x, field.x_range(), -1.0..=1.0);
    Some([x, -egui::remap_clamp(at.y, field.y_range(), -1.0..=1.0)])
}

/// Where the arrow keys lead while the map has the focus.
fn keys(ui: &Ui, response: &Response, from: Option<[f32; 2]>) -> Option<[f32; 2]> {
    if !response.has_focus() {
        return None;
    }
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key)) as f32;
    let x = pressed(Key::ArrowRight) - pressed(Key::ArrowLeft);
    let y = pressed(Key::ArrowUp) - pressed(Key::ArrowDown);
    let [from_x, from_y] = from.unwrap_or_default();
    let to = [(from_x + STEP * x).clamp(-1.0, 1.0), (from_y + STEP * y).clamp(-1.0, 1.0)];
    (x != 0.0 || y != 0.0).then_some(to)
}

fn paint(ui: &Ui, palette: &Palette, rect: Rect, field: Rect, map: &Arc<Map>, chosen: Option<[f32; 2]>) {
    let painter = ui.painter_at(rect);
    let round = CornerRadius::same(8);
    painter.rect_filled(rect, round, palette.well);
    let centre = place(field, [0.0, 0.0]);
    painter.hline(field.x_range(), centre.y, Stroke::new(1.0, palette.line));
    painter.vline(centre.x, field.y_range(), Stroke::new(1.0, palette.line));
    painter.add(cloud::mesh(ui, palette, field, map));
    for point in &map.places {
        painter.circle(place(field, *point), 5.0, palette.prompt, Stroke::new(2.0, palette.well));
    }
    if let Some(chosen) = chosen {
        let at = place(field, chosen);
        painter.circle_stroke(at, 8.0, Stroke::new(2.0, palette.answer));
        painter.circle_filled(at, 2.5, palette.answer);
    }
    let corner = rect.left_top() + vec2(GRID, 4.0);
    painter.text(corner, Align2::LEFT_TOP, "Map: drag to wander", theme::small(), palette.text_weak);
    painter.rect_stroke(rect, round, Stroke::new(1.0, palette.line_strong), StrokeKind::Inside);
}
