//! Songs that are the same music under two names, found by what they share.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{Hash, Hasher};

use super::Melody;

/// How many steps from note to note, each with its interval and its time, are compared at once.
const STEPS: usize = 12;
/// Songs that share this many percent of the shorter one's runs of [`STEPS`] are one song ...
const SHARED: usize = 30;
/// ... if these are at least so many.
const AT_LEAST: usize = 8;
/// Runs that stand in more songs than this are common property.
const COMMON: usize = 12;

/// Gives songs that are the same music one name: the first of theirs, in order.
///
/// Hymns stand in song books, tunes are known by several titles, songs are published twice: a split by name alone
/// would put such twins on both sides. Transposition does not hide them.
pub fn unite(melodies: &mut [Melody]) {
    let names = names(melodies);
    for melody in melodies {
        if let Some(name) = names.get(&melody.song) {
            melody.song.clone_from(name);
        }
    }
}

/// New names for those songs that need one.
fn names(melodies: &[Melody]) -> BTreeMap<String, String> {
    let mut runs = BTreeMap::<&str, BTreeSet<u64>>::new();
    for melody in melodies {
        runs.entry(&melody.song).or_default().extend(runs_of(melody));
    }
    let mut names = BTreeMap::<String, String>::new();
    for ((left, right), shared) in shared(&runs) {
        let shorter = runs[left].len().min(runs[right].len());
        if shared >= AT_LEAST && shared * 100 >= shorter * SHARED {
            let name = |song: &str| names.get(song).cloned().unwrap_or_else(|| song.to_owned());
            let (left, right) = (name(left), name(right));
            let (name, other) = if left < right { (left, right) } else { (right, left) };
            names.values_mut().filter(|value| **value == other).for_each(|value| value.clone_from(&name));
            names.insert(other, name.clone());
            names.insert(name.clone(), name);
        }
    }
    names
}

fn runs_of(melody: &Melody) -> impl Iterator<Item = u64> {
    let steps = melody.phrase.notes().windows(2).map(|pair| {
        let interval = i32::from(pair[1].pitch.number()) - i32::from(pair[0].pitch.number());
        (interval, pair[1].onset - pair[0].onset)
    });
    let steps: Vec<_> = steps.collect();
    let runs: Vec<u64> = steps.windows(STEPS).map(fingerprint).collect();
    runs.into_iter()
}

fn fingerprint(run: &[impl Hash]) -> u64 {
    let mut hasher = DefaultHasher::new();
    run.hash(&mut hasher);
    hasher.finish()
}

/// How many runs each two songs share, for those that share any.
fn shared<'a>(runs: &BTreeMap<&'a str, BTreeSet<u64>>) -> BTreeMap<(&'a str, &'a str), usize> {
    let mut holders = HashMap::<u64, Vec<&'a str>>::new();
    for (song, runs) in runs {
        for run in runs {
            holders.entry(*run).or_default().push(song);
        }
    }
    let mut shared = BTreeMap::new();
    for songs in holders.values().filter(|songs| songs.len() <= COMMON) {
        for (index, left) in songs.iter().enumerate() {
            for right in &songs[index + 1..] {
                *shared.entry((*left, *right)).or_default() += 1;
            }
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use melody::{Meter, Note, Phrase, Pitch, Tempo, Ticks};

    use super::*;
    use crate::corpus::Source;

    fn song(name: &str, pitches: impl Iterator<Item = u8>) -> Melody {
        let note = |(index, pitch): (usize, u8)| Note {
            onset: Ticks::SIXTEENTH * index as i64,
            length: Ticks::SIXTEENTH,
            pitch: Pitch::new(pitch).unwrap(),
            velocity: 80,
            channel: 0,
        };
        let notes = pitches.enumerate().map(note).collect();
        let phrase = Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT);
        Melody { source: Source::Folder, song: name.to_owned(), phrase, key: None }
    }

    /// A line without repeats, another for each `seed`.
    fn line(seed: u64) -> impl Iterator<Item = u8> {
        (0..40_u64).map(move |index| 60 + (fingerprint(&[seed, index]) % 12) as u8)
    }

    #[test]
    fn one_tune_under_three_names_is_one_song_in_any_key() {
        let mut melodies = [
            song("d", line(1)),
            song("c", line(2)),
            song("b", line(1).map(|pitch| pitch + 5)),
            song("a", line(1).take(30).chain(line(3).take(9))),
        ];
        unite(&mut melodies);
        assert_eq!(melodies.map(|melody| melody.song), ["a", "c", "a", "a"]);
    }

    #[test]
    fn a_shared_scale_makes_no_twins() {
        let scale = || (0..16).map(|step| 60 + step);
        let mut melodies = [song("a", scale().chain(line(1))), song("b", scale().chain(line(2)))];
        unite(&mut melodies);
        assert_eq!(melodies.map(|melody| melody.song), ["a", "b"]);
    }
}
