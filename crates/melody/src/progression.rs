//! Chords bar by bar: `C | Am | F G | %`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Chord, ChordError, Meter, Ticks};

/// Where no chord is played, as lead sheets write it.
const SILENT: &str = "NC";

/// Chords with the bars that they stand in. The chords of a bar share it equally; the whole is played over and over.
///
/// ```
/// use melody::{Meter, Progression, Ticks};
/// let chords: Progression = "C | Am | F G | %".parse().unwrap();
/// let third_bar_second_half = Ticks::quarters(10);
/// assert_eq!(chords.chord_at(third_bar_second_half, Meter::COMMON).unwrap().symbol(), "G");
/// assert_eq!(chords.to_string(), "C | Am | F G | F G");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Progression {
    bars: Vec<Vec<Option<Chord>>>,
}

impl Progression {
    /// The most bars that one progression may have: a long song's.
    pub const MAX_BARS: usize = 1024;
    /// The most chords in one bar.
    pub const MAX_IN_BAR: usize = 16;

    /// A progression of these bars, each with the chords that share it equally; `None` is a stretch without a chord.
    /// `None` without a bar, with a bar that holds nothing, or beyond [`Progression::MAX_BARS`] and
    /// [`Progression::MAX_IN_BAR`].
    pub fn new(bars: Vec<Vec<Option<Chord>>>) -> Option<Progression> {
        let sane = (1..=Self::MAX_BARS).contains(&bars.len())
            && bars.iter().all(|bar| (1..=Self::MAX_IN_BAR).contains(&bar.len()));
        sane.then_some(Progression { bars })
    }

    /// The bars, each with the chords that share it equally.
    pub fn bars(&self) -> &[Vec<Option<Chord>>] {
        &self.bars
    }

    /// The chord at a time in ticks from the progression's first bar line; after its last bar it begins again.
    pub fn chord_at(&self, time: Ticks, meter: Meter) -> Option<&Chord> {
        let bar = &self.bars[time.0.div_euclid(meter.bar().0).rem_euclid(self.bars.len() as i64) as usize];
        let place = time.0.rem_euclid(meter.bar().0) * bar.len() as i64 / meter.bar().0;
        bar[place as usize].as_ref()
    }

    /// The same chords `semitones` higher, each with its root spelt anew.
    pub fn transposed(&self, semitones: i32) -> Progression {
        let moved = |chord: &Option<Chord>| chord.as_ref().map(|chord| chord.transposed(semitones));
        Progression { bars: self.bars.iter().map(|bar| bar.iter().map(moved).collect()).collect() }
    }

    /// `count` bars of it from bar `from` on, both of which may lie beyond its end: there it begins again.
    pub fn between(&self, from: usize, count: usize) -> Option<Progression> {
        let bar = |index: usize| self.bars[index % self.bars.len()].clone();
        Progression::new((from..from.saturating_add(count.min(Self::MAX_BARS + 1))).map(bar).collect())
    }
}

/// Bars between ` | `, the chords of a bar between blanks, repeats written out.
impl fmt::Display for Progression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, bar) in self.bars.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { " | " })?;
            for (place, chord) in bar.iter().enumerate() {
                f.write_str(if place == 0 { "" } else { " " })?;
                f.write_str(chord.as_ref().map_or(SILENT, Chord::symbol))?;
            }
        }
        Ok(())
    }
}

impl From<Progression> for String {
    fn from(progression: Progression) -> String {
        progression.to_string()
    }
}

impl TryFrom<String> for Progression {
    type Error = ProgressionError;
    fn try_from(text: String) -> Result<Progression, ProgressionError> {
        text.parse()
    }
}

/// Reads bars between `|`, which may also stand before the first and after the last. `%` alone repeats the bar before,
/// beside other chords it repeats the chord before; `NC` is silence.
impl FromStr for Progression {
    type Err = ProgressionError;

    fn from_str(text: &str) -> Result<Progression, ProgressionError> {
        let inner = text.trim();
        let inner = inner.strip_prefix('|').unwrap_or(inner);
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        if inner.trim().is_empty() {
            return Err(ProgressionError::Empty);
        }
        let mut bars: Vec<Vec<Option<Chord>>> = Vec::new();
        for bar in inner.split('|') {
            let number = bars.len() + 1;
            if number > Self::MAX_BARS {
                return Err(ProgressionError::TooLong);
            }
            let bar = read_bar(bar, bars.last(), number)?;
            bars.push(bar);
        }
        Ok(Progression { bars })
    }
}

fn read_bar(
    text: &str,
    before: Option<&Vec<Option<Chord>>>,
    number: usize,
) -> Result<Vec<Option<Chord>>, ProgressionError> {
    let nothing_before = || ProgressionError::NothingToRepeat { number };
    if text.trim() == "%" {
        return before.cloned().ok_or_else(nothing_before);
    }
    let mut bar = Vec::new();
    for symbol in text.split_whitespace() {
        let chord = match symbol {
            "%" => {
                bar.last().or(before.and_then(|before| before.last())).cloned().ok_or_else(nothing_before)?
            }
            SILENT | "N.C." => None,
            symbol => Some(symbol.parse().map_err(|error| ProgressionError::Chord { number, error })?),
        };
        bar.push(chord);
    }
    match bar.len() {
        0 => Err(ProgressionError::EmptyBar { number }),
        1..=Progression::MAX_IN_BAR => Ok(bar),
        chords => Err(ProgressionError::TooManyChords { number, chords }),
    }
}

/// A text that is no chord progression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProgressionError {
    /// There is nothing in it.
    #[error(
        "there is no chord in the progression: write bars with | between them, such as \"C | Am | F G | %\""
    )]
    Empty,
    /// A bar of it is empty.
    #[error(
        "bar {number} of the progression is empty: write a chord in it, % to repeat the bar before, or NC for none"
    )]
    EmptyBar {
        /// The bar, from 1.
        number: usize,
    },
    /// A repeat stands where nothing came before.
    #[error("bar {number} of the progression repeats what is not there: write a chord before the first %")]
    NothingToRepeat {
        /// The bar, from 1.
        number: usize,
    },
    /// A bar is overfull.
    #[error("bar {number} of the progression has {chords} chords: at most {max} fit", max = Progression::MAX_IN_BAR)]
    TooManyChords {
        /// The bar, from 1.
        number: usize,
        /// Chords in it.
        chords: usize,
    },
    /// There are too many bars.
    #[error("the progression has more than {max} bars: write fewer, it begins again by itself", max = Progression::MAX_BARS)]
    TooLong,
    /// A chord in it cannot be read.
    #[error("bar {number} of the progression: {error}")]
    Chord {
        /// The bar, from 1.
        number: usize,
        /// What is wrong with the chord.
        error: ChordError,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progression(text: &str) -> Progression {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    fn symbols(text: &str, quarters: impl Iterator<Item = i64>) -> Vec<String> {
        let chords = progression(text);
        let at = |quarter| chords.chord_at(Ticks::quarters(quarter), Meter::COMMON);
        quarters.map(|quarter| at(quarter).map_or(SILENT.to_owned(), Chord::to_string)).collect()
    }

    #[test]
    fn chords_share_their_bar_and_the_whole_begins_again() {
        assert_eq!(symbols("C Am | F", 0..12).join(" "), "C C Am Am F F F F C C Am Am");
        assert_eq!(symbols("C | F | G", [-4, -1, 0, 11, 12].into_iter()).join(" "), "G G C G C");
        assert_eq!(symbols("C NC Am G", 0..4).join(" "), "C NC Am G");
    }

    #[test]
    fn repeats_are_of_the_bar_or_of_the_chord_before() {
        for (text, read) in [
            ("C Am | %", "C Am | C Am"),
            ("C | % G", "C | C G"),
            ("| C|Am | F/A |", "C | Am | F/A"),
            ("C % % Am | N.C.", "C C C Am | NC"),
        ] {
            assert_eq!(progression(text).to_string(), read);
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["C", "C | Am | F | G", "F#m7 B7 | Emaj7 | NC | Bb/D Cadd9 C7(b9,#9)"] {
            let chords = progression(text);
            assert_eq!(chords.to_string(), text);
            assert_eq!(progression(&chords.to_string()), chords);
        }
    }

    #[test]
    fn a_progression_moves_with_its_key() {
        assert_eq!(progression("C | Am7 | F/A | NC").transposed(3).to_string(), "Eb | Cm7 | Ab/C | NC");
        assert_eq!(progression("C | F | G").between(2, 3).unwrap().to_string(), "G | C | F");
        assert_eq!(progression("C").between(0, 0), None);
    }

    #[test]
    fn a_wrong_progression_is_told_its_bar() {
        for (text, complaint) in [
            ("", "there is no chord"),
            (" | ", "there is no chord"),
            ("C || G", "bar 2 of the progression is empty"),
            ("%", "bar 1 of the progression repeats"),
            ("C | Hx9", "bar 2 of the progression: \"Hx9\" is not a chord"),
        ] {
            let sentence = text.parse::<Progression>().unwrap_err().to_string();
            assert!(sentence.starts_with(complaint), "{sentence}");
        }
        assert_eq!("C |".repeat(2000).parse::<Progression>(), Err(ProgressionError::TooLong));
        let overfull = "C ".repeat(17).parse::<Progression>();
        assert_eq!(overfull, Err(ProgressionError::TooManyChords { number: 1, chords: 17 }));
    }
}
