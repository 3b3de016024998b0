//! `cargo xtask train`: teaching a model with the optimised command line, politely.

use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{release_program, root, run, succeeds, target_folder};

/// Runs `continuo train NAME ARGS`, at low priority, into `models/NAME` and with checkpoints under
/// `target` unless `--out` and `--checkpoints` say otherwise.
///
/// # Errors
/// No name is given, or the build or the training fails.
pub fn train(args: &[String]) -> Result<()> {
    let name = args.first().filter(|name| !name.starts_with('-'));
    let name =
        name.context("train which model? `cargo xtask train NAME --data FOLDER`, for example seq2seq")?;
    let program = release_program("continuo")?;
    let mut training = if succeeds(Command::new("nice").arg("true")) {
        let mut nice = Command::new("nice");
        nice.args(["-n", "10"]).arg(program);
        nice
    } else {
        Command::new(program)
    };
    training.arg("train").args(args);
    let given = |flag: &str| args.iter().any(|arg| arg == flag || arg.starts_with(&format!("{flag}=")));
    if !given("--out") {
        training.arg("--out").arg(root().join("models").join(name));
    }
    if !given("--checkpoints") {
        training.arg("--checkpoints").arg(target_folder()?.join("checkpoints").join(name));
    }
    run(&mut training)
}
