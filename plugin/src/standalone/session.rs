//! The session: the state that a project would hold in a host, taken from an instance and given back to it.

use std::collections::BTreeMap;

use nice_plug::params::internals::ParamPtr;
use nice_plug::params::{InternalParamMut, Param, Params};
use nice_plug::plugin::{ParamValue, PluginState};

use crate::instance::Instance;
use crate::state;

/// The state of an instance, as nice-plug would hand it to a host. `[main-thread, worker]`
pub fn take(instance: &Instance) -> PluginState {
    let params = &instance.params;
    let values: BTreeMap<String, ParamValue> =
        params.param_map().into_iter().map(|(id, pointer, _)| (id, value(pointer))).collect();
    PluginState {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        params: values,
        fields: params.serialize_fields(),
    }
}

/// Brings an instance into a state; what the state does not know stays as it is. `[main-thread]`
pub fn give(instance: &Instance, mut state: PluginState) {
    state::filter(&mut state);
    for (id, pointer, _) in instance.params.param_map() {
        if let Some(value) = state.params.get(&id) {
            set(pointer, value);
        }
    }
    instance.params.deserialize_fields(&state.fields);
}

/// Reads a session's file.
///
/// # Errors
/// Why it cannot be used, in a few words.
pub fn parse(text: &str) -> Result<PluginState, String> {
    serde_json::from_str(text).map_err(|error| format!("it is damaged: {error}"))
}

/// The text of a session's file.
pub fn text(state: &PluginState) -> Option<String> {
    serde_json::to_string(state).ok()
}

fn value(pointer: ParamPtr) -> ParamValue {
    // SAFETY: The pointers are of the instance's parameters, which it holds while it is borrowed.
    unsafe {
        match pointer {
            ParamPtr::FloatParam(param) => ParamValue::F32((*param).unmodulated_plain_value()),
            ParamPtr::IntParam(param) => ParamValue::I32((*param).unmodulated_plain_value()),
            ParamPtr::BoolParam(param) => ParamValue::Bool((*param).unmodulated_plain_value()),
            ParamPtr::EnumParam(param) => match (*param).unmodulated_plain_id() {
                Some(id) => ParamValue::String(id.to_owned()),
                None => ParamValue::I32((*param).unmodulated_plain_value()),
            },
        }
    }
}

fn set(pointer: ParamPtr, value: &ParamValue) {
    // SAFETY: As in `value`; the setters only store numbers in atomics.
    unsafe {
        match (pointer, value) {
            (ParamPtr::FloatParam(param), ParamValue::F32(value)) => {
                (*param)._internal_set_plain_value(*value);
            }
            (ParamPtr::IntParam(param), ParamValue::I32(value)) => {
                (*param)._internal_set_plain_value(*value);
            }
            (ParamPtr::BoolParam(param), ParamValue::Bool(value)) => {
                (*param)._internal_set_plain_value(*value);
            }
            (ParamPtr::EnumParam(param), ParamValue::I32(value)) => {
                (*param)._internal_set_plain_value(*value);
            }
            (ParamPtr::EnumParam(param), ParamValue::String(id)) => {
                (*param).set_from_id(id);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use melody::{Note, Phrase, Pitch, Ticks};

    use super::*;

    /// An instance whose knobs and memory are not as a newcomer finds them.
    fn used() -> Instance {
        let instance = Instance::new();
        for (id, value) in [
            ("temperature", ParamValue::F32(1.35)),
            ("bars", ParamValue::I32(12)),
            ("seed", ParamValue::I32(654_321)),
            ("seed_lock", ParamValue::Bool(true)),
            ("start", ParamValue::String("beat".to_owned())),
        ] {
            let params = instance.params.param_map();
            let (_, pointer, _) = params.iter().find(|(each, ..)| each == id).expect(id);
            set(*pointer, &value);
        }
        instance.memory.change(|memory| {
            let pitch = Pitch::MIDDLE_C;
            let note = Note { onset: Ticks(0), length: Ticks(480), pitch, velocity: 90, channel: 0 };
            memory.phrase = Phrase::new(vec![note], memory.phrase.meter, memory.phrase.tempo);
            memory.chord = "Dm7".to_owned();
        });
        instance
    }

    #[test]
    fn a_session_survives_its_file() {
        let before = used();
        let taken = take(&before);
        let after = Instance::new();
        give(&after, parse(&text(&taken).unwrap()).unwrap());
        assert_eq!(text(&take(&after)), text(&taken));
        assert_eq!(*after.memory.get(), *before.memory.get());
        assert_ne!(text(&take(&Instance::new())), text(&taken));
    }

    #[test]
    fn a_session_with_nonsense_in_it_leaves_every_knob_in_its_range() {
        let instance = Instance::new();
        let nonsense = r#"{"version": "", "params": {"bars": {"i32": 1000000}, "temperature": {"f32": -1e30},
            "continue": {"bool": true}, "seed": {"bool": true}, "start": {"string": "never"}, "kazoo": {"i32": 1}},
            "fields": {"memory": "{{{"}}"#;
        give(&instance, parse(nonsense).unwrap());
        let taken = take(&instance);
        assert!(matches!(taken.params["bars"], ParamValue::I32(64)));
        assert!(matches!(taken.params["temperature"], ParamValue::F32(0.0)));
        assert!(matches!(taken.params["continue"], ParamValue::Bool(false)));
        assert!(instance.memory.get().problem.is_some());
        assert!(parse("{").is_err());
    }
}
