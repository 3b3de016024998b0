//! What a plugin must not do, done on purpose, so that the tests' own instruments can be seen to notice.

use std::hint::black_box;
use std::sync::Arc;

use nice_plug::prelude::*;

/// The key whose note-on allocates (and frees) on the audio thread.
const ALLOCATES: u8 = 0;
/// The key whose note-on comes out one sample late.
const LATE: u8 = 1;
/// The key whose note-off never comes out.
const HANGS: u8 = 2;

/// A pass-through with one fault for each of its lowest keys.
#[derive(Default)]
pub struct Faulty {
    params: Arc<NoKnobs>,
}

#[derive(Default, Params)]
struct NoKnobs {}

impl Faulty {
    /// `[audio-thread]`
    fn spoil(mut event: PluginNoteEvent<Self>, frames: u32) -> Option<PluginNoteEvent<Self>> {
        match &mut event {
            NoteEvent::NoteOn { key, .. } if key.number() == Some(ALLOCATES) => {
                drop(black_box(Vec::<u8>::with_capacity(4096)));
            }
            NoteEvent::NoteOn { key, timing, .. } if key.number() == Some(LATE) => {
                *timing = (*timing + 1).min(frames.saturating_sub(1));
            }
            NoteEvent::NoteOff { key, .. } if key.number() == Some(HANGS) => return None,
            _ => {}
        }
        Some(event)
    }
}

impl Plugin for Faulty {
    const NAME: &'static str = "Faulty pass-through";
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
        buffer: &mut Buffer,
        _aux: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        let frames = u32::try_from(buffer.samples()).unwrap_or(u32::MAX);
        while let Some(event) = context.next_event() {
            if let Some(event) = Self::spoil(event, frames) {
                let _ = context.try_send_event(event);
            }
        }
        ProcessStatus::Normal
    }
}

impl ClapPlugin for Faulty {
    const CLAP_ID: &'static str = "org.continuo.faulty";
    const CLAP_DESCRIPTION: Option<&'static str> = Some("Misbehaves on purpose; for tests");
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] = &[ClapFeature::NoteEffect, ClapFeature::Utility];
}

impl Vst3Plugin for Faulty {
    const VST3_CLASS_ID: [u8; 16] = *b"ContinuoMisplays";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = &[Vst3SubCategory::Fx, Vst3SubCategory::Tools];
}
