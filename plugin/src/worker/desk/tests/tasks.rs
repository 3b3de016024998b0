//! Promises of the worker about tasks, lists of candidates and auditions.

use super::*;
use generator::Task;
use melody::{Note, Pitch};

/// One note for each candidate, a semitone higher each time, as many as are asked for.
fn scale(request: &Request, _cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
    let candidate = |number: u32| {
        let pitch = Pitch::new(60 + number as u8).unwrap();
        let note = Note { onset: Ticks::ZERO, length: Ticks::QUARTER, pitch, velocity: 90, channel: 0 };
        let phrase = Phrase::new(vec![note], Meter::COMMON, Tempo::DEFAULT);
        Candidate { phrase, seed: request.seed + u64::from(number), ..Candidate::default() }
    };
    Ok((0..request.count).map(candidate).collect())
}

/// Gives back the goal as the only candidate.
fn echo_goal(request: &Request, _cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
    match &request.goal {
        Some(goal) => {
            Ok(vec![Candidate { phrase: goal.clone(), ..Candidate::default() }; request.count as usize])
        }
        None => scale(request, _cancel),
    }
}

impl Bench {
    fn choose_task(&mut self, task: Task) {
        let number = task_choice::number(task).unwrap();
        set(&self.instance.params, "task", number as f32 / task_choice::MAX as f32);
    }

    /// The keys that were sent.
    fn keys(&mut self) -> Vec<u8> {
        let key = |message: &Answer| if let Answer::Note(note) = message { Some(note.key) } else { None };
        self.sent().iter().filter_map(key).collect()
    }

    /// How many candidates there are, and which is chosen.
    fn list(&self) -> (usize, usize) {
        let remembered = self.instance.memory.get();
        let given = remembered.answer().unwrap();
        (given.candidates().len(), given.chosen())
    }
}

#[test]
fn each_task_asks_for_its_candidates_and_the_first_plays() {
    for (task, count) in
        [(Task::Continue, 4), (Task::Vary, 4), (Task::Next, 8), (Task::Fresh, 4), (Task::Morph, 7)]
    {
        let mut bench = Bench::with_puppet(scale);
        bench.play(&[60, 62, 64, 65, 67]);
        bench.trigger();
        bench.sent();
        bench.choose_task(task);
        bench.trigger();
        assert_eq!(bench.keys(), [60], "{task}");
        assert_eq!(bench.list(), (count, 0), "{task}");
        assert_eq!(bench.instance.memory.get().answer().unwrap().task, task);
    }
}

#[test]
fn an_audition_plays_its_candidate_and_keeps_it() {
    let mut bench = Bench::with_puppet(scale);
    bench.play(&[60, 62, 64, 65, 67]);
    bench.choose_task(Task::Vary);
    bench.trigger();
    bench.sent();
    bench.ask(Ask::Audition { index: 3 });
    assert_eq!(bench.keys(), [63]);
    assert_eq!(bench.list(), (4, 3));
    bench.ask(Ask::PlayAgain);
    assert_eq!(bench.keys(), [63], "play again plays the chosen one");
    bench.ask(Ask::Audition { index: 4 });
    assert_eq!((bench.keys(), bench.list()), (vec![63], (4, 3)), "there is no fifth");
}

#[test]
fn an_audition_has_a_new_number_so_that_it_is_not_stale() {
    let mut bench = Bench::with_puppet(scale);
    bench.play(&[60]);
    bench.choose_task(Task::Next);
    bench.trigger();
    bench.sent();
    bench.ask(Ask::Audition { index: 1 });
    let generation = bench.instance.signals.generation();
    assert_eq!(bench.sent().first(), Some(&begin(generation, Entry::SwapOrBegin, true)));
}

#[test]
fn a_morph_leads_to_the_answer_that_is_shown_and_again_to_the_same() {
    let mut bench = Bench::with_puppet(echo_goal);
    bench.play(&[60, 62, 64, 65, 67]);
    bench.choose_task(Task::Vary);
    bench.trigger();
    bench.ask(Ask::Audition { index: 3 });
    bench.sent();
    bench.choose_task(Task::Morph);
    for _ in 0..2 {
        bench.trigger();
        assert_eq!(bench.keys(), [63], "the goal is the phrase that was chosen");
    }
}

#[test]
fn a_morph_without_an_answer_says_what_it_needs() {
    let mut bench = Bench::with_puppet(scale);
    bench.play(&[60, 62, 64, 65, 67]);
    bench.choose_task(Task::Morph);
    bench.trigger();
    assert!(bench.problem().unwrap().starts_with("There is no answer yet to morph to:"));
    assert_eq!(bench.sent(), []);
}

#[test]
fn silence_cannot_be_varied_and_the_sentence_says_so() {
    for task in [Task::Vary, Task::Morph] {
        let mut bench = Bench::with_puppet(scale);
        bench.choose_task(task);
        bench.trigger();
        assert!(bench.problem().unwrap().contains("play something"), "{task}");
    }
    let mut bench = Bench::with_puppet(scale);
    bench.choose_task(Task::Fresh);
    bench.trigger();
    assert_eq!((bench.problem(), bench.list()), (None, (4, 0)), "a fresh melody needs nothing");
}

#[test]
fn a_model_that_cannot_do_the_task_says_who_can_and_nothing_else_is_done() {
    let mut bench = Bench::new();
    bench.play(&[60, 62, 64, 65, 67]);
    bench.choose_task(Task::Vary);
    bench.trigger();
    let sentence = bench.problem().unwrap();
    assert!(sentence.contains("cannot vary") && sentence.contains("choose another task"), "{sentence}");
    assert_eq!(bench.sent(), []);
    assert!(bench.instance.memory.get().answer().is_none());
    set(&bench.instance.params, "task", 1.0);
    bench.trigger();
    assert!(bench.problem().unwrap().contains("task 15"), "nor is a number done that means nothing yet");
}

#[test]
fn triggers_do_not_give_a_seed_twice() {
    let mut bench = Bench::with_puppet(scale);
    bench.choose_task(Task::Fresh);
    let mut seeds = Vec::new();
    for _ in 0..3 {
        bench.trigger();
        let remembered = bench.instance.memory.get();
        seeds.extend(remembered.answer().unwrap().candidates().iter().map(|candidate| candidate.seed));
    }
    assert_eq!(seeds, (0..12).collect::<Vec<u64>>());
}

#[test]
fn the_neighbourhood_knob_reaches_the_model() {
    let mut bench = Bench::with_puppet(|request, _| {
        let neighbourhood = Some(request.neighbourhood);
        Ok(vec![Candidate { similarity: neighbourhood, ..Candidate::default() }])
    });
    bench.play(&[60]);
    bench.choose_task(Task::Vary);
    set(&bench.instance.params, "neighbourhood", 0.75);
    bench.trigger();
    let remembered = bench.instance.memory.get();
    assert_eq!(remembered.answer().unwrap().candidate().similarity, Some(0.75));
}
