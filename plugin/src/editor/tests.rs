//! Promises of the editor, with a host that takes parameter changes at once.

mod deeds;

use std::sync::Arc;

use generator::{Candidate, KeyLock, Library, Request, Task};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::{GuiContext, GuiContextInner};
use nice_plug::params::internals::ParamPtr;
use nice_plug::plugin::PluginState;
use parking_lot::Mutex;

use super::*;
use crate::crossing::{self, Ask, AudioEnds, Stroke, WorkerEnds};
use crate::panel::{Action, Control, Setting, Start};
use crate::state::Given;
use crate::worker::question::Question;
use melody::Phrase;

/// Keeps the gestures it is handed: begin, set or end.
#[derive(Default)]
struct Host {
    gestures: Mutex<Vec<&'static str>>,
}

impl GuiContextInner for Host {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }

    unsafe fn raw_begin_set_parameter(&self, _param: ParamPtr) {
        self.gestures.lock().push("begin");
    }

    unsafe fn raw_set_parameter_normalized(&self, param: ParamPtr, normalized: f32) {
        self.gestures.lock().push("set");
        // SAFETY: The editor hands over parameters of the instance, which outlives it.
        unsafe { param._internal_set_normalized_value(normalized) };
    }

    unsafe fn raw_end_set_parameter(&self, _param: ParamPtr) {
        self.gestures.lock().push("end");
    }

    fn get_state(&self) -> PluginState {
        unreachable!("the editor does not ask for it")
    }

    fn set_state(&self, _state: PluginState) {}

    fn request_restart(&self) {}
}

struct Bench {
    app: PanelApp,
    host: Arc<Host>,
    audio: AudioEnds,
    worker: WorkerEnds,
    instance: Arc<Instance>,
}

fn bench() -> Bench {
    let instance = Arc::new(Instance::new());
    instance.models.learn(&Arc::new(Library::shipped().listings()));
    instance.set_worker(Some(std::thread::current()));
    let (audio, worker, ends) = crossing::open();
    let mut app = PanelApp::new(instance.clone(), ends, None);
    let host = Arc::new(Host::default());
    app.host = Some(GuiContext::new(host.clone()));
    app.refresh();
    Bench { app, host, audio, worker, instance }
}

impl Bench {
    fn set(&mut self, setting: Setting) {
        let control = setting.control();
        for action in [Action::Grab(control), Action::Set(setting), Action::LetGo(control)] {
            self.app.act(action);
        }
    }
}

#[test]
fn every_setting_reaches_its_parameter_within_a_gesture() {
    let mut bench = bench();
    let params = bench.instance.params.clone();
    let key = KeyLock::Fixed("F# minor".parse().unwrap());
    for setting in [
        Setting::Model("random".to_owned()),
        Setting::Task(Task::Morph),
        Setting::Neighbourhood(0.75),
        Setting::Temperature(1.5),
        Setting::TopP(0.5),
        Setting::Bars(17),
        Setting::Chord("Bbm7/Eb".to_owned()),
        Setting::KeyLock(key),
        Setting::Seed(123_456),
        Setting::SeedLocked(true),
        Setting::Start(Start::NextBeat),
        Setting::ListenBars(12),
        Setting::Channel(Some(16)),
    ] {
        bench.host.gestures.lock().clear();
        bench.set(setting);
        assert_eq!(*bench.host.gestures.lock(), ["begin", "set", "end"]);
    }
    assert_eq!(bench.instance.models.id(params.model.value()).as_deref(), Some("random"));
    assert_eq!((params.task.value(), params.neighbourhood.value()), (4, 0.75));
    assert_eq!((params.temperature.value(), params.top_p.value(), params.bars.value()), (1.5, 0.5, 17));
    assert_eq!(crate::chord_choice::text(params.chord_seed.value()), "Bbm7/Eb");
    assert_eq!((params.key_lock(), params.seed.value(), params.seed_lock.value()), (key, 123_456, true));
    assert_eq!(params.start.value(), crate::crossing::Start::NextBeat);
    assert_eq!((params.listen_bars.value(), params.channel.value()), (12, 16));

    let mut other = PanelApp::new(bench.instance.clone(), crossing::open().2, None);
    other.refresh();
    let settings = &other.model.settings;
    assert_eq!((settings.model.as_str(), settings.chord.as_str()), ("random", "Bbm7/Eb"));
    assert!(settings.chord_on && settings.seed_locked);
    assert_eq!((settings.task, settings.neighbourhood), (Task::Morph, 0.75));
    assert_eq!((settings.key_lock, settings.seed, settings.start), (key, 123_456, Start::NextBeat));
    assert_eq!((settings.listen_bars, settings.channel), (12, Some(16)));
}

#[test]
fn a_knob_that_is_held_does_not_jump_back() {
    let mut bench = bench();
    bench.app.act(Action::Grab(Control::Bars));
    bench.app.model.settings.bars = 30;
    bench.app.refresh();
    assert_eq!(bench.app.model.settings.bars, 30);
    assert_eq!(bench.app.model.settings.temperature, 0.9);
}

#[test]
fn a_progression_is_written_where_the_chord_goes() {
    let mut bench = bench();
    bench.set(Setting::Chord("Am | F | C G".to_owned()));
    let params = &bench.instance.params;
    assert_eq!(crate::chord_choice::text(params.chord_seed.value()), "Am");
    let request = |bench: &Bench| {
        let (params, remembered) = (&bench.instance.params, bench.instance.memory.get());
        let question = Question { task: Task::Continue, prompt: Phrase::default(), goal: None, bars: None };
        crate::worker::question::request(params, question, &remembered.chord, 1).unwrap()
    };
    assert_eq!(request(&bench).progression.map(|chords| chords.to_string()).as_deref(), Some("Am | F | C G"));
    bench.set(Setting::Chord("Am".to_owned()));
    assert_eq!(request(&bench).progression, None);
}

#[test]
fn the_chord_that_is_switched_off_is_kept_and_comes_back() {
    let mut bench = bench();
    assert_eq!(bench.app.model.settings.chord, "Cadd9");
    assert!(!bench.app.model.settings.chord_on);
    bench.set(Setting::Chord("C-7".to_owned()));
    bench.set(Setting::ChordOn(false));
    assert_eq!(bench.instance.params.chord_seed.value(), crate::chord_choice::OFF);
    bench.set(Setting::ChordOn(true));
    assert_eq!(crate::chord_choice::text(bench.instance.params.chord_seed.value()), "Cm7");
    let mut other = PanelApp::new(bench.instance.clone(), crossing::open().2, None);
    other.refresh();
    assert_eq!(other.model.settings.chord, "C-7", "as the user spells it");
}

#[test]
fn a_chord_that_has_no_number_gets_a_sentence() {
    let mut bench = bench();
    bench.set(Setting::Chord("C7b5#9".to_owned()));
    bench.app.refresh();
    assert!(matches!(&bench.app.model.work, Work::Problem(sentence) if sentence.contains("C7b5#9")));
    bench.app.act(Action::DismissProblem);
    bench.app.refresh();
    assert_eq!(bench.app.model.work, Work::Idle);
}

#[test]
fn continue_rolls_the_dice_unless_the_seed_is_locked() {
    let mut bench = bench();
    let mut seeds = Vec::new();
    for _ in 0..3 {
        bench.app.act(Action::Answer);
        let Ok(Ask::Answer { seed }) = bench.worker.asks.try_recv() else { panic!("nothing was asked") };
        assert_eq!(bench.instance.params.seed.value(), seed as i32, "the knob shows the seed that is used");
        seeds.push(seed);
    }
    assert!(seeds[0] != seeds[1] || seeds[1] != seeds[2]);
    bench.set(Setting::Seed(5));
    bench.set(Setting::SeedLocked(true));
    bench.app.model.settings.seed = 5;
    bench.app.model.settings.seed_locked = true;
    bench.app.act(Action::Answer);
    assert_eq!(bench.worker.asks.try_recv(), Ok(Ask::Answer { seed: 5 }));
}

#[test]
fn the_candidates_are_shown_as_they_are_remembered_and_an_audition_is_asked_for() {
    let mut bench = bench();
    let candidate = |seed: u64| Candidate { seed, ..Candidate::default() };
    let request = Request { task: Task::Vary, ..Request::to_continue(Default::default()) };
    let mut given = Given::new("vae".to_owned(), &request, (0..8).map(candidate).collect()).unwrap();
    given.choose(3);
    bench
        .instance
        .memory
        .change(|memory| memory.change_history(|history| history.show("vary", given.clone())));
    bench.app.refresh();
    let model = &bench.app.model;
    assert_eq!((model.auditioned, model.answered, model.candidates.len()), (3, Task::Vary, 8));
    assert!(Arc::ptr_eq(&model.candidates, given.candidates()), "without copying them in each frame");
    let before = bench.instance.signals.generation();
    bench.app.act(Action::Audition { index: 6 });
    assert!(bench.instance.signals.generation() > before, "a model at work gives up");
    assert_eq!(bench.worker.asks.try_recv(), Ok(Ask::Audition { index: 6 }));
}

#[test]
fn the_dice_make_something_fresh_from_nothing() {
    let mut bench = bench();
    bench.app.act(Action::RollDice);
    assert!(bench.worker.asks.try_recv().is_err(), "nothing was played that could be continued");
    bench.set(Setting::Task(Task::Fresh));
    bench.app.refresh();
    bench.app.model.settings.task = Task::Fresh;
    bench.app.act(Action::RollDice);
    assert!(matches!(bench.worker.asks.try_recv(), Ok(Ask::Answer { .. })));
}

#[test]
fn stop_ends_a_model_at_work_at_once() {
    let mut bench = bench();
    let before = bench.instance.signals.generation();
    bench.app.act(Action::Stop);
    assert!(bench.instance.signals.generation() > before);
    assert_eq!(bench.worker.asks.try_recv(), Ok(Ask::Stop));
}

#[test]
fn asking_before_the_host_has_started_us_gets_a_sentence() {
    let mut bench = bench();
    bench.instance.set_worker(None);
    bench.app.act(Action::PlayAgain);
    bench.app.refresh();
    assert!(matches!(&bench.app.model.work, Work::Problem(sentence) if sentence.contains("host")));
    assert!(bench.worker.asks.try_recv().is_err());
}

#[test]
fn keys_go_to_the_audio_thread_and_are_let_go_when_the_window_opens_anew() {
    let mut bench = bench();
    let pitch = Pitch::MIDDLE_C;
    bench.app.act(Action::KeyDown { pitch, velocity: 80 });
    bench.app.release_keys();
    bench.app.release_keys();
    let strokes: Vec<Stroke> = std::iter::from_fn(|| bench.audio.strokes.pop().ok()).collect();
    assert_eq!(strokes, [Stroke { key: 60, velocity: Some(80) }, Stroke { key: 60, velocity: None }]);
}

#[test]
fn what_was_caught_is_shown_until_it_is_read() {
    let mut bench = bench();
    let none: Option<()> = bench.instance.guard.run("a test", || panic!("on purpose"));
    assert!(none.is_none());
    bench.app.refresh();
    assert!(matches!(&bench.app.model.work, Work::Problem(sentence) if sentence.contains("on purpose")));
    bench.app.act(Action::DismissProblem);
    bench.app.refresh();
    assert_eq!(bench.app.model.work, Work::Idle);
}

#[test]
fn a_frame_is_drawn_from_what_the_instance_says() {
    let mut bench = bench();
    let context = egui::Context::default();
    panel::install(&context);
    let mut drawn = context.run_ui(egui::RawInput::default(), |ui| bench.app.draw(ui));
    drawn.textures_delta.clear();
    assert!(!drawn.shapes.is_empty());
    assert_eq!(bench.app.model.models.len(), Library::shipped().listings().len());
}
