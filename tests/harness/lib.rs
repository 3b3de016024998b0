//! Test hosts that load the real plugin binaries, as a DAW does, and play music into them.
//!
//! [`Product::open`] finds a built plugin and loads it into a [`Host`] of either [`Format`]; a [`Timeline`] moves a
//! transport over it, block by block, plays cues and tells at which sample every note came out; [`notes`] pairs
//! note-ons with note-offs; [`heap`] counts what the plugin allocates inside its `process()`.

pub mod bundle;
pub mod clap;
#[cfg(target_os = "linux")]
pub mod display;
pub mod heap;
pub mod host;
pub mod notes;
pub mod session;
pub mod stopwatch;
pub mod timeline;
pub mod tunes;
pub mod vst3;

pub use bundle::Product;
pub use host::{Block, Event, Format, Host, Kind, Knob, Requests, Setup, Transport, Voice};
pub use notes::{Heard, Pairing};
pub use session::Session;
pub use timeline::{Blocks, Timed, Timeline};
