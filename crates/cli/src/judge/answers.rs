//! The sets of answers that are judged: those of models, and the anchors.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result};
use generator::sampling::Dice;
use generator::{Cancel, GenerateError, Generator, Request};
use melody::{Note, Phrase, Pitch, Prompt, Ticks};
use trainer::house::ngram::Ngrams;

use super::cases::{Case, heard};

/// Threads that play side by side.
const WORKERS: usize = 2;
/// Uniform notes lie within so many semitones of the prompt's middle, and last up to so many sixteenths.
const UNIFORM: (i32, usize) = (12, 8);

/// Answers of one maker.
#[derive(Debug, Clone)]
pub struct Set {
    /// Who made them.
    pub name: String,
    /// Whether it shows what the figures are worth, and is not what is judged.
    pub is_anchor: bool,
    /// Whether it was taken from songs that models learn from, so that copies in it say nothing.
    pub is_learnt: bool,
    /// Each with the place of its case. Cases may be left out.
    pub answers: Vec<(usize, Phrase)>,
    /// The cases whose real continuations it is compared with, where they are not all.
    pub beside: Option<Vec<usize>>,
}

impl Set {
    /// Answers that are judged.
    pub fn judged(name: &str, answers: Vec<(usize, Phrase)>) -> Set {
        Set { name: name.to_owned(), is_anchor: false, is_learnt: false, answers, beside: None }
    }

    /// Answers that others are compared with.
    pub fn anchor(name: &str, answers: Vec<(usize, Phrase)>) -> Set {
        Set { is_anchor: true, ..Set::judged(name, answers) }
    }

    /// What really came next in the next case, for every second case: so that no bars are real and anchor at once.
    pub fn of_others(cases: &[Case]) -> Set {
        let (even, odd): (Vec<usize>, Vec<usize>) = (0..cases.len()).partition(|place| place % 2 == 0);
        let answers = even.iter().zip(odd).map(|(place, other)| (*place, cases[other].real.clone()));
        Set { beside: Some(even.clone()), ..Set::anchor("bars of another song", answers.collect()) }
    }
}

/// What answers are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asking {
    /// Bars of each answer.
    pub bars: u32,
    /// See [`Request::temperature`].
    pub temperature: f32,
    /// See [`Request::top_p`].
    pub top_p: f32,
    /// Where all dice start.
    pub seed: u64,
    /// Candidates of each request.
    pub count: u32,
    /// Whether short gaps are heard.
    pub gaps: bool,
}

impl Asking {
    /// What a model plays; with several candidates the first of them, then any of them.
    ///
    /// # Errors
    /// The model fails.
    pub fn model(&self, id: &str, model: &dyn Generator, cases: &[Case]) -> Result<Vec<Set>> {
        let answer = |place: usize, case: &Case| -> Result<Vec<Phrase>, GenerateError> {
            let request = Request {
                bars: self.bars,
                temperature: self.temperature,
                top_p: self.top_p,
                seed: self.seed_of(place),
                count: self.count,
                ..Request::to_continue(case.prompt.clone().unwrap_or_default())
            };
            let candidates = model.generate(&request, &Cancel::never())?;
            Ok(candidates.iter().map(|candidate| self.heard(&candidate.phrase)).collect())
        };
        let all = side_by_side(cases, answer).with_context(|| format!("the model \"{id}\""))?;
        let mut dice = Dice::new(self.seed);
        let chosen = |choose: &mut dyn FnMut(usize) -> usize| {
            all.iter()
                .enumerate()
                .filter(|(_, answers)| !answers.is_empty())
                .map(|(place, answers)| (place, answers[choose(answers.len())].clone()))
                .collect()
        };
        let first = chosen(&mut |_| 0);
        if self.count == 1 {
            return Ok(vec![Set::judged(id, first)]);
        }
        let any = chosen(&mut |count| dice.pick(count));
        let count = self.count;
        Ok(vec![
            Set::judged(&format!("{id}, first of {count}"), first),
            Set::judged(&format!("{id}, any of {count}"), any),
        ])
    }

    /// What n-grams with a cache play.
    pub fn ngrams(&self, ngrams: &Ngrams, cases: &[Case]) -> Set {
        let answer = |place: usize, prompt: &Phrase| {
            let mut dice = Dice::new(self.seed_of(place));
            ngrams.answer(&Prompt::of(prompt), self.bars, &mut dice)
        };
        Set::anchor("n-gram with cache", self.of_prompts(cases, answer))
    }

    /// The prompt played twice, and uniform random notes.
    pub fn anchors(&self, cases: &[Case]) -> Vec<Set> {
        let twice = self.of_prompts(cases, |_, prompt| prompt.clone());
        let uniform = |(place, case): (usize, &Case)| {
            let like = case.prompt.as_ref().unwrap_or(&case.real);
            (place, self.heard(&uniform(like, self.bars, &mut Dice::new(self.seed_of(place)))))
        };
        let uniform = cases.iter().enumerate().map(uniform).collect();
        let all = [Set::anchor("prompt played twice", twice), Set::anchor("uniform random notes", uniform)];
        all.into_iter().filter(|set| !set.answers.is_empty()).collect()
    }

    fn of_prompts(&self, cases: &[Case], answer: impl Fn(usize, &Phrase) -> Phrase) -> Vec<(usize, Phrase)> {
        let prompts =
            cases.iter().enumerate().filter_map(|(place, case)| Some((place, case.prompt.as_ref()?)));
        prompts.map(|(place, prompt)| (place, self.heard(&answer(place, prompt)))).collect()
    }

    /// An answer as all are heard, in its bars: a last note that belongs to the next bar line on the grid is left out.
    fn heard(&self, answer: &Phrase) -> Phrase {
        let length = answer.meter.bar() * i64::from(self.bars);
        heard(answer, self.gaps).between(Ticks::ZERO, length)
    }

    /// Far enough from one another that no two cases share a candidate's seed.
    fn seed_of(&self, place: usize) -> u64 {
        (self.seed << 32).wrapping_add(place as u64 * u64::from(Request::MAX_COUNT))
    }
}

/// Works on each item, on several threads; what comes of it is in the items' order.
pub fn side_by_side<I: Sync, T: Send, E: Send>(
    items: &[I],
    work_on: impl Fn(usize, &I) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(place) else { return Ok(done) };
            done.push((place, work_on(place, item)?));
        }
    };
    let parts: Result<Vec<Vec<(usize, T)>>, E> = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, _>| match worker.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        workers.into_iter().map(join).collect()
    });
    let mut all: Vec<(usize, T)> = parts?.into_iter().flatten().collect();
    all.sort_by_key(|(place, _)| *place);
    Ok(all.into_iter().map(|(_, done)| done).collect())
}

/// Notes of any pitch around another phrase's middle and of any length, one after the other.
fn uniform(like: &Phrase, bars: u32, dice: &mut Dice) -> Phrase {
    let length = like.meter.bar() * i64::from(bars);
    let pitches = || like.notes().iter().map(|note| i32::from(note.pitch.number()));
    let middle = pitches().sum::<i32>() / i32::try_from(like.notes().len().max(1)).unwrap_or(1);
    let (mut notes, mut end) = (Vec::new(), Ticks::ZERO);
    while end < length {
        let span = usize::try_from(2 * UNIFORM.0 + 1).unwrap_or(1);
        let pitch = middle - UNIFORM.0 + dice.pick(span) as i32;
        let long = (Ticks::SIXTEENTH * (1 + dice.pick(UNIFORM.1) as i64)).min(length - end);
        let pitch = Pitch::folded(pitch);
        notes.push(Note { onset: end, length: long, pitch, velocity: 80, channel: 0 });
        end += long;
    }
    Phrase::new(notes, like.meter, like.tempo)
}

#[cfg(test)]
mod tests {
    use super::super::cases::tests::line;
    use super::*;

    fn case(song: usize, pitch: u8) -> Case {
        let phrase = line(&[(pitch, 0, 8), (pitch + 2, 8, 8)], 1);
        let name = format!("{song}");
        Case { name, song, source: None, prompt: Some(phrase.clone()), real: phrase }
    }

    #[test]
    fn uniform_notes_fill_their_bars_around_the_prompt() {
        let like = line(&[(72, 0, 8), (72, 8, 8)], 1);
        let notes = uniform(&like, 3, &mut Dice::new(7));
        assert_eq!(notes.whole_bars(), like.meter.bar() * 3);
        assert!(notes.notes().iter().all(|note| (60..=84).contains(&note.pitch.number())));
        assert_ne!(notes, uniform(&like, 3, &mut Dice::new(8)));
    }

    #[test]
    fn bars_of_others_are_never_real_and_anchor_at_once() {
        let cases: Vec<Case> = (0..5).map(|song| case(song, 60 + song as u8)).collect();
        let set = Set::of_others(&cases);
        assert_eq!(set.beside, Some(vec![0, 2, 4]));
        let places: Vec<usize> = set.answers.iter().map(|(place, _)| *place).collect();
        assert_eq!(places, [0, 2]);
        assert_eq!(set.answers[0].1, cases[1].real);
    }

    #[test]
    fn answers_come_in_the_order_of_their_cases_whoever_made_them() {
        let cases: Vec<Case> = (0..40).map(|song| case(song, 60)).collect();
        let all = side_by_side(&cases, |place, case| Ok::<_, ()>((place, case.song))).unwrap();
        assert!(all.iter().enumerate().all(|(place, found)| *found == (place, place)));
        assert_eq!(side_by_side(&cases, |place, _| if place == 9 { Err(9) } else { Ok(()) }), Err(9));
    }

    #[test]
    fn no_two_cases_share_a_candidate() {
        let asking =
            Asking { bars: 4, temperature: 1.0, top_p: 1.0, seed: 3, count: Request::MAX_COUNT, gaps: false };
        assert_eq!(asking.seed_of(1) - asking.seed_of(0), u64::from(Request::MAX_COUNT));
        let other = Asking { seed: 4, ..asking };
        assert!(other.seed_of(0) > asking.seed_of(10_000));
    }
}
