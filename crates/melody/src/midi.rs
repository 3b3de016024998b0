//! Reading and writing Standard MIDI Files.

/// Why a `.mid` file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MidiError {}
