//! Paper A's plain network as a burn module: the last token in, the odds of the next one out.

use burn::module::{Module, Param};
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use crate::training::{Network, nats};
use crate::weights::{rounded, uniform, zeros};
use crate::windows::Batch;

pub mod export;

/// The sizes of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Tokens in the vocabulary.
    pub vocabulary: usize,
    /// Units in each hidden layer.
    pub hidden: usize,
    /// Hidden layers.
    pub layers: usize,
}

impl Shape {
    /// Paper A's sizes ("Fully Connected Deep Neural Network"): three layers of 300 units.
    pub fn of_the_paper(vocabulary: usize) -> Shape {
        Shape { vocabulary, hidden: 300, layers: 3 }
    }
}

/// The weights: hidden layers with a sigmoid each, and the output.
#[derive(Module, Debug)]
pub struct Dnn {
    /// `[vocabulary, hidden]`, then `[hidden, hidden]`.
    pub layers: Vec<Layer>,
    /// `[hidden, vocabulary]`
    pub output: Layer,
}

/// One fully connected layer.
#[derive(Module, Debug)]
pub struct Layer {
    /// `[inputs, outputs]`
    pub weights: Param<Tensor<2>>,
    /// `[outputs]`
    pub bias: Param<Tensor<1>>,
}

impl Dnn {
    /// A network of this shape with the random weights that a seed gives, on any machine the same.
    pub fn new(shape: Shape, seed: u64, device: &Device) -> Dnn {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let Shape { vocabulary, hidden, layers } = shape;
        let mut layer = |inputs, outputs, bound| Layer {
            weights: uniform(&mut dice, [inputs, outputs], bound, device),
            bias: zeros(outputs, device),
        };
        // Of a one-hot input a unit sees a single weight. Between sigmoids Glorot and Bengio (2010) take four times
        // the bound of other layers, or the signal dies on its way through them.
        let first = layer(vocabulary, hidden, 1.0);
        let inner = 4.0 * (3.0 / hidden as f32).sqrt();
        let others: Vec<Layer> = (1..layers).map(|_| layer(hidden, hidden, inner)).collect();
        let output = layer(hidden, vocabulary, (6.0 / (hidden + vocabulary) as f32).sqrt());
        Dnn { layers: [vec![first], others].concat(), output }
    }

    /// The same network with rounded weights ([`crate::weights::rounded`]).
    pub fn rounded(&self) -> Dnn {
        let layer = |layer: &Layer| Layer { weights: rounded(&layer.weights), bias: rounded(&layer.bias) };
        Dnn { layers: self.layers.iter().map(layer).collect(), output: layer(&self.output) }
    }

    /// Scores of the tokens after these, `[tokens, vocabulary]`.
    fn scores(&self, tokens: &[i32]) -> Tensor<2> {
        let (first, others) = self.layers.split_first().unwrap_or((&self.output, &[]));
        let ids = TensorData::new(tokens.to_vec(), [tokens.len()]);
        let ids = Tensor::<1, Int>::from_data(ids, &first.weights.val().device());
        // A one-hot row times the weights is one row of them.
        let seen = first.weights.val().select(0, ids) + first.bias.val().unsqueeze();
        let deepest = others.iter().fold(sigmoid(seen), |seen, layer| sigmoid(layer.apply(seen)));
        self.output.apply(deepest)
    }
}

impl Network for Dnn {
    fn loss(&self, batch: &Batch) -> Tensor<1> {
        nats(self.scores(&batch.inputs), &batch.targets)
    }
}

impl Layer {
    fn apply(&self, inputs: Tensor<2>) -> Tensor<2> {
        inputs.matmul(self.weights.val()) + self.bias.val().unsqueeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ngram::Ngram;
    use crate::training::{self, Plan, Verdict};
    use crate::windows::Windows;

    #[test]
    fn taught_by_pairs_it_comes_near_the_counts_of_pairs() {
        let lines: Vec<Vec<u32>> = (0..4)
            .map(|start| {
                (0..60).map(|place| [0, 1, 2, 0, 3, 3, 1][(start + place * (1 + place % 2)) % 7]).collect()
            })
            .collect();
        let pairs = Windows::of(&lines, 1, 1, 1);
        let folder = tempfile::tempdir().unwrap();
        let plan = Plan {
            epochs: 60,
            batch: 32,
            workers: 1,
            seed: 1,
            learning_rate: 0.02,
            validate_every: 50,
            folder: folder.path().to_owned(),
            fingerprint: "test".to_owned(),
        };
        let shape = Shape { vocabulary: 4, hidden: 12, layers: 3 };
        let fresh = Dnn::new(shape, 1, &Device::flex().autodiff());
        let trained =
            training::train(fresh, &plan, &pairs, &pairs, false, &mut |_| Verdict::Continue).unwrap();
        let counted = Ngram::count(&lines, 1, 4).nats(&lines, 1);
        assert!(trained.validation_loss < counted + 0.02, "{} against {counted}", trained.validation_loss);
    }
}
