//! `continuo compare`: paper A's comparison of melody generators, or paper B's of six systems, made anew with the models at
//! hand.

mod crowd;
mod pace;
mod page;
pub mod paper;
mod performers;
mod songs;
mod subject;
mod trial;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use generator::Library;
use melody::{Phrase, midi};
use serde::Serialize;

use crate::console::Console;
use crate::output;
use crowd::Crowd;
use pace::Paces;
pub use page::roll;
use songs::Songs;
use subject::Subject;

/// The paper's example.
const TWINKLE: &[u8] = include_bytes!("../../../assets/twinkle.mid");
/// How long each recipe is taught for its pace: in a quick comparison and in a full one.
const STRETCHES: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(60)];

/// Whose comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Paper {
    /// Melody generators, by what they make of one tune
    A,
    /// Six systems that play several notes at once, by six metrics
    B,
}

/// Compare all models at hand, as paper A or paper B does, in one HTML page
///
/// Writes index.html (self-contained), compare.json and the melodies to the folder. Without --data it shows what the
/// packs' cards know of their training; with it, every recipe is taught for a stretch to time an epoch, and the
/// melodies are measured against real songs.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder to write to; older files of the same names are replaced
    #[arg(short, long, value_name = "FOLDER")]
    out: PathBuf,
    /// Whose comparison: that of melody generators (a), or that of systems that play several notes at once (b)
    #[arg(long, value_enum, default_value_t = Paper::A)]
    paper: Paper,
    /// Be done in two minutes: recipes are taught for seconds instead of a minute each
    #[arg(long)]
    quick: bool,
    /// The folder that holds the collections, as folders or as .tar.gz archives
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// A folder of more packs to compare, such as the paper's own GAN (continuo train gan --recipe paper)
    #[arg(long, value_name = "FOLDER")]
    models: Option<PathBuf>,
    /// Print compare.json instead of words
    #[arg(long)]
    pub json: bool,
}

/// All that was found.
#[derive(Debug, Serialize)]
struct Comparison {
    /// Of the program.
    version: &'static str,
    quick: bool,
    /// Whether collections were at hand.
    with_data: bool,
    seeds: u32,
    bars: u32,
    subjects: Vec<Subject>,
    /// Packs that cannot be used, with the reason.
    refused: Vec<(String, String)>,
    paces: Paces,
    /// Real songs measured in the same way, where collections were at hand.
    real: Option<Real>,
}

/// Songs that no model has learnt from.
#[derive(Debug, Serialize)]
struct Real {
    /// Melodies to learn from, in which copies are looked for.
    learnt_from: usize,
    /// Melodies held out.
    held_out: usize,
    crowd: Crowd,
}

/// Runs the comparison and writes it.
///
/// # Errors
/// One sentence that names the folder or the pack and what is wrong with it.
pub fn run(args: &Args, console: &Console) -> Result<()> {
    if let Some(folder) = &args.models
        && !folder.is_dir()
    {
        bail!("--models {}: there is no such folder; check its name", folder.display());
    }
    prove_writable(&args.out)?;
    let library = args.models.as_deref().map_or_else(Library::standard, Library::with_folder);
    if args.paper == Paper::B {
        return performers::run(&library, args, console);
    }
    let tune = midi::read(TWINKLE)?.melody().context("the tune on board is damaged")?;
    let songs = args.data.as_deref().map(|data| Songs::read(data, console)).transpose()?;
    let (subjects, refused) = subjects(&library, &tune, songs.as_ref(), console)?;
    let stretch = STRETCHES[usize::from(!args.quick)];
    let paces = match args.data.as_deref().zip(songs.as_ref()) {
        Some((data, songs)) => Paces::timed(data, &songs.corpus, stretch, console)?,
        None => Paces::of_cards(&subjects),
    };
    let comparison = Comparison {
        version: env!("CARGO_PKG_VERSION"),
        quick: args.quick,
        with_data: songs.is_some(),
        seeds: crowd::SEEDS,
        bars: trial::BARS,
        real: songs.as_ref().map(Real::of),
        subjects,
        refused,
        paces,
    };
    write(&args.out, &comparison, &tune)?;
    let page = args.out.join("index.html");
    console.say(&format!("{} models compared in {}", comparison.subjects.len(), page.display()))?;
    console.document(&comparison)
}

impl Real {
    fn of(songs: &Songs) -> Real {
        Real { learnt_from: songs.learnt_from, held_out: songs.held_out.len(), crowd: Crowd::of_songs(songs) }
    }
}

/// Fails before minutes of work, not after them.
fn prove_writable(folder: &Path) -> Result<()> {
    if folder.is_file() {
        bail!("-o {} is a file; name a folder", folder.display());
    }
    let refuse = |error| anyhow!("cannot write to {}: {}", folder.display(), output::reason(&error));
    std::fs::create_dir_all(folder).map_err(refuse)?;
    tempfile::tempfile_in(folder).map_err(refuse)?;
    Ok(())
}

type Refused = Vec<(String, String)>;

fn subjects(
    library: &Library,
    tune: &Phrase,
    songs: Option<&Songs>,
    console: &Console,
) -> Result<(Vec<Subject>, Refused)> {
    let (mut subjects, mut refused) = (Vec::new(), Vec::new());
    for listing in library.listings() {
        if listing.card.as_ref().is_ok_and(|card| paper::is_of_b(&card.kind.to_string())) {
            continue;
        }
        console.remark(&format!("continuo: {} plays", listing.id));
        let model = match &listing.card {
            Ok(_) => library.open(&listing.id).map_err(|error| error.to_string()),
            Err(problem) => Err(problem.clone()),
        };
        match model {
            Ok(model) => {
                subjects.push(Subject::of(model.as_ref(), (&listing.id, listing.bytes), tune, songs)?)
            }
            Err(problem) => refused.push((listing.id, problem)),
        }
    }
    if subjects.is_empty() {
        bail!("there is no model to compare; `continuo models` says why");
    }
    Ok((subjects, refused))
}

fn write(folder: &Path, comparison: &Comparison, tune: &Phrase) -> Result<()> {
    let json = serde_json::to_string_pretty(comparison).context("the result cannot be put into JSON")?;
    output::write(&folder.join("compare.json"), json.as_bytes())?;
    for trial in comparison.subjects.iter().flat_map(|subject| &subject.trials) {
        output::write(&folder.join(&trial.file), &trial.midi)?;
    }
    output::write(&folder.join("index.html"), page::draw(comparison, tune).into_string().as_bytes())
}
