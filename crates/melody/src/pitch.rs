//! Pitches as MIDI counts them (60 is C4) and pitch classes, with their names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const SHARP_NAMES: [&str; 12] = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];

/// A MIDI key number from 0 to 127; 60 is C4.
///
/// ```
/// use melody::Pitch;
/// assert_eq!("D#5".parse::<Pitch>().unwrap().number(), 75);
/// assert_eq!(Pitch::MIDDLE_C.transposed(-1).unwrap().to_string(), "B3");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Pitch(u8);

impl Pitch {
    /// C4, MIDI key 60.
    pub const MIDDLE_C: Pitch = Pitch(60);
    /// The lowest pitch of MIDI, C-1.
    pub const LOWEST: Pitch = Pitch(0);
    /// The highest pitch of MIDI, G9.
    pub const HIGHEST: Pitch = Pitch(127);

    /// The pitch with this MIDI key number, if there is one.
    pub const fn new(number: u8) -> Option<Pitch> {
        if number < 128 { Some(Pitch(number)) } else { None }
    }

    /// The pitch with this MIDI key number, moved by octaves into 0..=127 where it lies outside.
    pub fn folded(number: i32) -> Pitch {
        let class = number.rem_euclid(12);
        match number {
            ..0 => Pitch(class as u8),
            128.. => Pitch(if class < 8 { 120 + class as u8 } else { 108 + class as u8 }),
            _ => Pitch(number as u8),
        }
    }

    /// The MIDI key number, 0 to 127.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The pitch class, 0 (C) to 11 (B).
    pub const fn class(self) -> PitchClass {
        PitchClass(self.0 % 12)
    }

    /// This pitch moved by `semitones`, unless that leaves MIDI's range.
    pub fn transposed(self, semitones: i32) -> Option<Pitch> {
        u8::try_from(i32::from(self.0) + semitones).ok().and_then(Pitch::new)
    }
}

impl TryFrom<u8> for Pitch {
    type Error = String;
    fn try_from(number: u8) -> Result<Pitch, String> {
        Pitch::new(number).ok_or_else(|| format!("{number} is not a MIDI key from 0 to 127"))
    }
}

impl From<Pitch> for u8 {
    fn from(pitch: Pitch) -> u8 {
        pitch.0
    }
}

/// The name with its octave, sharps only: `C4`, `D#5`.
impl fmt::Display for Pitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.class(), i32::from(self.0 / 12) - 1)
    }
}

/// Reads a name with an octave, sharps or flats: `C4`, `Eb5`, `F#-1`.
impl FromStr for Pitch {
    type Err = ParsePitchError;

    fn from_str(text: &str) -> Result<Pitch, ParsePitchError> {
        let refuse = || ParsePitchError(text.to_owned());
        let (letter, accidental, octave) = split_name(text).ok_or_else(refuse)?;
        let octave: i32 = octave.parse().map_err(|_| refuse())?;
        let number = octave.checked_add(1).and_then(|o| o.checked_mul(12)).ok_or_else(refuse)?;
        let number = number.checked_add(letter + accidental).ok_or_else(refuse)?;
        u8::try_from(number).ok().and_then(Pitch::new).ok_or_else(refuse)
    }
}

/// A text that names no pitch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a pitch such as C4, D#5 or Bb3")]
pub struct ParsePitchError(String);

/// One of the twelve pitch classes, 0 (C) to 11 (B).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PitchClass(u8);

impl PitchClass {
    /// The class of any number of semitones above C.
    pub const fn of(semitones: i32) -> PitchClass {
        PitchClass(semitones.rem_euclid(12) as u8)
    }

    /// Semitones above C, 0 to 11.
    pub const fn semitones(self) -> u8 {
        self.0
    }

    /// Semitones up from `root` to this class, 0 to 11.
    pub const fn above(self, root: PitchClass) -> u8 {
        (self.0 + 12 - root.0) % 12
    }

    /// All twelve, from C up.
    pub fn all() -> impl Iterator<Item = PitchClass> {
        (0..12).map(PitchClass)
    }
}

/// The name with sharps: `C`, `F#`.
impl fmt::Display for PitchClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SHARP_NAMES[usize::from(self.0)])
    }
}

/// Splits `Eb5` into the letter's semitones above C (4), the accidental's semitones (-1) and the rest (`5`).
pub(crate) fn split_name(text: &str) -> Option<(i32, i32, &str)> {
    let letter = text.chars().next()?;
    let semitones = match letter {
        'C' => 0,
        'D' => 2,
        'E' => 4,
        'F' => 5,
        'G' => 7,
        'A' => 9,
        'B' => 11,
        _ => return None,
    };
    let mut rest = &text[1..];
    let mut accidental = 0;
    while let Some(mark) = rest.chars().next() {
        match mark {
            '#' | '♯' => accidental += 1,
            'b' | '♭' => accidental -= 1,
            _ => break,
        }
        if i32::abs(accidental) > 2 {
            return None;
        }
        rest = &rest[mark.len_utf8()..];
    }
    Some((semitones, accidental, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pitch_is_read_back_from_its_name() {
        for number in 0..128 {
            let pitch = Pitch::new(number).unwrap();
            assert_eq!(pitch.to_string().parse(), Ok(pitch));
        }
    }

    #[test]
    fn flats_are_understood_and_nonsense_refused() {
        assert_eq!("Bb3".parse(), Ok(Pitch(58)));
        assert_eq!("Cb4".parse(), Ok(Pitch(59)));
        for text in ["", "H4", "C", "C99", "C####4", "c4", "C4x", "é4"] {
            assert!(text.parse::<Pitch>().is_err(), "{text}");
        }
    }

    #[test]
    fn folding_keeps_the_pitch_class() {
        for number in -60..200 {
            assert_eq!(Pitch::folded(number).class(), PitchClass::of(number), "{number}");
        }
    }
}
