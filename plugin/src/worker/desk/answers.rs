//! The answers of one worker: asked for, given, chosen from, played and forgotten.

use std::sync::atomic::Ordering;
use std::time::Instant;

use generator::Cancel;
use melody::{Key, Phrase, Ticks};

use super::Desk;
use crate::crossing::{Answer, Ask};
use crate::instance::{Instance, Work};
use crate::task_choice;
use crate::worker::answer::{self, Failure};
use crate::worker::capture::Capture;
use crate::worker::question;

/// The channel parameter's "as played".
const AS_PLAYED: i32 = 0;

impl Desk {
    /// Answers a trigger, unless time has leapt or a project was loaded since.
    pub(super) fn serve_trigger(&mut self, now: Ticks, leaps: u64) {
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

    pub(super) fn serve(&mut self, ask: Ask) {
        match ask {
            Ask::Answer { seed } => {
                self.hear_all();
                let now = self.capture.unroll(self.instance.signals.reading.now());
                let generation = self.instance.signals.begin_generation();
                self.go_on(now, seed, generation);
            }
            Ask::Audition { index } => {
                self.choose(index);
                self.play_chosen();
            }
            Ask::PlayAgain => self.play_chosen(),
            Ask::Stop => self.silence(),
            Ask::Clear => self.clear(),
        }
    }

    /// Does the chosen task with what was played up to `now` (unrolled).
    fn go_on(&mut self, now: Ticks, seed: u32, generation: u64) {
        // Whoever quits says so first and makes answers stale afterwards: one of the two is seen.
        if self.instance.signals.quit.load(Ordering::Acquire) {
            return;
        }
        (self.heard, self.struck) = (false, false);
        // The knob may have moved since this turn began: the answer is the new model's, and no reason to silence it.
        self.model = self.instance.params.model.value();
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
        let task = question::task(&self.instance.params).map_err(Failure::Problem)?;
        self.seeds.note(seed, task_choice::count(task));
        let phrase = if self.capture.is_empty() { self.silent_phrase() } else { self.capture.phrase(now) };
        let prompt = Capture::prompt(&phrase, self.listen_bars());
        let id = self.chosen()?;
        let model = self.shelf.take(&id).map_err(Failure::Problem)?;
        question::check(task, model.card(), &self.instance.models).map_err(Failure::Problem)?;
        let shown = self.instance.memory.get();
        let request = question::request(&self.instance.params, task, prompt.clone(), &shown, seed)
            .map_err(Failure::Problem)?;
        let cancel = Cancel::when_counter_leaves(self.instance.signals.generation.clone(), generation);
        let given = answer::ask(&model, id, &request, &cancel)?;
        let answer = given.candidate().phrase.clone();
        self.instance.memory.change_since(self.loads, |memory| {
            memory.phrase = phrase;
            memory.answer = Some(given);
        });
        self.instance.change_report(|report| {
            report.heard_key = Key::estimate(prompt.notes());
            report.prompt = prompt;
        });
        self.try_play(&answer, generation).map_err(Failure::Problem)
    }

    /// The id of the chosen model.
    pub(super) fn chosen(&self) -> Result<String, Failure> {
        let number = self.model;
        let unknown =
            || Failure::Problem(format!("No model has the number {number}: choose one of the list."));
        self.instance.models.id(number).ok_or_else(unknown)
    }

    /// Makes a candidate the one that plays and is kept. A list that is shorter has been replaced meanwhile.
    fn choose(&mut self, index: usize) {
        self.instance.memory.change_since(self.loads, |memory| {
            memory.answer.iter_mut().for_each(|answer| answer.choose(index));
        });
    }

    fn play_chosen(&mut self) {
        let remembered = self.instance.memory.get();
        let Some(given) = &remembered.answer else { return };
        let generation = self.instance.signals.begin_generation();
        if let Err(sentence) = self.try_play(&given.candidate().phrase, generation) {
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
    pub(super) fn silence(&mut self) {
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
}

/// Counts a trigger as served when it goes out of scope, even by a panic: an offline render waits for it.
struct Served<'a>(&'a Instance);

impl Drop for Served<'_> {
    fn drop(&mut self) {
        self.0.signals.served.fetch_add(1, Ordering::Release);
    }
}
