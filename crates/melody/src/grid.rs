//! The grid of sixteenths and eighth/sixteenth triplets that free playing is put on.

use crate::{Note, Phrase, Ticks};

/// Sixteenths: 240 ticks.
const STRAIGHT: Ticks = Ticks::SIXTEENTH;
/// Sixteenth triplets: 160 ticks; eighth triplets are every second of them.
const TRIPLET: Ticks = Ticks(160);

/// Puts each beat's notes on sixteenths or on triplets, whichever lies nearer to what was played in that beat;
/// ends go to the grid of the beat that they fall in.
///
/// Straight wins a tie, and triplets must fit clearly better (by half), so that sloppy sixteenths stay sixteenths.
/// A note never becomes shorter than one step of its grid. Notes of one pitch that land on one another are merged,
/// the harder one staying.
///
/// ```
/// use melody::{grid, Meter, Note, Phrase, Pitch, Tempo, Ticks};
/// let played = Note { onset: Ticks(13), length: Ticks(455), pitch: Pitch::MIDDLE_C, velocity: 90, channel: 0 };
/// let phrase = grid::quantise(&Phrase::new(vec![played], Meter::COMMON, Tempo::DEFAULT));
/// assert_eq!((phrase.notes()[0].onset, phrase.notes()[0].length), (Ticks(0), Ticks(480)));
/// ```
pub fn quantise(phrase: &Phrase) -> Phrase {
    let grid = Grid::fit(phrase);
    let mut notes: Vec<Note> = phrase.notes().iter().map(|note| grid.place(note)).collect();
    notes.sort_by_key(|note| (note.onset, note.channel, note.pitch, std::cmp::Reverse(note.velocity)));
    notes.dedup_by_key(|note| (note.onset, note.channel, note.pitch));
    Phrase::new(notes, phrase.meter, phrase.tempo).lasting(phrase.length().round_to(STRAIGHT))
}

/// The step of each quarter of a phrase.
struct Grid {
    steps: Vec<Ticks>,
}

impl Grid {
    fn fit(phrase: &Phrase) -> Grid {
        let beats = phrase.length().ceil_to(Ticks::QUARTER).0 / Ticks::PER_QUARTER + 1;
        let mut misses = vec![(0_i64, 0_i64); usize::try_from(beats).unwrap_or(0)];
        for note in phrase.notes() {
            // An onset just before a beat belongs to that beat: both grids have it, so it decides nothing.
            if let Some((straight, triplet)) = misses.get_mut(beat_of(note.onset)) {
                *straight += note.onset.distance(note.onset.round_to(STRAIGHT)).0;
                *triplet += note.onset.distance(note.onset.round_to(TRIPLET)).0;
            }
        }
        let choose =
            |(straight, triplet): (i64, i64)| if triplet * 2 < straight { TRIPLET } else { STRAIGHT };
        Grid { steps: misses.into_iter().map(choose).collect() }
    }

    fn place(&self, note: &Note) -> Note {
        let onset = note.onset.round_to(self.step(note.onset));
        let end = note.end().round_to(self.step(note.end()));
        Note { onset, length: (end - onset).max(self.step(note.onset)), ..*note }
    }

    fn step(&self, time: Ticks) -> Ticks {
        self.steps.get(beat_of(time)).copied().unwrap_or(STRAIGHT)
    }
}

fn beat_of(time: Ticks) -> usize {
    usize::try_from(time.0.div_euclid(Ticks::PER_QUARTER)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Meter, Pitch, Tempo};

    fn played(onsets: &[i64], length: i64) -> Phrase {
        let note = |onset: &i64| Note {
            onset: Ticks(*onset),
            length: Ticks(length),
            pitch: Pitch::MIDDLE_C,
            velocity: 80,
            channel: 0,
        };
        Phrase::new(onsets.iter().map(note).collect(), Meter::COMMON, Tempo::DEFAULT)
    }

    fn onsets(phrase: &Phrase) -> Vec<i64> {
        phrase.notes().iter().map(|note| note.onset.0).collect()
    }

    #[test]
    fn sloppy_sixteenths_and_triplets_are_told_apart_beat_by_beat() {
        let straight_then_triplet = played(&[10, 230, 470, 730, 955, 1290, 1610], 100);
        assert_eq!(onsets(&quantise(&straight_then_triplet)), [0, 240, 480, 720, 960, 1280, 1600]);
    }

    #[test]
    fn what_is_on_the_grid_stays() {
        let exact = played(&[0, 240, 960, 1280, 1600, 1920], 240);
        assert_eq!(onsets(&quantise(&exact)), onsets(&exact));
    }

    #[test]
    fn no_note_vanishes_and_doubled_ones_become_one() {
        let grace = quantise(&played(&[0, 5, 480], 3));
        assert_eq!(onsets(&grace), [0, 480]);
        assert!(grace.notes().iter().all(|note| note.length >= TRIPLET));
    }

    proptest::proptest! {
        #[test]
        fn notes_once_on_the_grid_start_there_again(
            played in proptest::collection::vec((0..8000_i64, 1..2000_i64, 60..64_u8, 1..128_u8), 0..12),
        ) {
            let note = |(onset, length, key, velocity)| {
                let pitch = Pitch::new(key).unwrap();
                Note { onset: Ticks(onset), length: Ticks(length), pitch, velocity, channel: 0 }
            };
            let notes = played.into_iter().map(note).collect();
            let once = quantise(&Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT));
            let starts = |phrase: &Phrase| -> Vec<_> {
                phrase.notes().iter().map(|note| (note.onset, note.pitch, note.velocity)).collect()
            };
            proptest::prop_assert_eq!(starts(&quantise(&once)), starts(&once));
        }
    }
}
