//! Promises of the history.

use generator::{Candidate, Request, Task};
use melody::{Meter, Note, Phrase, Pitch, Tempo, Ticks};

use super::*;

fn candidate(seed: u64, notes: usize) -> Candidate {
    let note = |index: usize| Note {
        onset: Ticks::QUARTER * index as i64,
        length: Ticks::QUARTER,
        pitch: Pitch::folded(48 + (seed as i32 + index as i32) % 40),
        velocity: 80,
        channel: 0,
    };
    let phrase = Phrase::new((0..notes).map(note).collect(), Meter::COMMON, Tempo::DEFAULT);
    Candidate { phrase, seed, probabilities: vec![0.5; notes.max(1)], ..Candidate::default() }
}

fn given(seed: u64, notes: usize) -> Given {
    let request = Request { seed, ..Request::to_continue(Phrase::default()) };
    Given::new("random".to_owned(), &request, vec![candidate(seed, notes), candidate(seed + 1, notes)])
        .unwrap()
}

fn seed(history: &History) -> Option<u64> {
    history.answer().map(|given| given.candidate().seed)
}

fn liked() -> Arc<Piece> {
    Arc::new(Piece::new("gone", Task::Fresh, &candidate(9, 4)))
}

#[test]
fn steps_are_taken_back_and_made_again() {
    let mut history = History::default();
    history.show("answer", given(10, 4));
    history.show("answer", given(20, 4));
    history.change("favourite", |ideas| ideas.favourites.push(liked()));
    assert_eq!((history.undoes(), history.redoes()), (Some("favourite"), None));
    history.undo();
    history.undo();
    assert_eq!((seed(&history), history.now().favourites.len()), (Some(10), 0));
    assert_eq!(history.redoes(), Some("answer"));
    history.redo();
    history.redo();
    assert_eq!((seed(&history), history.now().favourites.len()), (Some(20), 1));
    history.undo();
    history.show("answer", given(30, 4));
    assert_eq!(history.redoes(), None, "a new step leads elsewhere");
}

#[test]
fn every_answer_stays_in_the_list_and_can_be_recalled() {
    let mut history = History::default();
    (0..3).for_each(|number| history.show("answer", given(10 * number, 4)));
    history.choose(1);
    history.undo();
    let firsts = |history: &History| -> Vec<u64> {
        history.answers().iter().map(|given| given.candidates()[0].seed).collect()
    };
    assert_eq!((firsts(&history), history.recalled()), (vec![0, 10, 20], Some(1)));
    history.recall(2);
    assert_eq!(
        (seed(&history), history.recalled()),
        (Some(21), Some(2)),
        "with the candidate that was chosen"
    );
    (3..99).for_each(|number| history.show("answer", given(10 * number, 4)));
    assert_eq!(history.answers().len(), MAX_ANSWERS);
    assert_eq!(history.past.len(), MAX_STEPS);
}

#[test]
fn a_gesture_is_one_step_however_often_it_remakes_the_answer() {
    let mut history = History::default();
    history.show("answer", given(10, 4));
    for (seed, same) in [(11, false), (12, true), (13, true)] {
        let before = history.answer().unwrap().clone();
        assert!(history.replace("temperature", &before, given(seed, 4), same));
    }
    assert_eq!((seed(&history), history.answers().len()), (Some(13), 1));
    history.undo();
    assert_eq!((seed(&history), history.undoes()), (Some(10), Some("answer")));
    assert_eq!(history.answers()[0].candidate().seed, 10);
}

#[test]
fn what_was_changed_meanwhile_is_not_overwritten() {
    let mut history = History::default();
    history.show("answer", given(10, 4));
    let before = history.answer().unwrap().clone();
    history.choose(1);
    assert!(history.replace("knob", &before, given(11, 4), false), "another candidate may be chosen");
    assert_eq!(history.answer().unwrap().chosen(), 1);
    assert!(!history.replace("knob", &before, given(12, 4), false), "another version is not overwritten");
    history.show("answer", given(20, 4));
    let before = history.answers()[0].clone();
    assert!(!history.replace("knob", &before, given(13, 4), false), "nor is another answer");
    assert_eq!(seed(&history), Some(20));
}

#[test]
fn what_was_played_comes_back_with_the_step_that_took_it_away() {
    let mut history = History::default();
    let (first, second) = (candidate(1, 4).phrase, candidate(9, 3).phrase);
    history.show("answer", given(10, 4));
    history.put_away("clear", &first, &Phrase::default(), |ideas| ideas.answer = None);
    let heard = |history: &History| history.now().heard.as_ref().map(|piece| piece.candidate.phrase.clone());
    history.note_played(&second);
    let text = serde_json::to_string(&history).unwrap();
    let mut history: History = serde_json::from_str(&text).unwrap();
    history.undo();
    assert_eq!((heard(&history), seed(&history)), (Some(first), Some(10)));
    history.redo();
    assert_eq!(
        (heard(&history), seed(&history)),
        (Some(second), None),
        "and what was played since, with redo"
    );
}

#[test]
fn all_of_it_comes_back_from_a_project() {
    let mut history = History::default();
    history.show("answer", given(10, 4));
    history.show("answer", given(20, 4));
    history.change("favourite", |ideas| ideas.favourites.push(liked()));
    history.change("keep", |ideas| ideas.song.extend([liked(), ideas.favourites[0].clone()]));
    history.undo();
    let text = serde_json::to_string(&history).unwrap();
    let mut again: History = serde_json::from_str(&text).unwrap();
    assert_eq!(again, history);
    again.redo();
    assert_eq!(again.now().song.len(), 2);
    (0..3).for_each(|_| again.undo());
    assert_eq!(seed(&again), Some(10));
    again.show("answer", given(30, 4));
    assert_eq!(again.answers().len(), 3, "its number is a new one");
}

#[test]
fn a_project_stays_of_a_sane_size() {
    let mut history = History::default();
    for number in 0..60 {
        history.show("answer", given(number, 500));
        let piece = Arc::new(Piece::new("m", Task::Fresh, &candidate(number, 100)));
        history.change("keep", |ideas| ideas.song.push(piece));
    }
    history.undo();
    history.undo();
    let text = serde_json::to_string(&history).unwrap();
    assert!(text.len() < 2 << 20, "{} bytes", text.len());
    let again: History = serde_json::from_str(&text).unwrap();
    assert_eq!(seed(&again), Some(58));
    assert!((6..60).contains(&again.answers().len()), "{}", again.answers().len());
}

#[test]
fn numbers_that_mean_nothing_are_left_out() {
    let text = r#"{"now": {"answer": 7, "favourites": [3], "song": [0]}, "past": [{"deed": "x", "ideas": {"answer": 9}}], "list": [1]}"#;
    let history: History = serde_json::from_str(text).unwrap();
    assert!(history.answer().is_none() && history.now().song.is_empty() && history.answers().is_empty());
}
