//! The answers of one worker: asked for, given, chosen from, played and forgotten.

use std::sync::atomic::Ordering;
use std::time::Instant;

use generator::{Cancel, Task};
use melody::{Phrase, Ticks};

use super::Desk;
use crate::crossing::{Answer, Ask, Entry, Sounding};
use crate::instance::{Instance, Selection, Work};
use crate::task_choice;
use crate::worker::answer::{self, Failure, Playing};
use crate::worker::question::{self, Question};

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
        self.interrupted = None;
        match ask {
            Ask::Answer { seed } => self.answer_now(seed),
            Ask::Audition { index } => {
                self.choose(index);
                self.play_chosen(Playing { entry: Entry::SwapOrBegin, looped: true, ..Playing::default() });
            }
            Ask::PlayAgain => {
                let looped = self.instance.params.looped.value();
                self.play_chosen(Playing { looped, ..Playing::default() });
            }
            Ask::Loop(looped) => {
                self.playing.looped = looped;
                self.refresh();
            }
            Ask::Refresh => self.refresh(),
            Ask::Play { phrase, sounds, looped } => self.play_other(&phrase, sounds, looped),
            Ask::Regenerate { seed } => self.regenerate(seed),
            Ask::MoreLike { index, seed } => self.vary_candidate(index, seed),
            Ask::Between { from, to } => self.morph_candidates(from, to),
            Ask::Alternatives { note } => self.list_alternatives(note),
            Ask::Hear(phrase) => {
                self.instance.memory.change_since(self.loads, |memory| {
                    let played = memory.phrase.clone();
                    memory.change_history(|history| {
                        history.put_away("another phrase", &played, &phrase, |_| {});
                    });
                });
                self.take_up(&phrase);
            }
            Ask::Restore(phrase) => self.take_up(&phrase),
            Ask::Stop => self.silence(),
            Ask::Clear => self.clear(),
        }
    }

    /// Does the chosen task with what was played up to now.
    pub(super) fn answer_now(&mut self, seed: u32) {
        self.hear_all();
        let now = self.capture.unroll(self.instance.signals.reading.now());
        let generation = self.instance.signals.begin_generation();
        self.go_on(now, seed, generation);
    }

    /// Does the chosen task with what was played up to `now` (unrolled).
    fn go_on(&mut self, now: Ticks, seed: u32, generation: u64) {
        (self.heard, self.struck) = (false, false);
        // The knob may have moved since this turn began: the answer is the new model's, and no reason to silence it.
        self.model = self.instance.params.model.value();
        let outcome = self.at_work(|desk| desk.answer(now, seed, generation));
        // Whatever else makes an answer stale means that it is not wanted any more.
        let interrupted = outcome == Some(Failure::Stale) && self.instance.is_wished();
        self.interrupted = interrupted.then_some(seed);
    }

    /// Does something that takes a model, and reports how it went; why it failed, if it did.
    pub(super) fn at_work(&mut self, work: impl FnOnce(&mut Desk) -> Result<(), Failure>) -> Option<Failure> {
        // Whoever quits says so first and makes answers stale afterwards: one of the two is seen.
        if self.instance.signals.quit.load(Ordering::Acquire) {
            return None;
        }
        let since = Instant::now();
        self.instance.change_report(|report| report.work = Work::Generating { since });
        let outcome = work(self).err();
        let work = match &outcome {
            None => Work::Answered { took: since.elapsed() },
            Some(Failure::Stale) if self.capture.is_empty() => Work::Idle,
            Some(Failure::Stale) => Work::Listening,
            Some(Failure::Problem(sentence)) => Work::Problem(sentence.clone()),
        };
        self.instance.change_report(|report| report.work = work);
        outcome
    }

    fn answer(&mut self, now: Ticks, seed: u32, generation: u64) -> Result<(), Failure> {
        let params = self.instance.params.clone();
        let task = question::task(&params).map_err(Failure::Problem)?;
        let wished = u32::try_from(params.count.value()).unwrap_or(1);
        self.seeds.note(seed, task_choice::count(task, wished));
        let phrase = if self.capture.is_empty() { self.silent_phrase() } else { self.capture.phrase(now) };
        let heard = self.hearing(&phrase);
        let id = self.chosen()?;
        let model = self.shelf.take(&id).map_err(Failure::Problem)?;
        question::check(task, model.card(), &self.instance.models).map_err(Failure::Problem)?;
        let shown = self.instance.memory.get();
        let goal = match task {
            Task::Morph => shown.answer().map(|given| question::goal(given)),
            _ => heard.after.clone(),
        };
        let question = Question { task, prompt: heard.prompt.clone(), goal, bars: heard.gap_bars() };
        let request = question::request(&params, question, &shown.chord, seed).map_err(Failure::Problem)?;
        let cancel = Cancel::when_counter_leaves(self.instance.signals.generation.clone(), generation);
        let given = answer::ask(&model, id, &request, &cancel)?;
        let answer = given.candidate().phrase.clone();
        self.instance.memory.change_since(self.loads, |memory| {
            memory.phrase = phrase;
            memory.change_history(|history| history.show(&task.to_string(), given));
        });
        self.drop_selection(|part| matches!(part, Selection::Answer(_)));
        self.report_hearing(heard);
        let looped = params.looped.value();
        self.try_play(&answer, Playing { looped, ..Playing::default() }, generation).map_err(Failure::Problem)
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
            memory.change_history(|history| history.choose(index));
        });
    }

    fn play_chosen(&mut self, playing: Playing) {
        let remembered = self.instance.memory.get();
        let Some(given) = remembered.answer() else { return };
        let generation = self.instance.signals.begin_generation();
        self.play_or_say(&given.candidate().phrase, playing, generation);
    }

    /// The chosen candidate is another: where it sounds, it goes on with that.
    pub(super) fn refresh(&mut self) {
        if self.instance.report().sounds != Sounding::Answer {
            return;
        }
        if self.instance.memory.get().answer().is_some() {
            self.play_chosen(Playing { entry: Entry::Swap, ..self.playing });
        } else {
            self.silence();
        }
    }

    /// Plays a phrase that is no candidate.
    fn play_other(&mut self, phrase: &Phrase, sounds: Sounding, looped: bool) {
        let generation = self.instance.signals.begin_generation();
        self.play_or_say(phrase, Playing { looped, ..Playing::default() }, generation);
        self.instance.change_report(|report| report.sounds = sounds);
    }

    fn play_or_say(&mut self, phrase: &Phrase, playing: Playing, generation: u64) {
        if let Err(sentence) = self.try_play(phrase, playing, generation) {
            self.instance.change_report(|report| report.work = Work::Problem(sentence));
        }
    }

    pub(super) fn try_play(
        &mut self,
        phrase: &Phrase,
        playing: Playing,
        generation: u64,
    ) -> Result<(), String> {
        let channel = match self.instance.params.channel.value() {
            AS_PLAYED => None,
            number => u8::try_from(number - 1).ok(),
        };
        self.playing = Playing { channel, ..playing };
        self.instance.change_report(|report| report.sounds = Sounding::Answer);
        answer::send(&mut self.ends.answers, phrase, self.playing, generation)
    }

    /// Ends what plays and what is pending.
    pub(super) fn silence(&mut self) {
        self.hush(Answer::Silence);
    }

    fn hush(&mut self, message: Answer) {
        self.instance.signals.begin_generation();
        self.instance.change_report(|report| report.sounds = Sounding::Nothing);
        // A full ring means that the audio thread does not run: nothing sounds.
        let _ = self.ends.answers.push(message);
    }

    /// Takes a phrase as what was played.
    fn take_up(&mut self, phrase: &Phrase) {
        self.capture.restore(phrase);
        self.instance.memory.change_since(self.loads, |memory| memory.phrase = phrase.clone());
        self.instance.change_report(|report| {
            report.selection = None;
            report.work = if phrase.is_empty() { Work::Idle } else { Work::Listening };
        });
        self.report_prompt();
    }

    fn clear(&mut self) {
        self.hush(Answer::Forget);
        self.capture.clear();
        self.instance.memory.change_since(self.loads, |memory| {
            let played = std::mem::take(&mut memory.phrase);
            memory.change_history(|history| {
                history.put_away("clear", &played, &Phrase::default(), |ideas| ideas.answer = None);
            });
        });
        self.instance.change_report(|report| {
            report.work = Work::Idle;
            report.selection = None;
        });
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
