//! Chords from their symbols: `C`, `F#m7`, `Cadd9`, `Bb/D`.
//!
//! A small parser of our own: the registry's chord crates bring audio analysis, a terminal or a runtime with them
//! for what are a page of rules.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Pitch, PitchClass, pitch};

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

/// A text that names no chord.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a chord that Continuo knows: write a root and a kind, such as C, F#m7, Cadd9, Bbmaj7, Gsus4 or D/F#"
)]
pub struct ChordError(pub String);

impl FromStr for Chord {
    type Err = ChordError;

    fn from_str(text: &str) -> Result<Chord, ChordError> {
        let symbol = text.trim();
        parse(symbol).ok_or_else(|| ChordError(symbol.to_owned()))
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

/// The tones of a chord while its symbol is read: at most one of each degree.
#[derive(Debug, Clone, Copy, Default)]
struct Tones {
    /// Semitones of the second or third, fourth, fifth, sixth, seventh, ninth, eleventh and thirteenth.
    third: Option<u8>,
    fourth: Option<u8>,
    fifth: Option<u8>,
    sixth: Option<u8>,
    seventh: Option<u8>,
    ninth: [Option<u8>; 2],
    eleventh: Option<u8>,
    thirteenth: Option<u8>,
}

impl Tones {
    fn of_kind(kind: &str) -> Option<Tones> {
        let kind: String = kind.chars().filter(|mark| !matches!(mark, '(' | ')' | ' ' | ',')).collect();
        let (mut tones, mut rest) = Tones::triad(&kind);
        rest = tones.extend(rest);
        while !rest.is_empty() {
            rest = tones.alter(rest)?;
        }
        Some(tones)
    }

    /// The triad that a kind begins with, and what follows it.
    fn triad(kind: &str) -> (Tones, &str) {
        // Longer marks stand before their own beginnings. The seventh of dim7 is a semitone flatter.
        const TRIADS: [(&str, u8, u8, u8); 14] = [
            ("maj", 4, 7, 11),
            ("Maj", 4, 7, 11),
            ("min", 3, 7, 10),
            ("dim", 3, 6, 9),
            ("aug", 4, 8, 10),
            ("M", 4, 7, 11),
            ("Δ", 4, 7, 11),
            ("j", 4, 7, 11),
            ("m", 3, 7, 10),
            ("-", 3, 7, 10),
            ("°", 3, 6, 9),
            ("o", 3, 6, 9),
            ("ø", 3, 6, 10),
            ("+", 4, 8, 10),
        ];
        let found = TRIADS.iter().find_map(|triad| kind.strip_prefix(triad.0).map(|rest| (triad, rest)));
        let (mark, third, fifth, seventh, rest) = match found {
            Some((&(mark, third, fifth, seventh), rest)) => (mark, third, fifth, seventh, rest),
            None => ("", 4, 7, 10, kind),
        };
        let mut tones = Tones { third: Some(third), fifth: Some(fifth), ..Tones::default() };
        let named = rest.starts_with(['7', '9', '1']) || matches!(mark, "ø" | "Δ");
        let (seventh, rest) =
            match rest.strip_prefix("Maj").or(rest.strip_prefix("maj")).or(rest.strip_prefix('M')) {
                Some(after) if third == 3 && after.starts_with(['7', '9', '1']) => (Some(11), after),
                _ => (named.then_some(seventh), rest),
            };
        tones.seventh = seventh;
        (tones, rest)
    }

    /// Reads the number after the triad: 5, 6, 6/9, 69, 7, 9, 11, 13.
    fn extend<'a>(&mut self, rest: &'a str) -> &'a str {
        for number in ["6/9", "69", "13", "11", "9", "7", "6", "5"] {
            let Some(after) = rest.strip_prefix(number) else { continue };
            match number {
                "5" => self.third = None,
                "6" => self.sixth = Some(9),
                "6/9" | "69" => (self.sixth, self.ninth[0]) = (Some(9), Some(14)),
                _ => {}
            }
            if matches!(number, "9" | "11" | "13") {
                self.ninth[0] = Some(14);
            }
            if number == "11" {
                self.eleventh = Some(17);
            }
            if number == "13" {
                self.thirteenth = Some(21);
            }
            return after;
        }
        rest
    }

    /// Reads one change: sus2, sus4, sus, add9, b5, #11, no3 and their like.
    fn alter<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        if let Some(after) = rest.strip_prefix("sus2") {
            (self.third, self.fourth) = (Some(2), None);
            return Some(after);
        }
        if let Some(after) = rest.strip_prefix("sus4").or(rest.strip_prefix("sus")) {
            (self.third, self.fourth) = (None, Some(5));
            return Some(after);
        }
        if let Some(after) = rest.strip_prefix("no3").or(rest.strip_prefix("omit3")) {
            self.third = None;
            return Some(after);
        }
        if let Some(after) = rest.strip_prefix("no5").or(rest.strip_prefix("omit5")) {
            self.fifth = None;
            return Some(after);
        }
        let added = rest.strip_prefix("add");
        let rest = added.unwrap_or(rest);
        let (shift, rest) = match rest.chars().next()? {
            'b' | '♭' => (-1, rest.trim_start_matches(['b', '♭'])),
            '#' | '♯' => (1, rest.trim_start_matches(['#', '♯'])),
            _ if added.is_some() => (0, rest),
            _ => return None,
        };
        self.set_degree(shift, rest)
    }

    fn set_degree<'a>(&mut self, shift: i8, rest: &'a str) -> Option<&'a str> {
        for (number, semitones) in
            [("13", 21), ("11", 17), ("9", 14), ("6", 9), ("5", 7), ("4", 5), ("2", 14)]
        {
            let Some(after) = rest.strip_prefix(number) else { continue };
            let tone = Some(u8::checked_add_signed(semitones, shift)?);
            match number {
                "13" => self.thirteenth = tone,
                "11" => self.eleventh = tone,
                "9" | "2" if self.ninth[0].is_some_and(|ninth| ninth != 14) => self.ninth[1] = tone,
                "9" | "2" => self.ninth[0] = tone,
                "6" => self.sixth = tone,
                "5" => self.fifth = tone,
                _ => self.fourth = tone,
            }
            return Some(after);
        }
        None
    }

    fn rising(self) -> Vec<u8> {
        let degrees = [
            Some(0),
            self.third,
            self.fourth,
            self.fifth,
            self.sixth,
            self.seventh,
            self.ninth[0],
            self.ninth[1],
            self.eleventh,
            self.thirteenth,
        ];
        let mut intervals: Vec<u8> = degrees.into_iter().flatten().collect();
        intervals.sort_unstable();
        intervals
    }
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
    fn nonsense_is_refused_in_a_sentence() {
        for symbol in ["", "H", "Cfoo", "C/", "C/X", "C/9x", "add9", "C#####", "é", "Cadd", "C7b"] {
            let error = symbol.parse::<Chord>().unwrap_err();
            assert!(error.to_string().contains("is not a chord"), "{symbol}");
        }
    }
}
