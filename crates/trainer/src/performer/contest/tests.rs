//! What a teaching promises: it learns, it waits when it should, it can be paused.

use burn::tensor::Device;
use generator::performer::NOISE;
use generator::performer::words::Word;
use melody::Style;

use super::*;
use crate::performer::Shape;
use crate::performer::lesson;
use crate::weights::numbers;

const MANNER: Manner = Manner::Words { memory: 1, noise: NOISE };

/// Up and down a triad, the same every time.
fn lines() -> Vec<Vec<u32>> {
    let note = |place: usize| {
        let word = Word {
            pitch: [39, 43, 46, 43][place % 4],
            length: 3,
            velocity: 10,
            gap: 3,
            place: place % 16 * 3,
        };
        lesson::token(&word, Style::Pop)
    };
    vec![(0..200).map(note).collect(), (2..202).map(note).collect()]
}

fn rules(steps: u64, against: bool, manner: Manner) -> Rules {
    Rules {
        manner,
        steps,
        against,
        curriculum: true,
        freezing: true,
        feature_matching: true,
        l2: 1e-3,
        plain_descent: manner == Manner::Numbers,
        anchor: 0.0,
    }
}

fn plan(folder: &std::path::Path) -> Plan {
    Plan {
        epochs: 1,
        batch: 4,
        workers: 1,
        seed: 5,
        learning_rate: 1e-2,
        validate_every: 20,
        folder: folder.to_owned(),
        fingerprint: "test".to_owned(),
    }
}

fn pair(manner: Manner) -> Pair {
    let device = Device::flex().autodiff();
    let shape = Shape { manner, layers: 2, dense: 0, hidden: 12 };
    let critic = Critic::new(run::heard(manner), 2, 6, 5, &device);
    Pair { performer: Performer::new(&shape, 5, &device), critic: vec![critic] }
}

fn taught(
    rules: &Rules,
    folder: &std::path::Path,
    resume: bool,
    until: u64,
) -> Result<Outcome, TrainingError> {
    let lines = lines();
    let windows = Windows::of(&lines, 12, 0, 4);
    let material = Material { train: &windows, validation: &windows };
    let mut watch =
        |progress: &Progress| if progress.step >= until { Verdict::Pause } else { Verdict::Continue };
    let mut listen = |_: &Performer| Ok(BTreeMap::from([("heard".to_owned(), 1.0)]));
    teach(pair(rules.manner), rules, &plan(folder), &material, resume, &mut listen, &mut watch)
}

fn first_weights(outcome: &Outcome) -> [Vec<f32>; 2] {
    [
        numbers(&outcome.pair.performer.cells[0].recurrent),
        numbers(&outcome.pair.critic[0].forward[0].recurrent),
    ]
}

#[test]
fn the_next_note_is_learnt_and_the_critic_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = taught(&rules(60, false, MANNER), folder.path(), false, u64::MAX).unwrap();
    let validation = &outcome.curves["validation"];
    assert!(validation.last().unwrap().1 < 0.85 * validation[0].1, "{validation:?}");
    assert_eq!(outcome.curves["heard"].len(), validation.len());
    let fresh = pair(MANNER);
    let [_, critic] = first_weights(&outcome);
    assert_eq!(critic, numbers(&fresh.critic[0].forward[0].recurrent));
    assert!(outcome.notes > 0 && outcome.steps == 60);
}

#[test]
fn both_learn_in_a_contest_of_words_and_of_numbers() {
    for manner in [MANNER, Manner::Numbers] {
        let folder = tempfile::tempdir().unwrap();
        let contest = Rules { freezing: false, ..rules(4, true, manner) };
        let outcome = taught(&contest, folder.path(), false, u64::MAX).unwrap();
        let fresh = pair(manner);
        let [performer, critic] = first_weights(&outcome);
        assert_ne!(performer, numbers(&fresh.performer.cells[0].recurrent));
        assert_ne!(critic, numbers(&fresh.critic[0].forward[0].recurrent));
    }
}

#[test]
fn a_paused_contest_goes_on_as_if_it_had_not_been() {
    let (whole, parts) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rules = rules(6, true, MANNER);
    let unbroken = taught(&rules, whole.path(), false, u64::MAX).unwrap();
    let paused = taught(&rules, parts.path(), false, 3).unwrap_err();
    assert!(matches!(paused, TrainingError::Paused { step: 3, steps: 6 }));
    let resumed = taught(&rules, parts.path(), true, u64::MAX).unwrap();
    assert_eq!(first_weights(&resumed), first_weights(&unbroken));
    // What is done is there at once for one who comes back.
    let again = taught(&rules, parts.path(), true, 0).unwrap();
    assert_eq!(first_weights(&again), first_weights(&unbroken));
    forget(&plan(parts.path()));
    assert_eq!(std::fs::read_dir(parts.path()).unwrap().count(), 0);
}

#[test]
fn the_one_who_is_far_ahead_waits() {
    assert_eq!(waiting((0.5, 1.0), true), [true, false]);
    assert_eq!(waiting((3.0, 0.5), true), [false, true]);
    assert_eq!(waiting((1.0, 0.5), true), [false, false]);
    assert_eq!(waiting((0.1, 9.0), false), [false, false]);
}

#[test]
fn nobody_waits_where_nothing_can_be_told_apart() {
    let unsure = Tensor::<2>::full([4, 1], 0.5, &Device::flex());
    let judgement = || Judgement { real: unsure.clone(), features: unsure.clone() };
    let losses =
        (scalar(critics_loss(&judgement(), &judgement())), scalar(unsure.clone().log().mean().neg()));
    assert_eq!(waiting(losses, true), [false, false]);
}

#[test]
fn lines_grow_over_the_first_half_of_a_curriculum() {
    let lengths = |curriculum| {
        let rules = Rules { curriculum, ..rules(100, false, MANNER) };
        [0, 25, 50, 99].map(|step| rules.length(step, 40))
    };
    assert_eq!(lengths(true), [8, 24, 40, 40]);
    assert_eq!(lengths(false), [40; 4]);
}
