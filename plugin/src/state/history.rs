//! The ideas of a project: the answer that is shown, the favourites, the Keep track, all earlier answers, and the steps
//! that can be taken back.

mod saved;

use std::sync::Arc;

use melody::Phrase;

use super::{Given, Piece};

/// The most answers that are remembered; the oldest goes first.
const MAX_ANSWERS: usize = 64;
/// The most steps that can be taken back.
const MAX_STEPS: usize = 64;
/// The most favourites, and the most pieces of the Keep track.
pub const MAX_PIECES: usize = 256;

/// The most notes of favourites and Keep track together, so that a project stays of a sane size.
pub const MAX_PIECE_NOTES: usize = 20_000;

/// What lies on the table at one moment; cheap to copy.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ideas {
    /// The answer that is shown.
    pub answer: Option<Arc<Given>>,
    /// The phrases that the user likes, the oldest first.
    pub favourites: Vec<Arc<Piece>>,
    /// The Keep track, in the song's order.
    pub song: Vec<Arc<Piece>>,
    /// What had been played, on both sides of a step that took it away.
    pub heard: Option<Arc<Piece>>,
}

impl Ideas {
    /// Whether there are more favourites or pieces than there is room for.
    pub fn is_full(&self) -> bool {
        let notes = |pieces: &[Arc<Piece>]| -> usize {
            pieces.iter().map(|piece| piece.candidate.phrase.notes().len()).sum()
        };
        self.favourites.len().max(self.song.len()) > MAX_PIECES
            || notes(&self.favourites) + notes(&self.song) > MAX_PIECE_NOTES
    }
}

/// A step that can be taken back or made again.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    /// What it did, in a word or two.
    deed: String,
    /// What lay there on its other side.
    ideas: Ideas,
}

/// The ideas now, and how they came about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    now: Ideas,
    past: Vec<Step>,
    future: Vec<Step>,
    /// All answers in the order in which they came, each as it was last seen.
    answers: Vec<Arc<Given>>,
    /// The number of the newest answer.
    count: u64,
}

impl History {
    /// What lies on the table.
    pub fn now(&self) -> &Ideas {
        &self.now
    }

    /// The answer that is shown.
    pub fn answer(&self) -> Option<&Arc<Given>> {
        self.now.answer.as_ref()
    }

    /// All answers, the oldest first.
    pub fn answers(&self) -> &[Arc<Given>] {
        &self.answers
    }

    /// What would be taken back.
    pub fn undoes(&self) -> Option<&str> {
        self.past.last().map(|step| step.deed.as_str())
    }

    /// What would be made again.
    pub fn redoes(&self) -> Option<&str> {
        self.future.last().map(|step| step.deed.as_str())
    }

    /// Shows a new answer.
    pub fn show(&mut self, deed: &str, mut given: Given) {
        self.count = self.count.wrapping_add(1);
        given.number = self.count;
        self.change(deed, |ideas| ideas.answer = Some(Arc::new(given)));
    }

    /// Puts another version of an answer in its place: a step of its own, or, while one gesture lasts, part of the last.
    /// The candidate that is chosen by now stays chosen. `false`, and nothing done, where the answer is not shown any more,
    /// or has other candidates than `before` had.
    pub fn replace(&mut self, deed: &str, before: &Given, mut given: Given, same_gesture: bool) -> bool {
        let Some(shown) = self.now.answer.as_ref().filter(|shown| shown.is_version(before)) else {
            return false;
        };
        given.number = shown.number;
        if shown.chosen() != before.chosen() {
            given.choose(shown.chosen());
        }
        if same_gesture && self.undoes() == Some(deed) {
            self.now.answer = Some(Arc::new(given));
            self.note_answer();
        } else {
            self.change(deed, |ideas| ideas.answer = Some(Arc::new(given)));
        }
        true
    }

    /// Changes what lies on the table, as a step that can be taken back.
    pub fn change(&mut self, deed: &str, change: impl FnOnce(&mut Ideas)) {
        let mut next = self.now.clone();
        change(&mut next);
        next.favourites.truncate(MAX_PIECES);
        next.song.truncate(MAX_PIECES);
        if next == self.now {
            return;
        }
        let before = std::mem::replace(&mut self.now, next);
        self.past.push(Step { deed: deed.to_owned(), ideas: before });
        if self.past.len() > MAX_STEPS {
            self.past.remove(0);
        }
        self.future.clear();
        self.note_answer();
    }

    /// Puts another phrase, or none, in the place of what was played, as a step that can be taken back.
    pub fn put_away(
        &mut self,
        deed: &str,
        played: &Phrase,
        instead: &Phrase,
        change: impl FnOnce(&mut Ideas),
    ) {
        self.now.heard = Some(Arc::new(Piece::played(played)));
        self.change(deed, |ideas| {
            ideas.heard = Some(Arc::new(Piece::played(instead)));
            change(ideas);
        });
    }

    /// Before a step is taken back or made again: what has been played since the phrase was put away comes back, too.
    pub fn note_played(&mut self, played: &Phrase) {
        if self.now.heard.as_ref().is_some_and(|known| known.candidate.phrase != *played) {
            self.now.heard = Some(Arc::new(Piece::played(played)));
        }
    }

    /// Chooses another candidate of the answer that is shown: looking around is no step.
    pub fn choose(&mut self, index: usize) {
        if let Some(given) = &mut self.now.answer {
            Arc::make_mut(given).choose(index);
            self.note_answer();
        }
    }

    /// Takes the last step back.
    pub fn undo(&mut self) {
        if let Some(step) = self.past.pop() {
            let after = std::mem::replace(&mut self.now, step.ideas);
            self.future.push(Step { deed: step.deed, ideas: after });
            self.note_answer();
        }
    }

    /// Makes the step again that was taken back last.
    pub fn redo(&mut self) {
        if let Some(step) = self.future.pop() {
            let before = std::mem::replace(&mut self.now, step.ideas);
            self.past.push(Step { deed: step.deed, ideas: before });
            self.note_answer();
        }
    }

    /// Shows an answer of the list again.
    pub fn recall(&mut self, place: usize) {
        if let Some(given) = self.answers.get(place).cloned() {
            self.change("look at an earlier answer", |ideas| ideas.answer = Some(given));
        }
    }

    /// Where the answer that is shown stands in the list.
    pub fn recalled(&self) -> Option<usize> {
        let shown = self.now.answer.as_ref()?;
        self.answers.iter().position(|given| given.number == shown.number)
    }

    /// Keeps the list of answers up to date with the one that is shown.
    fn note_answer(&mut self) {
        let Some(shown) = &self.now.answer else { return };
        match self.answers.iter_mut().find(|given| given.number == shown.number) {
            Some(known) => known.clone_from(shown),
            None => {
                self.answers.push(shown.clone());
                self.answers.sort_by_key(|given| given.number);
            }
        }
        if self.answers.len() > MAX_ANSWERS {
            self.answers.remove(0);
        }
    }

    /// A history that begins with one answer, as the first projects kept it.
    pub fn of(answer: Option<Given>) -> History {
        let mut history = History::default();
        if let Some(given) = answer {
            history.show("answer", given);
            history.past.clear();
        }
        history
    }
}

#[cfg(test)]
mod tests;
