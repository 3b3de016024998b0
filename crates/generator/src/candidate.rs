//! One answer of a model, with what is needed to get it again and to see how sure the model was.

use melody::{Phrase, Ticks};
use serde::{Deserialize, Serialize};

/// A proposed phrase. Its time zero is the bar line at which it wants to start.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The notes, in the key and octave of the prompt. Answers to [`crate::Task::Continue`] and
    /// [`crate::Task::Fresh`] last exactly the bars that were asked for; one to [`crate::Task::Next`] is one note, or
    /// silence as long as a rest, and its time zero is the end of the last note heard.
    pub phrase: Phrase,
    /// The seed that gives this candidate again.
    pub seed: u64,
    /// For each note of the phrase the probability, 0 to 1, that the network itself gave it before any knob.
    pub probabilities: Vec<f32>,
    /// How alike the phrase is to the prompt, as the model measures it: the cosine of two phrase vectors, -1 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f32>,
    /// For each note of the phrase where the network looked while it chose it; empty for a model without attention.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attention: Vec<Vec<Look>>,
}

/// A share of a model's attention on one earlier note or rest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Where that note starts, in ticks from the phrase's time zero: below zero in the prompt.
    pub onset: Ticks,
    /// Its share, 0 to 1; the shares of one note's looks sum to 1.
    pub weight: f32,
}
