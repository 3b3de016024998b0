//! Who plays where: names over the bars, a line under what is taken, a tint where the answer goes.

use egui::{Align2, Color32, Rect, Shape, pos2, vec2};
use generator::Task;

use super::Roll;
use crate::panel::Work;
use crate::panel::theme::{self, GRID};

/// Width of the key to the shades, in points.
const LEGEND: f32 = 184.0;
/// Height of the line under what is taken, in points.
const TAKEN: f32 = 3.0;

impl Roll<'_> {
    /// Draws the names, the tint and the line.
    pub(super) fn regions(&self) {
        let answer = self.scale.stretch(self.scale.answer());
        self.painter.rect_filled(answer, 0.0, self.palette.answer_tint());
        let (left, right) = (self.layout.lanes.left(), self.layout.lanes.right());
        // The player's name stands over what was played, wherever the answer leaves room for it.
        let heard_end = self.scale.x(self.scale.heard_end);
        if answer.left() > left {
            self.heard(left, answer.left());
        } else if heard_end > answer.right() {
            self.heard(answer.right(), heard_end);
        }
        if answer.width() <= 0.0 {
            return;
        }
        let legend = self.legend(answer, right);
        let end = if heard_end > answer.right() { answer.right() } else { right - legend };
        self.region(answer.left(), end, "Continuo", "", self.palette.answer);
        self.taken();
        if let Work::Generating { elapsed } = &self.model.work {
            self.sweep(answer, elapsed.as_secs_f32());
        }
    }

    /// The player's name, with the key and the chord that were heard where there is room.
    fn heard(&self, left: f32, right: f32) {
        let key = self.model.heard_key.map(|key| format!("You, in {key}")).unwrap_or("You".to_owned());
        let chord = self.model.heard_chord.as_ref().map(|chord| format!("{key}   {}", chord.symbol()));
        let colour = self.palette.prompt;
        let names = chord.into_iter().chain([key]);
        let fits = |name: &String| !self.line(name, left, right, colour).elided;
        let name = names.into_iter().find(fits).unwrap_or("You".to_owned());
        self.region(left, right, &name, "You", colour);
    }

    fn line(&self, name: &str, left: f32, right: f32, colour: Color32) -> std::sync::Arc<egui::Galley> {
        theme::line(self.painter, name, theme::strong(12.0), colour, right - left - GRID)
    }

    /// Writes a name, or where there is no room for it a shorter one, or else none.
    fn region(&self, left: f32, right: f32, name: &str, shorter: &str, colour: Color32) {
        let names = [name, shorter].map(|name| self.line(name, left, right, colour));
        let Some(text) = names.into_iter().find(|text| !text.elided) else { return };
        let top = self.layout.names.center().y - text.size().y / 2.0;
        self.painter.galley(pos2(left + 5.0, top), text, colour);
    }

    /// The bars that are answered; for a gap those that are made anew.
    fn taken(&self) {
        let taken = self.model.taken;
        if taken.is_empty() || self.model.heard.is_empty() {
            return;
        }
        let bottom = self.layout.numbers.bottom();
        let stretch = self.scale.stretch(taken).x_range();
        let line = Rect::from_x_y_ranges(stretch, bottom - TAKEN..=bottom);
        let fill = self.model.settings.task == Task::Fill;
        self.painter.rect_filled(line, 0.0, if fill { self.palette.answer } else { self.palette.prompt });
    }

    /// Which shade of a note means what; returns the width that it took.
    fn legend(&self, answer: Rect, edge: f32) -> f32 {
        let told = self.model.answer().is_some_and(|answer| !answer.probabilities.is_empty());
        if !told || edge - answer.left() < LEGEND + 96.0 {
            return 0.0;
        }
        let centre = self.layout.names.center().y;
        let colour = self.palette.text_weak;
        let text = |x: f32, align, text: &str| {
            self.painter.text(pos2(x, centre), align, text, theme::small(), colour).width()
        };
        let right = edge - GRID;
        let sure = text(right, Align2::RIGHT_CENTER, "sure");
        for step in 0..5 {
            let corner = pos2(right - sure - 6.0 - 12.0 * (5 - step) as f32, centre - 4.0);
            let probability = (step as f32 / 4.0).powi(2);
            let cell = Rect::from_min_size(corner, vec2(11.0, 8.0));
            self.painter.rect_filled(cell, 2.0, self.palette.answered(probability));
        }
        text(right - sure - 72.0, Align2::RIGHT_CENTER, "unsure");
        LEGEND
    }

    /// A light that wanders over the place where the answer will be.
    fn sweep(&self, region: Rect, seconds: f32) {
        let painter = self.painter.with_clip_rect(region);
        let width = (region.width() / 4.0).max(48.0);
        let left = region.left() - width + (region.width() + width) * (seconds / 1.6).fract();
        let strip = Rect::from_min_size(pos2(left, region.top()), vec2(width, region.height()));
        let mut mesh = egui::Mesh::default();
        let (clear, lit) = (Color32::TRANSPARENT, self.palette.answer.gamma_multiply(0.22));
        for (x, colour) in [(strip.left(), clear), (strip.center().x, lit), (strip.right(), clear)] {
            mesh.colored_vertex(pos2(x, strip.top()), colour);
            mesh.colored_vertex(pos2(x, strip.bottom()), colour);
        }
        for [a, b, c] in [[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]] {
            mesh.add_triangle(a, b, c);
        }
        painter.add(Shape::mesh(mesh));
    }
}
