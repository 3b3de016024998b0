//! Collections of music read to melodies: what the networks and the n-grams learn from.

mod abc;
mod collection;
mod cre_irish;
mod fault;
mod folder;
mod lieder;
mod musicxml;
mod openewld;
mod openhymnal;
mod pop909;
mod score;
mod signature;
mod source;

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
    /// Which song of the collection it belongs to, such as `pop909/012`. Voices, sections and variants of one song
    /// share it, so that a split by song keeps them together.
    pub song: String,
    /// Its notes in exact ticks on the notated grid; time zero is a bar line, the meter is the notated one.
    pub phrase: Phrase,
    /// The key, where the source states one. A key signature without a mode is read as the one of its two keys
    /// that the notes speak for.
    pub key: Option<Key>,
}

/// All that was read, and what was not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corpus {
    /// The melodies by source as asked for, then song, then their order in the song.
    pub melodies: Vec<Melody>,
    /// Files that gave no melody, in order of their paths.
    pub skipped: Vec<Skipped>,
}

/// A file that gave no melody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The file, with the collection's name in front.
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
/// [`CorpusError`] where a whole collection is missing, damaged or empty.
pub fn read(
    root: &Path,
    sources: &[Source],
    progress: &mut dyn FnMut(Progress),
) -> Result<Corpus, CorpusError> {
    let mut corpus = Corpus::default();
    for source in sources {
        let collection = Collection::open(root, *source)?;
        let pieces: Vec<&str> = collection.paths().filter(|path| source.reader().is_piece(path)).collect();
        if pieces.is_empty() {
            return Err(CorpusError::Empty {
                path: collection.path().to_owned(),
                kind: source.reader().endings[0],
            });
        }
        let mut melodies = Vec::new();
        for (done, path) in pieces.iter().enumerate() {
            progress(Progress { source: *source, done, files: pieces.len() });
            match (source.reader().read)(&collection, path) {
                Ok(piece) => melodies.extend(piece),
                Err(fault) => corpus.skipped.push(fault.of(source.name(), path)),
            }
        }
        progress(Progress { source: *source, done: pieces.len(), files: pieces.len() });
        melodies.sort_by(|left: &Melody, right| left.song.cmp(&right.song));
        corpus.melodies.extend(melodies);
    }
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
