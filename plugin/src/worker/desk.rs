//! What the worker works with, and what it does in one turn.

mod answers;
mod reports;
mod shaping;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use generator::Library;

use self::reports::Focus;
use super::answer::Playing;
use super::capture::Capture;
use super::float_mode;
use super::seeds::Seeds;
use super::shelf::Shelf;
use crate::crossing::{Heard, WorkerEnds};
use crate::instance::{Instance, Work};

/// How long the worker sleeps while somebody plays: what is asked for waits half as long in the mean.
const ALERT: Duration = Duration::from_millis(2);
/// How long it stays alert after a note or a question: whoever is stuck asks soon.
const ATTENTION: Duration = Duration::from_secs(20);
/// How long it sleeps while nothing is played.
const IDLE: Duration = Duration::from_millis(10);
/// How long it sleeps after a panic.
const SHAKEN: Duration = Duration::from_millis(500);
/// How long it sleeps while the host has deactivated the plugin; the panel can wake it.
const AWAY: Duration = Duration::from_millis(50);

/// What the worker works with.
pub struct Desk {
    instance: Arc<Instance>,
    ends: WorkerEnds,
    shelf: Shelf,
    capture: Capture,
    /// The loads of the project that have been taken up.
    loads: u64,
    /// What comes out of the ring was heard before the project was loaded.
    outdated: bool,
    seeds: Seeds,
    /// The model parameter as last seen.
    model: i32,
    /// What the reported prompt depends on.
    focus: Focus,
    /// How the last phrase was sent to be played.
    playing: Playing,
    /// The seed of an answer that was given up before it was there.
    interrupted: Option<u32>,
    /// The phrase has changed since the report was last brought up to date.
    heard: bool,
    /// A note began since then.
    struck: bool,
    /// The audio thread has asked for an answer in this turn.
    asked: bool,
}

impl Desk {
    /// A desk with the project's memory on it. `[main-thread]`
    pub fn new(instance: Arc<Instance>, ends: WorkerEnds) -> Desk {
        let mut desk = Desk {
            ends,
            shelf: Shelf::new(Library::standard()),
            capture: Capture::default(),
            loads: 0,
            outdated: false,
            seeds: Seeds::default(),
            model: instance.params.model.value(),
            focus: Focus::default(),
            playing: Playing::default(),
            interrupted: None,
            heard: false,
            struck: false,
            asked: false,
            instance,
        };
        desk.take_up_memory();
        desk
    }

    /// Works until it is told to quit. `[worker]`
    pub fn run(mut self) {
        float_mode::set_default();
        let instance = self.instance.clone();
        instance.guard.run("the search for models", || instance.models.learn(&self.shelf.listings()));
        let mut busy_at: Option<Instant> = None;
        while !instance.signals.quit.load(Ordering::Acquire) {
            let busy = instance.guard.run("the worker", || self.turn());
            if busy == Some(true) {
                busy_at = Some(Instant::now());
            }
            thread::park_timeout(match busy {
                // What panicked once may do so again: not a hundred times a second.
                None => SHAKEN,
                _ if !instance.signals.active.load(Ordering::Relaxed) => AWAY,
                _ if busy_at.is_some_and(|at| at.elapsed() < ATTENTION) => ALERT,
                _ => IDLE,
            });
        }
    }

    /// Does whatever has come up; whether notes or questions came in.
    fn turn(&mut self) -> bool {
        if self.instance.memory.loads() != self.loads {
            self.silence();
            self.take_up_memory();
            self.outdated = true;
        }
        if self.instance.params.model.value() != self.model {
            self.model = self.instance.params.model.value();
            // Whoever turns to another model in the panel hears how that would play the same.
            if !self.instance.is_wished() {
                self.silence();
            }
        }
        self.hear_all();
        let heard = std::mem::take(&mut self.heard);
        if heard {
            self.report_heard();
            if let Ok(id) = self.chosen() {
                self.shelf.warm_up(&id);
            }
        } else if self.focus != self.focus() {
            self.drop_moved_selection();
            // A model with a map shows it before it is asked.
            if let Some(id) = self.chosen().ok().filter(|_| !self.capture.is_empty()) {
                self.shelf.warm_up(&id);
            }
            self.report_prompt();
        }
        let mut busy = heard || std::mem::take(&mut self.asked);
        while let Ok(ask) = self.ends.asks.try_recv() {
            self.serve(ask);
            busy = true;
        }
        if let Some(remake) = self.instance.take_wish() {
            self.remake(remake);
            busy = true;
        }
        busy
    }

    /// Takes up what a project remembers.
    fn take_up_memory(&mut self) {
        self.loads = self.instance.memory.loads();
        let remembered = self.instance.memory.get();
        self.capture.restore(&remembered.phrase);
        self.instance.models.learn(&self.instance.models.listings());
        self.interrupted = None;
        self.instance.forget_wish();
        self.instance.change_report(|report| {
            (report.selection, report.alternatives, report.news) = (None, None, None);
            report.work = match &remembered.problem {
                Some(problem) => Work::Problem(problem.clone()),
                None if remembered.phrase.is_empty() => Work::Idle,
                None => Work::Listening,
            };
        });
        self.report_prompt();
    }

    fn hear_all(&mut self) {
        while let Ok(event) = self.ends.heard.pop() {
            match event {
                Heard::Loaded { loads } => self.begin_project(loads),
                Heard::Ruler(_) | Heard::Trigger { .. } => {}
                _ if self.outdated => continue,
                Heard::NoteOn { .. } => (self.heard, self.struck) = (true, true),
                Heard::NoteOff { .. } => self.heard = true,
                Heard::Break { .. } | Heard::Wrapped { .. } => {}
            }
            let time = self.capture.hear(event);
            if let (Some(now), Heard::Trigger { leaps, .. }) = (time, event) {
                self.asked = true;
                self.serve_trigger(now, leaps);
            }
        }
    }

    /// The audio thread knows of so many loads: what comes after this was played to that project.
    fn begin_project(&mut self, loads: u64) {
        if loads > self.loads {
            self.take_up_memory();
        }
        self.outdated = self.loads > loads;
    }
}

#[cfg(test)]
mod tests;
