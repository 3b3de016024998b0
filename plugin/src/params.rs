//! The parameters: what a host shows, saves and automates. Ids and ranges never change.

pub mod text;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use generator::{KeyLock, Request};
use melody::Pitch;
use nice_plug::formatters;
use nice_plug::params::range::{FloatRange, IntRange};
use nice_plug::params::{BoolParam, EnumParam, FloatParam, IntParam, Params};
use nice_plug::plugin::ParamValue;

use crate::audio::Controls;
use crate::crossing::{Mix, Signals, Start};
use crate::model_choice::Models;
use crate::state::Memory;
use crate::{chord_choice, model_choice, style_choice, task_choice};
use text::KEY_LOCKS;

/// The highest seed: six digits can be read out, written down, and held exactly by a host's float.
pub const MAX_SEED: i32 = 999_999;
/// The most bars of what was played that make the prompt.
pub const MAX_LISTEN_BARS: i32 = 32;
const TEMPERATURES: (f32, f32) = (0.0, 2.0);
const TOP_PS: (f32, f32) = (0.05, 1.0);
const NEIGHBOURHOODS: (f32, f32) = (0.0, 1.0);
const CHORD_STRENGTHS: (f32, f32) = (0.0, 1.0);
const DENSITIES: (f32, f32) = (*Request::DENSITIES.start(), *Request::DENSITIES.end());
/// Puts 1 into the middle of the knob: ((1 - 0.25) / 3.75) ^ SKEW = 0.5.
const SKEW: f32 = 0.430_677;
/// The most candidates of one answer: as many as can be told apart on a screen.
pub const MAX_COUNT: i32 = 16;
/// The most beats that a variation leaves as they are.
pub const MAX_KEPT_BEATS: i32 = 64;
/// The highest controller that can ask for an answer; those above are messages to the whole channel.
const MAX_TRIGGER_CC: i32 = 119;

/// Near enough to know the phrase again, far enough that not all are the same.
const NEIGHBOURHOOD: f32 = 0.2;

/// The parameters of one instance.
#[derive(Params)]
pub struct ContinuoParams {
    /// Play nothing, only pass on.
    #[id = "bypass"]
    pub bypass: BoolParam,
    /// Which model answers: a number of [`Models`].
    #[id = "model"]
    pub model: IntParam,
    /// What Continue does: a number of [`task_choice`].
    #[id = "task"]
    pub task: IntParam,
    /// How daring, 0 to 2.
    #[id = "temperature"]
    pub temperature: FloatParam,
    /// The share of likely notes to draw from.
    #[id = "top_p"]
    pub top_p: FloatParam,
    /// How far similar phrases may lie from what was played, 0 to 1.
    #[id = "neighbourhood"]
    pub neighbourhood: FloatParam,
    /// Length of the answer in bars.
    #[id = "bars"]
    pub bars: IntParam,
    /// The chord that the first bar leans to: a number of [`chord_choice`].
    #[id = "chord_seed"]
    pub chord_seed: IntParam,
    /// How much the chord counts, 0 to 1.
    #[id = "chord_strength"]
    pub chord_strength: FloatParam,
    /// The style to play in: a number of [`style_choice`].
    #[id = "style"]
    pub style: IntParam,
    /// The scale to keep to: 0 off, 1 the key that was heard, then [`Key::all`].
    #[id = "key_lock"]
    pub key_lock: IntParam,
    /// Where the dice start.
    #[id = "seed"]
    pub seed: IntParam,
    /// Whether each answer uses the same seed.
    #[id = "seed_lock"]
    pub seed_lock: BoolParam,
    /// Going up asks for an answer.
    #[id = "continue"]
    pub go_on: BoolParam,
    /// When an answer begins.
    #[id = "start"]
    pub start: EnumParam<Start>,
    /// How many of the last bars make the prompt.
    #[id = "listen_bars"]
    pub listen_bars: IntParam,
    /// The answer's MIDI channel: 0 as played, else 1 to 16.
    #[id = "channel"]
    pub channel: IntParam,
    /// The key that asks for an answer: 0 none, else one above the MIDI key.
    #[id = "trigger_note"]
    pub trigger_note: IntParam,
    /// How many candidates.
    #[id = "count"]
    pub count: IntParam,
    /// How many notes there are, in proportion to what was played.
    #[id = "density"]
    pub density: FloatParam,
    /// The lowest pitch that may come, as a MIDI key.
    #[id = "lowest"]
    pub lowest: IntParam,
    /// The highest pitch that may come, as a MIDI key.
    #[id = "highest"]
    pub highest: IntParam,
    /// Beats that a variation leaves as they are.
    #[id = "kept_beats"]
    pub kept_beats: IntParam,
    /// What goes on to the next device.
    #[id = "mix"]
    pub mix: EnumParam<Mix>,
    /// Whether answers begin again at their end.
    #[id = "loop"]
    pub looped: BoolParam,
    /// Whether each pause of the player is answered.
    #[id = "respond"]
    pub responds: BoolParam,
    /// The controller that asks for an answer: 0 none, 1 to 119.
    #[id = "trigger_cc"]
    pub trigger_cc: IntParam,
    /// What the project remembers beside the parameters.
    #[persist = "memory"]
    pub memory: Memory,
}

impl ContinuoParams {
    /// The parameters as a newcomer finds them. `[main-thread]`
    pub fn new(memory: Memory, models: &Models, signals: &Arc<Signals>) -> ContinuoParams {
        ContinuoParams {
            bypass: BoolParam::new("Bypass", false).make_bypass(),
            model: model(models, signals),
            task: named(
                "Task",
                task_choice::DEFAULT,
                task_choice::MAX,
                task_choice::text,
                task_choice::parse,
            ),
            temperature: rounded("Temperature", 0.9, TEMPERATURES),
            top_p: rounded("Top-p", 0.95, TOP_PS),
            neighbourhood: rounded("Neighbourhood", NEIGHBOURHOOD, NEIGHBOURHOODS),
            bars: IntParam::new("Bars", 8, range(1, Request::MAX_BARS as i32)),
            chord_seed: named(
                "Chord seed",
                chord_choice::OFF,
                chord_choice::MAX,
                chord_choice::text,
                chord_choice::parse,
            ),
            chord_strength: rounded("Chord strength", Request::CHORD_STRENGTH, CHORD_STRENGTHS),
            style: named(
                "Style",
                style_choice::FREE,
                style_choice::MAX,
                style_choice::text,
                style_choice::parse,
            ),
            key_lock: named(
                "Key lock",
                0,
                KEY_LOCKS - 1,
                |number| text::key_lock(number).to_string(),
                text::parse_key_lock,
            ),
            seed: IntParam::new("Seed", 0, range(0, MAX_SEED)),
            seed_lock: BoolParam::new("Lock seed", false),
            go_on: go_on(signals),
            start: EnumParam::new("Start", Start::NextBar),
            listen_bars: IntParam::new("Listen bars", 4, range(1, MAX_LISTEN_BARS)),
            channel: named("Channel", 0, 16, text::channel, text::parse_channel),
            trigger_note: named("Trigger key", 0, 128, text::trigger, text::parse_trigger),
            count: IntParam::new("Candidates", 4, range(1, MAX_COUNT)),
            density: density(),
            lowest: key("Lowest note", Pitch::LOWEST),
            highest: key("Highest note", Pitch::HIGHEST),
            kept_beats: IntParam::new("Kept beats", 0, range(0, MAX_KEPT_BEATS)),
            mix: EnumParam::new("Output", Mix::Beside),
            looped: BoolParam::new("Loop", false),
            responds: BoolParam::new("Call and response", false),
            trigger_cc: named("Trigger CC", 0, MAX_TRIGGER_CC, text::trigger_cc, text::parse_trigger_cc),
            memory,
        }
    }

    /// The controls that matter on the audio thread. `[audio-thread]`
    pub fn controls(&self) -> Controls {
        Controls {
            bypass: self.bypass.value(),
            start: self.start.value(),
            trigger_key: u8::try_from(self.trigger_note.value() - 1).ok().filter(|key| *key < 128),
            trigger_cc: u8::try_from(self.trigger_cc.value()).ok().filter(|cc| *cc > 0),
            mix: self.mix.value(),
            responds: self.responds.value(),
        }
    }

    /// The lowest and the highest pitch that may come; `None` where all may. `[main-thread, worker]`
    pub fn range(&self) -> Option<(Pitch, Pitch)> {
        let pitch = |param: &IntParam| u8::try_from(param.value()).ok().and_then(Pitch::new);
        let (one, other) = (pitch(&self.lowest)?, pitch(&self.highest)?);
        let range = (one.min(other), one.max(other));
        (range != (Pitch::LOWEST, Pitch::HIGHEST)).then_some(range)
    }

    /// How many notes there are in proportion to what was played; `None` in the knob's middle, where the model decides.
    /// `[main-thread, worker]`
    pub fn density(&self) -> Option<f32> {
        Some(self.density.value()).filter(|density| *density != 1.0)
    }

    /// The scale to keep to. `[main-thread, worker]`
    pub fn key_lock(&self) -> KeyLock {
        text::key_lock(self.key_lock.value())
    }
}

/// Another model makes older answers stale, so that a run in progress ends between two notes.
fn model(models: &Models, signals: &Arc<Signals>) -> IntParam {
    let (shown, read, signals) = (models.clone(), models.clone(), signals.clone());
    named("Model", 0, model_choice::MAX, move |number| shown.text(number), move |text| read.parse(text))
        .with_callback(Arc::new(move |_| {
            signals.begin_generation();
        }))
}

/// The rising edge is counted where it happens, so that a pulse shorter than a block is not missed.
fn go_on(signals: &Arc<Signals>) -> BoolParam {
    let signals = signals.clone();
    BoolParam::new("Continue", false).with_callback(Arc::new(move |up| {
        if up {
            signals.presses.fetch_add(1, Ordering::Relaxed);
        }
    }))
}

fn range(min: i32, max: i32) -> IntRange {
    IntRange::Linear { min, max }
}

fn rounded(name: &str, default: f32, (min, max): (f32, f32)) -> FloatParam {
    let parse = |text: &str| text.trim().parse::<f32>().ok().filter(|value| value.is_finite());
    FloatParam::new(name, default, FloatRange::Linear { min, max })
        .with_step_size(0.01)
        .with_value_to_string(formatters::v2s_f32_rounded(2))
        .with_string_to_value(Arc::new(parse))
}

/// A knob that has as far to go to four times as many notes as to a quarter as many.
fn density() -> FloatParam {
    let (min, max) = DENSITIES;
    let parse = |text: &str| text.trim().parse::<f32>().ok().filter(|value| value.is_finite());
    let range = FloatRange::Skewed { min, max, factor: SKEW };
    FloatParam::new("Density", 1.0, range)
        .with_step_size(0.01)
        .with_value_to_string(formatters::v2s_f32_rounded(2))
        .with_string_to_value(Arc::new(parse))
}

fn key(name: &str, default: Pitch) -> IntParam {
    let read = |text: &str| text.trim().parse::<Pitch>().ok().map(|pitch| i32::from(pitch.number()));
    let text =
        |number: i32| u8::try_from(number).ok().and_then(Pitch::new).unwrap_or(Pitch::LOWEST).to_string();
    named_from(name, i32::from(default.number()), (0, 127), text, read)
}

fn named(
    name: &str,
    default: i32,
    max: i32,
    text: impl Fn(i32) -> String + Send + Sync + 'static,
    parse: impl Fn(&str) -> Option<i32> + Send + Sync + 'static,
) -> IntParam {
    named_from(name, default, (0, max), text, parse)
}

fn named_from(
    name: &str,
    default: i32,
    (min, max): (i32, i32),
    text: impl Fn(i32) -> String + Send + Sync + 'static,
    parse: impl Fn(&str) -> Option<i32> + Send + Sync + 'static,
) -> IntParam {
    IntParam::new(name, default, range(min, max))
        .with_value_to_string(Arc::new(text))
        .with_string_to_value(Arc::new(parse))
}

/// Brings one parameter of a saved state into its range; what is unknown stays as it is. `[main-thread]`
pub fn clamp(id: &str, value: &mut ParamValue) {
    match value {
        ParamValue::F32(value) => {
            let (min, max) = match id {
                "temperature" => TEMPERATURES,
                "top_p" => TOP_PS,
                "neighbourhood" => NEIGHBOURHOODS,
                "chord_strength" => CHORD_STRENGTHS,
                "density" => DENSITIES,
                _ => return,
            };
            // `clamp` lets a NaN through, `max` does not.
            *value = value.max(min).min(max);
        }
        ParamValue::I32(value) => {
            let (min, max) = match id {
                "model" => (0, model_choice::MAX),
                "task" => (0, task_choice::MAX),
                "bars" => (1, Request::MAX_BARS as i32),
                "chord_seed" => (chord_choice::OFF, chord_choice::MAX),
                "style" => (style_choice::FREE, style_choice::MAX),
                "key_lock" => (0, KEY_LOCKS - 1),
                "seed" => (0, MAX_SEED),
                "listen_bars" => (1, MAX_LISTEN_BARS),
                "channel" => (0, 16),
                "trigger_note" => (0, 128),
                "start" | "mix" => (0, 2),
                "count" => (1, MAX_COUNT),
                "lowest" | "highest" => (0, 127),
                "kept_beats" => (0, MAX_KEPT_BEATS),
                "trigger_cc" => (0, MAX_TRIGGER_CC),
                _ => return,
            };
            *value = (*value).clamp(min, max);
        }
        ParamValue::Bool(_) | ParamValue::String(_) => {}
    }
}

#[cfg(test)]
mod tests;
