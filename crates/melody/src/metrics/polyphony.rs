//! How often several notes begin together.

use crate::Note;

/// Polyphony: the share of onsets at which two or more notes start together, 0 to 1; `None` without notes. The notes
/// are in order of onset, as a [`Phrase`](crate::Phrase) has them.
pub fn share(notes: &[Note]) -> Option<f64> {
    let onsets = || notes.chunk_by(|left, right| left.onset == right.onset);
    let together = onsets().filter(|struck| struck.len() > 1).count();
    (!notes.is_empty()).then(|| together as f64 / onsets().count() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Meter, Phrase, Pitch, Tempo, Ticks};

    #[test]
    fn onsets_count_and_not_notes() {
        let note = |quarter, pitch| Note {
            onset: Ticks::quarters(quarter),
            length: Ticks::quarters(4),
            pitch: Pitch::new(pitch).unwrap(),
            velocity: 80,
            channel: 0,
        };
        // Four onsets: a chord of three, a note below which it still sounds, two notes, a note.
        let notes = [(0, 60), (0, 64), (0, 67), (1, 72), (2, 62), (2, 65), (3, 60)];
        let notes = notes.map(|(quarter, pitch)| note(quarter, pitch)).to_vec();
        let phrase = Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT);
        assert_eq!(share(phrase.notes()), Some(0.5));
        assert_eq!((share(&phrase.notes()[3..4]), share(&[])), (Some(0.0), None));
    }
}
