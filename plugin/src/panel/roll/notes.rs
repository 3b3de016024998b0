//! The notes of the roll, and what is said of each.

use egui::{CornerRadius, Pos2, Response, Stroke, StrokeKind};
use melody::Note;

use super::{Roll, Scale, attention};
use crate::panel::ViewModel;

/// How many of the places that a network looked at are told.
const TOLD: usize = 3;

/// A note where it stands in the roll.
pub struct Placed {
    /// With its onset from the start of the roll.
    pub note: Note,
    /// Its place in the answer; `None` for one that was played.
    pub answered: Option<usize>,
    probability: Option<f32>,
}

impl Placed {
    fn sounds(&self, scale: &Scale, model: &ViewModel) -> bool {
        let now = model.play_head.map(|time| scale.answer_start + time);
        now.is_some_and(|now| self.note.onset <= now && now < self.note.end())
    }
}

/// What was played, then what was answered.
pub fn placed<'a>(scale: &'a Scale, model: &'a ViewModel) -> impl Iterator<Item = Placed> + 'a {
    let played = model.prompt.notes().iter();
    let played = played.map(|note| Placed { note: *note, answered: None, probability: None });
    let answered = model.answer().into_iter().flat_map(|answer| {
        answer.phrase.notes().iter().enumerate().map(|(index, note)| Placed {
            note: note.shifted(scale.answer_start),
            answered: Some(index),
            probability: answer.probabilities.get(index).copied(),
        })
    });
    played.chain(answered)
}

/// The note at a place on the screen.
pub fn at(scale: &Scale, model: &ViewModel, at: Pos2) -> Option<Placed> {
    placed(scale, model).find(|placed| scale.note(&placed.note).contains(at))
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
    response.on_hover_text_at_pointer(text);
}

impl Roll<'_> {
    pub(super) fn notes(&self) {
        for placed in placed(self.scale, self.model) {
            let colour = match placed.probability {
                Some(probability) => self.palette.answered(probability),
                None if placed.answered.is_some() => self.palette.answer,
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
