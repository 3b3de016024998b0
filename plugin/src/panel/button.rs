//! Buttons with an icon, a text or both.

use egui::{Color32, CornerRadius, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use super::icon::Icon;
use super::theme::{self, GRID, Palette};

/// A button as it is about to be drawn.
pub struct IconButton<'a> {
    icon: Icon,
    /// What it is called, by screen readers and, if `captioned`, in the picture.
    name: &'a str,
    captioned: bool,
    prominent: bool,
    raised: bool,
    ink: Option<Color32>,
    /// For a button that stays down: whether it is.
    pressed: Option<bool>,
    size: egui::Vec2,
}

impl<'a> IconButton<'a> {
    /// A square button of `side` points with an icon alone.
    pub fn new(icon: Icon, name: &'a str, side: f32) -> IconButton<'a> {
        let size = vec2(side, side);
        IconButton {
            icon,
            name,
            captioned: false,
            prominent: false,
            raised: false,
            ink: None,
            pressed: None,
            size,
        }
    }

    /// With its name beside the icon, `width` points wide.
    pub fn captioned(self, width: f32) -> IconButton<'a> {
        IconButton { captioned: true, size: vec2(width, self.size.y), ..self }
    }

    /// With its name beside the icon, as wide as the two need.
    pub fn fitted(self, painter: &egui::Painter) -> IconButton<'a> {
        let text = theme::line(painter, self.name, theme::body(), Color32::PLACEHOLDER, f32::INFINITY);
        let width = (16.0 + 3.0 * GRID + text.size().x).ceil();
        self.captioned(width)
    }

    /// Its width in points.
    pub fn width(&self) -> f32 {
        self.size.x
    }

    /// Stands out from what it lies over.
    pub fn raised(self) -> IconButton<'a> {
        IconButton { raised: true, ..self }
    }

    /// Its icon in another colour than text has.
    pub fn inked(self, ink: Color32) -> IconButton<'a> {
        IconButton { ink: Some(ink), ..self }
    }

    /// `height` points high instead of square.
    pub fn tall(self, height: f32) -> IconButton<'a> {
        IconButton { size: vec2(self.size.x, height), ..self }
    }

    /// In the answer's colour, for the one thing that the panel is about.
    pub fn prominent(self) -> IconButton<'a> {
        IconButton { prominent: true, ..self }
    }

    /// Stays down while `pressed`.
    pub fn staying(self, pressed: bool) -> IconButton<'a> {
        IconButton { pressed: Some(pressed), ..self }
    }

    /// Draws it; grey and deaf unless `enabled`.
    pub fn show(self, ui: &mut Ui, palette: &Palette, enabled: bool) -> Response {
        ui.add_enabled_ui(enabled, |ui| self.draw(ui, palette)).inner
    }

    fn draw(self, ui: &mut Ui, palette: &Palette) -> Response {
        let (rect, response) = ui.allocate_exact_size(self.size, Sense::click());
        response.widget_info(|| match self.pressed {
            Some(pressed) => WidgetInfo::selected(Role::CheckBox, ui.is_enabled(), pressed, self.name),
            None => WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.name),
        });
        let (fill, ink) = self.colours(palette, &response);
        let painter = ui.painter();
        painter.rect_filled(rect, CornerRadius::same(6), fill);
        if self.raised {
            let edge = Stroke::new(1.0, palette.text_weak);
            painter.rect_stroke(rect, CornerRadius::same(6), edge, StrokeKind::Inside);
        }
        if self.captioned {
            let font = if self.prominent { theme::strong(15.0) } else { theme::body() };
            let text = theme::line(painter, self.name, font, ink, rect.width() - 16.0 - 3.0 * GRID);
            let side = if self.prominent { 20.0 } else { 16.0 };
            let width = side + GRID + text.size().x;
            let left = rect.center().x - width / 2.0;
            self.icon.paint(painter, egui::pos2(left + side / 2.0, rect.center().y), side, ink);
            let top = rect.center().y - text.size().y / 2.0;
            painter.galley(egui::pos2(left + side + GRID, top), text, ink);
        } else {
            self.icon.paint(painter, rect.center(), if rect.height() < 22.0 { 12.0 } else { 16.0 }, ink);
        }
        if response.has_focus() {
            theme::focus_ring(painter, rect, palette);
        }
        response
    }

    fn colours(&self, palette: &Palette, response: &Response) -> (Color32, Color32) {
        let lit = response.hovered() || response.is_pointer_button_down_on();
        if self.prominent {
            let fill = if lit { palette.answer.lerp_to_gamma(palette.text, 0.2) } else { palette.answer };
            return (fill, palette.on_colour);
        }
        let fill = if lit { palette.field_hovered } else { palette.field };
        (fill, self.ink.unwrap_or(palette.text))
    }
}
