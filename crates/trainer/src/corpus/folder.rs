//! Any folder of `.mid` files, however deep: of each file the line that carries the tune.

use super::collection::Collection;
use super::fault::Fault;
use super::{Melody, Source, melodies, score};

/// Reads any `.mid` file.
pub fn read(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    let song = melody::midi::read(&collection.bytes(path)?)?;
    let phrase = score::from_first_bar(song.melody()?);
    melodies(Source::Folder, path, vec![(phrase, None)])
}
