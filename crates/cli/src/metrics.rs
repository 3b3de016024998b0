//! `continuo metrics`: what can be measured of melodies, one by one and as a set.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use melody::metrics::{Histogram, Summary, copying::Runs, mean_pairwise_distance, means, pitches, rhythm};
use melody::{Key, Phrase, Prompt, Token, grid};
use serde::Serialize;
use trainer::corpus::{self, Source};

use crate::answering::flags;
use crate::console::Console;
use crate::tune::Tune;

/// Runs of so many notes are looked for in a corpus.
const RUNS: [usize; 2] = [8, 12];

/// Measure melodies: pitches, rhythm, repetition, copying
///
/// Each file's melody is put on sixteenths and triplets and reduced to its highest notes first. With several files
/// their mean is printed too, and how different they are from one another.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The melodies: Standard MIDI Files (.mid)
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The track to measure, by name or by number from 1; without it the melody is found
    #[arg(long, value_name = "NAME|N")]
    track: Option<String>,
    /// The key that notes are to belong to; without it the one heard in each melody
    #[arg(long, value_name = "KEY", value_parser = flags::key)]
    key: Option<Key>,
    /// A folder of .mid files to look for copied runs of notes in
    #[arg(long, value_name = "FOLDER")]
    corpus: Option<PathBuf>,
    /// Print everything as JSON, histograms too; words go to standard error
    #[arg(long)]
    pub json: bool,
}

/// What was measured, as programs see it.
#[derive(Debug, Serialize)]
struct Report {
    /// The unit of each measure, by its name.
    units: BTreeMap<&'static str, &'static str>,
    melodies: Vec<Measured>,
    mean: BTreeMap<&'static str, Option<f64>>,
    /// How many of the melodies differ from all before them, in key C and in tokens.
    different: usize,
    /// The mean share of notes to change to make one melody of another, over all pairs; missing for one melody.
    mean_pairwise_distance: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Measured {
    file: String,
    key: Option<String>,
    damage: Option<String>,
    #[serde(flatten)]
    summary: Summary,
    /// Shares of runs of 8 and 12 notes that stand in the corpus.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    copied: BTreeMap<String, Option<f64>>,
    pitch_classes: [f64; 12],
    pitches: BTreeMap<String, f64>,
    lengths: BTreeMap<String, f64>,
    intervals: BTreeMap<String, f64>,
}

/// A figure's name in JSON, its head in the table, its unit, and the figure.
pub type Column = (&'static str, &'static str, &'static str, fn(&Summary) -> Option<f64>);

/// The table, from the left.
pub const COLUMNS: [Column; 9] = [
    ("notes", "notes", "notes", |line| Some(line.notes as f64)),
    ("bars", "bars", "bars", |line| Some(line.bars as f64)),
    ("pitch_class_entropy", "entropy", "bits of the pitch classes' shares, 0 to 3.58", |line| {
        line.pitch_class_entropy
    }),
    ("range", "range", "semitones from lowest to highest", |line| line.range.map(f64::from)),
    ("share_in_key", "in key", "share of notes in the key's scale, 0 to 1", |line| line.share_in_key),
    ("density", "density", "notes a bar", |line| line.density),
    ("rest_share", "rests", "share of time from the first note on, 0 to 1", |line| line.rest_share),
    ("bar_self_similarity", "alike", "mean share of notes that two bars have in common, 0 to 1", |line| {
        line.bar_self_similarity
    }),
    ("bars_repeated", "again", "share of bars after the first that were played before, 0 to 1", |line| {
        line.bars_repeated
    }),
];

/// Reads, measures, prints.
///
/// # Errors
/// One sentence that names the file and what is wrong with it.
pub fn run(args: &Args, console: &Console) -> Result<()> {
    let corpus = args.corpus.as_ref().map(|folder| runs(folder)).transpose()?;
    let mut melodies = Vec::new();
    let mut tokens: Vec<Vec<Token>> = Vec::new();
    let mut refused = Vec::new();
    for file in &args.files {
        let tune = match Tune::read(file, args.track.as_deref(), None, console) {
            Ok(tune) => tune.in_one_line(file, console),
            Err(sentence) => {
                refused.push(sentence);
                continue;
            }
        };
        tokens.push(Prompt::of(&tune.prompt).tokens);
        melodies.push(Measured::of(file.display().to_string(), &tune, args.key, corpus.as_deref()));
    }
    let different =
        tokens.iter().enumerate().filter(|(index, line)| !tokens[..*index].contains(line)).count();
    let report = Report {
        units: COLUMNS.iter().map(|(name, _, unit, _)| (*name, *unit)).collect(),
        mean: COLUMNS.iter().map(|(name, _, _, figure)| (*name, mean(&melodies, *figure))).collect(),
        different,
        mean_pairwise_distance: (tokens.len() > 1).then(|| mean_pairwise_distance(&tokens)),
        melodies,
    };
    if !report.melodies.is_empty() {
        for line in words(&report) {
            console.say(&line)?;
        }
        console.document(&report)?;
    }
    without(refused, args.files.len(), console)
}

/// Ends a round of files of which some could not be used, each of these with its sentence.
///
/// # Errors
/// There is such a file.
pub fn without(mut refused: Vec<anyhow::Error>, files: usize, console: &Console) -> Result<()> {
    let Some(last) = refused.pop() else { return Ok(()) };
    if files == 1 {
        return Err(last);
    }
    refused.iter().chain([&last]).for_each(|sentence| console.remark(&format!("continuo: {sentence}")));
    bail!("{} of {files} files were left out; the others are measured above", refused.len() + 1)
}

impl Measured {
    fn of(file: String, tune: &Tune, key: Option<Key>, corpus: Option<&[Runs]>) -> Measured {
        let line: Phrase = grid::quantise(&tune.prompt).skyline();
        let notes = line.notes();
        let key = key.or_else(|| Key::estimate(notes));
        let copied =
            corpus.unwrap_or_default().iter().map(|runs| (runs.notes().to_string(), runs.share(&line)));
        Measured {
            file,
            key: key.map(|key| key.to_string()),
            damage: tune.damage.clone(),
            summary: Summary::of(&line, key),
            copied: copied.collect(),
            pitch_classes: pitches::class_shares(notes),
            pitches: spelled(&pitches::histogram(notes)),
            lengths: spelled(&rhythm::lengths(notes)),
            intervals: spelled(&pitches::intervals(notes)),
        }
    }
}

/// The runs of all melodies in a folder of `.mid` files, each file a song.
fn runs(folder: &std::path::Path) -> Result<Vec<Runs>> {
    let corpus = corpus::read(folder, &[Source::Folder], &mut |_| {});
    let corpus = corpus.with_context(|| format!("--corpus {}", folder.display()))?;
    let runs = RUNS.map(|notes| {
        let mut runs = Runs::of_notes(notes);
        for (number, melodies) in (0..).zip(corpus.songs().values()) {
            melodies.iter().for_each(|melody| runs.add(number, &melody.phrase));
        }
        runs
    });
    Ok(runs.into())
}

fn spelled<T: Ord + std::fmt::Display>(histogram: &Histogram<T>) -> BTreeMap<String, f64> {
    histogram.shares().map(|(thing, share)| (thing.to_string(), share)).collect()
}

fn mean(melodies: &[Measured], figure: fn(&Summary) -> Option<f64>) -> Option<f64> {
    let figures: Vec<f64> = melodies.iter().filter_map(|melody| figure(&melody.summary)).collect();
    means::mean(&figures)
}

fn words(report: &Report) -> Vec<String> {
    let width = report.melodies.iter().map(|melody| melody.file.chars().count()).max().unwrap_or(0).max(4);
    let row = |name: &str, figures: Vec<Option<f64>>, rest: &str| {
        let cells: String = figures.into_iter().map(|figure| format!(" {:>8}", cell(figure))).collect();
        format!("{name:<width$}{cells}  {rest}").trim_end().to_owned()
    };
    let heads: String = COLUMNS.iter().map(|(_, head, _, _)| format!(" {head:>8}")).collect();
    let mut lines = vec![format!("{:<width$}{heads}  key", "file")];
    for melody in &report.melodies {
        let figures = COLUMNS.iter().map(|(_, _, _, figure)| figure(&melody.summary)).collect();
        let copied =
            melody.copied.iter().map(|(notes, share)| format!(", {notes}-note runs copied {}", cell(*share)));
        let rest = format!("{}{}", melody.key.as_deref().unwrap_or("-"), copied.collect::<String>());
        lines.push(row(&melody.file, figures, &rest));
    }
    if let Some(distance) = report.mean_pairwise_distance {
        lines.push(row("mean", COLUMNS.iter().map(|(name, ..)| report.mean[name]).collect(), ""));
        lines.push(format!(
            "{} of {} melodies differ; from one to another {distance:.3} of the notes change on average",
            report.different,
            report.melodies.len()
        ));
    }
    lines
}

fn cell(figure: Option<f64>) -> String {
    match figure {
        None => "-".to_owned(),
        Some(figure) if figure == figure.trunc() && figure.abs() >= 2.0 => format!("{figure}"),
        Some(figure) => format!("{figure:.3}"),
    }
}
