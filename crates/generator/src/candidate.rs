//! One answer of a model, with what is needed to get it again and to see how sure the model was.

use melody::Phrase;
use serde::{Deserialize, Serialize};

/// A proposed phrase. Its time zero is the bar line at which it wants to start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The notes, in the key and octave of the prompt; it lasts exactly the bars that were asked for.
    pub phrase: Phrase,
    /// The seed that gives this candidate again.
    pub seed: u64,
    /// For each note of the phrase the probability, 0 to 1, that the network itself gave it before any knob.
    pub probabilities: Vec<f32>,
}
