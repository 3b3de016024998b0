//! What MidiNet promises, shown on a graph small enough to know what it makes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use melody::{Meter, Note, Pitch, Tempo};

use super::*;
use crate::onnx::Graph;
use crate::onnx::write::{Attribute, Size};
use crate::pack::Canary;

/// A graph whose steps are struck by the noise in a C major scale; C when the chord's root is C, and the same row as in
/// the bar before where there is one.
fn graph(hears: bool) -> Vec<u8> {
    let mut graph = Graph::new("midinet");
    graph.numbers_in("z", &[Size::Fixed(1), Size::Fixed(NOISE)]);
    graph.numbers_in("chord", &[Size::Fixed(1), Size::Fixed(CHORD)]);
    let mut by_noise = vec![0.0; NOISE * STEPS * ROWS];
    let scale = [60, 62, 64, 65, 67, 69, 71, 72];
    for step in 0..STEPS {
        for (degree, row) in scale.into_iter().enumerate() {
            by_noise[((step * 5 + degree) % NOISE) * STEPS * ROWS + step * ROWS + row] = 40.0;
        }
    }
    graph.weights("w", &[NOISE, STEPS * ROWS], &by_noise);
    graph.node("MatMul", &["z", "w"], &["by_noise"], &[]);
    let mut by_chord = vec![0.0; CHORD * STEPS * ROWS];
    (0..STEPS).for_each(|step| by_chord[step * ROWS + 60] = 1e4);
    graph.weights("c", &[CHORD, STEPS * ROWS], &by_chord);
    graph.node("MatMul", &["chord", "c"], &["by_chord"], &[]);
    graph.node("Add", &["by_noise", "by_chord"], &["flat"], &[]);
    // Steps and rows apart, without an operator that changes shapes freely: one convolution a step would be the same.
    let axes = Attribute::Ints("axes", &[1, 2]);
    graph.node("Unsqueeze", &["flat"], &["wide"], &[axes]);
    let steps: Vec<String> = (0..STEPS).map(|step| format!("step_{step}")).collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let sizes = [ROWS as i64; STEPS];
    graph.node("Split", &["wide"], &steps, &[Attribute::Int("axis", 3), Attribute::Ints("split", &sizes)]);
    graph.node("Concat", &steps, &["own"], &[Attribute::Int("axis", 2)]);
    if hears {
        let sizes = [Size::Fixed(1), Size::Fixed(1), Size::Fixed(STEPS), Size::Fixed(ROWS)];
        graph.numbers_in("bar", &sizes);
        let mut keys = vec![0.0; ROWS];
        keys[60..].fill(1e3);
        graph.weights("keys", &[ROWS], &keys);
        graph.node("Mul", &["bar", "keys"], &["heard"], &[]);
        graph.node("Add", &["own", "heard"], &["scores"], &[]);
    } else {
        graph.node("Identity", &["own"], &["scores"], &[]);
    }
    graph.numbers_out("scores", &[Size::Fixed(1), Size::Fixed(1), Size::Fixed(STEPS), Size::Fixed(ROWS)]);
    graph.bytes()
}

fn pack(hears: bool, canary: Option<Canary>) -> Pack {
    let card = Card {
        kind: if hears { Kind::Midinet2d } else { Kind::Midinet1d },
        tasks: if hears { vec![Task::Fresh, Task::Continue] } else { vec![Task::Fresh] },
        canary,
        ..Card::example()
    };
    Pack::new(card, BTreeMap::from([(pack::MODEL.to_owned(), graph(hears))]))
}

fn model(hears: bool) -> Midinet {
    Midinet::load(&pack(hears, None)).unwrap()
}

fn request(bars: u32, count: u32) -> Request {
    Request { task: Task::Fresh, bars, count, seed: 1, ..Request::to_continue(Phrase::default()) }
}

fn answers(hears: bool, request: &Request) -> Vec<Candidate> {
    model(hears).generate(request, &Cancel::never()).unwrap()
}

fn pitches(candidate: &Candidate) -> Vec<u8> {
    candidate.phrase.notes().iter().map(|note| note.pitch.number()).collect()
}

#[test]
fn every_seed_is_a_melody_of_its_own_and_the_same_again() {
    for hears in [false, true] {
        let together = answers(hears, &request(4, 8));
        let different: BTreeSet<Vec<u8>> = together.iter().map(pitches).collect();
        assert_eq!(different.len(), 8);
        for candidate in &together {
            let alone = Request { seed: candidate.seed, ..request(4, 1) };
            assert_eq!(answers(hears, &alone)[0], *candidate);
            assert_eq!(candidate.probabilities.len(), candidate.phrase.notes().len());
            assert!(candidate.phrase.is_monophonic());
        }
    }
}

#[test]
fn an_answer_fills_its_bars_in_any_meter() {
    for (numerator, denominator) in [(3, 4), (4, 4), (5, 4), (7, 8), (1, 64), (33, 32)] {
        let meter = Meter::new(numerator, denominator).unwrap();
        let prompt = Phrase::new(Vec::new(), meter, Tempo::DEFAULT);
        let answer = answers(true, &Request { prompt, ..request(3, 1) }).remove(0);
        assert_eq!(answer.phrase.length(), meter.bar() * 3, "{meter}");
        assert_eq!(answer.phrase.notes()[0].onset, Ticks::ZERO);
        assert!(answer.phrase.notes().iter().all(|note| note.end() <= answer.phrase.length()));
    }
}

#[test]
fn bars_come_back_by_the_form() {
    for hears in [false, true] {
        let answer = answers(hears, &request(16, 1)).remove(0).phrase;
        let bar = |number: i64| {
            let span = Ticks::quarters(4);
            answer.between(span * number, span * (number + 1)).notes().to_vec()
        };
        assert_eq!((bar(1), bar(2)), (bar(5), bar(6)));
        // The graph that hears the bar before does as it did.
        assert!(hears || (bar(1) != bar(2) && bar(3) != bar(7) && bar(1) != bar(9)));
    }
}

#[test]
fn each_bar_is_made_for_its_chord() {
    let chords = Request { progression: "C | Am".parse().ok(), chord_strength: 0.0, ..request(4, 1) };
    let answer = answers(false, &chords).remove(0);
    let of_bar = |bar: i64| {
        let span = Ticks::quarters(4);
        let bar = answer.phrase.between(span * bar, span * (bar + 1));
        bar.notes().iter().map(|note| note.pitch.number()).collect::<BTreeSet<u8>>()
    };
    assert_eq!([of_bar(0), of_bar(2)], [BTreeSet::from([60]), BTreeSet::from([60])]);
    assert!(of_bar(1).len() > 2 && of_bar(3).len() > 2);
}

#[test]
fn two_dimensions_go_on_from_the_bar_before_and_one_does_not() {
    let note = |step: i64, pitch| Note {
        onset: Ticks::QUARTER * step,
        length: Ticks::QUARTER,
        pitch: Pitch::new(pitch).unwrap(),
        velocity: 50,
        channel: 2,
    };
    let scale = [67, 65, 64, 62, 60, 64, 67, 72];
    let played = (0..).zip(scale).map(|(step, pitch)| note(step, pitch)).collect();
    let prompt = Phrase::new(played, Meter::COMMON, Tempo::DEFAULT);
    let ask = Request { task: Task::Continue, prompt, bars: 1, count: 1, temperature: 0.0, ..request(1, 1) };
    let answer = answers(true, &ask).remove(0);
    let on_beats: Vec<u8> = answer
        .phrase
        .notes()
        .iter()
        .filter(|note| note.onset.0 % 960 == 0)
        .map(|note| note.pitch.number())
        .collect();
    assert_eq!(on_beats, [60, 64, 67, 72]);
    assert!(answer.phrase.notes().iter().all(|note| (note.velocity, note.channel) == (50, 2)));
    assert!(matches!(model(false).generate(&ask, &Cancel::never()), Err(GenerateError::Task { .. })));
}

#[test]
fn the_wishes_of_key_and_chord_are_met() {
    let locked = Request { key_lock: crate::KeyLock::Fixed("D".parse().unwrap()), ..request(8, 4) };
    let key: melody::Key = "D".parse().unwrap();
    for answer in answers(false, &locked) {
        assert!(answer.phrase.notes().iter().all(|note| key.contains(note.pitch.class())));
    }
    let chord: melody::Chord = "Dadd9".parse().unwrap();
    for answer in answers(false, &Request { chord: Some(chord.clone()), ..request(2, 8) }) {
        assert!(chord.contains(answer.phrase.notes()[0].pitch.class()));
    }
}

#[test]
fn a_canary_is_asked_and_a_broken_graph_refused() {
    let sure: Vec<Token> = model(true).likeliest(0).unwrap().into_iter().map(|(token, _)| token).collect();
    let canary = |answer: Vec<Token>| Some(Canary { prompt: Vec::new(), answer });
    assert!(Midinet::open(&pack(true, canary(sure.clone()))).is_ok());
    let mut wrong = sure.clone();
    wrong[0] = "R:0.25".parse().unwrap();
    assert!(matches!(Midinet::open(&pack(true, canary(wrong))), Err(PackError::Canary { .. })));
    for none in [None, canary(Vec::new()), canary([sure.clone(), sure].concat())] {
        assert!(matches!(Midinet::open(&pack(true, none)), Err(PackError::Card(_))));
    }
    let other = Pack::new(pack(true, None).card, BTreeMap::from([(pack::MODEL.to_owned(), graph(false))]));
    assert!(matches!(Midinet::load(&other), Err(PackError::Network { .. })));
}

#[test]
fn a_cancelled_answer_stops() {
    let left = Cancel::when_counter_leaves(Arc::new(AtomicU64::new(1)), 0);
    assert!(matches!(model(false).generate(&request(8, 8), &left), Err(GenerateError::Cancelled)));
}
