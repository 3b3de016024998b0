//! What a judge knows of an answer: figures of the melody alone, and of how it goes on from its prompt.
//!
//! Two sets of melodies that a classifier cannot tell apart by these figures are alike in all that they measure: the
//! two-sample test of Lopez-Paz and Oquab (2017).

mod alone;
mod relation;

pub use alone::of_melody;
pub use relation::of_answer;

/// A figure with its name. What a melody is too short to have is 0.
pub type Feature = (&'static str, f64);

/// The mean; 0 of nothing.
fn mean(values: &[f64]) -> f64 {
    super::means::mean(values).unwrap_or_default()
}

/// The standard deviation; 0 of nothing.
fn deviation(values: &[f64]) -> f64 {
    let centre = mean(values);
    mean(&values.iter().map(|value| (value - centre).powi(2)).collect::<Vec<f64>>()).sqrt()
}
