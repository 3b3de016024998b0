//! Every type that crosses a thread, the capacity of its ring, and both ends of each ring, made together.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};

use melody::{Meter, Tempo, Ticks};
use nice_plug::params::enums::Enum;

/// Events from the audio thread that may wait for the worker, which looks every few milliseconds.
const HEARD_CAPACITY: usize = 4096;
/// The most notes of one answer, and of a captured phrase.
pub const MAX_NOTES: usize = 4096;
/// Two whole answers with their frames, so that a new one finds room while the host is slow to fetch the old.
const ANSWER_CAPACITY: usize = 2 * (MAX_NOTES + 2);
/// Keys pressed in the panel that may wait for the audio thread.
const STROKE_CAPACITY: usize = 256;
/// Requests from the panel that may wait for the worker.
const ASK_CAPACITY: usize = 64;

/// What the audio thread tells the worker, in order. Times are ticks of the song, or of the free-running clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// A note begins.
    NoteOn {
        /// When.
        at: Ticks,
        /// MIDI channel, 0 to 15.
        channel: u8,
        /// MIDI key, 0 to 127.
        key: u8,
        /// MIDI velocity, 1 to 127.
        velocity: u8,
    },
    /// A note ends.
    NoteOff {
        /// When.
        at: Ticks,
        /// MIDI channel; `None` for all.
        channel: Option<u8>,
        /// MIDI key; `None` for all.
        key: Option<u8>,
    },
    /// How time is divided from now on.
    Ruler(Ruler),
    /// Time stops, starts or leaps here: what is held ends, and what comes next is a new phrase.
    Break {
        /// When, on the timeline that ends here.
        at: Ticks,
    },
    /// A project was loaded: what was heard before has nothing to do with it.
    Loaded {
        /// How many were loaded by now.
        loads: u64,
    },
    /// The host's loop begins anew: what is held ends, and the phrase goes on.
    Wrapped {
        /// The loop's end.
        from: Ticks,
        /// The loop's start.
        to: Ticks,
    },
    /// The player wants an answer to what was heard up to here.
    Trigger {
        /// When.
        at: Ticks,
        /// How often time had leapt by then: after another leap the answer would come out of place.
        leaps: u64,
    },
}

/// When an answer begins to sound, once it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
pub enum Start {
    /// At once.
    #[id = "now"]
    #[name = "now"]
    Now,
    /// At the next beat.
    #[id = "beat"]
    #[name = "next beat"]
    NextBeat,
    /// At the next bar line.
    #[id = "bar"]
    #[name = "next bar"]
    #[default]
    NextBar,
}

/// Bar lines, meter and tempo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruler {
    /// The time of some bar line; the others lie whole bars away.
    pub bar_line: Ticks,
    /// The time signature.
    pub meter: Meter,
    /// The tempo.
    pub tempo: Tempo,
    /// Whether the host's transport runs; if not, the first note of a phrase makes the bar line.
    pub running: bool,
}

/// A note of an answer, as the audio thread keeps it. Times are ticks from the answer's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheduled {
    /// Start, not negative.
    pub onset: Ticks,
    /// Length; anything shorter than a 64th note is played as one.
    pub length: Ticks,
    /// MIDI channel, 0 to 15.
    pub channel: u8,
    /// MIDI key, 0 to 127.
    pub key: u8,
    /// MIDI velocity, 1 to 127.
    pub velocity: u8,
}

/// What the worker tells the audio thread: `Begin`, notes in order of onset, `End`; or one of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// An answer follows.
    Begin {
        /// The number of the request that it answers; stale ones are not played.
        generation: u64,
    },
    /// One of its notes.
    Note(Scheduled),
    /// It is complete.
    End {
        /// Its length in ticks, rests at its end included.
        length: Ticks,
    },
    /// Whatever plays ends now.
    Silence,
    /// The same, and the next note begins a new phrase.
    Forget,
}

/// A key of the on-screen or computer keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stroke {
    /// MIDI key, 0 to 127.
    pub key: u8,
    /// MIDI velocity, 1 to 127; `None` when the key comes up.
    pub velocity: Option<u8>,
}

/// What the panel asks of the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Answer what was played.
    Continue {
        /// The seed to use.
        seed: u32,
    },
    /// Play the last answer once more.
    PlayAgain,
    /// Give up the answer that is being made, and end the one that sounds.
    Stop,
    /// Forget what was played, and the answer to it.
    Clear,
}

/// Numbers that any thread may look at.
#[derive(Debug)]
pub struct Signals {
    /// Which request counts; shared with [`generator::Cancel`]. Answers with an older number are stale.
    pub generation: Arc<AtomicU64>,
    /// Projects that were loaded into this instance; shared with [`crate::state::Memory`].
    pub loads: Arc<AtomicU64>,
    /// Times that the `continue` parameter went up.
    pub presses: AtomicU32,
    /// Leaps of time, resets and the like; each also makes older answers stale.
    pub leaps: AtomicU64,
    /// Triggers that the audio thread has sent.
    pub asked: AtomicU64,
    /// Triggers that the worker is done with.
    pub served: AtomicU64,
    /// Resets by the host.
    pub resets: AtomicU64,
    /// Events that the worker's ring had no room for.
    pub heard_lost: AtomicU64,
    /// Notes that the host's queue had no room for.
    pub sent_lost: AtomicU64,
    /// Whether the host has activated the plugin.
    pub active: AtomicBool,
    /// Whether the worker must end.
    pub quit: AtomicBool,
    /// The newest reading of the clock, for the panel and for asks from it.
    pub reading: Reading,
}

/// The clock as the audio thread last left it; the fields are read one by one and may be a block apart.
#[derive(Debug)]
pub struct Reading {
    /// The time in ticks.
    pub now: AtomicI64,
    /// Whether the host's transport runs.
    pub running: AtomicBool,
    /// The tempo in microseconds a quarter.
    pub tempo: AtomicU32,
    /// The meter: numerator * 256 + denominator.
    pub meter: AtomicU32,
    /// When the sounding answer began, in ticks; [`Reading::NEVER`] when none sounds.
    pub answer_start: AtomicI64,
    /// The keys that sound, 64 each.
    pub keys: [AtomicU64; 2],
}

impl Reading {
    /// No answer sounds.
    pub const NEVER: i64 = i64::MIN;

    /// The time now, in ticks.
    pub fn now(&self) -> Ticks {
        Ticks(self.now.load(Ordering::Relaxed))
    }

    /// When the sounding answer began.
    pub fn answer_start(&self) -> Option<Ticks> {
        Some(self.answer_start.load(Ordering::Relaxed)).filter(|start| *start != Reading::NEVER).map(Ticks)
    }

    /// The meter.
    pub fn meter(&self) -> Meter {
        let [.., numerator, denominator] = self.meter.load(Ordering::Relaxed).to_be_bytes();
        Meter::new(numerator, denominator).unwrap_or_default()
    }

    /// The tempo.
    pub fn tempo(&self) -> Tempo {
        Tempo::from_micros(self.tempo.load(Ordering::Relaxed))
    }

    /// Notes meter and tempo. `[audio-thread]`
    pub fn set_ruler(&self, ruler: &Ruler) {
        let (numerator, denominator) = ruler.meter.into();
        self.meter.store(u32::from_be_bytes([0, 0, numerator, denominator]), Ordering::Relaxed);
        self.tempo.store(ruler.tempo.micros(), Ordering::Relaxed);
        self.running.store(ruler.running, Ordering::Relaxed);
    }
}

impl Signals {
    /// Makes all older answers stale and returns the number of the newest request. `[audio-thread, worker]`
    pub fn begin_generation(&self) -> u64 {
        self.generation.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// The number of the newest request.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}

impl Default for Signals {
    fn default() -> Signals {
        let reading = Reading {
            now: AtomicI64::new(0),
            running: AtomicBool::new(false),
            tempo: AtomicU32::new(Tempo::DEFAULT.micros()),
            meter: AtomicU32::new(0x0404),
            answer_start: AtomicI64::new(Reading::NEVER),
            keys: [AtomicU64::new(0), AtomicU64::new(0)],
        };
        Signals {
            generation: Arc::new(AtomicU64::new(0)),
            loads: Arc::new(AtomicU64::new(0)),
            presses: AtomicU32::new(0),
            leaps: AtomicU64::new(0),
            asked: AtomicU64::new(0),
            served: AtomicU64::new(0),
            resets: AtomicU64::new(0),
            heard_lost: AtomicU64::new(0),
            sent_lost: AtomicU64::new(0),
            active: AtomicBool::new(false),
            quit: AtomicBool::new(false),
            reading,
        }
    }
}

/// The audio thread's ends.
pub struct AudioEnds {
    /// To the worker.
    pub heard: rtrb::Producer<Heard>,
    /// From the worker.
    pub answers: rtrb::Consumer<Answer>,
    /// From the panel.
    pub strokes: rtrb::Consumer<Stroke>,
}

/// The worker's ends.
pub struct WorkerEnds {
    /// From the audio thread.
    pub heard: rtrb::Consumer<Heard>,
    /// To the audio thread.
    pub answers: rtrb::Producer<Answer>,
    /// From the panel.
    pub asks: crossbeam_channel::Receiver<Ask>,
}

/// The panel's ends.
pub struct PanelEnds {
    /// To the audio thread.
    pub strokes: rtrb::Producer<Stroke>,
    /// To the worker.
    pub asks: crossbeam_channel::Sender<Ask>,
}

/// Makes all rings of one instance. `[main-thread]`
pub fn open() -> (AudioEnds, WorkerEnds, PanelEnds) {
    let (heard_in, heard_out) = rtrb::RingBuffer::new(HEARD_CAPACITY);
    let (answers_in, answers_out) = rtrb::RingBuffer::new(ANSWER_CAPACITY);
    let (strokes_in, strokes_out) = rtrb::RingBuffer::new(STROKE_CAPACITY);
    let (asks_in, asks_out) = crossbeam_channel::bounded(ASK_CAPACITY);
    (
        AudioEnds { heard: heard_in, answers: answers_out, strokes: strokes_out },
        WorkerEnds { heard: heard_out, answers: answers_in, asks: asks_out },
        PanelEnds { strokes: strokes_in, asks: asks_in },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_answer_fits_while_another_waits() {
        let (mut audio, mut worker, _panel) = open();
        for _ in 0..2 * (MAX_NOTES + 2) {
            worker.answers.push(Answer::Silence).unwrap();
        }
        assert!(worker.answers.push(Answer::Silence).is_err());
        assert_eq!(audio.answers.pop(), Ok(Answer::Silence));
    }

    #[test]
    fn the_reading_gives_back_the_ruler() {
        let signals = Signals::default();
        assert_eq!(signals.reading.meter(), Meter::COMMON);
        assert_eq!(signals.reading.answer_start(), None);
        let meter = Meter::new(7, 8).unwrap();
        let ruler = Ruler { bar_line: Ticks(0), meter, tempo: Tempo::from_bpm(90.0), running: true };
        signals.reading.set_ruler(&ruler);
        assert_eq!((signals.reading.meter(), signals.reading.tempo()), (meter, ruler.tempo));
    }
}
