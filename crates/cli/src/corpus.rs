//! `continuo corpus`: what the collections hold that models can learn from, and what of them is left out.

mod played;

use std::path::PathBuf;

use anyhow::Result;
use melody::Key;
use serde::Serialize;
use trainer::corpus::{self, CorpusError, Melody, Source};

use crate::console::Console;

/// So many files that gave nothing are named; JSON names them all.
const NAMED: usize = 5;

/// Count the melodies and notes in collections of music
///
/// Reads every known collection that is there, as folder or archive, and says what was left out and why.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder that holds the collections, as folders or as .tar.gz archives
    #[arg(long, value_name = "FOLDER")]
    pub data: PathBuf,
    /// Count music with several notes at once and its velocities and chords instead of melodies, with paper B's metrics
    #[arg(long)]
    played: bool,
    /// Print {"sources": [...]} instead of words
    #[arg(long)]
    pub json: bool,
}

/// What a collection holds.
#[derive(Debug, Serialize)]
struct Count {
    source: Source,
    title: &'static str,
    licence: &'static str,
    /// Whether shipped models may learn from it.
    shipped: bool,
    /// Why it cannot be read at all.
    problem: Option<String>,
    /// Stretches in one meter and key.
    melodies: usize,
    songs: usize,
    notes: usize,
    /// Melodies whose key the source states, and those of them where an estimate from the notes is the same: what moves
    /// melodies home goes by the estimate.
    keys_stated: usize,
    keys_heard: usize,
    skipped: Vec<Skipped>,
}

/// A file that gave nothing.
#[derive(Debug, Serialize)]
struct Skipped {
    path: String,
    reason: String,
}

/// Counts every collection.
///
/// # Errors
/// None of them is there, or standard output cannot be written.
pub fn run(args: &Args, console: &Console) -> Result<()> {
    if args.played {
        return played::run(&args.data, console);
    }
    let mut counts = Vec::new();
    for source in Source::ALL.into_iter().filter(|source| *source != Source::Folder) {
        if let Some(count) = count(args, source) {
            for line in words(&count) {
                console.say(&line)?;
            }
            counts.push(count);
        }
    }
    if counts.is_empty() {
        let names = Source::SHIPPED.map(Source::name).join(", ");
        anyhow::bail!(
            "{} holds none of the known collections ({names}, ...): choose another folder",
            args.data.display()
        );
    }
    console.document(&serde_json::json!({ "sources": counts }))
}

/// Nothing where the collection is not there.
fn count(args: &Args, source: Source) -> Option<Count> {
    let empty = Count {
        source,
        title: source.title(),
        licence: source.licence(),
        shipped: Source::SHIPPED.contains(&source),
        problem: None,
        melodies: 0,
        songs: 0,
        notes: 0,
        keys_stated: 0,
        keys_heard: 0,
        skipped: Vec::new(),
    };
    let is_heard = |melody: &&Melody| melody.key == Key::estimate(melody.phrase.notes());
    match corpus::read(&args.data, &[source], &mut |_| {}) {
        Ok(corpus) => Some(Count {
            melodies: corpus.melodies.len(),
            songs: corpus.songs().len(),
            notes: corpus.melodies.iter().map(|melody| melody.phrase.notes().len()).sum(),
            keys_stated: corpus.melodies.iter().filter(|melody| melody.key.is_some()).count(),
            keys_heard: corpus.melodies.iter().filter(|melody| melody.key.is_some()).filter(is_heard).count(),
            skipped: corpus
                .skipped
                .into_iter()
                .map(|skipped| Skipped { path: skipped.path.display().to_string(), reason: skipped.reason })
                .collect(),
            ..empty
        }),
        Err(CorpusError::Missing { .. }) => None,
        Err(error) => Some(Count { problem: Some(error.to_string()), ..empty }),
    }
}

fn words(count: &Count) -> Vec<String> {
    let name = count.source.name();
    if let Some(problem) = &count.problem {
        return vec![format!("{name}: {problem}")];
    }
    let kept = if count.shipped { "" } else { "; not for shipped models" };
    let mut lines = vec![format!(
        "{name}: {} melodies of {} songs, {} notes ({}{kept}); {} files gave nothing",
        count.melodies,
        count.songs,
        count.notes,
        count.licence,
        count.skipped.len()
    )];
    if count.keys_stated > 0 {
        let (heard, stated) = (count.keys_heard, count.keys_stated);
        lines.push(format!("  the key is heard as stated in {heard} of {stated} melodies that state one"));
    }
    let named = count.skipped.iter().take(NAMED);
    lines.extend(named.map(|skipped| format!("  {}: {}", skipped.path, skipped.reason)));
    if count.skipped.len() > NAMED {
        lines.push(format!("  and {} more, which --json names", count.skipped.len() - NAMED));
    }
    lines
}
