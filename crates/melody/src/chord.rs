//! Chords from their symbols: `C`, `F#m7`, `Cadd9`, `Bb/D`.
//!
//! A small parser of our own: the registry's chord crates bring audio analysis, a terminal or a runtime with them
//! for what are a page of rules.

mod heard;
mod kind;
mod nearest;
mod triads;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Key, Pitch, PitchClass, pitch, spelling};
use kind::Tones;

/// A chord: a root, the tones above it, and perhaps another bass.
///
/// ```
/// use melody::Chord;
/// let chord: Chord = "Cadd9".parse().unwrap();
/// assert_eq!(chord.intervals(), [0, 4, 7, 14]); // C E G D, the D an octave up
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Chord {
    symbol: String,
    root: PitchClass,
    intervals: Vec<u8>,
    bass: Option<PitchClass>,
}

impl Chord {
    /// The symbol as it was written.
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// The root.
    pub fn root(&self) -> PitchClass {
        self.root
    }

    /// Semitones above the root, rising, the root's 0 first; a ninth is 14.
    pub fn intervals(&self) -> &[u8] {
        &self.intervals
    }

    /// The bass of a slash chord.
    pub fn bass(&self) -> Option<PitchClass> {
        self.bass
    }

    /// Whether the chord holds this pitch class, the bass of a slash chord included.
    pub fn contains(&self, class: PitchClass) -> bool {
        let above = class.above(self.root);
        self.bass == Some(class) || self.intervals.iter().any(|interval| interval % 12 == above)
    }

    /// The kind as it was written, between root and bass: `m7` of `F#m7/E`.
    pub fn kind(&self) -> &str {
        let (_, kind) = spelling::fifths(&self.symbol).unwrap_or((0, ""));
        self.bass.and_then(|_| kind.rsplit_once('/')).map_or(kind, |(kind, _)| kind)
    }

    /// The same chord with root and bass spelt as in a key: Gb in Db major, F# in E major.
    pub fn spelt_in(&self, key: Key) -> Chord {
        let name = |class| spelling::name(spelling::in_key(class, key));
        let bass = self.bass.map(|bass| format!("/{}", name(bass))).unwrap_or_default();
        Chord { symbol: format!("{}{}{bass}", name(self.root), self.kind()), ..self.clone() }
    }

    /// The chord `semitones` higher, its root spelt with the fewest accidentals.
    pub fn transposed(&self, semitones: i32) -> Chord {
        let moved = |class: PitchClass| PitchClass::of(i32::from(class.semitones()) + semitones);
        let moved = Chord { root: moved(self.root), bass: self.bass.map(moved), ..self.clone() };
        moved.spelt_in(Key::C_MAJOR)
    }

    /// The same chord under its other name, F#m7 for Gbm7, where one has a sharp and the other a flat.
    pub fn enharmonic(&self) -> Option<Chord> {
        let (place, kind) = spelling::fifths(&self.symbol)?;
        let other = match place {
            -7..=-2 => place + 12,
            6..=11 => place - 12,
            _ => return None,
        };
        format!("{}{kind}", spelling::name(other)).parse().ok()
    }

    /// Whether both sound alike, however they are written.
    pub fn sounds_like(&self, other: &Chord) -> bool {
        (self.root, &self.intervals, self.bass) == (other.root, &other.intervals, other.bass)
    }

    /// The names of its tones from the root up, spelt as theory has it: F# A C# E for F#m7, a slash bass first.
    pub fn names(&self) -> Vec<String> {
        let root = spelling::fifths(&self.symbol).map_or(0, |(place, _)| place);
        let seventh = self.intervals.iter().any(|interval| matches!(interval, 10 | 11));
        let diminished = self.intervals.starts_with(&[0, 3, 6]) && !seventh;
        let tones =
            self.intervals.iter().map(|interval| spelling::name(root + fifths_of(*interval, diminished)));
        let bass = self.bass.and_then(|_| self.symbol.rsplit_once('/')).map(|(_, bass)| bass.to_owned());
        bass.into_iter().chain(tones).collect()
    }

    /// The chord as keys, the root at the lowest place at or above `floor`, a slash bass below it; tones that leave
    /// MIDI's range are folded back by octaves.
    pub fn pitches(&self, floor: Pitch) -> Vec<Pitch> {
        let root = i32::from(floor.number()) + i32::from(self.root.above(floor.class()));
        let bass = self.bass.map(|bass| Pitch::folded(root - i32::from(self.root.above(bass))));
        let tones = self.intervals.iter().map(|interval| Pitch::folded(root + i32::from(*interval)));
        bass.into_iter().chain(tones).collect()
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.symbol)
    }
}

impl From<Chord> for String {
    fn from(chord: Chord) -> String {
        chord.symbol
    }
}

impl TryFrom<String> for Chord {
    type Error = ChordError;
    fn try_from(symbol: String) -> Result<Chord, ChordError> {
        symbol.parse()
    }
}

/// Steps on the line of fifths from a root to a chord's tone so many semitones above it.
fn fifths_of(interval: u8, diminished: bool) -> i32 {
    match interval {
        // The sixth semitone is a flattened fifth, the eighteenth a raised eleventh; the eighth a raised fifth, the
        // twentieth a flattened thirteenth; nine are a sixth, or the seventh of a diminished chord; fifteen a raised
        // ninth, three a minor third.
        6 => -6,
        8 => 8,
        9 if diminished => -9,
        15 => 9,
        18 => 6,
        _ => (i32::from(interval) * 7 + 5).rem_euclid(12) - 5,
    }
}

/// A text that names no chord.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{text}\" is not a chord that Continuo knows: {}write a root and a kind, such as C, F#m7, Cadd9, Bbmaj7, Gsus4 or D/F#",
    self.hint()
)]
pub struct ChordError {
    /// What was written.
    pub text: String,
    /// The readable symbols nearest to it, the nearest first; empty where nothing was written.
    pub near: Vec<String>,
}

impl ChordError {
    fn hint(&self) -> String {
        match self.near.as_slice() {
            [] => String::new(),
            [only] => format!("did you mean {only}? If not, "),
            [first @ .., last] => format!("did you mean {} or {last}? If not, ", first.join(", ")),
        }
    }
}

impl FromStr for Chord {
    type Err = ChordError;

    fn from_str(text: &str) -> Result<Chord, ChordError> {
        let symbol = text.trim();
        parse(symbol).ok_or_else(|| ChordError { text: symbol.to_owned(), near: nearest::to(symbol) })
    }
}

fn parse(symbol: &str) -> Option<Chord> {
    let (letter, accidental, kind) = pitch::split_name(symbol)?;
    // The slash of C6/9 is no bass.
    let (kind, bass) = match kind.rsplit_once('/') {
        Some((_, "9")) | None => (kind, None),
        Some((kind, bass)) => {
            let (letter, accidental, rest) = pitch::split_name(bass)?;
            (kind, Some(PitchClass::of(letter + accidental)).filter(|_| rest.is_empty()))
        }
    };
    if symbol.contains('/') && bass.is_none() && !symbol.ends_with("/9") {
        return None;
    }
    let intervals = Tones::of_kind(kind)?.rising();
    Some(Chord { symbol: symbol.to_owned(), root: PitchClass::of(letter + accidental), intervals, bass })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intervals(symbol: &str) -> Vec<u8> {
        symbol.parse::<Chord>().unwrap_or_else(|error| panic!("{error}")).intervals().to_vec()
    }

    #[test]
    fn kinds_have_their_tones() {
        let kinds: [(&str, &[u8]); 30] = [
            ("C", &[0, 4, 7]),
            ("Cm", &[0, 3, 7]),
            ("C-", &[0, 3, 7]),
            ("Cadd9", &[0, 4, 7, 14]),
            ("Cmadd9", &[0, 3, 7, 14]),
            ("Cmaj7", &[0, 4, 7, 11]),
            ("CM7", &[0, 4, 7, 11]),
            ("Cj7", &[0, 4, 7, 11]),
            ("C7", &[0, 4, 7, 10]),
            ("Cm7", &[0, 3, 7, 10]),
            ("C-7", &[0, 3, 7, 10]),
            ("CmMaj7", &[0, 3, 7, 11]),
            ("Csus4", &[0, 5, 7]),
            ("Csus", &[0, 5, 7]),
            ("Csus2", &[0, 2, 7]),
            ("C7sus4", &[0, 5, 7, 10]),
            ("Cdim", &[0, 3, 6]),
            ("Cdim7", &[0, 3, 6, 9]),
            ("Co7", &[0, 3, 6, 9]),
            ("Cm7b5", &[0, 3, 6, 10]),
            ("Cø", &[0, 3, 6, 10]),
            ("Caug", &[0, 4, 8]),
            ("C+", &[0, 4, 8]),
            ("C5", &[0, 7]),
            ("C6", &[0, 4, 7, 9]),
            ("C6/9", &[0, 4, 7, 9, 14]),
            ("C9", &[0, 4, 7, 10, 14]),
            ("C7(b9,#9)", &[0, 4, 7, 10, 13, 15]),
            ("C13", &[0, 4, 7, 10, 14, 21]),
            ("C7#11", &[0, 4, 7, 10, 18]),
        ];
        for (symbol, tones) in kinds {
            assert_eq!(intervals(symbol), tones, "{symbol}");
        }
    }

    #[test]
    fn roots_and_basses_are_spelled_either_way() {
        let chord: Chord = "Bb/D".parse().unwrap();
        assert_eq!((chord.root(), chord.bass()), (PitchClass::of(10), Some(PitchClass::of(2))));
        assert_eq!("F#m7".parse::<Chord>().unwrap().root(), PitchClass::of(6));
        assert_eq!("Gbm7".parse::<Chord>().unwrap().root(), PitchClass::of(6));
        let names: Vec<String> = chord.pitches(Pitch::MIDDLE_C).iter().map(Pitch::to_string).collect();
        assert_eq!(names, ["D4", "A#4", "D5", "F5"]);
    }

    #[test]
    fn one_sound_has_two_names() {
        for (left, right) in [("F#m7", "Gbm7"), ("Bb", "A#"), ("C#/E#", "Db/E#"), ("Cb7", "B7")] {
            let (left, right): (Chord, Chord) = (left.parse().unwrap(), right.parse().unwrap());
            assert!(left.sounds_like(&right) && left != right);
        }
        let other =
            |symbol: &str| symbol.parse::<Chord>().unwrap().enharmonic().map(|chord| chord.to_string());
        assert_eq!((other("F#m7"), other("Bbadd9")), (Some("Gbm7".into()), Some("A#add9".into())));
        assert_eq!(other("C"), None);
    }

    #[test]
    fn keys_and_moves_spell_a_chord_anew() {
        let chord: Chord = "C#m7/G#".parse().unwrap();
        assert_eq!(chord.kind(), "m7");
        assert_eq!(chord.spelt_in("Db".parse().unwrap()).symbol(), "Dbm7/Ab");
        assert_eq!(chord.spelt_in("E".parse().unwrap()), chord);
        assert_eq!(chord.transposed(1).symbol(), "Dm7/A");
        assert_eq!("C6/9".parse::<Chord>().unwrap().transposed(-2).symbol(), "Bb6/9");
        for semitones in -12..=12 {
            let moved = chord.transposed(semitones);
            assert!(moved.symbol().parse::<Chord>().unwrap().sounds_like(&moved));
            assert!(moved.transposed(-semitones).sounds_like(&chord));
        }
    }

    #[test]
    fn tones_are_spelt_in_thirds() {
        let names = |symbol: &str| symbol.parse::<Chord>().unwrap().names().join(" ");
        for (symbol, spelt) in [
            ("F#m7", "F# A C# E"),
            ("Gbm7", "Gb Bbb Db Fb"),
            ("Bb/D", "D Bb D F"),
            ("Cdim7", "C Eb Gb Bbb"),
            ("C6", "C E G A"),
            ("Eaug", "E G# B#"),
            ("G7(b9,#11)", "G B D F Ab C#"),
            ("Cadd9", "C E G D"),
        ] {
            assert_eq!(names(symbol), spelt, "{symbol}");
        }
    }

    #[test]
    fn nonsense_is_refused_in_a_sentence() {
        for symbol in ["", "H", "Cfoo", "C/", "C/X", "C/9x", "add9", "C#####", "é", "Cadd", "C7b"] {
            let error = symbol.parse::<Chord>().unwrap_err();
            assert!(error.to_string().contains("is not a chord"), "{symbol}");
        }
    }
}
