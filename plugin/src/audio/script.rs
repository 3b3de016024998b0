//! A scripted host for the tests of the audio thread.

use std::collections::VecDeque;

use nice_plug::midi::{Channel, Key, NoteEvent, VoiceID};

use super::merge::Port;

/// Plays events in and keeps what comes out.
#[derive(Debug, Default)]
pub struct Script {
    /// Events that will come in.
    pub incoming: VecDeque<NoteEvent<()>>,
    /// Events that went out.
    pub sent: Vec<NoteEvent<()>>,
    /// How many more events fit.
    pub room: usize,
}

impl Script {
    /// A host without input whose queue takes so many events.
    pub fn with_room(room: usize) -> Script {
        Script { room, ..Script::default() }
    }

    /// A host that plays these events in.
    pub fn of(incoming: impl IntoIterator<Item = NoteEvent<()>>) -> Script {
        Script { incoming: incoming.into_iter().collect(), sent: Vec::new(), room: usize::MAX }
    }
}

impl Port for Script {
    fn next(&mut self) -> Option<NoteEvent<()>> {
        self.incoming.pop_front()
    }

    fn send(&mut self, event: NoteEvent<()>) -> bool {
        let fits = self.room > 0;
        if fits {
            self.room -= 1;
            self.sent.push(event);
        }
        fits
    }
}

/// A note-on on the first channel, as hard as the velocity 90.
pub fn on(timing: u32, key: u8) -> NoteEvent<()> {
    NoteEvent::NoteOn {
        timing,
        voice_id: VoiceID::Wildcard,
        channel: Channel::Number(0),
        key: Key::Number(key),
        velocity: 90.0 / 127.0,
    }
}

/// A note-off on the first channel.
pub fn off(timing: u32, key: u8) -> NoteEvent<()> {
    NoteEvent::NoteOff {
        timing,
        voice_id: VoiceID::Wildcard,
        channel: Channel::Number(0),
        key: Key::Number(key),
        velocity: 0.0,
    }
}
