//! Paper A's encoder-decoder over five notes in and five out, as a burn module.

use burn::module::{Module, Param};
use burn::tensor::activation::{log_softmax, sigmoid, tanh};
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

use crate::training::Network;
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
            output_bias: Param::from_data(TensorData::new(vec![0.0_f32; vocabulary], [vocabulary]), device),
        }
    }

    /// Scores of the next tokens `[rows x window, vocabulary]`, step by step for all rows, with the right token fed
    /// in after each step (teacher forcing). The first decoder step is fed the last token heard.
    fn scores(&self, batch: &Batch) -> Tensor<2> {
        let rows = batch.size;
        let heard = columns(&batch.inputs, rows);
        let wanted = columns(&batch.targets, rows);
        let device = self.embedding.val().device();
        let hidden = self.encoder.recurrent.dims()[0];
        let zeros = || Tensor::<2>::zeros([rows, hidden], &device);
        let (mut h, mut c) = (zeros(), zeros());
        for column in &heard {
            let gates = self.embed(column).matmul(self.encoder.input.val());
            (h, c) = self.encoder.step(gates, h, c);
        }
        let summary = h.clone();
        let (from_token, from_summary) = self.decoder_inputs();
        let summary_gates = summary.clone().matmul(from_summary);
        let mut c = zeros();
        let mut states = Vec::with_capacity(wanted.len());
        for step in 0..wanted.len() {
            let before = if step == 0 { &heard[heard.len() - 1] } else { &wanted[step - 1] };
            let gates = self.embed(before).matmul(from_token.clone()) + summary_gates.clone();
            (h, c) = self.decoder.step(gates, h, c);
            states.push(Tensor::cat(vec![h.clone(), summary.clone()], 1));
        }
        Tensor::cat(states, 0).matmul(self.output.val()) + self.output_bias.val().unsqueeze()
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
        let scores = self.scores(batch);
        let wanted: Vec<i32> = columns(&batch.targets, batch.size).concat();
        let count = wanted.len();
        let wanted = Tensor::<2, Int>::from_data(TensorData::new(wanted, [count, 1]), &scores.device());
        log_softmax(scores, 1).gather(1, wanted).mean().neg()
    }
}

impl Cell {
    fn new(dice: &mut ChaCha8Rng, inputs: usize, hidden: usize, device: &Device) -> Cell {
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
    fn step(&self, gates: Tensor<2>, h: Tensor<2>, c: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let gates = gates + h.matmul(self.recurrent.val()) + self.bias.val().unsqueeze();
        let mut gates = gates.chunk(4, 1).into_iter();
        let mut next = || gates.next().unwrap_or_else(|| unreachable!("a chunk in four has four parts"));
        let (input, output, forget, cell) = (sigmoid(next()), sigmoid(next()), sigmoid(next()), tanh(next()));
        let c = forget * c + input * cell;
        (output * tanh(c.clone()), c)
    }
}

/// A batch's rows as columns: for each step the tokens of all rows.
fn columns(rows: &[i32], size: usize) -> Vec<Vec<i32>> {
    let width = rows.len() / size.max(1);
    (0..width).map(|column| rows.iter().skip(column).step_by(width).copied().collect()).collect()
}

fn uniform(dice: &mut ChaCha8Rng, dims: [usize; 2], bound: f32, device: &Device) -> Param<Tensor<2>> {
    let mut draw = || (dice.next_u32() as f32 / u32::MAX as f32 * 2.0 - 1.0) * bound;
    let values: Vec<f32> = (0..dims[0] * dims[1]).map(|_| draw()).collect();
    Param::from_data(TensorData::new(values, dims), device)
}
