//! OpenScore String Quartets: four parts in compressed MusicXML, each of them one line.

use super::collection::Collection;
use super::fault::Fault;
use super::{Melody, Source, melodies, musicxml, score};

/// Reads `Composer/Work/sqNNN.mxl`: every part, cut where its meter or key changes, and so between most movements.
pub fn read(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    let xml = musicxml::unpack(collection.bytes(path)?)?;
    let document = musicxml::parse(&xml)?;
    let tempo = musicxml::tempo(&document);
    let mut phrases = Vec::new();
    let mut fault = Fault::NoScore;
    for part in musicxml::parts(&document) {
        match score::phrases(&musicxml::bars(part), tempo) {
            Ok(part) => phrases.extend(part),
            Err(reason) => fault = reason,
        }
    }
    if phrases.is_empty() {
        return Err(fault);
    }
    let song = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
    melodies(Source::Quartets, song, phrases)
}
