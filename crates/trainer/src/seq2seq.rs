//! Paper A's encoder-decoder over five notes in and five out, as a burn module.

use burn::module::{Module, Param};
use burn::tensor::activation::{sigmoid, tanh};
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use crate::training::{Network, nats};
use crate::weights::{uniform, zeros};
use crate::windows::Batch;

pub mod export;

/// The sizes of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Tokens in the vocabulary.
    pub vocabulary: usize,
    /// Numbers that stand for a token.
    pub embedding: usize,
    /// Width of the LSTMs' state.
    pub hidden: usize,
    /// Tokens in, and tokens out.
    pub window: usize,
}

impl Shape {
    /// Paper A's sizes ("Seq2seq (LSTM)"): embedding 16, hidden 256, 5 notes in and out.
    pub fn of_the_paper(vocabulary: usize) -> Shape {
        Shape { vocabulary, embedding: 16, hidden: 256, window: 5 }
    }
}

/// The weights. The encoder's last `h` starts the decoder and is also fed to every decoder step and to the output.
///
/// Gates stand in ONNX's order: input, output, forget, cell.
#[derive(Module, Debug)]
pub struct Seq2seq {
    /// `[vocabulary, embedding]`
    pub embedding: Param<Tensor<2>>,
    /// The encoder's LSTM on `embedding` inputs.
    pub encoder: Cell,
    /// The decoder's LSTM on `embedding + hidden` inputs: the note before, and the encoder's `h`.
    pub decoder: Cell,
    /// `[2 x hidden, vocabulary]`: the decoder's state, then the encoder's `h`.
    pub output: Param<Tensor<2>>,
    /// `[vocabulary]`
    pub output_bias: Param<Tensor<1>>,
}

/// The weights of one LSTM layer.
#[derive(Module, Debug)]
pub struct Cell {
    /// `[inputs, 4 x hidden]`
    pub input: Param<Tensor<2>>,
    /// `[hidden, 4 x hidden]`
    pub recurrent: Param<Tensor<2>>,
    /// `[4 x hidden]`
    pub bias: Param<Tensor<1>>,
}

/// The LSTMs' states on the way through a batch, each `[rows, hidden]`.
pub(crate) struct Way {
    /// The encoder's after each token heard.
    pub heard: Vec<Tensor<2>>,
    /// The decoder's at each token to be said.
    pub said: Vec<Tensor<2>>,
}

impl Seq2seq {
    /// A network of this shape with the small random weights that a seed gives, on any machine the same.
    pub fn new(shape: Shape, seed: u64, device: &Device) -> Seq2seq {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let Shape { vocabulary, embedding, hidden, .. } = shape;
        Seq2seq {
            embedding: uniform(&mut dice, [vocabulary, embedding], 0.5, device),
            encoder: Cell::new(&mut dice, embedding, hidden, device),
            decoder: Cell::new(&mut dice, embedding + hidden, hidden, device),
            output: uniform(&mut dice, [2 * hidden, vocabulary], (2.0 * hidden as f32).powf(-0.5), device),
            output_bias: zeros(vocabulary, device),
        }
    }

    /// Walks over a batch step by step for all rows, with the right token fed in after each of the decoder's steps
    /// (teacher forcing). Its first step is fed the last token heard.
    pub(crate) fn run(&self, batch: &Batch) -> Way {
        let heard = columns(&batch.inputs, batch.size);
        let wanted = columns(&batch.targets, batch.size);
        let device = self.embedding.val().device();
        let hidden = self.encoder.recurrent.dims()[0];
        let zeros = || Tensor::<2>::zeros([batch.size, hidden], &device);
        let (mut h, mut c) = (zeros(), zeros());
        let mut way = Way { heard: Vec::with_capacity(heard.len()), said: Vec::with_capacity(wanted.len()) };
        for column in &heard {
            let gates = self.embed(column).matmul(self.encoder.input.val());
            (h, c) = self.encoder.step(gates, h, c);
            way.heard.push(h.clone());
        }
        let (from_token, from_summary) = self.decoder_inputs();
        let summary_gates = h.clone().matmul(from_summary);
        let mut c = zeros();
        for step in 0..wanted.len() {
            let before = if step == 0 { &heard[heard.len() - 1] } else { &wanted[step - 1] };
            let gates = self.embed(before).matmul(from_token.clone()) + summary_gates.clone();
            (h, c) = self.decoder.step(gates, h, c);
            way.said.push(h.clone());
        }
        way
    }

    /// The dense layer on the decoder's states and the encoder's last one: scores `[steps x rows, vocabulary]`.
    pub(crate) fn dense(&self, way: Way) -> Tensor<2> {
        let Way { heard, said } = way;
        let beside = |state| Tensor::cat(vec![state, heard[heard.len() - 1].clone()], 1);
        let states: Vec<Tensor<2>> = said.into_iter().map(beside).collect();
        Tensor::cat(states, 0).matmul(self.output.val()) + self.output_bias.val().unsqueeze()
    }

    /// Scores of the next tokens `[steps x rows, vocabulary]`.
    fn scores(&self, batch: &Batch) -> Tensor<2> {
        self.dense(self.run(batch))
    }

    /// The decoder's input weights apart: for the token `[embedding, 4 x hidden]` and for the encoder's `h`.
    fn decoder_inputs(&self) -> (Tensor<2>, Tensor<2>) {
        let weights = self.decoder.input.val();
        let [inputs, _] = weights.dims();
        let embedding = self.embedding.dims()[1];
        (weights.clone().narrow(0, 0, embedding), weights.narrow(0, embedding, inputs - embedding))
    }

    fn embed(&self, column: &[i32]) -> Tensor<2> {
        let weights = self.embedding.val();
        let ids = TensorData::new(column.to_vec(), [column.len()]);
        let ids = Tensor::<1, Int>::from_data(ids, &weights.device());
        weights.select(0, ids)
    }
}

impl Network for Seq2seq {
    fn loss(&self, batch: &Batch) -> Tensor<1> {
        nats(self.scores(batch), &columns(&batch.targets, batch.size).concat())
    }
}

impl Cell {
    /// A cell with the small random weights that these dice give.
    pub(crate) fn new(dice: &mut ChaCha8Rng, inputs: usize, hidden: usize, device: &Device) -> Cell {
        let bound = (hidden as f32).powf(-0.5);
        // The forget gate starts open, so that the first notes of a window are not lost before it is trained.
        let bias: Vec<f32> = (0..4 * hidden).map(|gate| f32::from(u8::from(gate / hidden == 2))).collect();
        Cell {
            input: uniform(dice, [inputs, 4 * hidden], bound, device),
            recurrent: uniform(dice, [hidden, 4 * hidden], bound, device),
            bias: Param::from_data(TensorData::new(bias, [4 * hidden]), device),
        }
    }

    /// One step for all rows: `gates` are the input's `[rows, 4 x hidden]`; `h` and `c` are `[rows, hidden]`.
    pub(crate) fn step(&self, gates: Tensor<2>, h: Tensor<2>, c: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let gates = gates + h.matmul(self.recurrent.val()) + self.bias.val().unsqueeze();
        let mut gates = gates.chunk(4, 1).into_iter();
        let mut next = || gates.next().unwrap_or_else(|| unreachable!("a chunk in four has four parts"));
        let (input, output, forget, cell) = (sigmoid(next()), sigmoid(next()), sigmoid(next()), tanh(next()));
        let c = forget * c + input * cell;
        (output * tanh(c.clone()), c)
    }
}

/// A batch's rows as columns: for each step the tokens of all rows.
pub(crate) fn columns(rows: &[i32], size: usize) -> Vec<Vec<i32>> {
    let width = rows.len() / size.max(1);
    (0..width).map(|column| rows.iter().skip(column).step_by(width).copied().collect()).collect()
}
