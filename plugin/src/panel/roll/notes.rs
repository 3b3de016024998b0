//! The notes of the roll, and what is said of each.

use egui::{CornerRadius, Pos2, Response, Stroke, StrokeKind};
use generator::Task;
use melody::Note;

use super::{Roll, Scale, attention};
use crate::panel::{Span, ViewModel};

/// How many of the places that a network looked at are told.
const TOLD: usize = 3;

/// A note where it stands in the roll.
pub struct Placed {
    /// With its onset from the start of the roll.
    pub note: Note,
    /// Its place in the answer; `None` for one that was played.
    pub answered: Option<usize>,
    /// It was played, and is not part of what is answered, or lies under the answer.
    pub faint: bool,
    probability: Option<f32>,
}

impl Placed {
    fn sounds(&self, scale: &Scale, model: &ViewModel) -> bool {
        let now = model.play_head.filter(|_| self.answered.is_some()).map(|time| scale.answer_start + time);
        now.is_some_and(|now| self.note.onset <= now && now < self.note.end())
    }
}

/// What was played, then what was answered.
pub fn placed<'a>(scale: &'a Scale, model: &'a ViewModel) -> impl Iterator<Item = Placed> + 'a {
    let under = model.answer().map(|answer| {
        let end = scale.answer_start + answer.phrase.length().ceil_to(scale.meter.bar());
        Span { from: scale.answer_start, to: end }
    });
    // What stands around a gap counts as much as what is taken for other tasks.
    let taken = Some(model.taken).filter(|taken| !taken.is_empty() && model.settings.task != Task::Fill);
    let faint = move |note: &Note| {
        under.is_some_and(|under| under.contains(note.onset))
            || taken.is_some_and(|taken| !taken.contains(note.onset))
    };
    let played = model.heard.notes().iter();
    let played =
        played.map(move |note| Placed { note: *note, answered: None, faint: faint(note), probability: None });
    let answered = model.answer().into_iter().flat_map(|answer| {
        answer.phrase.notes().iter().enumerate().map(|(index, note)| Placed {
            note: note.shifted(scale.answer_start),
            answered: Some(index),
            faint: false,
            probability: answer.probabilities.get(index).copied(),
        })
    });
    played.chain(answered)
}

/// The note at a place on the screen; an answered one before a faint one under it.
pub fn at(scale: &Scale, model: &ViewModel, at: Pos2) -> Option<Placed> {
    let here = placed(scale, model).filter(|placed| scale.note(&placed.note).contains(at));
    here.min_by_key(|placed| placed.faint)
}

/// Says what the note under the mouse is.
pub fn explain(response: Response, pointed: &Placed, scale: &Scale, model: &ViewModel) {
    let Note { onset, length, pitch, velocity, .. } = pointed.note;
    let bar = onset.0.div_euclid(scale.meter.bar().0);
    let beat = (onset - scale.meter.bar() * bar).0 as f64 / scale.meter.beat().0 as f64;
    let mut text =
        format!("{pitch}, bar {}, beat {:.2}\n{length} quarters, velocity {velocity}", bar + 1, beat + 1.0);
    if let Some(probability) = pointed.probability {
        text.push_str(&format!("\nThe model gave it {:.0} %", probability * 100.0));
    }
    let mut glances = attention::glances(pointed, scale, model);
    glances.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    let told = |glance: &attention::Glance| {
        let what = glance.note.map_or_else(|| "a rest".to_owned(), |note| note.pitch.to_string());
        let bar = 1 + glance.time.0.div_euclid(scale.meter.bar().0);
        format!("{what} in bar {bar} ({:.0} %)", glance.weight * 100.0)
    };
    let told: Vec<String> = glances.iter().take(TOLD).map(told).collect();
    if !told.is_empty() {
        text.push_str(&format!("\nIt looked at {}", told.join(", ")));
    }
    if pointed.answered.is_some() {
        text.push_str("\nClick for what could stand in its place");
    }
    response.on_hover_text_at_pointer(text);
}

impl Roll<'_> {
    pub(super) fn notes(&self) {
        for placed in placed(self.scale, self.model) {
            let colour = match placed.probability {
                Some(probability) => self.palette.answered(probability),
                None if placed.answered.is_some() => self.palette.answer,
                None if placed.faint => self.palette.prompt_faint,
                None => self.palette.prompt,
            };
            let rect = self.scale.note(&placed.note);
            let radius = CornerRadius::from((rect.height() / 4.0).min(4.0));
            self.painter.rect_filled(rect, radius, colour);
            if placed.sounds(self.scale, self.model) {
                let ring = Stroke::new(2.0, self.palette.text);
                self.painter.rect_stroke(rect, radius, ring, StrokeKind::Outside);
            }
        }
    }
}
