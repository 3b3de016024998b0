//! The ledger of sounding notes: which note-offs are owed, and when.

use melody::Ticks;

use super::clock::Span;

/// Sixteen channels of 128 keys: with one owner for each, there can never be more.
const CAPACITY: usize = 16 * 128;

/// A note of ours that sounds and is owed a note-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sounding {
    /// MIDI channel, 0 to 15: the off carries the channel of its on.
    pub channel: u8,
    /// MIDI key, 0 to 127.
    pub key: u8,
    /// When it began, in ticks.
    on: Ticks,
    /// When it ends, in ticks.
    off: Ticks,
    /// The first sample of the current block that it may end at, so that each note lasts at least one.
    earliest: u32,
}

/// All notes of ours that sound. It survives resets: what cannot be sent now stays owed.
#[derive(Debug)]
pub struct Ledger {
    sounding: Vec<Sounding>,
}

/// An empty ledger that will never allocate again. `[main-thread]`
impl Default for Ledger {
    fn default() -> Ledger {
        Ledger { sounding: Vec::with_capacity(CAPACITY) }
    }
}

impl Ledger {
    /// Whether nothing is owed.
    pub fn is_empty(&self) -> bool {
        self.sounding.is_empty()
    }

    /// The notes that sound, in no order.
    pub fn sounding(&self) -> &[Sounding] {
        &self.sounding
    }

    /// Enters a note that begins at `sample` of this block and sounds from `on` to `off`. The key must be free.
    /// `[audio-thread]`
    pub fn enter(&mut self, channel: u8, key: u8, sample: u32, on: Ticks, off: Ticks) {
        if self.sounding.len() < CAPACITY {
            self.sounding.push(Sounding { channel, key, on, off, earliest: sample.saturating_add(1) });
        }
    }

    /// Whether a key's note sounds that began at this sample of this block, or later. `[audio-thread]`
    pub fn began_at(&self, channel: u8, key: u8, sample: u32) -> bool {
        self.sounding.iter().any(|note| note.channel == channel && note.key == key && note.earliest > sample)
    }

    /// The next note-off: where its note stands, and its sample in this block. `[audio-thread]`
    pub fn next(&self, span: &Span) -> Option<(usize, u32)> {
        let due = |note: &Sounding| span.sample_of(note.off).max(note.earliest);
        self.sounding
            .iter()
            .enumerate()
            .map(|(place, note)| (place, due(note)))
            .min_by_key(|(_, sample)| *sample)
    }

    /// Strikes out a note whose off was sent, and returns it. `[audio-thread]`
    pub fn strike(&mut self, place: usize) -> Sounding {
        self.sounding.swap_remove(place)
    }

    /// Makes the offs of all matching notes due at once; `None` matches all. `[audio-thread]`
    pub fn close(&mut self, channel: Option<u8>, key: Option<u8>) {
        for note in &mut self.sounding {
            if channel.is_none_or(|channel| channel == note.channel) && key.is_none_or(|key| key == note.key)
            {
                note.off = Ticks(i64::MIN);
            }
        }
    }

    /// A loop ended at `end` and went on `by` ticks away: what began before it is due at once, what began later ends
    /// on the new pass. `[audio-thread]`
    pub fn wrap(&mut self, end: Ticks, by: Ticks) {
        for note in &mut self.sounding {
            (note.on, note.off) =
                if note.on < end { (note.on, Ticks(i64::MIN)) } else { (note.on + by, note.off + by) };
        }
    }

    /// Ends a block of so many frames. `[audio-thread]`
    pub fn end_block(&mut self, frames: u32) {
        for note in &mut self.sounding {
            note.earliest = note.earliest.saturating_sub(frames);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Span = Span { start: 0.0, per_sample: 1.0, frames: 100, left: 0.0 };

    #[test]
    fn offs_come_in_order_of_time() {
        let mut ledger = Ledger::default();
        ledger.enter(0, 60, 0, Ticks::ZERO, Ticks(50));
        ledger.enter(0, 64, 0, Ticks::ZERO, Ticks(20));
        let (place, sample) = ledger.next(&SPAN).unwrap();
        assert_eq!(sample, 20);
        assert_eq!(ledger.strike(place).key, 64);
        assert_eq!(ledger.next(&SPAN).unwrap().1, 50);
    }

    #[test]
    fn a_loop_closes_what_crosses_its_end_and_keeps_what_began_after_it() {
        let mut ledger = Ledger::default();
        ledger.enter(0, 60, 0, Ticks(3800), Ticks(4200));
        ledger.enter(0, 64, 50, Ticks(3840), Ticks(4000));
        ledger.end_block(100);
        ledger.wrap(Ticks(3840), Ticks(-3840));
        let (place, sample) = ledger.next(&SPAN).unwrap();
        assert_eq!((ledger.strike(place).key, sample), (60, 0));
        assert_eq!(ledger.next(&Span { frames: 400, ..SPAN }), Some((0, 160)));
    }

    #[test]
    fn a_note_lasts_at_least_one_sample_even_over_the_edge_of_a_block() {
        let mut ledger = Ledger::default();
        ledger.enter(0, 60, 99, Ticks::ZERO, Ticks(-5));
        assert_eq!(ledger.next(&SPAN).unwrap().1, 100);
        ledger.end_block(100);
        assert_eq!(ledger.next(&SPAN).unwrap().1, 0);
    }

    #[test]
    fn closing_makes_matching_offs_due_at_once_and_keeps_them_owed() {
        let mut ledger = Ledger::default();
        ledger.enter(0, 60, 0, Ticks::ZERO, Ticks(90));
        ledger.enter(1, 60, 0, Ticks::ZERO, Ticks(90));
        ledger.end_block(100);
        ledger.close(Some(1), None);
        let (place, sample) = ledger.next(&SPAN).unwrap();
        assert_eq!((ledger.sounding()[place].channel, sample), (1, 0));
        ledger.close(None, Some(60));
        ledger.strike(place);
        assert_eq!(ledger.next(&SPAN).unwrap().1, 0);
        assert!(!ledger.is_empty());
    }
}
