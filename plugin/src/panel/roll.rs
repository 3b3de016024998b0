//! The piano roll: what was played, then what was answered, on one time line.

mod attention;
mod invitation;
mod notes;
mod scale;

use egui::{Align2, Color32, CornerRadius, Painter, Rect, Role, Sense, Stroke, Ui, WidgetInfo};
use egui::{Shape, StrokeKind, pos2, vec2};

use super::keyboard::is_black;
use super::theme::{self, GRID, Palette};
use super::{ViewModel, Work};
use scale::{Layout, Scale};

/// Between two white keys.
const KEY_EDGE: Color32 = Color32::from_gray(0x9A);

/// Draws the roll into all of `rect`.
pub fn show(ui: &mut Ui, palette: &Palette, rect: Rect, model: &ViewModel) {
    let response = ui.allocate_rect(rect, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken(model)));
    let layout = Layout::of(rect);
    let scale = Scale::fit(layout.lanes, model);
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, CornerRadius::same(8), palette.well);
    let roll = Roll { painter: &painter, palette, layout, scale: &scale, model };
    roll.lanes();
    roll.bars();
    roll.regions();
    roll.notes();
    roll.keys();
    roll.play_head();
    let pointed = response.hover_pos().and_then(|at| notes::at(&scale, model, at));
    if let Some(pointed) = &pointed {
        roll.attention(pointed);
    }
    roll.invitation();
    painter.rect_stroke(
        rect,
        CornerRadius::same(8),
        Stroke::new(1.0, palette.line_strong),
        StrokeKind::Inside,
    );
    if let Some(pointed) = &pointed {
        notes::explain(response, pointed, &scale, model);
    }
}

/// The roll while it is drawn.
struct Roll<'a> {
    painter: &'a Painter,
    palette: &'a Palette,
    layout: Layout,
    scale: &'a Scale,
    model: &'a ViewModel,
}

impl Roll<'_> {
    fn lanes(&self) {
        let painter = self.painter.with_clip_rect(self.layout.lanes);
        for pitch in self.scale.pitches() {
            let lane = self.scale.lane(pitch);
            if is_black(pitch) {
                painter.rect_filled(lane, 0.0, self.palette.well_dark);
            } else if matches!(pitch.number() % 12, 4 | 11) {
                // E to F and B to C are the two places without a black key between.
                painter.hline(lane.x_range(), lane.top(), Stroke::new(1.0, self.palette.line));
            }
        }
    }

    fn bars(&self) {
        let Layout { lanes, numbers, .. } = self.layout;
        let (bar, beat) = (self.scale.meter.bar(), self.scale.meter.beat());
        let every = self.scale.bars_between_numbers();
        for index in 0..=self.scale.bars() {
            let start = bar * index;
            let x = self.scale.x(start);
            let first_answered = start == self.scale.answer_start;
            let stroke = match () {
                () if first_answered => Stroke::new(2.0, self.palette.answer),
                () if index == 0 => Stroke::NONE,
                () => Stroke::new(1.0, self.palette.line_strong),
            };
            self.painter.vline(x, lanes.y_range(), stroke);
            if index == self.scale.bars() {
                break;
            }
            if index % every == 0 {
                let corner = pos2(x + 5.0, numbers.center().y);
                let number = (index + 1).to_string();
                self.painter.text(
                    corner,
                    Align2::LEFT_CENTER,
                    number,
                    theme::small(),
                    self.palette.text_weak,
                );
            }
            self.painter.vline(x, numbers.y_range(), Stroke::new(1.0, self.palette.line_strong));
            let beats = (1..bar.0 / beat.0).map(|count| start + beat * count);
            for time in beats.filter(|_| self.scale.width(beat) >= 10.0) {
                self.painter.vline(self.scale.x(time), lanes.y_range(), Stroke::new(1.0, self.palette.line));
            }
        }
        self.painter.hline(
            self.layout.lanes.x_range(),
            lanes.top(),
            Stroke::new(1.0, self.palette.line_strong),
        );
    }

    /// Who plays where: a coloured line and a name above the bars, and a tint where the answer goes.
    fn regions(&self) {
        let (start, end) = (self.scale.x(self.scale.answer_start), self.layout.lanes.right());
        let left = self.layout.lanes.left();
        let region = Rect::from_x_y_ranges(start..=end, self.layout.lanes.y_range());
        self.painter.rect_filled(region, 0.0, self.palette.answer_tint());
        let heard = self.model.heard_key.map(|key| format!("You, in {key}"));
        if left < start {
            self.region(left, start, heard.as_deref().unwrap_or("You"), "You", self.palette.prompt);
        }
        let legend = self.legend(start, end);
        self.region(start, end - legend, "Continuo", "", self.palette.answer);
        if let Work::Generating { elapsed } = &self.model.work {
            self.sweep(region, elapsed.as_secs_f32());
        }
    }

    /// Writes a name, or where there is no room for it a shorter one.
    fn region(&self, left: f32, right: f32, name: &str, shorter: &str, colour: Color32) {
        let names = self.layout.names;
        let line = |name| theme::line(self.painter, name, theme::strong(12.0), colour, right - left - GRID);
        let text = Some(line(name)).filter(|text| !text.elided).unwrap_or_else(|| line(shorter));
        let top = names.center().y - text.size().y / 2.0;
        self.painter.galley(pos2(left + 5.0, top), text, colour);
    }

    /// Which shade of a note means what; returns the width that it took.
    fn legend(&self, start: f32, end: f32) -> f32 {
        const WIDTH: f32 = 184.0;
        if self.model.answer().is_none() || end - start < WIDTH + 96.0 {
            return 0.0;
        }
        let centre = self.layout.names.center().y;
        let colour = self.palette.text_weak;
        let text = |x: f32, align, text: &str| {
            self.painter.text(pos2(x, centre), align, text, theme::small(), colour).width()
        };
        let right = end - GRID;
        let sure = text(right, Align2::RIGHT_CENTER, "sure");
        for step in 0..5 {
            let corner = pos2(right - sure - 6.0 - 12.0 * (5 - step) as f32, centre - 4.0);
            let probability = (step as f32 / 4.0).powi(2);
            let cell = Rect::from_min_size(corner, vec2(11.0, 8.0));
            self.painter.rect_filled(cell, 2.0, self.palette.answered(probability));
        }
        text(right - sure - 72.0, Align2::RIGHT_CENTER, "unsure");
        WIDTH
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

    /// The keyboard at the left edge; what sounds is lit.
    fn keys(&self) {
        let keys = self.layout.keys;
        let corner = CornerRadius { sw: 8, ..CornerRadius::ZERO };
        self.painter.rect_filled(keys, corner, self.palette.white_key);
        for pitch in self.scale.pitches() {
            let lane = self.scale.lane(pitch);
            let lit = self.model.pressed.contains(pitch);
            let key = Rect::from_x_y_ranges(keys.x_range(), lane.y_range());
            if is_black(pitch) {
                let short = Rect::from_min_size(key.min, vec2(key.width() * 0.5, key.height()));
                self.painter.rect_filled(short, 0.0, self.palette.black_key);
            }
            if lit {
                self.painter.rect_filled(key.shrink(1.0), 2.0, self.palette.prompt);
            }
            // Between B and C, and between E and F, two white keys touch; on thin lanes the names need the room.
            if matches!(pitch.number() % 12, 0 | 5) && key.height() >= 4.0 {
                self.painter.hline(keys.x_range(), key.bottom(), Stroke::new(1.0, KEY_EDGE));
            }
            if pitch.number().is_multiple_of(12) {
                let at = pos2(keys.right() - 3.0, key.center().y.min(keys.bottom() - 6.0));
                let ink = if lit { self.palette.on_colour } else { self.palette.black_key };
                self.painter.text(at, Align2::RIGHT_CENTER, pitch.to_string(), theme::tiny(), ink);
            }
        }
        self.painter.vline(keys.right(), keys.y_range(), Stroke::new(1.0, self.palette.line_strong));
    }

    fn play_head(&self) {
        let Some(time) = self.model.play_head else { return };
        let x = self.scale.x(self.scale.answer_start + time);
        let Layout { lanes, numbers, .. } = self.layout;
        if !lanes.x_range().contains(x) {
            return;
        }
        self.painter.vline(x, lanes.y_range(), Stroke::new(2.0, self.palette.text));
        let cap = [(-6.0, -8.0), (6.0, -8.0), (0.0, 0.0)].map(|(dx, dy)| pos2(x + dx, numbers.bottom() + dy));
        self.painter.add(Shape::convex_polygon(cap.to_vec(), self.palette.text, Stroke::NONE));
    }
}

/// Where a note of the answer is drawn in a roll of this rectangle.
#[cfg(test)]
pub fn answered_note(rect: Rect, model: &ViewModel, index: usize) -> Rect {
    let scale = Scale::fit(Layout::of(rect).lanes, model);
    let mut placed = notes::placed(&scale, model).filter(|placed| placed.answered == Some(index));
    scale.note(&placed.next().unwrap().note)
}

/// The roll in words, for those who do not see it.
fn spoken(model: &ViewModel) -> String {
    let played = model.prompt.notes().len();
    let answered = model.answer().map_or(0, |answer| answer.phrase.notes().len());
    format!("Piano roll: {played} notes played, {answered} notes answered")
}
