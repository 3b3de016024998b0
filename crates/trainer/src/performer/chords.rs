//! Whether music that starts from a chord stays with it: the share of the first bar's notes that lie in the chord.

use generator::{Cancel, GenerateError, Generator, KeyLock, Knob, Request, Task};
use melody::{Chord, Key, Mode, Phrase, PitchClass, Style, Ticks};
use serde::{Deserialize, Serialize};

/// Seeds that each chord is asked with, unless in a hurry.
pub const SEEDS: u64 = 10;

/// How much of the first bar lies in a chord, the mean over 24 chords and their seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Where the music was to start from the chord.
    pub seeded: f64,
    /// Where nobody said so. Each pitch class lies in six of the 24 chords, so that this is a quarter for any music.
    pub unseeded: f64,
    /// Where the key was asked for whose tonic chord it is, and not the chord; none for a model that heeds no key.
    pub in_key: Option<f64>,
}

/// A major and a minor triad on each of the twelve roots.
pub fn chords() -> Vec<Chord> {
    let kinds = ["", "m"];
    let all = PitchClass::all().flat_map(|root| kinds.map(|kind| format!("{root}{kind}")));
    all.filter_map(|symbol| symbol.parse().ok()).collect()
}

/// Asks a model for four bars from each of [`chords`] with each of so many seeds, as often without a chord, and as often
/// in the chord's key alone.
///
/// # Errors
/// The model fails.
pub fn measure(model: &dyn Generator, seeds: u64) -> Result<Share, GenerateError> {
    let heeds_keys = model.card().knobs.contains(&Knob::KeyLock);
    let without = pieces(model, &question(), seeds)?;
    let (mut seeded, mut unseeded, mut in_key) = (Vec::new(), Vec::new(), Vec::new());
    for chord in chords() {
        let shares = |pieces: &[Phrase]| -> Vec<f64> {
            pieces.iter().filter_map(|phrase| share(phrase, &chord)).collect()
        };
        seeded.extend(shares(&pieces(model, &Request { chord: Some(chord.clone()), ..question() }, seeds)?));
        unseeded.extend(shares(&without));
        if heeds_keys {
            in_key.extend(shares(&pieces(
                model,
                &Request { key_lock: key_of(&chord), ..question() },
                seeds,
            )?));
        }
    }
    let mean = |shares: &[f64]| melody::metrics::means::mean(shares);
    Ok(Share {
        seeded: mean(&seeded).unwrap_or_default(),
        unseeded: mean(&unseeded).unwrap_or_default(),
        in_key: mean(&in_key),
    })
}

/// A piece from each seed.
fn pieces(model: &dyn Generator, request: &Request, seeds: u64) -> Result<Vec<Phrase>, GenerateError> {
    let one = |seed| -> Result<Option<Phrase>, GenerateError> {
        let mut candidates = model.generate(&Request { seed, ..request.clone() }, &Cancel::never())?;
        Ok(candidates.pop().map(|candidate| candidate.phrase))
    };
    (1..=seeds).filter_map(|seed| one(seed).transpose()).collect()
}

/// The key whose tonic triad this is.
fn key_of(triad: &Chord) -> KeyLock {
    let mode = if triad.kind() == "m" { Mode::Minor } else { Mode::Major };
    KeyLock::Fixed(Key { tonic: triad.root(), mode })
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
    fn each_triad_lies_in_its_key() {
        for chord in chords() {
            let KeyLock::Fixed(key) = key_of(&chord) else { panic!("{} has no key", chord.symbol()) };
            let tones = chord.intervals().iter().map(|interval| key.tonic.semitones() + interval);
            assert!(tones.into_iter().all(|tone| key.contains(PitchClass::of(i32::from(tone)))));
            assert_eq!(Ok(key), chord.symbol().parse());
        }
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
