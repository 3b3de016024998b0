//! Which pitches a line uses, and how it moves between them.

use super::Histogram;
use crate::{Key, Note, Pitch};

/// The share of notes on each pitch class, from C up; all zero without notes. The shares sum to 1.
pub fn class_shares(notes: &[Note]) -> [f64; 12] {
    let mut shares = [0.0; 12];
    for note in notes {
        shares[usize::from(note.pitch.class().semitones())] += 1.0 / notes.len() as f64;
    }
    shares
}

/// How evenly the twelve pitch classes are used, in bits: -Σ p log2 p over [`class_shares`]. 0 for one pitch class
/// alone, 3.58 (log2 12) for all twelve alike; `None` without notes.
pub fn class_entropy(notes: &[Note]) -> Option<f64> {
    let used = class_shares(notes).into_iter().filter(|share| *share > 0.0);
    let bits: f64 = used.map(|share| -share * share.log2()).sum();
    // A sole pitch class gives -0.
    (!notes.is_empty()).then_some(bits.max(0.0))
}

/// How often each pitch occurs, each note counted once however long it is.
pub fn histogram(notes: &[Note]) -> Histogram<Pitch> {
    notes.iter().map(|note| note.pitch).collect()
}

/// How often each step from one note to the next occurs, in semitones, upwards positive.
pub fn intervals(notes: &[Note]) -> Histogram<i32> {
    let pitch = |note: &Note| i32::from(note.pitch.number());
    notes.windows(2).map(|pair| pitch(&pair[1]) - pitch(&pair[0])).collect()
}

/// The share of notes on the pitch of the note before them; `None` with fewer than two notes.
pub fn repeated_share(notes: &[Note]) -> Option<f64> {
    (notes.len() > 1).then(|| intervals(notes).share(&0))
}

/// Highest minus lowest pitch in semitones; `None` without notes.
pub fn range(notes: &[Note]) -> Option<u8> {
    let pitches = || notes.iter().map(|note| note.pitch.number());
    Some(pitches().max()? - pitches().min()?)
}

/// The share of notes that belong to a key's scale (major or natural minor); `None` without notes.
pub fn share_in_key(notes: &[Note], key: Key) -> Option<f64> {
    let inside = notes.iter().filter(|note| key.contains(note.pitch.class())).count();
    (!notes.is_empty()).then(|| inside as f64 / notes.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::means::testing::line;

    #[test]
    fn entropy_is_that_worked_out_by_hand() {
        // Two Cs of four notes, two more classes: 1/2 · 1 + 2 · 1/4 · 2 bits.
        assert_eq!(class_entropy(line("C4:1.0 C5:1.0 E4:1.0 G4:1.0").notes()), Some(1.5));
        assert_eq!(class_entropy(line("C4:1.0 C3:1.0").notes()), Some(0.0));
        assert_eq!(class_entropy(&[]), None);
    }

    #[test]
    fn shares_of_pitches_and_steps_are_those_counted_by_hand() {
        let tune = line("C4:1.0 E4:1.0 R:1.0 G4:1.0 E4:1.0 C4:1.0");
        let shares = class_shares(tune.notes());
        assert_eq!((shares[0], shares[4], shares[7]), (0.4, 0.4, 0.2));
        assert_eq!(histogram(tune.notes()).share(&Pitch::MIDDLE_C), 0.4);
        let steps = intervals(tune.notes());
        assert_eq!(steps.shares().collect::<Vec<_>>(), [(&-4, 0.25), (&-3, 0.25), (&3, 0.25), (&4, 0.25)]);
        assert_eq!(range(tune.notes()), Some(7));
        assert_eq!((range(&[]), intervals(&tune.notes()[..1]).total()), (None, 0));
    }

    #[test]
    fn a_pitch_struck_again_is_repeated() {
        assert_eq!(repeated_share(line("C4:1.0 C4:1.0 R:1.0 C4:1.0 C5:1.0").notes()), Some(2.0 / 3.0));
        assert_eq!(repeated_share(line("C4:1.0").notes()), None);
    }

    #[test]
    fn notes_beside_the_scale_lower_the_share_in_key() {
        let tune = line("C4:1.0 D4:1.0 D#4:1.0 G4:1.0");
        assert_eq!(share_in_key(tune.notes(), Key::C_MAJOR), Some(0.75));
        assert_eq!(share_in_key(tune.notes(), "C minor".parse().unwrap()), Some(1.0));
        assert_eq!(share_in_key(&[], Key::C_MAJOR), None);
    }
}
