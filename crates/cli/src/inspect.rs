//! `continuo inspect`: whether a pack can be trusted to work, and what it says of itself.

use std::path::Path;

use anyhow::{Result, anyhow};
use generator::{Card, Library, Pack, library};
use serde::Serialize;

use crate::console::Console;
use crate::models::{joined, kilobytes};

/// Check a model pack and show its card: hashes, vocabulary, graphs, and one answer against the card's canary
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The pack: its folder, or the id of a model at hand
    #[arg(value_name = "PACK")]
    pub pack: String,
    /// Print the card, the files and the checks as JSON instead of words
    #[arg(long)]
    pub json: bool,
}

/// A pack that passed, as programs see it.
#[derive(Debug, Serialize)]
struct Report<'a> {
    passes: bool,
    card: &'a Card,
    files: Vec<File<'a>>,
    content: &'a str,
}

#[derive(Debug, Serialize)]
struct File<'a> {
    name: &'a str,
    bytes: usize,
    sha256: &'a str,
}

/// Reads, opens and shows a pack.
///
/// # Errors
/// One sentence that names what is wrong with the pack.
pub fn run(args: &Args, console: &Console) -> Result<()> {
    let folder = Path::new(&args.pack);
    let named = |error: &dyn std::fmt::Display| anyhow!("{}: {error}", args.pack);
    let pack = if is_place(folder) {
        Pack::from_folder(folder).map_err(|error| named(&error))?
    } else {
        Library::standard().pack(&args.pack)?
    };
    library::open(&pack).map_err(|error| named(&error))?;
    let hash = |name: &str| pack.card.files.get(name).map_or("", String::as_str);
    let files = pack.sizes().map(|(name, bytes)| File { name, bytes, sha256: hash(name) }).collect();
    let report = Report { passes: true, card: &pack.card, files, content: pack.content() };
    for line in words(&report) {
        console.say(&line)?;
    }
    console.document(&report)
}

/// A folder, or a path to where one should be; an id has no separators.
fn is_place(path: &Path) -> bool {
    path.is_dir() || path.components().count() != 1 || path.is_absolute()
}

fn words(report: &Report) -> Vec<String> {
    let card = report.card;
    let mut lines = vec![
        format!("{} ({}, kind {})", card.name, card.id, card.kind),
        format!("  {}", card.description),
        format!("  tasks: {}; controls: {}", joined(&card.tasks), joined(&card.knobs)),
        format!("  source: {}", card.source),
        format!("  licence of the weights: {}", card.licence),
        format!("  notes that a prompt must have: {}", card.window),
    ];
    if let Some(training) = &card.training {
        lines.push(format!(
            "  training: {} parameters, {} steps in {} minutes, seed {}",
            training.parameters, training.steps, training.minutes, training.seed
        ));
        lines.push(format!("  made again by: {}", training.command));
        let melodies: Vec<String> =
            training.melodies.iter().map(|(name, count)| format!("{name} {count}")).collect();
        lines.push(format!("  melodies: {}", melodies.join(", ")));
        lines.extend(training.metrics.iter().map(|(name, value)| format!("  {name}: {value}")));
    }
    for file in &report.files {
        lines.push(format!("  {} {} sha256 {}", file.name, kilobytes(file.bytes), file.sha256));
    }
    let canary = if card.canary.is_some() { ", and it answers its canary as its card says" } else { "" };
    lines.push(format!("It passes: every hash is right{canary}."));
    lines
}
