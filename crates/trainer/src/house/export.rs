//! The trained network as the four ONNX graphs that the generator plays.

use burn::module::Param;
use burn::tensor::Tensor;
use generator::house::input::{BODY, HEADS};
use generator::onnx::Graph;
use generator::onnx::write::{Attribute, Size};
use melody::memory::WITNESSES;
use melody::steps::Aspect;

use super::{Head, House};
use crate::seq2seq::Cell;
use crate::weights::{Matrix, halved, numbers};

/// What the body gives each head, in the order of the aspects.
const INNER: [&str; 3] = ["rest", "pitch", "length"];

impl House {
    /// The same network with each weight as a 16-bit float: as good, and half as large in a pack.
    pub fn halved(&self) -> House {
        let cell = |cell: &Cell| Cell {
            input: halved(&cell.input),
            recurrent: halved(&cell.recurrent),
            bias: halved(&cell.bias),
        };
        let head = |head: &Head| Head {
            state: halved(&head.state),
            told: halved(&head.told),
            bias: halved(&head.bias),
            scores: halved(&head.scores),
            scores_bias: halved(&head.scores_bias),
            gates: halved(&head.gates),
            gates_bias: halved(&head.gates_bias),
        };
        House {
            entry: halved(&self.entry),
            cells: self.cells.iter().map(cell).collect(),
            heads: self.heads.iter().map(head).collect(),
        }
    }

    /// The body: `told`, `h0`, `c0`, ... to what each head goes on from, and the next states (see [`generator::house`]).
    pub fn body_graph(&self) -> Vec<u8> {
        let mut graph = Graph::new("body");
        graph.numbers_in("told", &[Size::Rows, Size::Fixed(BODY)]);
        for (layer, cell) in self.cells.iter().enumerate() {
            for state in ["h", "c"] {
                graph.numbers_in(
                    &format!("{state}{layer}"),
                    &[Size::Rows, Size::Fixed(cell.recurrent.dims()[0])],
                );
            }
        }
        matrix(&mut graph, "entry", &self.entry);
        graph.node("MatMul", &["told", "entry"], &["entered"], &[]);
        let mut signal = "entered".to_owned();
        for (layer, cell) in self.cells.iter().enumerate() {
            signal = layer_nodes(&mut graph, layer, cell, &signal);
        }
        for (aspect, head) in Aspect::ALL.into_iter().zip(&self.heads) {
            let name = INNER[aspect as usize];
            let hidden = self.cells.last().map_or(0, |cell| cell.recurrent.dims()[0]);
            let (from_state, from_entry) = Matrix::of(&head.state).cut(hidden);
            weights(&mut graph, &format!("{name}_state"), &from_state);
            weights(&mut graph, &format!("{name}_entry"), &from_entry);
            let [a, b] = ["from_state", "from_entry"].map(|part| format!("{name}_{part}_sum"));
            graph.node("MatMul", &[&signal, &format!("{name}_state")], &[&a], &[]);
            graph.node("MatMul", &["entered", &format!("{name}_entry")], &[&b], &[]);
            graph.node("Add", &[&a, &b], &[name], &[]);
            graph.numbers_out(name, &[Size::Rows, Size::Fixed(head.bias.dims()[0])]);
        }
        for (layer, cell) in self.cells.iter().enumerate() {
            for state in ["next_h", "next_c"] {
                let width = cell.recurrent.dims()[0];
                graph.numbers_out(&format!("{state}{layer}"), &[Size::Rows, Size::Fixed(width)]);
            }
        }
        graph.bytes()
    }

    /// The head of an aspect: `inner` and `told` to `scores` and `gates`.
    pub fn head_graph(&self, aspect: Aspect) -> Vec<u8> {
        let head = &self.heads[aspect as usize];
        let width = head.bias.dims()[0];
        let mut graph = Graph::new(INNER[aspect as usize]);
        graph.numbers_in("inner", &[Size::Rows, Size::Fixed(width)]);
        graph.numbers_in("told", &[Size::Rows, Size::Fixed(HEADS[aspect as usize])]);
        matrix(&mut graph, "told_weights", &head.told);
        graph.weights("bias", &[width], &numbers(&head.bias));
        graph.node("MatMul", &["told", "told_weights"], &["from_told"], &[]);
        graph.node("Add", &["from_told", "inner"], &["both"], &[]);
        graph.node("Add", &["both", "bias"], &["raw"], &[]);
        graph.node("Relu", &["raw"], &["bent"], &[]);
        for (name, weights, bias, size) in [
            ("scores", &head.scores, &head.scores_bias, aspect.size()),
            ("gates", &head.gates, &head.gates_bias, 1 + WITNESSES),
        ] {
            let [by, from, plus] = ["weights", "from", "bias"].map(|part| format!("{name}_{part}"));
            matrix(&mut graph, &by, weights);
            graph.weights(&plus, &[size], &numbers(bias));
            graph.node("MatMul", &["bent", &by], &[&from], &[]);
            graph.node("Add", &[&from, &plus], &[name], &[]);
            graph.numbers_out(name, &[Size::Rows, Size::Fixed(size)]);
        }
        graph.bytes()
    }
}

/// One LSTM layer's nodes; gives the name of its next `h`.
fn layer_nodes(graph: &mut Graph, layer: usize, cell: &Cell, signal: &str) -> String {
    let hidden = cell.recurrent.dims()[0];
    let name = |part: &str| format!("{part}{layer}");
    matrix(graph, &name("input_weights"), &cell.input);
    matrix(graph, &name("recurrent_weights"), &cell.recurrent);
    graph.weights(&name("gate_bias"), &[4 * hidden], &numbers(&cell.bias));
    let mut node = |op: &str, inputs: &[String], output: &str| {
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        graph.node(op, &inputs, &[&name(output)], &[]);
    };
    node("MatMul", &[signal.to_owned(), name("input_weights")], "from_input");
    node("MatMul", &[name("h"), name("recurrent_weights")], "from_recurrent");
    node("Add", &[name("from_input"), name("from_recurrent")], "from_both");
    node("Add", &[name("from_both"), name("gate_bias")], "gates");
    let parts = [hidden as i64; 4];
    let split = [Attribute::Int("axis", 1), Attribute::Ints("split", &parts)];
    let outputs = ["input", "output", "forget", "cell"].map(name);
    graph.node("Split", &[&name("gates")], &outputs.each_ref().map(String::as_str), &split);
    let mut node = |op: &str, inputs: &[&str], output: &str| {
        let inputs: Vec<String> = inputs.iter().map(|input| name(input)).collect();
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        graph.node(op, &inputs, &[&name(output)], &[]);
    };
    node("Sigmoid", &["input"], "input_gate");
    node("Sigmoid", &["output"], "output_gate");
    node("Sigmoid", &["forget"], "forget_gate");
    node("Tanh", &["cell"], "cell_gate");
    node("Mul", &["forget_gate", "c"], "kept");
    node("Mul", &["input_gate", "cell_gate"], "added");
    node("Add", &["kept", "added"], "next_c");
    node("Tanh", &["next_c"], "squashed");
    node("Mul", &["output_gate", "squashed"], "next_h");
    name("next_h")
}

fn matrix(graph: &mut Graph, name: &str, param: &Param<Tensor<2>>) {
    weights(graph, name, &Matrix::of(param));
}

fn weights(graph: &mut Graph, name: &str, matrix: &Matrix) {
    graph.weights(name, &[matrix.rows, matrix.columns], &matrix.values);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use burn::tensor::Device;
    use generator::pack::{self, Kind, Pack};
    use melody::{Meter, Phrase, Prompt, Tempo, Ticks, Token, tokens};

    use super::*;
    use crate::corpus::{Melody, Source};
    use crate::house::held_out;
    use crate::house::pieces::Piece;
    use crate::{house::Shape, parity};

    #[test]
    fn tract_plays_what_burn_trained() {
        let shape = Shape { embedding: 8, layers: 2, hidden: 12, head: 10 };
        let network = House::new(shape, 3, &Device::flex()).halved();
        let line: Vec<Token> =
            "R:1.0 C4:1.0 E4:0.5 G4:0.5 C4:1.0 E4:0.5 G4:0.5 R:1.0 C4:2.0 E4:2/3 G4:1/3 C5:3.0"
                .split(' ')
                .map(|token| token.parse().unwrap())
                .collect();
        let phrase = Phrase::new(tokens::decode(&line, Ticks::ZERO, |_| 80), Meter::COMMON, Tempo::DEFAULT);
        let melody =
            Melody { source: Source::Folder, song: "x".to_owned(), phrase: phrase.clone(), key: None };
        let piece = Piece::of(&melody).unwrap();
        let trained = held_out::surprises(&network, &[&piece], usize::MAX, true).remove(0);

        let mut files = BTreeMap::from([(pack::BODY.to_owned(), network.body_graph())]);
        for (file, aspect) in pack::HEADS.iter().zip(Aspect::ALL) {
            files.insert((*file).to_owned(), network.head_graph(aspect));
        }
        let card = parity::card(Kind::House, 1, &parity::vocabulary());
        let model = generator::house::House::load(&Pack::new(card, files)).unwrap();
        let steps = melody::steps::Step::of_prompt(&Prompt::of(&phrase));
        let played = model.teacher_forced(&steps, Meter::COMMON).unwrap();
        assert_eq!(trained.len(), played.len());
        for (trained, played) in trained.iter().flatten().zip(played.iter().flatten()) {
            assert!((trained + f64::from(*played).ln()).abs() < 1e-4, "{trained} and {played}");
        }
    }
}
