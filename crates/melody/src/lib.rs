//! What is played: notes, phrases, bars, keys, chords, tokens and `.mid` files; pure data, no threads, no clock, no networks.
//!
//! A note's way through this crate: a `.mid` file is read into a [`Song`]; [`Song::melody`] picks the line that
//! carries the tune; [`grid`] puts it on sixteenths and triplets; [`Home`] moves it to C major or A minor; and
//! [`tokens`] turns it into the words that the networks know. Every step has its way back.

pub mod accents;
pub mod chord;
pub mod grid;
pub mod grouping;
pub mod home;
pub mod key;
pub mod line;
pub mod memory;
pub mod meter;
pub mod metrics;
pub mod midi;
pub mod note;
pub mod phrase;
pub mod pitch;
pub mod progression;
pub mod prompt;
pub mod roll;
pub mod song;
pub mod spelling;
pub mod steps;
pub mod style;
pub mod tempo;
pub mod text;
pub mod time;
pub mod tokens;
pub mod tones;
pub mod touch;
pub mod tune;
pub mod vocabulary;

pub use accents::Accents;
pub use chord::{Chord, ChordError};
pub use home::Home;
pub use key::{Key, Mode};
pub use line::LineError;
pub use meter::{Meter, MeterMap};
pub use midi::MidiError;
pub use note::Note;
pub use phrase::Phrase;
pub use pitch::{Pitch, PitchClass};
pub use progression::{Progression, ProgressionError};
pub use prompt::Prompt;
pub use song::{Song, Track};
pub use style::Style;
pub use tempo::{Tempo, TempoMap};
pub use text::TextError;
pub use time::Ticks;
pub use tokens::Token;
pub use tones::Tone;
pub use touch::Touch;
pub use tune::Tune;
pub use vocabulary::{Vocabulary, VocabularyError};
