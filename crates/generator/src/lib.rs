//! From a model pack to candidate phrases: everything that knows networks, tract and the ONNX file format.
//!
//! A [`Request`] goes in; a [`Generator`], opened from the [`Library`], answers with [`Candidate`]s. Each step of the
//! way is a file: [`melody::Prompt`] makes tokens of what was played, [`seq2seq`], [`dnn`], [`random`] and others
//! propose what comes next, [`steering`] leans the proposal towards key and chord, [`sampling`] draws from it,
//! [`answer`] makes notes of it.

pub mod answer;
pub mod biaxial;
pub mod cancel;
pub mod candidate;
pub mod dnn;
pub mod gan;
pub mod house;
mod inference;
pub mod library;
pub mod midinet;
mod next_token;
pub mod onnx;
pub mod pack;
pub mod performer;
pub mod random;
pub mod request;
pub mod sampling;
pub mod seq2seq;
mod shipped;
pub mod steering;
mod tonality;
pub mod vae;

pub use cancel::Cancel;
pub use candidate::{Candidate, Look};
pub use library::{Library, Listing};
pub use pack::{Card, Pack, PackError};
pub use request::{KeyLock, Knob, Request, RequestError, Task};

use melody::{Phrase, Style};
use serde::{Deserialize, Serialize};

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

    /// How surprised the model is by a whole melody, given nothing but that it starts. `[worker]`
    ///
    /// # Errors
    /// [`GenerateError::NoScore`] for a model that gives no probabilities.
    fn score(&self, melody: &Phrase) -> Result<Score, GenerateError> {
        let _ = melody;
        Err(GenerateError::NoScore { model: self.card().name.clone() })
    }

    /// How many notes and rests of a prompt the model does not know and hears as their nearest relatives. `[worker]`
    fn strangers(&self, prompt: &Phrase) -> usize {
        let _ = prompt;
        0
    }

    /// The model as a variational autoencoder, with its phrases and their map, where it is one.
    fn as_vae(&self) -> Option<&vae::Vae> {
        None
    }
}

/// A model's surprise over a melody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Surprise over all notes and rests, in nats.
    pub nats: f64,
    /// Notes in the melody; the surprise over rests is borne by them.
    pub notes: usize,
    /// Notes and rests that are not in the vocabulary and were counted as their nearest relatives.
    pub replaced: usize,
    /// What is counted, in a sentence.
    pub counted: String,
}

impl Score {
    /// Nats a note; 0 for a melody without notes.
    pub fn per_note(&self) -> f64 {
        if self.notes == 0 { 0.0 } else { self.nats / self.notes as f64 }
    }
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
    /// The model was not taught this style.
    #[error("the model \"{model}\" was not taught {style}; choose one of: {able}")]
    Style {
        /// The model's name.
        model: String,
        /// What was asked for.
        style: Style,
        /// What it was taught.
        able: String,
    },
    /// The model gives no probabilities.
    #[error(
        "the model \"{model}\" cannot score a melody: it gives no probabilities of notes; choose another"
    )]
    NoScore {
        /// The model's name.
        model: String,
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
