//! Collections of music read to melodies: what the networks and the n-grams learn from.

mod abc;
mod collection;
mod cre_irish;
mod fault;
mod fiddle_books;
mod folder;
mod freedoom;
mod lieder;
mod musicxml;
mod openewld;
mod openhymnal;
pub mod performances;
mod piano_midi;
mod pop909;
mod quartets;
mod rs200;
mod score;
mod signature;
mod source;
mod title;
mod twins;
mod wjazzd;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use melody::{Key, Phrase};

use collection::Collection;
use fault::Fault;
pub use source::Source;

/// A melody, or a part of one between two changes of meter or key, has at least this many notes.
pub const MIN_NOTES: usize = 8;

/// How hard notes are said to be struck where the source does not say it: MIDI velocity.
const VELOCITY: u8 = 80;

/// One monophonic melody with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Melody {
    /// The collection that holds it.
    pub source: Source,
    /// Which song it belongs to, such as `pop909/012`. Voices, sections and variants of one song share it, and so does
    /// the same music found under another name or in another source, so that a split by song keeps them together.
    pub song: String,
    /// Its notes in exact ticks on the notated grid; time zero is a bar line, the meter is the notated one.
    pub phrase: Phrase,
    /// The key, where the source states one: what estimates can be measured by. A key signature without a mode is read as the one of its two keys
    /// that the notes speak for.
    pub key: Option<Key>,
}

/// All that was read, and what was not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corpus {
    /// The collections that were read, in the order asked for.
    pub sources: Vec<Source>,
    /// The melodies by source as asked for, then in order of the files' paths, then as they stand in the file.
    pub melodies: Vec<Melody>,
    /// Files that gave no melody, in order of their paths.
    pub skipped: Vec<Skipped>,
}

/// A file that gave no melody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The file; one in an archive with the archive's path in front.
    pub path: PathBuf,
    /// Why, as the end of a sentence that begins with the path.
    pub reason: String,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The collection that is being read.
    pub source: Source,
    /// Files of the collection read so far.
    pub done: usize,
    /// Files of the collection in all.
    pub files: usize,
}

/// Why a collection cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// Neither the folder nor the archive is there.
    #[error(
        "{} holds neither a folder {name} nor an archive {name}.tar.gz: put one there, or leave {name} out",
        root.display()
    )]
    Missing {
        /// The folder that was searched.
        root: PathBuf,
        /// The collection's folder name.
        name: &'static str,
    },
    /// The collection knows no beats.
    #[error(
        "{name} tells times in seconds and not in beats, so that no rhythm can be learnt from it: leave it out"
    )]
    NoBeats {
        /// The collection's name.
        name: &'static str,
    },
    /// The collection holds single lines only, or knows no velocities.
    #[error(
        "{name} holds single lines and no performances with several notes at once: choose from pop909, piano-midi, \
         giantmidi, wjazzd and folder"
    )]
    NoPerformances {
        /// The collection's name.
        name: &'static str,
    },
    /// A folder or an archive is there and cannot be read to its end.
    #[error("{} cannot be read ({error}): check its permissions, or fetch it again", path.display())]
    Unreadable {
        /// The folder or archive.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The collection holds none of the files that it should.
    #[error("{} holds no {kind} files: choose another folder", path.display())]
    Empty {
        /// The folder or archive.
        path: PathBuf,
        /// What was looked for.
        kind: &'static str,
    },
}

/// Reads collections from `root`: a folder that holds, for each source, either its folder or its `.tar.gz`
/// archive; for [`Source::Folder`] it is itself the folder of `.mid` files.
///
/// Archives are read as they are, nothing is unpacked to disk. The melodies come in the same order every time. A
/// file that cannot be read is named in [`Corpus::skipped`], and the rest is read on.
///
/// # Errors
/// [`CorpusError`] where a whole collection is missing, damaged, empty or without beats.
pub fn read(
    root: &Path,
    sources: &[Source],
    progress: &mut dyn FnMut(Progress),
) -> Result<Corpus, CorpusError> {
    let mut corpus = Corpus { sources: sources.to_vec(), ..Corpus::default() };
    for source in sources {
        if !source.has_beats() {
            return Err(CorpusError::NoBeats { name: source.name() });
        }
        let collection = Collection::open(root, *source)?;
        let pieces: Vec<&str> = collection.paths().filter(|path| source.reader().is_piece(path)).collect();
        if pieces.is_empty() {
            return Err(CorpusError::Empty {
                path: collection.path().to_owned(),
                kind: source.reader().endings[0],
            });
        }
        for (done, path) in pieces.iter().enumerate() {
            progress(Progress { source: *source, done, files: pieces.len() });
            match (source.reader().read)(&collection, path) {
                Ok(piece) => corpus.melodies.extend(piece),
                Err(fault) => corpus.skipped.push(fault.of(collection.path(), path)),
            }
        }
        progress(Progress { source: *source, done: pieces.len(), files: pieces.len() });
    }
    twins::unite(&mut corpus.melodies);
    Ok(corpus)
}

impl Corpus {
    /// The melodies by song, in order of the songs' names.
    pub fn songs(&self) -> BTreeMap<&str, Vec<&Melody>> {
        let mut songs = BTreeMap::<&str, Vec<&Melody>>::new();
        for melody in &self.melodies {
            songs.entry(&melody.song).or_default().push(melody);
        }
        songs
    }
}

/// The parts of a piece that are long enough, as melodies of one song.
fn melodies(source: Source, song: &str, parts: Vec<(Phrase, Option<Key>)>) -> Result<Vec<Melody>, Fault> {
    let long = parts.into_iter().filter(|(phrase, _)| phrase.notes().len() >= MIN_NOTES);
    let song = format!("{}/{song}", source.name());
    let melodies: Vec<Melody> =
        long.map(|(phrase, key)| Melody { source, song: song.clone(), phrase, key }).collect();
    if melodies.is_empty() { Err(Fault::TooShort) } else { Ok(melodies) }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use melody::{Meter, Note, Pitch, Tempo, Ticks};

    use super::*;

    const HYMN: &str = "X:1\nT:Scale\nM:4/4\nL:1/4\nV:S1V1\nK:G\n[V:S1V1] G A B c | d e f g |]\n";

    fn line(notes: i64) -> Phrase {
        let note = |step: i64| Note {
            onset: Ticks::quarters(step),
            length: Ticks::QUARTER,
            pitch: Pitch::new(60 + (step * step % 11) as u8).unwrap(),
            velocity: 80,
            channel: 0,
        };
        Phrase::new((0..notes).map(note).collect(), Meter::COMMON, Tempo::DEFAULT)
    }

    fn put(root: &Path, path: &str, content: &[u8]) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn read_all(root: &Path, sources: &[Source]) -> Corpus {
        read(root, sources, &mut |_| {}).unwrap()
    }

    #[test]
    fn any_folder_of_midi_files_is_read_and_what_is_damaged_is_named() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "b/two.MID", &melody::midi::write_phrase(&line(16), "Lead"));
        put(folder.path(), "a.mid", &melody::midi::write_phrase(&line(9), "Lead"));
        put(folder.path(), "broken.mid", b"MThd");
        put(folder.path(), "short.mid", &melody::midi::write_phrase(&line(7), "Lead"));
        put(folder.path(), "notes.txt", b"no music");
        let mut steps = Vec::new();
        let corpus = read(folder.path(), &[Source::Folder], &mut |progress| steps.push(progress)).unwrap();
        let songs: Vec<&str> = corpus.melodies.iter().map(|melody| melody.song.as_str()).collect();
        assert_eq!(songs, ["folder/a.mid", "folder/b/two.MID"]);
        assert_eq!(corpus.melodies[0].phrase, line(9));
        let skipped: Vec<&Path> = corpus.skipped.iter().map(|skipped| skipped.path.as_path()).collect();
        assert_eq!(skipped, [folder.path().join("broken.mid"), folder.path().join("short.mid")]);
        assert!(corpus.skipped[1].reason.contains("at least 8 notes"), "{}", corpus.skipped[1].reason);
        assert_eq!(steps.last(), Some(&Progress { source: Source::Folder, done: 4, files: 4 }));
    }

    #[test]
    fn an_archive_gives_what_its_folder_gives() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "openhymnal/Complete/Scale/Scale-Ladder.abc", HYMN.as_bytes());
        put(folder.path(), "openhymnal/NOTICE.txt", b"notice");
        let packed = tempfile::tempdir().unwrap();
        let file = File::create(packed.path().join("openhymnal.tar.gz")).unwrap();
        let mut archive = tar::Builder::new(GzEncoder::new(file, Compression::fast()));
        archive.append_dir_all("openhymnal", folder.path().join("openhymnal")).unwrap();
        archive.into_inner().unwrap().finish().unwrap();
        let corpus = read_all(packed.path(), &[Source::OpenHymnal]);
        assert_eq!(corpus, read_all(folder.path(), &[Source::OpenHymnal]));
        assert_eq!(corpus.melodies[0].song, "openhymnal/ladder");
        assert_eq!(corpus.melodies[0].key.unwrap().to_string(), "G major");
        assert_eq!(corpus.songs().len(), 1);
    }

    #[test]
    fn a_collection_that_is_missing_damaged_or_empty_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let refuse = |source| read(folder.path(), &[source], &mut |_| {}).unwrap_err().to_string();
        assert!(refuse(Source::Pop909).contains("neither a folder pop909 nor an archive pop909.tar.gz"));
        put(folder.path(), "cre-irish.tar.gz", b"no archive");
        assert!(refuse(Source::CreIrish).contains("cre-irish.tar.gz cannot be read"));
        assert!(refuse(Source::Folder).contains("holds no .mid files"));
        assert!(refuse(Source::GiantMidi).contains("giantmidi tells times in seconds"));
    }
}
