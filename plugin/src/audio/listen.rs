//! The ear of the audio thread: what is played goes to the worker, with its time; and the keys that are held.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use melody::Ticks;

use crate::crossing::{Heard, Ruler, Signals};

/// The way to the worker. What the ring has no room for is dropped and counted.
pub struct Ear {
    ring: rtrb::Producer<Heard>,
    signals: Arc<Signals>,
    /// The ruler that the worker knows.
    ruler: Option<Ruler>,
    /// The time of the last note that was heard, on the present timeline.
    last_note: Option<Ticks>,
}

/// Bars of silence after which a new note begins a new phrase.
pub const PAUSE_BARS: i64 = 4;

impl Ear {
    /// An ear at its end of the ring. `[main-thread]`
    pub fn new(ring: rtrb::Producer<Heard>, signals: Arc<Signals>) -> Ear {
        Ear { ring, signals, ruler: None, last_note: None }
    }

    /// Passes an event on, and before it the ruler where that has changed. `[audio-thread]`
    pub fn hear(&mut self, event: Heard, ruler: Ruler) -> bool {
        if self.ruler != Some(ruler) && self.push(Heard::Ruler(ruler)) {
            self.ruler = Some(ruler);
        }
        match event {
            Heard::NoteOn { at, .. } => self.last_note = Some(at),
            Heard::Break { .. } | Heard::Loaded { .. } | Heard::Wrapped { .. } => self.last_note = None,
            Heard::NoteOff { .. } | Heard::Ruler(_) | Heard::Trigger { .. } => {}
        }
        self.push(event)
    }

    /// Whether a note at this time begins a new phrase: the first since a break, or after a long silence.
    /// `[audio-thread]`
    pub fn is_fresh(&self, at: Ticks, ruler: &Ruler) -> bool {
        self.last_note.is_none_or(|last| at - last > ruler.meter.bar() * PAUSE_BARS)
    }

    /// Lets the next note begin a new phrase. `[audio-thread]`
    pub fn forget(&mut self) {
        self.last_note = None;
    }

    fn push(&mut self, event: Heard) -> bool {
        let fits = self.ring.push(event).is_ok();
        if !fits {
            self.signals.heard_lost.fetch_add(1, Ordering::Relaxed);
        }
        fits
    }
}

/// The keys that the player holds, by channel.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// For each key a bit for each channel.
    channels: [u16; 128],
    /// The keys that are down on any channel, as bits from the lowest.
    keys: [u64; 2],
}

impl Held {
    /// No key is held.
    pub const NONE: Held = Held { channels: [0; 128], keys: [0; 2] };

    /// A key goes down. `[audio-thread]`
    pub fn press(&mut self, channel: u8, key: u8) {
        if let Some(channels) = self.channels.get_mut(usize::from(key)) {
            *channels |= 1 << (channel & 15);
            self.keys[usize::from(key / 64)] |= 1 << (key % 64);
        }
    }

    /// Matching keys come up; `None` matches all. `[audio-thread]`
    pub fn release(&mut self, channel: Option<u8>, key: Option<u8>) {
        match key {
            Some(key) => self.let_go(channel, key),
            None => (0..128).for_each(|key| self.let_go(channel, key)),
        }
    }

    fn let_go(&mut self, channel: Option<u8>, key: u8) {
        let Some(channels) = self.channels.get_mut(usize::from(key)) else { return };
        *channels &= channel.map_or(0, |channel| !(1 << (channel & 15)));
        if *channels == 0 {
            self.keys[usize::from(key / 64)] &= !(1 << (key % 64));
        }
    }

    /// Whether a key is down. `[audio-thread]`
    pub fn holds(&self, channel: u8, key: u8) -> bool {
        self.channels.get(usize::from(key)).is_some_and(|channels| channels >> (channel & 15) & 1 == 1)
    }

    /// The keys that are down on any channel, as bits from the lowest. `[audio-thread]`
    pub fn keys(&self) -> [u64; 2] {
        self.keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crossing;
    use melody::{Meter, Tempo};

    const RULER: Ruler =
        Ruler { bar_line: Ticks::ZERO, meter: Meter::COMMON, tempo: Tempo::DEFAULT, running: true };

    fn on(at: i64) -> Heard {
        Heard::NoteOn { at: Ticks(at), channel: 0, key: 60, velocity: 90 }
    }

    #[test]
    fn the_ruler_goes_ahead_of_the_first_event_and_again_when_it_changes() {
        let (audio, mut worker, _panel) = crossing::open();
        let mut ear = Ear::new(audio.heard, Arc::default());
        ear.hear(on(0), RULER);
        ear.hear(on(1), RULER);
        let faster = Ruler { tempo: Tempo::from_bpm(140.0), ..RULER };
        ear.hear(on(2), faster);
        let heard: Vec<Heard> = std::iter::from_fn(|| worker.heard.pop().ok()).collect();
        assert_eq!(heard, [Heard::Ruler(RULER), on(0), on(1), Heard::Ruler(faster), on(2)]);
    }

    #[test]
    fn what_does_not_fit_is_dropped_and_counted() {
        let (audio, worker, _panel) = crossing::open();
        let signals = Arc::new(Signals::default());
        let mut ear = Ear::new(audio.heard, signals.clone());
        let room = worker.heard.buffer().capacity() as i64;
        for at in 0..room + 9 {
            ear.hear(on(at), RULER);
        }
        assert_eq!(signals.heard_lost.load(Ordering::Relaxed), 10);
    }

    #[test]
    fn a_phrase_begins_after_a_break_or_a_long_silence() {
        let (audio, _worker, _panel) = crossing::open();
        let mut ear = Ear::new(audio.heard, Arc::default());
        assert!(ear.is_fresh(Ticks(0), &RULER));
        ear.hear(on(0), RULER);
        assert!(!ear.is_fresh(Ticks::quarters(16), &RULER));
        assert!(ear.is_fresh(Ticks::quarters(16) + Ticks(1), &RULER));
        ear.hear(Heard::Break { at: Ticks(5) }, RULER);
        assert!(ear.is_fresh(Ticks(6), &RULER));
    }

    #[test]
    fn held_keys_are_known_by_channel() {
        let mut held = Held::NONE;
        held.press(2, 60);
        held.press(3, 60);
        held.press(3, 100);
        held.release(Some(2), None);
        assert!(!held.holds(2, 60) && held.holds(3, 60));
        assert_eq!(held.keys(), [1 << 60, 1 << 36]);
        held.release(None, None);
        assert_eq!(held.keys(), [0, 0]);
    }
}
