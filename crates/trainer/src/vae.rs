//! Paper A's variational autoencoder as a burn module: phrase vectors of 100 numbers through 10 and back.
//!
//! Encoder and decoder are two dense layers each, the first with tanh. The loss of a phrase is half the squared distance
//! between its vector, made 10 long so that its numbers are about 1, and the decoder's, plus the weighted divergence
//! (Kullback-Leibler) of the posterior from a standard normal (Kingma and Welling, 2014).

use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::activation::tanh;
use burn::tensor::{Device, Tensor, TensorData};
use generator::sampling::Dice;
use generator::vae::{DIMENSIONS, LATENT, Latent, Vector};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use crate::training::Network;
use crate::weights::{uniform, zeros};
use crate::windows::Batch;

pub mod choice;
mod export;
pub mod map;

/// The length of vectors in the network, whose numbers are then about 1.
const LENGTH: f32 = 10.0;

/// What the network learns from and how it weighs the divergence; no part of its weights.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// Phrase vectors of length 1; a batch's inputs are their numbers.
    pub vectors: Arc<Vec<Vector>>,
    /// The weight of the divergence in the end.
    pub weight: f32,
    /// The share of the training over which it rises to that from zero.
    pub rise: f32,
}

/// The weights.
#[derive(Module, Debug)]
pub struct Vae {
    /// 100 to the hidden width.
    pub encoder: Dense,
    /// The hidden width to the middle of the posterior.
    pub middle: Dense,
    /// The hidden width to the logarithm of the posterior's variance.
    pub spread: Dense,
    /// 10 to the hidden width.
    pub decoder: Dense,
    /// The hidden width to 100.
    pub output: Dense,
    #[module(skip)]
    lesson: Lesson,
}

/// A dense layer.
#[derive(Module, Debug)]
pub struct Dense {
    /// `[inputs, outputs]`
    pub weight: Param<Tensor<2>>,
    /// `[outputs]`
    pub bias: Param<Tensor<1>>,
}

impl Dense {
    fn new(dice: &mut ChaCha8Rng, inputs: usize, outputs: usize, device: &Device) -> Dense {
        let bound = (6.0 / (inputs + outputs) as f32).sqrt();
        Dense { weight: uniform(dice, [inputs, outputs], bound, device), bias: zeros(outputs, device) }
    }

    fn run(&self, x: Tensor<2>) -> Tensor<2> {
        x.matmul(self.weight.val()) + self.bias.val().unsqueeze()
    }
}

impl Vae {
    /// A network of this hidden width with the small random weights that a seed gives.
    pub fn new(hidden: usize, lesson: Lesson, seed: u64, device: &Device) -> Vae {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut dense = |inputs, outputs| Dense::new(&mut dice, inputs, outputs, device);
        Vae {
            encoder: dense(DIMENSIONS, hidden),
            middle: dense(hidden, LATENT),
            spread: dense(hidden, LATENT),
            decoder: dense(LATENT, hidden),
            output: dense(hidden, DIMENSIONS),
            lesson,
        }
    }

    /// The middles of the posteriors of phrase vectors.
    pub fn latents(&self, vectors: &[Vector]) -> Vec<Latent> {
        let device = self.encoder.weight.val().device();
        let encode = |vectors: &[Vector]| {
            let numbers: Vec<f32> = vectors.iter().flatten().map(|number| number * LENGTH).collect();
            let x = Tensor::<2>::from_data(TensorData::new(numbers, [vectors.len(), DIMENSIONS]), &device);
            let (middle, _) = self.encode(x);
            rows::<LATENT>(middle)
        };
        vectors.chunks(1024).flat_map(encode).collect()
    }

    /// What the decoder makes of latents, about 1 long.
    pub fn decoded(&self, latents: &[Latent]) -> Vec<Vector> {
        let device = self.encoder.weight.val().device();
        let decode = |latents: &[Latent]| {
            let numbers: Vec<f32> = latents.iter().flatten().copied().collect();
            let z = Tensor::<2>::from_data(TensorData::new(numbers, [latents.len(), LATENT]), &device);
            rows::<DIMENSIONS>(self.decode(z) / LENGTH)
        };
        latents.chunks(1024).flat_map(decode).collect()
    }

    fn encode(&self, x: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let hidden = tanh(self.encoder.run(x));
        (self.middle.run(hidden.clone()), self.spread.run(hidden))
    }

    fn decode(&self, z: Tensor<2>) -> Tensor<2> {
        self.output.run(tanh(self.decoder.run(z)))
    }

    /// The loss of a batch, with this noise in the latents and this weight of the divergence.
    fn elbo(&self, batch: &Batch, noise: Option<Tensor<2>>, weight: f32) -> Tensor<1> {
        let device = self.encoder.weight.val().device();
        let vectors = batch.inputs.iter().map(|id| &self.lesson.vectors[*id as usize]);
        let numbers: Vec<f32> = vectors.flatten().map(|number| number * LENGTH).collect();
        let x = Tensor::<2>::from_data(TensorData::new(numbers, [batch.size, DIMENSIONS]), &device);
        let (middle, spread) = self.encode(x.clone());
        let z = match noise {
            Some(noise) => middle.clone() + (spread.clone() * 0.5).exp() * noise,
            None => middle.clone(),
        };
        let missed = x - self.decode(z);
        let distance = (missed.clone() * missed).sum_dim(1).mean() * 0.5;
        let divergence =
            (middle.clone() * middle + spread.clone().exp() - spread - 1.0).sum_dim(1).mean() * 0.5;
        distance + divergence * weight
    }
}

impl Network for Vae {
    fn loss(&self, batch: &Batch) -> Tensor<1> {
        self.elbo(batch, None, self.lesson.weight)
    }

    fn loss_at(&self, batch: &Batch, progress: f64) -> Tensor<1> {
        // The noise hangs on batch and time alone: the same when a paused training goes on.
        let seed = batch.inputs.iter().fold(progress.to_bits(), |seed, id| seed.rotate_left(5) ^ *id as u64);
        let mut dice = Dice::new(seed);
        let noise: Vec<f32> = (0..batch.size * LATENT).map(|_| dice.normal()).collect();
        let device = self.encoder.weight.val().device();
        let noise = Tensor::<2>::from_data(TensorData::new(noise, [batch.size, LATENT]), &device);
        let risen = (progress as f32 / self.lesson.rise.max(1e-6)).min(1.0);
        self.elbo(batch, Some(noise), self.lesson.weight * risen)
    }
}

fn rows<const N: usize>(tensor: Tensor<2>) -> Vec<[f32; N]> {
    let numbers: Vec<f32> = tensor.into_data().iter::<f32>().collect();
    let row = |row: &[f32]| std::array::from_fn(|at| row[at]);
    numbers.chunks_exact(N).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::{self, Plan, Verdict};
    use crate::windows::Windows;

    /// Vectors on a bent sheet of two dimensions in a hundred.
    fn sheet() -> Vec<Vector> {
        let mut dice = Dice::new(3);
        let axes: [Vector; 4] = std::array::from_fn(|_| std::array::from_fn(|_| dice.normal()));
        let mut point = |_| {
            let (a, b) = (dice.normal(), dice.normal());
            let along = [a, b, a * b, (a + b).sin()];
            let mut vector: Vector =
                std::array::from_fn(|at| axes.iter().zip(along).map(|(axis, far)| axis[at] * far).sum());
            let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
            vector.iter_mut().for_each(|number| *number /= length);
            vector
        };
        (0..512).map(&mut point).collect()
    }

    #[test]
    fn what_is_learnt_comes_back_through_ten_numbers_and_these_are_spread_about_zero() {
        let vectors = Arc::new(sheet());
        let lesson = Lesson { vectors: vectors.clone(), weight: 0.2, rise: 0.3 };
        let lines: Vec<Vec<u32>> = (0..512).map(|id| vec![id, id]).collect();
        let windows = Windows::of(&lines, 1, 1, 1);
        let folder = tempfile::tempdir().unwrap();
        let plan = Plan {
            epochs: 60,
            batch: 32,
            workers: 1,
            seed: 1,
            learning_rate: 3e-3,
            validate_every: 100,
            folder: folder.path().to_owned(),
            fingerprint: String::new(),
        };
        let fresh = Vae::new(32, lesson, 1, &Device::flex().autodiff());
        let mut watch = |_: &training::Progress| Verdict::Continue;
        let trained =
            training::train(fresh, &plan, &windows, &windows, false, &mut watch).unwrap().network.valid();
        let latents = trained.latents(&vectors);
        let decoded = trained.decoded(&latents);
        let cosines = vectors.iter().zip(&decoded).map(|(a, b)| crate::melody2vec::evaluation::cosine(a, b));
        let mean = cosines.sum::<f32>() / 512.0;
        assert!(mean > 0.9, "cosine {mean}");
        let square = latents.iter().flatten().map(|number| number * number).sum::<f32>() / 512.0;
        assert!(square < 2.0 * LATENT as f32, "{square}");
    }
}
