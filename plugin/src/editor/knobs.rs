//! The panel's knobs and the host's parameters, kept in step both ways.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use generator::Task;
use melody::{Chord, Pitch};
use nice_plug::context::gui::ParamSetter;
use nice_plug::params::Param;

use crate::crossing;
use crate::instance::Instance;
use crate::panel::{Action, Control, Mix, Setting, Settings, Start};
use crate::params::{self, ContinuoParams};
use crate::state::MAX_CHORDS;
use crate::{chord_choice, style_choice, task_choice};

/// How long a knob that the user moved does not follow its parameter: hosts take a block or two to hand a change on.
const SETTLING: Duration = Duration::from_millis(400);

/// What is known of the knobs between two frames.
#[derive(Debug, Default)]
pub struct Knobs {
    /// Knobs that the user moves, or moved a moment ago, with the time from which they follow again.
    moved: HashMap<Control, Option<Instant>>,
    /// The chord parameter as last seen: the text on the panel is the user's until the parameter changes.
    chord: Option<i32>,
    /// The loads of the project that have been seen.
    loads: Option<u64>,
}

impl Knobs {
    /// Takes over what the host changed, except on knobs that the user moves. `[main-thread]`
    pub fn refresh(&mut self, settings: &mut Settings, instance: &Instance) {
        let now = Instant::now();
        self.moved.retain(|_, until| until.is_none_or(|until| now < until));
        let params = &instance.params;
        let unsigned = |value: i32| u32::try_from(value).unwrap_or(0);
        let moved = |control: Control| self.moved.contains_key(&control);
        if !moved(Control::Model) {
            settings.model = instance.models.id(params.model.value()).unwrap_or_default();
        }
        if !moved(Control::Task) {
            settings.task = task_choice::task(params.task.value()).unwrap_or(Task::Continue);
        }
        if !moved(Control::Neighbourhood) {
            settings.neighbourhood = params.neighbourhood.value();
        }
        if !moved(Control::Temperature) {
            settings.temperature = params.temperature.value();
        }
        if !moved(Control::TopP) {
            settings.top_p = params.top_p.value();
        }
        if !moved(Control::Bars) {
            settings.bars = unsigned(params.bars.value());
        }
        if !moved(Control::ChordStrength) {
            settings.chord_strength = params.chord_strength.value();
        }
        if !moved(Control::Style) {
            settings.style = style_choice::style(params.style.value());
        }
        if !moved(Control::KeyLock) {
            settings.key_lock = params.key_lock();
        }
        if !moved(Control::Seed) {
            settings.seed = unsigned(params.seed.value());
        }
        if !moved(Control::SeedLocked) {
            settings.seed_locked = params.seed_lock.value();
        }
        if !moved(Control::Start) {
            settings.start = Start::from(params.start.value());
        }
        if !moved(Control::ListenBars) {
            settings.listen_bars = unsigned(params.listen_bars.value());
        }
        if !moved(Control::Channel) {
            settings.channel = u8::try_from(params.channel.value()).ok().filter(|channel| *channel > 0);
        }
        self.refresh_wishes(settings, instance);
        self.refresh_ways(settings, instance);
        if self.loads.is_none() || !moved(Control::Chord) && !moved(Control::ChordOn) {
            self.refresh_chord(settings, instance);
        }
    }

    /// What is wished of the notes.
    fn refresh_wishes(&self, settings: &mut Settings, instance: &Instance) {
        let params = &instance.params;
        let moved = |control: Control| self.moved.contains_key(&control);
        let unsigned = |value: i32| u32::try_from(value).unwrap_or(0);
        let pitch = |value: i32| u8::try_from(value).ok().and_then(Pitch::new);
        if !moved(Control::Count) {
            settings.count = unsigned(params.count.value());
        }
        if !moved(Control::Density) {
            settings.density = params.density.value();
        }
        if !moved(Control::Lowest) {
            settings.lowest = pitch(params.lowest.value()).unwrap_or(Pitch::LOWEST);
        }
        if !moved(Control::Highest) {
            settings.highest = pitch(params.highest.value()).unwrap_or(Pitch::HIGHEST);
        }
        if !moved(Control::KeptBeats) {
            settings.kept_beats = unsigned(params.kept_beats.value());
        }
    }

    /// The ways in and out.
    fn refresh_ways(&self, settings: &mut Settings, instance: &Instance) {
        let params = &instance.params;
        let moved = |control: Control| self.moved.contains_key(&control);
        if !moved(Control::Mix) {
            settings.mix = Mix::from(params.mix.value());
        }
        if !moved(Control::Looped) {
            settings.looped = params.looped.value();
        }
        if !moved(Control::Responds) {
            settings.responds = params.responds.value();
        }
        if !moved(Control::TriggerKey) {
            settings.trigger_key = u8::try_from(params.trigger_note.value() - 1).ok().and_then(Pitch::new);
        }
        if !moved(Control::TriggerCc) {
            settings.trigger_cc = u8::try_from(params.trigger_cc.value()).ok().filter(|cc| *cc > 0);
        }
    }

    fn refresh_chord(&mut self, settings: &mut Settings, instance: &Instance) {
        let loads = instance.memory.loads();
        if self.loads.replace(loads) != Some(loads) {
            let chord = &instance.memory.get().chord;
            settings.chord =
                if chord.is_empty() { Settings::DEFAULT_CHORD.to_owned() } else { chord.clone() };
        }
        let number = instance.params.chord_seed.value();
        if self.chord.replace(number) == Some(number) {
            return;
        }
        settings.chord_on = number != chord_choice::OFF;
        if settings.chord_on && chord_choice::first(&settings.chord) != Some(number) {
            settings.chord = chord_choice::text(number);
        }
    }

    /// Hands a change by the user to the host; says when its value has come back. `[main-thread]`
    pub fn turn(&mut self, action: &Action, instance: &Instance, setter: &ParamSetter) -> Option<Arrived> {
        match action {
            Action::Grab(control) => {
                self.moved.insert(*control, None);
                gesture(*control, instance, setter, Edge::Begin);
                None
            }
            Action::LetGo(control) => {
                self.moved.insert(*control, Some(Instant::now() + SETTLING));
                gesture(*control, instance, setter, Edge::End);
                None
            }
            Action::Set(setting) => self.set(setting, instance, setter),
            _ => None,
        }
    }

    fn set(&mut self, setting: &Setting, instance: &Instance, setter: &ParamSetter) -> Option<Arrived> {
        let sent = Sent { params: &instance.params, setter };
        let signed = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        let key = |pitch: Pitch| i32::from(pitch.number());
        Some(match setting {
            Setting::Model(id) => sent.put(|params| &params.model, instance.models.number(id)?),
            Setting::Task(task) => sent.put(|params| &params.task, task_choice::number(*task)?),
            Setting::Neighbourhood(value) => sent.put(|params| &params.neighbourhood, *value),
            Setting::Temperature(value) => sent.put(|params| &params.temperature, *value),
            Setting::TopP(value) => sent.put(|params| &params.top_p, *value),
            Setting::Bars(bars) => sent.put(|params| &params.bars, signed(*bars)),
            Setting::ChordOn(true) => {
                let text = instance.memory.get().chord.clone();
                let text = if text.is_empty() { Settings::DEFAULT_CHORD } else { &text };
                self.set_chord(text, instance, &sent)
            }
            Setting::ChordOn(false) => {
                self.chord = Some(chord_choice::OFF);
                sent.put(|params| &params.chord_seed, chord_choice::OFF)
            }
            Setting::Chord(text) => {
                let text: String = text.chars().take(MAX_CHORDS).collect();
                instance.memory.change(|memory| memory.chord.clone_from(&text));
                self.set_chord(&text, instance, &sent)
            }
            Setting::ChordStrength(value) => sent.put(|params| &params.chord_strength, *value),
            Setting::Style(style) => sent.put(|params| &params.style, style_choice::number(*style)),
            Setting::KeyLock(lock) => {
                sent.put(|params| &params.key_lock, params::text::key_lock_number(*lock))
            }
            Setting::Seed(seed) => sent.put(|params| &params.seed, signed(*seed)),
            Setting::SeedLocked(locked) => sent.put(|params| &params.seed_lock, *locked),
            Setting::Start(start) => sent.put(|params| &params.start, crossing::Start::from(*start)),
            Setting::ListenBars(bars) => sent.put(|params| &params.listen_bars, signed(*bars)),
            Setting::Channel(channel) => sent.put(|params| &params.channel, channel.map_or(0, i32::from)),
            Setting::Count(count) => sent.put(|params| &params.count, signed(*count)),
            Setting::Density(density) => sent.put(|params| &params.density, *density),
            Setting::Lowest(pitch) => sent.put(|params| &params.lowest, key(*pitch)),
            Setting::Highest(pitch) => sent.put(|params| &params.highest, key(*pitch)),
            Setting::KeptBeats(beats) => sent.put(|params| &params.kept_beats, signed(*beats)),
            Setting::Mix(mix) => sent.put(|params| &params.mix, crossing::Mix::from(*mix)),
            Setting::Looped(looped) => sent.put(|params| &params.looped, *looped),
            Setting::Responds(responds) => sent.put(|params| &params.responds, *responds),
            Setting::TriggerKey(pitch) => {
                sent.put(|params| &params.trigger_note, pitch.map_or(0, |pitch| 1 + key(pitch)))
            }
            Setting::TriggerCc(cc) => sent.put(|params| &params.trigger_cc, cc.map_or(0, i32::from)),
        })
    }

    /// Writes where the chord goes, as a gesture of its own. `[main-thread]`
    pub fn write_chord(&mut self, text: &str, instance: &Instance, setter: &ParamSetter) -> Option<Arrived> {
        self.turn(&Action::Grab(Control::Chord), instance, setter);
        let arrived = self.turn(&Action::Set(Setting::Chord(text.to_owned())), instance, setter);
        self.turn(&Action::LetGo(Control::Chord), instance, setter);
        // The text on the panel follows the memory.
        self.loads = None;
        arrived
    }

    /// A text that is neither chord nor progression turns the parameter off, and the panel says so; a chord of a kind
    /// that has no number needs a word from us.
    fn set_chord(&mut self, text: &str, instance: &Instance, sent: &Sent) -> Arrived {
        let number = chord_choice::first(text);
        if number.is_none() && text.parse::<Chord>().is_ok() {
            instance.say_problem(format!(
                "{text} is a chord that cannot be automated: use a simpler kind, such as C, Cm7, C9 or C7b9."
            ));
        }
        let number = number.unwrap_or(chord_choice::OFF);
        self.chord = Some(number);
        sent.put(|params| &params.chord_seed, number)
    }
}

/// Whether a value that was sent to the host has come back.
pub type Arrived = Arc<dyn Fn() -> bool + Send + Sync>;

/// How near a normalised value comes back: hosts keep them as 32-bit floats, some with a rounding of their own.
pub const CLOSE: f32 = 1e-4;

/// What hands values to the host.
struct Sent<'a> {
    params: &'a Arc<ContinuoParams>,
    setter: &'a ParamSetter<'a>,
}

impl Sent<'_> {
    fn put<P: Param + 'static>(&self, pick: fn(&ContinuoParams) -> &P, value: P::Plain) -> Arrived {
        let param = pick(self.params);
        let normalized = param.preview_normalized(value);
        self.setter.set_parameter_normalized(param, normalized);
        let params = self.params.clone();
        Arc::new(move || (pick(&params).unmodulated_normalized_value() - normalized).abs() < CLOSE)
    }
}

/// One end of a gesture.
#[derive(Clone, Copy, PartialEq)]
enum Edge {
    Begin,
    End,
}

impl Edge {
    fn of<P: Param>(self, param: &P, setter: &ParamSetter) {
        match self {
            Edge::Begin => setter.begin_set_parameter(param),
            Edge::End => setter.end_set_parameter(param),
        }
    }
}

fn gesture(control: Control, instance: &Instance, setter: &ParamSetter, edge: Edge) {
    let params = &instance.params;
    match control {
        Control::Model => edge.of(&params.model, setter),
        Control::Task => edge.of(&params.task, setter),
        Control::Neighbourhood => edge.of(&params.neighbourhood, setter),
        Control::Temperature => edge.of(&params.temperature, setter),
        Control::TopP => edge.of(&params.top_p, setter),
        Control::Bars => edge.of(&params.bars, setter),
        Control::ChordOn | Control::Chord => edge.of(&params.chord_seed, setter),
        Control::ChordStrength => edge.of(&params.chord_strength, setter),
        Control::Style => edge.of(&params.style, setter),
        Control::KeyLock => edge.of(&params.key_lock, setter),
        Control::Seed => edge.of(&params.seed, setter),
        Control::SeedLocked => edge.of(&params.seed_lock, setter),
        Control::Start => edge.of(&params.start, setter),
        Control::ListenBars => edge.of(&params.listen_bars, setter),
        Control::Channel => edge.of(&params.channel, setter),
        Control::Count => edge.of(&params.count, setter),
        Control::Density => edge.of(&params.density, setter),
        Control::Lowest => edge.of(&params.lowest, setter),
        Control::Highest => edge.of(&params.highest, setter),
        Control::KeptBeats => edge.of(&params.kept_beats, setter),
        Control::Mix => edge.of(&params.mix, setter),
        Control::Looped => edge.of(&params.looped, setter),
        Control::Responds => edge.of(&params.responds, setter),
        Control::TriggerKey => edge.of(&params.trigger_note, setter),
        Control::TriggerCc => edge.of(&params.trigger_cc, setter),
    }
}

impl From<crossing::Start> for Start {
    fn from(start: crossing::Start) -> Start {
        match start {
            crossing::Start::Now => Start::Now,
            crossing::Start::NextBeat => Start::NextBeat,
            crossing::Start::NextBar => Start::NextBar,
        }
    }
}

impl From<Start> for crossing::Start {
    fn from(start: Start) -> crossing::Start {
        match start {
            Start::Now => crossing::Start::Now,
            Start::NextBeat => crossing::Start::NextBeat,
            Start::NextBar => crossing::Start::NextBar,
        }
    }
}

impl From<crossing::Mix> for Mix {
    fn from(mix: crossing::Mix) -> Mix {
        match mix {
            crossing::Mix::Beside => Mix::Beside,
            crossing::Mix::Instead => Mix::Instead,
            crossing::Mix::Through => Mix::Through,
        }
    }
}

impl From<Mix> for crossing::Mix {
    fn from(mix: Mix) -> crossing::Mix {
        match mix {
            Mix::Beside => crossing::Mix::Beside,
            Mix::Instead => crossing::Mix::Instead,
            Mix::Through => crossing::Mix::Through,
        }
    }
}
