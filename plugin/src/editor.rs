//! The editor: brings the panel's view model up to date before each frame, and does what the panel asks for after it.

mod knobs;
mod saving;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use generator::Task;
use melody::{Chord, Pitch};
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::LogicalSize;
use nice_plug::editor::{ResizeHint, SizeConstraints};
use nice_plug_egui::baseview::HandlerError;
use nice_plug_egui::{EguiEditor, EguiEditorState, EguiNiceSettings, Frame, NiceEguiApp, RepaintNotifier};

use self::knobs::Knobs;
use crate::crossing::{Ask, PanelEnds, Stroke};
use crate::instance::{self, Instance};
use crate::panel::{self, Action, ModelEntry, PressedKeys, Setting, Standalone, Transport, ViewModel, Work};
use crate::params::MAX_SEED;

/// How often the panel is drawn while nothing moves: what is played and answered shows up without a click.
const CALM: Duration = Duration::from_millis(50);

/// The editor's type in the plugin.
pub type PanelEditor = EguiEditor<PanelApp>;

/// Makes the editor of an instance; nothing is drawn before the host opens it. `[main-thread]`
pub fn editor(
    instance: Arc<Instance>,
    ends: PanelEnds,
    standalone: Option<Standalone>,
) -> Option<PanelEditor> {
    let (width, height) = panel::USUAL;
    let (least_width, least_height) = panel::SMALLEST;
    let resize_hint = ResizeHint {
        can_resize: true,
        can_resize_horizontally: true,
        can_resize_vertically: true,
        size_constraints: SizeConstraints::min_logical_size(LogicalSize::new(
            least_width as f32,
            least_height as f32,
        )),
        ..ResizeHint::default()
    };
    nice_plug_egui::create_egui_editor(
        EguiEditorState::from_size(LogicalSize::new(f64::from(width), f64::from(height)), 1.0),
        RepaintNotifier::new(),
        EguiNiceSettings::new().with_tile("Continuo").with_resize_hint(resize_hint),
        PanelApp::new(instance, ends, standalone),
    )
}

/// The panel of one instance and what it is wired to.
pub struct PanelApp {
    instance: Arc<Instance>,
    ends: PanelEnds,
    model: ViewModel,
    knobs: Knobs,
    host: Option<GuiContext>,
    /// Keys of the panel that are down, as bits.
    pressed: u128,
    /// The panel has panicked: its window stays, with a word of why.
    broken: bool,
}

impl NiceEguiApp for PanelApp {
    fn build(
        &mut self,
        context: egui::Context,
        host: GuiContext,
        _frame: &mut Frame,
    ) -> Result<(), HandlerError> {
        let instance = self.instance.clone();
        let built = instance.guard.run("the panel", || {
            panel::install(&context);
            // Nobody tells us when a window closes: a key that was down then is let go now.
            self.release_keys();
            self.host = Some(host);
            #[cfg(feature = "standalone")]
            crate::standalone::note_opened();
        });
        self.broken = built.is_none();
        Ok(())
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut Frame) {
        let instance = self.instance.clone();
        if !self.broken {
            self.broken = instance.guard.run("the panel", || self.draw(ui)).is_none();
        }
        if self.broken {
            // A second panic here must not reach the host either.
            instance.guard.run("the panel", || {
                ui.label(instance.guard.caught().unwrap_or_default());
            });
        }
        #[cfg(feature = "standalone")]
        if crate::standalone::quits() {
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
        }
        ui.ctx().request_repaint_after(CALM);
    }
}

impl PanelApp {
    fn new(instance: Arc<Instance>, ends: PanelEnds, standalone: Option<Standalone>) -> PanelApp {
        let model = ViewModel { standalone, ..ViewModel::default() };
        PanelApp { instance, ends, model, knobs: Knobs::default(), host: None, pressed: 0, broken: false }
    }

    /// One frame. `[main-thread]`
    fn draw(&mut self, ui: &mut egui::Ui) {
        self.refresh();
        for action in panel::ui(ui, &mut self.model) {
            self.act(action);
        }
    }

    /// Brings the view model up to date. `[main-thread]`
    fn refresh(&mut self) {
        let report = self.instance.report();
        self.knobs.refresh(&mut self.model.settings, &self.instance);
        self.model.models = model_entries(&self.instance);
        self.model.prompt = report.prompt;
        self.model.heard_key = report.heard_key;
        self.show_answer();
        let reading = &self.instance.signals.reading;
        self.model.play_head = reading.answer_start().map(|start| reading.now() - start);
        self.model.work = match (self.instance.guard.caught(), report.work) {
            (Some(caught), _) => Work::Problem(caught),
            (None, work) => shown(work),
        };
        self.model.transport = Transport {
            playing: reading.running.load(Ordering::Relaxed),
            tempo: reading.tempo(),
            meter: reading.meter(),
        };
        self.model.pressed = sounding(reading.keys.each_ref().map(|keys| keys.load(Ordering::Relaxed)));
        #[cfg(feature = "standalone")]
        if let Some(standalone) = &mut self.model.standalone {
            standalone.problem = crate::standalone::problem();
        }
        let signals = &self.instance.signals;
        self.model.dropped_events =
            signals.heard_lost.load(Ordering::Relaxed) + signals.sent_lost.load(Ordering::Relaxed);
    }

    /// Takes over the candidates, which the worker and the panel share. `[main-thread]`
    fn show_answer(&mut self) {
        let remembered = self.instance.memory.get();
        let Some(given) = &remembered.answer else {
            self.model.candidates = Arc::default();
            return;
        };
        self.model.candidates = given.candidates().clone();
        self.model.auditioned = given.chosen();
        self.model.answered = given.task;
        // Two long phrases are compared in each frame, so only where it matters.
        let attends = !given.candidate().attention.is_empty();
        self.model.answers_prompt = attends && given.prompt == self.model.prompt;
    }

    /// Does what the user asked for. `[main-thread]`
    fn act(&mut self, action: Action) {
        match action {
            Action::Grab(_) | Action::Set(_) | Action::LetGo(_) => self.turn(action),
            Action::Answer => {
                let seed =
                    if self.model.settings.seed_locked { self.model.settings.seed } else { self.roll_dice() };
                self.go_on(seed);
            }
            Action::UsePlayedChord => self.use_played_chord(),
            Action::RollDice => {
                let seed = self.roll_dice();
                if !self.model.prompt.is_empty() || self.model.settings.task == Task::Fresh {
                    self.go_on(seed);
                }
            }
            Action::Stop => {
                // Ends a model at work at once; the worker hears of it afterwards.
                self.instance.signals.begin_generation();
                self.ask(Ask::Stop);
            }
            Action::Audition { index } => {
                // A model at work would put another list in the place of the one that was looked at.
                self.instance.signals.begin_generation();
                self.ask(Ask::Audition { index });
            }
            Action::PlayAgain => self.ask(Ask::PlayAgain),
            Action::Clear => {
                self.instance.signals.begin_generation();
                self.ask(Ask::Clear);
            }
            Action::Save(_) => saving::save(&self.instance),
            Action::DismissProblem => self.instance.dismiss_problem(),
            Action::KeyDown { pitch, velocity } => self.press(pitch, Some(velocity)),
            Action::KeyUp { pitch } => self.press(pitch, None),
            _ => {}
        }
    }

    fn turn(&mut self, action: Action) {
        if let Some(host) = &self.host {
            self.knobs.turn(&action, &self.instance, &host.param_setter());
        }
    }

    fn go_on(&mut self, seed: u32) {
        // A model that is still at work on an older request gives up.
        self.instance.signals.begin_generation();
        self.ask(Ask::Answer { seed });
    }

    /// Draws a seed and shows it on its knob. `[main-thread]`
    fn roll_dice(&mut self) -> u32 {
        // The standard library's hash keys are the system's random numbers.
        let drawn = RandomState::new().build_hasher().finish();
        let seed = (drawn % (MAX_SEED as u64 + 1)) as u32;
        self.model.settings.seed = seed;
        let setting = Setting::Seed(seed);
        let control = setting.control();
        for action in [Action::Grab(control), Action::Set(setting), Action::LetGo(control)] {
            self.turn(action);
        }
        seed
    }

    /// Takes the chord that is held, or else the last that was played, as the chord seed. `[main-thread]`
    fn use_played_chord(&mut self) {
        let held = Chord::heard(&self.model.pressed.pitches().collect::<Vec<_>>());
        let Some(chord) = held.or_else(|| self.model.prompt.last_chord()) else {
            let says = "No chord is held, and none was played last: hold two or more keys, then press this.";
            return self
                .instance
                .change_report(|report| report.work = instance::Work::Problem(says.to_owned()));
        };
        let settings = &mut self.model.settings;
        (settings.chord_on, settings.chord) = (true, chord.symbol().to_owned());
        let setting = Setting::Chord(settings.chord.clone());
        let control = setting.control();
        for action in [Action::Grab(control), Action::Set(setting), Action::LetGo(control)] {
            self.turn(action);
        }
    }

    fn ask(&mut self, ask: Ask) {
        let problem = if !self.instance.has_worker() {
            "The host has not started Continuo yet: switch the track's effects or the audio on."
        } else if self.ends.asks.try_send(ask).is_err() {
            "Continuo is still busy with what was asked before: wait a moment."
        } else {
            return self.instance.wake_worker();
        };
        self.instance.change_report(|report| report.work = instance::Work::Problem(problem.to_owned()));
    }

    fn press(&mut self, pitch: Pitch, velocity: Option<u8>) {
        let bit = 1_u128 << pitch.number();
        self.pressed = if velocity.is_some() { self.pressed | bit } else { self.pressed & !bit };
        // A full ring means that no audio runs: there is nothing to be heard.
        let _ = self.ends.strokes.push(Stroke { key: pitch.number(), velocity });
    }

    fn release_keys(&mut self) {
        for pitch in (0..128).filter_map(Pitch::new) {
            if self.pressed >> pitch.number() & 1 == 1 {
                self.press(pitch, None);
            }
        }
    }
}

fn shown(work: instance::Work) -> Work {
    match work {
        instance::Work::Idle => Work::Idle,
        instance::Work::Listening => Work::Listening,
        instance::Work::Generating { since } => Work::Generating { elapsed: since.elapsed() },
        instance::Work::Answered { took } => Work::Answered { took },
        instance::Work::Problem(sentence) => Work::Problem(sentence),
    }
}

fn model_entries(instance: &Instance) -> Vec<ModelEntry> {
    let numbered = |id: &str| instance.models.number(id).is_some();
    let listings = instance.models.listings();
    let entry = |listing: &generator::Listing| match &listing.card {
        Ok(card) => ModelEntry {
            id: listing.id.clone(),
            name: card.name.clone(),
            description: card.description.clone(),
            tasks: card.tasks.clone(),
            knobs: card.knobs.clone(),
            styles: card.styles.clone(),
            problem: None,
        },
        Err(problem) => ModelEntry {
            id: listing.id.clone(),
            name: listing.id.clone(),
            description: String::new(),
            tasks: Vec::new(),
            knobs: Vec::new(),
            styles: Vec::new(),
            problem: Some(problem.clone()),
        },
    };
    listings.iter().filter(|listing| numbered(&listing.id)).map(entry).collect()
}

fn sounding(keys: [u64; 2]) -> PressedKeys {
    let down = |key: &u8| keys[usize::from(key / 64)] >> (key % 64) & 1 == 1;
    (0..128_u8).filter(down).filter_map(Pitch::new).collect()
}

#[cfg(test)]
mod tests;
