//! Melodies as a critic sees them, real ones and made ones, and the noise that these are made of.

use burn::tensor::activation::{sigmoid, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};
use generator::gan::{Layout, NOISE, NOTES};
use rand_chacha::ChaCha8Rng;
use rand_core::RngCore;

use super::Shape;
use crate::windows::Batch;

/// Noise for so many melodies, `[rows, 100]`, from -1 to 1.
pub fn noise(rows: usize, dice: &mut ChaCha8Rng, device: &Device) -> Tensor<2> {
    let mut draw = || dice.next_u32() as f32 / u32::MAX as f32 * 2.0 - 1.0;
    let values: Vec<f32> = (0..rows * NOISE).map(|_| draw()).collect();
    Tensor::from_data(TensorData::new(values, [rows, NOISE]), device)
}

/// Real melodies of 100 tokens as ones and zeros, `[rows, 100 x scores]`.
pub fn real(batch: &Batch, shape: &Shape, device: &Device) -> Tensor<2> {
    let mut values = vec![0.0_f32; batch.inputs.len() * shape.scores];
    for (id, place) in batch.inputs.iter().zip(values.chunks_mut(shape.scores)) {
        let id = *id as usize;
        match shape.layout {
            Layout::Joint => place[id] = 1.0,
            Layout::Apart { pitches, lengths } => {
                place[id / lengths] = 1.0;
                place[pitches + id % lengths] = 1.0;
            }
        }
    }
    Tensor::from_data(TensorData::new(values, [batch.size, NOTES * shape.scores]), device)
}

/// Made melodies of their scores `[rows, 100 x scores]`: ones where the scores are highest and zeros elsewhere, through
/// which gradients pass as if they were the odds (straight through; Bengio et al., 2013). Where tokens are not apart,
/// the sigmoids of the scores, as plain as in the paper.
pub fn made(scores: Tensor<2>, shape: &Shape) -> Tensor<2> {
    let [rows, width] = scores.dims();
    match shape.layout {
        Layout::Joint => sigmoid(scores),
        Layout::Apart { pitches, lengths } => {
            let places = scores.reshape([rows * NOTES, shape.scores]);
            let choose = |from: usize, count: usize| {
                let odds = softmax(places.clone().narrow(1, from, count), 1);
                let highest = odds.clone().detach().argmax(1);
                let chosen = ones_at(highest, count);
                odds.clone() + (chosen - odds.detach())
            };
            Tensor::cat(vec![choose(0, pitches), choose(pitches, lengths)], 1).reshape([rows, width])
        }
    }
}

/// `[rows, width]` with a one in each row, at `places [rows, 1]`.
fn ones_at(places: Tensor<2, Int>, width: usize) -> Tensor<2> {
    let device = places.device();
    let columns = Tensor::<1, Int>::arange(0..width as i64, &device).unsqueeze::<2>();
    let rows = places.dims()[0];
    places.expand([rows, width]).equal(columns.expand([rows, width])).float()
}

/// Melodies `[rows, 100 x scores]` cut into stretches of `window` tokens that follow one another from the `from`-th
/// token on, `[stretches, window x scores]`.
pub fn stretches(melodies: Tensor<2>, shape: &Shape, window: usize, from: usize) -> Tensor<2> {
    let [rows, _] = melodies.dims();
    let count = (NOTES - from) / window;
    if window == NOTES {
        return melodies;
    }
    let inside = melodies.narrow(1, from * shape.scores, count * window * shape.scores);
    inside.reshape([rows * count, window * shape.scores])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape() -> Shape {
        Shape {
            layout: Layout::Apart { pitches: 3, lengths: 2 },
            scores: 5,
            generator: 4,
            critic: 4,
            window: 8,
        }
    }

    fn values(tensor: Tensor<2>) -> Vec<f32> {
        tensor.into_data().iter::<f32>().collect()
    }

    #[test]
    fn a_real_melody_is_one_pitch_and_one_length_a_place() {
        let batch = Batch { size: 1, inputs: (0..100).map(|place| place % 6).collect(), targets: Vec::new() };
        let melody = values(real(&batch, &shape(), &Device::flex()));
        assert_eq!(melody[..5], [1.0, 0.0, 0.0, 1.0, 0.0]);
        assert_eq!(melody[5 * 5..][..5], [0.0, 0.0, 1.0, 0.0, 1.0]);
        assert_eq!(melody.iter().sum::<f32>(), 200.0);
    }

    #[test]
    fn a_made_melody_looks_like_a_real_one_and_can_be_learnt_through() {
        let device = Device::flex().autodiff();
        let scores: Vec<f32> = (0..500).map(|index| ((index * 7) % 11) as f32).collect();
        let scores = Tensor::<2>::from_data(TensorData::new(scores, [1, 500]), &device).require_grad();
        let melody = made(scores.clone(), &shape());
        let first = values(melody.clone())[..5].to_vec();
        for (found, expected) in first.iter().zip([0.0, 1.0, 0.0, 1.0, 0.0]) {
            assert!((found - expected).abs() < 1e-6, "{first:?}");
        }
        let gradients = melody.narrow(1, 1, 1).sum().backward();
        let gradient = values(scores.grad(&gradients).unwrap());
        assert!(gradient[1] > 0.0 && gradient[0] < 0.0, "{:?}", &gradient[..5]);
        assert!(gradient[3..].iter().all(|number| *number == 0.0));
    }

    #[test]
    fn stretches_follow_one_another() {
        let shape = shape();
        let places: Vec<f32> = (0..200).flat_map(|place| [place as f32; 5]).collect();
        let melodies = Tensor::<2>::from_data(TensorData::new(places, [2, 500]), &Device::flex());
        let cut = stretches(melodies.clone(), &shape, 8, 3);
        assert_eq!(cut.dims(), [24, 40]);
        let cut = values(cut);
        assert_eq!((cut[0], cut[40], cut[12 * 40]), (3.0, 11.0, 103.0));
        assert_eq!(stretches(melodies, &shape, 100, 0).dims(), [2, 500]);
    }
}
