//! MidiNet as burn modules (Yang et al., 2017): transposed convolutions make a bar of noise, convolutions tell it from
//! a real one.
//!
//! No kernel reaches over another's place but the critic's second, so each layer is a product of matrices over pieces
//! of the bar; steps lie in rows and channels in columns. The conditions go into every layer, as in the original.

use burn::module::{Module, Param, ParamId};
use burn::tensor::activation::{leaky_relu, relu};
use burn::tensor::{Device, Tensor};
use generator::midinet::NOISE;
use generator::midinet::bar::{CHORD, ROWS, STEPS};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use crate::weights::{uniform, zeros};

pub mod bars;
pub mod duel;
pub mod export;
pub mod tables;

/// Transposed convolutions that double the steps, from 1 to 16.
const DOUBLINGS: usize = 4;
/// Channels in which the generator hears the bar before (the original's number).
pub const HEARD: usize = 16;
/// What a critic's neuron lets through of a negative sum.
const LEAK: f64 = 0.2;
/// Steps that one place of the critic's first layer sees, and that it moves on.
const PAIR: usize = 2;
/// Places of its first layer that one of its second sees, and by how many it moves on.
const MOTIF: (usize, usize) = (4, 2);

/// The sizes of the networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Width of the generator's dense layer (the original: 1024).
    pub hidden: usize,
    /// Channels of its transposed convolutions (the original: 128).
    pub channels: usize,
    /// Channels of the critic's first convolution (the original: 14).
    pub pairs: usize,
    /// Channels of its second (the original: 77).
    pub motifs: usize,
    /// Width of the critic's dense layer (the original: 1024).
    pub critic: usize,
    /// Whether both hear the bar before (MidiNet-2D).
    pub hears: bool,
}

/// A generator with the critic that it has to deceive.
#[derive(Module, Debug)]
pub struct Adversaries {
    /// Makes bars.
    pub generator: Generator,
    /// The generator's weights averaged over the latest steps: what is played in the end.
    pub averaged: Generator,
    /// Tells made bars from real ones.
    pub critic: Critic,
}

/// Noise, chord and the bar before to scores of a bar's rows.
#[derive(Module, Debug)]
pub struct Generator {
    /// `[100 + 13, hidden]`
    pub noise: Layer,
    /// Each `[inputs, 2 x channels]`, for the first and the second of two steps; a bias for each channel.
    pub doublings: Vec<Layer>,
    /// `[inputs, 128]`
    pub rows: Layer,
    /// What hears the bar before at 16, 8, 4 and 2 steps: `[128, 16]`, then `[2 x 16, 16]`; none in MidiNet-1D.
    pub ear: Vec<Layer>,
}

/// A bar, or two in a row, with a chord to how real it looks.
#[derive(Module, Debug)]
pub struct Critic {
    /// `[2 x 128 + 13, pairs]`
    pub pairs: Layer,
    /// `[4 x (pairs + 13), motifs]`
    pub motifs: Layer,
    /// `[places x motifs + 13, critic]`
    pub whole: Layer,
    /// `[critic + 13, 1]`
    pub verdict: Layer,
}

/// A product and a bias.
#[derive(Module, Debug)]
pub struct Layer {
    /// `[inputs, outputs]`
    pub weights: Param<Tensor<2>>,
    /// As many as outputs, or as channels where outputs are several steps of these.
    pub bias: Param<Tensor<1>>,
}

impl Layer {
    fn new(dice: &mut ChaCha8Rng, inputs: usize, outputs: usize, channels: usize, device: &Device) -> Layer {
        // Weights that keep numbers as large as they come in (He et al., 2015).
        let bound = (6.0 / inputs as f32).sqrt();
        Layer { weights: uniform(dice, [inputs, outputs], bound, device), bias: zeros(channels, device) }
    }

    /// `[rows, inputs]` to `[rows x steps, channels]`, where outputs are so many steps of channels.
    fn sums(&self, x: Tensor<2>) -> Tensor<2> {
        let [rows, _] = x.dims();
        let (outputs, channels) = (self.weights.dims()[1], self.bias.dims()[0]);
        let steps = x.matmul(self.weights.val()).reshape([rows * outputs / channels, channels]);
        steps + self.bias.val().unsqueeze()
    }

    /// The same weights under names of their own, not to be learnt.
    fn still(&self) -> Layer {
        Layer {
            weights: Param::initialized(ParamId::new(), self.weights.val().detach()),
            bias: Param::initialized(ParamId::new(), self.bias.val().detach()),
        }
    }
}

/// What a bar is made for.
#[derive(Debug, Clone)]
pub struct Conditions {
    /// `[bars, 13]`
    pub chord: Tensor<2>,
    /// The bars before, step after step, `[bars x 16, 128]`; looked at by networks that hear.
    pub before: Tensor<2>,
}

impl Adversaries {
    /// Networks of this shape with the weights that a seed gives, on any machine the same.
    pub fn new(shape: &Shape, seed: u64, device: &Device) -> Adversaries {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let generator = Generator::new(shape, &mut dice, device);
        let critic = Critic::new(shape, &mut dice, device);
        Adversaries { averaged: generator.still(), generator, critic }
    }

    /// Moves the averaged weights towards the generator's; of what they are, the share `kept` stays.
    fn average(&mut self, kept: f64) {
        for (averaged, latest) in self.averaged.layers_mut().into_iter().zip(self.generator.layers()) {
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

impl Generator {
    fn new(shape: &Shape, dice: &mut ChaCha8Rng, device: &Device) -> Generator {
        let Shape { hidden, channels, hears, .. } = *shape;
        let conditions = CHORD + if hears { HEARD } else { 0 };
        let doubling = |number: usize, dice: &mut ChaCha8Rng| {
            let inputs = if number == 0 { hidden } else { channels + conditions };
            Layer::new(dice, inputs, 2 * channels, channels, device)
        };
        let ear = |number: usize, dice: &mut ChaCha8Rng| {
            let inputs = if number == 0 { ROWS } else { 2 * HEARD };
            Layer::new(dice, inputs, HEARD, HEARD, device)
        };
        Generator {
            noise: Layer::new(dice, NOISE + CHORD, hidden, hidden, device),
            doublings: (0..DOUBLINGS).map(|number| doubling(number, dice)).collect(),
            rows: Layer::new(dice, channels + conditions, ROWS, ROWS, device),
            ear: (0..if hears { DOUBLINGS } else { 0 }).map(|number| ear(number, dice)).collect(),
        }
    }

    /// The scores of bars' rows, step after step, `[bars x 16, 128]`, of noise `[bars, 100]`.
    pub fn scores(&self, z: Tensor<2>, conditions: &Conditions) -> Tensor<2> {
        let heard = self.heard(&conditions.before);
        let chord = &conditions.chord;
        let beside = |x: Tensor<2>, steps: usize| {
            let heard = heard.iter().find(|(at, _)| *at == steps).map(|(_, heard)| heard.clone());
            Tensor::cat([x, repeated(chord, steps)].into_iter().chain(heard).collect(), 1)
        };
        let mut x = relu(self.noise.sums(Tensor::cat(vec![z, chord.clone()], 1)));
        for (number, layer) in self.doublings.iter().enumerate() {
            // The dense layer has heard the chord already.
            let told = if number == 0 { x } else { beside(x, 1 << number) };
            x = relu(layer.sums(told));
        }
        self.rows.sums(beside(x, STEPS))
    }

    /// What is heard of the bar before, with how many steps it has there.
    fn heard(&self, before: &Tensor<2>) -> Vec<(usize, Tensor<2>)> {
        let mut heard: Vec<(usize, Tensor<2>)> = Vec::with_capacity(self.ear.len());
        for layer in &self.ear {
            let (steps, x) = match heard.last() {
                None => (STEPS, before.clone()),
                Some((steps, x)) => (steps / 2, pieces(x.clone(), 2)),
            };
            heard.push((steps, relu(layer.sums(x))));
        }
        heard
    }

    fn layers(&self) -> Vec<&Layer> {
        [&self.noise, &self.rows].into_iter().chain(&self.doublings).chain(&self.ear).collect()
    }

    fn layers_mut(&mut self) -> Vec<&mut Layer> {
        [&mut self.noise, &mut self.rows]
            .into_iter()
            .chain(&mut self.doublings)
            .chain(&mut self.ear)
            .collect()
    }

    fn still(&self) -> Generator {
        Generator {
            noise: self.noise.still(),
            doublings: self.doublings.iter().map(Layer::still).collect(),
            rows: self.rows.still(),
            ear: self.ear.iter().map(Layer::still).collect(),
        }
    }
}

impl Critic {
    fn new(shape: &Shape, dice: &mut ChaCha8Rng, device: &Device) -> Critic {
        let steps = if shape.hears { 2 * STEPS } else { STEPS };
        let places = (steps / PAIR - MOTIF.0) / MOTIF.1 + 1;
        let mut layer = |inputs, outputs| Layer::new(dice, inputs, outputs, outputs, device);
        Critic {
            pairs: layer(PAIR * ROWS + CHORD, shape.pairs),
            motifs: layer(MOTIF.0 * (shape.pairs + CHORD), shape.motifs),
            whole: layer(places * shape.motifs + CHORD, shape.critic),
            verdict: layer(shape.critic + CHORD, 1),
        }
    }

    /// How real bars look, `[bars, 1]`, after the bars before where `hears` is set; and what the first layer sees of
    /// them, `[bars x 8, pairs]`, or twice as many places with the bars before.
    pub fn judge(&self, bars: Tensor<2>, conditions: &Conditions, hears: bool) -> (Tensor<2>, Tensor<2>) {
        let chord = &conditions.chord;
        let count = chord.dims()[0];
        let seen = match hears {
            true => {
                let apart = |bars: Tensor<2>| bars.reshape([count, STEPS * ROWS]);
                let both = Tensor::cat(vec![apart(conditions.before.clone()), apart(bars)], 1);
                both.reshape([count * 2 * STEPS, ROWS])
            }
            false => bars,
        };
        let pairs = pieces(seen, PAIR);
        let places = pairs.dims()[0] / count;
        let pairs = leaky_relu(self.pairs.sums(Tensor::cat(vec![pairs, repeated(chord, places)], 1)), LEAK);
        let told = Tensor::cat(vec![pairs.clone(), repeated(chord, places)], 1);
        let motifs = leaky_relu(self.motifs.sums(overlapping(told, count)), LEAK);
        let [rows, width] = motifs.dims();
        let whole = Tensor::cat(vec![motifs.reshape([count, rows / count * width]), chord.clone()], 1);
        let whole = leaky_relu(self.whole.sums(whole), LEAK);
        (self.verdict.sums(Tensor::cat(vec![whole, chord.clone()], 1)), pairs)
    }
}

/// Rows that follow one another side by side: `[rows, width]` to `[rows / count, count x width]`.
fn pieces(x: Tensor<2>, count: usize) -> Tensor<2> {
    let [rows, width] = x.dims();
    x.reshape([rows / count, count * width])
}

/// A row for each bar as a row for each step.
fn repeated(rows: &Tensor<2>, steps: usize) -> Tensor<2> {
    let [count, width] = rows.dims();
    let apart: Tensor<3> = rows.clone().reshape([count, 1, width]);
    apart.expand([count, steps, width]).reshape([count * steps, width])
}

/// The pieces that a kernel of [`MOTIF`] sees in each of `count` bars, `[count x pieces, 4 x width]`.
fn overlapping(x: Tensor<2>, count: usize) -> Tensor<2> {
    let [rows, width] = x.dims();
    let (places, (size, step)) = (rows / count, MOTIF);
    let bars: Tensor<3> = x.reshape([count, places, width]);
    let piece = |from: usize| bars.clone().narrow(1, from, size).reshape([count, 1, size * width]);
    let pieces: Vec<Tensor<3>> = (0..=places - size).step_by(step).map(piece).collect();
    let seen = pieces.len();
    Tensor::cat(pieces, 1).reshape([count * seen, size * width])
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;

    use super::*;
    use crate::weights::numbers;

    pub(super) fn shape(hears: bool) -> Shape {
        Shape { hidden: 12, channels: 6, pairs: 5, motifs: 7, critic: 8, hears }
    }

    fn tensor(rows: usize, width: usize, value: impl Fn(usize) -> f32) -> Tensor<2> {
        let values: Vec<f32> = (0..rows * width).map(value).collect();
        Tensor::from_data(TensorData::new(values, [rows, width]), &Device::flex())
    }

    fn values(tensor: Tensor<2>) -> Vec<f32> {
        tensor.into_data().iter::<f32>().collect()
    }

    #[test]
    fn pieces_are_cut_as_kernels_see_them() {
        let x = || tensor(8, 2, |index| index as f32);
        assert_eq!(values(pieces(x(), 2))[4..8], [4.0, 5.0, 6.0, 7.0]);
        let seen = overlapping(tensor(16, 1, |index| index as f32), 2);
        assert_eq!(seen.dims(), [6, 4]);
        assert_eq!(values(seen)[4..16], [2.0, 3.0, 4.0, 5.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0]);
        assert_eq!(
            values(repeated(&tensor(2, 2, |index| index as f32), 2)),
            [0.0, 1.0, 0.0, 1.0, 2.0, 3.0, 2.0, 3.0]
        );
    }

    #[test]
    fn a_bar_depends_on_noise_chord_and_the_bar_before_where_it_is_heard() {
        for hears in [false, true] {
            let networks = Adversaries::new(&shape(hears), 3, &Device::flex());
            let conditions = |chord: f32, before: f32| Conditions {
                chord: tensor(2, CHORD, |_| chord),
                before: tensor(2 * STEPS, ROWS, |_| before),
            };
            let made = |z: f32, chord: f32, before: f32| {
                networks
                    .generator
                    .scores(tensor(2, NOISE, |index| z + index as f32 / 300.0), &conditions(chord, before))
            };
            assert_eq!(made(0.0, 0.0, 0.0).dims(), [2 * STEPS, ROWS]);
            assert_ne!(values(made(0.0, 0.0, 0.0)), values(made(1.0, 0.0, 0.0)));
            assert_ne!(values(made(0.0, 0.0, 0.0)), values(made(0.0, 1.0, 0.0)));
            assert_eq!(values(made(0.0, 0.0, 0.0)) != values(made(0.0, 0.0, 1.0)), hears);
            let judged = |before: f32| {
                let bars = tensor(2 * STEPS, ROWS, |index| (index % 7) as f32);
                networks.critic.judge(bars, &conditions(0.0, before), hears).0
            };
            assert_eq!(judged(0.0).dims(), [2, 1]);
            assert_eq!(values(judged(0.0)) != values(judged(1.0)), hears);
        }
    }

    #[test]
    fn a_seed_gives_the_networks_again() {
        let first =
            |seed| numbers(&Adversaries::new(&shape(true), seed, &Device::flex()).generator.rows.weights);
        assert_eq!(first(3), first(3));
        assert_ne!(first(3), first(4));
    }
}
