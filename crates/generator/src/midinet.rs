//! MidiNet at play (Yang et al., 2017; paper B's MidiNet-1D and MidiNet-2D): a hundred random numbers become a bar.
//!
//! One graph of transposed convolutions: `z [1, 100]` and `chord [1, 13]` (see [`bar::thirteen`]) to
//! `scores [1, 1, 16, 128]`, the scores of 128 rows ([`bar`]) at sixteen steps. MidiNet-2D also takes the bar before,
//! `bar [1, 1, 16, 128]` of ones and zeros, and so can go on from what was played.
//!
//! In the original each bar has noise of its own, and nothing ever comes back. Here the bars of eight share noise, dice and
//! the bar that they follow by a form ([`FORM`]), as phrases of songs do; only another chord makes them differ.
//!
//! A bar of another length than sixteen sixteenths takes the first steps of the model's bar, or begins a second one. The
//! original gives no velocities: notes are struck as the player accents the bar, and by the meter where nothing was played.

use melody::{Phrase, Prompt, Ticks, Token, Vocabulary, roll::Step};

use crate::inference::{self, Holds, Input, Network};
use crate::pack::{self, Card, Kind, Pack, PackError};
use crate::request::{Request, Task};
use crate::sampling::{self, Dice};
use crate::steering::Steering;
use crate::{Cancel, Candidate, GenerateError, Generator, tonality};

pub mod bar;

use bar::{Bar, CHORD, HOLD, LOWEST, REST, ROWS, SILENCE, STEPS};

/// Random numbers that a bar is made from.
pub const NOISE: usize = 100;

/// Which theme each of eight bars has: four bars, and the same again with another end.
const FORM: [usize; 8] = [0, 1, 2, 3, 0, 1, 2, 4];
/// How often wishes count: the scores are surer of themselves than odds that were taught as odds.
const WISHES: usize = 2;

/// A generator of bars, ready to answer.
pub struct Midinet {
    card: Card,
    network: Network,
    /// Whether it hears the bar before.
    hears: bool,
    rows: Vocabulary,
}

impl Midinet {
    /// Loads the model of a pack and asks it the card's canary: the likeliest rows of seed 0's first bar, without a chord
    /// and after silence, as [`bar::vocabulary`] writes them.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn open(pack: &Pack) -> Result<Midinet, PackError> {
        let model = Midinet::load(pack)?;
        model.ask_canary()?;
        Ok(model)
    }

    /// Loads the model of a pack that has no canary yet, to find one.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn load(pack: &Pack) -> Result<Midinet, PackError> {
        let card = pack.card.clone();
        let hears = card.kind == Kind::Midinet2d;
        let refuse =
            |reason| PackError::Network { id: card.id.clone(), file: pack::MODEL.to_owned(), reason };
        let mut inputs: Vec<Input<'_>> =
            vec![("z", Holds::Numbers, &[1, NOISE]), ("chord", Holds::Numbers, &[1, CHORD])];
        if hears {
            inputs.push(("bar", Holds::Numbers, &[1, 1, STEPS, ROWS]));
        }
        let network = Network::load(pack.file(pack::MODEL)?, &inputs).map_err(refuse)?;
        let model = Midinet { network, hears, rows: bar::vocabulary(), card: card.clone() };
        model.scores(&[0.0; NOISE], &[0.0; CHORD], &SILENCE).map_err(refuse)?;
        Ok(model)
    }

    /// The likeliest row at each step of a seed's first bar, without a chord and after silence, each with its lead over
    /// the second likeliest in nats.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn likeliest(&self, seed: u64) -> Result<Vec<(Token, f32)>, String> {
        let scores = self.scores(&themes(seed, 0)[0].noise, &[0.0; CHORD], &SILENCE)?;
        let leading = |scores: &[f32]| {
            let mut ranked: Vec<(f32, usize)> = scores.iter().copied().zip(0..).collect();
            ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            (self.rows.tokens()[ranked[0].1], ranked[0].0 - ranked[1].0)
        };
        Ok(scores.chunks_exact(ROWS).map(leading).collect())
    }

    /// The scores of a bar's rows, step by step, `16 x 128`.
    ///
    /// # Errors
    /// What tract says where the network does not run, or that there are not 100 numbers.
    pub fn scores(&self, z: &[f32], chord: &[f32; CHORD], before: &Bar) -> Result<Vec<f32>, String> {
        let mut inputs = vec![inference::numbers(z, &[1, NOISE])?, inference::numbers(chord, &[1, CHORD])?];
        if self.hears {
            let mut ones = vec![0.0; STEPS * ROWS];
            before.iter().enumerate().for_each(|(step, row)| ones[step * ROWS + row] = 1.0);
            inputs.push(inference::numbers(&ones, &[1, 1, STEPS, ROWS])?);
        }
        let outputs = self.network.runner()?.run(inputs.into_iter().collect())?;
        let [scores] = outputs.as_slice() else {
            return Err("it has other outputs than its kind".to_owned());
        };
        let mut kept = Vec::new();
        inference::keep(scores, STEPS * ROWS, &mut kept)?;
        Ok(kept)
    }

    fn ask_canary(&self) -> Result<(), PackError> {
        let id = || self.card.id.clone();
        let canary = self
            .card
            .canary
            .as_ref()
            .filter(|canary| canary.prompt.is_empty() && (1..=STEPS).contains(&canary.answer.len()));
        let Some(canary) = canary else {
            let reason = "its canary is not 1 to 16 rows made without a prompt, so nobody can tell whether the model works";
            return Err(PackError::Card(reason.to_owned()));
        };
        let refuse = |reason| PackError::Network { id: id(), file: pack::MODEL.to_owned(), reason };
        let found = self.likeliest(0).map_err(refuse)?;
        canary.hear(&self.card.id, found.into_iter().map(|(token, _)| token))
    }

    fn candidate(
        &self,
        request: &Request,
        prompt: &Prompt,
        seed: u64,
        cancel: &Cancel,
    ) -> Result<Candidate, GenerateError> {
        let fail = |reason| GenerateError::Network { model: self.card.name.clone(), reason };
        let steering = Steering::of(request, &prompt.home, &self.rows);
        let mut themes = themes(seed, 0);
        let mut choice =
            Choice { request, steering, dice: Dice::new(seed), order: Vec::new(), sounding: false };
        let mut before = if request.task == Task::Continue { bar::heard(prompt) } else { SILENCE };
        let (mut rows, mut probabilities) = (Vec::new(), Vec::new());
        for (number, (start, steps)) in stretches(prompt.meter.bar(), request.bars).enumerate() {
            if cancel.is_cancelled() {
                return Err(GenerateError::Cancelled);
            }
            let chord = bar::thirteen(tonality::chord_at(request, start), prompt.home.shift);
            if number > 0 && number % FORM.len() == 0 {
                themes = self::themes(seed, number as u64);
            }
            let theme = &mut themes[FORM[number % FORM.len()]];
            choice.dice = theme.dice.clone();
            let scores =
                self.scores(&theme.noise, &chord, theme.before.get_or_insert(before)).map_err(fail)?;
            for (step, scores) in scores.chunks_exact(ROWS).enumerate() {
                let time = start + Step::LENGTH * step as i64;
                let (row, probability) = choice.row(scores, time);
                before[step] = row;
                if step < steps {
                    rows.push((time, row));
                    probabilities.extend((row != REST && row != HOLD).then_some(probability));
                }
            }
        }
        let phrase = phrase(request, prompt, &rows);
        Ok(Candidate { phrase, seed, probabilities, ..Candidate::default() })
    }
}

impl Generator for Midinet {
    fn card(&self) -> &Card {
        &self.card
    }

    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        let able: &[Task] = if self.hears { &[Task::Fresh, Task::Continue] } else { &[Task::Fresh] };
        crate::check(&self.card, request, able)?;
        let prompt = tonality::prompt(request);
        let seeds = (0..request.count).map(|number| request.seed.wrapping_add(u64::from(number)));
        seeds.map(|seed| self.candidate(request, &prompt, seed, cancel)).collect()
    }
}

/// What chooses one row after another.
struct Choice<'a> {
    request: &'a Request,
    steering: Steering<'a>,
    dice: Dice,
    order: Vec<(f32, usize)>,
    /// Whether there is a note that can be held.
    sounding: bool,
}

impl Choice<'_> {
    /// The row at a time of the answer, with the probability that the network itself gave it.
    fn row(&mut self, scores: &[f32], time: Ticks) -> (usize, f32) {
        let (mut own, mut leaned) = (scores.to_vec(), scores.to_vec());
        sampling::softmax(&mut own);
        if !self.sounding {
            leaned[HOLD] = f32::NEG_INFINITY;
        }
        // An answer begins with a note: nobody waits for a bar that may be silent.
        if time == Ticks::ZERO {
            leaned[REST] = f32::NEG_INFINITY;
        }
        // Wishes say which key is struck, not whether one is.
        let struck = log_sum(&leaned[LOWEST..]);
        (0..WISHES).for_each(|_| self.steering.lean(time, &mut leaned));
        let (rests, keys) = leaned.split_at_mut(LOWEST);
        let gained = log_sum(keys) - struck;
        if gained.is_finite() && rests.iter().any(|score| score.is_finite()) {
            keys.iter_mut().for_each(|score| *score -= gained);
        }
        let Request { temperature, top_p, .. } = *self.request;
        let row = sampling::draw(&leaned, temperature, top_p, &mut self.dice, &mut self.order);
        self.sounding = row != REST && (row != HOLD || self.sounding);
        (row, own[row])
    }
}

/// The logarithm of the sum of what these are logarithms of.
fn log_sum(scores: &[f32]) -> f32 {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if highest == f32::NEG_INFINITY {
        return highest;
    }
    highest + scores.iter().map(|score| (score - highest).exp()).sum::<f32>().ln()
}

/// Where the model's bars begin, in ticks, and how many of their steps are played.
fn stretches(bar: Ticks, bars: u32) -> impl Iterator<Item = (Ticks, usize)> {
    let steps = usize::try_from(bar.ceil_to(Step::LENGTH).0 / Step::LENGTH.0).unwrap_or(STEPS);
    (0..i64::from(bars)).flat_map(move |number| {
        let stretch = move |from: usize| (bar * number + Step::LENGTH * from as i64, STEPS.min(steps - from));
        (0..steps).step_by(STEPS).map(stretch)
    })
}

fn phrase(request: &Request, prompt: &Prompt, rows: &[(Ticks, usize)]) -> Phrase {
    let length = prompt.meter.bar() * i64::from(request.bars);
    let accents = tonality::accents(request, prompt);
    let notes = bar::notes(rows, length, |onset| accents.velocity_at(onset));
    tonality::played(notes, prompt, &prompt.home).lasting(length)
}

/// What returns where a bar does.
struct Theme {
    noise: Vec<f32>,
    dice: Dice,
    /// The bar that it followed first.
    before: Option<Bar>,
}

/// The themes of a seed from its bar of this number on, with normally distributed noise.
fn themes(seed: u64, bar: u64) -> [Theme; 5] {
    let seed = seed ^ bar << 40;
    let mut noises = Dice::new(seed);
    std::array::from_fn(|number| Theme {
        noise: (0..NOISE).map(|_| noises.normal()).collect(),
        dice: Dice::new(!seed ^ (number as u64) << 32),
        before: None,
    })
}

#[cfg(test)]
mod tests;
