//! From heard events to the phrase that is being played.
//!
//! A phrase begins with the first note after time stopped, started or leapt, after another meter, or after more than
//! four bars of silence; a loop that is whole bars long goes on with it. What was played stays until the next phrase
//! begins, so that it can still be answered.

use melody::{Meter, Note, Phrase, Pitch, Tempo, Ticks, grid};

use crate::audio::listen::PAUSE_BARS;
use crate::crossing::{Heard, MAX_NOTES, Ruler};

/// The most notes that are held at once; the oldest is closed to make room.
const MAX_OPEN: usize = 128;
/// How far a note may come before a bar line and still belong to the bar after it.
const EARLY: Ticks = Ticks(Ticks::SIXTEENTH.0 / 2);
/// How far a loop's length may lie from whole bars and still count as such, in ticks.
const LOOP_SLACK: i64 = 8;

/// A phrase while it is played.
#[derive(Debug)]
pub struct Capture {
    /// Notes that have ended, in the order of their ends. Times are unrolled: they go on where a loop leaps back.
    notes: Vec<Note>,
    /// Notes that are held.
    open: Vec<Note>,
    /// The bar line that the phrase begins at.
    origin: Ticks,
    /// What to add to heard times to unroll them.
    unrolled: Ticks,
    /// How time is divided now.
    ruler: Ruler,
    /// The phrase's meter: another one begins another phrase.
    meter: Meter,
    /// The phrase's tempo, the newest while it lasts.
    tempo: Tempo,
    /// The next note begins a phrase.
    fresh: bool,
    /// When the last note began.
    last: Ticks,
}

/// Nothing was played yet.
impl Default for Capture {
    fn default() -> Capture {
        let (meter, tempo) = (Meter::COMMON, Tempo::DEFAULT);
        Capture {
            notes: Vec::new(),
            open: Vec::new(),
            origin: Ticks::ZERO,
            unrolled: Ticks::ZERO,
            ruler: Ruler { bar_line: Ticks::ZERO, meter, tempo, running: false },
            meter,
            tempo,
            fresh: true,
            last: Ticks::ZERO,
        }
    }
}

impl Capture {
    /// Takes up a phrase from a project; the next note begins another. `[worker]`
    pub fn restore(&mut self, phrase: &Phrase) {
        let (ruler, notes) = (self.ruler, phrase.notes().to_vec());
        *self = Capture { notes, meter: phrase.meter, tempo: phrase.tempo, ruler, ..Capture::default() };
    }

    /// Forgets what was played; what is still held counts from its off on. `[worker]`
    pub fn clear(&mut self) {
        self.notes.clear();
        self.open.clear();
        self.fresh = true;
    }

    /// Whether nothing was played.
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty() && self.open.is_empty()
    }

    /// Takes in an event; for a trigger the time up to which to answer, unrolled. `[worker]`
    pub fn hear(&mut self, event: Heard) -> Option<Ticks> {
        match event {
            Heard::NoteOn { at, channel, key, velocity } => {
                if let Some(pitch) = Pitch::new(key) {
                    self.begin(at, Note { onset: at, length: Ticks(1), pitch, velocity, channel });
                }
            }
            Heard::NoteOff { at, channel, key } => self.close(at + self.unrolled, |note| {
                channel.is_none_or(|channel| channel == note.channel)
                    && key.is_none_or(|key| key == note.pitch.number())
            }),
            Heard::Ruler(ruler) => self.divide(ruler),
            Heard::Break { at } => {
                self.close(at + self.unrolled, |_| true);
                self.fresh = true;
            }
            Heard::Loaded { .. } => self.fresh = true,
            Heard::Wrapped { from, to } => self.wrap(from, to),
            Heard::Trigger { at, .. } => return Some(self.unroll(at)),
        }
        None
    }

    /// A time of the clock as the phrase counts it. `[worker]`
    pub fn unroll(&self, at: Ticks) -> Ticks {
        at + self.unrolled
    }

    /// When, on the audio thread's clock, something was that the phrase has at this time; `None` once the phrase is over,
    /// for the clock may have leapt since.
    pub fn clock_of(&self, at: Ticks) -> Option<Ticks> {
        (!self.fresh).then_some(at + self.origin - self.unrolled)
    }

    /// What was played, as it was played; notes that are held end at `now` (unrolled). `[worker]`
    pub fn phrase(&self, now: Ticks) -> Phrase {
        let held = self.open.iter().map(|note| ended(*note, now));
        let notes = self.notes.iter().copied().chain(held).map(|note| {
            let onset = (note.onset - self.origin).max(Ticks::ZERO);
            Note { onset, ..note }
        });
        Phrase::new(notes.collect(), self.meter, self.tempo)
    }

    /// The last `bars` bars of a phrase on the grid: what a model is asked to continue. `[worker]`
    pub fn prompt(phrase: &Phrase, bars: usize) -> Phrase {
        grid::quantise(phrase).last_bars(bars)
    }

    fn begin(&mut self, at: Ticks, note: Note) {
        let bar = self.ruler.meter.bar();
        if self.fresh || self.unroll(at) - self.last > bar * PAUSE_BARS {
            self.clear();
            self.fresh = false;
            self.unrolled = Ticks::ZERO;
            (self.meter, self.tempo) = (self.ruler.meter, self.ruler.tempo);
            self.origin = self.ruler.bar_line + (at + EARLY - self.ruler.bar_line).floor_to(bar);
        }
        let at = self.unroll(at);
        self.last = at;
        self.close(at, |open| (open.channel, open.pitch) == (note.channel, note.pitch));
        self.close_forgotten(at, bar * PAUSE_BARS);
        self.open.push(Note { onset: at, ..note });
        self.make_room();
    }

    /// Ends notes whose off never came: they count as held for `longest`.
    fn close_forgotten(&mut self, now: Ticks, longest: Ticks) {
        for note in &self.open {
            if now - note.onset > longest {
                self.notes.push(Note { length: longest, ..*note });
            }
        }
        self.open.retain(|note| now - note.onset <= longest);
        if self.open.len() == MAX_OPEN {
            let oldest = self.open.remove(0);
            self.notes.push(ended(oldest, now));
        }
    }

    fn close(&mut self, at: Ticks, matches: impl Fn(&Note) -> bool) {
        let closed = self.open.iter().filter(|note| matches(note)).map(|note| ended(*note, at));
        self.notes.extend(closed);
        self.open.retain(|note| !matches(note));
    }

    fn divide(&mut self, ruler: Ruler) {
        self.ruler = ruler;
        self.fresh |= ruler.meter != self.meter;
        if !self.fresh || self.is_empty() {
            (self.meter, self.tempo) = (ruler.meter, ruler.tempo);
        }
    }

    fn wrap(&mut self, from: Ticks, to: Ticks) {
        // What began behind the loop's end, in a block that the host did not cut there, is of the next pass already.
        let end = self.unroll(from);
        self.close(end, |note| note.onset < end);
        let length = from - to;
        let bars = length.round_to(self.ruler.meter.bar());
        if length.distance(bars).0 <= LOOP_SLACK {
            self.unrolled += bars;
        } else {
            self.fresh = true;
        }
    }

    /// Drops the oldest quarter of a phrase that has become too long, by whole bars.
    fn make_room(&mut self) {
        if self.notes.len() + self.open.len() <= MAX_NOTES {
            return;
        }
        self.notes.sort_by_key(|note| note.onset);
        self.notes.drain(..MAX_NOTES / 4);
        if let Some(first) = self.notes.first() {
            let bar = self.ruler.meter.bar();
            self.origin = self.origin + (first.onset + EARLY - self.origin).floor_to(bar);
        }
    }
}

fn ended(note: Note, at: Ticks) -> Note {
    Note { length: (at - note.onset).max(Ticks(1)), ..note }
}

#[cfg(test)]
mod tests;
