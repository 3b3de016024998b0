//! The taught generator as the ONNX graph that is played: transposed convolutions over steps, its weights short.

use burn::module::Param;
use burn::tensor::{Tensor, TensorData};
use generator::midinet::NOISE;
use generator::midinet::bar::{CHORD, ROWS, STEPS};
use generator::onnx::Graph;
use generator::onnx::write::{Attribute, Size};

use super::{Conditions, Generator, HEARD, Layer};
use crate::weights::{Matrix, numbers, rounded};

impl Generator {
    /// The same network with each weight rounded to 12 significant bits: as good, and half as large when packed.
    pub fn rounded(&self) -> Generator {
        self.changed(|layer| Layer { weights: rounded(&layer.weights), bias: rounded(&layer.bias) })
    }

    /// The same network as sure of its choices as `wanted`: the mean over all steps of the odds of the likeliest row, 0 to
    /// 1. Only which score is the highest is taught; how much higher it is has no meaning before.
    pub fn as_sure_as(&self, wanted: f64, z: Tensor<2>, conditions: &Conditions) -> Generator {
        let scores: Vec<f32> = self.scores(z, conditions).into_data().iter::<f32>().collect();
        let sureness = |gain: f32| {
            let odds = scores.chunks_exact(ROWS).map(|step| highest_odds(step, gain));
            odds.sum::<f64>() * ROWS as f64 / scores.len() as f64
        };
        let (mut least, mut most) = (1e-3_f32, 1e3_f32);
        for _ in 0..40 {
            let middle = (least * most).sqrt();
            if sureness(middle) < wanted { least = middle } else { most = middle }
        }
        let rows = Layer { weights: scaled(&self.rows.weights, least), bias: scaled(&self.rows.bias, least) };
        Generator { rows, ..self.clone() }
    }

    fn changed(&self, change: impl Fn(&Layer) -> Layer) -> Generator {
        Generator {
            noise: change(&self.noise),
            doublings: self.doublings.iter().map(&change).collect(),
            rows: change(&self.rows),
            ear: self.ear.iter().map(&change).collect(),
        }
    }

    /// The graph: `z [1, 100]`, `chord [1, 13]` and, in MidiNet-2D, `bar [1, 1, 16, 128]` to
    /// `scores [1, 1, 16, 128]` (see [`generator::midinet`]).
    pub fn graph(&self) -> Vec<u8> {
        let one = Size::Fixed(1);
        let mut graph = Graph::new("midinet");
        graph.numbers_in("z", &[one, Size::Fixed(NOISE)]);
        graph.numbers_in("chord", &[one, Size::Fixed(CHORD)]);
        if !self.ear.is_empty() {
            graph.numbers_in("bar", &[one, one, Size::Fixed(STEPS), Size::Fixed(ROWS)]);
        }
        self.write_ear(&mut graph);
        let steps = [Attribute::Ints("axes", &[2, 3])];
        graph.node("Unsqueeze", &["chord"], &["chord_at_1"], &steps);
        for at in [2, 4, 8, STEPS] {
            let zeros = format!("silence_at_{at}");
            graph.weights(&zeros, &[1, CHORD, at, 1], &vec![0.0; CHORD * at]);
            graph.node("Add", &["chord_at_1", &zeros], &[&format!("chord_at_{at}")], &[]);
        }
        let dense = Matrix::of(&self.noise.weights);
        graph.weights("noise_weights", &[dense.rows, dense.columns], &dense.values);
        graph.weights("noise_bias", &[dense.columns], &numbers(&self.noise.bias));
        graph.node("Concat", &["z", "chord"], &["noise"], &[Attribute::Int("axis", 1)]);
        graph.node("MatMul", &["noise", "noise_weights"], &["noise_product"], &[]);
        graph.node("Add", &["noise_product", "noise_bias"], &["noise_sums"], &[]);
        graph.node("Relu", &["noise_sums"], &["noise_heard"], &[]);
        graph.node("Unsqueeze", &["noise_heard"], &["made_at_1"], &steps);
        for (number, layer) in self.doublings.iter().enumerate() {
            let (from, to) = (1 << number, 2 << number);
            let input = if number == 0 { "made_at_1".to_owned() } else { self.beside(&mut graph, from) };
            let sums = format!("sums_at_{to}");
            spread(&mut graph, layer, &input, &sums, [2, 1]);
            graph.node("Relu", &[&sums], &[&format!("made_at_{to}")], &[]);
        }
        let input = self.beside(&mut graph, STEPS);
        spread_rows(&mut graph, &self.rows, &input);
        graph.numbers_out("scores", &[one, one, Size::Fixed(STEPS), Size::Fixed(ROWS)]);
        graph.bytes()
    }

    /// What is made so far with its conditions, `[1, channels, steps, 1]`.
    fn beside(&self, graph: &mut Graph, steps: usize) -> String {
        let [made, chord, heard, told] =
            ["made", "chord", "heard", "told"].map(|name| format!("{name}_at_{steps}"));
        let mut parts = vec![made.as_str(), chord.as_str()];
        if !self.ear.is_empty() {
            parts.push(&heard);
        }
        graph.node("Concat", &parts, &[&told], &[Attribute::Int("axis", 1)]);
        told
    }

    /// What hears the bar before: over all rows of a step, then over two steps at a time.
    fn write_ear(&self, graph: &mut Graph) {
        let mut input = "bar".to_owned();
        for (number, layer) in self.ear.iter().enumerate() {
            let [weights, bias, sums, heard] = ["ear_weights", "ear_bias", "ear_sums", "heard"]
                .map(|name| format!("{name}_at_{}", STEPS >> number));
            // `[inputs, outputs]` is `[outputs, inputs]` here, and of two steps side by side each has its own place.
            let columns = Matrix::of(&layer.weights).transposed();
            let (dims, values, sizes) = match number {
                0 => ([HEARD, 1, 1, ROWS], columns.values, [1, ROWS as i64]),
                _ => ([HEARD, HEARD, 2, 1], interleaved(&columns), [2, 1]),
            };
            graph.weights(&weights, &dims, &values);
            graph.weights(&bias, &[HEARD], &numbers(&layer.bias));
            let strides = [sizes[0], 1];
            let attributes = [Attribute::Ints("kernel_shape", &sizes), Attribute::Ints("strides", &strides)];
            graph.node("Conv", &[&input, &weights, &bias], &[&sums], &attributes);
            graph.node("Relu", &[&sums], &[&heard], &[]);
            input = heard;
        }
    }
}

/// Rows of `[first step's channels, second step's channels]` as `[channels, 2]` each.
fn interleaved(matrix: &Matrix) -> Vec<f32> {
    let halves = |row: &[f32]| -> Vec<f32> {
        let (first, second) = row.split_at(row.len() / 2);
        first.iter().zip(second).flat_map(|(first, second)| [*first, *second]).collect()
    };
    matrix.values.chunks_exact(matrix.columns).flat_map(halves).collect()
}

/// A transposed convolution that makes two steps of each.
fn spread(graph: &mut Graph, layer: &Layer, input: &str, sums: &str, kernel: [i64; 2]) {
    let [weights, bias] = ["weights", "bias"].map(|name| format!("{sums}_{name}"));
    let matrix = Matrix::of(&layer.weights);
    let channels = matrix.columns / 2;
    graph.weights(&weights, &[matrix.rows, channels, 2, 1], &interleaved(&matrix));
    graph.weights(&bias, &[channels], &numbers(&layer.bias));
    let attributes = [Attribute::Ints("kernel_shape", &kernel), Attribute::Ints("strides", &kernel)];
    graph.node("ConvTranspose", &[input, &weights, &bias], &[sums], &attributes);
}

/// The transposed convolution that makes all rows of a step. Its kernel has a bias for each row, which an operator has
/// not: it is added behind.
fn spread_rows(graph: &mut Graph, layer: &Layer, input: &str) {
    let matrix = Matrix::of(&layer.weights);
    graph.weights("rows_weights", &[matrix.rows, 1, 1, ROWS], &matrix.values);
    graph.weights("rows_nothing", &[1], &[0.0]);
    graph.weights("rows_bias", &[ROWS], &numbers(&layer.bias));
    let attributes =
        [Attribute::Ints("kernel_shape", &[1, ROWS as i64]), Attribute::Ints("strides", &[1, 1])];
    graph.node("ConvTranspose", &[input, "rows_weights", "rows_nothing"], &["rows"], &attributes);
    graph.node("Add", &["rows", "rows_bias"], &["scores"], &[]);
}

/// The odds of the highest score where all are so many times as large.
fn highest_odds(scores: &[f32], gain: f32) -> f64 {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    1.0 / scores.iter().map(|score| f64::from((score - highest) * gain).exp()).sum::<f64>()
}

fn scaled<const D: usize>(param: &Param<Tensor<D>>, gain: f32) -> Param<Tensor<D>> {
    let values: Vec<f32> = numbers(param).into_iter().map(|number| number * gain).collect();
    Param::from_data(TensorData::new(values, param.dims()), &param.val().device())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use burn::tensor::Device;
    use generator::midinet::Midinet;
    use generator::pack::{self, Kind, Pack};
    use generator::sampling::Dice;

    use super::*;
    use crate::midinet::bars::Known;
    use crate::midinet::{Adversaries, tables, tests::shape};
    use crate::parity;

    fn bars() -> (Known, Known) {
        let bar = |first: u8| Known { rows: std::array::from_fn(|step| first + step as u8), chord: Some(19) };
        (bar(50), bar(60))
    }

    fn values(tensor: Tensor<2>) -> Vec<f32> {
        tensor.into_data().iter::<f32>().collect()
    }

    #[test]
    fn tract_plays_what_burn_taught_with_and_without_the_bar_before() {
        let device = Device::flex();
        let (before, bar) = bars();
        let conditions = tables::conditions(&[&bar], &[&before], || true, &device);
        let z = tables::noise(1, &mut Dice::new(4), &device);
        for (hears, kind) in [(false, Kind::Midinet1d), (true, Kind::Midinet2d)] {
            let network = Adversaries::new(&shape(hears), 3, &device).averaged.rounded();
            let taught = values(network.scores(z.clone(), &conditions));
            let card = parity::card(kind, 0, &parity::vocabulary());
            let files = BTreeMap::from([(pack::MODEL.to_owned(), network.graph())]);
            let model = Midinet::load(&Pack::new(card, files)).unwrap();
            let played =
                model.scores(&values(z.clone()), &bar.numbers(), &before.rows.map(usize::from)).unwrap();
            parity::assert_near(&taught, &played);
        }
    }

    #[test]
    fn sureness_is_set_without_changing_the_choices() {
        let device = Device::flex();
        let (before, bar) = bars();
        let conditions = tables::conditions(&[&bar; 8], &[&before; 8], || true, &device);
        let z = || tables::noise(8, &mut Dice::new(4), &device);
        let network = Adversaries::new(&shape(true), 3, &device).averaged;
        for wanted in [0.5, 0.9] {
            let sure = network.as_sure_as(wanted, z(), &conditions);
            assert_eq!(
                tables::likeliest(&sure, z(), &conditions),
                tables::likeliest(&network, z(), &conditions)
            );
            let scores = values(sure.scores(z(), &conditions));
            let mean = scores.chunks_exact(ROWS).map(|step| highest_odds(step, 1.0)).sum::<f64>()
                / (8 * STEPS) as f64;
            assert!((mean - wanted).abs() < 0.01, "{mean}");
        }
    }
}
