//! `continuo vary`: phrases like the one given, ready to audition.

use std::path::PathBuf;

use anyhow::Result;
use generator::{KeyLock, Task};

use crate::answering::{self, Flags, Hearing, Order, flags};
use crate::console::Console;

/// Find or make phrases similar to a melody
///
/// Each is written alone, from time 0; without -o to the folder TUNE-varied beside the input.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The tune: a Standard MIDI File (.mid)
    #[arg(value_name = "TUNE")]
    tune: PathBuf,
    /// How many phrases, 1 to 64
    #[arg(long, default_value_t = 8, value_parser = flags::count)]
    count: u32,
    /// How far to stray: 0 gives the nearest phrases, 1 far ones; for continuo the share of the notes that is made anew
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true, value_parser = flags::neighbourhood)]
    neighbourhood: f32,
    /// Leave the first N beats as they are, for models that can (continuo)
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = flags::beats)]
    keep_beats: u32,
    #[command(flatten)]
    hearing: Hearing,
    #[command(flatten)]
    pub flags: Flags,
}

/// Reads, asks, writes, reports.
///
/// # Errors
/// One sentence that names the file or the flag and what is wrong with it.
pub fn run(args: &Args, console: &Console) -> Result<()> {
    let order = Order {
        task: Task::Vary,
        tunes: &[&args.tune],
        flags: &args.flags,
        hearing: Some(&args.hearing),
        count: args.count,
        bars: None,
        key_lock: KeyLock::Off,
        neighbourhood: args.neighbourhood,
        kept_beats: args.keep_beats,
        gap: None,
        alone: true,
        suffix: Some("-varied"),
    };
    answering::run(&order, console)
}
