//! What the Biaxial LSTM promises, shown on graphs small enough to know what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use melody::{Chord, Key, Meter, Note, Phrase, Tempo};

use super::*;
use crate::KeyLock;
use crate::onnx::Graph;
use crate::onnx::write::Size;
use crate::pack::{Canary, Kind};

/// Along time: the first gate is what `played` says of each feature and `bias`, the second what `struck` does.
fn along_time(played: &[(usize, f32)], bias: f32) -> Vec<u8> {
    let width = 4 * PITCH[0];
    let mut weights = vec![0.0; FEATURES * width];
    played.iter().for_each(|(feature, weight)| weights[feature * width] = *weight);
    let mut biases = vec![0.0; width];
    biases[..2].copy_from_slice(&[bias, -50.0]);
    let mut graph = Graph::new("along time");
    graph.numbers_in("seen", &[Size::Fixed(KEYS), Size::Fixed(FEATURES)]);
    graph.weights("w", &[FEATURES, width], &weights);
    graph.weights("b", &[width], &biases);
    graph.node("MatMul", &["seen", "w"], &["sums"], &[]);
    graph.node("Add", &["sums", "b"], &["gates"], &[]);
    graph.numbers_out("gates", &[Size::Fixed(KEYS), Size::Fixed(width)]);
    states(&mut graph, KEYS, [TIME; 4]);
    graph.bytes()
}

/// Along pitch: the first two gates as they are; a key above one that is played is played by `above` less readily.
fn along_pitch(above: f32) -> Vec<u8> {
    let width = 4 * PITCH[0];
    let mut weights = vec![0.0; width * 2];
    (weights[0], weights[3]) = (1.0, 1.0);
    let mut graph = Graph::new("along pitch");
    graph.numbers_in("gates", &[Size::Rows, Size::Fixed(width)]);
    graph.numbers_in("below", &[Size::Rows, Size::Fixed(2)]);
    graph.weights("w", &[width, 2], &weights);
    graph.weights("u", &[2, 2], &[-above, 0.0, 0.0, 0.0]);
    graph.node("MatMul", &["gates", "w"], &["from_time"], &[]);
    graph.node("MatMul", &["below", "u"], &["from_below"], &[]);
    graph.node("Add", &["from_time", "from_below"], &["scores"], &[]);
    graph.numbers_out("scores", &[Size::Rows, Size::Fixed(2)]);
    states(&mut graph, 1, [PITCH[0], PITCH[0], PITCH[1], PITCH[1]]);
    graph.bytes()
}

fn states(graph: &mut Graph, rows: usize, widths: [usize; 4]) {
    for (name, width) in ["h0", "c0", "h1", "c1"].into_iter().zip(widths) {
        graph.numbers_in(name, &[Size::Fixed(rows), Size::Fixed(width)]);
        let next = format!("next_{name}");
        graph.node("Identity", &[name], &[&next], &[]);
        graph.numbers_out(&next, &[Size::Fixed(rows), Size::Fixed(width)]);
    }
}

fn pack(played: &[(usize, f32)], bias: f32, above: f32, canary: Option<Canary>) -> Pack {
    let card =
        Card { kind: Kind::BiaxialLstm, tasks: vec![Task::Fresh, Task::Continue], canary, ..Card::example() };
    let files = BTreeMap::from([
        (pack::ENCODER.to_owned(), along_time(played, bias)),
        (pack::DECODER.to_owned(), along_pitch(above)),
    ]);
    Pack::new(card, files)
}

/// One key in about fifty sounds, wherever it lies.
fn sparse() -> Biaxial {
    Biaxial::load(&pack(&[], -4.0, 0.0, None)).unwrap()
}

fn request(bars: u32, count: u32) -> Request {
    Request {
        task: Task::Fresh,
        bars,
        count,
        seed: 1,
        temperature: 1.0,
        ..Request::to_continue(Phrase::default())
    }
}

fn answers(model: &Biaxial, request: &Request) -> Vec<Candidate> {
    model.generate(request, &Cancel::never()).unwrap()
}

#[test]
fn every_seed_is_music_of_its_own_and_the_same_again() {
    let model = sparse();
    let together = answers(&model, &request(2, 6));
    let different: BTreeSet<String> =
        together.iter().map(|answer| format!("{:?}", answer.phrase.notes())).collect();
    assert_eq!(different.len(), 6);
    for candidate in &together {
        assert_eq!(answers(&model, &Request { seed: candidate.seed, ..request(2, 1) })[0], *candidate);
        assert_eq!(candidate.probabilities.len(), candidate.phrase.notes().len());
        assert!(!candidate.phrase.is_monophonic());
    }
}

#[test]
fn an_answer_begins_with_a_note_and_fills_its_bars_in_any_meter() {
    let shy = Biaxial::load(&pack(&[], -9.0, 0.0, None)).unwrap();
    for (numerator, denominator) in [(4, 4), (3, 4), (7, 8), (1, 64)] {
        let meter = Meter::new(numerator, denominator).unwrap();
        let prompt = Phrase::new(Vec::new(), meter, Tempo::DEFAULT);
        let answer = answers(&shy, &Request { prompt, ..request(2, 1) }).remove(0).phrase;
        assert_eq!(answer.length(), meter.bar() * 2, "{meter}");
        assert_eq!(answer.notes()[0].onset, Ticks::ZERO);
        assert!(answer.notes().iter().all(|note| note.end() <= answer.length()));
    }
}

#[test]
fn silence_does_not_last() {
    let shy = Biaxial::load(&pack(&[], -9.0, 0.0, None)).unwrap();
    let answer = answers(&shy, &request(8, 1)).remove(0).phrase;
    let gap = |pair: &[Note]| pair[1].onset - pair[0].onset;
    assert!(answer.notes().windows(2).all(|pair| gap(pair) <= Ticks::quarters(8)));
    assert!(answer.notes().len() > 4);
}

#[test]
fn a_chord_seed_is_struck_first() {
    for chord in ["Cadd9", "F#m7", "Bb/D"] {
        let chord: Chord = chord.parse().unwrap();
        let seeded = Request { chord: Some(chord.clone()), ..request(2, 1) };
        let answer = answers(&sparse(), &seeded).remove(0).phrase;
        let first: BTreeSet<u8> = answer
            .notes()
            .iter()
            .take_while(|note| note.onset == Ticks::ZERO)
            .map(|note| note.pitch.class().semitones())
            .collect();
        let expected: BTreeSet<u8> =
            chord.pitches(Pitch::MIDDLE_C).into_iter().map(|pitch| pitch.class().semitones()).collect();
        assert_eq!(first, expected, "{chord}");
    }
}

#[test]
fn keys_hear_the_chord_of_the_progression_and_keep_to_the_scale() {
    // Only keys of the chord sound: the feature before the last says so.
    let obedient = Biaxial::load(&pack(&[(FEATURES - 2, 40.0)], -42.0, 0.0, None)).unwrap();
    let chords = Request { progression: "D | A".parse().ok(), chord_strength: 0.0, ..request(2, 1) };
    let answer = answers(&obedient, &chords).remove(0).phrase;
    let chord = |name: &str| name.parse::<Chord>().unwrap();
    for note in answer.notes() {
        let wanted = if note.onset < Ticks::quarters(4) { chord("D") } else { chord("A") };
        assert!(wanted.contains(note.pitch.class()), "{note:?}");
    }
    let key: Key = "Eb".parse().unwrap();
    let locked = Request { key_lock: KeyLock::Fixed(key), ..request(2, 2) };
    for answer in answers(&sparse(), &locked) {
        assert!(answer.phrase.notes().iter().all(|note| key.contains(note.pitch.class())));
    }
}

#[test]
fn a_continuation_holds_on_to_what_was_played() {
    // A key sounds as long as it sounded before; what was struck before is the first feature of its own pair.
    let own = 13 + 2 * 12;
    let holder = Biaxial::load(&pack(&[(own, 40.0)], -20.0, 0.0, None)).unwrap();
    let note = |pitch| Note {
        onset: Ticks::ZERO,
        length: Ticks::quarters(4),
        pitch: Pitch::new(pitch).unwrap(),
        velocity: 70,
        channel: 0,
    };
    let prompt = Phrase::new(vec![note(50), note(66)], Meter::COMMON, Tempo::DEFAULT);
    let mut walk = Walk::begin(&holder).unwrap();
    let ask = Request { task: Task::Continue, prompt, ..request(1, 1) };
    let home = nearest(&Prompt::of(&ask.prompt).home);
    walk.hear_all(&heard(&ask, &home), &Cancel::never()).unwrap();
    let step = walk.play(0, None, &mut |_, odds| (odds.played > 0.0).then_some(odds.struck > 0.0)).unwrap();
    let sounding: Vec<i32> = step.sounding().map(|pitch| i32::from(pitch.number()) - home.shift).collect();
    assert_eq!(sounding, [50, 66]);
    assert_eq!(step.struck().count(), 0);
}

#[test]
fn a_key_hears_the_key_below() {
    let lonely = Biaxial::load(&pack(&[], 1.0, 100.0, None)).unwrap();
    let cold = Request { temperature: 0.0, ..request(1, 1) };
    let first = answers(&lonely, &cold).remove(0).phrase;
    let pitches: Vec<u8> = first
        .notes()
        .iter()
        .take_while(|note| note.onset == Ticks::ZERO)
        .map(|note| note.pitch.number())
        .collect();
    assert_eq!(pitches.len(), KEYS / 2);
    assert!(pitches.windows(2).all(|pair| pair[1] - pair[0] == 2));
}

#[test]
fn a_canary_is_asked_and_broken_graphs_are_refused() {
    let features = [(0, 3.0)];
    let chord: Vec<Token> = ["C4:0.25", "E4:0.25"].iter().map(|text| text.parse().unwrap()).collect();
    let model = Biaxial::load(&pack(&features, -4.0, 0.0, None)).unwrap();
    let mut answer: Vec<Token> =
        model.likeliest(&chord).unwrap().into_iter().take(4).map(|(token, _)| token).collect();
    let opened = |answer: &[Token]| {
        let canary = Canary { prompt: chord.clone(), answer: answer.to_vec() };
        Biaxial::open(&pack(&features, -4.0, 0.0, Some(canary)))
    };
    assert!(opened(&answer).is_ok());
    answer.swap(0, 1);
    assert!(matches!(opened(&answer), Err(PackError::Canary { .. })));
    assert!(matches!(opened(&[]), Err(PackError::Card(_))));
    assert!(matches!(Biaxial::open(&pack(&features, -4.0, 0.0, None)), Err(PackError::Card(_))));
    let swapped = BTreeMap::from([
        (pack::ENCODER.to_owned(), along_pitch(0.0)),
        (pack::DECODER.to_owned(), along_time(&[], 0.0)),
    ]);
    let swapped = Pack::new(pack(&[], 0.0, 0.0, None).card, swapped);
    assert!(matches!(Biaxial::load(&swapped), Err(PackError::Network { .. })));
}

#[test]
fn a_cancelled_answer_stops() {
    let left = Cancel::when_counter_leaves(Arc::new(AtomicU64::new(1)), 0);
    assert!(matches!(sparse().generate(&request(8, 8), &left), Err(GenerateError::Cancelled)));
}
