//! A phrase as a card: its picture, a title and a figure; what candidates, history and favourites look like.

use std::sync::Arc;

use egui::{Color32, CornerRadius, Galley, Painter, Rect, Stroke, StrokeKind, pos2};
use melody::Phrase;

use super::icon::Icon;
use super::miniature::{Axes, Inks};
use super::theme::{self, GRID, Palette};

/// A card lower than this has no line of its own for its title, in points.
const LOW: f32 = 44.0;
/// Height of the title's line.
const TITLE: f32 = 16.0;

/// A card while it is drawn.
pub struct Tile<'a> {
    /// The panel's colours.
    pub palette: &'a Palette,
    /// The axes of all cards beside it.
    pub axes: &'a Axes,
    /// Its notes.
    pub phrase: &'a Phrase,
    /// For each note the probability that the model gave it; may be shorter than the phrase.
    pub probabilities: &'a [f32],
    /// At the left of its line.
    pub title: &'a str,
    /// At the right of it.
    pub figure: &'a str,
    /// Marks before the figure, with their colours.
    pub marks: &'a [(Icon, Color32)],
    /// The one that is meant.
    pub chosen: bool,
    /// It can be heard now.
    pub sounds: bool,
    /// The mouse is over it.
    pub hovered: bool,
}

impl Tile<'_> {
    /// Draws it into all of `rect`.
    pub fn paint(&self, painter: &Painter, rect: Rect) {
        let palette = self.palette;
        let round = CornerRadius::same(6);
        painter.rect_filled(rect, round, palette.well);
        if self.chosen {
            painter.rect_filled(rect, round, palette.answer_tint());
        }
        let edge = match (self.chosen, self.hovered) {
            (true, _) => Stroke::new(2.0, palette.answer),
            (false, true) => Stroke::new(1.0, palette.text_weak),
            (false, false) => Stroke::new(1.0, palette.line_strong),
        };
        painter.rect_stroke(rect, round, edge, StrokeKind::Inside);
        let inner = rect.shrink2(egui::vec2(GRID, 4.0));
        let low = rect.height() < LOW;
        let line = if low { inner } else { inner.with_max_y(inner.top() + TITLE) };
        let roll = if low { inner } else { inner.with_min_y(line.bottom() + 2.0) };
        if low {
            self.roll(painter, roll.with_min_x(roll.left() + 18.0).with_max_x(roll.right()));
            let line = line.with_max_y(line.top() + 12.0);
            self.title(painter, line, theme::tiny());
        } else {
            self.roll(painter, roll);
            self.title(painter, line, theme::small());
        }
    }

    fn roll(&self, painter: &Painter, rect: Rect) {
        let palette = self.palette;
        let inks = Inks { line: palette.line, before: palette.prompt_faint };
        self.axes.paint(painter, rect, self.phrase, inks, |note| {
            self.probabilities.get(note).map_or(palette.answer, |probability| palette.answered(*probability))
        });
    }

    fn title(&self, painter: &Painter, line: Rect, font: egui::FontId) {
        let palette = self.palette;
        let ink = if self.chosen { palette.text } else { palette.text_weak };
        let middle = line.center().y;
        let lay_out = |text: &str, width: f32| theme::line(painter, text, font.clone(), ink, width);
        let put = |galley: Arc<Galley>, left: f32| {
            painter.galley(pos2(left, middle - galley.size().y / 2.0), galley, ink);
        };
        let figure = lay_out(self.figure, line.width());
        let mut right = line.right() - figure.size().x;
        put(figure, right);
        for (icon, colour) in self.marks {
            right -= 14.0;
            icon.paint(painter, pos2(right + 5.0, middle), 11.0, *colour);
        }
        let mut left = line.left();
        if self.sounds {
            Icon::Play.paint(painter, pos2(left + 4.0, middle), 9.0, palette.answer);
            left += 12.0;
        }
        put(lay_out(self.title, right - left - 4.0), left);
    }
}
