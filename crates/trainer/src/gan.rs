//! Paper A's GAN as burn modules: four dense layers make a melody of noise, four others tell it from a real one.

use burn::module::{Module, Param, ParamId};
use burn::tensor::{Device, Tensor};
use generator::gan::{Layout, NOISE, NOTES};
use melody::Vocabulary;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use crate::weights::{uniform, zeros};

pub mod duel;
pub mod export;
pub mod loss;
pub mod melodies;
pub mod variety;

pub use variety::Variety;

/// Dense layers of a network (paper A, "GAN").
const LAYERS: usize = 4;
/// What a critic's neuron lets through of a negative sum.
const LEAK: f32 = 0.2;

/// The sizes of the networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// What the scores of one place are of.
    pub layout: Layout,
    /// Scores for one place of the melody.
    pub scores: usize,
    /// Width of the generator's hidden layers.
    pub generator: usize,
    /// Width of a critic's hidden layers.
    pub critic: usize,
    /// Notes and rests that the second critic sees at once, a divisor of 100; 0 where there is none.
    pub window: usize,
}

impl Shape {
    /// The shape for a vocabulary.
    pub fn of(
        vocabulary: &Vocabulary,
        layout: Layout,
        generator: usize,
        critic: usize,
        window: usize,
    ) -> Shape {
        Shape { layout, scores: layout.width(vocabulary.len()), generator, critic, window }
    }

    /// The notes and rests that each critic sees at once.
    pub fn windows(&self) -> Vec<usize> {
        [NOTES, self.window].into_iter().filter(|window| *window > 0).collect()
    }
}

/// A generator with those that it has to deceive.
#[derive(Module, Debug)]
pub struct Adversaries {
    /// `z [rows, 100]` to scores `[rows, 100 x scores]`.
    pub generator: Dense,
    /// The generator's weights averaged over the latest steps: what is played in the end.
    pub averaged: Dense,
    /// Each tells stretches of [`Shape::windows`] notes: `[stretches, notes x scores]` to `[stretches, 1]`, high for real.
    pub critics: Vec<Dense>,
}

/// Four dense layers.
#[derive(Module, Debug)]
pub struct Dense {
    /// In order.
    pub layers: Vec<Layer>,
}

/// One dense layer.
#[derive(Module, Debug)]
pub struct Layer {
    /// `[inputs, outputs]`
    pub weights: Param<Tensor<2>>,
    /// `[outputs]`
    pub bias: Param<Tensor<1>>,
}

impl Adversaries {
    /// Networks of this shape with the weights that a seed gives, on any machine the same.
    pub fn new(shape: &Shape, seed: u64, device: &Device) -> Adversaries {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let (hidden, outputs) = (shape.generator, NOTES * shape.scores);
        let generator = Dense::new(&mut dice, [NOISE, hidden, hidden, hidden, outputs], device);
        let critic = |window: usize, dice: &mut ChaCha8Rng| {
            let hidden = shape.critic;
            Dense::new(dice, [window * shape.scores, hidden, hidden, hidden, 1], device)
        };
        let critics = shape.windows().into_iter().map(|window| critic(window, &mut dice)).collect();
        Adversaries { averaged: generator.still(), generator, critics }
    }

    /// Moves the averaged weights towards the generator's; of what they are, the share `kept` stays.
    fn average(&mut self, kept: f64) {
        for (averaged, latest) in self.averaged.layers.iter_mut().zip(&self.generator.layers) {
            averaged.weights = mixed(&averaged.weights, &latest.weights, kept);
            averaged.bias = mixed(&averaged.bias, &latest.bias, kept);
        }
    }
}

/// A mean of two parameters that no gradient is asked of.
fn mixed<const D: usize>(
    averaged: &Param<Tensor<D>>,
    latest: &Param<Tensor<D>>,
    kept: f64,
) -> Param<Tensor<D>> {
    let old = averaged.val().detach().mul_scalar(kept);
    Param::initialized(averaged.id, old + latest.val().detach().mul_scalar(1.0 - kept))
}

impl Dense {
    /// Layers of these widths, the input's first, with weights that keep numbers as large as they come in (He et al.,
    /// 2015).
    fn new(dice: &mut ChaCha8Rng, widths: [usize; LAYERS + 1], device: &Device) -> Dense {
        let layer = |pair: &[usize]| Layer {
            weights: uniform(dice, [pair[0], pair[1]], (6.0 / pair[0] as f32).sqrt(), device),
            bias: zeros(pair[1], device),
        };
        Dense { layers: widths.windows(2).map(layer).collect() }
    }

    /// The last layer's sums, rectifiers between the layers: the generator.
    pub fn scores(&self, z: Tensor<2>) -> Tensor<2> {
        let (last, hidden) =
            self.layers.split_last().unwrap_or_else(|| unreachable!("there are four layers"));
        last.sums(hidden.iter().fold(z, |x, layer| layer.sums(x).clamp_min(0.0)))
    }

    /// How real each row looks, `[rows, 1]`, and which way each row would have to change to look more real,
    /// `[rows, inputs]`: the gradient, written out as layers so that it can be learnt from in its turn. Between its bends a
    /// leaky rectifier is straight, so nothing is missing.
    pub fn judge(&self, x: Tensor<2>) -> (Tensor<2>, Gradient<'_>) {
        let (last, hidden) =
            self.layers.split_last().unwrap_or_else(|| unreachable!("there are four layers"));
        let mut slopes = Vec::with_capacity(hidden.len());
        let mut x = x;
        for layer in hidden {
            let sums = layer.sums(x);
            let slope = sums.clone().greater_elem(0.0).float().mul_scalar(1.0 - LEAK).add_scalar(LEAK);
            x = sums * slope.clone();
            slopes.push(slope);
        }
        (last.sums(x), Gradient { layers: &self.layers, slopes })
    }

    /// The same weights under names of their own, not to be learnt.
    fn still(&self) -> Dense {
        let layer = |layer: &Layer| Layer {
            weights: Param::initialized(ParamId::new(), layer.weights.val().detach()),
            bias: Param::initialized(ParamId::new(), layer.bias.val().detach()),
        };
        Dense { layers: self.layers.iter().map(layer).collect() }
    }
}

impl Layer {
    pub(crate) fn sums(&self, x: Tensor<2>) -> Tensor<2> {
        x.matmul(self.weights.val()) + self.bias.val().unsqueeze()
    }
}

/// The slopes of a critic's neurons for some rows: its gradient, not yet worked out.
pub struct Gradient<'a> {
    layers: &'a [Layer],
    slopes: Vec<Tensor<2>>,
}

impl Gradient<'_> {
    /// The mean over the rows of the squared length of the gradient, as a tensor of one number.
    pub fn mean_square(self) -> Tensor<1> {
        let rows = self.slopes.first().map_or(1, |slope| slope.dims()[0]);
        let mut way = None;
        for (place, layer) in self.layers.iter().enumerate().rev() {
            let back = layer.weights.val().transpose();
            let next: Tensor<2> = match way {
                None => back,
                Some(way) => Tensor::matmul(way, back),
            };
            way = Some(match place.checked_sub(1) {
                Some(below) => next * self.slopes[below].clone(),
                None => next,
            });
        }
        let way = way.unwrap_or_else(|| unreachable!("there are four layers"));
        way.powi_scalar(2).sum().div_scalar(rows as f32)
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;

    use super::*;

    fn rows(values: &[f32], device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(values.to_vec(), [values.len() / 3, 3]), device)
    }

    #[test]
    fn the_gradient_is_how_a_judgement_changes() {
        let device = Device::flex();
        let mut dice = ChaCha8Rng::seed_from_u64(2);
        let critic = Dense::new(&mut dice, [3, 8, 8, 8, 1], &device);
        let judged = |x: [f32; 3]| critic.judge(rows(&x, &device)).0.into_scalar::<f32>();
        let x = [0.3, -0.2, 0.5];
        let change = |place: usize| {
            let moved = |by: f32| {
                let mut x = x;
                x[place] += by;
                judged(x)
            };
            (moved(1e-3) - moved(-1e-3)) / 2e-3
        };
        let expected: f32 = (0..3).map(|place| change(place).powi(2)).sum();
        let found = critic.judge(rows(&x, &device)).1.mean_square().into_scalar::<f32>();
        assert!((found - expected).abs() < 1e-2 * expected, "{found} instead of {expected}");
    }

    #[test]
    fn networks_have_four_layers_each_and_a_seed_gives_them_again() {
        let vocabulary = crate::parity::vocabulary();
        let shape = Shape::of(&vocabulary, Layout::Joint, 16, 8, 10);
        let networks = Adversaries::new(&shape, 3, &Device::flex());
        assert_eq!(shape.windows(), [100, 10]);
        assert_eq!(networks.critics.len(), 2);
        for network in networks.critics.iter().chain([&networks.generator, &networks.averaged]) {
            assert_eq!(network.layers.len(), 4);
        }
        let again = Adversaries::new(&shape, 3, &Device::flex());
        let first = |network: &Adversaries| crate::weights::numbers(&network.generator.layers[0].weights);
        assert_eq!(first(&networks), first(&again));
        assert_ne!(first(&networks), first(&Adversaries::new(&shape, 4, &Device::flex())));
    }
}
