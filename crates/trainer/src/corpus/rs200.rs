//! The Rock Corpus: melodies of rock songs in a text notation of scale degrees, by de Clercq and Temperley.
//!
//! The notation tells where notes start and not where they end: a note is held until the next one in its bar, or the
//! bar's end, but no longer than a half note.

mod notation;

use melody::Tempo;

use super::collection::Collection;
use super::fault::Fault;
use super::{Melody, Source, melodies, score};

/// Reads `Artist_Song_Year_Transcriber.mel`. A song that both transcribed is one song.
pub fn read(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    let bytes = collection.bytes(path)?;
    let bars = notation::read(&String::from_utf8_lossy(&bytes));
    let phrases = score::phrases(&bars, Tempo::DEFAULT)?;
    let name = path.trim_end_matches(".mel");
    let song = name.rsplit_once('_').map_or(name, |(song, _)| song);
    melodies(Source::Rs200, &song.to_lowercase(), phrases)
}
