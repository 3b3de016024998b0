//! `continuo morph`: the way from one phrase to another.

use std::path::PathBuf;

use anyhow::Result;
use generator::{KeyLock, Task};

use crate::answering::{self, Flags, Hearing, Order, flags};
use crate::console::Console;

/// Lead from one melody to another in steps
///
/// Each step is written alone, from time 0; without -o to the folder FROM-morphed beside the first input.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where the way begins: a Standard MIDI File (.mid)
    #[arg(value_name = "FROM")]
    from: PathBuf,
    /// Where it leads: a Standard MIDI File (.mid)
    #[arg(value_name = "TO")]
    to: PathBuf,
    /// How many phrases on the way, both ends included, 2 to 64
    #[arg(long, default_value_t = 7, value_parser = flags::steps)]
    steps: u32,
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
        task: Task::Morph,
        tunes: &[&args.from, &args.to],
        flags: &args.flags,
        hearing: Some(&args.hearing),
        count: args.steps,
        bars: None,
        key_lock: KeyLock::Off,
        neighbourhood: 0.0,
        kept_beats: 0,
        gap: None,
        alone: true,
        suffix: Some("-morphed"),
    };
    answering::run(&order, console)
}
