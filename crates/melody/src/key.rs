//! Keys, and finding the key of a melody by the Krumhansl-Schmuckler method.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Note, PitchClass, pitch};

/// Krumhansl and Kessler's probe-tone ratings of the twelve degrees above a major tonic (1982).
const MAJOR_PROFILE: [f64; 12] = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
/// The same ratings above a minor tonic.
const MINOR_PROFILE: [f64; 12] = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

/// How the tonics of major keys are written, from C up.
const MAJOR_TONICS: [&str; 12] = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
/// How the tonics of minor keys are written, from C up.
const MINOR_TONICS: [&str; 12] = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"];

/// Major or (natural) minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Major.
    Major,
    /// Natural minor.
    Minor,
}

/// A tonic and a mode.
///
/// ```
/// use melody::Key;
/// let key: Key = "F# minor".parse().unwrap();
/// assert_eq!(key.to_string(), "F# minor");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The tonic.
    pub tonic: PitchClass,
    /// The mode.
    pub mode: Mode,
}

impl Key {
    /// C major, where keys in doubt end up.
    pub const C_MAJOR: Key = Key { tonic: PitchClass::of(0), mode: Mode::Major };

    /// All 24 keys, major first, from C up.
    pub fn all() -> impl Iterator<Item = Key> {
        let modes = [Mode::Major, Mode::Minor];
        modes.into_iter().flat_map(|mode| PitchClass::all().map(move |tonic| Key { tonic, mode }))
    }

    /// The key whose profile goes best with how long each pitch class sounds (Krumhansl, 1990, chapter 4:
    /// the highest Pearson correlation). `None` without notes; a sole pitch class is taken as a major tonic.
    pub fn estimate(notes: &[Note]) -> Option<Key> {
        let mut durations = [0.0; 12];
        for note in notes.iter().filter(|note| note.channel != 9) {
            durations[usize::from(note.pitch.class().semitones())] += note.length.as_quarters();
        }
        if durations.iter().all(|sounding| *sounding == 0.0) {
            return None;
        }
        let fit = |key: &Key| correlation(&durations, &key.profile());
        Key::all().reduce(|best, key| if fit(&key) > fit(&best) { key } else { best })
    }

    /// Whether the scale (major or natural minor) holds this pitch class.
    pub fn contains(&self, class: PitchClass) -> bool {
        let degrees: &[u8] = match self.mode {
            Mode::Major => &[0, 2, 4, 5, 7, 9, 11],
            Mode::Minor => &[0, 2, 3, 5, 7, 8, 10],
        };
        degrees.contains(&class.above(self.tonic))
    }

    /// The expected weight of each pitch class, from C up.
    fn profile(&self) -> [f64; 12] {
        let degrees = match self.mode {
            Mode::Major => MAJOR_PROFILE,
            Mode::Minor => MINOR_PROFILE,
        };
        std::array::from_fn(|class| degrees[usize::from(PitchClass::of(class as i32).above(self.tonic))])
    }
}

/// Spelled with the fewest accidentals in its signature: `Bb minor`, `F# major`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tonics, mode) = match self.mode {
            Mode::Major => (MAJOR_TONICS, "major"),
            Mode::Minor => (MINOR_TONICS, "minor"),
        };
        write!(f, "{} {mode}", tonics[usize::from(self.tonic.semitones())])
    }
}

/// Reads `C`, `Am`, `Bb major`, `f# minor`.
impl FromStr for Key {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Key, ParseKeyError> {
        let refuse = || ParseKeyError(text.to_owned());
        let mut capital = text.trim().to_owned();
        if let Some(first) = capital.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let (letter, accidental, mode) = pitch::split_name(&capital).ok_or_else(refuse)?;
        let mode = match mode.trim() {
            "" | "major" | "maj" | "M" => Mode::Major,
            "m" | "minor" | "min" => Mode::Minor,
            _ => return Err(refuse()),
        };
        Ok(Key { tonic: PitchClass::of(letter + accidental), mode })
    }
}

/// A text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a key such as C, Am, Bb major or F# minor")]
pub struct ParseKeyError(String);

fn correlation(left: &[f64; 12], right: &[f64; 12]) -> f64 {
    let centred = |values: &[f64; 12]| {
        let mean = values.iter().sum::<f64>() / 12.0;
        values.map(|value| value - mean)
    };
    let (left, right) = (centred(left), centred(right));
    let product = |a: &[f64; 12], b: &[f64; 12]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let spread = (product(&left, &left) * product(&right, &right)).sqrt();
    if spread == 0.0 { 0.0 } else { product(&left, &right) / spread }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Pitch, Ticks};

    fn notes(pitches: &[u8]) -> Vec<Note> {
        let note = |(index, pitch): (usize, &u8)| Note {
            onset: Ticks::QUARTER * index as i64,
            length: Ticks::QUARTER,
            pitch: Pitch::new(*pitch).unwrap(),
            velocity: 80,
            channel: 0,
        };
        pitches.iter().enumerate().map(note).collect()
    }

    #[test]
    fn tunes_are_heard_in_their_keys() {
        let twinkle = [60, 60, 67, 67, 69, 69, 67, 65, 65, 64, 64, 62, 62, 60];
        for shift in 0..12 {
            let moved: Vec<u8> = twinkle.iter().map(|pitch| pitch + shift).collect();
            let key = Key::estimate(&notes(&moved)).unwrap();
            assert_eq!(key, Key { tonic: PitchClass::of(i32::from(shift)), mode: Mode::Major });
        }
        let minor = [69, 71, 72, 74, 76, 76, 77, 76, 74, 72, 71, 69, 68, 69, 69];
        assert_eq!(Key::estimate(&notes(&minor)).unwrap().to_string(), "A minor");
    }

    #[test]
    fn silence_and_drums_have_no_key() {
        assert_eq!(Key::estimate(&[]), None);
        let drums: Vec<Note> = notes(&[36, 38]).into_iter().map(|n| Note { channel: 9, ..n }).collect();
        assert_eq!(Key::estimate(&drums), None);
    }

    #[test]
    fn names_are_read_generously() {
        for (text, name) in
            [("c", "C major"), ("Bbm", "Bb minor"), ("f# minor", "F# minor"), ("E maj", "E major")]
        {
            assert_eq!(text.parse::<Key>().unwrap().to_string(), name);
        }
        for text in ["", "H", "C dorian", "é"] {
            assert!(text.parse::<Key>().is_err());
        }
    }

    #[test]
    fn scales_hold_seven_tones() {
        for key in Key::all() {
            assert_eq!(PitchClass::all().filter(|class| key.contains(*class)).count(), 7);
        }
    }

    #[test]
    fn each_key_is_read_as_it_is_written() {
        assert!(Key::all().all(|key| key.to_string().parse::<Key>().unwrap() == key));
        assert_eq!("A# minor".parse::<Key>().unwrap().to_string(), "Bb minor");
        assert_eq!("G# major".parse::<Key>().unwrap().to_string(), "Ab major");
    }
}
