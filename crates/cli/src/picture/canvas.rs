//! Areas and outlines in points, put on pixels.

use anyhow::{Context, Result};
use tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Transform};

use super::palette::Colour;

/// Pixels to a point, so that the picture is sharp on dense displays.
const SCALE: f32 = 2.0;

/// A rectangle in points, `y` downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Area {
    /// The same area with its edges moved inwards.
    pub fn inset(self, by: f32) -> Area {
        Area { x: self.x + by, y: self.y + by, width: self.width - 2.0 * by, height: self.height - 2.0 * by }
    }
}

/// The picture while it is drawn.
pub struct Canvas {
    pixels: Pixmap,
}

impl Canvas {
    /// A picture of so many points, in one colour.
    ///
    /// # Errors
    /// The size is nothing or beyond all memory.
    pub fn new(width: f32, height: f32, ground: Colour) -> Result<Canvas> {
        let (wide, high) = ((width * SCALE).ceil() as u32, (height * SCALE).ceil() as u32);
        let mut pixels =
            Pixmap::new(wide, high).with_context(|| format!("no picture has {wide} x {high} pixels"))?;
        pixels.fill(Color::from_rgba8(ground.0, ground.1, ground.2, 255));
        Ok(Canvas { pixels })
    }

    /// Fills a rectangle.
    pub fn rectangle(&mut self, area: Area, colour: Colour) {
        if let Some(rectangle) = tiny_skia::Rect::from_xywh(area.x, area.y, area.width, area.height) {
            self.pixels.fill_rect(rectangle, &paint(colour), Transform::from_scale(SCALE, SCALE), None);
        }
    }

    /// Fills a rectangle with round corners.
    pub fn rounded(&mut self, area: Area, radius: f32, colour: Colour) {
        if let Some(outline) = rounded(area, radius.min(area.width / 2.0).min(area.height / 2.0)) {
            self.fill(&Some(outline), 0.0, 0.0, colour);
        }
    }

    /// Fills an outline that is moved to a place; nothing where there is none.
    pub fn fill(&mut self, outline: &Option<Path>, x: f32, y: f32, colour: Colour) {
        let Some(outline) = outline else { return };
        let place = Transform::from_scale(SCALE, SCALE).pre_translate(x, y);
        self.pixels.fill_path(outline, &paint(colour), FillRule::Winding, place, None);
    }

    /// The picture's bytes.
    ///
    /// # Errors
    /// The encoder refuses it.
    pub fn png(&self) -> Result<Vec<u8>> {
        self.pixels.encode_png().context("the picture cannot be encoded")
    }
}

fn paint(colour: Colour) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(colour.0, colour.1, colour.2, 255);
    paint
}

fn rounded(Area { x, y, width, height }: Area, radius: f32) -> Option<Path> {
    // How far a cubic's handle reaches for a quarter of a circle.
    let reach = radius * 0.447_715;
    let (right, bottom) = (x + width, y + height);
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.line_to(right - radius, y);
    path.cubic_to(right - reach, y, right, y + reach, right, y + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(right, bottom - reach, right - reach, bottom, right - radius, bottom);
    path.line_to(x + radius, bottom);
    path.cubic_to(x + reach, bottom, x, bottom - reach, x, bottom - radius);
    path.line_to(x, y + radius);
    path.cubic_to(x, y + reach, x + reach, y, x + radius, y);
    path.close();
    path.finish()
}
