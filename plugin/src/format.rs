//! What differs between CLAP, VST3 and the standalone.

use nice_plug::prelude::*;

use crate::panel::Standalone;

/// One format that Continuo comes in.
pub trait Format: Send + 'static {
    /// Which events pass through.
    const MIDI: MidiConfig;
    /// The audio ports.
    const LAYOUTS: &'static [AudioIOLayout];
    /// What a block ends with when nothing of ours sounds or waits.
    const AT_REST: ProcessStatus;
    /// Whether there is a transport worth following; without one the player's first note makes the bar.
    const HAS_TRANSPORT: bool = true;
    /// Whether the host can be believed when it says that it renders offline.
    const KNOWS_OFFLINE: bool = true;
    /// Whether nice-plug's own event loop must be empty before an instance may go: see [`crate::departure`].
    const LEAVES_TASKS: bool = false;
    /// The sound that the format makes itself.
    type Sound: Sound;

    /// What the panel shows where there is no host around us. `[main-thread]`
    fn standalone() -> Option<Standalone> {
        None
    }
}

/// A sound of our own, for where no instrument follows.
pub trait Sound: Default + Send + 'static {
    /// Samples a second. `[main-thread]`
    fn set_rate(&mut self, rate: f32);
    /// Takes an event of this block. `[audio-thread]`
    fn note(&mut self, event: &NoteEvent<()>);
    /// Ends the block: its sound goes into the buffer. `[audio-thread]`
    fn render(&mut self, buffer: &mut Buffer);
    /// Ends all sound at once. `[audio-thread]`
    fn silence(&mut self);
}

/// No sound: an instrument follows in the host.
impl Sound for () {
    fn set_rate(&mut self, _rate: f32) {}
    fn note(&mut self, _event: &NoteEvent<()>) {}
    fn render(&mut self, _buffer: &mut Buffer) {}
    fn silence(&mut self) {}
}

/// CLAP: everything passes through, controllers included.
pub struct Clap;

impl Format for Clap {
    const MIDI: MidiConfig = MidiConfig::MidiCCs;
    const LAYOUTS: &'static [AudioIOLayout] = &[];
    /// A plugin that reports silence may be put to sleep, and an answer that is asked for then would never begin.
    const AT_REST: ProcessStatus = ProcessStatus::KeepAlive;
    type Sound = ();
}

/// VST3: notes and their expressions pass through. Controllers would come as 2,080 parameters, which some hosts send
/// all at once, so they are left to the host, which lets them bypass a MIDI effect or not as it is set.
pub struct Vst3;

impl Format for Vst3 {
    const MIDI: MidiConfig = MidiConfig::Basic;
    const LAYOUTS: &'static [AudioIOLayout] = &[];
    /// nice-plug 0.4.2 passes on the mode of the setup before the last one: after a render, a live audio thread would
    /// wait for the worker.
    const KNOWS_OFFLINE: bool = false;
    const LEAVES_TASKS: bool = true;
    /// "Keep alive" would be an endless tail here, and some hosts render tails to their end.
    const AT_REST: ProcessStatus = ProcessStatus::Normal;
    type Sound = ();
}
