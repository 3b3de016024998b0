//! Figures that say how melodies are alike: what models are measured by.

pub mod area;
pub mod bars;
pub mod copying;
pub mod distance;
pub mod histogram;
pub mod judge;
pub mod means;
pub mod motifs;
pub mod pitches;
pub mod polyphony;
pub mod repetitions;
pub mod rhythm;
pub mod scales;
pub mod six;
pub mod spans;
pub mod summary;

pub use distance::{distance, mean_pairwise_distance};
pub use histogram::Histogram;
pub use six::Six;
pub use summary::Summary;
