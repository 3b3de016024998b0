//! Small buttons in a row that ends at the right edge of its room.

use egui::{
    Color32, CursorIcon, Rect, Response, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::button::IconButton;
use super::icon::Icon;
use super::theme::{self, GRID, Palette};

/// Side of a button: at most, in points.
const SIDE: f32 = 28.0;
/// The room from which a handle carries its name.
const ROOMY: f32 = 440.0;

/// A row while it is drawn, from right to left.
pub struct Row<'a> {
    palette: &'a Palette,
    rect: Rect,
    right: f32,
}

impl Row<'_> {
    /// An empty row.
    pub fn new(palette: &Palette, rect: Rect) -> Row<'_> {
        Row { palette, rect, right: rect.right() }
    }

    /// Where the row begins so far.
    pub fn left(&self) -> f32 {
        self.right
    }

    fn side(&self) -> f32 {
        if self.rect.width() < 256.0 { 24.0 } else { SIDE.min(self.rect.height()) }
    }

    fn take(&mut self, width: f32) -> Rect {
        let height = self.side();
        let corner = pos2(self.right - width, self.rect.center().y - height / 2.0);
        self.right -= width + if self.rect.width() < 256.0 { 1.0 } else { 4.0 };
        Rect::from_min_size(corner, vec2(width, height))
    }

    /// Leaves some room free.
    pub fn gap(&mut self) {
        self.right -= GRID;
    }

    /// Adds a button with an icon.
    pub fn button(
        &mut self,
        ui: &mut Ui,
        icon: Icon,
        name: &str,
        says: &str,
        enabled: bool,
        ink: Color32,
    ) -> Response {
        let side = self.side();
        let place = self.take(side);
        let button = IconButton::new(icon, name, side).inked(ink);
        let show = |ui: &mut Ui| button.show(ui, self.palette, enabled);
        let response = ui.scope_builder(UiBuilder::new().max_rect(place), show).inner;
        response.on_hover_text(says).on_disabled_hover_text(says)
    }

    /// Adds something to drag out of the window by.
    pub fn handle(&mut self, ui: &mut Ui, name: &str, says: &str) -> Response {
        let palette = self.palette;
        let captioned = self.rect.width() >= ROOMY;
        let text = theme::line(ui.painter(), name, theme::body(), palette.text, f32::INFINITY);
        let width = if captioned { (text.size().x + 5.0 * GRID).ceil() } else { self.side() };
        let place = self.take(width);
        let response = ui.interact(place, ui.scope_id().with(name), Sense::DRAG);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, name));
        let painter = ui.painter();
        let fill = if response.hovered() { palette.field_hovered } else { palette.field };
        painter.rect_filled(place, 6.0, fill);
        painter.rect_stroke(place, 6.0, Stroke::new(1.0, palette.line_strong), StrokeKind::Inside);
        if captioned {
            Icon::Drag.paint(painter, pos2(place.left() + 2.0 * GRID, place.center().y), 14.0, palette.text);
            let corner = pos2(place.left() + 3.5 * GRID, place.center().y - text.size().y / 2.0);
            painter.galley(corner, text, palette.text);
        } else {
            Icon::Drag.paint(painter, place.center(), 14.0, palette.text);
        }
        response.on_hover_cursor(CursorIcon::Grab).on_hover_text(says)
    }
}
