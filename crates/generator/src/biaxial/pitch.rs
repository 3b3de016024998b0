//! The two small layers along pitch worked out in place, where a graph is just these.
//!
//! tract takes about 40 µs for a run of that graph, almost all of it for handing tensors from node to node; eight bars
//! are ten thousand runs. The sums themselves take a few µs. The graph stays what counts: it is run once beside this at
//! loading, and where the two differ, or where the graph is built otherwise, it is the graph that plays.

use std::collections::HashMap;

use super::PITCH;
use crate::onnx;

/// The weights as the graph names them, row after row.
pub(super) struct Layers {
    /// `[2, 128]`
    below: Vec<f32>,
    cells: [Cell; 2],
    /// `[32, 64]`: from the first layer to the second.
    between: Vec<f32>,
    /// `[16, 2]`
    output: Vec<f32>,
    bias: [f32; 2],
}

struct Cell {
    /// `[hidden, 4 x hidden]`, gates in ONNX's order: input, output, forget, cell.
    recurrent: Vec<f32>,
    /// `[4 x hidden]`
    bias: Vec<f32>,
}

/// What goes from key to key.
#[derive(Debug, Clone)]
pub(super) struct State {
    layers: [(Vec<f32>, Vec<f32>); 2],
    /// Room for the gates of a layer.
    gates: Vec<f32>,
}

impl State {
    /// The state before the lowest key.
    pub fn low() -> State {
        let zeros = |width: usize| (vec![0.0; width], vec![0.0; width]);
        State { layers: PITCH.map(zeros), gates: Vec::with_capacity(4 * PITCH[0]) }
    }
}

impl Layers {
    /// The layers of a graph with the names and sizes that a Biaxial LSTM's has, or nothing.
    pub fn of(bytes: &[u8]) -> Option<Layers> {
        let mut weights: HashMap<String, Vec<f32>> = onnx::weights::of(bytes)?;
        let mut take =
            |name: &str, numbers: usize| weights.remove(name).filter(|found| found.len() == numbers);
        let [low, high] = PITCH;
        let mut layer = |number: usize, hidden: usize| {
            Some(Cell {
                recurrent: take(&format!("recurrent_{number}"), 4 * hidden * hidden)?,
                bias: take(&format!("cell_bias_{number}"), 4 * hidden)?,
            })
        };
        let cells = [layer(0, low)?, layer(1, high)?];
        Some(Layers {
            cells,
            below: take("below_in", 2 * 4 * low)?,
            between: take("input_1", low * 4 * high)?,
            output: take("output", high * 2)?,
            bias: take("bias", 2)?.try_into().ok()?,
        })
    }

    /// One key: what it hears of the time, `[128]`, and of the key below, to its two scores.
    pub fn step(&self, heard: &[f32], below: [f32; 2], state: &mut State) -> [f32; 2] {
        let State { layers: [low, high], gates } = state;
        gates.clear();
        gates.extend_from_slice(heard);
        add_product(gates, &below, &self.below);
        self.cells[0].step(gates, low);
        gates.clear();
        gates.resize(4 * PITCH[1], 0.0);
        add_product(gates, &low.0, &self.between);
        self.cells[1].step(gates, high);
        let mut scores = self.bias;
        add_product(&mut scores, &high.0, &self.output);
        scores
    }
}

impl Cell {
    /// The next `h` and `c` from what the input gives to the gates.
    fn step(&self, gates: &mut [f32], (h, c): &mut (Vec<f32>, Vec<f32>)) {
        add_product(gates, h, &self.recurrent);
        gates.iter_mut().zip(&self.bias).for_each(|(gate, bias)| *gate += bias);
        let (input, others) = gates.split_at(h.len());
        let (output, others) = others.split_at(h.len());
        let (forget, cell) = others.split_at(h.len());
        let each = h.iter_mut().zip(c).zip(input.iter().zip(output).zip(forget.iter().zip(cell)));
        for ((h, c), ((input, output), (forget, cell))) in each {
            *c = sigmoid(*forget) * *c + sigmoid(*input) * cell.tanh();
            *h = sigmoid(*output) * c.tanh();
        }
    }
}

/// Adds the product of a row and a matrix.
fn add_product(sums: &mut [f32], row: &[f32], matrix: &[f32]) {
    for (number, weights) in row.iter().zip(matrix.chunks_exact(sums.len())) {
        if *number != 0.0 {
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += number * weight);
        }
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_added() {
        let mut sums = [1.0, 2.0];
        add_product(&mut sums, &[10.0, 0.0, 1.0], &[1.0, 2.0, f32::MAX, f32::MAX, 3.0, 4.0]);
        assert_eq!(sums, [14.0, 26.0]);
    }

    #[test]
    fn a_closed_gate_keeps_and_an_open_one_lets_in() {
        let layer = Cell { recurrent: vec![0.0; 4], bias: vec![0.0; 4] };
        let step = |gates: [f32; 4]| {
            let mut state = (vec![0.0], vec![0.5]);
            layer.step(&mut gates.clone(), &mut state);
            state
        };
        let (h, c) = step([-50.0, 50.0, 50.0, 3.0]);
        assert!((c[0] - 0.5).abs() < 1e-6 && (h[0] - 0.5_f32.tanh()).abs() < 1e-6);
        let (_, c) = step([50.0, 50.0, -50.0, 3.0]);
        assert!((c[0] - 3.0_f32.tanh()).abs() < 1e-6);
    }
}
