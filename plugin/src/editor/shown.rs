//! What the panel shows of answers, history, favourites and the Keep track: made anew when they change, not in each
//! frame.

use std::sync::Arc;

use generator::{Listing, Task};
use melody::Ticks;

use super::ideas;
use crate::crossing::Sounding;
use crate::instance::{self, Instance, Report};
use crate::panel::{Alternatives, Answered, Map, Mark, Piece, Selection, Sounds, Span, ViewModel};
use crate::state::{self, Given, History};

/// What was shown last.
#[derive(Default)]
pub struct Shown {
    history: Option<Arc<History>>,
    library: Option<Arc<Vec<Listing>>>,
    map: Option<(Arc<instance::Map>, Arc<Map>)>,
}

impl Shown {
    /// Takes over what the worker and the project have that the panel does not show yet. `[main-thread]`
    pub fn refresh(&mut self, model: &mut ViewModel, instance: &Instance, report: &Report) {
        let remembered = instance.memory.get();
        let library = instance.models.listings();
        let is_known = self.history.as_ref().is_some_and(|known| Arc::ptr_eq(known, &remembered.history))
            && self.library.as_ref().is_some_and(|known| Arc::ptr_eq(known, &library));
        if !is_known {
            show_history(model, &remembered.history, &library);
            self.history = Some(remembered.history.clone());
            self.library = Some(library);
        }
        let given = remembered.answer();
        // Two long phrases are compared in each frame, so only where it matters.
        let answers = given.is_some_and(|given| given.prompt == *report.prompt);
        model.answers_prompt = answers;
        model.answer_at = answer_at(given.filter(|_| answers), report);
        model.alternatives = given.and_then(|given| alternatives(given, report));
        model.map = self.map(report);
        model.side = if remembered.side_b { crate::panel::Side::B } else { crate::panel::Side::A };
    }

    fn map(&mut self, report: &Report) -> Option<Arc<Map>> {
        let told = report.map.as_ref()?;
        match &self.map {
            Some((known, shown)) if Arc::ptr_eq(known, told) => Some(shown.clone()),
            _ => {
                let shown = Arc::new(Map { points: told.points.to_vec(), places: told.places.clone() });
                self.map = Some((told.clone(), shown.clone()));
                Some(shown)
            }
        }
    }
}

/// Where the answer begins in what was heard: after what it answers, in its gap, or at the end.
fn answer_at(answers: Option<&Arc<Given>>, report: &Report) -> Ticks {
    match answers {
        Some(given) if given.task == Task::Fill => Ticks(report.taken.start),
        Some(_) => Ticks(report.taken.end),
        None => report.heard.whole_bars(),
    }
}

fn alternatives(given: &Given, report: &Report) -> Option<Alternatives> {
    let listed = report.alternatives.as_ref()?;
    listed.is_of(given).then(|| Alternatives {
        note: listed.note,
        choices: listed.choices.clone(),
        teller: listed.teller.clone(),
        problem: listed.problem.clone(),
    })
}

fn show_history(model: &mut ViewModel, history: &History, library: &[Listing]) {
    let name = |id: &str| {
        let card = library.iter().find(|listing| listing.id == id)?.card.as_ref().ok()?;
        Some(card.name.clone())
    };
    let named = |id: &str| name(id).unwrap_or_else(|| id.to_owned());
    let piece = |piece: &Arc<state::Piece>| Piece {
        title: format!("{} {:06}", named(&piece.model), piece.candidate.seed),
        phrase: piece.candidate.phrase.clone(),
        orphaned: name(&piece.model).is_none(),
    };
    let ideas = history.now();
    model.favourites = Arc::new(ideas.favourites.iter().map(piece).collect());
    model.song = Arc::new(ideas.song.iter().map(piece).collect());
    let answered = |given: &Arc<Given>| Answered {
        task: given.task,
        model: named(&given.model),
        candidates: given.candidates().clone(),
        chosen: given.chosen(),
    };
    model.history = Arc::new(history.answers().iter().map(answered).collect());
    model.recalled = history.recalled();
    model.undo = history.undoes().map(str::to_owned);
    model.redo = history.redoes().map(str::to_owned);
    let Some(given) = history.answer() else {
        (model.candidates, model.marks) = (Arc::default(), Vec::new());
        return;
    };
    model.candidates = given.candidates().clone();
    model.auditioned = given.chosen();
    model.answered = given.task;
    let is_in = |pieces: &[Arc<state::Piece>], index: usize| {
        pieces.iter().any(|piece| ideas::is_same(piece, given, index))
    };
    let mark = |index| Mark { favourite: is_in(&ideas.favourites, index), kept: is_in(&ideas.song, index) };
    model.marks = (0..given.candidates().len()).map(mark).collect();
}

impl From<Sounding> for Sounds {
    fn from(sounding: Sounding) -> Sounds {
        match sounding {
            Sounding::Nothing => Sounds::Nothing,
            Sounding::Answer => Sounds::Answer,
            Sounding::Favourite(index) => Sounds::Favourite(index),
            Sounding::Song => Sounds::Song,
        }
    }
}

/// A stretch as the panel has it.
pub fn span(stretch: &instance::Stretch) -> Span {
    Span { from: Ticks(stretch.start), to: Ticks(stretch.end) }
}

impl From<&instance::Selection> for Selection {
    fn from(selection: &instance::Selection) -> Selection {
        match selection {
            instance::Selection::Heard(stretch) => Selection::Heard(span(stretch)),
            instance::Selection::Answer(stretch) => Selection::Answer(span(stretch)),
        }
    }
}

impl From<Selection> for instance::Selection {
    fn from(selection: Selection) -> instance::Selection {
        match selection {
            Selection::Heard(span) => instance::Selection::Heard(span.from.0..span.to.0),
            Selection::Answer(span) => instance::Selection::Answer(span.from.0..span.to.0),
        }
    }
}
