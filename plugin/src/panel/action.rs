//! What the user did in the panel: everything that leaves it.

use generator::{KeyLock, Task};
use melody::{Pitch, Style};

use super::shown::{Selection, Side};
use super::{Look, Mix, StandaloneAction, Start};

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
    /// Write something to a `.mid` file that the user chooses.
    Save(Export),
    /// Put something into the clipboard, as text that can be pasted into another Continuo.
    Copy(Export),
    /// Drag something out of the window as a `.mid` file: the mouse has left it with the button down.
    DragOut(Export),
    /// Read a `.mid` file that the user chooses, and take its melody as what was played.
    OpenMidi,
    /// Take a dropped file as what was played.
    OpenDropped(std::path::PathBuf),
    /// Take a phrase from the clipboard's text as what was played.
    Paste(String),
    /// Other bars are selected, or none.
    Select(Option<Selection>),
    /// Make the selected bars of the shown candidate anew.
    Regenerate,
    /// Like it, or not any more.
    Favourite {
        /// The candidate's place in the list.
        index: usize,
    },
    /// Put it at the end of the Keep track.
    Keep {
        /// The candidate's place in the list.
        index: usize,
    },
    /// Take it off the list.
    ThrowAway {
        /// The candidate's place in the list.
        index: usize,
    },
    /// Make variations of it.
    MoreLike {
        /// The candidate's place in the list.
        index: usize,
    },
    /// Make a way from one candidate to another.
    Between {
        /// Where it begins.
        from: usize,
        /// Where it leads.
        to: usize,
    },
    /// List what could stand in the place of a note of the shown candidate.
    AskAlternatives {
        /// The note's place in the candidate.
        note: usize,
    },
    /// Put the list away.
    CloseAlternatives,
    /// Give a note of the shown candidate another pitch.
    Swap {
        /// The note's place in the candidate.
        note: usize,
        /// The pitch.
        pitch: Pitch,
    },
    /// Vary towards a place on the model's map, coordinates from -1 to 1.
    Wander {
        /// The place.
        to: [f32; 2],
    },
    /// Take back the last change.
    Undo,
    /// Bring back what was taken back.
    Redo,
    /// Show an answer of the history again.
    Recall {
        /// Its place in the history.
        answer: usize,
    },
    /// Play a favourite, in a loop.
    PlayFavourite {
        /// Its place among the favourites.
        index: usize,
    },
    /// Like it no more.
    DropFavourite {
        /// Its place among the favourites.
        index: usize,
    },
    /// Put it at the end of the Keep track.
    KeepFavourite {
        /// Its place among the favourites.
        index: usize,
    },
    /// Take a favourite as what was played, to continue or vary it.
    UseFavourite {
        /// Its place among the favourites.
        index: usize,
    },
    /// Play the Keep track from its start.
    PlaySong,
    /// Move a piece of the Keep track.
    MovePiece {
        /// Its place.
        from: usize,
        /// Its place afterwards.
        to: usize,
    },
    /// Take a piece out of the Keep track.
    DropPiece {
        /// Its place.
        index: usize,
    },
    /// Use the other set of settings.
    SwitchSide(Side),
    /// Make the other set of settings the same as this one.
    CopySide,
    /// Call up a preset.
    LoadPreset(String),
    /// Keep the settings under a name.
    SavePreset(String),
    /// Delete one of the user's own presets.
    DeletePreset(String),
    /// Other colours.
    SetLook(Look),
    /// What only the standalone has.
    Standalone(StandaloneAction),
    /// The good news has been read.
    DismissNews,
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

/// What can leave the panel as notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Export {
    /// A candidate, by its place in the list.
    Candidate(usize),
    /// A favourite, by its place.
    Favourite(usize),
    /// The whole Keep track.
    Song,
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
    /// How many candidates, 1 to 16.
    Count(u32),
    /// How many notes there are, in proportion to what was played, 0.25 to 4.
    Density(f32),
    /// The lowest pitch that may come.
    Lowest(Pitch),
    /// The highest pitch that may come.
    Highest(Pitch),
    /// Beats that a variation leaves as they are, 0 to 64.
    KeptBeats(u32),
    /// What goes on to the next device.
    Mix(Mix),
    /// Whether answers begin again at their end.
    Looped(bool),
    /// Whether each pause of the player is answered.
    Responds(bool),
    /// The key that asks for an answer.
    TriggerKey(Option<Pitch>),
    /// The controller that asks for an answer, 1 to 119.
    TriggerCc(Option<u8>),
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
    /// Of [`Setting::Count`].
    Count,
    /// Of [`Setting::Density`].
    Density,
    /// Of [`Setting::Lowest`].
    Lowest,
    /// Of [`Setting::Highest`].
    Highest,
    /// Of [`Setting::KeptBeats`].
    KeptBeats,
    /// Of [`Setting::Mix`].
    Mix,
    /// Of [`Setting::Looped`].
    Looped,
    /// Of [`Setting::Responds`].
    Responds,
    /// Of [`Setting::TriggerKey`].
    TriggerKey,
    /// Of [`Setting::TriggerCc`].
    TriggerCc,
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
            Setting::Count(_) => Control::Count,
            Setting::Density(_) => Control::Density,
            Setting::Lowest(_) => Control::Lowest,
            Setting::Highest(_) => Control::Highest,
            Setting::KeptBeats(_) => Control::KeptBeats,
            Setting::Mix(_) => Control::Mix,
            Setting::Looped(_) => Control::Looped,
            Setting::Responds(_) => Control::Responds,
            Setting::TriggerKey(_) => Control::TriggerKey,
            Setting::TriggerCc(_) => Control::TriggerCc,
        }
    }
}
