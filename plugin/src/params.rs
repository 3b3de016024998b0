//! The parameters: what a host shows, saves and automates. Ids and ranges never change.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use generator::{KeyLock, Request};
use melody::{Key, Pitch};
use nice_plug::formatters;
use nice_plug::params::range::{FloatRange, IntRange};
use nice_plug::params::{BoolParam, EnumParam, FloatParam, IntParam, Params};
use nice_plug::plugin::ParamValue;

use crate::audio::Controls;
use crate::crossing::{Signals, Start};
use crate::model_choice::Models;
use crate::state::Memory;
use crate::{chord_choice, model_choice};

/// The highest seed: six digits can be read out, written down, and held exactly by a host's float.
pub const MAX_SEED: i32 = 999_999;
/// The most bars of what was played that make the prompt.
pub const MAX_LISTEN_BARS: i32 = 32;
const TEMPERATURES: (f32, f32) = (0.0, 2.0);
const TOP_PS: (f32, f32) = (0.05, 1.0);
/// Off, heard, then the 24 keys.
const KEY_LOCKS: i32 = 2 + 24;

/// The parameters of one instance.
#[derive(Params)]
pub struct ContinuoParams {
    /// Play nothing, only pass on.
    #[id = "bypass"]
    pub bypass: BoolParam,
    /// Which model answers: a number of [`Models`].
    #[id = "model"]
    pub model: IntParam,
    /// How daring, 0 to 2.
    #[id = "temperature"]
    pub temperature: FloatParam,
    /// The share of likely notes to draw from.
    #[id = "top_p"]
    pub top_p: FloatParam,
    /// Length of the answer in bars.
    #[id = "bars"]
    pub bars: IntParam,
    /// The chord that the first bar leans to: a number of [`chord_choice`].
    #[id = "chord_seed"]
    pub chord_seed: IntParam,
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
            temperature: rounded("Temperature", 0.9, TEMPERATURES),
            top_p: rounded("Top-p", 0.95, TOP_PS),
            bars: IntParam::new("Bars", 8, range(1, Request::MAX_BARS as i32)),
            chord_seed: named(
                "Chord seed",
                chord_choice::OFF,
                chord_choice::MAX,
                chord_choice::text,
                chord_choice::parse,
            ),
            key_lock: named(
                "Key lock",
                0,
                KEY_LOCKS - 1,
                |number| key_lock(number).to_string(),
                parse_key_lock,
            ),
            seed: IntParam::new("Seed", 0, range(0, MAX_SEED)),
            seed_lock: BoolParam::new("Lock seed", false),
            go_on: go_on(signals),
            start: EnumParam::new("Start", Start::NextBar),
            listen_bars: IntParam::new("Listen bars", 4, range(1, MAX_LISTEN_BARS)),
            channel: named("Channel", 0, 16, channel_text, parse_channel),
            trigger_note: named("Trigger key", 0, 128, trigger_text, parse_trigger),
            memory,
        }
    }

    /// The controls that matter on the audio thread. `[audio-thread]`
    pub fn controls(&self) -> Controls {
        Controls {
            bypass: self.bypass.value(),
            start: self.start.value(),
            trigger_key: u8::try_from(self.trigger_note.value() - 1).ok().filter(|key| *key < 128),
        }
    }

    /// The scale to keep to. `[main-thread, worker]`
    pub fn key_lock(&self) -> KeyLock {
        key_lock(self.key_lock.value())
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

fn named(
    name: &str,
    default: i32,
    max: i32,
    text: impl Fn(i32) -> String + Send + Sync + 'static,
    parse: impl Fn(&str) -> Option<i32> + Send + Sync + 'static,
) -> IntParam {
    IntParam::new(name, default, range(0, max))
        .with_value_to_string(Arc::new(text))
        .with_string_to_value(Arc::new(parse))
}

fn key_lock(number: i32) -> KeyLock {
    match usize::try_from(number) {
        Ok(1) => KeyLock::Heard,
        Ok(number @ 2..) => Key::all().nth(number - 2).map_or(KeyLock::Off, KeyLock::Fixed),
        _ => KeyLock::Off,
    }
}

/// The number of a key lock.
pub fn key_lock_number(lock: KeyLock) -> i32 {
    (0..KEY_LOCKS).find(|number| key_lock(*number) == lock).unwrap_or(0)
}

fn parse_key_lock(text: &str) -> Option<i32> {
    text.parse().ok().map(key_lock_number)
}

fn channel_text(number: i32) -> String {
    if number == 0 { "as played".to_owned() } else { number.to_string() }
}

fn parse_channel(text: &str) -> Option<i32> {
    if text == channel_text(0) {
        Some(0)
    } else {
        text.parse().ok().filter(|number| (1..=16).contains(number))
    }
}

fn trigger_text(number: i32) -> String {
    let pitch = u8::try_from(number - 1).ok().and_then(Pitch::new);
    pitch.map_or_else(|| "off".to_owned(), |pitch| pitch.to_string())
}

fn parse_trigger(text: &str) -> Option<i32> {
    if text == trigger_text(0) {
        Some(0)
    } else {
        text.parse::<Pitch>().ok().map(|pitch| 1 + i32::from(pitch.number()))
    }
}

/// Brings one parameter of a saved state into its range; what is unknown stays as it is. `[main-thread]`
pub fn clamp(id: &str, value: &mut ParamValue) {
    match value {
        ParamValue::F32(value) => {
            let (min, max) = match id {
                "temperature" => TEMPERATURES,
                "top_p" => TOP_PS,
                _ => return,
            };
            // `clamp` lets a NaN through, `max` does not.
            *value = value.max(min).min(max);
        }
        ParamValue::I32(value) => {
            let (min, max) = match id {
                "model" => (0, model_choice::MAX),
                "bars" => (1, Request::MAX_BARS as i32),
                "chord_seed" => (chord_choice::OFF, chord_choice::MAX),
                "key_lock" => (0, KEY_LOCKS - 1),
                "seed" => (0, MAX_SEED),
                "listen_bars" => (1, MAX_LISTEN_BARS),
                "channel" => (0, 16),
                "trigger_note" => (0, 128),
                "start" => (0, 2),
                _ => return,
            };
            *value = (*value).clamp(min, max);
        }
        ParamValue::Bool(_) | ParamValue::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nice_plug::params::Param;
    use nice_plug::params::internals::ParamPtr;

    fn params() -> (ContinuoParams, Arc<Signals>) {
        let (memory, signals) = (Memory::default(), Arc::new(Signals::default()));
        let models = Models::new(memory.clone());
        (ContinuoParams::new(memory, &models, &signals), signals)
    }

    /// Each step of a parameter, or a hundred and one of those that have none or very many.
    fn values(param: &ParamPtr) -> Vec<f32> {
        // SAFETY: The pointers come from parameters that outlive this call.
        let steps = unsafe { param.step_count() }.filter(|steps| *steps <= 10_000).unwrap_or(100);
        (0..=steps).map(|step| step as f32 / steps as f32).collect()
    }

    #[test]
    fn every_value_of_every_parameter_is_read_back_from_its_text() {
        let (params, _) = params();
        for (id, param, _) in params.param_map() {
            for value in values(&param) {
                // SAFETY: As above.
                let (text, back) = unsafe {
                    let text = param.normalized_value_to_string(value, true);
                    (text.clone(), param.string_to_normalized_value(&text))
                };
                let back = back.unwrap_or_else(|| panic!("{id} does not read \"{text}\""));
                // SAFETY: As above.
                let again = unsafe { param.normalized_value_to_string(back, true) };
                assert_eq!(text, again, "{id}");
            }
        }
    }

    #[test]
    fn every_seed_survives_the_hosts_float() {
        let (params, _) = params();
        for seed in (0..=MAX_SEED).step_by(37).chain([MAX_SEED - 1, MAX_SEED]) {
            let normalized = params.seed.preview_normalized(seed);
            assert_eq!(
                params.seed.preview_plain((f64::from(normalized) * 999_999.0 / 999_999.0) as f32),
                seed
            );
        }
    }

    #[test]
    fn ids_and_ranges_are_what_projects_were_saved_with() {
        let (params, _) = params();
        // SAFETY: As above.
        let found: Vec<(String, Option<usize>)> = params
            .param_map()
            .iter()
            .map(|(id, param, _)| (id.clone(), unsafe { param.step_count() }))
            .collect();
        let expected = [
            ("bypass", Some(1)),
            ("model", Some(31)),
            ("temperature", None),
            ("top_p", None),
            ("bars", Some(63)),
            ("chord_seed", Some(9792)),
            ("key_lock", Some(25)),
            ("seed", Some(999_999)),
            ("seed_lock", Some(1)),
            ("continue", Some(1)),
            ("start", Some(2)),
            ("listen_bars", Some(31)),
            ("channel", Some(16)),
            ("trigger_note", Some(128)),
        ];
        assert_eq!(found.len(), expected.len());
        for (id, steps) in expected {
            assert!(
                found.iter().any(|(known, range)| known == id && (*range == steps || steps.is_none())),
                "{id}"
            );
        }
    }

    #[test]
    fn only_the_rising_edge_of_continue_counts() {
        let (params, signals) = params();
        let param = params.param_map().into_iter().find(|(id, ..)| id == "continue").unwrap().1;
        for (value, presses) in [(1.0, 1), (1.0, 1), (0.0, 1), (1.0, 2)] {
            // SAFETY: As above.
            unsafe { param._internal_set_normalized_value(value) };
            assert_eq!(signals.presses.load(Ordering::Relaxed), presses);
        }
    }

    #[test]
    fn another_model_makes_older_answers_stale() {
        let (params, signals) = params();
        let param = params.param_map().into_iter().find(|(id, ..)| id == "model").unwrap().1;
        // SAFETY: As above.
        unsafe { param._internal_set_normalized_value(1.0) };
        assert_eq!(signals.generation(), 1);
    }

    #[test]
    fn the_trigger_key_is_none_until_chosen() {
        let (params, _) = params();
        assert_eq!(params.controls(), Controls::default());
        assert_eq!(parse_trigger("C1"), Some(25));
        assert_eq!(key_lock_number(params.key_lock()), 0);
    }
}
