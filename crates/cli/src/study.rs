//! `continuo study`: paper B's listening test as a page that anyone can open, and its table from the answers.

mod clips;
mod interval;
mod page;
mod results;
mod table;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use generator::Library;
use melody::{Chord, Progression, Style};
use serde::Serialize;

use crate::answering::flags;
use crate::console::Console;
use crate::output;
use clips::Clip;

/// Make a listening test of all models, or the table of its answers
///
/// Writes one page that needs nothing else: blind clips in another order for each listener, three five-point questions
/// about each (how real, how pleasing, how complicated), and the answers as a JSON file to save. `continuo study
/// results` makes the table of such files.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    deed: Option<Deed>,
    #[command(flatten)]
    making: Making,
}

#[derive(Debug, clap::Subcommand)]
enum Deed {
    Results(Results),
}

/// Make the table of a study: means with 95 % confidence intervals for each model
#[derive(Debug, clap::Args)]
struct Results {
    /// The files that listeners saved
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Print the table as JSON; words go to standard error
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Making {
    /// The page to write, such as study.html; an older one is replaced
    #[arg(short, long, value_name = "PAGE", required = true)]
    out: Option<PathBuf>,
    /// A model to hear, by its id, again for each further one; without it all that make music from nothing
    #[arg(long, value_name = "ID")]
    model: Vec<String>,
    /// A folder of more packs to hear
    #[arg(long, value_name = "FOLDER")]
    models: Option<PathBuf>,
    /// The folder that holds the collections: real music is taken from songs that no model has learnt from
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Clips of each model, and of real music, 1 to 20
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    clips: u32,
    /// Length of each clip in bars of 4/4, 1 to 64
    #[arg(long, default_value_t = 8, value_parser = flags::bars)]
    bars: u32,
    /// The tempo of all clips, in quarters a minute, 40 to 240
    #[arg(long, default_value_t = 110, value_parser = clap::value_parser!(u32).range(40..=240))]
    bpm: u32,
    /// The chord to start from, for models that heed it
    #[arg(long, value_name = "SYMBOL", default_value = "Cadd9", value_parser = flags::chord)]
    chord: Chord,
    /// Chords bar by bar, for models that heed them
    #[arg(long, value_name = "CHORDS")]
    progression: Option<Progression>,
    /// The style of the real music and of models that know several: classical, jazz, pop, rock, game, folk or hymn
    #[arg(long, default_value_t = Style::Pop)]
    style: Style,
    /// Where the dice start: the same seed gives the same clips
    #[arg(long, default_value_t = 1, value_parser = flags::seed)]
    seed: u64,
    /// Print what was written as JSON; words go to standard error
    #[arg(long)]
    json: bool,
}

/// What was written, as programs see it.
#[derive(Debug, Serialize)]
struct Made {
    page: String,
    /// The study's name, which its answers carry.
    study: String,
    clips: usize,
    /// Seconds that all clips last.
    seconds: f64,
    /// Who plays, in the order of the models at hand; real music last.
    players: Vec<String>,
}

impl Args {
    /// Whether standard output is for programs.
    pub fn wants_json(&self) -> bool {
        match &self.deed {
            Some(Deed::Results(results)) => results.json,
            None => self.making.json,
        }
    }
}

/// Makes the page, or the table.
///
/// # Errors
/// One sentence that names the file or the flag and what is wrong with it.
pub fn run(args: &Args, console: &Console) -> Result<()> {
    match &args.deed {
        Some(Deed::Results(results)) => tabulate(results, console),
        None => make(&args.making, console),
    }
}

fn make(making: &Making, console: &Console) -> Result<()> {
    let out = making.out.as_deref().context("name the page with -o, such as -o study.html")?;
    if let Some(folder) = &making.models
        && !folder.is_dir()
    {
        bail!("--models {}: there is no such folder; check its name", folder.display());
    }
    let library = making.models.as_deref().map_or_else(Library::standard, Library::with_folder);
    let real = making.data.as_ref().map(|data| clips::real(making, data)).transpose()?;
    let mut clips: Vec<Clip> = clips::generated(making, &library, console)?;
    match real {
        Some(real) => clips.extend(real),
        None => console.remark("continuo: without --data there is no real music among the clips"),
    }
    if clips.is_empty() {
        bail!(
            "there is no clip to hear: no model at hand makes music from nothing; `continuo models` says why"
        );
    }
    let mut players: Vec<String> = clips.iter().map(|clip| clip.player.clone()).collect();
    players.dedup();
    let seconds = clips.iter().map(|clip| clip.seconds).sum();
    let page = page::Page::of(clips, making.seed);
    output::write(out, page.draw()?.as_bytes())?;
    let minutes = (f64::ceil(seconds / 60.0 * 1.6)).max(1.0);
    let listening = if minutes > 1.0 { format!("{minutes:.0} minutes") } else { "a minute".to_owned() };
    console.say(&format!(
        "{} clips of {} players in {}: about {listening} of listening",
        page.clips(),
        players.len(),
        out.display()
    ))?;
    let made = Made {
        page: out.display().to_string(),
        study: page.study().to_owned(),
        clips: page.clips(),
        seconds,
        players,
    };
    console.document(&made)
}

fn tabulate(asked: &Results, console: &Console) -> Result<()> {
    let sheets = results::read(&asked.files)?;
    let table = table::Table::of(&sheets);
    for line in table.words() {
        console.say(&line)?;
    }
    console.document(&table)
}
