//! A whole file: tracks of notes under one map of meters and one of tempos.

use serde::{Deserialize, Serialize};

use crate::{MeterMap, Note, Phrase, TempoMap};

/// A multi-track piece as read from a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Song {
    /// The tracks in file order; a type-0 file gives one for each channel in use.
    pub tracks: Vec<Track>,
    /// Time signatures by time.
    pub meters: MeterMap,
    /// Tempos by time.
    pub tempos: TempoMap,
}

/// One track of a song.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Track {
    /// The track's name as the file gives it; empty where it gives none.
    pub name: String,
    /// The notes, sorted by onset, then pitch.
    pub notes: Vec<Note>,
    /// The General MIDI program (0 to 127) first chosen on the track, if any.
    pub program: Option<u8>,
}

impl Track {
    /// Whether all notes are on General MIDI's drum channel.
    pub fn is_drums(&self) -> bool {
        !self.notes.is_empty() && self.notes.iter().all(|note| note.channel == 9)
    }
}

impl Song {
    /// A song of one track with this phrase.
    pub fn of(phrase: &Phrase, name: &str) -> Song {
        Song {
            tracks: vec![Track { name: name.to_owned(), notes: phrase.notes().to_vec(), program: None }],
            meters: MeterMap::constant(phrase.meter),
            tempos: TempoMap::constant(phrase.tempo),
        }
    }
}
