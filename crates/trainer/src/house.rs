//! The house model: an LSTM over notes whose odds are mixed with those of the tune's own memory, as a burn module.

use burn::module::{Module, Param};
use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::{Device, Int, Tensor, TensorData};
use generator::house::input::{BODY, HEADS};
use melody::memory::WITNESSES;
use melody::steps::Aspect;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use crate::seq2seq::Cell;
use crate::weights::{uniform, zeros};
use batches::Batch;

pub mod batches;
mod conditions;
pub mod copies;
mod export;
pub mod held_out;
pub mod ngram;
pub mod pieces;
pub mod teaching;

/// The sizes of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Numbers that stand for what the body is told at a note.
    pub embedding: usize,
    /// LSTM layers; none makes a network that sees no farther than its witnesses.
    pub layers: usize,
    /// Width of the LSTMs' state.
    pub hidden: usize,
    /// Width of each head.
    pub head: usize,
}

/// The weights.
#[derive(Module, Debug)]
pub struct House {
    /// `[BODY, embedding]`
    pub entry: Param<Tensor<2>>,
    /// The LSTM layers, the first on `embedding` inputs, the others on `hidden`.
    pub cells: Vec<Cell>,
    /// One for each aspect of a note.
    pub heads: Vec<Head>,
}

/// What makes odds of one aspect of the body's state and of what is told.
#[derive(Module, Debug)]
pub struct Head {
    /// `[hidden + embedding, head]`: the LSTM's state, then what the body is told.
    pub state: Param<Tensor<2>>,
    /// `[HEADS[aspect], head]`
    pub told: Param<Tensor<2>>,
    /// `[head]`
    pub bias: Param<Tensor<1>>,
    /// `[head, values]`
    pub scores: Param<Tensor<2>>,
    /// `[values]`
    pub scores_bias: Param<Tensor<1>>,
    /// `[head, 1 + WITNESSES]`: how far to trust the network's own odds, then each witness's.
    pub gates: Param<Tensor<2>>,
    /// `[1 + WITNESSES]`
    pub gates_bias: Param<Tensor<1>>,
}

/// The state of each LSTM layer, `h` and `c`, each `[rows, hidden]`.
pub type State = Vec<(Tensor<2>, Tensor<2>)>;

impl House {
    /// A network of this shape with the small random weights that a seed gives, on any machine the same.
    pub fn new(shape: Shape, seed: u64, device: &Device) -> House {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let Shape { embedding, layers, hidden, head } = shape;
        let width = |layer| if layer == 0 { embedding } else { hidden };
        let cells =
            (0..layers).map(|layer| Cell::new(&mut dice, width(layer), hidden, device)).collect::<Vec<_>>();
        let state = embedding + if layers == 0 { 0 } else { hidden };
        House {
            // A dozen ones are summed, so that the sum is of the size that the LSTM expects.
            entry: uniform(&mut dice, [BODY, embedding], 0.5, device),
            cells,
            heads: Aspect::ALL.map(|aspect| Head::new(&mut dice, aspect, state, head, device)).into(),
        }
    }

    /// States of so many rows that have heard nothing.
    pub fn fresh_state(&self, rows: usize) -> State {
        let device = self.entry.val().device();
        let zeros = |cell: &Cell| Tensor::<2>::zeros([rows, cell.recurrent.dims()[0]], &device);
        self.cells.iter().map(|cell| (zeros(cell), zeros(cell))).collect()
    }

    /// How surprised the network is by each aspect of each note, in nats, `[steps x rows]` each, and the states after the
    /// batch. `noise` thins out the states between layers while teaching.
    pub fn surprise(
        &self,
        batch: &Batch,
        mut state: State,
        mut noise: Option<&mut Noise>,
    ) -> ([Tensor<1>; 3], State) {
        let device = self.entry.val().device();
        let (mut entries, mut tops) = (Vec::with_capacity(batch.steps), Vec::with_capacity(batch.steps));
        for told in &batch.body {
            let told = tensor(told, batch.rows, &device);
            let entry = told.matmul(self.entry.val());
            let mut signal = entry.clone();
            for (cell, (h, c)) in self.cells.iter().zip(&mut state) {
                let gates = signal.matmul(cell.input.val());
                (*h, *c) = cell.step(gates, h.clone(), c.clone());
                signal = match &mut noise {
                    Some(noise) => h.clone() * noise.mask(h.dims(), &device),
                    None => h.clone(),
                };
            }
            if !self.cells.is_empty() {
                tops.push(signal);
            }
            entries.push(entry);
        }
        let entries = Tensor::cat(entries, 0);
        let states =
            if tops.is_empty() { entries } else { Tensor::cat(vec![Tensor::cat(tops, 0), entries], 1) };
        (Aspect::ALL.map(|aspect| self.heads[aspect as usize].surprise(batch, aspect, states.clone())), state)
    }

    /// Mean surprise in nats a note over a batch, its rows having heard nothing before.
    pub fn loss(&self, batch: &Batch, noise: &mut Noise) -> Tensor<1> {
        let (surprise, _) = self.surprise(batch, self.fresh_state(batch.rows), Some(noise));
        let device = self.entry.val().device();
        let sums = surprise.into_iter().zip(&batch.weights).map(|(nats, weights)| {
            let weights = TensorData::new(weights.clone(), [weights.len()]);
            (nats * Tensor::<1>::from_data(weights, &device)).sum()
        });
        let sum = sums.reduce(|all, sum| all + sum).unwrap_or_else(|| unreachable!("there are three"));
        sum.mul_scalar(1.0 / batch.notes().max(1) as f64)
    }
}

impl Head {
    fn new(dice: &mut ChaCha8Rng, aspect: Aspect, state: usize, width: usize, device: &Device) -> Head {
        let bound = |inputs: usize| (inputs as f32).powf(-0.5);
        let told = HEADS[aspect as usize];
        Head {
            state: uniform(dice, [state, width], bound(state), device),
            told: uniform(dice, [told, width], 0.1, device),
            bias: zeros(width, device),
            scores: uniform(dice, [width, aspect.size()], bound(width), device),
            scores_bias: zeros(aspect.size(), device),
            gates: uniform(dice, [width, 1 + WITNESSES], bound(width), device),
            gates_bias: zeros(1 + WITNESSES, device),
        }
    }

    /// The nats of each row's value: the mixture's odds are those of the network and of the witnesses, each times its gate.
    fn surprise(&self, batch: &Batch, aspect: Aspect, states: Tensor<2>) -> Tensor<1> {
        let (rows, place, device) = (batch.rows * batch.steps, aspect as usize, states.device());
        let told = tensor(&batch.heads[place], rows, &device).matmul(self.told.val());
        let bias = |bias: &Param<Tensor<1>>| bias.val().unsqueeze();
        let inner = relu(states.matmul(self.state.val()) + told + bias(&self.bias));
        let scores = inner.clone().matmul(self.scores.val()) + bias(&self.scores_bias);
        let values = TensorData::new(batch.values[place].clone(), [rows, 1]);
        let own = log_softmax(scores, 1).gather(1, Tensor::<2, Int>::from_data(values, &device));
        let gates = inner.matmul(self.gates.val()) + bias(&self.gates_bias);
        let gates = log_softmax(gates + tensor(&batch.silence[place], rows, &device), 1);
        let others = tensor(&batch.odds[place], rows, &device);
        log_sum(gates + Tensor::cat(vec![own, others], 1)).neg()
    }
}

/// The logarithm of the sum of the exponentials of each row.
fn log_sum(logs: Tensor<2>) -> Tensor<1> {
    // What is subtracted and added again needs no gradient.
    let highest = logs.clone().max_dim(1).detach();
    let sum = (logs - highest.clone()).exp().sum_dim(1).log() + highest;
    sum.squeeze_dim::<1>(1)
}

fn tensor(values: &[f32], rows: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [rows, values.len() / rows.max(1)]), device)
}

/// The dice that thin out states while teaching (dropout).
pub struct Noise {
    dice: ChaCha8Rng,
    share: f64,
}

impl Noise {
    /// Dice that leave out this share of the numbers; a seed and a stream give the same masks everywhere.
    pub fn new(share: f64, seed: u64, stream: u64) -> Noise {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        dice.set_stream(stream);
        Noise { dice, share }
    }

    fn mask(&mut self, dims: [usize; 2], device: &Device) -> Tensor<2> {
        let threshold = (self.share * 256.0).round() as u16;
        let kept = 256.0 / f32::from(256 - threshold.min(255));
        let mut bytes = vec![0_u8; dims[0] * dims[1]];
        rand_core::RngCore::fill_bytes(&mut self.dice, &mut bytes);
        let mask = bytes.into_iter().map(|byte| if u16::from(byte) < threshold { 0.0 } else { kept });
        Tensor::from_data(TensorData::new(mask.collect::<Vec<f32>>(), dims), device)
    }
}
