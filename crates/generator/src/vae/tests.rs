//! A small model with random weights is asked for relatives.

use std::collections::BTreeMap;

use melody::{Meter, Tempo, Ticks, tokens};

use super::bank::tests::example;
use super::*;
use crate::onnx::Graph;
use crate::onnx::write::Size;
use crate::pack::Canary;

fn graph(from: &str, to: &str, width: usize, height: usize, seed: u64) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    let mut graph = Graph::new("layer");
    graph.numbers_in(from, &[Size::Rows, Size::Fixed(width)]);
    let weights: Vec<f32> = (0..width * height).map(|_| dice.normal() * 0.3).collect();
    graph.weights("w", &[width, height], &weights);
    graph.node("MatMul", &[from, "w"], &[to], &[]);
    graph.numbers_out(to, &[Size::Rows, Size::Fixed(height)]);
    graph.bytes()
}

fn files() -> BTreeMap<String, Vec<u8>> {
    BTreeMap::from([
        (pack::BANK.to_owned(), example().bytes()),
        (pack::ENCODER.to_owned(), graph("phrase", "latent", DIMENSIONS, LATENT, 1)),
        (pack::DECODER.to_owned(), graph("latent", "phrase", LATENT, DIMENSIONS, 2)),
    ])
}

fn pack_of(files: BTreeMap<String, Vec<u8>>, canary: Option<Canary>) -> Pack {
    let tasks = vec![Task::Vary, Task::Morph];
    Pack::new(Card { kind: pack::Kind::Vae, tasks, canary, ..Card::example() }, files)
}

fn model() -> Vae {
    Vae::load(&pack_of(files(), None)).unwrap()
}

fn played(text: &str) -> Phrase {
    let tokens: Vec<melody::Token> = text.split_whitespace().map(|token| token.parse().unwrap()).collect();
    Phrase::new(tokens::decode(&tokens, Ticks::ZERO, |_| 70), Meter::COMMON, Tempo::DEFAULT)
}

/// Two phrases of the example's bank, the first one twice.
const TUNE: &str =
    "C4:1.0 E4:0.5 G4:1.0 E4:2.0 R:3.5 C4:1.0 D4:0.5 G4:1.0 C4:1.0 R:4.5 C4:1.0 E4:0.5 G4:1.0 E4:2.0";

fn request(task: Task, text: &str) -> Request {
    Request { task, count: 8, seed: 3, ..Request::to_continue(played(text)) }
}

fn answers(request: &Request) -> Vec<Candidate> {
    model().generate(request, &Cancel::never()).unwrap()
}

#[test]
fn a_phrase_of_the_bank_is_its_own_nearest_relative_with_similarity_one() {
    let request = request(Task::Vary, TUNE);
    let answers = answers(&request);
    assert_eq!(answers.len(), 8);
    assert_eq!(answers[0].phrase.notes(), request.prompt.notes());
    assert!((answers[0].similarity.unwrap() - 1.0).abs() < 1e-4);
}

#[test]
fn answers_differ_are_ranked_and_last_as_long_as_the_prompt() {
    for neighbourhood in [0.0, 0.5, 1.0] {
        let request = Request { neighbourhood, ..request(Task::Vary, TUNE) };
        let answers = answers(&request);
        assert!(answers.is_sorted_by(|a, b| a.similarity >= b.similarity));
        for (number, answer) in answers.iter().enumerate() {
            assert_eq!(answer.phrase.length(), request.prompt.whole_bars());
            assert!(answers[..number].iter().all(|other| other.phrase != answer.phrase));
            let velocities = answer.phrase.notes().iter().map(|note| note.velocity);
            assert!(velocities.min() == Some(70));
        }
    }
}

#[test]
fn what_repeats_in_the_prompt_repeats_in_the_answer() {
    let request = Request { neighbourhood: 0.7, ..request(Task::Vary, TUNE) };
    for answer in answers(&request) {
        let part = |from, to| answer.phrase.between(Ticks::quarters(from), Ticks::quarters(to));
        let pitches = |phrase: Phrase| phrase.notes().iter().map(|note| note.pitch).collect::<Vec<_>>();
        assert_eq!(pitches(part(0, 8)), pitches(part(16, 20)));
    }
}

#[test]
fn a_wide_neighbourhood_strays_and_another_seed_strays_elsewhere() {
    let similar = |neighbourhood, seed| {
        let request = Request { neighbourhood, seed, ..request(Task::Vary, TUNE) };
        answers(&request).iter().map(|answer| answer.similarity.unwrap()).sum::<f32>() / 8.0
    };
    assert!(similar(1.0, 1) < similar(0.0, 1));
    assert_eq!(similar(0.0, 1), similar(0.0, 2));
    assert_ne!(similar(1.0, 1), similar(1.0, 2));
    assert_eq!(similar(1.0, 1), similar(1.0, 1));
}

#[test]
fn a_morph_leads_from_the_prompt_to_the_goal() {
    let (tune, goal) = ("C4:1.0 D4:0.5 G4:1.0 C4:1.0", "G4:1.0 E4:0.5 C4:1.0 G4:1.0");
    let mut request = Request { goal: Some(played(goal)), count: 7, ..request(Task::Morph, tune) };
    let answers = answers(&request);
    let word = |phrase: &Phrase| Heard::of(phrase).slots[0].word.clone();
    for (answer, end) in [(&answers[0], tune), (&answers[6], goal)] {
        assert_eq!(answer.phrase.notes(), played(end).notes(), "the ends are as they were played");
    }
    let steps: Vec<Word> = answers.iter().map(|answer| word(&answer.phrase)).collect();
    let new = |place: &usize| !steps[..*place].contains(&steps[*place]);
    let different = (0..steps.len()).filter(new).count();
    assert!(different >= 5, "the two halves may meet in a phrase, but no more: {different} of 7 differ");
    assert!(answers[0].similarity > answers[6].similarity);
    request.goal = None;
    let refusal = model().generate(&request, &Cancel::never()).unwrap_err();
    assert!(matches!(refusal, GenerateError::Request(RequestError::NoGoal)));
}

#[test]
fn silence_and_foreign_tasks_are_refused_and_a_cancelled_run_stops() {
    let refusal = |request: &Request, cancel: &Cancel| model().generate(request, cancel).unwrap_err();
    let empty = refusal(&request(Task::Vary, ""), &Cancel::never());
    assert!(matches!(empty, GenerateError::Request(RequestError::EmptyPrompt)));
    let foreign = refusal(&request(Task::Continue, TUNE), &Cancel::never());
    assert!(foreign.to_string().contains("vary, morph"), "{foreign}");
    let counter = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(1));
    let late = Cancel::when_counter_leaves(counter, 0);
    assert!(matches!(refusal(&request(Task::Vary, TUNE), &late), GenerateError::Cancelled));
}

#[test]
fn phrases_that_no_bank_has_are_answered_too() {
    for text in ["G#2:4.0", "C9:0.05 C#1:1/3 D4:9.0", &"F#4:0.25 B4:0.25 ".repeat(80)] {
        let answers = answers(&request(Task::Vary, text));
        assert!(answers.iter().all(|answer| !answer.phrase.is_empty()), "{text}");
    }
}

#[test]
fn the_prompt_has_its_places_on_the_map() {
    let model = model();
    assert_eq!(model.map().len(), model.bank().len());
    let inside = |point: [f32; 2]| point.iter().all(|along| (-1.0..=1.0).contains(along));
    let places = model.places(&played(TUNE)).unwrap();
    assert!(places.len() == 3 && places[0] == places[2]);
    assert!(places.into_iter().chain(model.map()).all(inside));
}

#[test]
fn the_canary_is_asked_and_damage_is_named() {
    let word = example().words()[40].clone();
    let answer = model().reconstruction(&word).unwrap().0.tokens();
    let good = Canary { prompt: word.tokens(), answer: answer.clone() };
    assert!(Vae::open(&pack_of(files(), Some(good.clone()))).is_ok());
    let wrong = Canary { answer: answer[1..].to_vec(), ..good };
    assert!(matches!(Vae::open(&pack_of(files(), Some(wrong))), Err(PackError::Canary { .. })));
    assert!(matches!(Vae::open(&pack_of(files(), None)), Err(PackError::Card(_))));

    let mut damaged = files();
    damaged.get_mut(pack::BANK).unwrap().truncate(500);
    let refusal = Vae::load(&pack_of(damaged, None)).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(refusal.contains("bank.bin") && refusal.contains("shorter"), "{refusal}");
    let mut exchanged = files();
    exchanged.insert(pack::ENCODER.to_owned(), graph("phrase", "latent", DIMENSIONS, 3, 1));
    let narrow = Vae::load(&pack_of(exchanged, None)).unwrap();
    assert!(matches!(narrow.places(&played(TUNE)), Err(GenerateError::Network { .. })));
}

#[test]
fn the_shipped_phrases_find_themselves_first() {
    let shipped = crate::Library::shipped().open("vae").unwrap();
    let bank = shipped.as_vae().unwrap().bank();
    let mut asked = 0;
    for word in bank.words().iter().step_by(bank.len() / 100) {
        let notes = tokens::decode(&word.tokens(), Ticks::ZERO, |_| 70);
        let prompt = Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT);
        // A phrase alone may seem to be in another key than its song, or two phrases, and then it is another word.
        let slots = Heard::of(&prompt).slots;
        if slots.len() != 1 || bank.find(&slots[0].word).is_none() {
            continue;
        }
        asked += 1;
        let request = Request { task: Task::Vary, count: 2, ..Request::to_continue(prompt.clone()) };
        let answers = shipped.generate(&request, &Cancel::never()).unwrap();
        assert!(answers[0].similarity.unwrap() > 0.9999 && answers[1].similarity < answers[0].similarity);
        assert_eq!(answers[0].phrase.notes(), prompt.notes());
    }
    assert!(asked > 20, "{asked} asked");
}

#[test]
fn a_shift_on_the_map_leads_towards_its_place() {
    let shipped = crate::Library::shipped().open("vae").unwrap();
    let vae = shipped.as_vae().unwrap();
    let tune = request(Task::Vary, "C4:1.0 C4:1.0 G4:1.0 G4:1.0 A4:1.0 A4:1.0 G4:2.0");
    let [x, y] = vae.places(&tune.prompt).unwrap()[0];
    let mut nearer = 0;
    for target in [[-0.5_f32, -0.5], [-0.5, 0.5], [0.5, -0.5], [0.5, 0.5]] {
        let distance = |phrase: &Phrase| {
            let [x, y] = vae.places(phrase).unwrap()[0];
            (x - target[0]).hypot(y - target[1])
        };
        let shifted = Request { shift: Some([target[0] - x, target[1] - y]), count: 1, ..tune.clone() };
        let answer = shipped.generate(&shifted, &Cancel::never()).unwrap().remove(0);
        nearer += u32::from(distance(&answer.phrase) < distance(&tune.prompt));
    }
    assert!(nearer >= 3, "{nearer} of 4");
}
