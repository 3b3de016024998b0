//! The way out: the player's events and ours in one queue to the host, and what becomes of them when it is full.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use nice_plug::midi::{Channel, Key, NoteEvent, VoiceID};

use crate::crossing::Signals;

/// The player's note-offs that may wait for room.
const OWED_CAPACITY: usize = 256;

/// The host's queues of one block.
pub trait Port {
    /// The next incoming event, in order of time. `[audio-thread]`
    fn next(&mut self) -> Option<NoteEvent<()>>;

    /// Sends an event; `false` when the queue is full. `[audio-thread]`
    fn send(&mut self, event: NoteEvent<()>) -> bool;
}

/// What stands between the plugin and the host's outgoing queue.
pub struct Outbox {
    /// The player's note-offs that the host had no room for.
    owed: Vec<NoteEvent<()>>,
    /// The host refused an event in this block: nothing later may overtake it.
    full: bool,
    signals: Arc<Signals>,
}

impl Outbox {
    /// An outbox with nothing in it, which will never allocate again. `[main-thread]`
    pub fn new(signals: Arc<Signals>) -> Outbox {
        Outbox { owed: Vec::with_capacity(OWED_CAPACITY), full: false, signals }
    }

    /// Whether the host takes no more in this block. `[audio-thread]`
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Tries once more what is owed. `[audio-thread]`
    pub fn begin_block(&mut self, port: &mut impl Port) {
        self.full = false;
        if self.owed.is_empty() {
            return;
        }
        let mut sent = 0;
        while sent < self.owed.len() && self.send(port, self.owed[sent]) {
            sent += 1;
        }
        self.owed.drain(..sent);
    }

    /// Passes one of the player's events on. Without room, a note-off is kept for the next block and anything else
    /// is dropped and counted. `[audio-thread]`
    pub fn pass(&mut self, port: &mut impl Port, event: NoteEvent<()>) {
        if self.send(port, event) {
            return;
        }
        match at_block_start(event) {
            Some(off) if self.owed.len() < OWED_CAPACITY => self.owed.push(off),
            _ => self.lose(),
        }
    }

    /// Begins one of our notes; `false` when it is dropped, which is counted. `[audio-thread]`
    pub fn begin_note(
        &mut self,
        port: &mut impl Port,
        sample: u32,
        channel: u8,
        key: u8,
        velocity: u8,
    ) -> bool {
        let sent = self.send(
            port,
            NoteEvent::NoteOn {
                timing: sample,
                voice_id: VoiceID::Wildcard,
                channel: Channel::Number(channel),
                key: Key::Number(key),
                velocity: f32::from(velocity) / 127.0,
            },
        );
        if !sent {
            self.lose();
        }
        sent
    }

    /// Ends one of our notes; `false` when there is no room and the off is still owed. `[audio-thread]`
    pub fn end_note(&mut self, port: &mut impl Port, sample: u32, channel: u8, key: u8) -> bool {
        self.send(
            port,
            NoteEvent::NoteOff {
                timing: sample,
                voice_id: VoiceID::Wildcard,
                channel: Channel::Number(channel),
                key: Key::Number(key),
                velocity: 0.0,
            },
        )
    }

    fn send(&mut self, port: &mut impl Port, event: NoteEvent<()>) -> bool {
        self.full = self.full || !port.send(event);
        !self.full
    }

    fn lose(&self) {
        self.signals.sent_lost.fetch_add(1, Ordering::Relaxed);
    }
}

/// A note-off moved to the start of a block; `None` for all other events.
fn at_block_start(event: NoteEvent<()>) -> Option<NoteEvent<()>> {
    match event {
        NoteEvent::NoteOff { voice_id, channel, key, velocity, .. } => {
            Some(NoteEvent::NoteOff { timing: 0, voice_id, channel, key, velocity })
        }
        NoteEvent::Choke { voice_id, channel, key, .. } => {
            Some(NoteEvent::Choke { timing: 0, voice_id, channel, key })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::script::{Script, off, on};

    #[test]
    fn a_full_queue_keeps_note_offs_and_drops_and_counts_the_rest() {
        let signals = Arc::new(Signals::default());
        let mut outbox = Outbox::new(signals.clone());
        let mut port = Script::with_room(1);
        outbox.begin_block(&mut port);
        outbox.pass(&mut port, on(3, 60));
        outbox.pass(&mut port, off(4, 60));
        outbox.pass(&mut port, on(5, 62));
        assert!(!outbox.begin_note(&mut port, 6, 0, 64, 90));
        assert!(!outbox.end_note(&mut port, 7, 0, 64));
        assert_eq!(signals.sent_lost.load(Ordering::Relaxed), 2);
        port.room = 10;
        outbox.begin_block(&mut port);
        assert_eq!(port.sent, [on(3, 60), off(0, 60)]);
        outbox.begin_block(&mut port);
        assert_eq!(port.sent.len(), 2);
    }
}
