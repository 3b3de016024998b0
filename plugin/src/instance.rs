//! What the threads of one instance share.

use std::sync::Arc;
use std::thread::Thread;
use std::time::{Duration, Instant};

use melody::{Key, Phrase};
use parking_lot::Mutex;

use crate::crossing::Signals;
use crate::guard::Guard;
use crate::model_choice::Models;
use crate::params::ContinuoParams;
use crate::state::Memory;

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
}

/// What the worker is doing, and what it has in its ears.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What it is doing.
    pub work: Work,
    /// What would be continued now, as the model would see it.
    pub prompt: Phrase,
    /// The key heard in it.
    pub heard_key: Option<Key>,
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
        }
    }

    /// The worker's report, as it was last changed. `[main-thread]`
    pub fn report(&self) -> Report {
        self.report.lock().clone()
    }

    /// Changes the report. `[worker]`
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
