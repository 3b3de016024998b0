//! What performers promise, shown on graphs small enough to know what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use melody::{Meter, Note, Pitch, PitchClass, Tempo, Ticks};

use super::words::{GIVEN, LENGTHS, PITCHES, VELOCITIES};
use super::*;
use crate::onnx::Graph;
use crate::onnx::write::{Attribute, Size};
use crate::pack::{Canary, Kind};
use crate::request::KeyLock;

/// The scores of a network that says the same whatever it is told: any key, eighths, and a gap that is one of these two.
fn graph(gaps: [usize; 2], states: bool) -> Vec<u8> {
    let mut said = vec![0.0_f32; PITCHES + GIVEN];
    said[PITCHES..].fill(-30.0);
    said[PITCHES + 3] = 0.0;
    (0..VELOCITIES).for_each(|step| said[PITCHES + LENGTHS.len() + step] = 0.0);
    gaps.iter().for_each(|gap| said[PITCHES + LENGTHS.len() + VELOCITIES + gap] = 0.0);
    let mut graph = Graph::new("performer");
    graph.numbers_in("x", &[Size::Rows, Size::Fixed(TOLD)]);
    graph.weights("nothing", &[TOLD, said.len()], &vec![0.0; TOLD * said.len()]);
    graph.weights("said", &[said.len()], &said);
    graph.weights("table", &[PITCHES, GIVEN], &[0.0; PITCHES * GIVEN]);
    graph.node("MatMul", &["x", "nothing"], &["deaf"], &[]);
    graph.node("Add", &["deaf", "said"], &["all"], &[]);
    let split = [Attribute::Int("axis", 1), Attribute::Ints("split", &[PITCHES as i64, GIVEN as i64])];
    graph.node("Split", &["all"], &["pitch", "rest"], &split);
    graph.node("Identity", &["table"], &["given"], &[]);
    graph.numbers_out("pitch", &[Size::Rows, Size::Fixed(PITCHES)]);
    graph.numbers_out("rest", &[Size::Rows, Size::Fixed(GIVEN)]);
    graph.numbers_out("given", &[Size::Fixed(PITCHES), Size::Fixed(GIVEN)]);
    if states {
        for name in ["h0", "c0"] {
            graph.numbers_in(name, &[Size::Rows, Size::Fixed(2)]);
            graph.node("Tanh", &[name], &[&format!("next_{name}")], &[]);
            graph.numbers_out(&format!("next_{name}"), &[Size::Rows, Size::Fixed(2)]);
        }
    }
    graph.bytes()
}

/// A network that says four numbers, which are its noise.
fn noisy() -> Vec<u8> {
    let mut weights = vec![0.0_f32; 8 * 4];
    (0..4).for_each(|place| weights[(4 + place) * 4 + place] = 1.0);
    let mut graph = Graph::new("performer");
    graph.numbers_in("x", &[Size::Rows, Size::Fixed(8)]);
    graph.numbers_in("h0", &[Size::Rows, Size::Fixed(2)]);
    graph.numbers_in("c0", &[Size::Rows, Size::Fixed(2)]);
    graph.weights("w", &[8, 4], &weights);
    graph.node("MatMul", &["x", "w"], &["tone"], &[]);
    graph.numbers_out("tone", &[Size::Rows, Size::Fixed(4)]);
    for name in ["h0", "c0"] {
        graph.node("Tanh", &[name], &[&format!("next_{name}")], &[]);
        graph.numbers_out(&format!("next_{name}"), &[Size::Rows, Size::Fixed(2)]);
    }
    graph.bytes()
}

fn pack(graph: Vec<u8>, canary: Option<Canary>) -> Pack {
    let card = Card {
        kind: Kind::LstmGan,
        tasks: vec![Task::Fresh, Task::Continue],
        styles: vec![Style::Classical, Style::Pop],
        canary,
        ..Card::example()
    };
    Pack::new(card, BTreeMap::from([(pack::MODEL.to_owned(), graph)]))
}

/// Chords and eighths.
fn model() -> Performer {
    Performer::load(&pack(graph([0, 6], true), None)).unwrap()
}

fn request(bars: u32) -> Request {
    Request { task: Task::Fresh, bars, seed: 1, ..Request::to_continue(Phrase::default()) }
}

fn answer(model: &Performer, request: &Request) -> Phrase {
    model.generate(request, &Cancel::never()).unwrap().remove(0).phrase
}

#[test]
fn a_model_is_known_by_what_it_is_told() {
    assert_eq!(model().manner(), Manner::Words { memory: 1, noise: 0 });
    let without_states = Performer::load(&pack(graph([0, 6], false), None)).unwrap();
    assert_eq!(without_states.manner(), Manner::Words { memory: 1, noise: 0 });
    assert_eq!(Performer::load(&pack(noisy(), None)).unwrap().manner(), Manner::Numbers);
    let mut foreign = Graph::new("performer");
    foreign.numbers_in("x", &[Size::Rows, Size::Fixed(9)]);
    foreign.node("Tanh", &["x"], &["pitch"], &[]);
    foreign.numbers_out("pitch", &[Size::Rows, Size::Fixed(9)]);
    let refusal = Performer::load(&pack(foreign.bytes(), None)).err().unwrap().to_string();
    assert!(refusal.contains("x of 9 numbers"), "{refusal}");
}

#[test]
fn music_starts_from_the_chord_with_all_its_notes_at_once() {
    for (symbol, classes) in
        [("Cadd9", vec![0, 4, 7, 2]), ("F#m7", vec![6, 9, 1, 4]), ("Bb/D", vec![2, 10, 5])]
    {
        let asked = Request { chord: symbol.parse().ok(), ..request(2) };
        for model in [model(), Performer::load(&pack(noisy(), None)).unwrap()] {
            let phrase = answer(&model, &asked);
            let first = phrase.notes().iter().filter(|note| note.onset == Ticks::ZERO);
            let heard: BTreeSet<u8> = first.map(|note| note.pitch.class().semitones()).collect();
            assert!(classes.iter().all(|class| heard.contains(class)), "{symbol}: {heard:?}");
        }
    }
}

#[test]
fn the_first_bar_leans_towards_the_chord_as_much_as_is_asked() {
    let chord: melody::Chord = "Ebm7".parse().unwrap();
    let share = |strength| {
        let asked = Request { chord: Some(chord.clone()), chord_strength: strength, ..request(1) };
        let inside = |seed| {
            let phrase = answer(&model(), &Request { seed, ..asked.clone() });
            let inside = phrase.notes().iter().filter(|note| chord.contains(note.pitch.class())).count();
            inside as f64 / phrase.notes().len() as f64
        };
        (1..=20).map(inside).sum::<f64>() / 20.0
    };
    let (weak, usual, strong) = (share(0.0), share(0.5), share(1.0));
    assert!(weak < usual && usual < strong && usual > 0.75, "{weak} {usual} {strong}");
}

#[test]
fn a_progression_is_followed_bar_by_bar() {
    let asked =
        Request { progression: "C | F#m".parse().ok(), chord_strength: 1.0, temperature: 0.5, ..request(4) };
    let phrase = answer(&model(), &asked);
    for (bar, symbol) in ["C", "F#m", "C", "F#m"].into_iter().enumerate() {
        let chord: melody::Chord = symbol.parse().unwrap();
        let bar = phrase.between(Ticks(3840 * bar as i64), Ticks(3840 * (bar as i64 + 1)));
        let inside = bar.notes().iter().filter(|note| chord.contains(note.pitch.class())).count();
        assert!(inside * 10 >= bar.notes().len() * 9, "{inside} of {} in {symbol}", bar.notes().len());
    }
}

#[test]
fn at_full_strength_no_other_note_begins_on_a_beat() {
    for model in [model(), Performer::load(&pack(noisy(), None)).unwrap()] {
        let asked = Request { progression: "C | F#m".parse().ok(), temperature: 2.0, ..request(4) };
        let phrase = answer(&model, &Request { chord_strength: 1.0, ..asked.clone() });
        let chords = asked.progression.as_ref().unwrap();
        let on_beats: Vec<&Note> = phrase.notes().iter().filter(|note| note.onset.0 % 960 == 0).collect();
        assert!(!on_beats.is_empty());
        for note in on_beats {
            let chord = chords.chord_at(note.onset, Meter::COMMON).unwrap();
            assert!(chord.contains(note.pitch.class()), "{} at {:?}", note.pitch, note.onset);
        }
        // Where chord and key have nothing in common, the key is kept.
        let apart = Request {
            progression: "F#".parse().ok(),
            key_lock: KeyLock::Fixed("C".parse().unwrap()),
            ..asked
        };
        let phrase = answer(&model, &Request { chord_strength: 1.0, ..apart });
        assert!(phrase.notes().iter().all(|note| melody::Key::C_MAJOR.contains(note.pitch.class())));
    }
}

#[test]
fn a_locked_key_is_kept() {
    let key: melody::Key = "D minor".parse().unwrap();
    for model in [model(), Performer::load(&pack(noisy(), None)).unwrap()] {
        let phrase = answer(&model, &Request { key_lock: KeyLock::Fixed(key), ..request(4) });
        assert!(phrase.notes().len() > 8);
        assert!(phrase.notes().iter().all(|note| key.contains(note.pitch.class())));
    }
}

#[test]
fn bars_are_exact_and_voices_rise_from_each_onset() {
    for bars in [1, 8, 64] {
        let phrase = answer(&model(), &request(bars));
        assert_eq!(phrase.length(), Ticks(3840 * i64::from(bars)));
        assert!(phrase.notes().iter().all(|note| note.end() <= phrase.length()));
        assert_eq!(phrase.notes()[0].onset, Ticks::ZERO);
        assert!(phrase.notes().windows(2).any(|pair| pair[0].onset == pair[1].onset));
    }
}

#[test]
fn a_network_that_only_ever_stacks_notes_still_comes_to_an_end() {
    let stacking = Performer::load(&pack(graph([0, 0], true), None)).unwrap();
    let phrase = answer(&stacking, &request(2));
    assert_eq!(phrase.length(), Ticks(7680));
    let still = Request { temperature: 0.0, ..request(2) };
    let still = answer(&Performer::load(&pack(noisy(), None)).unwrap(), &still);
    assert_eq!(still.length(), Ticks(7680));
}

#[test]
fn a_seed_is_a_piece_of_its_own_and_the_same_again() {
    let model = model();
    let together = model.generate(&Request { count: 8, ..request(2) }, &Cancel::never()).unwrap();
    let different: BTreeSet<String> =
        together.iter().map(|candidate| format!("{:?}", candidate.phrase.notes())).collect();
    assert_eq!(different.len(), 8);
    for candidate in &together {
        assert_eq!(candidate.probabilities.len(), candidate.phrase.notes().len());
        let alone = Request { seed: candidate.seed, ..request(2) };
        assert_eq!(model.generate(&alone, &Cancel::never()).unwrap(), std::slice::from_ref(candidate));
    }
}

#[test]
fn an_answer_goes_on_in_the_key_and_on_the_channel_that_was_played() {
    let key: melody::Key = "E major".parse().unwrap();
    let note = |step: i64| {
        let scale = [0, 2, 4, 5, 7, 9, 11, 12];
        let pitch = Pitch::new(64 + scale[step as usize % 8]).unwrap();
        Note { onset: Ticks::QUARTER * step, length: Ticks::QUARTER, pitch, velocity: 90, channel: 3 }
    };
    let prompt = Phrase::new((0..16).map(note).collect(), Meter::COMMON, Tempo::DEFAULT);
    let asked = Request { bars: 4, key_lock: KeyLock::Heard, ..Request::to_continue(prompt) };
    let phrase = answer(&model(), &asked);
    assert!(phrase.notes().iter().all(|note| key.contains(note.pitch.class()) && note.channel == 3));
    assert!(phrase.notes()[0].onset <= Ticks::QUARTER);
    let seeded = Request { chord: "A".parse().ok(), ..asked };
    let first = answer(&model(), &seeded).notes()[0];
    assert_eq!((first.onset, first.pitch.class()), (Ticks::ZERO, PitchClass::of(9)));
}

#[test]
fn a_style_that_was_not_taught_is_refused_with_those_that_were() {
    let asked = Request { style: Some(Style::Jazz), ..request(1) };
    let refusal = model().generate(&asked, &Cancel::never()).unwrap_err().to_string();
    assert!(refusal.contains("jazz") && refusal.contains("classical, pop"), "{refusal}");
    assert!(
        model().generate(&Request { style: Some(Style::Classical), ..request(1) }, &Cancel::never()).is_ok()
    );
}

#[test]
fn a_cancelled_run_stops() {
    let cancel = Cancel::when_counter_leaves(Arc::new(AtomicU64::new(8)), 7);
    for model in [model(), Performer::load(&pack(noisy(), None)).unwrap()] {
        assert!(matches!(model.generate(&request(8), &cancel), Err(GenerateError::Cancelled)));
    }
}

#[test]
fn a_model_without_its_canary_is_refused() {
    let refusal = |canary| Performer::open(&pack(graph([0, 6], true), canary)).err().unwrap().to_string();
    assert!(refusal(None).contains("no canary"));
    let wrong = Canary { prompt: Vec::new(), answer: vec!["C4:4.0".parse().unwrap()] };
    assert!(refusal(Some(wrong)).contains("canary"));
    let right: Vec<Token> = model().likeliest(1).unwrap().into_iter().map(|(token, _)| token).collect();
    let right = Canary { prompt: Vec::new(), answer: right };
    assert!(Performer::open(&pack(graph([0, 6], true), Some(right))).is_ok());
}
