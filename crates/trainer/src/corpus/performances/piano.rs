//! Files of piano music, and any others: all tracks but drums together.

use melody::Note;

use super::{Piece, Played};
use crate::corpus::collection::Collection;
use crate::corpus::fault::Fault;
use crate::corpus::score;

/// Reads a `.mid` file, one stretch for each of its meters.
pub fn read(collection: &Collection, song: &str, path: &str) -> Result<Piece, Fault> {
    let read = melody::midi::read(&collection.bytes(path)?)?;
    let played = read.tracks.iter().filter(|track| !track.is_drums()).flat_map(|track| &track.notes);
    let notes: Vec<Note> = played.filter(|note| note.channel != 9).copied().collect();
    let stretches = score::stretches(&notes, &read).into_iter();
    let played = |phrase| Played { phrase: score::from_first_bar(phrase), key: None, chords: Vec::new() };
    Ok(Piece { song: song.to_owned(), stretches: stretches.map(played).collect() })
}
