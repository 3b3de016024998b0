//! How a benchmark says what it found: one line a figure, and before it one line for what is measured.
//!
//! A figure's line is `name | figure | peer | ratio | goal`, a remark begins with `#`; `cargo xtask bench` makes one
//! table of all of them.

use std::env;
use std::fmt::Display;

/// Measurements of one thing, sorted.
#[derive(Debug, Clone)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// These measurements; there must be one at least.
    pub fn new(mut values: Vec<f64>) -> Sample {
        assert!(!values.is_empty(), "nothing was measured");
        values.sort_by(f64::total_cmp);
        Sample(values)
    }

    /// The measurement below which this share of all lie: 0.5 is the median, 1 the highest.
    pub fn at(&self, share: f64) -> f64 {
        let last = self.0.len() - 1;
        self.0[(share * last as f64).round() as usize]
    }
}

/// Whether few runs are enough.
pub fn is_quick() -> bool {
    env::args().any(|arg| arg == "--quick")
}

/// Says what is measured, or why something is not.
pub fn remark(sentence: &str) {
    println!("# {sentence}");
}

/// Says a figure, what it is compared with, how many times the peer it is, and what was promised and whether that is
/// kept.
pub fn figure(
    name: &str,
    figure: impl Display,
    peer: impl Display,
    ratio: Option<f64>,
    goal: Option<(&str, bool)>,
) {
    let ratio = ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2} x"));
    let goal = goal.map_or_else(
        || "-".to_owned(),
        |(goal, is_met)| format!("{goal}: {}", if is_met { "met" } else { "missed" }),
    );
    println!("{name} | {figure} | {peer} | {ratio} | {goal}");
}
