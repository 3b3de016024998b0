//! Paper B's six metrics of one piece, and their means over several.

use serde::{Deserialize, Serialize};

use super::{means, pitches, polyphony, repetitions, scales, spans};
use crate::Phrase;

/// The six metrics of paper B (Figures 3 and 4), of one piece with several voices. Each is missing where there is no
/// note.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Six {
    /// How many notes; no metric of the paper's, but three-tone repetitions are corrected by it.
    pub notes: f64,
    /// [`scales::consistency`].
    pub scale_consistency: Option<f64>,
    /// [`pitches::range`], in semitones.
    pub tone_span: Option<f64>,
    /// [`spans::unique_tones`].
    pub unique_tones: Option<f64>,
    /// [`spans::intensity`].
    pub intensity_span: Option<f64>,
    /// [`polyphony::share`].
    pub polyphony: Option<f64>,
    /// [`repetitions::of_three_tones`], as counted; see [`repetitions::at_length`].
    pub repetitions: Option<f64>,
}

/// A metric's name in JSON, its head in a table, and the figure.
pub type Column = (&'static str, &'static str, fn(&Six) -> Option<f64>);

impl Six {
    /// The six metrics with their names, in the paper's order.
    pub const COLUMNS: [Column; 6] = [
        ("scale_consistency", "scale consistency", |six| six.scale_consistency),
        ("tone_span", "tone span", |six| six.tone_span),
        ("unique_tones", "unique tones", |six| six.unique_tones),
        ("intensity_span", "intensity span", |six| six.intensity_span),
        ("polyphony", "polyphony", |six| six.polyphony),
        ("repetitions", "3-tone repetitions", |six| six.repetitions),
    ];

    /// Measures a piece.
    pub fn of(piece: &Phrase) -> Six {
        let notes = piece.notes();
        let there = |count: f64| (!notes.is_empty()).then_some(count);
        Six {
            notes: notes.len() as f64,
            scale_consistency: scales::consistency(notes),
            tone_span: pitches::range(notes).map(f64::from),
            unique_tones: there(spans::unique_tones(notes) as f64),
            intensity_span: spans::intensity(notes).map(f64::from),
            polyphony: polyphony::share(notes),
            repetitions: there(repetitions::of_three_tones(notes) as f64),
        }
    }

    /// The mean of each metric over the pieces that have it.
    pub fn mean(pieces: &[Six]) -> Six {
        let of = |figure: fn(&Six) -> Option<f64>| {
            means::mean(&pieces.iter().filter_map(figure).collect::<Vec<f64>>())
        };
        Six {
            notes: of(|six| Some(six.notes)).unwrap_or_default(),
            scale_consistency: of(|six| six.scale_consistency),
            tone_span: of(|six| six.tone_span),
            unique_tones: of(|six| six.unique_tones),
            intensity_span: of(|six| six.intensity_span),
            polyphony: of(|six| six.polyphony),
            repetitions: of(|six| six.repetitions),
        }
    }

    /// The same with its repetitions as music of `notes` notes would have them: see [`repetitions::at_length`].
    pub fn at_length(self, notes: f64) -> Six {
        let corrected = |count| repetitions::at_length(count, self.notes, notes);
        Six { repetitions: self.repetitions.map(corrected), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Meter, Note, Pitch, Tempo, Ticks};

    fn piece(notes: &[(i64, u8, u8)]) -> Phrase {
        let note = |(quarter, pitch, velocity): &(i64, u8, u8)| Note {
            onset: Ticks::quarters(*quarter),
            length: Ticks::QUARTER,
            pitch: Pitch::new(*pitch).unwrap(),
            velocity: *velocity,
            channel: 0,
        };
        Phrase::new(notes.iter().map(note).collect(), Meter::COMMON, Tempo::DEFAULT)
    }

    #[test]
    fn a_small_piece_has_the_metrics_worked_out_by_hand() {
        // C major triad, D, C major triad, F#: C E G D C E G F#.
        let played = [
            (0, 60, 70),
            (0, 64, 70),
            (0, 67, 70),
            (1, 62, 90),
            (2, 60, 50),
            (2, 64, 50),
            (2, 67, 50),
            (3, 66, 101),
        ];
        let six = Six::of(&piece(&played));
        // C D E F# G are all in G major; 67 - 60; five pitches; 101 - 50; two of four onsets; CEG at 0 and 4.
        let figures = Six::COLUMNS.map(|(_, _, figure)| figure(&six).unwrap());
        assert_eq!(figures, [1.0, 7.0, 5.0, 51.0, 0.5, 1.0]);
        assert_eq!(six.at_length(4.0).repetitions, Some(0.5));
    }

    #[test]
    fn means_pass_over_pieces_without_notes() {
        let mean = Six::mean(&[Six::of(&piece(&[(0, 60, 80), (1, 64, 90)])), Six::of(&piece(&[]))]);
        assert_eq!((mean.notes, mean.tone_span, mean.polyphony), (1.0, Some(4.0), Some(0.0)));
        assert_eq!(Six::mean(&[]), Six::default());
    }
}
