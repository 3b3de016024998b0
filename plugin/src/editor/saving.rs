//! Saving the answer as a `.mid` file that the user chooses.

use std::sync::Arc;

use crate::dialog::Outcome;
use crate::export::{self, MidiFile};
use crate::instance::{Instance, Work};

/// Asks for a place and writes the chosen candidate there; what came of it is reported in the panel. `[main-thread]`
pub fn save(instance: &Arc<Instance>) {
    let remembered = instance.memory.get();
    let Some(given) = remembered.answer() else { return };
    let candidate = given.candidate();
    let file = MidiFile::of(&candidate.phrase, &format!("{} {}", given.model, candidate.seed));
    let instance = instance.clone();
    export::save(file, "Save the answer", move |outcome| match outcome {
        Outcome::News(says) | Outcome::Problem(says) => {
            instance.change_report(|report| report.work = Work::Problem(says));
        }
        Outcome::Cancelled => {}
    });
}
