//! The trained network as the two ONNX graphs that the generator plays.

use burn::module::Param;
use burn::tensor::{Tensor, TensorData};
use generator::onnx::Graph;
use generator::onnx::write::{Attribute, Size};

use super::{Cell, Seq2seq};

/// A weight tensor's numbers, row after row, with its sizes.
struct Weights {
    rows: usize,
    columns: usize,
    values: Vec<f32>,
}

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
        let (embedding, cell) = (Weights::of(&self.embedding), &self.encoder);
        let (input, recurrent) =
            (Weights::of(&cell.input).transposed(), Weights::of(&cell.recurrent).transposed());
        let hidden = recurrent.columns;
        let (_, summary_in) = Weights::of(&self.decoder.input).cut(embedding.columns);
        let (_, summary_out) = Weights::of(&self.output).cut(hidden);
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
        graph.node("LSTM", &lstm, &["states", "last"], &[Attribute::Int("hidden_size", hidden as i64)]);
        graph.node("Squeeze", &["last"], &["h"], &[Attribute::Ints("axes", &[0])]);
        graph.node("MatMul", &["h", "summary_in"], &["gates_unbiased"], &[]);
        graph.node("Add", &["gates_unbiased", "decoder_bias"], &["gates"], &[]);
        graph.node("MatMul", &["h", "summary_out"], &["base_unbiased"], &[]);
        graph.node("Add", &["base_unbiased", "output_bias"], &["base"], &[]);
        graph.numbers_out("h", &[Size::Rows, Size::Fixed(hidden)]);
        graph.numbers_out("gates", &[Size::Rows, Size::Fixed(4 * hidden)]);
        graph.numbers_out("base", &[Size::Rows, Size::Fixed(summary_out.columns)]);
        graph.bytes()
    }

    /// One step of the decoder: `token [rows]`, `h`, `c`, `gates`, `base` to `scores`, `h` and `c`.
    pub fn decoder_graph(&self) -> Vec<u8> {
        let embedding = Weights::of(&self.embedding);
        let (token_in, _) = Weights::of(&self.decoder.input).cut(embedding.columns);
        let recurrent = Weights::of(&self.decoder.recurrent);
        let hidden = recurrent.rows;
        let (state_out, _) = Weights::of(&self.output).cut(hidden);
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
        graph.node("Add", &["from_next", "base"], &["scores"], &[]);
        graph.numbers_out("scores", &[Size::Rows, Size::Fixed(words)]);
        graph.numbers_out("next_h", &[Size::Rows, Size::Fixed(hidden)]);
        graph.numbers_out("next_c", &[Size::Rows, Size::Fixed(hidden)]);
        graph.bytes()
    }
}

impl Weights {
    fn of(param: &Param<Tensor<2>>) -> Weights {
        let [rows, columns] = param.dims();
        Weights { rows, columns, values: numbers(param) }
    }

    fn transposed(&self) -> Weights {
        let column = |column: usize| self.values.iter().skip(column).step_by(self.columns).copied();
        let values = (0..self.columns).flat_map(column).collect();
        Weights { rows: self.columns, columns: self.rows, values }
    }

    /// The first `rows` rows, and the others.
    fn cut(&self, rows: usize) -> (Weights, Weights) {
        let (upper, lower) = self.values.split_at(rows * self.columns);
        let part = |values: &[f32]| Weights {
            rows: values.len() / self.columns,
            columns: self.columns,
            values: values.to_vec(),
        };
        (part(upper), part(lower))
    }
}

fn numbers<const D: usize>(param: &Param<Tensor<D>>) -> Vec<f32> {
    param.val().into_data().iter::<f32>().collect()
}

fn rounded<const D: usize>(param: &Param<Tensor<D>>) -> Param<Tensor<D>> {
    // Of an f32's 23 stored bits of fraction the last 12 go, to the nearer side.
    let round = |number: f32| f32::from_bits(number.to_bits().wrapping_add(0x800) & !0xFFF);
    let values: Vec<f32> = numbers(param).into_iter().map(round).collect();
    Param::from_data(TensorData::new(values, param.dims()), &param.val().device())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use burn::tensor::Device;
    use generator::pack::{self, Card, Kind, Pack};
    use melody::{Pitch, Ticks, Token, Vocabulary};

    use super::*;
    use crate::seq2seq::Shape;
    use crate::windows::Batch;

    fn vocabulary() -> Vocabulary {
        let notes = (60..79).map(|key| Token::note(Pitch::new(key).unwrap(), Ticks::QUARTER));
        Vocabulary::new(notes.chain([Token::rest(Ticks::QUARTER)])).unwrap()
    }

    fn pack_of(network: &Seq2seq) -> Pack {
        let card = Card {
            format: Card::FORMAT,
            id: "parity".to_owned(),
            name: "Parity".to_owned(),
            description: String::new(),
            kind: Kind::Seq2seq,
            tasks: Vec::new(),
            knobs: Vec::new(),
            source: String::new(),
            licence: String::new(),
            window: 5,
            vocabulary: Some(vocabulary().hash()),
            training: None,
            canary: None,
            files: BTreeMap::new(),
        };
        let files = BTreeMap::from([
            (pack::VOCABULARY.to_owned(), vocabulary().text().into_bytes()),
            (pack::ENCODER.to_owned(), network.encoder_graph(5)),
            (pack::DECODER.to_owned(), network.decoder_graph()),
        ]);
        Pack::new(card, files)
    }

    #[test]
    fn tract_plays_what_burn_trained() {
        let shape = Shape {
            vocabulary: vocabulary().len(),
            embedding: 16,
            hidden: generator::seq2seq::HIDDEN,
            window: 5,
        };
        let network = Seq2seq::new(shape, 3, &Device::flex()).rounded();
        let line = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
        let batch = Batch { size: 1, inputs: line[..5].to_vec(), targets: line[5..].to_vec() };
        let scores = network.scores(&batch).into_data();
        let trained: Vec<f32> = scores.iter::<f32>().collect();

        let model = generator::seq2seq::Seq2seq::load(&pack_of(&network)).unwrap();
        let ids: Vec<usize> = line.iter().map(|id| *id as usize).collect();
        let played: Vec<f32> = model.teacher_forced(&ids).unwrap().concat();
        assert_eq!(trained.len(), played.len());
        let furthest = trained.iter().zip(&played).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(furthest < 1e-5, "scores differ by {furthest}");
    }

    #[test]
    fn rounding_changes_little_and_halves_what_packing_takes() {
        let network = Seq2seq::new(Shape::of_the_paper(200), 3, &Device::flex());
        let (exact, rounded) = (numbers(&network.output), numbers(&network.rounded().output));
        for (a, b) in exact.iter().zip(&rounded) {
            assert!((a - b).abs() <= a.abs() / 4096.0);
        }
        let packed = |values: &[f32]| {
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
            std::io::Write::write_all(&mut packer, &bytes).unwrap();
            packer.finish().unwrap().len()
        };
        assert!(packed(&rounded) * 3 < packed(&exact) * 2);
    }
}
