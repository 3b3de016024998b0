//! The face that both test hosts wear, so that one test runs over CLAP and VST3 alike.

use std::fmt;

/// A plugin format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// CLAP 1.x, through clack-host.
    Clap,
    /// VST 3, through the `vst3` crate's COM bindings.
    Vst3,
}

impl Format {
    /// Both formats, to loop over.
    pub const ALL: [Format; 2] = [Format::Clap, Format::Vst3];
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Clap => "CLAP",
            Format::Vst3 => "VST3",
        })
    }
}

/// What a host promises when it activates a plugin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setup {
    /// Samples a second.
    pub sample_rate: f64,
    /// The most samples in a block.
    pub max_frames: u32,
    /// Whether this is a render that may run faster or slower than the clock.
    pub offline: bool,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup { sample_rate: 48_000.0, max_frames: 4096, offline: false }
    }
}

/// Where the song is at the first sample of a block; `None` where the host does not know.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transport {
    /// Whether the song moves.
    pub playing: bool,
    /// Quarters a minute.
    pub tempo: Option<f64>,
    /// The time signature: how many notes of 1/`.1` in a bar.
    pub meter: Option<(u16, u16)>,
    /// The song position in quarters.
    pub beats: Option<f64>,
    /// The song position in seconds.
    pub seconds: f64,
    /// The song position in samples.
    pub samples: i64,
    /// Where the current bar begins, in quarters.
    pub bar_start: f64,
    /// The current bar, counted from 0.
    pub bar_number: i32,
    /// The loop in quarters, when it is on.
    pub cycle: Option<(f64, f64)>,
}

/// One call of `process()`.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// How many samples to process.
    pub frames: u32,
    /// Where the song is; `None` for a host that tells nothing.
    pub transport: Option<Transport>,
    /// What comes in, sorted by offset.
    pub events: &'a [Event],
}

/// Which note is meant; -1 is a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Voice {
    /// The host's number for this very note, or -1.
    pub id: i32,
    /// MIDI channel 0 to 15, or -1 for all.
    pub channel: i16,
    /// MIDI key 0 to 127, or -1 for all.
    pub key: i16,
}

impl Voice {
    /// A key on a channel, without an id.
    pub const fn new(channel: i16, key: i16) -> Voice {
        Voice { id: -1, channel, key }
    }
}

/// Something that happens inside a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// Samples from the start of the block.
    pub offset: u32,
    /// What happens.
    pub kind: Kind,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A note begins, velocity 0 to 1.
    On(Voice, f32),
    /// A note ends, release velocity 0 to 1.
    Off(Voice, f32),
    /// A note is cut short (CLAP only).
    Choke(Voice),
    /// A MIDI 1.0 message. VST3 has none: note messages become note events there, others are dropped.
    Midi([u8; 3]),
    /// A knob moves to a place between 0 and 1.
    Knob(u32, f64),
}

/// One automatable parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Knob {
    /// The number that automation and saved projects know it by.
    pub id: u32,
    /// The name that the user sees.
    pub name: String,
    /// Where it stands at first, between 0 and 1.
    pub default: f64,
    /// How many steps it has between its ends; 0 for a smooth one.
    pub steps: u32,
    /// Whether the host may automate it.
    pub automatable: bool,
}

/// What a plugin asked of its host since it was last asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Requests {
    /// To be deactivated and activated again; already done.
    pub restart: bool,
    /// To be called on the main thread; already done.
    pub callback: bool,
    /// To read all knobs anew.
    pub rescan: bool,
    /// To mark the project as changed.
    pub dirty: bool,
}

/// A headless host around one instance of a plugin.
///
/// Its methods panic, with a sentence, where the plugin breaks the format's rules. One thread at a time may use it;
/// the thread that calls [`Host::process`] plays the audio thread meanwhile.
pub trait Host: Send {
    /// The format that this host speaks.
    fn format(&self) -> Format;

    /// Prepares the plugin for processing and starts it.
    fn activate(&mut self, setup: Setup);

    /// Stops processing and lets the plugin free what it prepared; nothing happens to an inactive one.
    fn deactivate(&mut self);

    /// Processes a block and returns what came out, in the order in which it came out.
    fn process(&mut self, block: &Block) -> Vec<Event>;

    /// Asks the active plugin to forget all running sound: CLAP's `reset()`, VST3's `setProcessing(false, true)`.
    fn reset(&mut self);

    /// From now on takes at most this many output events a block and refuses the rest, as a full host does.
    fn limit_output(&mut self, events: usize);

    /// All knobs.
    fn knobs(&mut self) -> Vec<Knob>;

    /// Where a knob stands, between 0 and 1.
    fn value(&mut self, id: u32) -> f64;

    /// Moves a knob; an active plugin learns of it at the start of the next block.
    fn set(&mut self, id: u32, value: f64);

    /// What the plugin would write beside a knob that stands at `value`.
    fn text(&mut self, id: u32, value: f64) -> String;

    /// Where the plugin would put a knob for a text that the user typed.
    fn parse(&mut self, id: u32, text: &str) -> Option<f64>;

    /// The plugin's state, as a project stores it.
    fn save(&mut self) -> Vec<u8>;

    /// Gives the plugin a stored state; whether it took it.
    fn load(&mut self, state: &[u8]) -> bool;

    /// Does what the plugin asked of the main thread, and says what that was.
    fn idle(&mut self) -> Requests;

    /// The channels of silence or sound that the last block wrote, over all of the plugin's audio outputs.
    fn audio(&self) -> Vec<&[f32]>;

    /// The knob of this name.
    fn knob(&mut self, name: &str) -> Knob {
        let knobs = self.knobs();
        let names: Vec<&str> = knobs.iter().map(|knob| knob.name.as_str()).collect();
        let found = knobs.iter().find(|knob| knob.name == name);
        found.unwrap_or_else(|| panic!("no knob is named {name:?}; there are {names:?}")).clone()
    }

    /// Moves the knob of this name to where the plugin puts it for `text`.
    fn choose(&mut self, name: &str, text: &str) {
        let knob = self.knob(name);
        let value = self.parse(knob.id, text);
        let value = value.unwrap_or_else(|| panic!("the knob {name:?} does not understand {text:?}"));
        self.set(knob.id, value);
    }

    /// What the plugin writes beside the knob of this name now.
    fn shown(&mut self, name: &str) -> String {
        let id = self.knob(name).id;
        let value = self.value(id);
        self.text(id, value)
    }
}
