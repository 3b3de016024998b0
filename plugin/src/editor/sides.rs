//! Settings as a whole: presets, and the two sides that are compared.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use super::PanelApp;
use super::knobs::{Arrived, CLOSE};
use nice_plug::params::internals::ParamPtr;

use crate::crossing::Remake;
use crate::panel::{Control, Side};
use crate::preset::{self, Preset};

impl PanelApp {
    /// Calls up a preset; where an answer is shown, it is made again with it. `[main-thread]`
    pub(super) fn load_preset(&mut self, id: &str) {
        match self.presets.read(id) {
            Ok(preset) => {
                self.apply(&preset);
                self.model.preset = Some(preset.id);
            }
            Err(says) => self.instance.say_problem(says),
        }
    }

    /// Keeps the settings under a name. `[main-thread]`
    pub(super) fn save_preset(&mut self, name: &str) {
        match self.presets.save(name, &self.values()) {
            Ok(id) => {
                self.model.preset = Some(id);
                self.instance.say_news(format!("The settings are kept as \"{}\".", name.trim()));
            }
            Err(says) => self.instance.say_problem(says),
        }
        self.list_presets();
    }

    /// Deletes one of the user's own presets. `[main-thread]`
    pub(super) fn delete_preset(&mut self, id: &str) {
        if let Err(says) = self.presets.delete(id) {
            self.instance.say_problem(says);
        }
        if self.model.preset.as_deref() == Some(id) {
            self.model.preset = None;
        }
        self.list_presets();
    }

    /// Reads what presets there are. `[main-thread]`
    pub(super) fn list_presets(&mut self) {
        self.model.presets = Arc::new(self.presets.list());
    }

    /// Uses the other side's settings, and keeps this side's. `[main-thread]`
    pub(super) fn switch_side(&mut self, side: Side) {
        let wants_b = side == Side::B;
        let remembered = self.instance.memory.get();
        if remembered.side_b == wants_b {
            return;
        }
        let values = self.values();
        // A side that was never used begins as the other one is.
        let other = remembered.other_side.clone().unwrap_or_else(|| values.clone());
        self.instance.memory.change(|memory| {
            (memory.side_b, memory.other_side) = (wants_b, Some(values));
        });
        let name = if wants_b { "B" } else { "A" };
        let (id, name) = (String::new(), format!("side {name}"));
        self.apply(&Preset { id, name, description: String::new(), factory: false, values: other });
    }

    /// Makes the other side's settings the same as these. `[main-thread]`
    pub(super) fn copy_side(&mut self) {
        let values = self.values();
        self.instance.memory.change(|memory| memory.other_side = Some(values));
        let other = if self.instance.memory.get().side_b { "A" } else { "B" };
        self.instance.say_news(format!("Side {other} has the same settings now."));
    }

    fn values(&self) -> BTreeMap<String, String> {
        if let Some((values, arrived)) = &self.applied
            && !arrived()
        {
            return values.clone();
        }
        preset::values(&self.instance.params, &self.instance.memory.get().chord)
    }

    fn apply(&mut self, preset: &Preset) {
        let Some(host) = &self.host else { return };
        let knobs = preset.knobs(&self.instance.params);
        let setter = host.param_setter();
        let mut awaited = Vec::new();
        for (param, place) in knobs.places {
            // SAFETY: The pointers are those of the instance's parameters, which the app holds.
            unsafe {
                setter.raw_context.raw_begin_set_parameter(param);
                setter.raw_context.raw_set_parameter_normalized(param, place);
                setter.raw_context.raw_end_set_parameter(param);
            }
            awaited.push((param, place));
        }
        let chord = knobs.chord.and_then(|text| self.knobs.write_chord(&text, &self.instance, &setter));
        if let Some(says) = knobs.skipped {
            self.instance.say_problem(says);
        }
        let params = self.instance.params.clone();
        let arrived: Arrived = Arc::new(move || {
            // The pointers are those of these parameters, which live as long as this question.
            let _alive = &params;
            awaited.iter().all(|(param, place): &(ParamPtr, f32)| {
                // SAFETY: As above.
                let value = unsafe { param.unmodulated_normalized_value() };
                (value - place).abs() < CLOSE
            }) && chord.as_ref().is_none_or(|chord| chord())
        });
        let mut values = self.values();
        values.extend(preset.values.clone());
        self.applied = Some((values, arrived.clone()));
        let (same_gesture, since) = (false, Instant::now());
        self.remake(Control::Model, Remake { same_gesture, place: None, seed: None, arrived, since });
    }
}
