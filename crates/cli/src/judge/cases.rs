//! A prompt with its real continuation: what answers are judged beside.

use melody::{Note, Phrase, Prompt, grid};
use trainer::corpus::Source;

/// One of them.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name, and that of its files.
    pub name: String,
    /// Cases of one song share a number: they are never learnt from and asked about at once.
    pub song: usize,
    /// The collection that it comes from, where it is known.
    pub source: Option<Source>,
    /// What went before, where it is known.
    pub prompt: Option<Phrase>,
    /// What really came next.
    pub real: Phrase,
}

/// A phrase as the models hear music: one line on the grid, notes held over gaps of up to a sixteenth unless `gaps` are to
/// be heard. All that is judged goes through this, so that nothing is told from real by its grid.
pub fn heard(phrase: &Phrase, gaps: bool) -> Phrase {
    let line = grid::quantise(phrase).skyline();
    if gaps {
        return line;
    }
    let held = Prompt::of(phrase).tokens.into_iter().filter(|token| !token.is_rest());
    let notes = line.notes().iter().zip(held).map(|(note, token)| Note { length: token.length, ..*note });
    Phrase::new(notes.collect(), line.meter, line.tempo).lasting(line.length())
}

#[cfg(test)]
pub mod tests {
    use melody::{Meter, Pitch, Tempo, Ticks};

    use super::*;

    /// A line of notes `(pitch, onset, length)` in sixteenths of 4/4, lasting so many bars.
    pub fn line(notes: &[(u8, i64, i64)], bars: i64) -> Phrase {
        let note = |(pitch, onset, length): &(u8, i64, i64)| Note {
            onset: Ticks::SIXTEENTH * *onset,
            length: Ticks::SIXTEENTH * *length,
            pitch: Pitch::folded(i32::from(*pitch)),
            velocity: 80,
            channel: 0,
        };
        let length = Meter::COMMON.bar() * bars;
        Phrase::new(notes.iter().map(note).collect(), Meter::COMMON, Tempo::DEFAULT).lasting(length)
    }

    #[test]
    fn a_breath_is_joined_and_a_rest_is_kept() {
        let played = line(&[(60, 0, 3), (62, 4, 2), (64, 8, 8)], 1);
        assert_eq!(heard(&played, false), line(&[(60, 0, 4), (62, 4, 2), (64, 8, 8)], 1));
        assert_eq!(heard(&played, true), played);
        let empty = line(&[], 2);
        assert_eq!(heard(&empty, false), empty);
    }
}
