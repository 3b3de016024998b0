//! OpenScore Lieder: songs for voice and piano in compressed MusicXML; the melodies are the parts with words.

use super::collection::Collection;
use super::fault::Fault;
use super::{MIN_NOTES, Melody, Source, melodies, musicxml, score};

/// Reads `Composer/Set/Song/lcNNN.mxl`.
pub fn read(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    let xml = musicxml::unpack(collection.bytes(path)?)?;
    let document = musicxml::parse(&xml)?;
    let tempo = musicxml::tempo(&document);
    let mut phrases = Vec::new();
    let mut fault = Fault::NoWords;
    // A few words in a piano part are directions to the player.
    for part in musicxml::parts(&document).filter(|part| musicxml::sung_notes(*part) >= MIN_NOTES) {
        match score::phrases(&musicxml::bars(part), tempo) {
            Ok(part) => phrases.extend(part),
            Err(reason) => fault = reason,
        }
    }
    if phrases.is_empty() {
        return Err(fault);
    }
    let song = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
    melodies(Source::Lieder, song, phrases)
}
