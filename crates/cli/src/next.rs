//! `continuo next`: which note next, ranked, each with its probability.

use std::path::PathBuf;

use anyhow::Result;
use generator::{KeyLock, Task};

use crate::answering::{self, Flags, Hearing, Order, flags};
use crate::console::Console;

/// Rank the notes that may come next
///
/// Prints a table of the likeliest notes with their probabilities. With -o each is also written as a file that holds
/// the prompt and then the note.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The tune: a Standard MIDI File (.mid)
    #[arg(value_name = "TUNE")]
    tune: PathBuf,
    /// How many notes, 1 to 64
    #[arg(long, default_value_t = 10, value_parser = flags::count)]
    count: u32,
    /// With -o, write the note alone, from time 0
    #[arg(long)]
    new_only: bool,
    #[command(flatten)]
    hearing: Hearing,
    #[command(flatten)]
    pub flags: Flags,
}

/// Reads, asks, prints.
///
/// # Errors
/// One sentence that names the file or the flag and what is wrong with it.
pub fn run(args: &Args, console: &Console) -> Result<()> {
    let order = Order {
        task: Task::Next,
        tunes: &[&args.tune],
        flags: &args.flags,
        hearing: Some(&args.hearing),
        count: args.count,
        bars: None,
        key_lock: KeyLock::Off,
        neighbourhood: 0.0,
        kept_beats: 0,
        gap: None,
        alone: args.new_only,
        suffix: None,
    };
    answering::run(&order, console)
}
