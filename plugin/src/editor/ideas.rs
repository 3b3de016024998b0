//! What the user does with ideas: like, keep, throw away, change a note, take steps back.

use std::sync::Arc;

use generator::Candidate;
use melody::{Note, Phrase, Pitch};

use crate::instance::{Alternatives, Instance};
use crate::panel::Export;
use crate::state::{Given, History, Ideas, MAX_PIECE_NOTES, MAX_PIECES, Piece, Remembered};

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
    let mut outcome = Ok(());
    travel(instance, |history| {
        let Some(given) = history.answer().filter(|given| index < given.candidates().len()).cloned() else {
            return;
        };
        let piece = Arc::new(Piece::new(&given.model, given.task, &given.candidates()[index]));
        outcome = arrange(history, deed, |ideas| change(ideas, &given, piece));
    });
    outcome
}

/// Puts a favourite at the end of the Keep track. `[main-thread]`
///
/// # Errors
/// A sentence when there is no room.
pub fn keep_favourite(instance: &Instance, index: usize) -> Result<(), String> {
    let mut outcome = Ok(());
    travel(instance, |history| {
        outcome = arrange(history, "keep", |ideas| ideas.song.extend(ideas.favourites.get(index).cloned()));
    });
    outcome
}

/// A step of the history, unless there is no room for what it adds.
fn arrange(history: &mut History, deed: &str, change: impl FnOnce(&mut Ideas)) -> Result<(), String> {
    let pieces = |ideas: &Ideas| ideas.favourites.len() + ideas.song.len();
    let mut after = history.now().clone();
    change(&mut after);
    if pieces(&after) > pieces(history.now()) && after.is_full() {
        return Err(format!(
            "There is room for {MAX_PIECES} phrases and {MAX_PIECE_NOTES} notes: drop some first, then {deed} this one."
        ));
    }
    history.change(deed, |ideas| *ideas = after);
    Ok(())
}

/// Takes a candidate off the list. `[main-thread]`
pub fn throw_away(instance: &Instance, index: usize) {
    travel(instance, |history| {
        let Some(given) = history.answer().filter(|given| index < given.candidates().len()).cloned() else {
            return;
        };
        let mut candidates = given.candidates().to_vec();
        candidates.remove(index);
        let chosen = given.chosen() - usize::from(index < given.chosen());
        match given.with(candidates, chosen) {
            Some(rest) => {
                history.replace("throw away", &given, rest, false);
            }
            None => history.change("throw away", |ideas| ideas.answer = None),
        }
    });
}

/// Gives a note of the chosen candidate another pitch. `[main-thread]`
pub fn swap(instance: &Instance, note: usize, pitch: Pitch) {
    let listed = instance.report().alternatives;
    travel(instance, |history| {
        let Some(given) = history.answer().cloned() else { return };
        let chance = listed.as_ref().and_then(|listed| chance(listed, &given, note, pitch));
        let candidate = given.candidate();
        if candidate.phrase.notes().get(note).is_none_or(|old| old.pitch == pitch) {
            return;
        }
        let mut candidates = given.candidates().to_vec();
        candidates[given.chosen()] = swapped(candidate, note, pitch, chance);
        if let Some(next) = given.with(candidates, given.chosen()) {
            history.replace("change a note", &given, next, false);
        }
    });
}

/// A candidate with another pitch for a note; where notes change places, their odds go with them.
fn swapped(candidate: &Candidate, note: usize, pitch: Pitch, chance: Option<f32>) -> Candidate {
    let odds = |place: usize| candidate.probabilities.get(place).copied();
    let mut notes: Vec<(usize, Note)> = candidate.phrase.notes().iter().copied().enumerate().collect();
    notes[note].1.pitch = pitch;
    notes.sort_by_key(|(_, note)| (note.onset, note.pitch, note.channel));
    let moved = |place: usize| if place == note { chance.or(odds(place)) } else { odds(place) };
    let probabilities: Option<Vec<f32>> = notes.iter().map(|(place, _)| moved(*place)).collect();
    let looks = |place: usize| candidate.attention.get(place).cloned();
    let attention: Option<Vec<_>> = notes.iter().map(|(place, _)| looks(*place)).collect();
    let phrase = &candidate.phrase;
    let changed = Phrase::new(notes.into_iter().map(|(_, note)| note).collect(), phrase.meter, phrase.tempo);
    Candidate {
        phrase: changed.lasting(phrase.length()),
        probabilities: probabilities.unwrap_or_default(),
        attention: attention.unwrap_or_default(),
        ..candidate.clone()
    }
}

fn chance(listed: &Alternatives, given: &Given, note: usize, pitch: Pitch) -> Option<f32> {
    let fits = listed.is_of(given) && listed.note == note;
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

/// The same, where what was played may come back, too: that phrase, if it is another than now. `[main-thread]`
pub fn travel_with_phrase(instance: &Instance, change: impl FnOnce(&mut History)) -> Option<Arc<Phrase>> {
    let mut back = None;
    instance.memory.change(|memory| {
        let played = memory.phrase.clone();
        memory.change_history(|history| {
            history.note_played(&played);
            let before = history.now().heard.clone();
            change(history);
            let after = history.now().heard.clone().filter(|_| before != history.now().heard);
            back = after.map(|piece| piece.candidate.phrase.clone()).filter(|phrase| *phrase != played);
        });
    });
    back.map(Arc::new)
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
    let song = Phrase::joined(ideas.song.iter().map(|piece| &piece.candidate.phrase));
    let end = song.whole_bars();
    (!song.is_empty()).then(|| song.lasting(end))
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
