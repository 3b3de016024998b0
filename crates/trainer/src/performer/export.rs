//! The taught network as the ONNX graph that the generator plays: one step, its states in and out.

use burn::module::Param;
use burn::tensor::{Tensor, TensorData};
use generator::onnx::Graph;
use generator::onnx::write::{Attribute, Size};
use generator::performer::words::{GIVEN, PITCHES};
use generator::performer::{NOISE, state_name};

use super::Performer;
use crate::gan::Layer;
use crate::seq2seq::Cell;
use crate::weights::{Matrix, halved, numbers};

impl Performer {
    /// The same network with each weight as a 16-bit float: as good, and half as large in a pack.
    pub fn halved(&self) -> Performer {
        let cell = |cell: &Cell| Cell {
            input: halved(&cell.input),
            recurrent: halved(&cell.recurrent),
            bias: halved(&cell.bias),
        };
        let layer = |layer: &Layer| Layer { weights: halved(&layer.weights), bias: halved(&layer.bias) };
        Performer {
            cells: self.cells.iter().map(cell).collect(),
            dense: self.dense.iter().map(layer).collect(),
            output: layer(&self.output),
            given: self.given.iter().map(halved).collect(),
        }
    }

    /// The same network with the scores of its pitches, and those of what is given the pitch, so many times as large: as
    /// if they were drawn at other temperatures. Nothing changes for a network that speaks in numbers.
    pub fn surer(self, of_pitches: f64, of_the_rest: f64) -> Performer {
        let said = self.output.bias.dims()[0];
        if self.given.is_empty() || said < PITCHES {
            return self;
        }
        let factor = |place| if place < PITCHES { of_pitches as f32 } else { of_the_rest as f32 };
        let factors = TensorData::new((0..said).map(factor).collect::<Vec<f32>>(), [said]);
        let factors = Tensor::<1>::from_data(factors, &self.output.bias.val().device());
        let Layer { weights, bias } = self.output;
        let output = Layer {
            weights: Param::initialized(weights.id, weights.val() * factors.clone().unsqueeze()),
            bias: Param::initialized(bias.id, bias.val() * factors),
        };
        let given = self.given.into_iter().map(|given| {
            let scaled = given.val().mul_scalar(of_the_rest);
            Param::initialized(given.id, scaled)
        });
        Performer { output, given: given.collect(), ..self }
    }

    /// `x` and the states to what is said and the next states (see [`generator::performer`]).
    pub fn graph(&self) -> Vec<u8> {
        let first = self.cells.first().map(|cell| cell.input.dims()[0]);
        let width = first.or(self.dense.first().map(|layer| layer.weights.dims()[0])).unwrap_or_default();
        let mut graph = Graph::new("performer");
        graph.numbers_in("x", &[Size::Rows, Size::Fixed(width)]);
        for (number, cell) in self.cells.iter().enumerate() {
            let hidden = [Size::Rows, Size::Fixed(cell.recurrent.dims()[0])];
            graph.numbers_in(&state_name(2 * number), &hidden);
            graph.numbers_in(&state_name(2 * number + 1), &hidden);
        }
        let mut seen = "x".to_owned();
        for (number, cell) in self.cells.iter().enumerate() {
            seen = step(&mut graph, cell, number, &seen);
        }
        for (number, layer) in self.dense.iter().enumerate() {
            let sums = weigh(&mut graph, layer, &seen, &format!("dense{number}"));
            seen = format!("units{number}");
            graph.node("Relu", &[&sums], &[&seen], &[]);
        }
        let said = weigh(&mut graph, &self.output, &seen, "output");
        self.say(&mut graph, &said);
        for (number, cell) in self.cells.iter().enumerate() {
            let hidden = [Size::Rows, Size::Fixed(cell.recurrent.dims()[0])];
            graph.numbers_out(&format!("next_h{number}"), &hidden);
            graph.numbers_out(&format!("next_c{number}"), &hidden);
        }
        graph.bytes()
    }

    /// Makes the outputs of the output layer's sums.
    fn say(&self, graph: &mut Graph, said: &str) {
        let Some(given) = self.given.first() else {
            graph.node("Sigmoid", &[said], &["tone"], &[]);
            graph.numbers_out("tone", &[Size::Rows, Size::Fixed(NOISE)]);
            return;
        };
        let parts = [PITCHES as i64, GIVEN as i64];
        let split = [Attribute::Int("axis", 1), Attribute::Ints("split", &parts)];
        graph.weights("given_pitch", &[PITCHES, GIVEN], &numbers(given));
        graph.node("Split", &[said], &["pitch", "rest"], &split);
        graph.node("Identity", &["given_pitch"], &["given"], &[]);
        graph.numbers_out("pitch", &[Size::Rows, Size::Fixed(PITCHES)]);
        graph.numbers_out("rest", &[Size::Rows, Size::Fixed(GIVEN)]);
        graph.numbers_out("given", &[Size::Fixed(PITCHES), Size::Fixed(GIVEN)]);
    }
}

/// Adds one step of an LSTM layer; gives the name of its next `h`.
fn step(graph: &mut Graph, cell: &Cell, number: usize, seen: &str) -> String {
    let (h, c) = (state_name(2 * number), state_name(2 * number + 1));
    let (input, recurrent) = (Matrix::of(&cell.input), Matrix::of(&cell.recurrent));
    let name = |part: &str| format!("{part}{number}");
    graph.weights(&name("input_weights"), &[input.rows, input.columns], &input.values);
    graph.weights(&name("recurrent_weights"), &[recurrent.rows, recurrent.columns], &recurrent.values);
    graph.weights(&name("bias"), &[recurrent.columns], &numbers(&cell.bias));
    graph.node("MatMul", &[seen, &name("input_weights")], &[&name("from_input")], &[]);
    graph.node("MatMul", &[&h, &name("recurrent_weights")], &[&name("from_state")], &[]);
    graph.node("Add", &[&name("from_input"), &name("from_state")], &[&name("unbiased")], &[]);
    graph.node("Add", &[&name("unbiased"), &name("bias")], &[&name("gates")], &[]);
    let raw = ["input", "output", "forget", "cell"].map(name);
    let parts = [recurrent.rows as i64; 4];
    let split = [Attribute::Int("axis", 1), Attribute::Ints("split", &parts)];
    graph.node("Split", &[&name("gates")], &raw.each_ref().map(String::as_str), &split);
    let gates = ["input_gate", "output_gate", "forget_gate", "cell_gate"].map(name);
    for (op, (raw, gate)) in ["Sigmoid", "Sigmoid", "Sigmoid", "Tanh"].iter().zip(raw.iter().zip(&gates)) {
        graph.node(op, &[raw], &[gate], &[]);
    }
    let [input_gate, output_gate, forget_gate, cell_gate] = &gates;
    let (next_h, next_c) = (name("next_h"), name("next_c"));
    graph.node("Mul", &[forget_gate, &c], &[&name("kept")], &[]);
    graph.node("Mul", &[input_gate, cell_gate], &[&name("added")], &[]);
    graph.node("Add", &[&name("kept"), &name("added")], &[&next_c], &[]);
    graph.node("Tanh", &[&next_c], &[&name("squashed")], &[]);
    graph.node("Mul", &[output_gate, &name("squashed")], &[&next_h], &[]);
    next_h
}

/// Adds a dense layer's sums; gives their name.
fn weigh(graph: &mut Graph, layer: &Layer, seen: &str, name: &str) -> String {
    let matrix = Matrix::of(&layer.weights);
    let [weights, bias, unbiased, sums] =
        ["weights", "bias", "unbiased", "sums"].map(|part| format!("{name}_{part}"));
    graph.weights(&weights, &[matrix.rows, matrix.columns], &matrix.values);
    graph.weights(&bias, &[matrix.columns], &numbers(&layer.bias));
    graph.node("MatMul", &[seen, &weights], &[&unbiased], &[]);
    graph.node("Add", &[&unbiased, &bias], &[&sums], &[]);
    sums
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use burn::tensor::Device;
    use burn::tensor::activation::sigmoid;
    use generator::pack::{self, Kind, Pack};
    use generator::performer::Manner;
    use generator::performer::words::Word;
    use melody::Style;
    use rand_chacha::ChaCha8Rng;
    use rand_core::SeedableRng;

    use super::*;
    use crate::parity;
    use crate::performer::Shape;
    use crate::performer::lesson::{Lesson, ints};

    fn line() -> Vec<Word> {
        let word = |place: usize| Word {
            pitch: 40 + 3 * place,
            length: place + 2,
            velocity: 5 + place,
            gap: place % 3,
            place: 12 * (place % 4),
        };
        (0..7).map(word).collect()
    }

    fn played(network: &Performer, kind: Kind) -> Vec<f32> {
        let card = parity::card(kind, 0, &parity::vocabulary());
        let pack = Pack::new(card, BTreeMap::from([(pack::MODEL.to_owned(), network.graph())]));
        let model = generator::performer::Performer::load(&pack).unwrap();
        model.teacher_forced(&line(), Style::Jazz).unwrap()
    }

    #[test]
    fn tract_plays_the_words_that_burn_was_taught() {
        let lesson = Lesson { rows: vec![line()], styles: vec![Style::Jazz] };
        let mut dice = ChaCha8Rng::seed_from_u64(1);
        let shapes = [
            (
                Kind::BasicLstm,
                Shape { manner: Manner::Words { memory: 1, noise: 0 }, layers: 2, dense: 0, hidden: 24 },
            ),
            (
                Kind::Dense,
                Shape { manner: Manner::Words { memory: 3, noise: 0 }, layers: 0, dense: 2, hidden: 24 },
            ),
        ];
        for (kind, shape) in shapes {
            let network = Performer::new(&shape, 3, &Device::flex()).halved();
            let said = network.said(&lesson, shape.manner, &mut dice);
            let pitches = ints(lesson.ids(0..7, |word| word.pitch), &Device::flex());
            let given = network.given_pitch(&said, pitches);
            let taught = Tensor::cat(vec![said.narrow(1, 0, PITCHES), given], 1);
            let taught: Vec<f32> = taught.into_data().iter::<f32>().collect();
            parity::assert_near(&taught, &played(&network, kind));
        }
    }

    #[test]
    fn a_surer_network_has_the_same_scores_but_steeper() {
        let shape = Shape { manner: Manner::Words { memory: 1, noise: 0 }, layers: 1, dense: 0, hidden: 8 };
        let network = Performer::new(&shape, 3, &Device::flex());
        let (plain, surer) =
            (played(&network, Kind::BasicLstm), played(&network.clone().surer(2.0, 0.5), Kind::BasicLstm));
        for (place, (plain, surer)) in plain.iter().zip(&surer).enumerate() {
            let times = if place % (PITCHES + GIVEN) < PITCHES { 2.0 } else { 0.5 };
            assert!((plain * times - surer).abs() < 1e-5);
        }
    }

    #[test]
    fn tract_plays_the_numbers_that_burn_was_taught() {
        let shape = Shape { manner: Manner::Numbers, layers: 3, dense: 0, hidden: 16 };
        let network = Performer::new(&shape, 3, &Device::flex()).halved();
        let mut states = network.rested(1);
        let mut before = [0.0_f32; NOISE];
        let mut taught = Vec::new();
        for word in line() {
            let x: Vec<f32> = before.iter().chain(&[0.5; NOISE]).copied().collect();
            let x = Tensor::from_data(burn::tensor::TensorData::new(x, [1, 2 * NOISE]), &Device::flex());
            let said = sigmoid(network.output.sums(network.step(x, &mut states)));
            taught.extend(said.into_data().iter::<f32>());
            before = word.tone().numbers();
        }
        parity::assert_near(&taught, &played(&network, Kind::LstmGan));
    }
}
