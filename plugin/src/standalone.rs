//! Continuo without a host: a window with a piano, and a small sound of its own.

mod synth;

use std::process::ExitCode;

use nice_plug::prelude::*;

use crate::format::Format;
use crate::plugin::Continuo;

/// The standalone: everything passes through to a MIDI output, and is heard.
pub struct Alone;

impl Format for Alone {
    const MIDI: MidiConfig = MidiConfig::MidiCCs;
    const LAYOUTS: &'static [AudioIOLayout] = &[AudioIOLayout {
        main_input_channels: None,
        main_output_channels: NonZeroU32::new(2),
        ..AudioIOLayout::const_default()
    }];
    const AT_REST: ProcessStatus = ProcessStatus::KeepAlive;
    type Sound = synth::Synth;

    fn standalone() -> Option<crate::panel::Standalone> {
        Some(crate::panel::Standalone::new("audio"))
    }
}

/// Opens the window and plays until it is closed. `[main-thread]`
pub fn run() -> ExitCode {
    if nice_export_standalone::<Continuo<Alone>>() { ExitCode::SUCCESS } else { ExitCode::from(2) }
}
