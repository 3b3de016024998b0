//! The history as a project keeps it: each answer and each piece once, and the moments as numbers of theirs.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{History, Ideas, MAX_ANSWERS, MAX_PIECES, MAX_STEPS, Step};
use crate::state::{Given, Piece};

/// The most notes of all answers and steps together that a project keeps, beside those that lie on the table: about a
/// megabyte. The newest go first.
const MAX_NOTES: usize = 12_000;

/// A history with its answers and pieces by number.
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Saved {
    answers: Vec<Given>,
    pieces: Vec<Piece>,
    now: Moment,
    past: Vec<Leap>,
    future: Vec<Leap>,
    /// The answers of the list, by number.
    list: Vec<usize>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Moment {
    answer: Option<usize>,
    favourites: Vec<usize>,
    song: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    heard: Option<usize>,
}

#[derive(Serialize, Deserialize)]
struct Leap {
    deed: String,
    ideas: Moment,
}

/// What has been numbered so far.
#[derive(Default)]
struct Numbering {
    answers: Vec<Given>,
    pieces: Vec<Piece>,
    known: HashMap<usize, usize>,
    notes: usize,
}

impl Numbering {
    /// The number of an answer; `None` where there is no room left. Its attention is kept with what is shown alone.
    fn answer(&mut self, given: &Arc<Given>, shown: bool) -> Option<usize> {
        let address = Arc::as_ptr(given) as usize;
        if let Some(number) = self.known.get(&address) {
            return Some(*number);
        }
        let notes: usize = given.candidates().iter().map(|candidate| candidate.phrase.notes().len()).sum();
        if !shown && self.notes + notes > MAX_NOTES {
            return None;
        }
        self.notes += notes;
        let given = Given::clone(given);
        self.answers.push(if shown { given } else { given.without_attention() });
        self.known.insert(address, self.answers.len() - 1);
        Some(self.answers.len() - 1)
    }

    /// The number of a piece; `None` where there is no room left for one that is not on the table.
    fn piece(&mut self, piece: &Arc<Piece>, shown: bool) -> Option<usize> {
        let address = Arc::as_ptr(piece) as usize;
        if let Some(number) = self.known.get(&address) {
            return Some(*number);
        }
        let notes = piece.candidate.phrase.notes().len();
        if !shown {
            if self.notes + notes > MAX_NOTES {
                return None;
            }
            self.notes += notes;
        }
        self.pieces.push(Piece::clone(piece));
        self.known.insert(address, self.pieces.len() - 1);
        Some(self.pieces.len() - 1)
    }

    /// A moment; `None` where its answer has no room.
    fn moment(&mut self, ideas: &Ideas, shown: bool) -> Option<Moment> {
        let answer = match &ideas.answer {
            Some(given) => Some(self.answer(given, shown)?),
            None => None,
        };
        let favourites: Option<_> = ideas.favourites.iter().map(|piece| self.piece(piece, shown)).collect();
        let song: Option<_> = ideas.song.iter().map(|piece| self.piece(piece, shown)).collect();
        let heard = match &ideas.heard {
            Some(piece) => Some(self.piece(piece, shown)?),
            None => None,
        };
        Some(Moment { answer, favourites: favourites?, song: song?, heard })
    }

    /// The steps nearest to now, as far as there is room.
    fn leaps(&mut self, steps: &[Step]) -> Vec<Leap> {
        let leap =
            |step: &Step| Some(Leap { deed: step.deed.clone(), ideas: self.moment(&step.ideas, false)? });
        let mut leaps: Vec<Leap> = steps.iter().rev().map_while(leap).collect();
        leaps.reverse();
        leaps
    }
}

impl Serialize for History {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut numbering = Numbering::default();
        let now = numbering.moment(&self.now, true).unwrap_or_default();
        let newest = self.answers.iter().rev();
        let mut list: Vec<usize> = newest.map_while(|given| numbering.answer(given, false)).collect();
        list.reverse();
        let past = numbering.leaps(&self.past);
        let future = numbering.leaps(&self.future);
        let Numbering { answers, pieces, .. } = numbering;
        Saved { answers, pieces, now, past, future, list }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for History {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<History, D::Error> {
        Saved::deserialize(deserializer).map(History::from)
    }
}

impl From<Saved> for History {
    fn from(saved: Saved) -> History {
        let answers: Vec<Arc<Given>> = saved.answers.into_iter().map(Arc::new).collect();
        let pieces: Vec<Arc<Piece>> = saved.pieces.into_iter().map(Arc::new).collect();
        let row = |numbers: Vec<usize>| -> Vec<Arc<Piece>> {
            numbers.into_iter().filter_map(|number| pieces.get(number).cloned()).take(MAX_PIECES).collect()
        };
        let ideas = |moment: Moment| Ideas {
            answer: moment.answer.and_then(|number| answers.get(number).cloned()),
            favourites: row(moment.favourites),
            song: row(moment.song),
            heard: moment.heard.and_then(|number| pieces.get(number).cloned()),
        };
        let steps = |leaps: Vec<Leap>| -> Vec<Step> {
            let skipped = leaps.len().saturating_sub(MAX_STEPS);
            let newest = leaps.into_iter().skip(skipped);
            newest.map(|leap| Step { deed: leap.deed, ideas: ideas(leap.ideas) }).collect()
        };
        let now = ideas(saved.now);
        let (past, future) = (steps(saved.past), steps(saved.future));
        let listed = saved.list.into_iter().filter_map(|number| answers.get(number).cloned());
        let mut list: Vec<Arc<Given>> = listed.take(MAX_ANSWERS).collect();
        list.sort_by_key(|given| given.number);
        list.dedup_by_key(|given| given.number);
        let count = answers.iter().map(|given| given.number).max().unwrap_or(0);
        let mut history = History { now, past, future, answers: list, count };
        history.note_answer();
        history
    }
}
