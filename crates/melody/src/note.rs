//! One sounding note with its exact place in time.

use serde::{Deserialize, Serialize};

use crate::{Pitch, Ticks};

/// A note: when it starts, how long it sounds, which pitch, how hard, and on which MIDI channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Note {
    /// Start, in ticks from the start of the phrase or song.
    pub onset: Ticks,
    /// Length in ticks, above zero.
    pub length: Ticks,
    /// The MIDI key.
    pub pitch: Pitch,
    /// MIDI velocity, 1 to 127.
    pub velocity: u8,
    /// MIDI channel, 0 to 15; 9 is the drums' in General MIDI.
    pub channel: u8,
}

impl Note {
    /// When the note ends, in ticks.
    pub fn end(&self) -> Ticks {
        self.onset + self.length
    }

    /// The same note `by` ticks later.
    pub fn shifted(self, by: Ticks) -> Note {
        Note { onset: self.onset + by, ..self }
    }
}
