//! `continuo`: the command line, as thin as it can be around melody, generator and trainer.

mod answering;
mod comparison;
mod console;
mod continuation;
mod corpus;
mod fill;
mod fresh;
mod inspect;
mod judge;
mod metrics;
mod models;
mod morph;
mod next;
mod output;
mod picture;
mod score;
mod study;
mod train;
mod tune;
mod vary;

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::OnceLock;

use anyhow::{Result, anyhow};
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
    Next(next::Args),
    Vary(vary::Args),
    Fill(fill::Args),
    Morph(morph::Args),
    Fresh(fresh::Args),
    Metrics(metrics::Args),
    Score(score::Args),
    Compare(comparison::Args),
    Study(study::Args),
    Judge(judge::Args),
    Models(models::Args),
    Inspect(inspect::Args),
    Train(train::Args),
    Corpus(corpus::Args),
}

impl Command {
    fn wants_json(&self) -> bool {
        match self {
            Command::Continue(args) => args.flags.json,
            Command::Next(args) => args.flags.json,
            Command::Vary(args) => args.flags.json,
            Command::Fill(args) => args.flags.json,
            Command::Morph(args) => args.flags.json,
            Command::Fresh(args) => args.flags.json,
            Command::Metrics(args) => args.json,
            Command::Score(args) => args.json,
            Command::Compare(args) => args.json,
            Command::Study(args) => args.wants_json(),
            Command::Judge(args) => args.json,
            Command::Models(args) => args.json,
            Command::Inspect(args) => args.json,
            Command::Train(args) => args.json,
            Command::Corpus(args) => args.json,
        }
    }

    fn run(&self, console: &Console) -> Result<()> {
        match self {
            Command::Continue(args) => continuation::run(args, console),
            Command::Next(args) => next::run(args, console),
            Command::Vary(args) => vary::run(args, console),
            Command::Fill(args) => fill::run(args, console),
            Command::Morph(args) => morph::run(args, console),
            Command::Fresh(args) => fresh::run(args, console),
            Command::Metrics(args) => metrics::run(args, console),
            Command::Score(args) => score::run(args, console),
            Command::Compare(args) => comparison::run(args, console),
            Command::Study(args) => study::run(args, console),
            Command::Judge(args) => judge::run(args, console),
            Command::Models(args) => models::run(args, console),
            Command::Inspect(args) => inspect::run(args, console),
            Command::Train(args) => train::run(args, console),
            Command::Corpus(args) => corpus::run(args, console),
        }
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse_words(&error),
    };
    let console = Console::new(cli.command.wants_json());
    match guarded(|| cli.command.run(&console)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => console.fail(&format!("{error:#}")),
    }
}

/// Makes a sentence of a panic too: it is our mistake, and nobody should have to read a trace for it.
fn guarded(work: impl FnOnce() -> Result<()>) -> Result<()> {
    static FIRST: OnceLock<String> = OnceLock::new();
    panic::set_hook(Box::new(|panicked| {
        let _ = FIRST.set(panicked.to_string().replace('\n', " "));
    }));
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    let _ = panic::take_hook();
    done.unwrap_or_else(|_| {
        let cause = FIRST.get().map_or("", String::as_str);
        Err(anyhow!("a mistake in Continuo itself ({cause}); please report it with the command you gave"))
    })
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
    // The flags could not be read: look for this one by hand.
    let wants_json = std::env::args().any(|word| word == "--json");
    Console::new(wants_json).fail(&sentence(&error.to_string()))
}

/// One sentence of what clap says in several lines, with the command whose help knows more.
fn sentence(error: &str) -> String {
    let (error, usage) = error.split_once("Usage: ").unwrap_or((error, "continuo"));
    let error = error.split("\n\nFor more information").next().unwrap_or_default();
    let words: Vec<&str> = error.split_whitespace().collect();
    let command: Vec<&str> = usage
        .split_whitespace()
        .take_while(|word| word.starts_with(|first: char| first.is_alphabetic()))
        .collect();
    let complaint = words.join(" ");
    let complaint = complaint.trim_start_matches("error: ").trim_end_matches('.');
    format!("{complaint}; `{} --help` shows what can be said", command.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clap_says_becomes_one_sentence() {
        let refusal = |words: &[&str]| sentence(&Cli::try_parse_from(words).unwrap_err().to_string());
        assert_eq!(
            refusal(&["continuo", "continue", "x.mid", "--bars", "0"]),
            "invalid value '0' for '--bars <BARS>': choose a whole number from 1 to 64; `continuo --help` shows what can be said"
        );
        let missing = refusal(&["continuo", "continue"]);
        assert!(missing.contains("<TUNE>") && missing.contains("`continuo continue --help`"), "{missing}");
        for words in [&["continuo", "sing"][..], &["continuo", "models", "--loud"]] {
            assert!(!refusal(words).contains('\n'));
        }
    }

    #[test]
    fn a_panic_becomes_a_sentence() {
        let error = guarded(|| panic!("out of tune")).unwrap_err().to_string();
        assert!(error.contains("out of tune") && error.contains("report it"), "{error}");
    }
}
