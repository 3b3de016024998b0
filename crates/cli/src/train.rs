//! `continuo train`: from collections of music to a model pack, with progress, pauses and checkpoints.

mod progress;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use generator::Card;
use trainer::recipe::file::Recipe;
use trainer::recipe::{self, News, Order, RecipeError};
use trainer::training::{TrainingError, Verdict};

use crate::console::Console;
use progress::Watcher;

/// Teach a model and write its pack
///
/// Ctrl-C, or the end of --minutes, saves a checkpoint; the same command with --resume goes on from there.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which model: the id of a shipped recipe, or of a recipe's file
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub id: String,
    /// Another recipe for it: a variant that is shipped, such as "paper", or the path of a .toml file
    #[arg(long, value_name = "NAME|FILE")]
    pub recipe: Option<String>,
    /// The folder that holds the collections, as folders or as .tar.gz archives
    #[arg(long, value_name = "FOLDER")]
    pub data: PathBuf,
    /// The folder to write the pack to
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// The folder for checkpoints; without it OUT.checkpoints
    #[arg(long, value_name = "FOLDER")]
    pub checkpoints: Option<PathBuf>,
    /// Go on from the last checkpoint
    #[arg(long)]
    pub resume: bool,
    /// Pause after so many minutes of teaching
    #[arg(long, conflicts_with = "epochs", value_parser = clap::value_parser!(u64).range(1..))]
    pub minutes: Option<u64>,
    /// Times through the data, in place of the recipe's own number
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    pub epochs: Option<u64>,
    /// Threads that share each step; the weights depend on it in their last digits
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub threads: u16,
    /// Decides first weights and order, in place of the recipe's own number
    #[arg(long)]
    pub seed: Option<u64>,
    /// Print the pack's card as JSON; words go to standard error
    #[arg(long)]
    pub json: bool,
}

/// Teaches a model, or pauses.
///
/// # Errors
/// One sentence that names what is wrong with data, checkpoint or pack.
pub fn run(args: &Args, console: &Console) -> Result<()> {
    let stopped = Arc::new(AtomicBool::new(false));
    let flag = stopped.clone();
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).context("Ctrl-C cannot be watched")?;
    let limit = args.minutes.map(|minutes| Duration::from_secs(minutes.saturating_mul(60)));
    let mut watcher = Watcher::new(console);
    let mut teaching_since = None;
    let mut watch = |news: &News| {
        watcher.hear(news);
        let began = *teaching_since.get_or_insert_with(Instant::now);
        let teaching = matches!(news, News::Teaching(_));
        if !teaching {
            teaching_since = None;
        }
        let over = teaching && limit.is_some_and(|limit| began.elapsed() >= limit);
        if stopped.load(Ordering::Relaxed) || over { Verdict::Pause } else { Verdict::Continue }
    };
    match make(args, &mut watch) {
        Ok(card) => {
            watcher.finish();
            console.say(&format!("The pack \"{}\" is in {}", card.id, args.out.display()))?;
            if let Some(training) = &card.training {
                for (name, value) in &training.metrics {
                    console.say(&format!("  {name}: {value}"))?;
                }
            }
            console.document(&card)
        }
        Err(RecipeError::Training(paused @ TrainingError::Paused { .. })) => {
            watcher.finish();
            console.say(&format!("{paused}"))
        }
        Err(error) => {
            watcher.finish();
            Err(error.into())
        }
    }
}

fn make(args: &Args, watch: recipe::Watch<'_>) -> Result<Card, RecipeError> {
    let beside = || {
        let mut name = args.out.as_os_str().to_owned();
        name.push(".checkpoints");
        PathBuf::from(name)
    };
    let order = Order {
        data: args.data.clone(),
        pack: args.out.clone(),
        checkpoints: args.checkpoints.clone().unwrap_or_else(beside),
        resume: args.resume,
        workers: usize::from(args.threads),
        read: None,
    };
    let mut recipe = Recipe::chosen(&args.id, args.recipe.as_deref())?;
    recipe.epochs = args.epochs.unwrap_or(recipe.epochs);
    recipe.seed = args.seed.unwrap_or(recipe.seed);
    recipe::make(&recipe, &order, watch)
}
