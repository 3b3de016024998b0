//! What the threads of one instance share.

use std::sync::Arc;
use std::thread::Thread;
use std::time::{Duration, Instant};

use generator::Candidate;
use melody::{Chord, Key, Phrase, Ticks};
use parking_lot::Mutex;

use crate::crossing::{Remake, Signals, Sounding};
use crate::guard::Guard;
use crate::model_choice::Models;
use crate::params::ContinuoParams;
use crate::state::{Given, Memory};

/// How long a host may take to hand a knob's value back.
const HOST_PATIENCE: Duration = Duration::from_millis(250);

/// One instance of the plugin, as its host, its worker and its panel see it. The audio thread uses only
/// [`Instance::signals`] and the parameters' atomics.
pub struct Instance {
    /// The parameters.
    pub params: Arc<ContinuoParams>,
    /// What the project remembers.
    pub memory: Memory,
    /// The models by their numbers.
    pub models: Models,
    /// Numbers that any thread may look at.
    pub signals: Arc<Signals>,
    /// Where panics end.
    pub guard: Guard,
    /// What the worker reports.
    report: Mutex<Report>,
    /// The worker's thread, to wake it.
    worker: Mutex<Option<Thread>>,
    /// What the panel wishes while a knob moves.
    remake: Mutex<Option<Remake>>,
}

/// What the worker is doing, and what it has in its ears.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What it is doing.
    pub work: Work,
    /// What was played lately, on the grid, in whole bars; its first bar line is at zero.
    pub heard: Arc<Phrase>,
    /// When that bar line was, on the audio thread's clock, in ticks; `None` where the clock has left it.
    pub heard_since: Option<Ticks>,
    /// The part of it that is answered; for a gap the gap.
    pub taken: Stretch,
    /// What the user drew over.
    pub selection: Option<Selection>,
    /// What would be continued now, as the model would see it.
    pub prompt: Arc<Phrase>,
    /// The key heard in it.
    pub heard_key: Option<Key>,
    /// The chord that was played last.
    pub heard_chord: Option<Chord>,
    /// What could stand in the place of a note.
    pub alternatives: Option<Alternatives>,
    /// The phrases that the chosen model knows.
    pub map: Option<Arc<Map>>,
    /// What was sent to be played last.
    pub sounds: Sounding,
    /// Something that went well and should be known, as a sentence.
    pub news: Option<String>,
}

/// A stretch of time in ticks, from one bar line to another.
pub type Stretch = std::ops::Range<i64>;

/// Bars that the user drew over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Of what was heard.
    Heard(Stretch),
    /// Of the chosen candidate, from its own first bar line.
    Answer(Stretch),
}

/// What could stand in the place of a note of the chosen candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternatives {
    /// The candidates of the answer, and the place of the one that has the note.
    pub of: (Arc<Vec<Candidate>>, usize),
    /// The note's place in the candidate.
    pub note: usize,
    /// The pitches with their probabilities, the likeliest first; empty while a model is asked.
    pub choices: Vec<(melody::Pitch, f32)>,
    /// The name of the model that was asked.
    pub teller: String,
    /// Why there are none, as a sentence.
    pub problem: Option<String>,
}

impl Alternatives {
    /// What is asked for a note of the chosen candidate, before there is an answer.
    pub fn asked(given: &Given, note: usize) -> Alternatives {
        let of = (given.candidates().clone(), given.chosen());
        Alternatives { of, note, choices: Vec::new(), teller: String::new(), problem: None }
    }

    /// Whether they are those of the chosen candidate as it is now.
    pub fn is_of(&self, given: &Given) -> bool {
        Arc::ptr_eq(&self.of.0, given.candidates()) && self.of.1 == given.chosen()
    }
}

/// The phrases that a model knows, like ones near each other; coordinates from -1 to 1.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Map {
    /// The model's id.
    pub model: String,
    /// All of them.
    pub points: Arc<Vec<[f32; 2]>>,
    /// Those of the prompt.
    pub places: Vec<[f32; 2]>,
}

/// What the worker is doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Work {
    /// Nothing was played yet, or it was cleared.
    #[default]
    Idle,
    /// Something is being played to it.
    Listening,
    /// A model is at work.
    Generating {
        /// Since when.
        since: Instant,
    },
    /// The answer is there.
    Answered {
        /// How long it took.
        took: Duration,
    },
    /// It went wrong; a sentence that says what to do.
    Problem(String),
}

impl Instance {
    /// An instance as a newcomer finds it. Reads nothing, starts nothing. `[main-thread]`
    pub fn new() -> Instance {
        let signals = Arc::new(Signals::default());
        let memory = Memory::counting(signals.loads.clone());
        let models = Models::new(memory.clone());
        Instance {
            params: Arc::new(ContinuoParams::new(memory.clone(), &models, &signals)),
            memory,
            models,
            signals,
            guard: Guard::default(),
            report: Mutex::default(),
            worker: Mutex::default(),
            remake: Mutex::default(),
        }
    }

    /// The worker's report, as it was last changed. `[main-thread]`
    pub fn report(&self) -> Report {
        self.report.lock().clone()
    }

    /// Changes the report. `[main-thread, worker]`
    pub fn change_report(&self, change: impl FnOnce(&mut Report)) {
        change(&mut self.report.lock());
    }

    /// The panel has shown what went wrong. `[main-thread]`
    pub fn dismiss_problem(&self) {
        self.guard.dismiss();
        self.change_report(|report| {
            if matches!(report.work, Work::Problem(_)) {
                report.work = if report.prompt.is_empty() { Work::Idle } else { Work::Listening };
            }
        });
    }

    /// Wishes the answer remade with the knobs as they stand; an older wish is forgotten. `[main-thread]`
    pub fn wish(&self, remake: Remake) {
        let mut wished = self.remake.lock();
        // A gesture that has not been served yet is begun by its first wish.
        let same_gesture = remake.same_gesture && wished.as_ref().is_none_or(|older| older.same_gesture);
        *wished = Some(Remake { same_gesture, ..remake });
    }

    /// Forgets what was wished. `[worker]`
    pub fn forget_wish(&self) {
        *self.remake.lock() = None;
    }

    /// Wishes again what came to nothing, unless something newer is wished. `[worker]`
    pub fn wish_again(&self, remake: Remake) {
        self.remake.lock().get_or_insert(remake);
    }

    /// Whether something is wished. `[worker]`
    pub fn is_wished(&self) -> bool {
        self.remake.lock().is_some()
    }

    /// What the user drew over. `[main-thread, worker]`
    pub fn selection(&self) -> Option<Selection> {
        self.report.lock().selection.clone()
    }

    /// Takes the wish up, once the knob's value is there. `[worker]`
    pub fn take_wish(&self) -> Option<Remake> {
        let mut wished = self.remake.lock();
        let is_due = |remake: &mut Remake| (remake.arrived)() || remake.since.elapsed() > HOST_PATIENCE;
        wished.take_if(is_due)
    }

    /// Says what is wrong, in the panel. `[main-thread, worker]`
    pub fn say_problem(&self, sentence: impl Into<String>) {
        self.change_report(|report| report.work = Work::Problem(sentence.into()));
    }

    /// Says what went well, in the panel. `[main-thread, worker]`
    pub fn say_news(&self, sentence: impl Into<String>) {
        self.change_report(|report| {
            report.news = Some(sentence.into());
            if matches!(report.work, Work::Problem(_)) {
                report.work = if report.prompt.is_empty() { Work::Idle } else { Work::Listening };
            }
        });
    }

    /// Names the worker's thread. `[main-thread]`
    pub fn set_worker(&self, thread: Option<Thread>) {
        *self.worker.lock() = thread;
    }

    /// Whether the worker runs. `[main-thread]`
    pub fn has_worker(&self) -> bool {
        self.worker.lock().is_some()
    }

    /// Wakes the worker. `[main-thread]`
    pub fn wake_worker(&self) {
        if let Some(thread) = &*self.worker.lock() {
            thread.unpark();
        }
    }
}

impl Default for Instance {
    fn default() -> Instance {
        Instance::new()
    }
}
