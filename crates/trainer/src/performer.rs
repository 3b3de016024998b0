//! Paper B's networks as burn modules: those that play several notes at once, and the critic that tells them from people.
//!
//! [`Performer`] is the LSTM-GAN's generator, the basic LSTM and the dense network, which differ in their layers and in
//! how they are taught: [`contest`] teaches all three, with the critic or without. What is told at a step and what is said
//! stands in [`generator::performer`].

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use generator::performer::words::{GIVEN, PITCHES};
use generator::performer::{Manner, NOISE};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use crate::gan::Layer;
use crate::seq2seq::Cell;
use crate::weights::{uniform, zeros};

pub mod chords;
pub mod contest;
pub mod critic;
pub mod export;
pub mod lesson;
pub mod listening;
mod loss;
pub(crate) mod run;

pub use critic::Critic;

/// The largest of the first weights that a pitch adds to the scores of its length, velocity and gap.
const SMALL: f32 = 0.01;

/// The sizes of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// How it speaks of notes, and how many notes it is told at once.
    pub manner: Manner,
    /// LSTM layers; 0 for a network without states.
    pub layers: usize,
    /// Hidden dense layers, rectifiers behind them.
    pub dense: usize,
    /// Units in each layer.
    pub hidden: usize,
}

impl Shape {
    /// Numbers that the network says at a step.
    pub fn said(&self) -> usize {
        match self.manner {
            Manner::Words { .. } => PITCHES + GIVEN,
            Manner::Numbers => NOISE,
        }
    }
}

/// A network that plays. A step goes through the LSTM layers, then the dense ones, then the output.
#[derive(Module, Debug)]
pub struct Performer {
    /// LSTM layers, the first on what is told.
    pub cells: Vec<Cell>,
    /// Dense layers, rectifiers behind them.
    pub dense: Vec<Layer>,
    /// `[hidden, said]`: the scores of the pitches, then those of what is given the pitch; or a note's four numbers.
    pub output: Layer,
    /// `[88, 57]`: what a pitch adds to the scores of length, velocity and gap; none for a network that speaks in numbers.
    pub given: Vec<Param<Tensor<2>>>,
}

/// An LSTM cell whose first weights let through what it hears. A few ones among zeros, or states that are well below 1,
/// would come out of three cells with the usual weights too faint for the last to learn from.
pub(crate) fn audible(
    dice: &mut ChaCha8Rng,
    layer: usize,
    inputs: usize,
    hidden: usize,
    device: &Device,
) -> Cell {
    let bound = if layer == 0 { 0.5 } else { 5.0 * (hidden as f32).powf(-0.5) };
    let input = uniform(dice, [inputs, 4 * hidden], bound, device);
    Cell { input, ..Cell::new(dice, inputs, hidden, device) }
}

/// The states of the LSTM layers, `h` and `c` of each, `[rows, hidden]`.
pub(crate) type States = Vec<(Tensor<2>, Tensor<2>)>;

impl Performer {
    /// A network of this shape with the weights that a seed gives, on any machine the same.
    pub fn new(shape: &Shape, seed: u64, device: &Device) -> Performer {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let hidden = shape.hidden;
        let mut width = shape.manner.width();
        let mut inputs = || std::mem::replace(&mut width, hidden);
        let cells: Vec<Cell> =
            (0..shape.layers).map(|layer| audible(&mut dice, layer, inputs(), hidden, device)).collect();
        let dense: Vec<usize> = (0..shape.dense).map(|_| inputs()).collect();
        // Rectifiers let through half of what comes (He et al., 2015).
        let dense = dense.into_iter().map(|inputs| Layer {
            weights: uniform(&mut dice, [inputs, hidden], (6.0 / inputs as f32).sqrt(), device),
            bias: zeros(hidden, device),
        });
        let dense = dense.collect();
        let output = Layer {
            weights: uniform(&mut dice, [hidden, shape.said()], (hidden as f32).powf(-0.5), device),
            bias: zeros(shape.said(), device),
        };
        let given = match shape.manner {
            Manner::Words { .. } => vec![uniform(&mut dice, [PITCHES, GIVEN], SMALL, device)],
            Manner::Numbers => Vec::new(),
        };
        Performer { cells, dense, output, given }
    }

    /// The states before anything was told.
    pub(crate) fn rested(&self, rows: usize) -> States {
        let device = self.output.weights.val().device();
        let zeros = |cell: &Cell| Tensor::zeros([rows, cell.recurrent.dims()[0]], &device);
        self.cells.iter().map(|cell| (zeros(cell), zeros(cell))).collect()
    }

    /// The last hidden layer `[rows, hidden]` after one step.
    pub(crate) fn step(&self, x: Tensor<2>, states: &mut States) -> Tensor<2> {
        let mut x = x;
        for (cell, state) in self.cells.iter().zip(states.iter_mut()) {
            let (h, c) = state.clone();
            *state = cell.step(x.matmul(cell.input.val()), h, c);
            x = state.0.clone();
        }
        self.dense.iter().fold(x, |x, layer| layer.sums(x).clamp_min(0.0))
    }
}

#[cfg(test)]
mod tests {
    use generator::performer::words::TOLD;

    use super::*;
    use crate::weights::numbers;

    #[test]
    fn a_seed_gives_the_same_network_again() {
        let shape =
            Shape { manner: Manner::Words { memory: 1, noise: NOISE }, layers: 3, dense: 0, hidden: 8 };
        let first = |seed| numbers(&Performer::new(&shape, seed, &Device::flex()).cells[0].input);
        assert_eq!(first(3), first(3));
        assert_ne!(first(3), first(4));
        assert_eq!(first(3).len(), (TOLD + NOISE) * 4 * 8);
    }

    #[test]
    fn a_network_without_states_has_dense_layers_on_all_that_it_is_told() {
        let shape = Shape { manner: Manner::Words { memory: 2, noise: 0 }, layers: 0, dense: 2, hidden: 8 };
        let network = Performer::new(&shape, 1, &Device::flex());
        assert_eq!(network.dense[0].weights.dims(), [2 * TOLD, 8]);
        assert_eq!(network.dense[1].weights.dims(), [8, 8]);
        assert!(network.rested(3).is_empty());
    }
}
