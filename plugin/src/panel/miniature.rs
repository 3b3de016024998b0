//! Phrases as tiny piano rolls that share their axes, so that they can be compared.

use egui::emath::GuiRounding;
use egui::{Color32, Mesh, Painter, Rect, pos2};
use generator::Task;
use melody::{Note, Phrase, Ticks};

use super::ViewModel;

/// How much of what was played is drawn before a next note, in quarters.
const CONTEXT: i64 = 4;
/// The fewest semitones that are drawn: an octave.
const LEAST_SPAN: f32 = 12.0;
/// Bar lines nearer together than this are left out, in points.
const LEAST_BAR: f32 = 5.0;

/// One pair of axes for several phrases.
pub struct Axes {
    lowest: f32,
    span: f32,
    from: Ticks,
    length: Ticks,
    /// What is drawn before each phrase, with times from the phrase's start.
    before: Vec<Note>,
}

/// What a picture is drawn with.
#[derive(Clone, Copy)]
pub struct Inks {
    /// Bar lines.
    pub line: Color32,
    /// What stands before the phrase.
    pub before: Color32,
}

impl Axes {
    /// Axes that show every note of every candidate.
    pub fn of_candidates(model: &ViewModel) -> Axes {
        let context = if model.answered == Task::Next { Ticks::quarters(CONTEXT) } else { Ticks::ZERO };
        let end = model.heard.notes().iter().map(Note::end).max().unwrap_or(Ticks::ZERO);
        let heard = model.heard.notes().iter().filter(|note| note.onset >= end - context);
        let before: Vec<Note> = heard.map(|note| note.shifted(-end)).collect();
        let phrases = model.candidates.iter().map(|candidate| &candidate.phrase);
        Axes::with_context(phrases, context, before)
    }

    /// Axes that show every note of these phrases.
    pub fn around<'a>(phrases: impl Iterator<Item = &'a Phrase> + Clone) -> Axes {
        Axes::with_context(phrases, Ticks::ZERO, Vec::new())
    }

    fn with_context<'a>(
        phrases: impl Iterator<Item = &'a Phrase> + Clone,
        context: Ticks,
        before: Vec<Note>,
    ) -> Axes {
        let notes = phrases.clone().flat_map(Phrase::notes).copied().chain(before.iter().copied());
        let (low, high) = notes.fold((127_u8, 0), |(low, high), note| {
            (low.min(note.pitch.number()), high.max(note.pitch.number()))
        });
        let (low, high) = if low > high { (60.0, 60.0) } else { (f32::from(low), f32::from(high)) };
        let span = (high - low + 1.0).max(LEAST_SPAN);
        let longest = phrases.map(Phrase::length).max().unwrap_or(Ticks::ZERO);
        let length = (longest + context).max(Ticks::QUARTER);
        Axes { lowest: (low + high + 1.0 - span) / 2.0, span, from: -context, length, before }
    }

    /// The same pitches over another length of time.
    pub fn lasting(&self, length: Ticks) -> Axes {
        Axes { length: length.max(Ticks::QUARTER), from: Ticks::ZERO, before: Vec::new(), ..*self }
    }

    /// Draws a phrase, each note by its place in its colour, and before it what all have in common.
    pub fn paint(
        &self,
        painter: &Painter,
        rect: Rect,
        phrase: &Phrase,
        inks: Inks,
        colour: impl Fn(usize) -> Color32,
    ) {
        // One mesh of plain rectangles: dozens of cards are drawn in each frame.
        let mut mesh = Mesh::default();
        let pixel = 1.0 / painter.pixels_per_point();
        let bar = phrase.meter.bar();
        let bars = (self.length + self.from).0 / bar.0;
        if rect.width() * bar.0 as f32 / self.length.0 as f32 >= LEAST_BAR {
            for x in (1..=bars).map(|index| self.x(rect, bar * index)).filter(|x| *x < rect.right() - 1.0) {
                let x = painter.round_to_pixel_center(x) - pixel / 2.0;
                let line = Rect::from_x_y_ranges(x..=x + pixel, rect.y_range());
                mesh.add_colored_rect(line, inks.line);
            }
        }
        for note in &self.before {
            mesh.add_colored_rect(self.place(painter, rect, note), inks.before);
        }
        for (index, note) in phrase.notes().iter().enumerate() {
            mesh.add_colored_rect(self.place(painter, rect, note), colour(index));
        }
        painter.add(mesh);
    }

    fn x(&self, rect: Rect, time: Ticks) -> f32 {
        rect.left() + ((time - self.from).0 as f64 / self.length.0 as f64) as f32 * rect.width()
    }

    /// Where a note lies, on whole pixels: without soft edges anything else would blur.
    fn place(&self, painter: &Painter, rect: Rect, note: &Note) -> Rect {
        let lane = rect.height() / self.span;
        let middle = rect.bottom() - lane * (f32::from(note.pitch.number()) - self.lowest + 0.5);
        let half = (lane / 2.0).clamp(1.0, 3.0);
        let (left, right) = (self.x(rect, note.onset), self.x(rect, note.end()));
        // A gap, so that repeated notes are told apart.
        let right = (right - 1.0).max(left + 1.0).min(rect.right());
        let place = Rect::from_min_max(pos2(left, middle - half), pos2(right, middle + half));
        let place = place.round_to_pixels(painter.pixels_per_point());
        place.with_max_x(place.right().max(place.left() + 1.0))
    }
}
