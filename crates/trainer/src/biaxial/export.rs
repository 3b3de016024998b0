//! The trained network as the two ONNX graphs that the generator plays: along time, and one key along pitch.

use generator::biaxial::keys::{FEATURES, KEYS};
use generator::biaxial::{PITCH, TIME};
use generator::onnx::Graph;
use generator::onnx::write::{Attribute, Size};
use generator::pack::{self, Card, Pack};

use super::Biaxial;
use crate::seq2seq::Cell;
use crate::weights::{Matrix, numbers, rounded};

impl Biaxial {
    /// The same network with each weight rounded to 12 significant bits: as good, and half as large when packed.
    pub fn rounded(&self) -> Biaxial {
        let cell = |cell: &Cell| Cell {
            input: rounded(&cell.input),
            recurrent: rounded(&cell.recurrent),
            bias: rounded(&cell.bias),
        };
        Biaxial {
            time: self.time.iter().map(cell).collect(),
            pitch: self.pitch.iter().map(cell).collect(),
            output: rounded(&self.output),
            bias: rounded(&self.bias),
            lesson: self.lesson.clone(),
        }
    }

    /// The pack of the network with this card.
    pub fn pack(&self, card: Card) -> Pack {
        let graphs = [(pack::ENCODER, self.time_graph()), (pack::DECODER, self.pitch_graph())];
        Pack::new(card, graphs.map(|(name, graph)| (name.to_owned(), graph)).into())
    }

    /// Along time: `seen [78, 82]` and the states `[78, 64]` to `gates [78, 128]` and the next states (see
    /// [`generator::biaxial`]).
    pub fn time_graph(&self) -> Vec<u8> {
        let mut graph = Graph::new("along time");
        graph.numbers_in("seen", &[Size::Fixed(KEYS), Size::Fixed(FEATURES)]);
        declare_states(&mut graph, KEYS, [TIME; 2]);
        let mut input = "seen".to_owned();
        for (number, cell) in self.time.iter().enumerate() {
            let weights = Matrix::of(&cell.input);
            let (name, product) = (format!("input_{number}"), format!("from_input_{number}"));
            graph.weights(&name, &[weights.rows, weights.columns], &weights.values);
            graph.node("MatMul", &[&input, &name], &[&product], &[]);
            input = write_cell(&mut graph, number, cell, &product);
        }
        let (from_time, _) = Matrix::of(&self.pitch[0].input).cut(TIME);
        graph.weights("to_pitch", &[from_time.rows, from_time.columns], &from_time.values);
        graph.node("MatMul", &[&input, "to_pitch"], &["gates"], &[]);
        graph.numbers_out("gates", &[Size::Fixed(KEYS), Size::Fixed(4 * PITCH[0])]);
        give_states(&mut graph, KEYS, [TIME; 2]);
        graph.bytes()
    }

    /// One key along pitch: `gates [1, 128]`, `below [1, 2]` and the states to `scores [1, 2]` and the next states.
    pub fn pitch_graph(&self) -> Vec<u8> {
        let one = Size::Fixed(1);
        let mut graph = Graph::new("along pitch");
        graph.numbers_in("gates", &[one, Size::Fixed(4 * PITCH[0])]);
        graph.numbers_in("below", &[one, Size::Fixed(2)]);
        declare_states(&mut graph, 1, PITCH);
        let (_, from_below) = Matrix::of(&self.pitch[0].input).cut(TIME);
        graph.weights("below_in", &[from_below.rows, from_below.columns], &from_below.values);
        graph.node("MatMul", &["below", "below_in"], &["from_below"], &[]);
        graph.node("Add", &["gates", "from_below"], &["from_input_0"], &[]);
        let lower = write_cell(&mut graph, 0, &self.pitch[0], "from_input_0");
        let weights = Matrix::of(&self.pitch[1].input);
        graph.weights("input_1", &[weights.rows, weights.columns], &weights.values);
        graph.node("MatMul", &[&lower, "input_1"], &["from_input_1"], &[]);
        let upper = write_cell(&mut graph, 1, &self.pitch[1], "from_input_1");
        let output = Matrix::of(&self.output);
        graph.weights("output", &[output.rows, output.columns], &output.values);
        graph.weights("bias", &[2], &numbers(&self.bias));
        graph.node("MatMul", &[&upper, "output"], &["unbiased"], &[]);
        graph.node("Add", &["unbiased", "bias"], &["scores"], &[]);
        graph.numbers_out("scores", &[one, Size::Fixed(2)]);
        give_states(&mut graph, 1, PITCH);
        graph.bytes()
    }
}

fn declare_states(graph: &mut Graph, rows: usize, widths: [usize; 2]) {
    for (number, width) in widths.into_iter().enumerate() {
        for state in ["h", "c"] {
            graph.numbers_in(&format!("{state}{number}"), &[Size::Fixed(rows), Size::Fixed(width)]);
        }
    }
}

fn give_states(graph: &mut Graph, rows: usize, widths: [usize; 2]) {
    for (number, width) in widths.into_iter().enumerate() {
        for state in ["h", "c"] {
            graph.numbers_out(&format!("next_{state}{number}"), &[Size::Fixed(rows), Size::Fixed(width)]);
        }
    }
}

/// A layer from what its input gives to its gates; the name of its next `h`.
fn write_cell(graph: &mut Graph, number: usize, cell: &Cell, from_input: &str) -> String {
    let recurrent = Matrix::of(&cell.recurrent);
    let hidden = recurrent.rows;
    let [weights, bias, from_state, from_both, gates, kept, added, squashed] =
        ["recurrent", "cell_bias", "from_state", "from_both", "all_gates", "kept", "added", "squashed"]
            .map(|name| format!("{name}_{number}"));
    let raw = ["input", "output", "forget", "cell"].map(|gate| format!("{gate}_sums_{number}"));
    let open = ["input", "output", "forget", "cell"].map(|gate| format!("{gate}_gate_{number}"));
    let [h, c, next_h, next_c] = ["h", "c", "next_h", "next_c"].map(|state| format!("{state}{number}"));
    graph.weights(&weights, &[hidden, 4 * hidden], &recurrent.values);
    graph.weights(&bias, &[4 * hidden], &numbers(&cell.bias));
    graph.node("MatMul", &[&h, &weights], &[&from_state], &[]);
    graph.node("Add", &[from_input, &from_state], &[&from_both], &[]);
    graph.node("Add", &[&from_both, &bias], &[&gates], &[]);
    let split = [Attribute::Int("axis", 1), Attribute::Ints("split", &[hidden as i64; 4])];
    graph.node("Split", &[&gates], &raw.each_ref().map(String::as_str), &split);
    for ((raw, open), op) in raw.iter().zip(&open).zip(["Sigmoid", "Sigmoid", "Sigmoid", "Tanh"]) {
        graph.node(op, &[raw], &[open], &[]);
    }
    let [input, output, forget, cell] = &open;
    graph.node("Mul", &[forget, &c], &[&kept], &[]);
    graph.node("Mul", &[input, cell], &[&added], &[]);
    graph.node("Add", &[&kept, &added], &[&next_c], &[]);
    graph.node("Tanh", &[&next_c], &[&squashed], &[]);
    graph.node("Mul", &[output, &squashed], &[&next_h], &[]);
    next_h
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use burn::tensor::Device;
    use generator::biaxial::keys::{Harmony, KEYS};
    use generator::pack::Kind;
    use melody::Pitch;
    use melody::roll::{Roll, Step};

    use super::*;
    use crate::biaxial::Lesson;
    use crate::biaxial::moments::Moment;
    use crate::parity;

    #[test]
    fn tract_plays_what_burn_trained() {
        let lesson = Lesson { moments: Arc::new(Vec::new()), told: 1.0, card: None };
        let network = Biaxial::new(lesson, 3, &Device::flex()).rounded();
        let chord = Some(Harmony::of(&"F".parse().unwrap(), 0));
        let steps: Vec<Step> = (0..6)
            .map(|place| {
                let mut step = Step::default();
                [30, 50 + place, 75].into_iter().filter_map(Pitch::new).for_each(|pitch| step.strike(pitch));
                step.hold(Pitch::new(90).unwrap());
                step
            })
            .collect();
        let moment = |(place, step): (usize, &Step)| Moment { step: *step, place, chord };
        let moments: Vec<Moment> =
            [Moment::SILENCE].into_iter().chain(steps.iter().enumerate().map(moment)).collect();
        let rows: Vec<Vec<&Moment>> = moments.iter().map(|moment| vec![moment]).collect();
        let trained: Vec<f32> = network.odds(&rows, &[true]).into_data().iter::<f32>().collect();

        let card = parity::card(Kind::BiaxialLstm, 0, &parity::vocabulary());
        let model = generator::biaxial::Biaxial::load(&network.pack(card)).unwrap();
        let played = model.teacher_forced(&Roll::new(steps), &[chord; 6]).unwrap();
        // Trained key by key, played step by step.
        let by_key = |key: usize| (0..6).flat_map(move |step| [step * KEYS + key]);
        let played: Vec<f32> = (0..KEYS).flat_map(by_key).flat_map(|place| played[place]).collect();
        parity::assert_near(&trained, &played);
    }
}
