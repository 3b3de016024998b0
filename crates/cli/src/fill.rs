//! `continuo fill`: some bars of a tune made anew, between what stands before and after them.

use std::path::PathBuf;

use anyhow::Result;
use generator::{KeyLock, Task};

use crate::answering::{self, Flags, Gap, Hearing, Order, flags};
use crate::console::Console;

/// Fill a gap in a melody
///
/// The bars of the gap are made anew, whatever stands in them; the model hears what stands before and after. The file that
/// is written holds the whole melody; without -o it is TUNE-filled.mid beside the input.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The tune: a Standard MIDI File (.mid)
    #[arg(value_name = "TUNE")]
    tune: PathBuf,
    /// The first bar of the gap, counted from 1
    #[arg(long, value_name = "BAR", value_parser = flags::bar)]
    from: u32,
    /// How many bars the gap has, 1 to 64
    #[arg(long, default_value_t = 4, value_parser = flags::bars)]
    bars: u32,
    /// How many answers, 1 to 64; they are written to a folder
    #[arg(long, default_value_t = 1, value_parser = flags::count)]
    count: u32,
    /// Write the filled bars alone, from time 0
    #[arg(long)]
    new_only: bool,
    /// The track to hear, by name or by number from 1; without it the melody is found
    #[arg(long, value_name = "NAME|N")]
    track: Option<String>,
    /// The scale to keep to: off, heard (the melody's own key), or a key such as "F# minor"
    #[arg(long, value_name = "KEY", default_value_t = KeyLock::Off, value_parser = flags::key_lock)]
    key_lock: KeyLock,
    #[command(flatten)]
    pub flags: Flags,
}

/// Reads, asks, writes, reports.
///
/// # Errors
/// One sentence that names the file or the flag and what is wrong with it.
pub fn run(args: &Args, console: &Console) -> Result<()> {
    let hearing = Hearing { track: args.track.clone(), prompt_bars: None, key_lock: args.key_lock };
    let order = Order {
        task: Task::Fill,
        tunes: &[&args.tune],
        flags: &args.flags,
        hearing: Some(&hearing),
        count: args.count,
        bars: Some(args.bars),
        key_lock: KeyLock::Off,
        neighbourhood: 0.0,
        kept_beats: 0,
        gap: Some(Gap { from: args.from, bars: args.bars }),
        alone: args.new_only,
        suffix: Some("-filled"),
    };
    answering::run(&order, console)
}
