//! Ceol Rince na hÉireann: Irish dance tunes as `.mid` files that abc2midi wrote.

use std::collections::BTreeMap;

use melody::{Note, Phrase, Ticks, Track};

use super::collection::Collection;
use super::fault::Fault;
use super::signature::Signature;
use super::{Melody, Source, melodies, score};

/// What abc2midi makes late, by one of its 480 ticks to the quarter, is on this grid: 1/64 and triplets of it.
const GRID: Ticks = Ticks(20);
/// How late it is, in our ticks.
const LATE: Ticks = Ticks(2);
/// The velocity that abc2midi gives to the first note of a bar and to no other.
const DOWNBEAT: u8 = 105;

/// Words for the kind of a tune, which tell nothing about which tune it is.
const KINDS: [&str; 14] = [
    "reel", "jig", "hornpipe", "polka", "slide", "march", "slip", "single", "double", "air", "set", "dance",
    "the", "a",
];

/// Reads `Title.mid`.
pub fn read(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    let bytes = collection.bytes(path)?;
    let song = melody::midi::read(&bytes)?;
    // Later channels are an accompaniment that abc2midi made up.
    let track = song.tracks.first().ok_or(Fault::TooShort)?;
    let meter = song.meters.at(Ticks::ZERO);
    let notes: Vec<Note> = track.notes.iter().map(on_grid).collect();
    let upbeat = upbeat(&notes, meter.bar());
    let notes = notes.into_iter().map(|note| note.shifted(upbeat)).collect();
    let phrase = Phrase::new(notes, meter, song.tempos.at(Ticks::ZERO)).skyline();
    let phrase = score::from_first_bar(phrase);
    // These tunes are often modal, and ABC's modes become "major" in MIDI.
    let key = Signature::of_midi(&bytes, false).map(|signature| signature.key(phrase.notes()));
    melodies(Source::CreIrish, &tune(track, path), vec![(phrase, key)])
}

fn on_grid(note: &Note) -> Note {
    let snap = |time: Ticks| {
        let nearest = time.round_to(GRID);
        if nearest.distance(time) <= LATE { nearest } else { time }
    };
    let onset = snap(note.onset);
    Note { onset, length: (snap(note.end()) - onset).max(Ticks(1)), ..*note }
}

/// How far the tune must be moved so that its downbeats fall on bar lines: abc2midi starts a tune with its upbeat.
fn upbeat(notes: &[Note], bar: Ticks) -> Ticks {
    let mut places = BTreeMap::<Ticks, usize>::new();
    for note in notes.iter().filter(|note| note.velocity == DOWNBEAT) {
        *places.entry(note.onset - note.onset.floor_to(bar)).or_default() += 1;
    }
    let most = places.iter().rev().max_by_key(|(_, count)| **count);
    most.map_or(Ticks::ZERO, |(place, _)| (bar - *place) - (bar - *place).floor_to(bar))
}

/// The tune's title without what variants of it differ in: numbers, kinds, articles and marks.
fn tune(track: &Track, path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let title = if track.name.trim().is_empty() { file.trim_end_matches(".mid") } else { &track.name };
    let mut plain = String::new();
    let mut depth = 0;
    for character in title.chars() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '\'' | '’' => {}
            _ if depth > 0 => {}
            _ if character.is_alphabetic() => plain.extend(character.to_lowercase()),
            _ => plain.push(' '),
        }
    }
    let words: Vec<&str> = plain.split_whitespace().filter(|word| !KINDS.contains(word)).collect();
    if words.is_empty() { title.trim().to_lowercase() } else { words.join("-") }
}
