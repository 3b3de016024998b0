//! From a model pack to candidate phrases: everything that knows networks, tract and the ONNX file format.
//!
//! A [`Request`] goes in; a [`Generator`], opened from the [`Library`], answers with [`Candidate`]s. Each step of the
//! way is a file: [`melody::Prompt`] makes tokens of what was played, [`seq2seq`] or [`random`] propose what comes next,
//! [`steering`] leans the proposal towards key and chord, [`sampling`] draws from it, [`answer`] makes notes of it.

pub mod answer;
pub mod cancel;
pub mod candidate;
mod inference;
pub mod library;
pub mod onnx;
pub mod pack;
pub mod random;
pub mod request;
pub mod sampling;
pub mod seq2seq;
mod shipped;
pub mod steering;

pub use cancel::Cancel;
pub use candidate::Candidate;
pub use library::{Library, Listing};
pub use pack::{Card, Pack, PackError};
pub use request::{KeyLock, Knob, Request, RequestError, Task};

/// A model that answers requests; shared by all who opened it, on any thread.
pub trait Generator: Send + Sync {
    /// What the model's pack says of itself.
    fn card(&self) -> &Card;

    /// Answers a request with `request.count` candidates; the n-th has the seed `request.seed + n` and is what that
    /// seed alone would have given. `[worker]`
    ///
    /// # Errors
    /// [`GenerateError`]; a cancelled run is one of them.
    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError>;
}

/// Refuses a request that no model can answer, and a task that this one does not do.
fn check(card: &Card, request: &Request, able: &[Task]) -> Result<(), GenerateError> {
    request.check()?;
    if able.contains(&request.task) && card.tasks.contains(&request.task) {
        return Ok(());
    }
    let able = card.tasks.iter().map(Task::to_string).collect::<Vec<_>>().join(", ");
    Err(GenerateError::Task { model: card.name.clone(), task: request.task, able })
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The request asks for what cannot be.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The model does not do this task.
    #[error("the model \"{model}\" cannot {task}; choose one of: {able}")]
    Task {
        /// The model's name.
        model: String,
        /// What was asked for.
        task: Task,
        /// What it can do.
        able: String,
    },
    /// Somebody asked for something newer, or is leaving.
    #[error("cancelled")]
    Cancelled,
    /// The network failed while it ran.
    #[error("the model \"{model}\" failed: {reason}; choose another model, or install this one anew")]
    Network {
        /// The model's name.
        model: String,
        /// What tract said.
        reason: String,
    },
}
