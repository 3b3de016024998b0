//! The trained network as the two ONNX graphs that the generator plays.

use generator::onnx::Graph;
use generator::onnx::write::Size;
use generator::vae::{DIMENSIONS, LATENT};

use super::{Dense, LENGTH, Vae};
use crate::weights::{Matrix, numbers, rounded};

impl Vae {
    /// The same network with each weight rounded to 12 significant bits.
    pub fn rounded(&self) -> Vae {
        let dense = |dense: &Dense| Dense { weight: rounded(&dense.weight), bias: rounded(&dense.bias) };
        Vae {
            encoder: dense(&self.encoder),
            middle: dense(&self.middle),
            spread: dense(&self.spread),
            decoder: dense(&self.decoder),
            output: dense(&self.output),
            lesson: self.lesson.clone(),
        }
    }

    /// `phrase [rows, 100]`, of length 1, to `latent [rows, 10]`, the middle of the posterior.
    pub fn encoder_graph(&self) -> Vec<u8> {
        let mut graph = Graph::new("encoder");
        graph.numbers_in("phrase", &[Size::Rows, Size::Fixed(DIMENSIONS)]);
        dense(&mut graph, "encoder", &self.encoder, ["phrase", "raw"], [LENGTH, 1.0]);
        graph.node("Tanh", &["raw"], &["hidden"], &[]);
        dense(&mut graph, "middle", &self.middle, ["hidden", "latent"], [1.0, 1.0]);
        graph.numbers_out("latent", &[Size::Rows, Size::Fixed(LATENT)]);
        graph.bytes()
    }

    /// `latent [rows, 10]` to `phrase [rows, 100]`, about 1 long.
    pub fn decoder_graph(&self) -> Vec<u8> {
        let mut graph = Graph::new("decoder");
        graph.numbers_in("latent", &[Size::Rows, Size::Fixed(LATENT)]);
        dense(&mut graph, "decoder", &self.decoder, ["latent", "raw"], [1.0, 1.0]);
        graph.node("Tanh", &["raw"], &["hidden"], &[]);
        dense(&mut graph, "output", &self.output, ["hidden", "phrase"], [1.0 / LENGTH, 1.0 / LENGTH]);
        graph.numbers_out("phrase", &[Size::Rows, Size::Fixed(DIMENSIONS)]);
        graph.bytes()
    }
}

/// A dense layer from one tensor to another; weights and bias are multiplied by `scales`.
fn dense(graph: &mut Graph, name: &str, layer: &Dense, [from, to]: [&str; 2], scales: [f32; 2]) {
    let matrix = Matrix::of(&layer.weight);
    let [weight, bias, product] = ["weight", "bias", "product"].map(|part| format!("{name}_{part}"));
    let scaled =
        |values: Vec<f32>, scale: f32| values.into_iter().map(|value| value * scale).collect::<Vec<f32>>();
    graph.weights(&weight, &[matrix.rows, matrix.columns], &scaled(matrix.values, scales[0]));
    graph.weights(&bias, &[matrix.columns], &scaled(numbers(&layer.bias), scales[1]));
    graph.node("MatMul", &[from, &weight], &[&product], &[]);
    graph.node("Add", &[&product, &bias], &[to], &[]);
}
