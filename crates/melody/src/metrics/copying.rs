//! How much of a line stands in other songs: runs of notes by interval and rhythm, so that key and octave hide nothing.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::{Note, Phrase, Ticks};

/// The finest difference in time between two onsets that counts: a twelfth of a quarter, which sixteenths and sixteenth
/// triplets are whole multiples of.
const FINEST: Ticks = Ticks(Ticks::PER_QUARTER / 12);

/// The runs of so many notes that songs hold, each with the song that holds it.
///
/// A run of n notes is the n - 1 steps between them, each in semitones and in time from onset to onset, to a twelfth
/// of a quarter; where the last note ends is left aside. Runs are kept as 64-bit hashes: among a million of them a
/// wrong match has a chance of 1 in 18 million million.
#[derive(Debug, Clone, Default)]
pub struct Runs {
    notes: usize,
    holders: HashMap<u64, Holder>,
}

/// Which songs hold a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    One(u32),
    Several,
}

impl Runs {
    /// No song yet; runs are to have `notes` notes, at least two.
    pub fn of_notes(notes: usize) -> Runs {
        Runs { notes: notes.max(2), holders: HashMap::new() }
    }

    /// Adds a line of a song; lines of one song share its number.
    pub fn add(&mut self, song: u32, line: &Phrase) {
        for run in runs(line.notes(), self.notes) {
            let holder = self.holders.entry(run).or_insert(Holder::One(song));
            if *holder != Holder::One(song) {
                *holder = Holder::Several;
            }
        }
    }

    /// How many notes a run has.
    pub fn notes(&self) -> usize {
        self.notes
    }

    /// How many different runs the songs hold.
    pub fn len(&self) -> usize {
        self.holders.len()
    }

    /// Whether no song holds a run.
    pub fn is_empty(&self) -> bool {
        self.holders.is_empty()
    }

    /// The share of a line's runs that stand in the songs, 0 to 1; `None` for a line too short to have one.
    pub fn share(&self, line: &Phrase) -> Option<f64> {
        self.count(line, |_| true)
    }

    /// The same for a line of the songs themselves: what stands in its own song alone does not count.
    pub fn share_in_others(&self, song: u32, line: &Phrase) -> Option<f64> {
        self.count(line, |holder| holder != Holder::One(song))
    }

    fn count(&self, line: &Phrase, counts: impl Fn(Holder) -> bool) -> Option<f64> {
        let found = |run| self.holders.get(&run).is_some_and(|holder| counts(*holder));
        let (mut all, mut copied) = (0_usize, 0_usize);
        for run in runs(line.notes(), self.notes) {
            all += 1;
            copied += usize::from(found(run));
        }
        (all > 0).then(|| copied as f64 / all as f64)
    }
}

/// The hash of each run, in order.
fn runs(notes: &[Note], length: usize) -> impl Iterator<Item = u64> + '_ {
    notes.windows(length).map(|run| {
        let mut hasher = DefaultHasher::new();
        steps(run).for_each(|(interval, wait)| (interval, wait.0).hash(&mut hasher));
        hasher.finish()
    })
}

/// From each note to the next: semitones, and the time between their beginnings to a twelfth of a quarter.
pub(super) fn steps(notes: &[Note]) -> impl Iterator<Item = (i16, Ticks)> + '_ {
    notes.windows(2).map(|pair| {
        let interval = i16::from(pair[1].pitch.number()) - i16::from(pair[0].pitch.number());
        (interval, (pair[1].onset - pair[0].onset).round_to(FINEST))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::means::testing::line;

    fn songs(texts: &[&str]) -> Runs {
        let mut runs = Runs::of_notes(3);
        for (song, text) in (0..).zip(texts) {
            runs.add(song, &line(text));
        }
        runs
    }

    #[test]
    fn a_transposed_copy_is_a_copy_and_another_rhythm_is_none() {
        let songs = songs(&["C4:1.0 D4:1.0 E4:1.0 F4:2.0"]);
        assert_eq!(songs.len(), 2);
        // Up a fourth, the last note of another length.
        assert_eq!(songs.share(&line("F4:1.0 G4:1.0 A4:1.0 A#4:1.0")), Some(1.0));
        assert_eq!(songs.share(&line("C4:0.5 D4:0.5 E4:0.5 F4:2.0")), Some(0.0));
        // Of the runs CDE, DEG only the first stands there.
        assert_eq!(songs.share(&line("C4:1.0 D4:1.0 E4:1.0 G4:1.0")), Some(0.5));
        assert_eq!(songs.share(&line("C4:1.0 D4:1.0")), None);
    }

    #[test]
    fn a_song_is_no_copy_of_itself() {
        let tune = "C4:1.0 D4:1.0 E4:1.0 C4:1.0";
        let songs = songs(&[tune, "G4:1.0 A4:1.0 B4:1.0 C4:1.0"]);
        assert_eq!(songs.share(&line(tune)), Some(1.0));
        assert_eq!(songs.share_in_others(0, &line(tune)), Some(0.5));
    }

    #[test]
    fn a_sloppy_copy_is_still_one() {
        let songs = songs(&["C4:1.0 D4:1.0 E4:1.0"]);
        let late = line("C4:1.0 D4:1.0 E4:1.0").map_notes(|note| note.shifted(Ticks(note.onset.0 / 40)));
        assert_eq!(songs.share(&late), Some(1.0));
    }
}
