//! piano-midi.de: classical piano by Bernd Krueger, played in by hand on a notated grid; the top line of the right hand.

use super::collection::Collection;
use super::fault::Fault;
use super::{Melody, Source, melodies, score};

/// The right hand's track.
const RIGHT: &str = "Piano right";

/// Reads `Composer/piece.mid`.
pub fn read(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    let song = melody::midi::read(&collection.bytes(path)?)?;
    let right = song.tracks.iter().find(|track| track.name.trim().eq_ignore_ascii_case(RIGHT));
    let right = right.ok_or(Fault::NoTrack(RIGHT))?;
    let parts = score::sections(&right.notes, &song).into_iter();
    melodies(Source::PianoMidi, path.trim_end_matches(".mid"), parts.map(|part| (part, None)).collect())
}
