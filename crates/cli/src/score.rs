//! `continuo score`: how surprised a model is by whole melodies.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use generator::{GenerateError, Generator, Library, Score};
use serde::Serialize;

use crate::console::Console;
use crate::tune::Tune;

/// Say how surprised a model is by melodies: nats in all, and nats a note
///
/// Each melody is given to the model from its start, with nothing before it; what is counted is said with the result.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The melodies: Standard MIDI Files (.mid)
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The model's id (see `continuo models`); without it the first that gives probabilities
    #[arg(long, value_name = "ID")]
    model: Option<String>,
    /// The track to score, by name or by number from 1; without it the melody is found
    #[arg(long, value_name = "NAME|N")]
    track: Option<String>,
    /// Print the scores as JSON; words go to standard error
    #[arg(long)]
    pub json: bool,
}

/// The scores as programs see them.
#[derive(Debug, Serialize)]
struct Report {
    model: String,
    model_name: String,
    melodies: Vec<Scored>,
    /// Over all melodies together.
    nats: f64,
    notes: usize,
    nats_per_note: f64,
    replaced: usize,
}

#[derive(Debug, Serialize)]
struct Scored {
    file: String,
    damage: Option<String>,
    /// Surprise over the whole melody.
    nats: f64,
    notes: usize,
    nats_per_note: f64,
    /// Notes and rests that the model does not know, counted as their nearest relatives.
    replaced: usize,
    /// What is counted, in a sentence.
    counted: String,
}

/// Reads, scores, prints.
///
/// # Errors
/// One sentence that names the file or the model and what is wrong with it.
pub fn run(args: &Args, console: &Console) -> Result<()> {
    let read = |file: &PathBuf| -> Result<Tune> {
        Ok(Tune::read(file, args.track.as_deref(), None, console)?.in_one_line(file, console))
    };
    let tunes = args.files.iter().map(read).collect::<Result<Vec<Tune>>>()?;
    let library = Library::standard();
    let model = match &args.model {
        Some(id) => library.open(id)?,
        None => first_that_scores(&library, &tunes)?,
    };
    let mut scores = Vec::new();
    for (file, tune) in args.files.iter().zip(&tunes) {
        let score = model.score(&tune.prompt).map_err(|error| match error {
            GenerateError::NoScore { .. } => {
                anyhow!("{error}; these can: {}", able(&library, &tunes).join(", "))
            }
            error => anyhow!("{}: {error}", file.display()),
        })?;
        scores.push(score);
    }
    let report = Report::of(model.as_ref(), args, &tunes, &scores);
    for line in report.words() {
        console.say(&line)?;
    }
    console.document(&report)
}

fn first_that_scores(library: &Library, tunes: &[Tune]) -> Result<Arc<dyn Generator>> {
    let able = able(library, tunes);
    let first = able.first().ok_or_else(|| {
        anyhow!("no model at hand gives probabilities of notes; `continuo models` lists them")
    })?;
    Ok(library.open(first)?)
}

/// The models that can score such melodies, in the library's order.
fn able(library: &Library, tunes: &[Tune]) -> Vec<String> {
    let scores = |id: &String| {
        let model = library.open(id);
        model.is_ok_and(|model| tunes.first().is_some_and(|tune| model.score(&tune.prompt).is_ok()))
    };
    library.listings().into_iter().map(|listing| listing.id).filter(scores).collect()
}

impl Report {
    fn of(model: &dyn Generator, args: &Args, tunes: &[Tune], scores: &[Score]) -> Report {
        let melodies = args.files.iter().zip(tunes).zip(scores).map(|((file, tune), score)| Scored {
            file: file.display().to_string(),
            damage: tune.damage.clone(),
            nats: score.nats,
            notes: score.notes,
            nats_per_note: score.per_note(),
            replaced: score.replaced,
            counted: score.counted.clone(),
        });
        let all = Score {
            nats: scores.iter().map(|score| score.nats).sum(),
            notes: scores.iter().map(|score| score.notes).sum(),
            replaced: scores.iter().map(|score| score.replaced).sum(),
            counted: String::new(),
        };
        Report {
            model: model.card().id.clone(),
            model_name: model.card().name.clone(),
            melodies: melodies.collect(),
            nats: all.nats,
            notes: all.notes,
            nats_per_note: all.per_note(),
            replaced: all.replaced,
        }
    }

    fn words(&self) -> Vec<String> {
        let row = |name: &str, nats: f64, notes: usize, share: f64, replaced: usize| {
            let replaced = match replaced {
                0 => String::new(),
                count => {
                    format!(", {count} of its notes and rests counted as their nearest in the vocabulary")
                }
            };
            format!("  {name}: {nats:.2} nats over {notes} notes, {share:.3} nats a note{replaced}")
        };
        let mut lines = vec![self.model_name.clone()];
        for Scored { file, nats, notes, nats_per_note, replaced, counted, .. } in &self.melodies {
            lines.push(row(file, *nats, *notes, *nats_per_note, *replaced));
            lines.push(format!("    counted: {counted}"));
        }
        if self.melodies.len() > 1 {
            lines.push(row("all together", self.nats, self.notes, self.nats_per_note, self.replaced));
        }
        lines
    }
}
