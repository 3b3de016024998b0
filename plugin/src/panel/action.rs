//! What the user did in the panel: everything that leaves it.

use generator::{KeyLock, Task};
use melody::{Pitch, Style};

use super::Start;

/// One thing that the user did in a frame. `[main-thread]`
///
/// Every [`Action::Set`] stands between an [`Action::Grab`] and an [`Action::LetGo`] of the same control, often in one
/// frame, sometimes (a knob is dragged) over many: the three map onto a host parameter's begin, perform and end.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A control begins to move.
    Grab(Control),
    /// A control has a new value, within its range.
    Set(Setting),
    /// A control has stopped moving.
    LetGo(Control),
    /// Do the chosen task with what was played.
    Answer,
    /// Choose a candidate of the answer, and play it.
    Audition {
        /// Its place in the list.
        index: usize,
    },
    /// Give up the answer that is being made, and end the one that sounds.
    Stop,
    /// Play the chosen candidate once more.
    PlayAgain,
    /// Forget what was played, and the answer to it.
    Clear,
    /// Take the chord that is held, or was played last, as the chord seed.
    UsePlayedChord,
    /// Take a new seed, and answer with it if there is something to answer.
    RollDice,
    /// Write the answer to a `.mid` file that the user chooses.
    SaveMidi,
    /// The problem has been read; go on.
    DismissProblem,
    /// A key of the on-screen or computer keyboard goes down.
    KeyDown {
        /// Which.
        pitch: Pitch,
        /// How hard, 1 to 127.
        velocity: u8,
    },
    /// A key of the on-screen or computer keyboard comes up.
    KeyUp {
        /// Which.
        pitch: Pitch,
    },
}

/// The new value of a control.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    /// The chosen model's id.
    Model(String),
    /// What the button does.
    Task(Task),
    /// How far similar phrases may lie from what was played, 0 to 1.
    Neighbourhood(f32),
    /// How daring, 0 to 2.
    Temperature(f32),
    /// The share of likely notes, above 0 and up to 1.
    TopP(f32),
    /// Length of the answer in bars, 1 to 64.
    Bars(u32),
    /// Whether the chord seed is on.
    ChordOn(bool),
    /// The chord seed's text, which may be no chord yet, or a progression.
    Chord(String),
    /// How much chord notes gain, 0 to 1.
    ChordStrength(f32),
    /// The style to play in; `None`: the model's own choice.
    Style(Option<Style>),
    /// The scale to keep to.
    KeyLock(KeyLock),
    /// Where the dice start, 0 to 999,999.
    Seed(u32),
    /// Whether Continue keeps the seed.
    SeedLocked(bool),
    /// When an answer begins to play.
    Start(Start),
    /// How many bars make the prompt, 1 to 32.
    ListenBars(u32),
    /// The answer's MIDI channel, 1 to 16; `None`: as played.
    Channel(Option<u8>),
}

/// A control that holds a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Control {
    /// Of [`Setting::Model`].
    Model,
    /// Of [`Setting::Task`].
    Task,
    /// Of [`Setting::Neighbourhood`].
    Neighbourhood,
    /// Of [`Setting::Temperature`].
    Temperature,
    /// Of [`Setting::TopP`].
    TopP,
    /// Of [`Setting::Bars`].
    Bars,
    /// Of [`Setting::ChordOn`].
    ChordOn,
    /// Of [`Setting::Chord`].
    Chord,
    /// Of [`Setting::ChordStrength`].
    ChordStrength,
    /// Of [`Setting::Style`].
    Style,
    /// Of [`Setting::KeyLock`].
    KeyLock,
    /// Of [`Setting::Seed`].
    Seed,
    /// Of [`Setting::SeedLocked`].
    SeedLocked,
    /// Of [`Setting::Start`].
    Start,
    /// Of [`Setting::ListenBars`].
    ListenBars,
    /// Of [`Setting::Channel`].
    Channel,
}

impl Setting {
    /// The control that has this value.
    pub fn control(&self) -> Control {
        match self {
            Setting::Model(_) => Control::Model,
            Setting::Task(_) => Control::Task,
            Setting::Neighbourhood(_) => Control::Neighbourhood,
            Setting::Temperature(_) => Control::Temperature,
            Setting::TopP(_) => Control::TopP,
            Setting::Bars(_) => Control::Bars,
            Setting::ChordOn(_) => Control::ChordOn,
            Setting::Chord(_) => Control::Chord,
            Setting::ChordStrength(_) => Control::ChordStrength,
            Setting::Style(_) => Control::Style,
            Setting::KeyLock(_) => Control::KeyLock,
            Setting::Seed(_) => Control::Seed,
            Setting::SeedLocked(_) => Control::SeedLocked,
            Setting::Start(_) => Control::Start,
            Setting::ListenBars(_) => Control::ListenBars,
            Setting::Channel(_) => Control::Channel,
        }
    }
}
