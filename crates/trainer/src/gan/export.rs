//! The taught generator as the ONNX graph that is played: its scores as sure as they should be, its weights short.

use burn::module::Param;
use burn::tensor::{Tensor, TensorData};
use generator::gan::{Layout, NOISE};
use generator::onnx::Graph;
use generator::onnx::write::Size;

use super::{Dense, Layer, Shape};
use crate::weights::{Matrix, numbers};

/// Significant bits that a weight keeps: a melody changes in about one note of a hundred, and the file in half its size.
const BITS: u32 = 8;

impl Dense {
    /// The generator's graph: `z [rows, 100]` to `scores [rows, 100 x width]` (see [`generator::gan`]).
    pub fn graph(&self) -> Vec<u8> {
        let mut graph = Graph::new("generator");
        graph.numbers_in("z", &[Size::Rows, Size::Fixed(NOISE)]);
        let mut input = "z".to_owned();
        for (place, layer) in self.layers.iter().enumerate() {
            let last = place + 1 == self.layers.len();
            let weights = Matrix::of(&layer.weights);
            let [w, b, product] = ["weights", "bias", "product"].map(|name| format!("{name}_{}", place + 1));
            let sums = if last { "scores".to_owned() } else { format!("sums_{}", place + 1) };
            graph.weights(&w, &[weights.rows, weights.columns], &weights.values);
            graph.weights(&b, &[weights.columns], &numbers(&layer.bias));
            graph.node("MatMul", &[&input, &w], &[&product], &[]);
            graph.node("Add", &[&product, &b], &[&sums], &[]);
            if last {
                graph.numbers_out(&sums, &[Size::Rows, Size::Fixed(weights.columns)]);
            } else {
                input = format!("rectified_{}", place + 1);
                graph.node("Relu", &[&sums], &[&input], &[]);
            }
        }
        graph.bytes()
    }

    /// The same network with each weight rounded to 8 significant bits.
    pub fn rounded(&self) -> Dense {
        let layer = |layer: &Layer| Layer {
            weights: changed(&layer.weights, rounded),
            bias: changed(&layer.bias, rounded),
        };
        Dense { layers: self.layers.iter().map(layer).collect() }
    }

    /// The same network with scores so many times as large.
    fn louder(&self, gain: f32) -> Dense {
        let count = self.layers.len();
        let layer = |(place, layer): (usize, &Layer)| {
            let gain = if place + 1 == count { gain } else { 1.0 };
            Layer {
                weights: changed(&layer.weights, |number| number * gain),
                bias: changed(&layer.bias, |number| number * gain),
            }
        };
        Dense { layers: self.layers.iter().enumerate().map(layer).collect() }
    }

    /// The same network as sure of its choices as `wanted`: the mean over all places of the odds of the likeliest token,
    /// 0 to 1. Only which score is the highest is taught; how much higher it is has no meaning before.
    pub fn as_sure_as(&self, wanted: f64, shape: &Shape, z: Tensor<2>) -> Dense {
        let Layout::Apart { pitches, .. } = shape.layout else { return self.clone() };
        let scores: Vec<f32> = self.scores(z).into_data().iter::<f32>().collect();
        let sureness = |gain: f32| {
            let place = |place: &[f32]| {
                let (pitches, lengths) = place.split_at(pitches);
                highest_odds(pitches, gain) * highest_odds(lengths, gain)
            };
            let places = scores.chunks(shape.scores).map(place);
            places.sum::<f64>() * shape.scores as f64 / scores.len() as f64
        };
        let (mut least, mut most) = (1e-3_f32, 1e3_f32);
        for _ in 0..40 {
            let middle = (least * most).sqrt();
            if sureness(middle) < wanted { least = middle } else { most = middle }
        }
        self.louder(least)
    }
}

/// The odds of the highest score where all are so many times as large.
fn highest_odds(scores: &[f32], gain: f32) -> f64 {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    1.0 / scores.iter().map(|score| f64::from((score - highest) * gain).exp()).sum::<f64>()
}

fn rounded(number: f32) -> f32 {
    // Of 24 bits, the first of which is never stored, these go, to the nearer side.
    let gone = 24 - BITS;
    f32::from_bits(number.to_bits().wrapping_add(1 << (gone - 1)) & !((1 << gone) - 1))
}

fn changed<const D: usize>(param: &Param<Tensor<D>>, change: impl Fn(f32) -> f32) -> Param<Tensor<D>> {
    let values: Vec<f32> = numbers(param).into_iter().map(change).collect();
    Param::from_data(TensorData::new(values, param.dims()), &param.val().device())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use burn::tensor::Device;
    use generator::gan::Gan;
    use generator::pack::{self, Kind, Pack};
    use rand_chacha::ChaCha8Rng;
    use rand_core::SeedableRng;

    use super::*;
    use crate::gan::{Adversaries, melodies};
    use crate::parity;

    fn shape(layout: Layout) -> Shape {
        Shape::of(&parity::vocabulary(), layout, 32, 8, 0)
    }

    fn noise(rows: usize) -> Tensor<2> {
        melodies::noise(rows, &mut ChaCha8Rng::seed_from_u64(9), &Device::flex())
    }

    #[test]
    fn tract_plays_what_burn_taught_in_either_layout() {
        let vocabulary = parity::vocabulary();
        for layout in [Layout::Joint, Layout::apart(&vocabulary).unwrap()] {
            let network = Adversaries::new(&shape(layout), 3, &Device::flex()).averaged.rounded();
            let z = noise(1);
            let taught: Vec<f32> = network.scores(z.clone()).into_data().iter::<f32>().collect();
            let files = BTreeMap::from([
                (pack::VOCABULARY.to_owned(), vocabulary.text().into_bytes()),
                (pack::MODEL.to_owned(), network.graph()),
            ]);
            let model = Gan::load(&Pack::new(parity::card(Kind::Gan, 0, &vocabulary), files)).unwrap();
            let z: Vec<f32> = z.into_data().iter::<f32>().collect();
            let played = model.melody(&z).unwrap();
            let width = layout.width(vocabulary.len());
            for (place, played) in taught.chunks(width).zip(&played) {
                parity::assert_near(&layout.tokens(place), played);
            }
            assert_eq!(played.len(), 100);
        }
    }

    #[test]
    fn sureness_is_set_without_changing_the_choices() {
        let shape = shape(Layout::apart(&parity::vocabulary()).unwrap());
        let network = Adversaries::new(&shape, 3, &Device::flex()).averaged;
        let highest = |network: &Dense| {
            let scores: Vec<f32> = network.scores(noise(20)).into_data().iter::<f32>().collect();
            let place = |place: &[f32]| {
                let pitches = &place[..20];
                let highest = pitches.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                (pitches.iter().position(|score| *score == highest), highest_odds(pitches, 1.0))
            };
            let places: Vec<(Option<usize>, f64)> = scores.chunks(shape.scores).map(place).collect();
            let mean = places.iter().map(|(_, odds)| odds).sum::<f64>() / places.len() as f64;
            (places.into_iter().map(|(choice, _)| choice).collect::<Vec<_>>(), mean)
        };
        let (before, _) = highest(&network);
        for wanted in [0.5, 0.9] {
            let (after, sure) = highest(&network.as_sure_as(wanted, &shape, noise(20)));
            assert_eq!(before, after);
            assert!((sure - wanted).abs() < 0.01, "{sure}");
        }
    }

    #[test]
    fn rounding_keeps_eight_bits() {
        for (number, short) in [(1.0, 1.0), (-0.3, -0.30078125), (1.003, 1.0), (1.006, 1.0078125), (0.0, 0.0)]
        {
            assert_eq!(rounded(number), short);
        }
    }
}
