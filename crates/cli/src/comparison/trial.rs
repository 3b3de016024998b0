//! What a model makes from the paper's example: three trials, the first of which is shown.

use anyhow::{Context, Result, anyhow};
use generator::{Cancel, Candidate, Generator, Request, Task};
use melody::{Phrase, midi};
use serde::Serialize;

/// Length of each answer in bars, where it can be asked for.
pub const BARS: u32 = 8;
/// The seeds of the trials.
pub const SEEDS: [u64; 3] = [1, 2, 3];
/// How far variations stray: at 0 every seed would give the same.
pub const NEIGHBOURHOOD: f32 = 0.3;

/// One answer.
#[derive(Debug, Serialize)]
pub struct Trial {
    pub seed: u64,
    /// The `.mid` file beside the page: what was heard, where the answer goes on from it, and the answer.
    pub file: String,
    /// Notes as tokens would spell them, with the probability that the network gave each.
    pub notes: Vec<Sounding>,
    pub similarity: Option<f32>,
    #[serde(skip)]
    pub candidate: Candidate,
    #[serde(skip)]
    pub midi: Vec<u8>,
}

/// A note of an answer; times in quarters from the answer's start.
#[derive(Debug, Serialize)]
pub struct Sounding {
    onset: f64,
    length: f64,
    pitch: u8,
    probability: Option<f32>,
}

/// What a model is asked in the comparison: what the paper asked of it, if it can do that.
///
/// # Errors
/// The model can do nothing that gives a melody.
pub fn task(model: &dyn Generator) -> Result<Task> {
    let can = |task: &Task| model.card().tasks.contains(task);
    let wanted = [Task::Continue, Task::Vary, Task::Fresh].into_iter().find(can);
    wanted
        .ok_or_else(|| anyhow!("the model \"{}\" makes no melodies, and cannot be compared", model.card().id))
}

/// A request in the comparison: the paper's dice, which trust the network's odds.
pub fn request(task: Task, tune: &Phrase, seed: u64) -> Request {
    let prompt = if task == Task::Fresh { Phrase::default() } else { tune.clone() };
    Request {
        task,
        neighbourhood: if task == Task::Vary { NEIGHBOURHOOD } else { 0.0 },
        bars: BARS,
        temperature: 1.0,
        top_p: 1.0,
        seed,
        ..Request::to_continue(prompt)
    }
}

/// The three trials of the model of this id.
///
/// # Errors
/// The model fails.
pub fn trials(model: &dyn Generator, id: &str, task: Task, tune: &Phrase) -> Result<Vec<Trial>> {
    let trial = |(number, seed): (usize, u64)| {
        let candidates = model.generate(&request(task, tune, seed), &Cancel::never())?;
        let candidate = candidates.into_iter().next();
        let candidate = candidate.with_context(|| format!("the model \"{id}\" gave no answer"))?;
        Ok(Trial::of(format!("figures/{id}-{}.mid", number + 1), &model.card().name, task, tune, candidate))
    };
    SEEDS.into_iter().enumerate().map(trial).collect()
}

impl Trial {
    fn of(file: String, name: &str, task: Task, tune: &Phrase, candidate: Candidate) -> Trial {
        let sounding = |(index, note): (usize, &melody::Note)| Sounding {
            onset: note.onset.as_quarters(),
            length: note.length.as_quarters(),
            pitch: note.pitch.number(),
            probability: candidate.probabilities.get(index).copied(),
        };
        let whole = match task {
            Task::Continue => tune.followed_by(&candidate.phrase),
            _ => candidate.phrase.clone(),
        };
        Trial {
            seed: candidate.seed,
            file,
            notes: candidate.phrase.notes().iter().enumerate().map(sounding).collect(),
            similarity: candidate.similarity,
            midi: midi::write_phrase(&whole, name),
            candidate,
        }
    }
}
