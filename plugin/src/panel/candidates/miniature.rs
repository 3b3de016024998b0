//! A phrase as a tiny piano roll.

use egui::{Color32, Painter, Rect, pos2};
use melody::{Note, Phrase, Ticks};

use crate::panel::ViewModel;
use generator::Task;

/// How much of what was played is drawn before a next note, in quarters.
const CONTEXT: i64 = 4;
/// The fewest semitones that are drawn: an octave.
const LEAST_SPAN: f32 = 12.0;

/// One pair of axes for all candidates, so that their pictures can be compared.
pub struct Scale {
    lowest: f32,
    span: f32,
    from: Ticks,
    length: Ticks,
    /// What is drawn before each candidate, with times from the candidate's start.
    before: Vec<Note>,
}

impl Scale {
    /// Axes that show every note of every candidate.
    pub fn of(model: &ViewModel) -> Scale {
        let context = if model.answered == Task::Next { Ticks::quarters(CONTEXT) } else { Ticks::ZERO };
        let end = model.prompt.notes().iter().map(Note::end).max().unwrap_or(Ticks::ZERO);
        let heard = model.prompt.notes().iter().filter(|note| note.onset >= end - context);
        let before: Vec<Note> = heard.map(|note| note.shifted(-end)).collect();
        let phrases = || model.candidates.iter().map(|candidate| &candidate.phrase);
        let notes = phrases().flat_map(Phrase::notes).chain(&before);
        let (low, high) = notes.fold((127_u8, 0), |(low, high), note| {
            (low.min(note.pitch.number()), high.max(note.pitch.number()))
        });
        let (low, high) = if low > high { (60.0, 60.0) } else { (f32::from(low), f32::from(high)) };
        let span = (high - low + 1.0).max(LEAST_SPAN);
        let longest = phrases().map(Phrase::length).max().unwrap_or(Ticks::ZERO);
        let length = (longest + context).max(Ticks::QUARTER);
        Scale { lowest: (low + high + 1.0 - span) / 2.0, span, from: -context, length, before }
    }

    /// Draws a phrase, and before it what all have in common.
    pub fn paint(&self, painter: &Painter, rect: Rect, phrase: &Phrase, before: Color32, colour: Color32) {
        let marks = self.before.iter().map(|note| (note, before));
        for (note, colour) in marks.chain(phrase.notes().iter().map(|note| (note, colour))) {
            painter.rect_filled(self.place(rect, note), 1.0, colour);
        }
    }

    fn place(&self, rect: Rect, note: &Note) -> Rect {
        let x = |time: Ticks| {
            rect.left() + ((time - self.from).0 as f64 / self.length.0 as f64) as f32 * rect.width()
        };
        let lane = rect.height() / self.span;
        let middle = rect.bottom() - lane * (f32::from(note.pitch.number()) - self.lowest + 0.5);
        let half = (lane / 2.0).clamp(0.75, 3.0);
        let (left, right) = (x(note.onset), x(note.end()));
        // A gap, so that repeated notes are told apart.
        let right = (right - 0.75).max(left + 1.0).min(rect.right());
        Rect::from_min_max(pos2(left, middle - half), pos2(right, middle + half))
    }
}
