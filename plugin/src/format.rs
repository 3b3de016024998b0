//! What differs between CLAP, VST3 and the standalone.

use std::sync::Arc;

use nice_plug::prelude::*;

use crate::audio::clock::Reported;
use crate::instance::Instance;
use crate::panel::{StandaloneAction, ViewModel};

/// One format that Continuo comes in.
pub trait Format: Send + 'static {
    /// Which events pass through.
    const MIDI: MidiConfig;
    /// The audio ports.
    const LAYOUTS: &'static [AudioIOLayout];
    /// What a block ends with when nothing of ours sounds or waits.
    const AT_REST: ProcessStatus;
    /// Whether the host can be believed when it says that it renders offline.
    const KNOWS_OFFLINE: bool = true;
    /// Whether nice-plug's own event loop must be empty before an instance may go: see [`crate::departure`].
    const LEAVES_TASKS: bool = false;
    /// What stands around the plugin on the audio thread.
    type Rig: Rig;

    /// What stands around the panel where there is no host, for an instance that is not active yet. `[main-thread]`
    fn house(_instance: &Arc<Instance>) -> Option<Box<dyn House>> {
        None
    }
}

/// What stands around the plugin on the audio thread: an instrument, a clock and MIDI devices, where no host has them.
pub trait Rig: Default + Send + 'static {
    /// Samples a second. `[main-thread]`
    fn set_rate(&mut self, rate: f32);
    /// Begins a block of so many samples: what time it is, given what the host says. `[audio-thread]`
    fn keep_time(&mut self, host: Reported, frames: u32) -> Reported;
    /// An event that came in from our own devices. `[audio-thread]`
    fn next(&mut self) -> Option<NoteEvent<()>>;
    /// Takes an event of this block. `[audio-thread]`
    fn note(&mut self, event: &NoteEvent<()>);
    /// Ends the block: its sound goes into the buffer. `[audio-thread]`
    fn render(&mut self, buffer: &mut Buffer);
    /// Ends all sound at once. `[audio-thread]`
    fn silence(&mut self);
}

/// In a host everything is there: an instrument follows, and time is the host's.
impl Rig for () {
    fn set_rate(&mut self, _rate: f32) {}
    fn keep_time(&mut self, host: Reported, _frames: u32) -> Reported {
        host
    }
    fn next(&mut self) -> Option<NoteEvent<()>> {
        None
    }
    fn note(&mut self, _event: &NoteEvent<()>) {}
    fn render(&mut self, _buffer: &mut Buffer) {}
    fn silence(&mut self) {}
}

/// What stands around the panel where no host does: it knows the devices, and remembers how all was left.
pub trait House: Send {
    /// The window's size in points, as it was left. `[main-thread]`
    fn window(&self) -> Option<(u32, u32)>;
    /// The window has opened. `[main-thread]`
    fn opened(&mut self, context: &egui::Context);
    /// Fills in what only it knows, before a frame. `[main-thread]`
    fn refresh(&mut self, model: &mut ViewModel);
    /// Does what the user asked for. `[main-thread]`
    fn act(&mut self, action: StandaloneAction);
    /// The user has read what was wrong. `[main-thread]`
    fn dismiss_problem(&mut self);
    /// Remembers how the user left it, after a frame. `[main-thread]`
    fn remember(&mut self, model: &ViewModel, window: egui::Vec2);
    /// Whether the window is to close. `[main-thread]`
    fn quits(&self) -> bool;
}

/// CLAP: everything passes through, controllers included.
pub struct Clap;

impl Format for Clap {
    const MIDI: MidiConfig = MidiConfig::MidiCCs;
    const LAYOUTS: &'static [AudioIOLayout] = &[];
    /// A plugin that reports silence may be put to sleep, and an answer that is asked for then would never begin.
    const AT_REST: ProcessStatus = ProcessStatus::KeepAlive;
    type Rig = ();
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
    type Rig = ();
}
