//! The trained network as the ONNX graph that the generator plays.

use generator::onnx::Graph;
use generator::onnx::write::{Attribute, Size};

use super::{Dnn, Layer};
use crate::weights::{Matrix, numbers};

impl Dnn {
    /// `token [rows]` to `scores [rows, vocabulary]` (see [`generator::dnn`]).
    pub fn graph(&self) -> Vec<u8> {
        let mut graph = Graph::new("dnn");
        graph.ids_in("token", &[Size::Rows]);
        let mut seen = "token".to_owned();
        for (number, layer) in self.layers.iter().enumerate() {
            let product = if number == 0 { "Gather" } else { "MatMul" };
            let sum = weigh(&mut graph, layer, product, &seen, &format!("layer{number}"));
            seen = format!("units{number}");
            graph.node("Sigmoid", &[&sum], &[&seen], &[]);
        }
        let scores = weigh(&mut graph, &self.output, "MatMul", &seen, "output");
        graph.numbers_out(&scores, &[Size::Rows, Size::Fixed(self.output.bias.dims()[0])]);
        graph.bytes()
    }
}

/// Adds a layer's weighted sum; gives its name.
fn weigh(graph: &mut Graph, layer: &Layer, product: &str, seen: &str, name: &str) -> String {
    let matrix = Matrix::of(&layer.weights);
    let [weights, bias, unbiased, sum] =
        ["weights", "bias", "unbiased", "sum"].map(|part| format!("{name}_{part}"));
    graph.weights(&weights, &[matrix.rows, matrix.columns], &matrix.values);
    graph.weights(&bias, &[matrix.columns], &numbers(&layer.bias));
    // The token is an id: to gather its row is to multiply its one-hot vector.
    match product {
        "Gather" => graph.node(product, &[&weights, seen], &[&unbiased], &[Attribute::Int("axis", 0)]),
        _ => graph.node(product, &[seen, &weights], &[&unbiased], &[]),
    }
    graph.node("Add", &[&unbiased, &bias], &[&sum], &[]);
    sum
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use burn::tensor::Device;
    use generator::pack::{self, Kind, Pack};

    use super::*;
    use crate::dnn::Shape;
    use crate::parity;

    #[test]
    fn tract_plays_what_burn_trained() {
        let vocabulary = parity::vocabulary();
        let network = Dnn::new(Shape::of_the_paper(vocabulary.len()), 3, &Device::flex()).rounded();
        let files = BTreeMap::from([
            (pack::VOCABULARY.to_owned(), vocabulary.text().into_bytes()),
            (pack::MODEL.to_owned(), network.graph()),
        ]);
        let pack = Pack::new(parity::card(Kind::Dnn, 1, &vocabulary), files);
        let line: Vec<i32> = (0..vocabulary.len() as i32).collect();
        let trained: Vec<f32> = network.scores(&line).into_data().iter::<f32>().collect();
        let ids: Vec<usize> = (0..vocabulary.len()).chain([0]).collect();
        let played = generator::dnn::Dnn::load(&pack).unwrap().teacher_forced(&ids).unwrap().concat();
        parity::assert_near(&trained, &played);
    }
}
