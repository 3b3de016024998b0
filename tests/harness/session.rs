//! Continuo on a track of a song: played to, asked to go on, listened to.

use std::thread;
use std::time::{Duration, Instant};

use melody::Phrase;
use serde_json::Value;

use crate::bundle::Product;
use crate::host::{Format, Host, Kind, Setup};
use crate::notes::{self, Heard, Pairing};
use crate::timeline::{Blocks, Timed, Timeline};

/// Longer than any answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longer than an answer of a few microseconds takes.
const AGAIN: Duration = Duration::from_millis(500);
/// How long the worker may take from an answer that is there to one that the audio thread can fetch.
const DELIVERY: Duration = Duration::from_millis(60);

/// One active instance, its song, and all that it played so far.
pub struct Session {
    /// The instance.
    pub host: Box<dyn Host>,
    /// The song.
    pub timeline: Timeline,
    /// What came out of the instance.
    pub heard: Vec<Timed>,
}

impl Session {
    /// Samples a second.
    pub const RATE: f64 = 48_000.0;

    /// A new instance with the model `random` and a locked seed, in a stopped song of so many quarters a minute.
    pub fn open(format: Format, tempo: f64, blocks: Blocks) -> Session {
        let mut session = Session::bare(format, tempo, blocks);
        session.choose_model("random");
        session.host.choose("Lock seed", "on");
        session.host.choose("Seed", "7");
        session
    }

    /// A new instance as it comes.
    pub fn bare(format: Format, tempo: f64, blocks: Blocks) -> Session {
        let host = Product::CONTINUO.open(format);
        Session::around(host, Setup { sample_rate: Session::RATE, ..Setup::default() }, tempo, blocks)
    }

    /// An inactive instance, activated.
    pub fn around(mut host: Box<dyn Host>, setup: Setup, tempo: f64, blocks: Blocks) -> Session {
        host.activate(setup);
        Session { host, timeline: Timeline::new(setup.sample_rate, tempo, blocks), heard: Vec::new() }
    }

    /// Chooses a model as soon as the worker has found it.
    pub fn choose_model(&mut self, id: &str) {
        let knob = self.host.knob("Model").id;
        let start = Instant::now();
        while self.host.parse(knob, id).is_none() {
            assert!(start.elapsed() < PATIENCE, "the model {id:?} is not found");
            thread::sleep(Duration::from_millis(2));
        }
        self.host.choose("Model", id);
    }

    /// Starts the song and plays this phrase at its beginning.
    pub fn play(&mut self, phrase: &Phrase) {
        self.timeline.cue_phrase(phrase, self.timeline.beat());
        self.timeline.play();
    }

    /// Goes on to a place in the song, in quarters.
    pub fn run_to_beat(&mut self, beat: f64) {
        let heard = self.timeline.run_to_beat(&mut *self.host, beat);
        self.heard.extend(heard);
    }

    /// Goes on for so many samples.
    pub fn run_for(&mut self, samples: u64) {
        let heard = self.timeline.run_for(&mut *self.host, samples);
        self.heard.extend(heard);
    }

    /// Presses Continue and lets it go, by automation, in the blocks that come next.
    pub fn press(&mut self) {
        let knob = self.host.knob("Continue").id;
        let now = self.timeline.now();
        self.timeline.cue_sample(now, Kind::Knob(knob, 1.0));
        self.timeline.cue_sample(now + 8, Kind::Knob(knob, 0.0));
        self.run_for(16);
    }

    /// Presses Continue and waits, without moving the song, until an answer can be fetched.
    pub fn ask(&mut self) {
        let before = self.memory()["answer"].clone();
        self.press();
        self.await_answer(&before);
    }

    /// Presses Continue where the same answer as before is expected: there is nothing to wait for but time.
    pub fn ask_again(&mut self) {
        self.press();
        self.timeline.rest(&mut *self.host, AGAIN);
    }

    /// Waits, without moving the song, for another answer than this one.
    pub fn await_answer(&mut self, before: &Value) {
        let start = Instant::now();
        loop {
            let answer = self.memory()["answer"].clone();
            if !answer.is_null() && answer != *before {
                break;
            }
            assert!(start.elapsed() < PATIENCE, "no answer comes");
            self.timeline.rest(&mut *self.host, Duration::from_millis(5));
        }
        self.timeline.rest(&mut *self.host, DELIVERY);
    }

    /// What a project would remember now beside the knobs.
    pub fn memory(&mut self) -> Value {
        memory_of(&self.host.save())
    }

    /// The plugin's own notes so far. Panics unless all that was played came through at its very sample.
    pub fn own_events(&self) -> Vec<Timed> {
        let (own, missing) = notes::beyond(&self.heard, self.timeline.sent());
        assert_eq!(missing, [], "what is played goes through untouched");
        own
    }

    /// The plugin's own notes so far, all of which must have ended.
    pub fn answer(&self) -> Vec<Heard> {
        let pairing = Pairing::of(&self.own_events());
        assert!(pairing.is_clean(), "each note-on has its note-off: {pairing:?}");
        pairing.notes
    }
}

/// What a state remembers beside the knobs; the answer that is shown stands under `answer`, wherever the history has it.
pub fn memory_of(state: &[u8]) -> Value {
    // CLAP's state begins with its length in eight bytes, any of which may look like a brace; VST3's does not.
    let json = match state.split_first_chunk() {
        Some((length, rest)) if u64::from_le_bytes(*length) == rest.len() as u64 => rest,
        _ => state,
    };
    let state: Value = serde_json::from_slice(json).expect("a state is JSON");
    let Some(memory) = state["fields"]["memory"].as_str() else { return Value::Null };
    let mut memory: Value = serde_json::from_str(memory).expect("the memory is JSON");
    if let Some(shown) = memory["history"]["now"]["answer"].as_u64() {
        memory["answer"] = memory["history"]["answers"][shown as usize].clone();
    }
    memory
}
