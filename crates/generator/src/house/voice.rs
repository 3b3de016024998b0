//! One answer under way: what was heard and sung so far, and what is told to the networks of it.

use melody::memory::{Memory, Testimony};
use melody::steps::{Aspect, LONGEST, Step, UNIT, Word};
use melody::{Meter, Prompt, Style, Ticks, Token};

use super::input::{self, Conditions, Genre, Input};
use super::{Kept, Mixture, Wishes};
use crate::Candidate;
use crate::answer::Answer;
use crate::request::Request;
use crate::sampling::Dice;

/// What the note that was played loses where another is wanted, in nats: a tune that repeats itself would else be varied to
/// what it was.
const ANEW: f32 = 4.0;

fn genre(style: Style) -> Genre {
    match style {
        Style::Classical => Genre::Classical,
        Style::Jazz => Genre::Jazz,
        Style::Pop => Genre::Pop,
        Style::Rock => Genre::Rock,
        Style::Game => Genre::Game,
        Style::Folk => Genre::Folk,
        Style::Hymn => Genre::Hymn,
    }
}

/// A line of notes with the tune's memory of itself.
#[derive(Debug, Clone)]
pub struct Voice {
    memory: Memory,
    meter: Meter,
    /// The first bar line.
    start: Ticks,
    /// What the body is told of what is to come, but for the bars to go.
    told: Conditions,
    /// Where the answer ends; nothing is sung from there on.
    length: Ticks,
    /// Notes of the answer that stay as they were.
    kept: Kept,
    dice: Dice,
    /// A bar, and what was thrown in it for whom to believe.
    whim: (i64, f64),
    /// The notes of the answer with the odds that the model gave them.
    sung: Vec<(Step, f32)>,
    done: bool,
}

impl Voice {
    /// A line without notes that starts at a bar line.
    pub fn starting(start: Ticks, meter: Meter, style: Option<Style>) -> Voice {
        let told = Conditions { genre: style.map(genre), ..Conditions::default() };
        let (memory, dice, whim) = (Memory::new(meter), Dice::new(0), (i64::MIN, 0.0));
        Voice {
            memory,
            meter,
            start,
            told,
            length: Ticks(i64::MAX),
            kept: Kept::default(),
            dice,
            whim,
            sung: Vec::new(),
            done: false,
        }
    }

    /// A line of these notes, the last of which ends at a bar line or before it, at time zero.
    pub fn of(steps: &[Step], meter: Meter, style: Option<Style>) -> Voice {
        let start = steps.first().map_or(Ticks::ZERO, |first| first.onset.floor_to(meter.bar()));
        let mut voice = Voice::starting(start, meter, style);
        for (place, step) in steps.iter().enumerate() {
            // A silence longer than any rest is shortened, so that the answer can start at time zero.
            let reach = if place + 1 == steps.len() { -UNIT * i64::from(LONGEST) } else { step.end };
            voice.memory.hear(Step { end: step.end.max(reach), ..*step });
        }
        voice
    }

    /// The same line about to answer, with the dice of a seed, told what is to come, up to `length`.
    pub fn answering(&self, seed: u64, told: Conditions, length: Ticks) -> Voice {
        Voice {
            dice: Dice::new(seed),
            told: Conditions { genre: self.told.genre, ..told },
            length,
            ..self.clone()
        }
    }

    /// The same with notes that stay as they were.
    pub fn keeping(self, kept: Kept) -> Voice {
        Voice { kept, ..self }
    }

    /// All notes.
    pub fn steps(&self) -> &[Step] {
        self.memory.steps()
    }

    /// Where the last note ends; the first bar line where there is none.
    pub fn end(&self) -> Ticks {
        self.steps().last().map_or(self.start, |last| last.end)
    }

    /// Whether the answer is full.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// What the body is told after the first `count` notes; with an `end`, how many bars there are up to it.
    pub fn told(&self, count: usize, end: Option<Ticks>) -> Input {
        let past = &self.steps()[..count];
        let bar = self.meter.bar();
        let now = past.last().map_or(self.start, |last| last.end);
        let to_go = end.map(|end| ((end - now.floor_to(bar)).0 / bar.0 - 1).clamp(0, 255) as u32);
        input::body(past, self.start, self.meter).with(&Conditions { bars_to_go: to_go, ..self.told })
    }

    /// What the witnesses say of an aspect of the next note.
    pub fn testimony(&self, aspect: Aspect, step: &Step) -> Testimony {
        self.memory.testimony(aspect, &step.word, step.onset)
    }

    /// What the head of an aspect is told.
    pub fn told_of(&self, aspect: Aspect, testimony: &Testimony, step: &Step) -> Input {
        input::head(aspect, testimony, self.steps().last(), &step.word, step.onset, self.meter)
    }

    /// The next note before anything of it is chosen.
    pub fn begin(&self) -> Step {
        Step { onset: self.end(), end: self.end(), word: [0; 3] }
    }

    /// The next note with one more aspect chosen.
    pub fn with(&self, step: Step, aspect: Aspect, value: u8) -> Step {
        let mut word: Word = step.word;
        word[aspect as usize] = value;
        Step::after(self.end(), word)
    }

    /// Chooses an aspect of the next note: as it was in a note that is kept, and up to that by a throw of the dice.
    pub fn choose(
        &mut self,
        aspect: Aspect,
        step: &Step,
        mixture: &Mixture,
        wishes: &Wishes<'_>,
        request: &Request,
    ) -> u8 {
        let end = self.end();
        match self.kept.next(aspect, step, end) {
            Some(value) => value,
            None => {
                let value = self.throw(aspect, step, mixture, wishes, request);
                self.kept.limit(aspect, value, step, end)
            }
        }
    }

    /// Throws the dice for an aspect of the next note.
    fn throw(
        &mut self,
        aspect: Aspect,
        step: &Step,
        mixture: &Mixture,
        wishes: &Wishes<'_>,
        request: &Request,
    ) -> u8 {
        let mut wished = vec![0.0; aspect.size()];
        match aspect {
            Aspect::Rest => {
                let bar = self.end().0.div_euclid(self.meter.bar().0);
                if self.whim.0 != bar {
                    self.whim = (bar, self.dice.throw());
                }
                wishes.lean_rests(&mut wished, self.end(), self.sung.is_empty());
            }
            Aspect::Pitch => {
                wishes.lean_pitches(&mut wished, step.onset, self.sung.is_empty());
                if let Some(gone) = self.kept.gone_at(step.onset) {
                    wished[usize::from(gone)] -= ANEW;
                }
            }
            Aspect::Length => wishes.lean_lengths(&mut wished, step.onset, self.sung.len()),
        }
        let wished: Vec<f32> = wished.into_iter().map(f32::exp).collect();
        let throw = self.dice.throw();
        mixture.draw(&wished, (request.temperature, request.top_p), self.whim.1, throw)
    }

    /// Adds a note with its odds, unless the answer is full before it.
    pub fn sing(&mut self, step: Step, odds: f32) {
        if self.done {
            return;
        }
        self.memory.hear(step);
        if step.onset < self.length {
            self.sung.push((step, odds));
        }
        self.done = step.end >= self.length;
    }

    /// The finished candidate, its last note cut at the last bar line.
    pub fn finish(self, prompt: &Prompt, bars: u32, seed: u64) -> Candidate {
        let mut answer = Answer::new(prompt, bars);
        let kept = self.kept;
        for (step, odds) in self.sung.into_iter().filter(|(step, _)| kept.allows(step.onset)) {
            if step.onset > answer.filled() {
                answer.push(Token::rest(step.onset - answer.filled()), 1.0);
            }
            answer.push(Token::note(step.pitch(), step.end - step.onset), odds);
        }
        answer.finish(seed)
    }
}
