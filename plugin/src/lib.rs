//! Continuo as CLAP, VST3 and standalone: hears the player, asks the generator, plays the answer, shows it.
//!
//! A note's way: the host hands it to [`plugin`], [`audio`] passes it on and tells the [`worker`] over a ring of
//! [`crossing`]; the worker makes a phrase of it, asks a model, and sends the answer back over another ring; [`audio`]
//! plays it in time. [`editor`] shows all this through [`panel`], and [`state`] keeps it in the project.
//!
//! Invariants: the audio thread sees rings, atomics and plain numbers, never a lock, the heap, a file or a model.
//! Nothing is read and no thread is started before the host activates the plugin. No panic reaches the host.

mod aside;
pub mod audio;
pub mod chord_choice;
pub mod crossing;
mod departure;
pub mod dialog;
pub mod drag_out;
pub mod editor;
pub mod export;
pub mod format;
pub mod guard;
pub mod import;
pub mod instance;
pub mod model_choice;
pub mod panel;
pub mod params;
pub mod plugin;
pub mod preset;
#[cfg(feature = "standalone")]
pub mod standalone;
pub mod state;
pub mod style_choice;
pub mod task_choice;
pub mod worker;

use nice_plug::prelude::*;

use crate::format::{Clap, Vst3};
use crate::plugin::Continuo;

impl ClapPlugin for Continuo<Clap> {
    const CLAP_ID: &'static str = "org.continuo.continuo";
    const CLAP_DESCRIPTION: Option<&'static str> = Some("Continues what you play with small neural networks");
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] = &[ClapFeature::NoteEffect, ClapFeature::Utility];
}

impl Vst3Plugin for Continuo<Vst3> {
    const VST3_CLASS_ID: [u8; 16] = *b"ContinuoMelodies";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = &[Vst3SubCategory::Fx, Vst3SubCategory::Tools];
}

nice_export_clap!(Continuo<Clap>);
nice_export_vst3!(Continuo<Vst3>);
