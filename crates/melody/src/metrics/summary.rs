//! All that is measured of one line by itself, as a table shows it.

use serde::{Deserialize, Serialize};

use super::{bars, pitches, rhythm};
use crate::{Key, Phrase};

/// The measures of one monophonic line on the grid. Each is missing where the line is too short to have it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// How many notes.
    pub notes: usize,
    /// How many bars it touches.
    pub bars: usize,
    /// [`pitches::class_entropy`], in bits.
    pub pitch_class_entropy: Option<f64>,
    /// [`pitches::range`], in semitones.
    pub range: Option<u8>,
    /// [`pitches::share_in_key`] of the key that [`Key::estimate`] hears, or of the one given.
    pub share_in_key: Option<f64>,
    /// [`rhythm::density`], in notes a bar.
    pub density: Option<f64>,
    /// [`rhythm::rest_share`].
    pub rest_share: Option<f64>,
    /// [`bars::self_similarity`].
    pub bar_self_similarity: Option<f64>,
    /// [`bars::repeated`].
    pub bars_repeated: Option<f64>,
}

impl Summary {
    /// Measures a line; played lines go through [`crate::grid::quantise`] and [`Phrase::skyline`] before.
    pub fn of(line: &Phrase, key: Option<Key>) -> Summary {
        let notes = line.notes();
        let key = key.or_else(|| Key::estimate(notes));
        Summary {
            notes: notes.len(),
            bars: line.bars(),
            pitch_class_entropy: pitches::class_entropy(notes),
            range: pitches::range(notes),
            share_in_key: key.and_then(|key| pitches::share_in_key(notes, key)),
            density: rhythm::density(line),
            rest_share: rhythm::rest_share(line),
            bar_self_similarity: bars::self_similarity(line),
            bars_repeated: bars::repeated(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::means::testing::line;

    #[test]
    fn twinkle_has_the_measures_worked_out_by_hand() {
        let bar = "C4:1.0 C4:1.0 G4:1.0 G4:1.0 A4:1.0 A4:1.0 G4:2.0";
        let twinkle = line(&format!("{bar} F4:1.0 F4:1.0 E4:1.0 E4:1.0 D4:1.0 D4:1.0 C4:2.0 {bar}"));
        let summary = Summary::of(&twinkle, Some(Key::C_MAJOR));
        assert_eq!((summary.notes, summary.bars, summary.range), (21, 6, Some(9)));
        assert_eq!((summary.density, summary.share_in_key), (Some(3.5), Some(1.0)));
        assert_eq!((summary.rest_share, summary.bars_repeated), (Some(0.0), Some(0.4)));
        // Of the 15 pairs of bars 1-5 and 2-6 are the same; 1-2, 1-6, 2-5 and 5-6 share the G of six notes.
        let expected = (2.0 + 4.0 / 6.0) / 15.0;
        assert!((summary.bar_self_similarity.unwrap() - expected).abs() < 1e-12);
        let entropy = |counts: [f64; 6]| counts.iter().map(|n| -n / 21.0 * (n / 21.0).log2()).sum::<f64>();
        let expected = entropy([5.0, 2.0, 2.0, 2.0, 6.0, 4.0]);
        assert!((summary.pitch_class_entropy.unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn silence_has_no_measures() {
        assert_eq!(Summary::of(&Phrase::default(), None), Summary::default());
    }
}
