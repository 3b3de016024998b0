//! `continuo`: the command line, as thin as it can be around melody, generator and trainer.

mod console;
mod continuation;
mod inspect;
mod models;
mod output;
mod picture;
mod tune;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use console::Console;

/// Continues a melody with small neural networks, offline.
#[derive(Debug, Parser)]
#[command(
    name = "continuo",
    version,
    disable_help_subcommand = true,
    after_help = "Errors are one sentence on standard error, with exit code 2. With --json standard output is one JSON \
                  document: the result, or {\"error\": \"...\"}; everything for people then goes to standard error."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Continue(continuation::Args),
    Models(models::Args),
    Inspect(inspect::Args),
}

impl Command {
    fn wants_json(&self) -> bool {
        match self {
            Command::Continue(args) => args.json,
            Command::Models(args) => args.json,
            Command::Inspect(args) => args.json,
        }
    }

    fn run(&self, console: &Console) -> anyhow::Result<()> {
        match self {
            Command::Continue(args) => continuation::run(args, console),
            Command::Models(args) => models::run(args, console),
            Command::Inspect(args) => inspect::run(args, console),
        }
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse_words(&error),
    };
    let console = Console::new(cli.command.wants_json());
    match cli.command.run(&console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => console.fail(&format!("{error:#}")),
    }
}

/// Prints help where it was asked for, and otherwise makes one sentence of what clap has to say.
fn refuse_words(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A pipe that was closed is no failure.
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            return ExitCode::from(console::FAILURE);
        }
        _ => {}
    }
    let text = error.to_string();
    let words: Vec<&str> = text.split("\n\nUsage:").next().unwrap_or_default().split_whitespace().collect();
    let sentence = words.join(" ").replace(" For more information, try '--help'.", "");
    let sentence = sentence.trim_start_matches("error: ").trim_end_matches('.');
    // The flags could not be read: look for this one by hand.
    let wants_json = std::env::args().any(|word| word == "--json");
    Console::new(wants_json).fail(&format!("{sentence}; `continuo --help` shows what can be said"))
}
