//! Where the network looked while it chose a note, as arcs from that note back to what it looked at.

use egui::epaint::QuadraticBezierShape;
use egui::{Color32, CornerRadius, Pos2, Rect, Shape, Stroke, StrokeKind, pos2};
use generator::Task;
use melody::{Note, Ticks};

use super::notes::{Placed, placed};
use super::{Roll, Scale};
use crate::panel::ViewModel;

/// A note stands for a look that lies this near to its onset: between them lies what quantising moved.
const NEAR: Ticks = Ticks(Ticks::SIXTEENTH.0 / 2);
/// Smaller shares of the attention are not drawn: all notes have a little.
const LEAST: f32 = 0.02;

/// A look at a place of the roll.
pub struct Glance {
    /// The time looked at, from the start of the roll.
    pub time: Ticks,
    /// The note that starts there; `None` for a rest.
    pub note: Option<Note>,
    /// Its share of the attention, 0 to 1.
    pub weight: f32,
}

/// Where the network looked for a note of the answer; nothing without attention, or once something else was played.
pub fn glances(pointed: &Placed, scale: &Scale, model: &ViewModel) -> Vec<Glance> {
    let answer = model.answer().filter(|_| model.answers_prompt);
    let looks = answer.zip(pointed.answered).and_then(|(answer, index)| answer.attention.get(index));
    let Some(looks) = looks.filter(|looks| !looks.is_empty()) else { return Vec::new() };
    let zero = match model.answered {
        // A next note follows right on the last one, whose onset is the latest that was looked at.
        Task::Next => {
            let mut taken = model.heard.notes().iter().filter(|note| note.onset < scale.answer_start);
            let last = taken.next_back().map_or(Ticks::ZERO, |note| note.onset);
            looks.iter().map(|look| look.onset).max().map_or(Ticks::ZERO, |latest| last - latest)
        }
        _ => scale.answer_start,
    };
    let glance = |look: &generator::Look| {
        let time = zero + look.onset;
        let near = placed(scale, model).map(|placed| placed.note);
        let near = near.filter(|note| note.onset.distance(time) <= NEAR);
        let note = near.min_by_key(|note| (note.onset.distance(time), 127 - note.pitch.number()));
        Glance { time, note, weight: look.weight }
    };
    looks.iter().map(glance).collect()
}

impl Roll<'_> {
    /// Draws what the network looked at for this note.
    pub(super) fn attention(&self, pointed: &Placed) {
        let glances = glances(pointed, self.scale, self.model);
        let Some(most) = glances.iter().map(|glance| glance.weight).reduce(f32::max) else { return };
        let from = self.scale.note(&pointed.note);
        self.ring(from, self.palette.text);
        for glance in glances.iter().filter(|glance| glance.weight >= LEAST) {
            // The strongest look is drawn in full, whatever its share.
            let strength = glance.weight / most;
            let colour = self.palette.text.gamma_multiply(0.2 + 0.8 * strength);
            let to = glance.note.map(|note| self.scale.note(&note));
            let end = to.map_or_else(
                || pos2(self.scale.x(glance.time), self.layout.lanes.bottom() - 6.0),
                |to| to.center_top(),
            );
            self.arc(from.center_top(), end, Stroke::new(0.75 + 1.75 * strength, colour));
            match to {
                Some(to) => self.ring(to, colour),
                None => _ = self.painter.circle_filled(end, 3.0, colour),
            }
        }
    }

    fn ring(&self, rect: Rect, colour: Color32) {
        let radius = CornerRadius::from((rect.height() / 4.0).min(4.0));
        self.painter.rect_stroke(rect, radius, Stroke::new(1.5, colour), StrokeKind::Outside);
    }

    /// A bow over the notes between.
    fn arc(&self, from: Pos2, to: Pos2, stroke: Stroke) {
        let rise = 16.0 + 0.25 * (from.x - to.x).abs();
        let top = (from.y.min(to.y) - rise).max(self.layout.lanes.top() + 2.0);
        // The bow goes half as high as its handle.
        let handle = pos2((from.x + to.x) / 2.0, 2.0 * top - (from.y + to.y) / 2.0);
        let points = [from, handle, to];
        let bow = QuadraticBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke);
        self.painter.with_clip_rect(self.layout.lanes).add(Shape::QuadraticBezier(bow));
    }
}
