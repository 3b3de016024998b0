//! Figures that say how melodies are alike: what models are measured by.

pub mod distance;
pub mod histogram;

pub use distance::{distance, mean_pairwise_distance};
pub use histogram::Histogram;
