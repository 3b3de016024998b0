//! Two books of dance tunes in ABC: Ryan's Mammoth Collection, one tune a file, and O'Neill's Music of Ireland, many.

use super::collection::Collection;
use super::fault::Fault;
use super::{Melody, Source, abc, melodies, score, title};

/// Reads a file of Ryan's Mammoth Collection.
pub fn read_ryan(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    read(Source::RyansMammoth, collection, path)
}

/// Reads a file of O'Neill's Music of Ireland. Its files overlap: the same tunes are the same songs.
pub fn read_oneill(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    read(Source::ONeills, collection, path)
}

fn read(source: Source, collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    // Titles in other encodings than UTF-8 do not matter.
    let bytes = collection.bytes(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut read = Vec::new();
    let mut fault = Fault::TooShort;
    for tune in abc::tunes(&text) {
        let tune = abc::read(tune, "");
        let name = if tune.title.is_empty() { path } else { &tune.title };
        let phrases = score::phrases(&tune.bars, tune.tempo);
        match phrases.and_then(|phrases| melodies(source, &title::plain(name), phrases)) {
            Ok(melodies) => read.extend(melodies),
            Err(reason) => fault = reason,
        }
    }
    if read.is_empty() { Err(fault) } else { Ok(read) }
}
