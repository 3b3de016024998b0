//! Every type that crosses a thread, the capacity of its ring, and both ends of each ring, made together.

mod reading;
mod signals;

use std::sync::Arc;
use std::time::Instant;

use melody::{Meter, Phrase, Tempo, Ticks};
use nice_plug::params::enums::Enum;

pub use reading::Reading;
pub use signals::Signals;

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

/// How an answer comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Entry {
    /// From its first note on, when the start rule says.
    #[default]
    ByRule,
    /// At the next beat in the place of the one that sounds, which it takes over where that has come to; where none
    /// sounds, not at all.
    Swap,
    /// The same, but where none sounds by the rule.
    SwapOrBegin,
}

/// What goes on to the next device while an answer plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
pub enum Mix {
    /// What is played, and the answer beside it.
    #[id = "beside"]
    #[name = "beside"]
    #[default]
    Beside,
    /// The answer alone: what is played meanwhile is only heard.
    #[id = "instead"]
    #[name = "instead"]
    Instead,
    /// What is played alone: answers are looked at, saved and dragged out.
    #[id = "through"]
    #[name = "through"]
    Through,
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
        /// How it comes in.
        entry: Entry,
        /// Whether it begins again at its end, until something ends it.
        looped: bool,
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
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Do the chosen task with what was played.
    Answer {
        /// The seed to use.
        seed: u32,
    },
    /// Choose a candidate of the last answer, and play it in a loop; where another sounds, from where that has come to.
    Audition {
        /// Its place in the list.
        index: usize,
    },
    /// Play the chosen candidate of the last answer once more.
    PlayAgain,
    /// Answers begin again at their end from now on, or do not.
    Loop(bool),
    /// The chosen candidate is another: if the answer sounds, it goes on with that from the next beat.
    Refresh,
    /// Play a phrase that is no candidate.
    Play {
        /// Its notes.
        phrase: Arc<Phrase>,
        /// What it is.
        sounds: Sounding,
        /// Whether it begins again at its end.
        looped: bool,
    },
    /// Make the selected bars of the chosen candidate anew.
    Regenerate {
        /// The seed to use.
        seed: u32,
    },
    /// Make variations of a candidate.
    MoreLike {
        /// Its place in the list.
        index: usize,
        /// The seed to use.
        seed: u32,
    },
    /// Make the way from one candidate to another.
    Between {
        /// The place of the one.
        from: usize,
        /// The place of the other.
        to: usize,
    },
    /// List what could stand in the place of a note of the chosen candidate.
    Alternatives {
        /// The note's place in the candidate.
        note: usize,
    },
    /// Take a phrase as what was played.
    Hear(Arc<Phrase>),
    /// Take a phrase as what was played again, as it was before a step that was taken back.
    Restore(Arc<Phrase>),
    /// Give up the answer that is being made, and end the one that sounds.
    Stop,
    /// Forget what was played, and the answer to it.
    Clear,
}

/// What the panel wishes while a knob moves: only the newest wish counts, and none interrupts a model at work.
#[derive(Clone)]
pub struct Remake {
    /// It goes on with the gesture that made the last one: both are one step of the history.
    pub same_gesture: bool,
    /// Where to look on the model's map, coordinates from -1 to 1.
    pub place: Option<[f32; 2]>,
    /// Another seed than the answer's own.
    pub seed: Option<u32>,
    /// Whether the knob's new value has come back from the host; a host that never sends it is not waited for long.
    pub arrived: Arc<dyn Fn() -> bool + Send + Sync>,
    /// When it was wished.
    pub since: Instant,
}

/// What sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sounding {
    /// Nothing of ours.
    #[default]
    Nothing,
    /// The chosen candidate.
    Answer,
    /// A favourite, by its place.
    Favourite(usize),
    /// The Keep track.
    Song,
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
}
