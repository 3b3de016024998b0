//! `continuo judge`: can continuations be told from real ones, and by what?

mod answers;
mod cases;
mod classifier;
mod files;
mod listening;
mod songs;
mod table;
mod verdict;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use generator::{Library, Task};
use serde::Serialize;
use trainer::dataset::Part;

use crate::answering::flags;
use crate::console::Console;
use crate::output;
use answers::{Asking, Set};
use cases::Case;
use songs::Songs;
use verdict::{Jury, Verdict};

/// Judge continuations beside real ones, with anchors
///
/// Trains classifiers to tell generated from real bars (AUC: 0.5 cannot be told, 1 always), once by the melody alone and
/// once with how it goes on from its prompt, and says what gives it away. Either FOLDERs of .mid files that hold the
/// answers alone, matched by their names with those in --real and --prompts; or --model with --data: the model continues
/// bars of songs that no model has learnt from.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders of generated answers
    #[arg(value_name = "FOLDER", requires = "real", conflicts_with_all = ["model", "data"])]
    generated: Vec<PathBuf>,
    /// The folder of real continuations, under the same names
    #[arg(long, value_name = "FOLDER", conflicts_with = "model")]
    real: Option<PathBuf>,
    /// The folder of prompts, under the same names; with --model how many prompts to take (200)
    #[arg(long, value_name = "FOLDER|N")]
    prompts: Option<String>,
    /// A folder of .mid files that were learnt from, in which copied runs of notes are looked for
    #[arg(long, value_name = "FOLDER", conflicts_with = "model")]
    training: Option<PathBuf>,
    /// Models to judge, by their ids
    #[arg(
        long,
        value_name = "ID,...",
        value_delimiter = ',',
        required_unless_present = "generated",
        requires = "data"
    )]
    model: Vec<String>,
    /// A folder of more packs
    #[arg(long, value_name = "FOLDER")]
    models: Option<PathBuf>,
    /// The folder that holds the collections, as folders or as .tar.gz archives
    #[arg(long, value_name = "FOLDER", requires = "model")]
    data: Option<PathBuf>,
    /// Which songs the prompts come from: tune by validation, report by test
    #[arg(long, value_enum, default_value_t = HeldOut::Test)]
    part: HeldOut,
    /// Bars of each prompt and of each answer, 1 to 64; with --model 4. Files are cut or filled with silence to these
    #[arg(long, value_parser = flags::bars)]
    bars: Option<u32>,
    /// How daring the models are
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true, value_parser = flags::temperature)]
    temperature: f32,
    /// Draw only from the likeliest notes that together have this probability, above 0 up to 1
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true, value_parser = flags::top_p)]
    top_p: f32,
    /// Ask for so many candidates and judge the first beside any of them, 1 to 64
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    rank: u32,
    /// Decides prompts, answers and folds: the same seed gives the same figures
    #[arg(long, default_value_t = 1, value_parser = flags::seed)]
    seed: u64,
    /// Hear the short gaps between notes too, which models are not taught
    #[arg(long)]
    gaps: bool,
    /// Leave the anchors out: those sets that show what the figures are worth
    #[arg(long)]
    no_anchors: bool,
    /// Write the report to this .json file, or with prompts and answers as .mid files to this folder
    #[arg(short, long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Write listen.html to this folder: prompts and answers of twenty songs, to see and to hear
    #[arg(long, value_name = "FOLDER")]
    listen: Option<PathBuf>,
    /// Print the report as JSON; words go to standard error
    #[arg(long)]
    pub json: bool,
}

/// Songs that no model has learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum HeldOut {
    /// Those that decided when to stop learning
    Validation,
    /// Those that nothing was decided by
    Test,
}

impl HeldOut {
    fn part(self) -> Part {
        match self {
            HeldOut::Validation => Part::Validation,
            HeldOut::Test => Part::Test,
        }
    }
}

/// All that was found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Of the program.
    version: &'static str,
    prompts: usize,
    /// Of each prompt and answer, where they are alike.
    bars: Option<u32>,
    temperature: f32,
    top_p: f32,
    seed: u64,
    /// The real continuations, measured as the sets are.
    real: Verdict,
    /// What is judged, then the anchors.
    sets: Vec<Verdict>,
}

/// How many prompts there are, and how many bars each has, where nobody chose.
const PROMPTS: u32 = 200;
const BARS: u32 = 4;

/// Gathers, measures, prints and writes.
///
/// # Errors
/// One sentence that names the folder, the file or the model and what is wrong with it.
pub fn run(args: &Args, console: &Console) -> Result<()> {
    if let Some(folder) = &args.models
        && !folder.is_dir()
    {
        bail!("--models {}: there is no such folder; check its name", folder.display());
    }
    let (cases, sets, jury) = match &args.data {
        Some(data) => of_models(args, data, console)?,
        None => of_files(args, console)?,
    };
    console.remark(&format!("continuo: judging {} sets of {} answers", sets.len(), cases.len()));
    let report = Report {
        version: env!("CARGO_PKG_VERSION"),
        prompts: cases.len(),
        bars: args.bars.or(args.data.is_some().then_some(BARS)),
        temperature: args.temperature,
        top_p: args.top_p,
        seed: args.seed,
        real: jury.of_real(&cases),
        sets: jury.of_sets(&cases, &sets)?,
    };
    for line in table::words(&report) {
        console.say(&line)?;
    }
    if let Some(out) = &args.out {
        write(out, &report, &cases, &sets)?;
    }
    if let Some(folder) = &args.listen {
        let page = folder.join("listen.html");
        output::write(&page, listening::page(&cases, &sets)?.as_bytes())?;
        console.say(&format!("To be heard: {}", page.display()))?;
    }
    console.document(&report)
}

type Gathered = (Vec<Case>, Vec<Set>, Jury);

fn of_models(args: &Args, data: &Path, console: &Console) -> Result<Gathered> {
    let library = args.models.as_deref().map_or_else(Library::standard, Library::with_folder);
    let mut models = Vec::new();
    for id in &args.model {
        let model = library.open(id)?;
        if !model.card().tasks.contains(&Task::Continue) {
            bail!("the model \"{id}\" continues nothing; choose another (`continuo models`)");
        }
        models.push((id, model));
    }
    let wanted = match &args.prompts {
        None => PROMPTS,
        Some(text) => match text.parse() {
            Ok(wanted @ 10..=10_000) => wanted,
            _ => bail!("--prompts {text}: with --model write how many prompts to take, 10 to 10000"),
        },
    };
    let bars = args.bars.unwrap_or(BARS);
    let songs = Songs::read(data, args.gaps, console)?;
    let cases = songs.cases(args.part.part(), wanted as usize, bars, args.seed, console)?;
    let asking = Asking {
        bars,
        temperature: args.temperature,
        top_p: args.top_p,
        seed: args.seed,
        count: args.rank,
        gaps: args.gaps,
    };
    let mut sets = Vec::new();
    for (id, model) in models {
        console.remark(&format!("continuo: {id} plays"));
        sets.extend(asking.model(id, model.as_ref(), &cases)?);
    }
    let mut jury = Jury::new(args.seed);
    if !args.no_anchors {
        console.remark("continuo: counting n-grams and runs of notes");
        jury = jury.looking_for(songs.runs());
        sets.push(asking.ngrams(&songs.ngrams(), &cases));
        sets.push(songs.strangers(&cases, bars, args.seed));
        sets.extend(asking.anchors(&cases));
    }
    Ok((cases, sets, jury))
}

fn of_files(args: &Args, console: &Console) -> Result<Gathered> {
    let Some(real) = &args.real else { bail!("name the folder of real continuations with --real") };
    let prompts = args.prompts.as_deref().map(Path::new);
    let gathered = files::gather(&args.generated, (real, prompts), (args.bars, args.gaps), console)?;
    let (cases, mut sets) = gathered;
    let mut jury = Jury::new(args.seed);
    if let Some(folder) = &args.training {
        jury = jury.looking_for(files::runs(folder)?);
    }
    if !args.no_anchors {
        let bars = cases.iter().map(|case| case.real.bars()).max().unwrap_or(1);
        let asking = Asking {
            bars: u32::try_from(bars).unwrap_or(1),
            temperature: 1.0,
            top_p: 1.0,
            seed: args.seed,
            count: 1,
            gaps: args.gaps,
        };
        sets.push(Set::of_others(&cases));
        sets.extend(asking.anchors(&cases));
    }
    Ok((cases, sets, jury))
}

fn write(out: &Path, report: &Report, cases: &[Case], sets: &[Set]) -> Result<()> {
    let json = serde_json::to_string_pretty(report)?;
    if out.extension().is_some_and(|ending| ending == "json") {
        return output::write(out, json.as_bytes());
    }
    output::write(&out.join("report.json"), json.as_bytes())?;
    files::write(out, cases, sets)
}
