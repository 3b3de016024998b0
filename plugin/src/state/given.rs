//! An answer with what led to it, as a project keeps it.

use std::sync::Arc;

use generator::{Candidate, Look, Request, Task};
use melody::Phrase;
use serde::{Deserialize, Serialize};

use super::{LONGEST, sane};

/// The most looks that one note of an answer keeps.
const MAX_LOOKS: usize = 64;
/// The most looks of all notes of all candidates together: about five megabytes of a project.
const MAX_ALL_LOOKS: usize = 1 << 17;

/// An answer: one candidate or several, of which one is chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Saved", into = "Saved")]
pub struct Given {
    /// The id of the model that gave it.
    pub model: String,
    /// Which answer of the project this is; other versions of the same one have the same number.
    pub number: u64,
    /// What was asked for.
    pub task: Task,
    /// The seed that was asked with.
    pub seed: u64,
    /// What it answers, as the model saw it.
    pub prompt: Phrase,
    /// The phrase that a morph leads to.
    pub goal: Option<Phrase>,
    /// Never empty; shared with the panel, which looks at them in each frame.
    candidates: Arc<Vec<Candidate>>,
    /// The place of the one that plays and is kept.
    chosen: usize,
}

impl Given {
    /// What a model of this id answered to a request; the first candidate is chosen. `None` without any. `[worker]`
    pub fn new(model: String, request: &Request, candidates: Vec<Candidate>) -> Option<Given> {
        let (prompt, goal) = (request.prompt.clone(), request.goal.clone());
        let candidates = Arc::new(all_sane(candidates));
        (!candidates.is_empty()).then_some(Given {
            model,
            number: 0,
            task: request.task,
            seed: request.seed,
            prompt,
            goal,
            candidates,
            chosen: 0,
        })
    }

    /// The same with other candidates, of which the one at this place is chosen; `None` without any.
    pub fn with(&self, candidates: Vec<Candidate>, chosen: usize) -> Option<Given> {
        let last = candidates.len().checked_sub(1)?;
        let candidates = Arc::new(all_sane(candidates));
        Some(Given { candidates, chosen: chosen.min(last), ..self.clone() })
    }

    /// Whether it is the same version of the same answer; another candidate may be chosen.
    pub fn is_version(&self, other: &Given) -> bool {
        self.number == other.number && Arc::ptr_eq(&self.candidates, &other.candidates)
    }

    /// The same without what the model looked at.
    pub fn without_attention(mut self) -> Given {
        if self.candidates.iter().any(|candidate| !candidate.attention.is_empty()) {
            Arc::make_mut(&mut self.candidates).iter_mut().for_each(|candidate| candidate.attention.clear());
        }
        self
    }

    /// All candidates, in the model's order.
    pub fn candidates(&self) -> &Arc<Vec<Candidate>> {
        &self.candidates
    }

    /// The place of the chosen candidate.
    pub fn chosen(&self) -> usize {
        self.chosen
    }

    /// The chosen candidate.
    pub fn candidate(&self) -> &Candidate {
        &self.candidates[self.chosen]
    }

    /// Chooses the candidate at this place; without one there, all stays as it is.
    pub fn choose(&mut self, index: usize) {
        if index < self.candidates.len() {
            self.chosen = index;
        }
    }
}

/// The answer as it is written. The chosen candidate stands where the first projects had their only one.
#[derive(Serialize, Deserialize)]
struct Saved {
    model: String,
    prompt: Phrase,
    candidate: Candidate,
    #[serde(default = "first_task", skip_serializing_if = "is_first_task")]
    task: Task,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    goal: Option<Phrase>,
    /// The candidates that are not chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<Candidate>,
    /// The place of the chosen one among them all.
    #[serde(default, skip_serializing_if = "is_zero")]
    chosen: usize,
    #[serde(default)]
    number: u64,
    /// The seed that was asked with; the first projects had one candidate, and its seed.
    #[serde(default)]
    seed: Option<u64>,
}

/// What the first projects could ask for.
fn first_task() -> Task {
    Task::Continue
}

fn is_first_task(task: &Task) -> bool {
    *task == first_task()
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl From<Saved> for Given {
    fn from(saved: Saved) -> Given {
        let mut candidates = saved.others;
        candidates.truncate(Request::MAX_COUNT as usize - 1);
        let chosen = saved.chosen.min(candidates.len());
        let seed = saved.seed.unwrap_or(saved.candidate.seed);
        candidates.insert(chosen, saved.candidate);
        Given {
            model: saved.model,
            number: saved.number,
            task: saved.task,
            seed,
            prompt: sane(&saved.prompt),
            goal: saved.goal.as_ref().map(sane),
            candidates: Arc::new(all_sane(candidates)),
            chosen,
        }
    }
}

impl From<Given> for Saved {
    fn from(given: Given) -> Saved {
        let mut others = Vec::clone(&given.candidates);
        let candidate = others.remove(given.chosen);
        let Given { model, number, task, seed, prompt, goal, chosen, .. } = given;
        Saved { model, prompt, candidate, task, goal, others, chosen, number, seed: Some(seed) }
    }
}

/// The same candidates with every number in its range and as many looks as a project has room for.
fn all_sane(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut looks = 0;
    let mut sane = |candidate: Candidate| {
        let mut candidate = sane_candidate(candidate);
        looks += candidate.attention.iter().map(Vec::len).sum::<usize>();
        if looks > MAX_ALL_LOOKS {
            candidate.attention.clear();
        }
        candidate
    };
    candidates.into_iter().map(&mut sane).collect()
}

/// A candidate with every number in its range.
pub fn sane_candidate(candidate: Candidate) -> Candidate {
    let phrase = sane(&candidate.phrase);
    // A rest among next notes has no note, and even so a probability.
    let fits = candidate.probabilities.len() == phrase.notes().len().max(1);
    let probabilities = if fits { candidate.probabilities } else { Vec::new() };
    let probabilities =
        probabilities.into_iter().map(|p| if p.is_finite() { p.clamp(0.0, 1.0) } else { 0.0 });
    let similarity = candidate.similarity.filter(|similarity| similarity.is_finite());
    let sane = |look: &Look| (-LONGEST..=LONGEST).contains(&look.onset) && (0.0..=1.0).contains(&look.weight);
    let rows = candidate.attention.iter().take(phrase.notes().len());
    let attention = rows.map(|row| row.iter().copied().filter(sane).take(MAX_LOOKS).collect()).collect();
    Candidate { probabilities: probabilities.collect(), phrase, seed: candidate.seed, similarity, attention }
}
