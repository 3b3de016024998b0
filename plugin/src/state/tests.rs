//! Promises of the project's memory.

use super::*;
use generator::{Candidate, Look, Request, Task};
use melody::{Meter, Pitch};
use nice_plug::params::persist::{PersistentField, deserialize_field, serialize_field};

fn phrase() -> Phrase {
    let note = |onset: i64, pitch: u8| Note {
        onset: Ticks(onset),
        length: Ticks(960),
        pitch: Pitch::new(pitch).unwrap(),
        velocity: 90,
        channel: 0,
    };
    Phrase::new(vec![note(0, 60), note(960, 62)], Meter::new(3, 4).unwrap(), Tempo::from_bpm(97.0))
}

fn remembered() -> Remembered {
    let candidate =
        Candidate { phrase: phrase(), seed: 7, probabilities: vec![0.5, 0.25], ..Candidate::default() };
    Remembered {
        phrase: phrase(),
        history: Arc::new(History::of(Given::new(
            "seq2seq".to_owned(),
            &Request::to_continue(phrase()),
            vec![candidate],
        ))),
        models: vec!["seq2seq".to_owned(), "random".to_owned()],
        chord: "Cadd9".to_owned(),
        ..Remembered::default()
    }
}

fn load(json: &str) -> Memory {
    let memory = Memory::default();
    memory.set(deserialize_field(json).unwrap());
    memory
}

fn save(memory: &Memory) -> String {
    memory.map(serialize_field).unwrap()
}

#[test]
fn what_was_saved_is_remembered() {
    let memory = Memory::default();
    memory.change(|memory| *memory = remembered());
    let again = load(&save(&memory));
    assert_eq!(*again.get(), remembered());
    assert_eq!((memory.loads(), again.loads()), (0, 1));
    assert_eq!(save(&again), save(&memory));
}

/// An answer of eight phrases, the sixth of which is chosen, on the way to a goal.
fn several() -> Given {
    let candidate = |number: u64| Candidate {
        phrase: phrase().map_notes(|note| Note { velocity: 20 + number as u8, ..note }),
        seed: number,
        probabilities: vec![0.5; 2],
        similarity: Some(0.9 - 0.1 * number as f32),
        attention: vec![vec![Look { onset: Ticks(-960), weight: 1.0 }]; 2],
    };
    let request = Request { task: Task::Morph, goal: Some(phrase()), ..Request::to_continue(phrase()) };
    let mut given = Given::new("vae".to_owned(), &request, (0..8).map(candidate).collect()).unwrap();
    given.choose(5);
    given
}

#[test]
fn a_list_of_candidates_is_remembered_with_the_chosen_one() {
    let memory = Memory::default();
    memory.change(|memory| memory.change_history(|history| history.show("answer", several())));
    let again = load(&save(&memory));
    assert_eq!(again.get().history, memory.get().history);
    assert_eq!(again.get().answer().unwrap().candidates(), several().candidates());
    assert_eq!(save(&again), save(&memory));
    let saved: Value = serde_json::from_str(&save(&memory)).unwrap();
    assert_eq!(saved["history"]["answers"][0]["candidate"]["seed"], 5);
    assert_eq!(saved["history"]["answers"][0]["others"].as_array().unwrap().len(), 7);
}

#[test]
fn what_is_chosen_beyond_the_list_is_not() {
    let mut given = several();
    given.choose(8);
    assert_eq!(given.chosen(), 5);
    let mut saved: Value = serde_json::to_value(&given).unwrap();
    saved["chosen"] = 99.into();
    let given: Given = serde_json::from_value(saved).unwrap();
    assert_eq!((given.chosen(), given.candidates().len(), given.candidate().seed), (7, 8, 5));
}

#[test]
fn a_project_from_before_there_were_tasks_loads_unchanged() {
    let json = r#"{"version":1,"phrase":{"notes":[{"onset":0,"length":960,"pitch":60,"velocity":90,"channel":0}],
        "length":3840,"meter":[4,4],"tempo":500000},"answer":{"model":"seq2seq","prompt":{"notes":[
        {"onset":0,"length":960,"pitch":60,"velocity":90,"channel":0}],"length":3840,"meter":[4,4],"tempo":500000},
        "candidate":{"phrase":{"notes":[{"onset":0,"length":480,"pitch":64,"velocity":80,"channel":0}],
        "length":3840,"meter":[4,4],"tempo":500000},"seed":7,"probabilities":[0.25]}},
        "models":["seq2seq"],"chord":""}"#;
    let memory = load(json);
    let remembered = memory.get();
    assert_eq!(remembered.problem, None);
    let given = remembered.answer().unwrap();
    assert_eq!((given.task, given.goal.is_none(), given.chosen()), (Task::Continue, true, 0));
    assert_eq!((given.candidates().len(), given.candidate().seed), (1, 7));
    assert_eq!(load(&save(&memory)).get(), remembered, "and is saved as a project of today");
}

#[test]
fn a_list_has_room_in_a_project_whatever_a_model_gives() {
    let note = |index: i64| Note { onset: Ticks(index), ..phrase().notes()[0] };
    let phrase = Phrase::new((0..1024).map(note).collect(), Meter::COMMON, Tempo::DEFAULT);
    let looks = vec![Look { onset: Ticks(-960), weight: 0.123_456_78 }; 200];
    let attention = vec![looks; 1024];
    let candidate = Candidate { phrase, attention, probabilities: vec![0.5; 1024], ..Candidate::default() };
    let request = Request::to_continue(Phrase::default());
    let given = Given::new("m".to_owned(), &request, vec![candidate; 8]).unwrap();
    assert!(!given.candidates()[0].attention.is_empty() && given.candidates()[7].attention.is_empty());
    let memory = Memory::default();
    memory.change(|memory| memory.change_history(|history| history.show("answer", given)));
    let saved = save(&memory);
    assert!(saved.len() < MAX_BYTES / 2, "{} bytes", saved.len());
    assert_eq!(load(&saved).get().history, memory.get().history);
}

#[test]
fn a_rest_among_next_notes_keeps_its_chance() {
    let rest = Candidate {
        phrase: Phrase::default().lasting(Ticks(960)),
        probabilities: vec![0.25],
        ..Candidate::default()
    };
    let request = Request { task: Task::Next, ..Request::to_continue(phrase()) };
    let given = Given::new("dnn".to_owned(), &request, vec![rest.clone()]).unwrap();
    let again: Given = serde_json::from_value(serde_json::to_value(&given).unwrap()).unwrap();
    assert_eq!(*again.candidate(), rest);
}

#[test]
fn what_a_project_brings_is_not_overwritten_by_what_was_played_before() {
    let memory = load(&save(&Memory::default()));
    let loads = memory.loads();
    memory.change_since(loads, |memory| memory.chord = "C".to_owned());
    memory.set(remembered());
    memory.change_since(loads, |memory| memory.phrase = Phrase::default());
    assert_eq!(*memory.get(), remembered());
}

#[test]
fn a_memory_from_a_newer_version_is_saved_back_as_it_was() {
    let newer = r#"{"version":99,"takes":[1,2,3]}"#;
    let memory = load(newer);
    assert!(memory.get().problem.as_ref().unwrap().contains("newer"));
    let same: Value = serde_json::from_str(&save(&memory)).unwrap();
    assert_eq!(same, serde_json::from_str::<Value>(newer).unwrap());
    memory.change(|memory| memory.phrase = phrase());
    let ours = load(&save(&memory));
    assert_eq!(ours.get().phrase, phrase());
    assert_eq!(ours.get().foreign.as_ref().unwrap()["takes"][2], 3, "and beside what was played since");
}

#[test]
fn what_cannot_be_read_is_named_and_kept() {
    for json in [
        "[]",
        "7",
        "{}",
        r#"{"version":"1"}"#,
        r#"{"version":1}"#,
        r#"{"version":1,"phrase":{"notes":[{"onset":0,"length":1,"pitch":200,"velocity":1,"channel":0}],
            "length":1,"meter":[4,4],"tempo":500000},"answer":null,"models":[],"chord":""}"#,
    ] {
        let memory = load(json);
        assert!(memory.get().problem.is_some(), "{json}");
        let kept: Value = serde_json::from_str(&save(&memory)).unwrap();
        assert_eq!(kept, serde_json::from_str::<Value>(json).unwrap());
    }
}

#[test]
fn senseless_numbers_are_brought_into_range() {
    let json = r#"{"version":1,"phrase":{"notes":[
        {"onset":-5,"length":9,"pitch":60,"velocity":9,"channel":0},
        {"onset":9223372036854775807,"length":9223372036854775807,"pitch":60,"velocity":9,"channel":0},
        {"onset":0,"length":0,"pitch":60,"velocity":9,"channel":0},
        {"onset":0,"length":9,"pitch":60,"velocity":9,"channel":99},
        {"onset":0,"length":9,"pitch":60,"velocity":255,"channel":3}],
        "length":-9223372036854775808,"meter":[4,4],"tempo":0},"answer":null,"models":[],"chord":""}"#;
    let memory = load(json);
    let phrase = &memory.get().phrase;
    assert_eq!(phrase.notes().len(), 1);
    assert_eq!((phrase.notes()[0].velocity, phrase.length()), (127, Ticks(9)));
    assert!(phrase.tempo.micros() > 0);
}

#[test]
fn a_state_is_brought_into_shape_before_it_is_taken() {
    let json = r#"{"version":"9","params":{"temperature":{"f32":99.0},"bars":{"i32":-4},"continue":{"bool":true},
        "seed":{"i32":2000000},"chord_seed":{"i32":-7},"unknown":{"i32":3}},"fields":{"memory":"{\"version\""}}"#;
    let mut state: PluginState = serde_json::from_str(json).unwrap();
    filter(&mut state);
    let number = |id: &str| match state.params[id] {
        ParamValue::F32(value) => f64::from(value),
        ParamValue::I32(value) => f64::from(value),
        ParamValue::Bool(value) => f64::from(u8::from(value)),
        ParamValue::String(_) => f64::NAN,
    };
    assert_eq!((number("temperature"), number("bars"), number("continue")), (2.0, 1.0, 0.0));
    assert_eq!((number("seed"), number("chord_seed"), number("unknown")), (999_999.0, 0.0, 3.0));
    let memory = load(&state.fields["memory"]);
    assert_eq!(memory.get().foreign, Some(Value::String("{\"version\"".to_owned())));
}

#[test]
fn an_oversized_memory_is_left_out_with_a_word() {
    let mut state = PluginState {
        version: String::new(),
        params: Default::default(),
        fields: [("memory".to_owned(), " ".repeat(MAX_BYTES + 1))].into(),
    };
    filter(&mut state);
    assert!(state.fields["memory"].len() < 100);
    assert!(load(&state.fields["memory"]).get().problem.is_some());
}
