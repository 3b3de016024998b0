//! What no engine can beat on this machine: a note's multiply-adds at the measured peak, and its weights read at the
//! measured speed of the caches.

use std::fmt;
use std::hint::black_box;

use generator::seq2seq::HIDDEN;

use crate::{cpu, kernels};

/// Numbers that stand for a token (paper A).
const EMBEDDING: usize = 16;
const GATES: usize = 4 * HIDDEN;

/// The least time for a note.
pub struct Bound {
    /// Multiply-adds for a note.
    multiply_adds: f64,
    /// Multiply-adds a second of one thread.
    peak: f64,
    /// Bytes of weights for a note.
    bytes: f64,
    /// Seconds to read them, in the order and as often as they are needed.
    reading: f64,
}

/// A matrix of the network and how often a window of notes reads it.
struct Matrix {
    weights: Vec<f32>,
    times: usize,
}

impl Bound {
    /// Measures the machine and counts the network: paper A's sizes, with this vocabulary and window.
    pub fn measure(words: usize, window: usize) -> Bound {
        let encoder_steps = [EMBEDDING * GATES, HIDDEN * GATES];
        let once = [HIDDEN * GATES, HIDDEN * words];
        let decoder_steps = [EMBEDDING * GATES, HIDDEN * GATES, HIDDEN * words];
        let matrix = |size: &usize, times: usize| Matrix { weights: vec![0.5; *size], times };
        let parts = [
            encoder_steps.iter().map(|size| matrix(size, window)).collect::<Vec<_>>(),
            once.iter().map(|size| matrix(size, 1)).collect(),
            decoder_steps.iter().map(|size| matrix(size, window)).collect(),
        ];
        let read = parts.iter().flatten().map(|matrix| matrix.weights.len() * matrix.times).sum::<usize>();
        let per_note = read as f64 / window as f64;
        Bound {
            multiply_adds: per_note,
            peak: best(|| kernels::multiply_adds(200_000)),
            bytes: per_note * size_of::<f32>() as f64,
            reading: 1.0 / best(|| windows_a_second(&parts)) / window as f64,
        }
    }

    /// The least seconds for a note: the larger of calculating and reading.
    pub fn seconds(&self) -> f64 {
        (self.multiply_adds / self.peak).max(self.reading)
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.1} us to read {:.2} MB at {:.0} GB/s; {:.1} us for {:.2} M multiply-adds at {:.0} G/s",
            self.reading * 1e6,
            self.bytes / 1e6,
            self.bytes / self.reading / 1e9,
            self.multiply_adds / self.peak * 1e6,
            self.multiply_adds / 1e6,
            self.peak / 1e9,
        )
    }
}

/// The highest of many measurements: whatever disturbs one only lowers it.
fn best(measure: impl Fn() -> f64) -> f64 {
    (0..50).map(|_| measure()).fold(0.0, f64::max)
}

/// How many windows' weights a second go through one thread: part after part, as often as steps read them.
fn windows_a_second(parts: &[Vec<Matrix>]) -> f64 {
    const WINDOWS: usize = 10;
    let ((), seconds) = cpu::timed(|| {
        for part in (0..WINDOWS).flat_map(|_| parts) {
            let most = part.iter().map(|matrix| matrix.times).max().unwrap_or(0);
            for time in 0..most {
                for matrix in part.iter().filter(|matrix| time < matrix.times) {
                    black_box(kernels::sum(&matrix.weights));
                }
            }
        }
    });
    WINDOWS as f64 / seconds
}
