//! The discriminator: LSTM layers that hear a line from both ends, a dense layer shared over time, the mean of its
//! sigmoids (paper B, "discriminator").

use burn::module::Module;
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use super::audible;
use crate::gan::Layer;
use crate::seq2seq::Cell;
use crate::weights::{uniform, zeros};

/// How near to 0 and 1 a judgement may come, so that its logarithm stays finite.
const DOUBT: f32 = 1e-4;

/// Tells real lines from made ones.
#[derive(Module, Debug)]
pub struct Critic {
    /// Layers that hear the line from its beginning; each but the first on both directions of the one below.
    pub forward: Vec<Cell>,
    /// Layers that hear it from its end.
    pub backward: Vec<Cell>,
    /// `[2 x hidden, 1]`
    pub verdict: Layer,
}

/// What a critic makes of some lines.
pub struct Judgement {
    /// How real each line is, 0 to 1, `[rows, 1]`.
    pub real: Tensor<2>,
    /// The last layer before the verdict, its mean over lines and notes, `[1, 2 x hidden]`.
    pub features: Tensor<2>,
}

impl Critic {
    /// A critic of notes of so many numbers, with the weights that a seed gives.
    pub fn new(width: usize, layers: usize, hidden: usize, seed: u64, device: &Device) -> Critic {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let inputs = |layer| if layer == 0 { width } else { 2 * hidden };
        let mut cells =
            || (0..layers).map(|layer| audible(&mut dice, layer, inputs(layer), hidden, device)).collect();
        let (forward, backward) = (cells(), cells());
        let bound = (2.0 * hidden as f32).powf(-0.5);
        let verdict =
            Layer { weights: uniform(&mut dice, [2 * hidden, 1], bound, device), bias: zeros(1, device) };
        Critic { forward, backward, verdict }
    }

    /// Judges lines, given note by note, each note `[rows, width]`.
    pub fn judge(&self, line: &[Tensor<2>]) -> Judgement {
        let mut line = line.to_vec();
        for (forward, backward) in self.forward.iter().zip(&self.backward) {
            let onward = walked(forward, line.iter());
            let mut back = walked(backward, line.iter().rev());
            back.reverse();
            let both = |(onward, back)| Tensor::cat(vec![onward, back], 1);
            line = onward.into_iter().zip(back).map(both).collect();
        }
        let (notes, rows) = (line.len(), line.first().map_or(0, |note| note.dims()[0]));
        let features = Tensor::cat(line, 0);
        let each = sigmoid(self.verdict.sums(features.clone()));
        // Place after place: the mean over places is a row's.
        let real = each.reshape([notes, rows]).mean_dim(0).reshape([rows, 1]);
        Judgement { real: real.clamp(DOUBT, 1.0 - DOUBT), features: features.mean_dim(0) }
    }
}

/// The states of a cell along a line.
fn walked<'a>(cell: &Cell, line: impl Iterator<Item = &'a Tensor<2>>) -> Vec<Tensor<2>> {
    let mut state: Option<(Tensor<2>, Tensor<2>)> = None;
    let mut states = Vec::new();
    for note in line {
        let rested = || {
            let zeros = Tensor::zeros([note.dims()[0], cell.recurrent.dims()[0]], &note.device());
            (zeros.clone(), zeros)
        };
        let (h, c) = state.unwrap_or_else(rested);
        let (h, c) = cell.step(note.clone().matmul(cell.input.val()), h, c);
        states.push(h.clone());
        state = Some((h, c));
    }
    states
}

/// The discriminator's loss, mean [-log D(x) - log(1 - D(G(z)))] (C-RNN-GAN, Mogren 2016, section 3).
pub fn critics_loss(real: &Judgement, made: &Judgement) -> Tensor<1> {
    (real.real.clone().log() + made.real.clone().neg().add_scalar(1.0).log()).mean().neg()
}

/// The generator's loss without feature matching, mean log(1 - D(G(z))).
pub fn generators_loss(made: &Judgement) -> Tensor<1> {
    made.real.clone().neg().add_scalar(1.0).log().mean()
}

/// The generator's loss with feature matching: the mean squared distance of R(x) and R(G(z)), R being the last layer
/// before the verdict, its mean over lines and notes.
pub fn feature_distance(real: &Judgement, made: &Judgement) -> Tensor<1> {
    (real.features.clone().detach() - made.features.clone()).powi_scalar(2).mean()
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;

    use super::*;

    fn line(notes: &[[f32; 2]]) -> Vec<Tensor<2>> {
        let note =
            |note: &[f32; 2]| Tensor::from_data(TensorData::new(note.to_vec(), [1, 2]), &Device::flex());
        notes.iter().map(note).collect()
    }

    #[test]
    fn the_end_of_a_line_is_heard_at_its_beginning_and_the_beginning_at_its_end() {
        let critic = Critic::new(2, 2, 3, 1, &Device::flex());
        let judged = |notes: &[[f32; 2]]| critic.judge(&line(notes)).real.into_scalar::<f32>();
        let base = judged(&[[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]);
        assert!((0.0..1.0).contains(&base));
        assert_ne!(base, judged(&[[0.0, 0.0], [0.0, 1.0], [0.5, 0.5]]));
        assert_ne!(base, judged(&[[1.0, 0.0], [0.0, 1.0], [0.0, 0.5]]));
    }

    #[test]
    fn losses_are_those_of_the_paper() {
        let judgement = |real: f32, feature: f32| Judgement {
            real: Tensor::from_data(TensorData::new(vec![real], [1, 1]), &Device::flex()),
            features: Tensor::from_data(TensorData::new(vec![feature, 0.0], [1, 2]), &Device::flex()),
        };
        let (real, made) = (judgement(0.8, 0.5), judgement(0.3, 0.1));
        let near = |loss: Tensor<1>, wanted: f32| {
            let loss = loss.into_scalar::<f32>();
            assert!((loss - wanted).abs() < 1e-5, "{loss} instead of {wanted}");
        };
        near(critics_loss(&real, &made), -(0.8_f32.ln()) - 0.7_f32.ln());
        near(generators_loss(&made), 0.7_f32.ln());
        near(feature_distance(&real, &made), 0.4 * 0.4 / 2.0);
    }

    #[test]
    fn a_line_of_two_rows_is_judged_row_by_row() {
        let critic = Critic::new(2, 1, 3, 1, &Device::flex());
        let rows =
            |values: [f32; 4]| Tensor::from_data(TensorData::new(values.to_vec(), [2, 2]), &Device::flex());
        let both = critic.judge(&[rows([1.0, 0.0, 0.0, 1.0]), rows([0.2, 0.3, 0.4, 0.5])]);
        let both: Vec<f32> = both.real.into_data().iter::<f32>().collect();
        let first = critic.judge(&line(&[[1.0, 0.0], [0.2, 0.3]])).real.into_scalar::<f32>();
        let second = critic.judge(&line(&[[0.0, 1.0], [0.4, 0.5]])).real.into_scalar::<f32>();
        assert!((both[0] - first).abs() < 1e-6 && (both[1] - second).abs() < 1e-6);
    }
}
