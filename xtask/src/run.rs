//! `cargo xtask run`: from a bare system to a sounding, or at least a written, answer.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{release_program, root, run as run_program};
use crate::{display, system};

/// Builds and starts the window's program where a display answers, otherwise the command line.
///
/// # Errors
/// A system package, the build or the program itself fails.
pub fn run(args: &[String]) -> Result<()> {
    match display::reachable() {
        Ok(()) => window(args),
        Err(reason) => {
            eprintln!("xtask: no window here ({reason}), so the command line does the job");
            command_line(args)
        }
    }
}

fn window(args: &[String]) -> Result<()> {
    system::provide(&[system::BUILD, system::WINDOW])?;
    run_program(Command::new(release_program("continuo-standalone")?).args(args))
}

fn command_line(args: &[String]) -> Result<()> {
    let mut program = Command::new(release_program("continuo")?);
    if !args.is_empty() {
        return run_program(program.args(args));
    }
    let out = root().join("out");
    fs::create_dir_all(&out).with_context(|| format!("cannot make the folder {}", out.display()))?;
    let twinkle = ["continue", "assets/twinkle.mid", "--bars", "8", "-o", "out/twinkle-continued.mid"];
    run_program(program.args(twinkle).args(["--picture", "out/twinkle-continued.png"]).current_dir(root()))
}
