//! What the GAN promises, shown on a graph small enough to know what it makes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use melody::{Meter, Note, Phrase, Pitch, Tempo, Ticks};

use super::*;
use crate::onnx::Graph;
use crate::onnx::write::Size;
use crate::pack::{Canary, Kind};

const TOKENS: &str = "C4:0.5\nC4:1.0\nD4:0.5\nD4:1.0\nG4:0.5\nG4:1.0\n";

/// A graph with five scores a place, for three pitches and two lengths: each score is a random number of its own.
fn graph(width: usize) -> Vec<u8> {
    let columns = NOTES * width;
    let mut weights = vec![0.0; NOISE * columns];
    for (column, place) in (0..columns).zip((0..NOISE).cycle()) {
        weights[place * columns + column] = 50.0;
    }
    let mut graph = Graph::new("gan");
    graph.numbers_in("z", &[Size::Rows, Size::Fixed(NOISE)]);
    graph.weights("w", &[NOISE, columns], &weights);
    graph.node("MatMul", &["z", "w"], &["scores"], &[]);
    graph.numbers_out("scores", &[Size::Rows, Size::Fixed(columns)]);
    graph.bytes()
}

fn pack(width: usize, canary: Option<Canary>) -> Pack {
    let vocabulary = Vocabulary::read(TOKENS).unwrap();
    let card = Card {
        kind: Kind::Gan,
        tasks: vec![Task::Fresh],
        window: 0,
        vocabulary: Some(vocabulary.hash()),
        canary,
        ..Card::example()
    };
    let files = BTreeMap::from([
        (pack::VOCABULARY.to_owned(), TOKENS.as_bytes().to_vec()),
        (pack::MODEL.to_owned(), graph(width)),
    ]);
    Pack::new(card, files)
}

fn model() -> Gan {
    Gan::load(&pack(5, None)).unwrap()
}

fn request(bars: u32, count: u32) -> Request {
    Request { task: Task::Fresh, bars, count, seed: 1, ..Request::to_continue(Phrase::default()) }
}

fn answers(request: &Request) -> Vec<Candidate> {
    model().generate(request, &Cancel::never()).unwrap()
}

fn classes(candidate: &Candidate) -> BTreeSet<u8> {
    candidate.phrase.notes().iter().map(|note| note.pitch.class().semitones()).collect()
}

#[test]
fn every_seed_is_a_melody_of_its_own_and_the_same_again() {
    let together = answers(&request(4, 8));
    let different: BTreeSet<Vec<u8>> = together
        .iter()
        .map(|answer| answer.phrase.notes().iter().map(|note| note.pitch.number()).collect())
        .collect();
    assert_eq!(different.len(), 8);
    for candidate in &together {
        let alone = Request { seed: candidate.seed, ..request(4, 1) };
        assert_eq!(answers(&alone), std::slice::from_ref(candidate));
    }
}

#[test]
fn bars_are_filled_exactly_even_when_one_melody_is_too_short() {
    for bars in [1, 8, 64] {
        for answer in answers(&request(bars, 3)) {
            assert_eq!(answer.phrase.length(), Ticks::quarters(4) * i64::from(bars));
            assert!(answer.phrase.is_monophonic());
            assert_eq!(answer.probabilities.len(), answer.phrase.notes().len());
        }
    }
    let notes = answers(&request(64, 1))[0].phrase.notes().len();
    assert!(notes > NOTES, "{notes} notes: more than one melody");
}

#[test]
fn the_key_that_is_locked_moves_the_melody_and_the_prompts_does_otherwise() {
    assert_eq!(classes(&answers(&request(16, 1))[0]), BTreeSet::from([0, 2, 7]));
    let locked = Request { key_lock: "E major".parse().unwrap(), ..request(16, 1) };
    assert_eq!(classes(&answers(&locked)[0]), BTreeSet::from([4, 6, 11]));
    let scale = [62_u8, 64, 66, 67, 69, 71, 73, 74, 69, 66, 62].map(|key| Pitch::new(key).unwrap());
    let note = |(place, pitch): (i64, Pitch)| Note {
        onset: Ticks::quarters(place),
        length: Ticks::QUARTER,
        pitch,
        velocity: 80,
        channel: 0,
    };
    let in_d = Phrase::new((0..).zip(scale).map(note).collect(), Meter::COMMON, Tempo::DEFAULT);
    let heard = Request { prompt: in_d, ..request(16, 1) };
    assert_eq!(classes(&answers(&heard)[0]), BTreeSet::from([2, 4, 9]));
}

#[test]
fn the_first_note_is_of_the_chord() {
    let seeded = Request { chord: "G5".parse().ok(), ..request(2, 16) };
    for answer in answers(&seeded) {
        assert!([2, 7].contains(&answer.phrase.notes()[0].pitch.class().semitones()));
    }
}

#[test]
fn a_cold_melody_is_the_seeds_own_and_a_hot_one_strays() {
    let at = |temperature| answers(&Request { temperature, top_p: 1.0, ..request(8, 1) }).remove(0).phrase;
    let own = model().likeliest(1).unwrap();
    let coldest: Vec<Option<Pitch>> = at(0.0).notes().iter().map(|note| Some(note.pitch)).collect();
    let own: Vec<Option<Pitch>> = own.iter().map(|(token, _)| token.pitch).take(coldest.len()).collect();
    assert_eq!(coldest, own);
    assert_ne!(at(2.0), at(0.0));
}

#[test]
fn only_fresh_melodies_are_made() {
    let refusal = model().generate(&Request { task: Task::Continue, ..request(1, 1) }, &Cancel::never());
    assert!(refusal.unwrap_err().to_string().contains("cannot continue"));
    let left = Cancel::when_counter_leaves(Arc::new(AtomicU64::new(1)), 0);
    assert!(matches!(model().generate(&request(1, 1), &left), Err(GenerateError::Cancelled)));
}

#[test]
fn a_pack_that_answers_otherwise_or_has_other_scores_is_refused() {
    let tokens = |model: &Gan| model.likeliest(0).unwrap().into_iter().map(|(token, _)| token);
    let right = Canary { prompt: Vec::new(), answer: tokens(&model()).take(12).collect() };
    assert!(Gan::open(&pack(5, Some(right.clone()))).is_ok());
    let wrong = Canary { answer: right.answer.iter().rev().copied().collect(), ..right.clone() };
    assert!(matches!(Gan::open(&pack(5, Some(wrong))), Err(PackError::Canary { .. })));
    assert!(matches!(Gan::open(&pack(5, None)), Err(PackError::Card(_))));
    assert!(matches!(Gan::open(&pack(6, Some(right))), Err(PackError::Canary { .. })));
    assert!(matches!(Gan::load(&pack(4, None)), Err(PackError::Network { .. })));
}

#[test]
fn rests_before_the_first_note_are_left_out_unless_there_is_nothing_else() {
    let silent_first = |texts: &str| {
        let vocabulary = Vocabulary::read(texts).unwrap();
        let card = Card { vocabulary: Some(vocabulary.hash()), ..pack(5, None).card };
        let files = BTreeMap::from([
            (pack::VOCABULARY.to_owned(), texts.as_bytes().to_vec()),
            (pack::MODEL.to_owned(), graph(vocabulary.len())),
        ]);
        Gan::load(&Pack::new(card, files)).unwrap()
    };
    let model = silent_first("R:0.5\nR:1.0\nC4:0.5\n");
    for answer in model.generate(&request(2, 16), &Cancel::never()).unwrap() {
        assert_eq!(answer.phrase.notes()[0].onset, Ticks::ZERO);
    }
    let cold = Request { temperature: 0.0, ..request(64, 1) };
    assert_eq!(model.generate(&cold, &Cancel::never()).unwrap()[0].phrase.length(), Ticks::quarters(256));
}
