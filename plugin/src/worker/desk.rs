//! What the worker works with, and what it does in one turn.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use generator::{Cancel, Library};
use melody::{Key, Phrase, Ticks};

use super::answer::{self, Failure};
use super::capture::Capture;
use super::float_mode;
use super::seeds::Seeds;
use super::shelf::Shelf;
use crate::crossing::{Answer, Ask, Heard, WorkerEnds};
use crate::instance::{Instance, Work};
use crate::state::Given;

/// How long the worker sleeps while notes come in.
const ALERT: Duration = Duration::from_millis(4);
/// How long it sleeps while nothing is played.
const IDLE: Duration = Duration::from_millis(10);
/// How long it sleeps after a panic.
const SHAKEN: Duration = Duration::from_millis(500);
/// How long it sleeps while the host has deactivated the plugin; the panel can wake it.
const AWAY: Duration = Duration::from_millis(50);
/// The channel parameter's "as played".
const AS_PLAYED: i32 = 0;

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
    /// The bars that the reported prompt has.
    bars: usize,
    /// The phrase has changed since the report was last brought up to date.
    heard: bool,
    /// A note began since then.
    struck: bool,
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
            bars: 0,
            heard: false,
            struck: false,
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
        while !instance.signals.quit.load(Ordering::Acquire) {
            let alert = instance.guard.run("the worker", || self.turn());
            thread::park_timeout(match alert {
                Some(true) => ALERT,
                // What panicked once may do so again: not a hundred times a second.
                None => SHAKEN,
                _ if instance.signals.active.load(Ordering::Relaxed) => IDLE,
                _ => AWAY,
            });
        }
    }

    /// Does whatever has come up; whether notes came in.
    fn turn(&mut self) -> bool {
        if self.instance.memory.loads() != self.loads {
            self.silence();
            self.take_up_memory();
            self.outdated = true;
        }
        if self.instance.params.model.value() != self.model {
            self.model = self.instance.params.model.value();
            self.silence();
        }
        self.hear_all();
        let heard = std::mem::take(&mut self.heard);
        if heard {
            self.report_heard();
            if let Ok(id) = self.chosen() {
                self.shelf.warm_up(&id);
            }
        } else if self.bars != self.listen_bars() {
            self.report_prompt();
        }
        while let Ok(ask) = self.ends.asks.try_recv() {
            self.serve(ask);
        }
        heard
    }

    /// Takes up what a project remembers.
    fn take_up_memory(&mut self) {
        self.loads = self.instance.memory.loads();
        let remembered = self.instance.memory.get();
        self.capture.restore(&remembered.phrase);
        self.instance.models.learn(&self.instance.models.listings());
        self.instance.change_report(|report| {
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

    /// Answers a trigger, unless time has leapt or a project was loaded since.
    fn serve_trigger(&mut self, now: Ticks, leaps: u64) {
        let _served = Served(&self.instance.clone());
        if self.outdated {
            return;
        }
        let (params, signals) = (&self.instance.params, &self.instance.signals);
        let resets = signals.resets.load(Ordering::Relaxed);
        let seed = self.seeds.next(params.seed.value(), params.seed_lock.value(), resets);
        let generation = self.instance.signals.begin_generation();
        if self.instance.signals.leaps.load(Ordering::Acquire) == leaps {
            self.go_on(now, seed, generation);
        }
    }

    fn serve(&mut self, ask: Ask) {
        match ask {
            Ask::Continue { seed } => {
                self.hear_all();
                let now = self.capture.unroll(self.instance.signals.reading.now());
                let generation = self.instance.signals.begin_generation();
                self.go_on(now, seed, generation);
            }
            Ask::PlayAgain => {
                if let Some(given) = &self.instance.memory.get().answer {
                    let generation = self.instance.signals.begin_generation();
                    self.play(&given.candidate.phrase, generation);
                }
            }
            Ask::Stop => self.silence(),
            Ask::Clear => self.clear(),
        }
    }

    /// Answers what was played up to `now` (unrolled).
    fn go_on(&mut self, now: Ticks, seed: u32, generation: u64) {
        // Whoever quits says so first and makes answers stale afterwards: one of the two is seen.
        if self.instance.signals.quit.load(Ordering::Acquire) {
            return;
        }
        self.seeds.note(seed);
        (self.heard, self.struck) = (false, false);
        let since = Instant::now();
        self.instance.change_report(|report| report.work = Work::Generating { since });
        let work = match self.answer(now, seed, generation) {
            Ok(()) => Work::Answered { took: since.elapsed() },
            Err(Failure::Stale) if self.capture.is_empty() => Work::Idle,
            Err(Failure::Stale) => Work::Listening,
            Err(Failure::Problem(sentence)) => Work::Problem(sentence),
        };
        self.instance.change_report(|report| report.work = work);
    }

    fn answer(&mut self, now: Ticks, seed: u32, generation: u64) -> Result<(), Failure> {
        let phrase = if self.capture.is_empty() { self.silent_phrase() } else { self.capture.phrase(now) };
        let prompt = Capture::prompt(&phrase, self.listen_bars());
        let id = self.chosen()?;
        let model = self.shelf.take(&id).map_err(Failure::Problem)?;
        let request = answer::request(&self.instance.params, prompt.clone(), seed);
        let cancel = Cancel::when_counter_leaves(self.instance.signals.generation.clone(), generation);
        let candidate = answer::ask(&model, &request, &cancel)?;
        let answer = candidate.phrase.clone();
        self.instance.memory.change_since(self.loads, |memory| {
            memory.phrase = phrase;
            memory.answer = Some(Given { model: id, prompt: prompt.clone(), candidate });
        });
        self.instance.change_report(|report| {
            report.heard_key = Key::estimate(prompt.notes());
            report.prompt = prompt;
        });
        self.try_play(&answer, generation).map_err(Failure::Problem)
    }

    /// The id of the chosen model.
    fn chosen(&self) -> Result<String, Failure> {
        let number = self.instance.params.model.value();
        let unknown =
            || Failure::Problem(format!("No model has the number {number}: choose one of the list."));
        self.instance.models.id(number).ok_or_else(unknown)
    }

    fn play(&mut self, phrase: &Phrase, generation: u64) {
        if let Err(sentence) = self.try_play(phrase, generation) {
            self.instance.change_report(|report| report.work = Work::Problem(sentence));
        }
    }

    fn try_play(&mut self, phrase: &Phrase, generation: u64) -> Result<(), String> {
        let channel = match self.instance.params.channel.value() {
            AS_PLAYED => None,
            number => u8::try_from(number - 1).ok(),
        };
        answer::send(&mut self.ends.answers, phrase, channel, generation)
    }

    /// Ends what plays and what is pending.
    fn silence(&mut self) {
        self.hush(Answer::Silence);
    }

    fn hush(&mut self, message: Answer) {
        self.instance.signals.begin_generation();
        // A full ring means that the audio thread does not run: nothing sounds.
        let _ = self.ends.answers.push(message);
    }

    fn clear(&mut self) {
        self.hush(Answer::Forget);
        self.capture.clear();
        self.instance.memory.change_since(self.loads, |memory| {
            memory.phrase = Phrase::default();
            memory.answer = None;
        });
        self.instance.change_report(|report| report.work = Work::Idle);
        self.report_prompt();
    }

    fn report_heard(&mut self) {
        let phrase = self.capture.phrase(self.capture.unroll(self.instance.signals.reading.now()));
        self.instance.memory.change_since(self.loads, |memory| memory.phrase = phrase);
        let struck = std::mem::take(&mut self.struck);
        self.instance.change_report(|report| {
            if struck && matches!(report.work, Work::Idle | Work::Answered { .. }) {
                report.work = Work::Listening;
            }
        });
        self.report_prompt();
    }

    fn report_prompt(&mut self) {
        self.bars = self.listen_bars();
        let prompt = Capture::prompt(&self.instance.memory.get().phrase, self.bars);
        self.instance.change_report(|report| {
            report.heard_key = Key::estimate(prompt.notes());
            report.prompt = prompt;
        });
    }

    /// Nothing, in the meter and tempo of the song.
    fn silent_phrase(&self) -> Phrase {
        let reading = &self.instance.signals.reading;
        Phrase::new(Vec::new(), reading.meter(), reading.tempo())
    }

    fn listen_bars(&self) -> usize {
        usize::try_from(self.instance.params.listen_bars.value()).unwrap_or(1)
    }
}

/// Counts a trigger as served when it goes out of scope, even by a panic: an offline render waits for it.
struct Served<'a>(&'a Instance);

impl Drop for Served<'_> {
    fn drop(&mut self) {
        self.0.signals.served.fetch_add(1, Ordering::Release);
    }
}

#[cfg(test)]
mod tests;
