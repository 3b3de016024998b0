//! Promises of the worker, whose turns are taken by hand.

mod shaping;
mod tasks;

use super::*;
use crate::crossing::{self, Answer, Ask, AudioEnds, Entry, PanelEnds, Ruler};
use crate::params::ContinuoParams;
use crate::params::MAX_SEED;
use crate::task_choice;
use crate::worker::Worker;
use generator::{Cancel, Candidate, Card, GenerateError, Generator, Request, RequestError};
use melody::{Meter, Phrase, Tempo, Ticks};
use nice_plug::params::Params;
use std::time::Instant;

/// A worker without its thread, and the ends that the others hold.
struct Bench {
    desk: Desk,
    audio: AudioEnds,
    panel: PanelEnds,
    instance: Arc<Instance>,
}

impl Bench {
    fn new() -> Bench {
        let instance = Arc::new(Instance::new());
        instance.models.learn(&Arc::new(Library::shipped().listings()));
        let (audio, worker, panel) = crossing::open();
        let mut bench = Bench { desk: Desk::new(instance.clone(), worker), audio, panel, instance };
        bench.choose("random");
        bench.desk.model = bench.instance.params.model.value();
        bench
    }

    fn choose(&mut self, id: &str) {
        set(&self.instance.params, "model", self.instance.models.number(id).unwrap() as f32 / 31.0);
    }

    /// Plays quarters from the start of the song, and takes a turn.
    fn play(&mut self, keys: &[u8]) {
        let (meter, tempo) = (Meter::COMMON, Tempo::DEFAULT);
        let ruler = Ruler { bar_line: Ticks::ZERO, meter, tempo, running: true };
        self.audio.heard.push(Heard::Ruler(ruler)).unwrap();
        for (beat, key) in (0..).zip(keys) {
            let (at, off) = (Ticks::quarters(beat), Ticks::quarters(beat + 1));
            self.audio.heard.push(Heard::NoteOn { at, channel: 2, key: *key, velocity: 90 }).unwrap();
            self.audio.heard.push(Heard::NoteOff { at: off, channel: Some(2), key: Some(*key) }).unwrap();
        }
        self.desk.turn();
    }

    fn trigger(&mut self) {
        let leaps = self.instance.signals.leaps.load(Ordering::Relaxed);
        self.audio.heard.push(Heard::Trigger { at: Ticks::quarters(8), leaps }).unwrap();
        self.desk.turn();
    }

    fn ask(&mut self, ask: Ask) {
        self.panel.asks.send(ask).unwrap();
        self.desk.turn();
    }

    fn sent(&mut self) -> Vec<Answer> {
        std::iter::from_fn(|| self.audio.answers.pop().ok()).collect()
    }

    fn seed(&self) -> u64 {
        self.instance.memory.get().answer().unwrap().candidate().seed
    }

    fn problem(&self) -> Option<String> {
        match self.instance.report().work {
            Work::Problem(sentence) => Some(sentence),
            _ => None,
        }
    }
}

fn begin(generation: u64, entry: Entry, looped: bool) -> Answer {
    Answer::Begin { generation, entry, looped }
}

fn set(params: &ContinuoParams, id: &str, normalized: f32) {
    let (_, param, _) = params.param_map().into_iter().find(|(known, ..)| known == id).unwrap();
    // SAFETY: The parameter lives as long as `params`.
    unsafe { param._internal_set_normalized_value(normalized) };
}

#[test]
fn what_was_played_is_answered_when_it_is_asked_for() {
    let mut bench = Bench::new();
    bench.play(&[60, 62, 64, 65, 67, 69, 71, 72]);
    assert_eq!(bench.sent(), []);
    bench.trigger();
    let sent = bench.sent();
    let generation = bench.instance.signals.generation();
    assert_eq!(sent.first(), Some(&begin(generation, Entry::ByRule, false)));
    assert_eq!(sent.last(), Some(&Answer::End { length: Ticks::quarters(32) }));
    assert!(sent.len() > 2);
    assert_eq!(bench.instance.signals.served.load(Ordering::Relaxed), 1);
    assert!(matches!(bench.instance.report().work, Work::Answered { .. }));
    assert_eq!(bench.instance.report().prompt.notes().len(), 8);
    assert_eq!(bench.instance.memory.get().phrase.notes().len(), 8);
}

#[test]
fn a_trigger_from_before_a_leap_is_not_answered() {
    let mut bench = Bench::new();
    bench.play(&[60, 62, 64, 65, 67]);
    bench.audio.heard.push(Heard::Trigger { at: Ticks::quarters(8), leaps: 0 }).unwrap();
    bench.instance.signals.leaps.fetch_add(1, Ordering::Relaxed);
    bench.desk.turn();
    assert_eq!(bench.sent(), []);
    assert_eq!(bench.instance.signals.served.load(Ordering::Relaxed), 1);
}

#[test]
fn triggers_take_new_seeds_until_the_seed_is_locked_and_the_same_after_a_reset() {
    let mut bench = Bench::new();
    set(&bench.instance.params, "seed", 7.0 / MAX_SEED as f32);
    set(&bench.instance.params, "count", 1.0 / 15.0);
    bench.play(&[60, 62, 64, 65, 67]);
    let mut seeds = Vec::new();
    for lock in [0.0, 0.0, 1.0, 1.0] {
        set(&bench.instance.params, "seed_lock", lock);
        bench.trigger();
        seeds.push(bench.seed());
    }
    assert_eq!(seeds, [7, 9, 7, 7], "two candidates take two seeds");
    set(&bench.instance.params, "seed_lock", 0.0);
    bench.instance.signals.resets.fetch_add(1, Ordering::Relaxed);
    bench.trigger();
    assert_eq!(bench.seed(), 7);
    bench.ask(Ask::Answer { seed: 99 });
    assert_eq!(bench.seed(), 99);
}

#[test]
fn the_answer_takes_the_channel_that_is_set() {
    let mut bench = Bench::new();
    set(&bench.instance.params, "channel", 10.0 / 16.0);
    bench.play(&[60, 62, 64, 65, 67]);
    bench.trigger();
    let channels: Vec<u8> = bench
        .sent()
        .iter()
        .filter_map(|message| if let Answer::Note(note) = message { Some(note.channel) } else { None })
        .collect();
    assert!(!channels.is_empty() && channels.iter().all(|channel| *channel == 9));
}

#[test]
fn a_missing_model_is_named_and_the_state_kept() {
    let mut bench = Bench::new();
    bench.play(&[60, 62, 64, 65, 67]);
    bench.instance.memory.change(|memory| memory.models[0] = "gone".to_owned());
    set(&bench.instance.params, "model", 0.0);
    bench.trigger();
    assert!(bench.problem().unwrap().contains("gone"));
    assert!(!bench.sent().iter().any(|message| matches!(message, Answer::Begin { .. })));
    assert_eq!(bench.instance.memory.get().models[0], "gone");
    assert_eq!(
        bench.instance.signals.served.load(Ordering::Relaxed),
        1,
        "an offline render does not wait for it"
    );
    set(&bench.instance.params, "model", 1.0);
    bench.trigger();
    assert!(bench.problem().unwrap().contains("31"));
}

/// A model that does as it is told.
struct Puppet {
    card: Card,
    deed: fn(&Request, &Cancel) -> Result<Vec<Candidate>, GenerateError>,
}

impl Generator for Puppet {
    fn card(&self) -> &Card {
        &self.card
    }

    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        (self.deed)(request, cancel)
    }
}

impl Bench {
    /// Lets the chosen model do this instead, whatever the task.
    fn with_puppet(deed: fn(&Request, &Cancel) -> Result<Vec<Candidate>, GenerateError>) -> Bench {
        let mut bench = Bench::new();
        let card = bench.desk.shelf.take("random").unwrap().card().clone();
        let card = Card { tasks: task_choice::TASKS.to_vec(), ..card };
        bench.desk.shelf.put("random", Arc::new(Puppet { card, deed }));
        bench
    }
}

#[test]
fn too_short_a_prompt_gets_a_sentence_and_nothing_else() {
    let mut bench = Bench::with_puppet(|_, _| Err(RequestError::ShortPrompt { heard: 2, needed: 5 }.into()));
    bench.play(&[60, 62]);
    bench.trigger();
    assert!(bench.problem().unwrap().contains("play a little more"));
    assert_eq!(bench.sent(), []);
    assert!(bench.instance.memory.get().answer().is_none());
}

#[test]
fn a_model_that_breaks_down_is_named_and_the_worker_goes_on() {
    let mut bench = Bench::with_puppet(|_, _| panic!("out of ink"));
    bench.play(&[60, 62, 64, 65, 67]);
    bench.trigger();
    assert!(bench.problem().unwrap().contains("out of ink"));
    assert_eq!(bench.instance.signals.served.load(Ordering::Relaxed), 1);
    assert_eq!(bench.instance.guard.caught(), None, "it did not take the worker with it");
    bench.desk.shelf.put_back();
    bench.trigger();
    assert_eq!(bench.problem(), None);
}

#[test]
fn a_worker_that_is_dropped_ends_a_model_at_work_within_a_quarter_second() {
    let mut bench = Bench::with_puppet(|_, cancel| {
        while !cancel.is_cancelled() {
            thread::sleep(Duration::from_millis(1));
        }
        Err(GenerateError::Cancelled)
    });
    bench.audio.heard.push(Heard::Trigger { at: Ticks::ZERO, leaps: 0 }).unwrap();
    let (desk, instance) = (bench.desk, bench.instance);
    let running = thread::spawn(move || desk.run());
    let worker = Worker::of(instance.clone(), running);
    while !matches!(instance.report().work, Work::Generating { .. }) {
        thread::sleep(Duration::from_millis(1));
    }
    let dropped = Instant::now();
    drop(worker);
    assert!(dropped.elapsed() < Duration::from_millis(250));
}

#[test]
fn another_model_silences_what_plays() {
    let mut bench = Bench::new();
    bench.choose("random-corpus");
    bench.desk.turn();
    assert_eq!(bench.sent(), [Answer::Silence]);
    bench.desk.turn();
    assert_eq!(bench.sent(), []);
}

#[test]
fn stop_silences_and_play_again_plays_the_same_notes() {
    let mut bench = Bench::new();
    bench.play(&[60, 62, 64, 65, 67]);
    bench.trigger();
    let first = bench.sent();
    bench.ask(Ask::Stop);
    assert_eq!(bench.sent(), [Answer::Silence]);
    bench.ask(Ask::PlayAgain);
    let again = bench.sent();
    assert_eq!(first[1..], again[1..]);
    assert_ne!(first[0], again[0], "under a new number, so that it is not stale");
}

#[test]
fn an_answer_is_reported_until_the_next_note_begins() {
    let mut bench = Bench::new();
    bench.play(&[60, 62, 64, 65, 67]);
    bench
        .audio
        .heard
        .push(Heard::NoteOn { at: Ticks::quarters(5), channel: 0, key: 69, velocity: 90 })
        .unwrap();
    bench.ask(Ask::Answer { seed: 1 });
    bench.audio.heard.push(Heard::NoteOff { at: Ticks::quarters(6), channel: None, key: None }).unwrap();
    bench.desk.turn();
    bench.desk.turn();
    assert!(matches!(bench.instance.report().work, Work::Answered { .. }));
    assert_eq!(bench.instance.memory.get().phrase.notes().len(), 6);
    bench
        .audio
        .heard
        .push(Heard::NoteOn { at: Ticks::quarters(7), channel: 0, key: 69, velocity: 90 })
        .unwrap();
    bench.desk.turn();
    assert_eq!(bench.instance.report().work, Work::Listening);
}

#[test]
fn the_prompt_that_is_shown_follows_the_number_of_bars() {
    let mut bench = Bench::new();
    bench.play(&[60; 16]);
    assert_eq!(bench.instance.report().prompt.notes().len(), 16);
    set(&bench.instance.params, "listen_bars", 0.0);
    bench.desk.turn();
    assert_eq!(bench.instance.report().prompt.notes().len(), 4);
}

#[test]
fn clear_forgets_everything() {
    let mut bench = Bench::new();
    bench.play(&[60, 62, 64, 65, 67]);
    bench.trigger();
    bench.sent();
    bench.ask(Ask::Clear);
    assert_eq!(bench.sent(), [Answer::Forget]);
    let remembered = bench.instance.memory.get();
    assert!(remembered.phrase.is_empty() && remembered.answer().is_none());
    assert_eq!(bench.instance.report().work, Work::Idle);
    assert!(bench.instance.report().prompt.is_empty());
    bench.ask(Ask::PlayAgain);
    assert_eq!(bench.sent(), []);
}

#[test]
fn a_loaded_project_can_be_played_and_continued_at_once() {
    use nice_plug::params::persist::PersistentField;
    let mut bench = Bench::new();
    bench.play(&[60, 62, 64, 65, 67]);
    bench.trigger();
    let first = bench.sent();
    let saved = bench.instance.memory.map(|remembered| serde_json::to_string(remembered).unwrap());

    let mut other = Bench::new();
    other.instance.memory.set(serde_json::from_str(&saved).unwrap());
    other.ask(Ask::PlayAgain);
    let sent = other.sent();
    assert_eq!(sent[0], Answer::Silence, "what played before ends first");
    assert_eq!(sent[2..], first[1..]);
    assert_eq!(other.instance.report().prompt, bench.instance.report().prompt);
    let seed = bench.seed() as u32;
    other.ask(Ask::Answer { seed });
    assert_eq!(other.sent()[1..], first[1..], "the same phrase, knobs and seed give the same answer");
}

#[test]
fn what_was_played_before_a_project_was_loaded_does_not_get_into_it() {
    use nice_plug::params::persist::PersistentField;
    let mut bench = Bench::new();
    bench.play(&[60, 62, 64, 65, 67]);
    let played = bench.instance.memory.get();
    for marker_is_late in [true, false] {
        let note = |at: i64| Heard::NoteOn { at: Ticks(at), channel: 0, key: 72, velocity: 90 };
        let leaps = bench.instance.signals.leaps.load(Ordering::Relaxed);
        let served = bench.instance.signals.served.load(Ordering::Relaxed);
        bench.audio.heard.push(note(50_000)).unwrap();
        bench.audio.heard.push(Heard::Trigger { at: Ticks(50_100), leaps }).unwrap();
        bench.instance.memory.set((*played).clone());
        let loads = bench.instance.memory.loads();
        if marker_is_late {
            bench.desk.turn();
        }
        bench.audio.heard.push(Heard::Loaded { loads }).unwrap();
        bench.desk.turn();
        assert_eq!(bench.instance.memory.get().phrase, played.phrase);
        assert!(bench.instance.memory.get().answer().is_none());
        assert_eq!(bench.instance.signals.served.load(Ordering::Relaxed), served + 1);
        bench.audio.heard.push(note(60_000)).unwrap();
        bench.desk.turn();
        assert_eq!(bench.instance.memory.get().phrase.notes().len(), 1, "what is played to it counts");
    }
}

#[test]
fn the_thread_starts_finds_models_and_ends_when_it_is_dropped() {
    let instance = Arc::new(Instance::new());
    let (_audio, ends, _panel) = crossing::open();
    let worker = Worker::start(instance.clone(), ends).unwrap();
    assert!(instance.has_worker());
    let deadline = Instant::now() + Duration::from_secs(10);
    while instance.models.listings().is_empty() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(1));
    }
    let first = Library::shipped().listings()[0].id.clone();
    assert_eq!(instance.models.id(0), Some(first));
    let dropped = Instant::now();
    drop(worker);
    assert!(dropped.elapsed() < Duration::from_millis(250));
    assert!(!instance.has_worker());
}
