//! Settings under a name: the musical knobs as the texts that a host shows, those that ship and the user's own.

mod factory;
mod file;
mod folder;

use std::collections::BTreeMap;

use nice_plug::params::Params;
use nice_plug::params::internals::ParamPtr;

use crate::chord_choice;
use crate::params::ContinuoParams;

pub use folder::Presets;

/// Parameters that no preset touches: where the dice start, and how the plugin is driven and wired into the project.
pub const LEFT_ALONE: [&str; 6] = ["bypass", "seed", "seed_lock", "continue", "trigger_note", "trigger_cc"];
/// The parameter whose text may be a progression.
const CHORD: &str = "chord_seed";

/// Settings under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// What it is called up by.
    pub id: String,
    /// Its name in the menu.
    pub name: String,
    /// What it is for, in a line; empty for the user's own.
    pub description: String,
    /// It ships with Continuo.
    pub factory: bool,
    /// The text of each parameter that it sets, by the parameter's id; those of a later version among them.
    pub values: BTreeMap<String, String>,
}

/// A preset in terms of the parameters of an instance.
#[derive(Debug, Default)]
pub struct Knobs {
    /// The parameters with where they go, from 0 to 1. The pointers are good as long as the instance's parameters live.
    pub places: Vec<(ParamPtr, f32)>,
    /// What is to be written where the chord goes, a progression perhaps; `None` where the preset says nothing of it.
    pub chord: Option<String>,
    /// What could not be used, as a sentence.
    pub skipped: Option<String>,
}

/// The texts of all parameters that presets hold, as they stand; `chord` is what is written where the chord goes, which
/// may say more than the parameter. `[main-thread]`
pub fn values(params: &ContinuoParams, chord: &str) -> BTreeMap<String, String> {
    let text = |param: ParamPtr| {
        // SAFETY: The pointer comes from these parameters.
        unsafe { param.normalized_value_to_string(param.unmodulated_normalized_value(), true) }
    };
    let held = params.param_map().into_iter().filter(|(id, ..)| is_held(id));
    let mut values: BTreeMap<String, String> = held.map(|(id, param, _)| (id, text(param))).collect();
    let number = params.chord_seed.value();
    if number != chord_choice::OFF && chord_choice::first(chord) == Some(number) {
        values.insert(CHORD.to_owned(), chord.to_owned());
    }
    values
}

/// Whether presets hold the parameter of this id.
pub fn is_held(id: &str) -> bool {
    !LEFT_ALONE.contains(&id)
}

impl Preset {
    /// Where this preset puts the knobs of an instance; settings that the preset does not name stay as they are.
    /// `[main-thread]`
    pub fn knobs(&self, params: &ContinuoParams) -> Knobs {
        let known: BTreeMap<String, ParamPtr> =
            params.param_map().into_iter().map(|(id, param, _)| (id, param)).collect();
        let (mut knobs, mut strange) = (Knobs::default(), Vec::new());
        for (id, text) in self.values.iter().filter(|(id, _)| is_held(id)) {
            if id == CHORD && (chord_choice::first(text).is_some()) {
                knobs.chord =
                    Some(text.clone()).filter(|_| chord_choice::parse(text) != Some(chord_choice::OFF));
                if knobs.chord.is_some() {
                    continue;
                }
            }
            let param = known.get(id);
            // SAFETY: The pointer comes from these parameters.
            let place = param.and_then(|param| unsafe { param.string_to_normalized_value(text) });
            match (param, place) {
                (Some(param), Some(place)) => knobs.places.push((*param, place)),
                (Some(_), None) => strange.push(format!("{id} \"{text}\"")),
                (None, _) => strange.push(id.clone()),
            }
        }
        if !strange.is_empty() {
            knobs.skipped = Some(format!(
                "The preset \"{}\" asks for what is not known here ({}): the rest of it is used.",
                self.name,
                strange.join(", ")
            ));
        }
        knobs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crossing::Signals;
    use crate::model_choice::Models;
    use crate::state::Memory;
    use generator::Library;
    use nice_plug::params::Param;
    use std::sync::Arc;

    /// Parameters that know the models that ship.
    pub(super) fn params() -> ContinuoParams {
        let (memory, signals) = (Memory::default(), Arc::new(Signals::default()));
        let models = Models::new(memory.clone());
        models.learn(&Arc::new(Library::shipped().listings()));
        ContinuoParams::new(memory, &models, &signals)
    }

    fn preset(values: &[(&str, &str)]) -> Preset {
        let values = values.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect();
        let (id, name) = ("user/mine".to_owned(), "Mine".to_owned());
        Preset { id, name, description: String::new(), factory: false, values }
    }

    fn apply(knobs: &Knobs) {
        for (param, place) in &knobs.places {
            // SAFETY: The tests' parameters outlive their presets.
            unsafe { param._internal_set_normalized_value(*place) };
        }
    }

    #[test]
    fn what_was_kept_comes_back_on_another_instance() {
        let (old, new) = (params(), params());
        let turned =
            preset(&[("temperature", "1.30"), ("density", "2.00"), ("start", "now"), ("respond", "On")]);
        apply(&turned.knobs(&old));
        let kept = values(&old, "");
        assert_ne!(kept, values(&new, ""));
        let knobs = Preset { values: kept.clone(), ..preset(&[]) }.knobs(&new);
        assert_eq!(knobs.skipped, None);
        apply(&knobs);
        assert_eq!(values(&new, ""), kept);
        assert_eq!((new.temperature.value(), new.responds.value()), (1.3, true));
    }

    #[test]
    fn seed_bypass_and_triggers_are_left_alone() {
        let params = params();
        let held = values(&params, "");
        assert!(LEFT_ALONE.iter().all(|id| !held.contains_key(*id)));
        assert_eq!(held.len() + LEFT_ALONE.len(), params.param_map().len());
        let sly = LEFT_ALONE.map(|id| (id, "1"));
        assert!(preset(&sly).knobs(&params).places.is_empty());
    }

    #[test]
    fn what_is_not_known_here_is_named_and_the_rest_is_used() {
        let params = params();
        let knobs = preset(&[("reverb", "lots"), ("model", "gone"), ("bars", "4")]).knobs(&params);
        assert_eq!(knobs.places.len(), 1);
        let sentence = knobs.skipped.unwrap();
        assert!(sentence.contains("\"Mine\"") && sentence.contains("reverb"), "{sentence}");
        assert!(sentence.contains("model \"gone\""), "{sentence}");
    }

    #[test]
    fn a_progression_is_kept_as_it_was_written() {
        let params = params();
        let (am, text) = (chord_choice::parse("Am").unwrap(), "Am | F | C | G");
        apply(&preset(&[("chord_seed", "off")]).knobs(&params));
        assert_eq!(values(&params, text)["chord_seed"], "off");
        let chord = params.param_map().into_iter().find(|(id, ..)| id == CHORD).unwrap().1;
        // SAFETY: The parameters live until the end of the test.
        unsafe { chord._internal_set_normalized_value(params.chord_seed.preview_normalized(am)) };
        assert_eq!(values(&params, text)["chord_seed"], text);
        assert_eq!(values(&params, "C | F")["chord_seed"], "Am", "it was written for another chord");
        let knobs = preset(&[("chord_seed", text)]).knobs(&params);
        assert_eq!((knobs.chord.as_deref(), knobs.places.len()), (Some(text), 0));
        let off = preset(&[("chord_seed", "off")]).knobs(&params);
        assert_eq!((off.chord, off.places.len()), (None, 1));
    }
}
