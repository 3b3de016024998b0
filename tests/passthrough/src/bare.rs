//! A bare pass-through: what nice-plug itself costs, and what the test hosts are tried on.

use std::sync::Arc;

use nice_plug::prelude::*;

/// Sends every event on unchanged but for the velocity, which its one knob scales.
#[derive(Default)]
pub struct Bare {
    params: Arc<Knobs>,
}

#[derive(Params)]
struct Knobs {
    #[id = "velocity"]
    velocity: FloatParam,
}

impl Default for Knobs {
    fn default() -> Knobs {
        let velocity = FloatParam::new("Velocity", 1.0, FloatRange::Linear { min: 0.0, max: 1.0 })
            .with_step_size(0.01)
            .with_unit(" %")
            .with_value_to_string(formatters::v2s_f32_percentage(0))
            .with_string_to_value(formatters::s2v_f32_percentage());
        Knobs { velocity }
    }
}

impl Plugin for Bare {
    const NAME: &'static str = "Pass-through";
    const VENDOR: &'static str = "Continuo";
    const URL: &'static str = "";
    const EMAIL: &'static str = "";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = &[AudioIOLayout::const_default()];
    const MIDI_INPUT: MidiConfig = MidiConfig::Basic;
    const MIDI_OUTPUT: MidiConfig = MidiConfig::Basic;

    type Editor = ();
    type SysExMessage = ();
    type BackgroundTask = ();

    fn params(&self) -> Arc<dyn Params> {
        self.params.clone()
    }

    /// `[audio-thread]`
    fn process(
        &mut self,
        _buffer: &mut Buffer,
        _aux: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        let scale = self.params.velocity.value();
        while let Some(mut event) = context.next_event() {
            if let NoteEvent::NoteOn { velocity, .. } = &mut event {
                *velocity *= scale;
            }
            // A full host drops the event: this is what a plugin without a ledger does.
            let _ = context.try_send_event(event);
        }
        ProcessStatus::Normal
    }
}

impl ClapPlugin for Bare {
    const CLAP_ID: &'static str = "org.continuo.passthrough";
    const CLAP_DESCRIPTION: Option<&'static str> = Some("Passes notes through; for tests and benchmarks");
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] = &[ClapFeature::NoteEffect, ClapFeature::Utility];
}

impl Vst3Plugin for Bare {
    const VST3_CLASS_ID: [u8; 16] = *b"ContinuoPassThru";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = &[Vst3SubCategory::Fx, Vst3SubCategory::Tools];
}
