//! What the user asked for is done here, action by action.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use generator::Task;
use melody::Chord;

use super::{PanelApp, ideas};
use crate::crossing::{Ask, MAX_NOTES, Remake, Sounding};
use crate::instance::{Alternatives, Instance, Selection};
use crate::panel::{Action, Control, Export, Setting, Work};
use crate::params::MAX_SEED;

/// Turns of the same knob within this time are one step of the history.
const GESTURE: Duration = Duration::from_millis(1500);

impl PanelApp {
    /// Does what the user asked for. `[main-thread]`
    pub(super) fn act(&mut self, action: Action) {
        match action {
            Action::Grab(_) | Action::Set(_) | Action::LetGo(_) => self.turn(action),
            Action::Answer => {
                let seed = self.seed();
                self.go_on(seed);
            }
            Action::UsePlayedChord => self.use_played_chord(),
            Action::RollDice => {
                let seed = self.roll_dice();
                if !self.model.prompt.is_empty() || self.model.settings.task == Task::Fresh {
                    self.go_on(seed);
                }
            }
            Action::Stop => self.interrupt(Ask::Stop),
            // A model at work would put another list in the place of the one that was looked at.
            Action::Audition { index } => self.interrupt(Ask::Audition { index }),
            Action::PlayAgain => self.ask(Ask::PlayAgain),
            Action::Clear => self.interrupt(Ask::Clear),
            Action::DismissProblem => {
                self.instance.dismiss_problem();
                if let Some(house) = &mut self.house {
                    house.dismiss_problem();
                }
            }
            Action::Standalone(action) => {
                if let Some(house) = &mut self.house {
                    house.act(action);
                }
            }
            Action::DismissNews => self.instance.change_report(|report| report.news = None),
            Action::KeyDown { pitch, velocity } => self.press(pitch, Some(velocity)),
            Action::KeyUp { pitch } => self.press(pitch, None),
            Action::Select(selection) => {
                self.instance.change_report(|report| report.selection = selection.map(Into::into));
                self.instance.wake_worker();
            }
            action => self.shape(action),
        }
    }

    /// What is done to candidates.
    fn shape(&mut self, action: Action) {
        match action {
            Action::Regenerate => {
                let seed = self.fresh_seed();
                self.interrupt(Ask::Regenerate { seed });
            }
            Action::MoreLike { index } => {
                let seed = self.fresh_seed();
                self.interrupt(Ask::MoreLike { index, seed });
            }
            Action::Between { from, to } => self.interrupt(Ask::Between { from, to }),
            Action::AskAlternatives { note } => self.ask_alternatives(note),
            Action::CloseAlternatives => self.instance.change_report(|report| report.alternatives = None),
            Action::Swap { note, pitch } => {
                ideas::swap(&self.instance, note, pitch);
                self.instance.change_report(|report| report.alternatives = None);
                self.ask(Ask::Refresh);
            }
            Action::Wander { to } => self.wander(to),
            Action::Favourite { index } => self.say(ideas::like(&self.instance, index)),
            Action::Keep { index } => self.say(ideas::keep(&self.instance, index)),
            Action::ThrowAway { index } => {
                ideas::throw_away(&self.instance, index);
                self.ask(Ask::Refresh);
            }
            Action::Undo => self.travel(|history| history.undo()),
            Action::Redo => self.travel(|history| history.redo()),
            Action::Recall { answer } => self.travel(|history| history.recall(answer)),
            action => self.arrange(action),
        }
    }

    /// What is done to favourites and the Keep track.
    fn arrange(&mut self, action: Action) {
        let instance = &self.instance;
        match action {
            Action::PlayFavourite { index } => self.play(Export::Favourite(index)),
            Action::DropFavourite { index } => ideas::change_ideas(instance, "drop a favourite", |ideas| {
                if index < ideas.favourites.len() {
                    ideas.favourites.remove(index);
                }
            }),
            Action::KeepFavourite { index } => self.say(ideas::keep_favourite(instance, index)),
            Action::UseFavourite { index } => {
                if let Some((phrase, _)) = ideas::exported(&instance.memory.get(), Export::Favourite(index)) {
                    self.interrupt(Ask::Hear(Arc::new(phrase)));
                }
            }
            Action::PlaySong => self.play(Export::Song),
            Action::MovePiece { from, to } => ideas::move_piece(instance, from, to),
            Action::DropPiece { index } => ideas::change_ideas(instance, "drop a piece", |ideas| {
                if index < ideas.song.len() {
                    ideas.song.remove(index);
                }
            }),
            action => self.pass_on(action),
        }
    }

    /// What leaves the panel or comes into it, and settings as a whole.
    fn pass_on(&mut self, action: Action) {
        match action {
            Action::Save(what) => self.save(what),
            Action::Copy(what) => self.copy(what),
            Action::DragOut(what) => self.drag_out(what),
            Action::OpenMidi => self.open(),
            Action::OpenDropped(path) => self.open_dropped(&path),
            Action::Paste(text) => self.paste(&text),
            Action::LoadPreset(id) => self.load_preset(&id),
            Action::SavePreset(name) => self.save_preset(&name),
            Action::DeletePreset(id) => self.delete_preset(&id),
            Action::SwitchSide(side) => self.switch_side(side),
            Action::CopySide => self.copy_side(),
            Action::SetLook(look) => self.set_look(look),
            // Everything else was done on the way here.
            _ => {}
        }
    }

    /// Hands a setting to the host; where an answer is shown, it is made again with it. `[main-thread]`
    pub(super) fn turn(&mut self, action: Action) {
        let Some(host) = &self.host else { return };
        let arrived = self.knobs.turn(&action, &self.instance, &host.param_setter());
        let (Action::Set(setting), Some(arrived)) = (action, arrived) else { return };
        if let Setting::Looped(looped) = setting {
            return self.ask_if_awake(Ask::Loop(looped));
        }
        (self.model.preset, self.applied) = (None, None);
        // A model that was chosen for another task is not meant for the answer that is shown.
        let for_another =
            setting.control() == Control::Model && self.model.settings.task != self.model.answered;
        if !remakes(setting.control()) || for_another {
            return;
        }
        let seed = if let Setting::Seed(seed) = setting { Some(seed) } else { None };
        self.remake(setting.control(), Remake { seed, arrived, ..self.wish() });
    }

    pub(super) fn remake(&mut self, control: Control, remake: Remake) {
        let answers = self.model.answer().is_some() || matches!(self.model.work, Work::Generating { .. });
        if !answers && remake.place.is_none() {
            return;
        }
        let now = Instant::now();
        let last = self.turned.replace((control, now));
        let same_gesture = last.is_some_and(|(other, at)| other == control && now - at < GESTURE);
        self.instance.wish(Remake { same_gesture, ..remake });
        self.instance.wake_worker();
    }

    fn wish(&self) -> Remake {
        Remake {
            same_gesture: false,
            place: None,
            seed: None,
            arrived: Arc::new(|| true),
            since: Instant::now(),
        }
    }

    fn wander(&mut self, to: [f32; 2]) {
        let place = Some(to.map(|part| part.clamp(-1.0, 1.0)));
        self.remake(Control::Neighbourhood, Remake { place, ..self.wish() });
    }

    fn ask_alternatives(&mut self, note: usize) {
        let remembered = self.instance.memory.get();
        let Some(given) = remembered.answer() else { return };
        let asked = Alternatives::asked(given, note);
        self.instance.change_report(|report| report.alternatives = Some(asked));
        self.ask(Ask::Alternatives { note });
    }

    fn travel(&mut self, change: impl FnOnce(&mut crate::state::History)) {
        let shown = |instance: &Instance| {
            let remembered = instance.memory.get();
            remembered.answer().map(|given| given.candidate().phrase.clone())
        };
        let before = shown(&self.instance);
        let heard = ideas::travel_with_phrase(&self.instance, change);
        if let Some(phrase) = heard {
            self.ask_if_awake(Ask::Restore(phrase));
        }
        self.instance.change_report(|report| {
            report.selection = report.selection.take().filter(|part| matches!(part, Selection::Heard(_)));
        });
        if shown(&self.instance) != before {
            self.ask_if_awake(Ask::Refresh);
        }
    }

    fn play(&mut self, what: Export) {
        let Some((phrase, _)) = ideas::exported(&self.instance.memory.get(), what) else { return };
        if phrase.notes().len() > MAX_NOTES {
            self.instance
                .say_news(format!("Only the first {MAX_NOTES} notes are played; Save writes all of them."));
        }
        let (sounds, looped) = match what {
            Export::Favourite(index) => (Sounding::Favourite(index), true),
            Export::Candidate(_) => (Sounding::Answer, true),
            Export::Song => (Sounding::Song, self.model.settings.looped),
        };
        self.interrupt(Ask::Play { phrase: Arc::new(phrase), sounds, looped });
    }

    fn go_on(&mut self, seed: u32) {
        // A model that is still at work on an older request gives up.
        self.interrupt(Ask::Answer { seed });
    }

    /// Asks for something in the place of what is being made: a model at work gives up at once.
    fn interrupt(&mut self, ask: Ask) {
        self.instance.signals.begin_generation();
        self.ask(ask);
    }

    /// The seed of the next answer: the knob's if it is locked, or else a new one, which the knob then shows.
    fn seed(&mut self) -> u32 {
        if self.model.settings.seed_locked { self.model.settings.seed } else { self.roll_dice() }
    }

    /// Draws a seed and shows it on its knob. `[main-thread]`
    fn roll_dice(&mut self) -> u32 {
        let seed = self.fresh_seed();
        self.model.settings.seed = seed;
        // The answer that is shown is not made again with it: another is asked for.
        self.set_quietly(Setting::Seed(seed));
        seed
    }

    /// A number that nobody can guess.
    fn fresh_seed(&self) -> u32 {
        // The standard library's hash keys are the system's random numbers.
        let drawn = RandomState::new().build_hasher().finish();
        (drawn % (MAX_SEED as u64 + 1)) as u32
    }

    /// Changes a setting without making the answer anew.
    fn set_quietly(&mut self, setting: Setting) {
        let Some(host) = &self.host else { return };
        let control = setting.control();
        for action in [Action::Grab(control), Action::Set(setting), Action::LetGo(control)] {
            self.knobs.turn(&action, &self.instance, &host.param_setter());
        }
    }

    /// Takes the chord that is held, or else the last that was played, as the chord seed. `[main-thread]`
    fn use_played_chord(&mut self) {
        let held = Chord::heard(&self.model.pressed.pitches().collect::<Vec<_>>());
        let Some(chord) = held.or_else(|| self.model.prompt.last_chord()) else {
            let says = "No chord is held, and none was played last: hold two or more keys, then press this.";
            return self.instance.say_problem(says);
        };
        let settings = &mut self.model.settings;
        (settings.chord_on, settings.chord) = (true, chord.symbol().to_owned());
        let setting = Setting::Chord(settings.chord.clone());
        let control = setting.control();
        for action in [Action::Grab(control), Action::Set(setting), Action::LetGo(control)] {
            self.turn(action);
        }
    }

    fn say(&self, outcome: Result<(), String>) {
        if let Err(sentence) = outcome {
            self.instance.say_problem(sentence);
        }
    }

    /// Asks if there is somebody to ask; what is asked can wait for ever.
    fn ask_if_awake(&mut self, ask: Ask) {
        if self.instance.has_worker() {
            self.ask(ask);
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
        self.instance.say_problem(problem);
    }
}

/// Whether an answer is another when this control moves.
fn remakes(control: Control) -> bool {
    match control {
        Control::Model
        | Control::Neighbourhood
        | Control::Temperature
        | Control::TopP
        | Control::Bars
        | Control::ChordOn
        | Control::Chord
        | Control::ChordStrength
        | Control::Style
        | Control::KeyLock
        | Control::Seed
        | Control::Count
        | Control::Density
        | Control::Lowest
        | Control::Highest
        | Control::KeptBeats => true,
        Control::Task
        | Control::SeedLocked
        | Control::Start
        | Control::ListenBars
        | Control::Channel
        | Control::Mix
        | Control::Looped
        | Control::Responds
        | Control::TriggerKey
        | Control::TriggerCc => false,
    }
}
