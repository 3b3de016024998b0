//! How much a line looks like the tune of a song.
//!
//! The features are among those by which Rizo et al. tell melody tracks from others ("A pattern recognition
//! approach for melody track selection in MIDI files", ISMIR 2006: polyphony, occupation, pitch, intervals);
//! the weights are round numbers, not fitted, tried on POP909 without its track names and on piano music for two
//! hands. Each feature has a reason:
//!
//! | feature | weight | why |
//! | --- | --- | --- |
//! | alone | 4 | a tune is one note at a time; overlaps below a sixteenth are legato |
//! | steps | 4 | tunes repeat notes and move up to a major third; accompaniment leaps between chord notes |
//! | height | 4 | the upper voice is heard as the tune: none at A2 and below, all at G4 and above |
//! | presence | 2 | the tune goes on through most of the song; effects and fills do not |
//! | activity | 1 | a tune has some three notes in four quarters; pads have one |
//!
//! Steps and height are those of the highest note at each onset, for that is what the line will be.

use crate::{Note, Ticks};

/// Four quarters: how finely presence in the song is counted.
const STRETCH: Ticks = Ticks::quarters(4);
/// The mean pitches, as MIDI keys, from which on height counts, and at which it counts fully.
const LOW: f64 = 45.0;
const HIGH: f64 = 67.0;
/// The widest step, in semitones.
const STEP: u8 = 4;
/// A line of fewer pitches than this moves too little to be a tune, however small its steps.
const PITCHES: f64 = 6.0;
/// Notes in a stretch from which on a line counts as fully active.
const ACTIVE: f64 = 3.0;

/// The score of a line in thousandths, whole so that equal lines are equal on every machine. The notes are in order
/// of onset, then pitch; `song_stretches` is [`stretches`] of all lines together.
pub(super) fn score(notes: &[Note], song_stretches: usize) -> i64 {
    let present = stretches(notes);
    let presence = share(present, song_stretches);
    let activity = (share(notes.len(), present) / ACTIVE).min(1.0);
    let total =
        4.0 * alone(notes) + 4.0 * steps(&top(notes)) + 4.0 * height(&top(notes)) + 2.0 * presence + activity;
    (total * 1000.0 / 15.0).round() as i64
}

/// How many stretches of four quarters have a note that starts in them.
pub(super) fn stretches<'a>(notes: impl IntoIterator<Item = &'a Note>) -> usize {
    let mut touched: Vec<Ticks> = notes.into_iter().map(|note| note.onset.floor_to(STRETCH)).collect();
    touched.sort_unstable();
    touched.dedup();
    touched.len()
}

/// The highest note at each onset.
fn top(notes: &[Note]) -> Vec<Note> {
    notes.chunk_by(|a, b| a.onset == b.onset).filter_map(|chord| chord.last().copied()).collect()
}

/// The share of notes that start while no other sounds.
fn alone(notes: &[Note]) -> f64 {
    let mut latest_end = None;
    let mut count = 0;
    for (index, note) in notes.iter().enumerate() {
        let next = notes.get(index + 1).map(|next| next.onset);
        let free = latest_end.is_none_or(|end| end < note.onset + Ticks::SIXTEENTH);
        let in_chord = next == Some(note.onset) || (index > 0 && notes[index - 1].onset == note.onset);
        count += usize::from(free && !in_chord);
        latest_end = latest_end.max(Some(note.end()));
    }
    share(count, notes.len())
}

/// The share of intervals that are steps or repetitions, less where there are hardly any pitches.
fn steps(notes: &[Note]) -> f64 {
    let interval = |pair: &[Note]| pair[0].pitch.number().abs_diff(pair[1].pitch.number());
    let small = notes.windows(2).filter(|pair| interval(pair) <= STEP).count();
    let mut pitches: Vec<_> = notes.iter().map(|note| note.pitch).collect();
    pitches.sort_unstable();
    pitches.dedup();
    share(small, notes.len().saturating_sub(1)) * (pitches.len() as f64 / PITCHES).min(1.0)
}

fn height(notes: &[Note]) -> f64 {
    let sum: usize = notes.iter().map(|note| usize::from(note.pitch.number())).sum();
    ((share(sum, notes.len()) - LOW) / (HIGH - LOW)).clamp(0.0, 1.0)
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pitch;

    fn note(onset: i64, length: i64, pitch: u8) -> Note {
        let pitch = Pitch::new(pitch).unwrap();
        Note { onset: Ticks(onset), length: Ticks(length), pitch, velocity: 90, channel: 0 }
    }

    fn tune() -> Vec<Note> {
        [72, 74, 76, 77, 79, 77, 76, 74, 72, 71, 69, 71]
            .iter()
            .zip(0..)
            .map(|(p, i)| note(i * 960, 960, *p))
            .collect()
    }

    fn changed(change: impl FnMut(Note) -> Vec<Note>) -> Vec<Note> {
        tune().into_iter().flat_map(change).collect()
    }

    #[test]
    fn a_tune_beats_its_bass_its_chords_its_drone_and_its_pad() {
        let whole = stretches(&tune());
        let bass = changed(|n| vec![Note { pitch: Pitch::folded(i32::from(n.pitch.number()) - 36), ..n }]);
        let chords =
            changed(|n| vec![n, Note { pitch: Pitch::folded(i32::from(n.pitch.number()) + 7), ..n }]);
        let drone = changed(|n| vec![Note { pitch: Pitch::new(72).unwrap(), ..n }]);
        let pad: Vec<Note> = tune().into_iter().step_by(4).collect();
        for other in [bass, chords, drone, pad] {
            assert!(score(&tune(), whole) > score(&other, whole));
        }
    }

    #[test]
    fn legato_is_not_taken_for_chords() {
        let legato = changed(|n| vec![Note { length: Ticks(960 + 200), ..n }]);
        assert_eq!(score(&legato, 3), score(&tune(), 3));
    }

    #[test]
    fn a_line_of_one_note_has_a_score() {
        assert!((0..=1000).contains(&score(&[note(0, 1, 127)], 1)));
    }
}
