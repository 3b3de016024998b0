//! `continuo fresh`: melodies from nothing, one for each seed.

use anyhow::Result;
use generator::{KeyLock, Task};
use melody::Key;

use crate::answering::{self, Flags, Order, flags};
use crate::console::Console;

/// Make melodies from nothing, or from a chord
///
/// Without -o they are written to fresh.mid, or several to the folder fresh, in the current folder.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How many melodies, 1 to 999, with seeds that count up from the first
    #[arg(long, default_value_t = 1, value_parser = flags::many)]
    count: u32,
    /// Length of each in bars of 4/4, 1 to 64
    #[arg(long, default_value_t = 8, value_parser = flags::bars)]
    bars: u32,
    /// The key, such as "D minor"; without it the model's own
    #[arg(long, value_name = "KEY", value_parser = flags::key)]
    key: Option<Key>,
    #[command(flatten)]
    pub flags: Flags,
}

/// Asks, writes, reports.
///
/// # Errors
/// One sentence that names the flag and what is wrong with it.
pub fn run(args: &Args, console: &Console) -> Result<()> {
    let order = Order {
        task: Task::Fresh,
        tunes: &[],
        flags: &args.flags,
        hearing: None,
        count: args.count,
        bars: Some(args.bars),
        key_lock: args.key.map_or(KeyLock::Off, KeyLock::Fixed),
        neighbourhood: 0.0,
        kept_beats: 0,
        gap: None,
        alone: true,
        suffix: Some("fresh"),
    };
    answering::run(&order, console)
}
