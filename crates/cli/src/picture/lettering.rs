//! Words as outlines, in the panel's own font, so that no system font is needed.

use anyhow::{Context, Result};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, MetadataProvider};
use tiny_skia::{Path, PathBuilder};

const REGULAR: &[u8] = include_bytes!("../../../../assets/fonts/Inter-Regular.otf");
const STRONG: &[u8] = include_bytes!("../../../../assets/fonts/Inter-SemiBold.otf");

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Running text.
    Regular,
    /// Headlines and names.
    Strong,
}

/// The two weights of the font.
pub struct Lettering {
    regular: FontRef<'static>,
    strong: FontRef<'static>,
}

/// A line of text whose baseline begins at (0, 0); no outline where it is blank.
pub struct Line {
    pub outline: Option<Path>,
    pub width: f32,
}

impl Lettering {
    /// Opens the font on board.
    ///
    /// # Errors
    /// It is no font, which a build with the right file cannot have.
    pub fn new() -> Result<Lettering> {
        let open = |bytes| FontRef::new(bytes).context("the font on board is damaged");
        Ok(Lettering { regular: open(REGULAR)?, strong: open(STRONG)? })
    }

    /// A line of text with letters of so many points.
    pub fn line(&self, text: &str, size: f32, weight: Weight) -> Line {
        let font = match weight {
            Weight::Regular => &self.regular,
            Weight::Strong => &self.strong,
        };
        let (size, place) = (Size::new(size), LocationRef::default());
        let (letters, outlines, metrics) =
            (font.charmap(), font.outline_glyphs(), font.glyph_metrics(size, place));
        let mut pen = Pen { path: PathBuilder::new(), x: 0.0 };
        for letter in text.chars() {
            let glyph = letters.map(letter).unwrap_or_default();
            if let Some(outline) = outlines.get(glyph) {
                // A letter that cannot be drawn leaves its room blank.
                let _ = outline.draw(DrawSettings::unhinted(size, place), &mut pen);
            }
            pen.x += metrics.advance_width(glyph).unwrap_or(0.0);
        }
        Line { width: pen.x, outline: pen.path.finish() }
    }
}

/// Takes a glyph's outline, `y` upwards, to where the line has come to, `y` downwards.
struct Pen {
    path: PathBuilder,
    x: f32,
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, -y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, -y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path.quad_to(self.x + x1, -y1, self.x + x, -y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x + x1, -y1, self.x + x2, -y2, self.x + x, -y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_words_are_wider_and_blanks_have_no_outline() {
        let lettering = Lettering::new().unwrap();
        let width = |text| lettering.line(text, 12.0, Weight::Regular).width;
        assert!(width("C#5") > width("C5") && width("C5") > 0.0);
        assert!(lettering.line("   ", 12.0, Weight::Strong).outline.is_none());
        let bounds = lettering.line("H", 100.0, Weight::Strong).outline.unwrap().bounds();
        assert!(bounds.bottom().abs() < 1.0 && (-80.0..-60.0).contains(&bounds.top()), "{bounds:?}");
    }
}
