//! OpenEWLD: lead sheets in compressed MusicXML, each one monophonic part.

use super::collection::Collection;
use super::fault::Fault;
use super::{Melody, Source, melodies, musicxml, score};

/// Reads `Authors/Title/Title.mxl`.
pub fn read(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    let xml = musicxml::unpack(collection.bytes(path)?)?;
    let document = musicxml::parse(&xml)?;
    let part = musicxml::parts(&document).next().ok_or(Fault::NoScore)?;
    let phrases = score::phrases(&musicxml::bars(part), musicxml::tempo(&document))?;
    let song = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
    melodies(Source::OpenEwld, song, phrases)
}
