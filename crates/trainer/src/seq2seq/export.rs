//! The trained network as the two ONNX graphs that the generator plays.

use generator::onnx::Graph;
use generator::onnx::write::{Attribute, Size};

use super::{Cell, Seq2seq};
use crate::weights::{Matrix, numbers, rounded};

impl Seq2seq {
    /// The same network with each weight rounded to 12 significant bits: as good, and half as large when packed.
    pub fn rounded(&self) -> Seq2seq {
        let cell = |cell: &Cell| Cell {
            input: rounded(&cell.input),
            recurrent: rounded(&cell.recurrent),
            bias: rounded(&cell.bias),
        };
        Seq2seq {
            embedding: rounded(&self.embedding),
            encoder: cell(&self.encoder),
            decoder: cell(&self.decoder),
            output: rounded(&self.output),
            output_bias: rounded(&self.output_bias),
        }
    }

    /// The encoder: `tokens [rows, window]` to `h`, `gates` and `base` (see [`generator::seq2seq`]).
    pub fn encoder_graph(&self, window: usize) -> Vec<u8> {
        self.encoder(window).bytes()
    }

    /// The encoder's graph; `all_states [window, 1, rows, hidden]` in it are there for who wants them.
    pub(crate) fn encoder(&self, window: usize) -> Graph {
        let (embedding, cell) = (Matrix::of(&self.embedding), &self.encoder);
        let (input, recurrent) =
            (Matrix::of(&cell.input).transposed(), Matrix::of(&cell.recurrent).transposed());
        let hidden = recurrent.columns;
        let (_, summary_in) = Matrix::of(&self.decoder.input).cut(embedding.columns);
        let (_, summary_out) = Matrix::of(&self.output).cut(hidden);
        let biases = [numbers(&cell.bias), vec![0.0; 4 * hidden]].concat();

        let mut graph = Graph::new("encoder");
        graph.ids_in("tokens", &[Size::Rows, Size::Fixed(window)]);
        graph.weights("embedding", &[embedding.rows, embedding.columns], &embedding.values);
        graph.weights("lstm_input", &[1, input.rows, input.columns], &input.values);
        graph.weights("lstm_recurrent", &[1, recurrent.rows, recurrent.columns], &recurrent.values);
        graph.weights("lstm_bias", &[1, biases.len()], &biases);
        graph.weights("summary_in", &[summary_in.rows, summary_in.columns], &summary_in.values);
        graph.weights("decoder_bias", &[4 * hidden], &numbers(&self.decoder.bias));
        graph.weights("summary_out", &[summary_out.rows, summary_out.columns], &summary_out.values);
        graph.weights("output_bias", &[summary_out.columns], &numbers(&self.output_bias));

        graph.node("Gather", &["embedding", "tokens"], &["embedded"], &[Attribute::Int("axis", 0)]);
        graph.node("Transpose", &["embedded"], &["steps"], &[Attribute::Ints("perm", &[1, 0, 2])]);
        let lstm = ["steps", "lstm_input", "lstm_recurrent", "lstm_bias"];
        graph.node("LSTM", &lstm, &["all_states", "last"], &[Attribute::Int("hidden_size", hidden as i64)]);
        graph.node("Squeeze", &["last"], &["h"], &[Attribute::Ints("axes", &[0])]);
        graph.node("MatMul", &["h", "summary_in"], &["gates_unbiased"], &[]);
        graph.node("Add", &["gates_unbiased", "decoder_bias"], &["gates"], &[]);
        graph.node("MatMul", &["h", "summary_out"], &["base_unbiased"], &[]);
        graph.node("Add", &["base_unbiased", "output_bias"], &["base"], &[]);
        graph.numbers_out("h", &[Size::Rows, Size::Fixed(hidden)]);
        graph.numbers_out("gates", &[Size::Rows, Size::Fixed(4 * hidden)]);
        graph.numbers_out("base", &[Size::Rows, Size::Fixed(summary_out.columns)]);
        graph
    }

    /// One step of the decoder: `token [rows]`, `h`, `c`, `gates`, `base` to `scores`, `h` and `c`.
    pub fn decoder_graph(&self) -> Vec<u8> {
        let mut graph = self.decoder("scores");
        self.declare_step(&mut graph, "scores");
        graph.bytes()
    }

    /// The decoder's graph up to its scores, which get this name; no output is declared yet.
    pub(crate) fn decoder(&self, scores: &str) -> Graph {
        let embedding = Matrix::of(&self.embedding);
        let (token_in, _) = Matrix::of(&self.decoder.input).cut(embedding.columns);
        let recurrent = Matrix::of(&self.decoder.recurrent);
        let hidden = recurrent.rows;
        let (state_out, _) = Matrix::of(&self.output).cut(hidden);
        let words = state_out.columns;

        let mut graph = Graph::new("decoder");
        graph.ids_in("token", &[Size::Rows]);
        for (name, width) in [("h", hidden), ("c", hidden), ("gates", 4 * hidden), ("base", words)] {
            graph.numbers_in(name, &[Size::Rows, Size::Fixed(width)]);
        }
        graph.weights("embedding", &[embedding.rows, embedding.columns], &embedding.values);
        graph.weights("token_in", &[token_in.rows, token_in.columns], &token_in.values);
        graph.weights("recurrent", &[recurrent.rows, recurrent.columns], &recurrent.values);
        graph.weights("state_out", &[state_out.rows, state_out.columns], &state_out.values);

        graph.node("Gather", &["embedding", "token"], &["embedded"], &[Attribute::Int("axis", 0)]);
        graph.node("MatMul", &["embedded", "token_in"], &["from_token"], &[]);
        graph.node("MatMul", &["h", "recurrent"], &["from_state"], &[]);
        graph.node("Add", &["from_token", "from_state"], &["from_both"], &[]);
        graph.node("Add", &["from_both", "gates"], &["all_gates"], &[]);
        let parts = [hidden as i64; 4];
        let split = [Attribute::Int("axis", 1), Attribute::Ints("split", &parts)];
        graph.node("Split", &["all_gates"], &["input", "output", "forget", "cell"], &split);
        for (op, raw, gate) in [
            ("Sigmoid", "input", "input_gate"),
            ("Sigmoid", "output", "output_gate"),
            ("Sigmoid", "forget", "forget_gate"),
            ("Tanh", "cell", "cell_gate"),
        ] {
            graph.node(op, &[raw], &[gate], &[]);
        }
        graph.node("Mul", &["forget_gate", "c"], &["kept"], &[]);
        graph.node("Mul", &["input_gate", "cell_gate"], &["added"], &[]);
        graph.node("Add", &["kept", "added"], &["next_c"], &[]);
        graph.node("Tanh", &["next_c"], &["squashed"], &[]);
        graph.node("Mul", &["output_gate", "squashed"], &["next_h"], &[]);
        graph.node("MatMul", &["next_h", "state_out"], &["from_next"], &[]);
        graph.node("Add", &["from_next", "base"], &[scores], &[]);
        graph
    }

    /// Declares a step's outputs: the scores of this name, then `next_h` and `next_c`.
    pub(crate) fn declare_step(&self, graph: &mut Graph, scores: &str) {
        let (words, hidden) = (self.output_bias.dims()[0], self.decoder.recurrent.dims()[0]);
        for (name, width) in [(scores, words), ("next_h", hidden), ("next_c", hidden)] {
            graph.numbers_out(name, &[Size::Rows, Size::Fixed(width)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use burn::tensor::Device;
    use generator::pack::{self, Kind, Pack};

    use super::*;
    use crate::parity;
    use crate::seq2seq::Shape;
    use crate::windows::Batch;

    #[test]
    fn tract_plays_what_burn_trained() {
        let vocabulary = parity::vocabulary();
        let network = Seq2seq::new(Shape::of_the_paper(vocabulary.len()), 3, &Device::flex()).rounded();
        let line = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
        let batch = Batch { size: 1, inputs: line[..5].to_vec(), targets: line[5..].to_vec() };
        let scores = network.scores(&batch).into_data();
        let trained: Vec<f32> = scores.iter::<f32>().collect();

        let files = BTreeMap::from([
            (pack::VOCABULARY.to_owned(), vocabulary.text().into_bytes()),
            (pack::ENCODER.to_owned(), network.encoder_graph(5)),
            (pack::DECODER.to_owned(), network.decoder_graph()),
        ]);
        let pack = Pack::new(parity::card(Kind::Seq2seq, 5, &vocabulary), files);
        let model = generator::seq2seq::Seq2seq::load(&pack).unwrap();
        let ids: Vec<usize> = line.iter().map(|id| *id as usize).collect();
        let played: Vec<f32> = model.teacher_forced(&ids).unwrap().concat();
        parity::assert_near(&trained, &played);
    }
}
