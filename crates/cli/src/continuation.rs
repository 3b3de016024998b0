//! `continuo continue`: a file in, the file with the model's answer out.

use std::path::PathBuf;

use anyhow::Result;
use generator::{KeyLock, Task};

use crate::answering::{self, Flags, Hearing, Order, flags};
use crate::console::Console;

/// Continue a melody by some bars
///
/// The file that is written holds the prompt and then the answer, in the prompt's tempo and meter; without -o it is
/// TUNE-continued.mid beside the input. The prompt is the melody of the input: the track that is named as one, or that
/// looks like one, reduced to its highest notes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The tune: a Standard MIDI File (.mid)
    #[arg(value_name = "TUNE")]
    tune: PathBuf,
    /// Length of the answer in bars, 1 to 64
    #[arg(long, default_value_t = 8, value_parser = flags::bars)]
    bars: u32,
    /// How many answers, 1 to 64, of seeds that count up from the first; they are written to a folder. continuo puts the
    /// best first
    #[arg(long, default_value_t = 1, value_parser = flags::count)]
    count: u32,
    /// Write the answer alone, from time 0
    #[arg(long)]
    new_only: bool,
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
        task: Task::Continue,
        tunes: &[&args.tune],
        flags: &args.flags,
        hearing: Some(&args.hearing),
        count: args.count,
        bars: Some(args.bars),
        key_lock: KeyLock::Off,
        neighbourhood: 0.0,
        kept_beats: 0,
        gap: None,
        alone: args.new_only,
        suffix: Some("-continued"),
    };
    answering::run(&order, console)
}
