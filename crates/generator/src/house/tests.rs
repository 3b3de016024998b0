//! What the house model promises, shown on networks whose odds are set by hand.

use std::collections::BTreeMap;

use melody::memory::WITNESSES;
use melody::{Key, Meter, Note, Pitch, Tempo};

use super::*;
use crate::onnx::Graph;
use crate::onnx::write::Size;
use crate::pack::{Canary, Kind};
use crate::request::KeyLock;

/// A graph whose outputs are the same whatever goes in: each `(name, numbers)`, behind a matrix of zeros.
fn constant(inputs: &[(&str, usize)], outputs: &[(&str, Vec<f32>)]) -> Vec<u8> {
    let mut graph = Graph::new("constant");
    for (name, width) in inputs {
        graph.numbers_in(name, &[Size::Rows, Size::Fixed(*width)]);
    }
    // All inputs are of use, so that none is lost when the graph is optimised.
    for (place, (name, numbers)) in outputs.iter().enumerate() {
        let (input, width) = inputs[place % inputs.len()];
        let [zeros, sum, bias] = ["zeros", "sum", "bias"].map(|part| format!("{name}_{part}"));
        graph.weights(&zeros, &[width, numbers.len()], &vec![0.0; width * numbers.len()]);
        graph.weights(&bias, &[numbers.len()], numbers);
        graph.node("MatMul", &[input, &zeros], &[&sum], &[]);
        graph.node("Add", &[&sum, &bias], &[name], &[]);
    }
    for (name, numbers) in outputs {
        graph.numbers_out(name, &[Size::Rows, Size::Fixed(numbers.len())]);
    }
    graph.bytes()
}

/// A model that trusts itself or its witnesses, and gives all pitches alike and eighths and quarters as lengths.
fn model(trust: usize) -> House {
    let states: [(&str, usize); 2] = [("h0", 3), ("c0", 3)];
    let body = constant(
        &[[("told", input::BODY)].as_slice(), &states].concat(),
        &[
            ("rest", vec![0.0; 2]),
            ("pitch", vec![0.0; 2]),
            ("length", vec![0.0; 2]),
            ("next_h0", vec![0.0; 3]),
            ("next_c0", vec![0.0; 3]),
        ],
    );
    let mut files = BTreeMap::from([(pack::BODY.to_owned(), body)]);
    for ((file, aspect), width) in pack::HEADS.iter().zip(Aspect::ALL).zip(input::HEADS) {
        let mut scores = vec![0.0; aspect.size()];
        let likely: &[usize] = match aspect {
            Aspect::Rest => &[0],
            Aspect::Pitch => &[],
            Aspect::Length => &[5, 11],
        };
        likely.iter().for_each(|value| scores[*value] = 9.0);
        let mut gates = vec![0.0; 1 + WITNESSES];
        gates[trust] = 12.0;
        let head = constant(&[("inner", 2), ("told", width)], &[("scores", scores), ("gates", gates)]);
        files.insert((*file).to_owned(), head);
    }
    let card = Card {
        kind: Kind::House,
        tasks: vec![Task::Continue, Task::Vary, Task::Fill, Task::Next],
        window: 1,
        canary: Some(Canary { prompt: vec!["C4:1.0".parse().unwrap()], answer: Vec::new() }),
        ..Card::example()
    };
    House::open(&Pack::new(card, files)).unwrap()
}

/// The network's own odds.
const ITSELF: usize = 0;
/// The longest likeness of notes.
const LIKENESS: usize = 4;

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

fn answers(model: &House, request: &Request) -> Vec<Candidate> {
    model.generate(request, &Cancel::never()).unwrap()
}

fn asked() -> Request {
    Request {
        temperature: 1.0,
        top_p: 1.0,
        count: 6,
        ..Request::to_continue(tune(&[62, 66, 69, 62, 64, 66, 69]))
    }
}

#[test]
fn answers_last_exactly_their_bars_and_bear_odds_for_each_note() {
    let model = model(ITSELF);
    for bars in [1, 3, 8] {
        for answer in answers(&model, &Request { bars, ..asked() }) {
            assert_eq!(answer.phrase.length(), Ticks::quarters(4 * i64::from(bars)));
            assert!(answer.phrase.is_monophonic() && !answer.phrase.is_empty());
            assert_eq!(answer.probabilities.len(), answer.phrase.notes().len());
            assert!(answer.phrase.notes()[0].onset <= Ticks::QUARTER);
        }
    }
}

#[test]
fn a_seed_gives_the_same_answer_alone_and_among_others() {
    let model = model(ITSELF);
    let all = answers(&model, &asked());
    assert_eq!(all, answers(&model, &asked()));
    assert!(all.windows(2).all(|pair| pair[0].phrase != pair[1].phrase));
    for answer in &all {
        let alone = Request { count: 1, seed: answer.seed, ..asked() };
        assert_eq!(answers(&model, &alone), std::slice::from_ref(answer));
    }
}

#[test]
fn answers_differ_from_one_another_where_few_are_possible() {
    let range = Some((Pitch::new(66).unwrap(), Pitch::new(67).unwrap()));
    let few = Request { bars: 1, range, ..asked() };
    for seed in [0, 100, 200] {
        let all = answers(&model(ITSELF), &Request { seed, count: 8, ..few.clone() });
        let twins = all
            .iter()
            .enumerate()
            .filter(|(place, answer)| all[..*place].iter().any(|other| other.phrase == answer.phrase));
        assert_eq!((all.len(), twins.count()), (8, 0));
        let alone = Request { seed: all[7].seed, ..few.clone() };
        assert_eq!(answers(&model(ITSELF), &Request { count: 1, ..alone })[0].phrase, all[7].phrase);
    }
    // Where only one is possible it is given as often as asked for.
    let still = Request { temperature: 0.0, ..few };
    assert_eq!(answers(&model(ITSELF), &still).len(), 6);
}

#[test]
fn as_many_notes_come_as_the_density_asks_for() {
    let notes = |density| -> usize {
        let request =
            Request { density: Some(density), prompt: tune(&[62, 66, 69, 62, 64, 66, 69, 74]), ..asked() };
        answers(&model(ITSELF), &request).iter().map(|answer| answer.phrase.notes().len()).sum()
    };
    // Six answers of eight bars, after four notes a bar; the model likes eighths as much as quarters.
    for (density, asked) in [(1.0, 192), (1.5, 288), (2.0, 384)] {
        assert!(notes(density).abs_diff(asked) * 10 < asked * 3, "{density}: {} of {asked}", notes(density));
    }
}

#[test]
fn no_note_leaves_a_locked_key() {
    let key: Key = "E major".parse().unwrap();
    let request = Request { key_lock: KeyLock::Fixed(key), ..asked() };
    for answer in answers(&model(ITSELF), &request) {
        assert!(answer.phrase.notes().iter().all(|note| key.contains(note.pitch.class())));
    }
}

#[test]
fn chords_are_heard_on_strong_beats() {
    let request = Request { progression: "D | G | A7 | Bm".parse().ok(), chord_strength: 1.0, ..asked() };
    let progression = request.progression.clone().unwrap();
    let (mut strong, mut kept) = (0, 0);
    for answer in answers(&model(ITSELF), &request) {
        for note in answer.phrase.notes() {
            let place = Ticks(note.onset.0 % Meter::COMMON.bar().0);
            if Meter::COMMON.is_strong(place) {
                strong += 1;
                let chord = progression.chord_at(note.onset, Meter::COMMON).unwrap();
                kept += usize::from(chord.contains(note.pitch.class()));
            }
        }
    }
    assert!(kept * 100 >= strong * 95, "{kept} of {strong}");
}

#[test]
fn who_trusts_the_longest_likeness_goes_on_as_before() {
    let round = [60, 64, 67, 72, 60, 64, 67, 72, 60, 64, 67, 72];
    let request = Request { bars: 2, count: 1, temperature: 0.0, ..Request::to_continue(tune(&round)) };
    let pitches = |answer: &Candidate| -> Vec<u8> {
        answer.phrase.notes().iter().map(|note| note.pitch.number()).collect()
    };
    assert_eq!(pitches(&answers(&model(LIKENESS), &request)[0]), [60, 64, 67, 72, 60, 64, 67, 72]);
}

#[test]
fn next_notes_are_ranked_by_what_the_model_believes() {
    let round = tune(&[60, 64, 67, 72, 60, 64]);
    let request = Request { task: Task::Next, count: 5, ..Request::to_continue(round) };
    let next = answers(&model(LIKENESS), &request);
    assert_eq!(next.len(), 5);
    assert_eq!(next[0].phrase.notes()[0].pitch.number(), 67);
    assert_eq!(next[0].phrase.length(), Ticks::QUARTER);
    assert!(next[0].probabilities[0] > 0.9 && next[1].probabilities[0] < 0.1);
}

#[test]
fn a_melody_without_notes_is_answered_with_a_sentence() {
    let refusal = model(ITSELF).generate(&Request { prompt: Phrase::default(), ..asked() }, &Cancel::never());
    assert!(refusal.unwrap_err().to_string().contains("0 notes"));
    assert!(model(ITSELF).score(&Phrase::default()).unwrap_err().to_string().contains("no note"));
}

#[test]
fn a_score_is_the_surprise_over_rest_pitch_and_length() {
    let score = model(ITSELF).score(&tune(&[60, 64, 67])).unwrap();
    // Pitches are all alike; a quarter is one of two likely lengths, no rest is near certain.
    let expected = 3.0 * 84.0_f64.ln() + 3.0 * 2.0_f64.ln();
    assert_eq!(score.notes, 3);
    assert!((score.nats - expected).abs() < 0.1, "{} and {expected}", score.nats);
}

#[test]
fn a_silence_longer_than_any_rest_is_no_hindrance() {
    let mut notes = tune(&[60, 64, 67]).notes().to_vec();
    notes.push(Note { onset: Ticks::quarters(60), ..notes[0] });
    let late = Phrase::new(notes, Meter::new(12, 8).unwrap(), Tempo::DEFAULT).lasting(Ticks::quarters(80));
    let answer = answers(&model(ITSELF), &Request { count: 1, ..Request::to_continue(late) }).remove(0);
    assert_eq!(answer.phrase.length(), Ticks::quarters(48));
    assert!(answer.phrase.notes()[0].onset <= Ticks::quarters(2));
}

#[test]
fn a_gap_is_filled_to_its_end_and_all_of_it_is_new() {
    let fill = Request { task: Task::Fill, goal: Some(tune(&[74, 69, 66, 62])), bars: 3, ..asked() };
    for answer in answers(&model(ITSELF), &fill) {
        assert_eq!(answer.phrase.length(), Ticks::quarters(12));
        assert!(answer.phrase.notes().iter().all(|note| note.end() <= Ticks::quarters(12)));
    }
    // What stands after the gap is remembered as what stands before it.
    let round = tune(&[60, 64, 67, 72, 60, 64, 67, 72]);
    let after = Request {
        goal: Some(round.clone()),
        prompt: tune(&[60, 64, 67, 72]),
        bars: 1,
        temperature: 0.0,
        ..fill
    };
    let pitches: Vec<u8> = answers(&model(LIKENESS), &Request { count: 1, ..after })[0]
        .phrase
        .notes()
        .iter()
        .map(|note| note.pitch.number())
        .collect();
    assert_eq!(pitches, [60, 64, 67, 72]);
}

#[test]
fn a_variation_keeps_its_first_beats_as_they_were_played() {
    let mut notes = tune(&[62, 66, 69, 62, 64, 66, 69, 74]).notes().to_vec();
    for (note, push) in notes.iter_mut().zip([11, -7, 20, 0, 5, -3, 8, 1]) {
        note.onset = (note.onset + Ticks(push)).max(Ticks::ZERO);
        note.velocity = 60 + push.unsigned_abs() as u8;
    }
    let played = Phrase::new(notes.clone(), Meter::COMMON, Tempo::DEFAULT).lasting(Ticks::quarters(8));
    let vary = Request { task: Task::Vary, neighbourhood: 1.0, kept_beats: 4, prompt: played, ..asked() };
    let all = answers(&model(ITSELF), &vary);
    for answer in &all {
        assert_eq!(answer.phrase.length(), Ticks::quarters(8));
        assert_eq!(answer.phrase.notes()[..4], notes[..4]);
    }
    assert!(all.windows(2).all(|pair| pair[0].phrase != pair[1].phrase));
    let near = answers(&model(ITSELF), &Request { neighbourhood: 0.0, count: 1, ..vary });
    assert_eq!((near[0].phrase.notes(), near[0].similarity), (notes.as_slice(), Some(1.0)));
    assert!(
        all.is_sorted_by(|one, other| one.similarity >= other.similarity && other.similarity > Some(0.2))
    );
}

#[test]
fn no_note_leaves_the_range_unless_the_key_asks_for_it() {
    let range = Some((Pitch::new(60).unwrap(), Pitch::new(67).unwrap()));
    for answer in answers(&model(ITSELF), &Request { range, ..asked() }) {
        assert!(answer.phrase.notes().iter().all(|note| (60..=67).contains(&note.pitch.number())));
    }
    let black = Some((Pitch::new(61).unwrap(), Pitch::new(61).unwrap()));
    let locked = Request { range: black, key_lock: KeyLock::Fixed(Key::C_MAJOR), ..asked() };
    for answer in answers(&model(ITSELF), &locked) {
        assert!(answer.phrase.notes().iter().all(|note| Key::C_MAJOR.contains(note.pitch.class())));
    }
}
