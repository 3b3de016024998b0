//! The Biaxial LSTM as a burn module (Johnson, 2015): along time with the same weights for every key, then along pitch.

use std::collections::BTreeMap;
use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::activation::log_sigmoid;
use burn::tensor::{Device, Tensor, TensorData};
use generator::biaxial::keys::{self, FEATURES, KEYS};
use generator::biaxial::{PITCH, TIME};
use generator::pack::Card;
use generator::sampling::Dice;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use crate::recipe::playing;
use crate::seq2seq::{Cell, columns};
use crate::training::Network;
use crate::weights::uniform;
use crate::windows::Batch;

pub mod export;
pub mod moments;

use moments::Moment;

/// Keys of one of the groups that the layers along pitch are cut into: cutting 78 keys one by one out of one tensor takes
/// as long as all the rest.
const GROUP: usize = 13;

/// What the network learns from; no part of its weights.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// What a batch's inputs are places of.
    pub moments: Arc<Vec<Moment>>,
    /// The share of windows that are told their chords.
    pub told: f64,
    /// The card with which it is listened to while it learns, if it is.
    pub card: Option<Card>,
}

/// The weights.
#[derive(Module, Debug)]
pub struct Biaxial {
    /// Two layers along time: [`FEATURES`] to 64 to 64.
    pub time: Vec<Cell>,
    /// Two layers along pitch: 64 and what the key below does to 32 to 16.
    pub pitch: Vec<Cell>,
    /// `[16, 2]`: log odds of being played, and of being struck.
    pub output: Param<Tensor<2>>,
    /// `[2]`
    pub bias: Param<Tensor<1>>,
    #[module(skip)]
    lesson: Lesson,
}

/// The two LSTM states of two layers.
type States = Vec<(Tensor<2>, Tensor<2>)>;

impl Biaxial {
    /// A network with the small random weights that a seed gives, on any machine the same.
    pub fn new(lesson: Lesson, seed: u64, device: &Device) -> Biaxial {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut cell = |inputs, hidden| Cell::new(&mut dice, inputs, hidden, device);
        let time = vec![cell(FEATURES, TIME), cell(TIME, TIME)];
        let pitch = vec![cell(TIME + 2, PITCH[0]), cell(PITCH[0], PITCH[1])];
        let output = uniform(&mut dice, [PITCH[1], 2], (PITCH[1] as f32).powf(-0.5), device);
        // Most keys are silent.
        let bias = Param::from_data(TensorData::new(vec![-3.0_f32, 0.0], [2]), device);
        Biaxial { time, pitch, output, bias, lesson }
    }

    /// Log odds of every key at every step of a batch's windows after the first, given what is before and below:
    /// `[78 x steps x rows, 2]`, key by key.
    fn odds(&self, steps: &[Vec<&Moment>], told: &[bool]) -> Tensor<2> {
        let rows = steps.first().map_or(0, Vec::len);
        let device = self.output.val().device();
        let mut states = zeroed(&[TIME, TIME], rows * KEYS, &device);
        let mut heard = Vec::with_capacity(steps.len());
        for pair in steps.windows(2) {
            let mut seen = Vec::with_capacity(rows * KEYS * FEATURES);
            for ((before, moment), told) in pair[0].iter().zip(&pair[1]).zip(told) {
                keys::features(&before.step, moment.place, moment.chord.filter(|_| *told), &mut seen);
            }
            let seen = Tensor::<2>::from_data(TensorData::new(seen, [rows * KEYS, FEATURES]), &device);
            heard.push(passed(&self.time, seen, &mut states));
        }
        let moments = heard.len() * rows;
        let heard = Tensor::cat(heard, 0);
        let (from_time, from_below) = self.pitch_inputs();
        let gates: Tensor<3> = heard.matmul(from_time).reshape([moments, KEYS, 4 * PITCH[0]]);
        let gates = gates.swap_dims(0, 1);
        let mut states = zeroed(&PITCH, moments, &device);
        let mut said = Vec::with_capacity(KEYS);
        let keys = gates.chunk(KEYS / GROUP, 0).into_iter().flat_map(|group| group.chunk(GROUP, 0));
        for (key, gates) in keys.enumerate() {
            let below = below(steps, key, &device).matmul(from_below.clone());
            let gates = gates.reshape([moments, 4 * PITCH[0]]) + below;
            let (h, c) = states[0].clone();
            states[0] = self.pitch[0].step(gates, h, c);
            let told = states[0].0.clone().matmul(self.pitch[1].input.val());
            let (h, c) = states[1].clone();
            states[1] = self.pitch[1].step(told, h, c);
            said.push(states[1].0.clone());
        }
        Tensor::cat(said, 0).matmul(self.output.val()) + self.bias.val().unsqueeze()
    }

    /// The first pitch layer's input weights apart: for what is heard along time, and for the key below.
    fn pitch_inputs(&self) -> (Tensor<2>, Tensor<2>) {
        let weights = self.pitch[0].input.val();
        (weights.clone().narrow(0, 0, TIME), weights.narrow(0, TIME, 2))
    }

    /// Mean surprise in nats a step over a batch, all keys together.
    fn surprise(&self, batch: &Batch, told: &[bool]) -> Tensor<1> {
        let moment = |id: &i32| &self.lesson.moments[*id as usize];
        // The last step is none that another follows.
        let columns = [&batch.inputs, &batch.targets].map(|rows| columns(rows, batch.size)).concat();
        let steps: Vec<Vec<&Moment>> =
            columns.iter().map(|column| column.iter().map(moment).collect()).collect();
        let odds = self.odds(&steps, told);
        let device = odds.device();
        let count = (steps.len() - 1) * batch.size;
        let (mut played, mut struck, mut counts) = (
            Vec::with_capacity(count * KEYS),
            Vec::with_capacity(count * KEYS),
            Vec::with_capacity(count * KEYS),
        );
        for pitch in keys::pitches() {
            for (before, now) in steps.windows(2).flat_map(|pair| pair[0].iter().zip(&pair[1])) {
                let yes = |truth: bool| if truth { 1.0_f32 } else { 0.0 };
                played.push(yes(now.step.sounds(pitch)));
                struck.push(yes(now.step.strikes(pitch)));
                // A key that was silent is struck whenever it is played: there is nothing to learn.
                counts.push(yes(now.step.sounds(pitch) && before.step.sounds(pitch)));
            }
        }
        let column =
            |values: Vec<f32>| Tensor::<2>::from_data(TensorData::new(values, [count * KEYS, 1]), &device);
        let mut odds = odds.chunk(2, 1).into_iter();
        let mut next = || odds.next().unwrap_or_else(|| unreachable!("two columns are cut in two"));
        let lost = |odds: Tensor<2>, truth: Tensor<2>| {
            let no = log_sigmoid(odds.clone().neg());
            (truth.clone() * log_sigmoid(odds) + (truth.neg() + 1.0) * no).neg()
        };
        let (by_played, by_struck) = (lost(next(), column(played)), lost(next(), column(struck)));
        (by_played + by_struck * column(counts)).sum().div_scalar(count as f64)
    }
}

impl Network for Biaxial {
    fn loss(&self, batch: &Batch) -> Tensor<1> {
        self.surprise(batch, &vec![true; batch.size])
    }

    fn loss_at(&self, batch: &Batch, progress: f64) -> Tensor<1> {
        // What is told hangs on batch and time alone: the same when a paused training goes on.
        let seed = batch.inputs.iter().fold(progress.to_bits(), |seed, id| seed.rotate_left(5) ^ *id as u64);
        let mut dice = Dice::new(seed);
        let told: Vec<bool> = (0..batch.size).map(|_| dice.throw() < self.lesson.told).collect();
        self.surprise(batch, &told)
    }

    fn listen(&self) -> BTreeMap<String, f64> {
        let Some(card) = &self.lesson.card else { return BTreeMap::new() };
        let model = generator::biaxial::Biaxial::load(&self.valid().pack(card.clone()));
        model.map_or_else(|_| BTreeMap::new(), |model| playing::look(&model))
    }
}

/// Layers one after the other, all rows at once; their states go on.
fn passed(cells: &[Cell], mut x: Tensor<2>, states: &mut States) -> Tensor<2> {
    for (cell, state) in cells.iter().zip(states) {
        let (h, c) = state.clone();
        *state = cell.step(x.matmul(cell.input.val()), h, c);
        x = state.0.clone();
    }
    x
}

fn zeroed(widths: &[usize], rows: usize, device: &Device) -> States {
    let zeros = |width: &usize| Tensor::<2>::zeros([rows, *width], device);
    widths.iter().map(|width| (zeros(width), zeros(width))).collect()
}

/// Whether the key below is played and struck, at every step after the first, `[steps x rows, 2]`.
fn below(steps: &[Vec<&Moment>], key: usize, device: &Device) -> Tensor<2> {
    let pitch = key.checked_sub(1).and_then(|below| keys::pitches().nth(below));
    let yes = |truth: bool| f32::from(u8::from(truth));
    let does = |moment: &&Moment| {
        pitch.map_or([0.0; 2], |pitch| [moment.step.sounds(pitch), moment.step.strikes(pitch)].map(yes))
    };
    let values: Vec<f32> = steps[1..].iter().flatten().flat_map(does).collect();
    let rows = values.len() / 2;
    Tensor::from_data(TensorData::new(values, [rows, 2]), device)
}

#[cfg(test)]
mod tests {
    use melody::Pitch;
    use melody::roll::Step;

    use super::*;
    use crate::training::{self, Plan, Verdict};
    use crate::windows::Windows;

    fn lesson(moments: Vec<Moment>) -> Lesson {
        Lesson { moments: Arc::new(moments), told: 0.5, card: None }
    }

    /// A bar of chords and a tune over them, again and again.
    fn music() -> Vec<Moment> {
        let moment = |place: usize| {
            let mut step = Step::default();
            for (number, every) in [(48, 16), (55, 8), (72 + (place as u8 / 4) * 2, 4)] {
                let pitch = Pitch::new(number).unwrap();
                if place.is_multiple_of(every) { step.strike(pitch) } else { step.hold(pitch) }
            }
            Moment { step, place, chord: None }
        };
        [Moment::SILENCE].into_iter().chain((0..16).map(moment)).collect()
    }

    #[test]
    fn a_bar_that_returns_is_learnt() {
        let folder = tempfile::tempdir().unwrap();
        let line: Vec<u32> = [0].into_iter().chain((0..64).map(|step| 1 + step % 16)).collect();
        let lines = vec![line];
        let windows = Windows::of(&lines, 16, 1, 16);
        let plan = Plan {
            epochs: 20,
            batch: 2,
            workers: 1,
            seed: 1,
            learning_rate: 2e-2,
            validate_every: 20,
            folder: folder.path().to_owned(),
            fingerprint: String::new(),
        };
        let fresh = Biaxial::new(lesson(music()), 1, &Device::flex().autodiff());
        let before = training::measure(&fresh, &windows, 2);
        let trained =
            training::train(fresh, &plan, &windows, &windows, false, &mut |_| Verdict::Continue).unwrap();
        assert!(trained.validation_loss < before * 0.5, "{before} before, {} after", trained.validation_loss);
    }

    #[test]
    fn a_key_knows_nothing_of_the_keys_above_it_and_of_what_is_to_come() {
        let network = Biaxial::new(lesson(Vec::new()), 1, &Device::flex());
        let music = music();
        let mut changed = music.clone();
        changed[9].step.strike(Pitch::new(64).unwrap());
        let odds = |music: &[Moment]| -> Vec<f32> {
            let steps: Vec<Vec<&Moment>> = music.iter().map(|moment| vec![moment]).collect();
            network.odds(&steps, &[true]).into_data().iter::<f32>().collect()
        };
        let (before, after) = (odds(&music), odds(&changed));
        let steps = music.len() - 1;
        for (key, pitch) in keys::pitches().enumerate() {
            for step in 0..steps {
                let place = 2 * (key * steps + step);
                let free = step + 1 < 9 || (step + 1 == 9 && pitch.number() <= 64);
                if free {
                    assert_eq!(before[place..place + 2], after[place..place + 2], "{pitch} at {step}");
                }
            }
        }
        let place = |number: usize, step: usize| 2 * ((number - 24) * steps + step - 1);
        assert_ne!(before[place(65, 9)], after[place(65, 9)]);
        assert_ne!(before[place(30, 10)], after[place(30, 10)]);
    }
}
