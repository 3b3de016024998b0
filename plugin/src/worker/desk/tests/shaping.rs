//! Promises of the worker about what becomes of an answer.

use super::*;
use crate::crossing::{Remake, Sounding};
use crate::instance::Selection;
use generator::Task;
use melody::{Note, Pitch};

/// Quarters that rise from a pitch that the temperature decides, through all bars.
fn rising(request: &Request, _cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
    let bars = if request.task == Task::Vary { request.prompt.bars() as u32 } else { request.bars };
    let base = 40 + (request.temperature * 10.0).round() as i64 + i64::from(request.task == Task::Fill) * 50;
    let candidate = |number: i64| {
        let note = |beat: i64| Note {
            onset: Ticks::quarters(beat),
            length: Ticks::QUARTER,
            pitch: Pitch::folded((base + number + beat % 4) as i32),
            velocity: 90,
            channel: 0,
        };
        let beats = if request.task == Task::Next { 1 } else { i64::from(bars) * 4 };
        let phrase = Phrase::new((0..beats).map(note).collect(), Meter::COMMON, Tempo::DEFAULT);
        let probabilities = vec![0.5 / (number + 1) as f32; phrase.notes().len()];
        Candidate { phrase, seed: request.seed + number as u64, probabilities, ..Candidate::default() }
    };
    Ok((0..i64::from(request.count)).map(candidate).collect())
}

fn remake(same_gesture: bool) -> Remake {
    let arrived: Arc<dyn Fn() -> bool + Send + Sync> = Arc::new(|| true);
    Remake { same_gesture, place: None, seed: None, arrived, since: Instant::now() }
}

impl Bench {
    /// A bench with an answer of four candidates, whose sending is over.
    fn answered() -> Bench {
        let mut bench = Bench::with_puppet(rising);
        bench.play(&[60, 62, 64, 65, 67]);
        bench.trigger();
        bench.sent();
        bench
    }

    fn first_keys(&self) -> Vec<u8> {
        let remembered = self.instance.memory.get();
        let candidates = remembered.answer().unwrap().candidates();
        candidates.iter().map(|candidate| candidate.phrase.notes()[0].pitch.number()).collect()
    }

    fn entry(&mut self) -> Option<(Entry, bool)> {
        match self.sent().first() {
            Some(Answer::Begin { entry, looped, .. }) => Some((*entry, *looped)),
            _ => None,
        }
    }

    fn steps(&self) -> usize {
        let mut history = (*self.instance.memory.get().history).clone();
        let mut steps = 0;
        while history.undoes().is_some() {
            history.undo();
            steps += 1;
        }
        steps
    }
}

#[test]
fn a_knob_that_moves_makes_the_candidates_anew_with_the_same_seed() {
    let mut bench = Bench::answered();
    let seed = bench.seed();
    assert_eq!(bench.first_keys(), [49, 50, 51, 52]);
    bench.ask(Ask::Audition { index: 2 });
    bench.sent();
    for (value, same) in [(0.75, false), (1.0, true)] {
        set(&bench.instance.params, "temperature", value);
        bench.instance.wish(remake(same));
        bench.desk.turn();
        assert_eq!(bench.entry(), Some((Entry::Swap, true)), "what sounds goes on with the new notes");
    }
    assert_eq!(bench.first_keys(), [60, 61, 62, 63]);
    assert_eq!(bench.seed(), seed + 2, "the same seeds, and the same candidate is chosen");
    assert_eq!((bench.steps(), bench.instance.memory.get().history.answers().len()), (2, 1));
}

#[test]
fn a_wish_waits_for_the_host_to_hand_the_knobs_value_back_but_not_for_ever() {
    let mut bench = Bench::answered();
    let never: Arc<dyn Fn() -> bool + Send + Sync> = Arc::new(|| false);
    bench.instance.wish(Remake { arrived: never, ..remake(false) });
    bench.desk.turn();
    assert_eq!(bench.sent(), []);
    std::thread::sleep(std::time::Duration::from_millis(260));
    bench.desk.turn();
    assert!(bench.entry().is_some());
}

#[test]
fn only_the_newest_wish_is_granted_and_without_an_answer_none() {
    let mut bench = Bench::answered();
    for place in 0..9 {
        bench.instance.wish(Remake { seed: Some(place), ..remake(false) });
    }
    bench.desk.turn();
    assert_eq!(bench.seed(), 8);
    bench.ask(Ask::Clear);
    bench.sent();
    bench.instance.wish(remake(false));
    bench.desk.turn();
    assert_eq!(bench.sent(), []);
}

#[test]
fn another_model_that_is_wished_for_does_not_silence_what_plays() {
    let mut bench = Bench::answered();
    bench.choose("random-corpus");
    bench.instance.wish(remake(false));
    bench.desk.turn();
    assert_eq!(bench.entry(), Some((Entry::Swap, false)));
    assert_eq!(bench.instance.memory.get().answer().unwrap().model, "random-corpus");
}

#[test]
fn a_model_that_cannot_do_what_was_asked_leaves_the_answer_alone() {
    let mut bench = Bench::answered();
    let before = bench.instance.memory.get().history.clone();
    bench.choose("vae");
    bench.instance.wish(remake(false));
    bench.desk.turn();
    assert_eq!((bench.sent(), bench.problem()), (vec![], None));
    assert_eq!(bench.instance.memory.get().history, before);
}

#[test]
fn selected_bars_are_made_anew_and_the_others_stay() {
    let mut bench = Bench::answered();
    let bar = Ticks::quarters(4).0;
    bench.instance.change_report(|report| report.selection = Some(Selection::Answer(bar..3 * bar)));
    bench.ask(Ask::Regenerate { seed: 7 });
    assert_eq!(bench.problem(), None);
    let remembered = bench.instance.memory.get();
    let keys: Vec<u8> = remembered
        .answer()
        .unwrap()
        .candidate()
        .phrase
        .notes()
        .iter()
        .map(|note| note.pitch.number())
        .collect();
    assert_eq!(keys.len(), 32);
    assert_eq!((keys[3], keys[4], keys[11], keys[12]), (52, 99, 102, 49), "{keys:?}");
    assert_eq!(bench.steps(), 2);
}

#[test]
fn nothing_is_made_anew_where_nothing_is_selected() {
    let mut bench = Bench::answered();
    bench.ask(Ask::Regenerate { seed: 7 });
    assert!(bench.problem().unwrap().contains("drag over the bars"));
    assert_eq!(bench.sent(), []);
}

#[test]
fn more_like_one_and_the_way_between_two_are_answers_of_their_own() {
    let mut bench = Bench::answered();
    bench.ask(Ask::MoreLike { index: 1, seed: 3 });
    let remembered = bench.instance.memory.get();
    let given = remembered.answer().unwrap();
    assert_eq!((given.task, given.prompt.notes()[0].pitch.number()), (Task::Vary, 50));
    assert_eq!(bench.entry(), Some((Entry::SwapOrBegin, true)));
    bench.ask(Ask::Between { from: 0, to: 3 });
    let remembered = bench.instance.memory.get();
    let given = remembered.answer().unwrap();
    assert_eq!((given.task, given.candidates().len()), (Task::Morph, 7));
    assert_eq!(remembered.history.answers().len(), 3, "and the first ones can be recalled");
}

#[test]
fn the_alternatives_of_a_note_are_pitches_with_their_odds() {
    let mut bench = Bench::answered();
    let asked = crate::instance::Alternatives::asked(bench.instance.memory.get().answer().unwrap(), 2);
    bench.instance.change_report(|report| report.alternatives = Some(asked));
    bench.ask(Ask::Alternatives { note: 2 });
    let listed = bench.instance.report().alternatives.unwrap();
    assert_eq!((listed.note, listed.problem), (2, None));
    let sum: f32 = listed.choices.iter().map(|(_, chance)| chance).sum();
    assert!((0.5..=1.001).contains(&sum) && listed.choices.len() > 2, "{:?}", listed.choices);
    assert!(listed.choices.iter().any(|(pitch, _)| pitch.number() == 51), "its own is among them");
    bench.instance.change_report(|report| report.alternatives = None);
    bench.ask(Ask::Alternatives { note: 2 });
    assert_eq!(bench.instance.report().alternatives, None, "a list that was put away stays away");
}

#[test]
fn a_knob_leaves_the_song_that_plays_alone() {
    let mut bench = Bench::answered();
    let phrase = Arc::new(bench.instance.memory.get().answer().unwrap().candidate().phrase.clone());
    bench.ask(Ask::Play { phrase, sounds: Sounding::Song, looped: false });
    bench.sent();
    set(&bench.instance.params, "temperature", 1.0);
    bench.instance.wish(remake(false));
    bench.desk.turn();
    assert_eq!((bench.sent(), bench.first_keys()[0]), (vec![], 60), "the cards are made anew all the same");
}

#[test]
fn the_loop_switch_reaches_what_sounds_and_a_list_without_candidates_is_silent() {
    let mut bench = Bench::answered();
    bench.ask(Ask::Loop(true));
    assert_eq!(bench.entry(), Some((Entry::Swap, true)));
    bench.ask(Ask::Loop(false));
    assert_eq!(bench.entry(), Some((Entry::Swap, false)));
    bench.instance.memory.change(|memory| {
        memory.change_history(|history| history.change("throw away", |ideas| ideas.answer = None));
    });
    bench.ask(Ask::Refresh);
    assert_eq!(bench.sent(), [Answer::Silence]);
}

#[test]
fn a_project_begins_without_selection_alternatives_or_wishes_of_the_one_before() {
    use nice_plug::params::persist::PersistentField;
    let mut bench = Bench::answered();
    let saved = (*bench.instance.memory.get()).clone();
    let asked = crate::instance::Alternatives::asked(saved.answer().unwrap(), 2);
    bench.instance.change_report(|report| {
        report.selection = Some(Selection::Answer(0..3840));
        report.alternatives = Some(asked);
    });
    bench.instance.wish(remake(false));
    bench.instance.memory.set(saved.clone());
    bench.desk.turn();
    let report = bench.instance.report();
    assert_eq!((report.selection, report.alternatives), (None, None));
    assert!(!bench.instance.is_wished());
    assert_eq!(bench.instance.memory.get().history, saved.history);
}

#[test]
fn bars_that_were_left_empty_are_filled_and_what_is_selected_goes_before() {
    let mut bench = Bench::with_puppet(rising);
    let (meter, tempo) = (Meter::COMMON, Tempo::DEFAULT);
    let note = |beat: i64| Note {
        onset: Ticks::quarters(beat),
        length: Ticks::QUARTER,
        pitch: Pitch::MIDDLE_C,
        velocity: 80,
        channel: 0,
    };
    let phrase = Phrase::new([0, 1, 2, 3, 12, 13].map(note).to_vec(), meter, tempo);
    bench.ask(Ask::Hear(Arc::new(phrase)));
    set(&bench.instance.params, "task", 5.0 / task_choice::MAX as f32);
    bench.desk.turn();
    let bar = Ticks::quarters(4).0;
    assert_eq!(bench.instance.report().taken, bar..3 * bar);
    bench.ask(Ask::Answer { seed: 1 });
    let filled = |bench: &Bench| bench.instance.memory.get().answer().unwrap().candidate().phrase.bars();
    assert_eq!((bench.problem(), filled(&bench)), (None, 2));
    bench.instance.change_report(|report| report.selection = Some(Selection::Heard(bar..2 * bar)));
    bench.ask(Ask::Answer { seed: 1 });
    assert_eq!(filled(&bench), 1);
    bench.ask(Ask::Hear(Arc::new(Phrase::new(vec![note(0)], meter, tempo))));
    bench.ask(Ask::Answer { seed: 1 });
    assert!(bench.problem().unwrap().contains("no gap to fill"));
}

#[test]
fn what_is_selected_is_what_is_answered_until_more_is_played() {
    let mut bench = Bench::with_puppet(rising);
    bench.play(&[60; 16]);
    let bar = Ticks::quarters(4).0;
    bench.instance.change_report(|report| report.selection = Some(Selection::Heard(0..bar)));
    bench.desk.turn();
    assert_eq!(bench.instance.report().prompt.notes().len(), 4);
    bench.ask(Ask::Answer { seed: 1 });
    assert_eq!(bench.instance.memory.get().answer().unwrap().prompt.notes().len(), 4);
    bench.play(&[60; 17]);
    assert_eq!(bench.instance.selection(), None);
}

#[test]
fn a_favourite_or_the_song_plays_and_is_named() {
    let mut bench = Bench::answered();
    let remembered = bench.instance.memory.get();
    let phrase = Arc::new(remembered.answer().unwrap().candidate().phrase.clone());
    bench.ask(Ask::Play { phrase, sounds: Sounding::Song, looped: false });
    assert_eq!(
        (bench.entry(), bench.instance.report().sounds),
        (Some((Entry::ByRule, false)), Sounding::Song)
    );
    bench.ask(Ask::Refresh);
    assert_eq!(bench.sent(), [], "the candidate does not sound, so nothing is swapped");
    bench.ask(Ask::Stop);
    assert_eq!(bench.instance.report().sounds, Sounding::Nothing);
}

#[test]
fn an_answer_that_a_knob_interrupted_is_made_with_the_new_knob() {
    // The first time, the model is cancelled while it is at work.
    static ASKED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    fn interrupted(request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        let again = ASKED.fetch_add(1, Ordering::Relaxed) > 0;
        if again { rising(request, cancel) } else { Err(GenerateError::Cancelled) }
    }
    for (is_wished, answers) in [(true, 1), (false, 0)] {
        ASKED.store(0, Ordering::Relaxed);
        let mut bench = Bench::with_puppet(interrupted);
        bench.play(&[60, 62, 64, 65, 67]);
        if is_wished {
            bench.instance.wish(remake(false));
        }
        bench.ask(Ask::Answer { seed: 5 });
        bench.instance.wish(remake(false));
        bench.desk.turn();
        assert_eq!(bench.instance.memory.get().history.answers().len(), answers);
    }
}
