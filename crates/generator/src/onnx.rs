//! The ONNX file format: writing the graphs that we train, and checking those that we are given.

pub mod check;
pub(crate) mod halves;
pub mod inputs;
pub(crate) mod weights;
pub mod write;

pub use check::{GraphError, check};
pub use write::Graph;
