//! Whether music that starts from a chord stays with it: the share of the first bar's notes that lie in the chord.

use generator::{Cancel, GenerateError, Generator, Request, Task};
use melody::{Chord, Phrase, PitchClass, Style, Ticks};
use serde::{Deserialize, Serialize};

/// Seeds that each chord is asked with.
pub const SEEDS: u64 = 10;

/// How much of the first bar lies in a chord, the mean over 24 chords and their seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Where the music was to start from the chord.
    pub seeded: f64,
    /// Where nobody said so, in the same key.
    pub unseeded: f64,
}

/// A major and a minor triad on each of the twelve roots.
pub fn chords() -> Vec<Chord> {
    let kinds = ["", "m"];
    let all = PitchClass::all().flat_map(|root| kinds.map(|kind| format!("{root}{kind}")));
    all.filter_map(|symbol| symbol.parse().ok()).collect()
}

/// Asks a model for four bars from each of [`chords`], [`SEEDS`] times with the chord and as often without it, in the key
/// that the model chose with the chord or, where that is none of its controls, in its own.
///
/// # Errors
/// The model fails.
pub fn measure(model: &dyn Generator) -> Result<Share, GenerateError> {
    let (mut seeded, mut unseeded) = (Vec::new(), Vec::new());
    for chord in chords() {
        for seed in 1..=SEEDS {
            let asked = Request { seed, ..question() };
            let first = |request: &Request| -> Result<Option<Phrase>, GenerateError> {
                Ok(model.generate(request, &Cancel::never())?.pop().map(|candidate| candidate.phrase))
            };
            let with = first(&Request { chord: Some(chord.clone()), ..asked.clone() })?;
            let without = first(&asked)?;
            seeded.extend(with.and_then(|phrase| share(&phrase, &chord)));
            unseeded.extend(without.and_then(|phrase| share(&phrase, &chord)));
        }
    }
    let mean = |shares: &[f64]| melody::metrics::means::mean(shares).unwrap_or_default();
    Ok(Share { seeded: mean(&seeded), unseeded: mean(&unseeded) })
}

fn question() -> Request {
    let newcomer = Request::to_continue(Phrase::default());
    Request { task: Task::Fresh, bars: 4, style: Some(Style::Pop), ..newcomer }
}

/// The share of the notes that start in the first bar and lie in the chord; none where no note does.
pub fn share(phrase: &Phrase, chord: &Chord) -> Option<f64> {
    let bar = phrase.between(Ticks::ZERO, phrase.meter.bar());
    let inside = bar.notes().iter().filter(|note| chord.contains(note.pitch.class())).count();
    (!bar.is_empty()).then(|| inside as f64 / bar.notes().len() as f64)
}

#[cfg(test)]
mod tests {
    use melody::{Meter, Note, Pitch, Tempo};

    use super::*;

    #[test]
    fn there_are_twenty_four_chords_on_all_roots() {
        let chords = chords();
        assert_eq!(chords.len(), 24);
        let roots: std::collections::BTreeSet<u8> =
            chords.iter().map(|chord| chord.root().semitones()).collect();
        assert_eq!(roots.len(), 12);
    }

    #[test]
    fn only_the_first_bar_counts() {
        let note = |onset, pitch| Note {
            onset: Ticks(onset),
            length: Ticks::QUARTER,
            pitch: Pitch::new(pitch).unwrap(),
            velocity: 80,
            channel: 0,
        };
        let notes = vec![note(0, 60), note(0, 64), note(960, 65), note(1920, 72), note(3840, 61)];
        let phrase = Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT);
        assert_eq!(share(&phrase, &"C".parse().unwrap()), Some(0.75));
        assert_eq!(share(&Phrase::default(), &"C".parse().unwrap()), None);
    }
}
