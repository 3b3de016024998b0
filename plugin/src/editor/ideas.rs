//! What the user does with ideas: like, keep, throw away, change a note, take steps back.

use std::sync::Arc;

use melody::{Note, Phrase, Pitch};

use crate::instance::{Alternatives, Instance};
use crate::panel::Export;
use crate::state::{Given, History, Ideas, MAX_PIECES, Piece, Remembered};

/// Whether a piece is this candidate of a model.
pub fn is_same(piece: &Piece, given: &Given, index: usize) -> bool {
    piece.model == given.model && piece.candidate.phrase == given.candidates()[index].phrase
}

/// Likes a candidate, or not any more. `[main-thread]`
///
/// # Errors
/// A sentence when there is no room.
pub fn like(instance: &Instance, index: usize) -> Result<(), String> {
    collect(instance, index, "favourite", |ideas, given, piece| {
        let known = ideas.favourites.len();
        ideas.favourites.retain(|piece| !is_same(piece, given, index));
        if ideas.favourites.len() == known {
            ideas.favourites.push(piece);
        }
    })
}

/// Puts a candidate at the end of the Keep track. `[main-thread]`
///
/// # Errors
/// A sentence when there is no room.
pub fn keep(instance: &Instance, index: usize) -> Result<(), String> {
    collect(instance, index, "keep", |ideas, _, piece| ideas.song.push(piece))
}

fn collect(
    instance: &Instance,
    index: usize,
    deed: &str,
    change: impl FnOnce(&mut Ideas, &Given, Arc<Piece>),
) -> Result<(), String> {
    let remembered = instance.memory.get();
    let ideas = remembered.history.now();
    let Some(given) = remembered.answer().filter(|given| index < given.candidates().len()) else {
        return Ok(());
    };
    if ideas.favourites.len().max(ideas.song.len()) >= MAX_PIECES {
        return Err(format!(
            "There is room for {MAX_PIECES} phrases: drop some first, then {deed} this one."
        ));
    }
    let piece = Arc::new(Piece::new(&given.model, given.task, &given.candidates()[index]));
    change_ideas(instance, deed, |ideas| change(ideas, given, piece));
    Ok(())
}

/// Takes a candidate off the list. `[main-thread]`
pub fn throw_away(instance: &Instance, index: usize) {
    let remembered = instance.memory.get();
    let Some(given) = remembered.answer() else { return };
    let mut candidates = given.candidates().to_vec();
    if index >= candidates.len() {
        return;
    }
    candidates.remove(index);
    let chosen = given.chosen() - usize::from(index < given.chosen());
    let rest = given.with(candidates, chosen);
    instance.memory.change(|memory| {
        memory.change_history(|history| match rest {
            Some(rest) => history.replace("throw away", rest, false),
            None => history.change("throw away", |ideas| ideas.answer = None),
        });
    });
}

/// Gives a note of the chosen candidate another pitch. `[main-thread]`
pub fn swap(instance: &Instance, note: usize, pitch: Pitch) {
    let remembered = instance.memory.get();
    let Some(given) = remembered.answer() else { return };
    let candidate = given.candidate();
    let Some(old) = candidate.phrase.notes().get(note) else { return };
    let chance = instance.report().alternatives.and_then(|listed| chance(&listed, given, note, pitch));
    let mut changed = candidate.clone();
    let mut place = 0;
    changed.phrase = candidate.phrase.map_notes(|other| {
        let swapped = place == note;
        place += 1;
        if swapped { Note { pitch, ..other } } else { other }
    });
    if let (Some(of), Some(chance)) = (changed.probabilities.get_mut(note), chance) {
        *of = chance;
    }
    if old.pitch == pitch {
        return;
    }
    let mut candidates = given.candidates().to_vec();
    candidates[given.chosen()] = changed;
    if let Some(next) = given.with(candidates, given.chosen()) {
        instance.memory.change(|memory| {
            memory.change_history(|history| history.replace("change a note", next, false));
        });
    }
}

fn chance(listed: &Alternatives, given: &Given, note: usize, pitch: Pitch) -> Option<f32> {
    let fits = listed.of == (given.number, given.chosen()) && listed.note == note;
    let known = listed.choices.iter().find(|(known, _)| *known == pitch);
    known.filter(|_| fits).map(|(_, chance)| *chance)
}

/// Changes favourites or Keep track, as a step that can be taken back. `[main-thread]`
pub fn change_ideas(instance: &Instance, deed: &str, change: impl FnOnce(&mut Ideas)) {
    instance.memory.change(|memory| memory.change_history(|history| history.change(deed, change)));
}

/// Moves through the history. `[main-thread]`
pub fn travel(instance: &Instance, change: impl FnOnce(&mut History)) {
    instance.memory.change(|memory| memory.change_history(change));
}

/// Moves a piece of the Keep track. `[main-thread]`
pub fn move_piece(instance: &Instance, from: usize, to: usize) {
    change_ideas(instance, "move a piece", |ideas| {
        if from < ideas.song.len() {
            let piece = ideas.song.remove(from);
            ideas.song.insert(to.min(ideas.song.len()), piece);
        }
    });
}

/// The phrases of the Keep track one after the other, each from a bar line, with the meter and tempo of the first.
pub fn song(ideas: &Ideas) -> Option<Phrase> {
    let mut pieces = ideas.song.iter().map(|piece| &piece.candidate.phrase);
    let first = pieces.next()?.clone();
    let mut song = first;
    for piece in pieces {
        song = song.followed_by(piece);
    }
    let end = song.whole_bars();
    Some(song.lasting(end))
}

/// What is to leave the panel, with a name for its file.
pub fn exported(remembered: &Remembered, what: Export) -> Option<(Phrase, String)> {
    let ideas = remembered.history.now();
    let named = |piece: &Piece| {
        (piece.candidate.phrase.clone(), format!("continuo-{}-{:06}", piece.model, piece.candidate.seed))
    };
    match what {
        Export::Candidate(index) => {
            let given = remembered.answer()?;
            let candidate = given.candidates().get(index)?;
            Some((candidate.phrase.clone(), format!("continuo-{}-{:06}", given.model, candidate.seed)))
        }
        Export::Favourite(index) => ideas.favourites.get(index).map(|piece| named(piece)),
        Export::Song => song(ideas).map(|song| (song, "continuo-song".to_owned())),
    }
}
