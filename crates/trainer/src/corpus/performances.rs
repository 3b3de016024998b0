//! Music as it was played, several notes at once, with velocities and chords: what paper B's networks learn from.
//!
//! What is taken from where:
//! - pop909 (pop): the whole arrangement, melody and piano, from the corrected file, which has the originals'
//!   velocities; its track of chords, heard as symbols; the tempo of the original.
//! - piano-midi (classical): both hands with the velocities that were entered by hand; the pedal is left aside.
//! - giantmidi (classical): transcribed recordings. They tell seconds and no beats, so that a second counts as two
//!   quarters and bar lines mean nothing.
//! - wjazzd (jazz): the solo, the bass that was heard on each beat, and the chords that were written down, voiced by
//!   rule. None of these has a velocity there: a solo's notes get 80, 8 more on strong beats and 4 more on others, the
//!   bass gets 68, chords get 56.
//! - a folder of the user's own (pop, for nobody says otherwise): all tracks but drums.
//!
//! All are put on sixteenths and triplets, cut where meter or stated key changes, and moved to C major or A minor by
//! the shortest way, in their own octaves.

mod harmony;
mod jazz;
mod piano;
mod pop;

use std::path::Path;

use melody::{Chord, Home, Key, Mode, Note, Phrase, Progression, Style, Ticks, grid};

use super::collection::Collection;
use super::fault::Fault;
use super::{CorpusError, MIN_NOTES, Progress, Skipped, Source, score};
use crate::dataset::Part;

/// One stretch of music in one meter and key, at home in C major or A minor.
#[derive(Debug, Clone, PartialEq)]
pub struct Performance {
    /// The style that its collection stands for.
    pub style: Style,
    /// The collection that holds it.
    pub source: Source,
    /// Which song it belongs to, such as `pop909/012`, named as [`Melody::song`](super::Melody::song) is.
    pub song: String,
    /// The part of the data that the song belongs to.
    pub part: Part,
    /// Its notes at home, on the grid, in channel 0; time zero is a bar line where the source knows any.
    pub phrase: Phrase,
    /// The chords at home, bar by bar from time zero, where the source tells them.
    pub chords: Option<Progression>,
    /// The key that it was played in.
    pub key: Key,
}

/// All that was read, and what was not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Performances {
    /// The performances by source as asked for, then in order of the files' paths, then by time.
    pub performances: Vec<Performance>,
    /// Files that gave none, in order of their paths.
    pub skipped: Vec<Skipped>,
}

impl Performances {
    /// The performances of one part.
    pub fn part(&self, part: Part) -> impl Iterator<Item = &Performance> {
        self.performances.iter().filter(move |performance| performance.part == part)
    }
}

/// The style that a collection's performances stand for; `None` for one that has no polyphony or no velocities to learn.
pub const fn style(source: Source) -> Option<Style> {
    match source {
        Source::Pop909 | Source::Folder => Some(Style::Pop),
        Source::PianoMidi | Source::GiantMidi => Some(Style::Classical),
        Source::WJazzD => Some(Style::Jazz),
        _ => None,
    }
}

/// Reads the performances of collections below `root`, as [`corpus::read`](super::read) reads melodies. They come in
/// the same order every time.
///
/// # Errors
/// [`CorpusError`] where a whole collection is missing, damaged or empty, or is one of single lines only.
pub fn read(
    root: &Path,
    sources: &[Source],
    progress: &mut dyn FnMut(Progress),
) -> Result<Performances, CorpusError> {
    let mut read = Performances::default();
    for source in sources {
        let style = style(*source).ok_or(CorpusError::NoPerformances { name: source.name() })?;
        let collection = Collection::open(root, *source)?;
        let pieces: Vec<&str> = collection.paths().filter(|path| source.reader().is_piece(path)).collect();
        if pieces.is_empty() {
            let path = collection.path().to_owned();
            return Err(CorpusError::Empty { path, kind: source.reader().endings[0] });
        }
        for (done, path) in pieces.iter().enumerate() {
            progress(Progress { source: *source, done, files: pieces.len() });
            match piece(*source, &collection, path) {
                Ok(piece) => read.performances.extend(piece.at_home(style, *source)),
                Err(fault) => read.skipped.push(fault.of(collection.path(), path)),
            }
        }
        progress(Progress { source: *source, done: pieces.len(), files: pieces.len() });
    }
    Ok(read)
}

fn piece(source: Source, collection: &Collection, path: &str) -> Result<Piece, Fault> {
    let mut piece = match source {
        Source::Pop909 => pop::read(collection, path)?,
        Source::WJazzD => jazz::read(collection, path)?,
        Source::PianoMidi => piano::read(collection, path.trim_end_matches(".mid"), path)?,
        _ => piano::read(collection, path, path)?,
    };
    piece.stretches.retain(|played| played.phrase.notes().len() >= MIN_NOTES);
    if piece.stretches.is_empty() { Err(Fault::TooShort) } else { Ok(piece) }
}

/// What a file gives.
struct Piece {
    /// The song's name without its source's.
    song: String,
    stretches: Vec<Played>,
}

/// Music in one meter and key, as it was played.
struct Played {
    /// Time zero is a bar line.
    phrase: Phrase,
    /// The key, where the source states it.
    key: Option<Key>,
    /// Where chords change, from time zero on; empty where the source tells none.
    chords: Vec<(Ticks, Option<Chord>)>,
}

impl Played {
    /// The part from one bar line to another, without the empty bars before its first note.
    fn between(&self, from: Ticks, to: Ticks, key: Option<Key>) -> Played {
        let part = self.phrase.between(from, to);
        let first = part.notes().first().map_or(Ticks::ZERO, |note| note.onset);
        let silence = first.floor_to(part.meter.bar());
        let chords = self.chords.iter().filter(|(time, _)| *time < to);
        let moved = chords.map(|(time, chord)| (*time - from - silence, chord.clone()));
        Played { phrase: score::from_first_bar(part), key, chords: moved.collect() }
    }
}

impl Piece {
    fn at_home(self, style: Style, source: Source) -> impl Iterator<Item = Performance> {
        let song = format!("{}/{}", source.name(), self.song);
        self.stretches.into_iter().map(move |played| {
            let phrase = in_one_channel(&grid::quantise(&in_one_channel(&played.phrase)));
            let estimated = || Key::estimate(phrase.notes()).unwrap_or(Key::C_MAJOR);
            let key = played.key.unwrap_or_else(estimated);
            let home = Home { key, shift: shortest_way_home(key) };
            let chords = harmony::bar_by_bar(&played.chords, phrase.meter, phrase.bars());
            Performance {
                style,
                source,
                part: Part::of(&song),
                song: song.clone(),
                phrase: home.enter(&phrase),
                chords: chords.map(|chords| chords.transposed(home.shift)),
                key,
            }
        })
    }
}

/// All notes in channel 0, so that one key is one key.
fn in_one_channel(phrase: &Phrase) -> Phrase {
    phrase.map_notes(|note| Note { channel: 0, ..note })
}

/// Semitones from a key's tonic to C or A, -6 to 5: chords and bass lines keep their octaves.
fn shortest_way_home(key: Key) -> i32 {
    let home = match key.mode {
        Mode::Major => 0,
        Mode::Minor => 9,
    };
    (home - i32::from(key.tonic.semitones()) + 6).rem_euclid(12) - 6
}

#[cfg(test)]
mod tests {
    use melody::{Meter, Pitch, Tempo, midi};

    use super::*;

    fn note(onset: i64, length: i64, pitch: u8, velocity: u8) -> Note {
        let pitch = Pitch::new(pitch).unwrap();
        Note { onset: Ticks(onset), length: Ticks(length), pitch, velocity, channel: 0 }
    }

    #[test]
    fn the_way_home_is_short_and_leads_there() {
        for key in Key::all() {
            let shift = shortest_way_home(key);
            let home = if key.mode == Mode::Major { 0 } else { 9 };
            assert!((-6..=5).contains(&shift));
            assert_eq!((i32::from(key.tonic.semitones()) + shift).rem_euclid(12), home);
        }
    }

    #[test]
    fn a_folders_music_comes_home_with_its_touch_and_its_chords_of_notes() {
        let folder = tempfile::tempdir().unwrap();
        // In D: three bars of silence, then chords and a scale a few ticks late.
        let chord = [62, 66, 69].map(|pitch| note(3 * 3840 + 7, 1900, pitch, 70));
        let scale = [62, 64, 66, 67, 69, 71, 73, 74].iter().zip(0..);
        let scale = scale.map(|(pitch, step)| note(4 * 3840 + step * 480 + 5, 470, *pitch, 100));
        let played = Phrase::new(chord.into_iter().chain(scale).collect(), Meter::COMMON, Tempo::DEFAULT);
        std::fs::write(folder.path().join("a.mid"), midi::write_phrase(&played, "Piano")).unwrap();
        let read = read(folder.path(), &[Source::Folder], &mut |_| {}).unwrap();
        let [performance] = read.performances.as_slice() else { panic!("{read:?}") };
        assert_eq!((performance.key.to_string().as_str(), performance.style), ("D major", Style::Pop));
        assert_eq!(performance.phrase.notes()[..3], [60, 64, 67].map(|pitch| note(0, 1920, pitch, 70)));
        assert_eq!(performance.phrase.notes()[3], note(3840, 480, 60, 100));
        assert_eq!((performance.song.as_str(), &performance.chords), ("folder/a.mid", &None));
    }

    #[test]
    fn a_collection_of_single_lines_is_refused_by_name() {
        let refused = read(Path::new("."), &[Source::CreIrish], &mut |_| {}).unwrap_err().to_string();
        assert!(refused.starts_with("cre-irish holds single lines"), "{refused}");
    }

    #[test]
    fn a_cut_takes_the_chord_in_force_along() {
        let chord = |symbol: &str| symbol.parse::<Chord>().ok();
        let notes = (0..8).map(|bar| note(bar * 3840, 960, 60, 80)).collect();
        let phrase = Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT);
        let chords = vec![(Ticks(0), chord("C")), (Ticks(3840), chord("F")), (Ticks(5 * 3840), chord("G"))];
        let part = Played { phrase, key: None, chords }.between(Ticks(2 * 3840), Ticks(6 * 3840), None);
        let bars = harmony::bar_by_bar(&part.chords, Meter::COMMON, part.phrase.bars()).unwrap();
        assert_eq!((part.phrase.bars(), bars.to_string().as_str()), (4, "F | F | F | G"));
    }
}
