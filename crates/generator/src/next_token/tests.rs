//! What every next-token model promises, shown on one with a network small enough to compute by hand.

use std::collections::BTreeMap;

use melody::{Meter, Note, Phrase, Pitch, Tempo, Ticks, Token, Vocabulary};

use super::*;
use crate::Generator;
use crate::dnn::Dnn;
use crate::onnx::Graph;
use crate::onnx::write::{Attribute, Size};
use crate::pack::{self, Canary, Kind, Pack, PackError};
use crate::request::KeyLock;

/// Ids 0 to 3. Each note makes the one after it in this list e times as likely as the two others, and the rest
/// (id 0) e^2 times as unlikely as those.
const TOKENS: &str = "R:1.0\nC4:1.0\nE4:1.0\nG4:1.0\n";
const SCORES: [f32; 16] =
    [-2.0, 1.0, 0.0, 0.0, -2.0, 0.0, 1.0, 0.0, -2.0, 0.0, 0.0, 1.0, -2.0, 1.0, 0.0, 0.0];

fn graph() -> Vec<u8> {
    let mut graph = Graph::new("table");
    graph.ids_in("token", &[Size::Rows]);
    graph.weights("table", &[4, 4], &SCORES);
    graph.node("Gather", &["table", "token"], &["scores"], &[Attribute::Int("axis", 0)]);
    graph.numbers_out("scores", &[Size::Rows, Size::Fixed(4)]);
    graph.bytes()
}

fn pack(canary: &str, frequencies: Option<&str>) -> Pack {
    let tokens = |text: &str| text.split(' ').map(|token| token.parse().unwrap()).collect();
    let card = Card {
        kind: Kind::Dnn,
        tasks: vec![Task::Continue, Task::Next],
        window: 1,
        vocabulary: Some(Vocabulary::read(TOKENS).unwrap().hash()),
        canary: Some(Canary { prompt: tokens("C4:1.0"), answer: tokens(canary) }),
        ..Card::example()
    };
    let mut files = BTreeMap::from([
        (pack::VOCABULARY.to_owned(), TOKENS.as_bytes().to_vec()),
        (pack::MODEL.to_owned(), graph()),
    ]);
    if let Some(frequencies) = frequencies {
        files.insert(pack::FREQUENCIES.to_owned(), frequencies.as_bytes().to_vec());
    }
    Pack::new(card, files)
}

fn model() -> Dnn {
    Dnn::open(&pack("E4:1.0 G4:1.0 C4:1.0", Some("0\n1\n2\n3\n"))).unwrap()
}

/// Quarters from the start on.
fn tune(pitches: &[u8]) -> Phrase {
    let note = |(place, pitch): (i64, &u8)| Note {
        onset: Ticks::quarters(place),
        length: Ticks::QUARTER,
        pitch: Pitch::new(*pitch).unwrap(),
        velocity: 80,
        channel: 0,
    };
    Phrase::new((0..).zip(pitches).map(note).collect(), Meter::COMMON, Tempo::DEFAULT)
}

fn next(pitches: &[u8]) -> Request {
    Request { task: Task::Next, count: 8, ..Request::to_continue(tune(pitches)) }
}

#[test]
fn next_notes_come_ranked_with_the_networks_own_probabilities() {
    let answers = model().generate(&next(&[60, 64, 67, 60]), &Cancel::never()).unwrap();
    let notes: Vec<Option<u8>> =
        answers.iter().map(|answer| answer.phrase.notes().first().map(|note| note.pitch.number())).collect();
    assert_eq!(notes, [Some(64), Some(60), Some(67), None]);
    let sum: f32 = answers.iter().flat_map(|answer| &answer.probabilities).sum();
    assert!((sum - 1.0).abs() < 1e-6);
    let e = 1.0_f32.exp();
    assert!((answers[0].probabilities[0] - e / (e + 2.0 + (-2.0_f32).exp())).abs() < 1e-6);
    assert!(answers.iter().all(|answer| answer.phrase.length() == Ticks::QUARTER));
}

#[test]
fn the_silence_up_to_the_bar_line_is_not_the_last_note() {
    // Three quarters leave a rest in the bar, after which C would be likeliest.
    let answers = model().generate(&next(&[60, 67, 60]), &Cancel::never()).unwrap();
    assert_eq!(answers[0].phrase.notes()[0].pitch.number(), 64);
}

#[test]
fn next_notes_keep_to_the_lock_and_start_on_the_chord_in_the_played_octave() {
    let pitches = |request: &Request| -> Vec<Option<u8>> {
        let answers = model().generate(request, &Cancel::never()).unwrap();
        answers.iter().map(|answer| Some(answer.phrase.notes().first()?.pitch.number())).collect()
    };
    let locked = Request { key_lock: KeyLock::Fixed("D major".parse().unwrap()), ..next(&[60, 64, 67, 60]) };
    assert_eq!(pitches(&locked), [Some(64), Some(67), None]);
    let high = [84, 88, 91, 84];
    let chord = Request { chord: "Em".parse().ok(), ..next(&high) };
    assert_eq!(pitches(&chord), [Some(88), Some(91)]);
}

#[test]
fn one_note_is_enough_and_none_is_answered_with_a_sentence() {
    assert_eq!(model().generate(&next(&[60]), &Cancel::never()).unwrap().len(), 4);
    let refusal = model().generate(&next(&[]), &Cancel::never()).unwrap_err().to_string();
    assert!(refusal.contains("0 notes"), "{refusal}");
    let refusal = model().score(&tune(&[])).unwrap_err().to_string();
    assert!(refusal.contains("no note"), "{refusal}");
}

#[test]
fn a_continuation_is_the_same_for_the_same_seed_and_fills_its_bars() {
    let request = Request { count: 3, ..Request::to_continue(tune(&[60, 64, 67, 60])) };
    let answers = model().generate(&request, &Cancel::never()).unwrap();
    assert_eq!(answers, model().generate(&request, &Cancel::never()).unwrap());
    assert!(answers.iter().all(|answer| answer.phrase.length() == Ticks::quarters(32)));
    assert_ne!(answers[0].phrase, answers[1].phrase);
}

#[test]
fn a_score_is_the_sum_of_what_each_token_costs() {
    // C by its count and one more, then E after C, G after E, C after G.
    let score = model().score(&tune(&[60, 64, 67, 60])).unwrap();
    let e = 1.0_f64.exp();
    let step = -(e / (e + 2.0 + (-2.0_f64).exp())).ln();
    let start = -(2.0_f64 / 10.0).ln();
    assert!((score.nats - (start + 3.0 * step)).abs() < 1e-6, "{score:?}");
    assert_eq!((score.notes, score.replaced), (4, 0));
    assert!(score.counted.contains("corpus"), "{}", score.counted);
    let plain = Dnn::open(&pack("E4:1.0", None)).unwrap().score(&tune(&[60, 64, 67, 60])).unwrap();
    assert!((plain.nats - (4.0_f64.ln() + 3.0 * step)).abs() < 1e-6);
    assert!(plain.counted.contains("one of 4 alike"), "{}", plain.counted);
}

#[test]
fn notes_that_the_model_does_not_know_are_scored_as_their_relatives_and_counted() {
    let strange: Vec<Token> = ["C4:2.0", "E4:1.0", "G4:1.0"].map(|text| text.parse().unwrap()).to_vec();
    let notes = melody::tokens::decode(&strange, Ticks::ZERO, |_| 80);
    let score = model().score(&Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT)).unwrap();
    assert_eq!((score.notes, score.replaced), (3, 1));
    assert!(score.nats.is_finite());
}

#[test]
fn a_canary_that_sings_otherwise_is_refused() {
    assert!(matches!(Dnn::open(&pack("C4:1.0", None)).err(), Some(PackError::Canary { .. })));
    let silent = Card { canary: None, ..pack("C4:1.0", None).card };
    let files = [(pack::VOCABULARY, TOKENS.as_bytes().to_vec()), (pack::MODEL, graph())];
    let files = files.map(|(name, bytes)| (name.to_owned(), bytes)).into();
    assert!(matches!(Dnn::open(&Pack::new(silent, files)).err(), Some(PackError::Card(_))));
}
