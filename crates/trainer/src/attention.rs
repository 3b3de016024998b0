//! Paper A's seq2seq with an attention layer between the decoder's LSTM and the dense layer, as a burn module.
//!
//! The paper does not name the score function. Ours is Luong's "general" one (Luong, Pham and Manning, 2015, section
//! 3.1): the decoder's state `s` looks at each of the encoder's states `h` with the share `softmax(s W h)`, and the
//! sum of the states by their shares goes to the dense layer beside the decoder's state and the encoder's last `h`.

use burn::module::{Module, Param};
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use crate::seq2seq::{Seq2seq, Shape, columns};
use crate::training::{Network, nats};
use crate::weights::{rounded, uniform};
use crate::windows::Batch;

pub mod export;

/// The weights.
#[derive(Module, Debug)]
pub struct Attention {
    /// Encoder, decoder, and the dense layer's part for the decoder's state and the encoder's last one.
    pub seq2seq: Seq2seq,
    /// `W` of the score function, `[hidden, hidden]`.
    pub query: Param<Tensor<2>>,
    /// The dense layer's part for what attention brings, `[hidden, vocabulary]`.
    pub context: Param<Tensor<2>>,
}

impl Attention {
    /// A network of this shape with the small random weights that a seed gives, on any machine the same.
    pub fn new(shape: Shape, seed: u64, device: &Device) -> Attention {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        // The dice of the parts that both networks have stay those of the plain one.
        dice.set_stream(1);
        let bound = (shape.hidden as f32).powf(-0.5);
        Attention {
            seq2seq: Seq2seq::new(shape, seed, device),
            query: uniform(&mut dice, [shape.hidden, shape.hidden], bound, device),
            context: uniform(&mut dice, [shape.hidden, shape.vocabulary], bound, device),
        }
    }

    /// The same network with rounded weights ([`crate::weights::rounded`]).
    pub fn rounded(&self) -> Attention {
        Attention {
            seq2seq: self.seq2seq.rounded(),
            query: rounded(&self.query),
            context: rounded(&self.context),
        }
    }

    /// Scores of the next tokens, as [`Seq2seq`] gives them, `[steps x rows, vocabulary]`, and the shares of each
    /// step's look, `[rows, steps, window]`.
    fn scores(&self, batch: &Batch) -> (Tensor<2>, Tensor<3>) {
        let way = self.seq2seq.run(batch);
        let [rows, hidden] = way.said[0].dims();
        let steps = way.said.len();
        let heard = Tensor::stack::<3>(way.heard.clone(), 1);
        let queries = Tensor::cat(way.said.clone(), 0).matmul(self.query.val());
        let queries = queries.reshape([steps, rows, hidden]).swap_dims(0, 1);
        let shares = softmax(queries.matmul(heard.clone().swap_dims(1, 2)), 2);
        let context = shares.clone().matmul(heard).swap_dims(0, 1).reshape([steps * rows, hidden]);
        (self.seq2seq.dense(way) + context.matmul(self.context.val()), shares)
    }
}

impl Network for Attention {
    fn loss(&self, batch: &Batch) -> Tensor<1> {
        nats(self.scores(batch).0, &columns(&batch.targets, batch.size).concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::{self, Plan, Verdict};
    use crate::windows::Windows;

    #[test]
    fn it_learns_to_look_at_the_note_that_decides() {
        // Four tokens, then the same four once more, from six: only a look at its own place tells each.
        let lines: Vec<Vec<u32>> = (0..90)
            .map(|song| {
                let phrase: Vec<u32> =
                    (0..4).map(|place| (song * (place + 2) + song / 7 + place * place) % 6).collect();
                [phrase.clone(), phrase].concat()
            })
            .collect();
        let windows = Windows::of(&lines, 4, 4, 4);
        let folder = tempfile::tempdir().unwrap();
        let plan = Plan {
            epochs: 60,
            batch: 30,
            workers: 1,
            seed: 1,
            learning_rate: 0.02,
            validate_every: 60,
            folder: folder.path().to_owned(),
            fingerprint: "test".to_owned(),
        };
        let shape = Shape { vocabulary: 6, embedding: 6, hidden: 16, window: 4 };
        let fresh = Attention::new(shape, 1, &Device::flex().autodiff());
        let trained =
            training::train(fresh, &plan, &windows, &windows, false, &mut |_| Verdict::Continue).unwrap();
        assert!(trained.validation_loss < 0.7, "{} nats of {}", trained.validation_loss, 6.0_f64.ln());
        let batch = windows.batches(90, 0).next().unwrap();
        let shares: Vec<f32> = trained.network.scores(&batch).1.into_data().iter::<f32>().collect();
        assert!(shares.chunks(4).all(|shares| (shares.iter().sum::<f32>() - 1.0).abs() < 1e-5));
    }
}
