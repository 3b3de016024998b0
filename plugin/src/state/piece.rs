//! A phrase that the user liked or kept, with the model that made it.

use generator::{Candidate, Task};
use melody::Phrase;
use serde::{Deserialize, Serialize};

use super::given::sane_candidate;

/// A phrase that outlives the answer that it came with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Saved")]
pub struct Piece {
    /// The id of the model that made it.
    pub model: String,
    /// What it was asked to do.
    pub task: Task,
    /// The notes, their seed and how sure the model was of them.
    pub candidate: Candidate,
}

impl Piece {
    /// A candidate of a model, without what it looked at: that makes sense beside its prompt alone.
    pub fn new(model: &str, task: Task, candidate: &Candidate) -> Piece {
        let candidate = Candidate { attention: Vec::new(), ..candidate.clone() };
        Piece { model: model.to_owned(), task, candidate }
    }

    /// What the player played, which no model made.
    pub fn played(phrase: &Phrase) -> Piece {
        let candidate = Candidate { phrase: phrase.clone(), ..Candidate::default() };
        Piece { model: String::new(), task: Task::Continue, candidate }
    }
}

/// A piece as a project has it, which may say anything.
#[derive(Deserialize)]
struct Saved {
    model: String,
    task: Task,
    candidate: Candidate,
}

impl From<Saved> for Piece {
    fn from(saved: Saved) -> Piece {
        Piece::new(&saved.model, saved.task, &sane_candidate(saved.candidate))
    }
}
