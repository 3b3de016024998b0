//! Recipes: from collections of music to a finished pack, with every figure that its card reports.
//!
//! A recipe is a file in `models/recipes` ([`file::Recipe`]) and a function that follows it, named in [`kinds`] and listed in
//! `recipe/file/shipped.rs`. Such a function asks the recipe for its sizes, reads with [`reading`], draws by weight with
//! [`Windows::weighted`] (or [`crate::windows::balance`], for what is no window), teaches with [`crate::training`], measures
//! with [`surprise`] and writes the pack with [`credits`] in its card.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use generator::{Card, PackError};
use melody::VocabularyError;

use crate::corpus::{self, Corpus, CorpusError};
use crate::dataset::{Dataset, DatasetError};
use crate::training::{self, Plan, TrainingError, Verdict};
use crate::windows::Windows;
use file::{Recipe, RecipeFileError};

pub mod attention;
pub mod biaxial;
pub mod canary;
pub mod course;
pub mod credits;
pub mod dnn;
pub mod file;
pub mod gan;
pub mod house;
pub mod midinet;
mod next_token;
pub mod performer;
pub mod playing;
pub mod random;
pub mod reading;
pub mod seq2seq;
pub mod surprise;
pub mod vae;

/// Makes a pack by a recipe and writes it, with a card for people, to where the order says.
type Make = fn(&Recipe, &Order, Watch<'_>) -> Result<Card, RecipeError>;

/// The kinds of recipes, each with what follows it.
const KINDS: [(&str, Make); 13] = [
    ("house", house::make),
    ("gan", gan::make),
    ("random", random::make),
    ("dnn", dnn::make),
    ("seq2seq", seq2seq::make),
    ("seq2seq-attention", attention::make),
    ("vae", vae::make),
    ("lstm-gan", performer::make),
    ("basic-lstm", performer::make),
    ("dense", performer::make),
    ("midinet-1d", midinet::make),
    ("midinet-2d", midinet::make),
    ("biaxial-lstm", biaxial::make),
];

/// The names that a recipe's `kind` may have.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(kind, _)| *kind)
}

/// Makes the pack that a recipe describes.
///
/// # Errors
/// [`RecipeError`]; a paused training is one of them and leaves a checkpoint.
pub fn make(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    match KINDS.iter().find(|(kind, _)| *kind == recipe.kind) {
        Some((_, make)) => make(recipe, order, watch),
        None => Err(RecipeError::Kind(recipe.kind.clone())),
    }
}

/// Where to make a pack, and how.
#[derive(Debug, Clone)]
pub struct Order {
    /// The folder that holds the collections.
    pub data: PathBuf,
    /// The folder that the pack is written to.
    pub pack: PathBuf,
    /// The folder for checkpoints.
    pub checkpoints: PathBuf,
    /// Whether to go on from a checkpoint.
    pub resume: bool,
    /// Threads that share each step.
    pub workers: usize,
    /// Collections that were read before; a recipe that asks for just these does not read them again.
    pub read: Option<Arc<Corpus>>,
}

/// What a recipe is doing.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// Reads a collection.
    Reading(corpus::Progress),
    /// Has read everything: melodies used, training tokens, size of the vocabulary.
    Read {
        /// Melodies in use.
        melodies: usize,
        /// Tokens in the training part.
        tokens: usize,
        /// Different tokens.
        vocabulary: usize,
        /// Files that gave nothing.
        skipped: usize,
    },
    /// Has measured the n-grams of order 0 to 3: nats a token on the test part, mean over the sources.
    Baselines([f64; 4]),
    /// Teaches the network.
    Teaching(training::Progress),
}

/// Watches a recipe and may pause it while it teaches.
pub type Watch<'a> = &'a mut dyn FnMut(&News) -> Verdict;

/// Why a recipe gave no pack.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
    /// The recipe does not say what is needed.
    #[error(transparent)]
    File(#[from] RecipeFileError),
    /// The recipe's kind is not one of [`kinds`].
    #[error("there is no kind of model \"{0}\"")]
    Kind(String),
    /// The recipe teaches nothing where a network is to be taught.
    #[error("the recipe \"{0}\" does not say how to teach: give it epochs, batch and learning_rate above 0")]
    NotTaught(String),
    /// The collections cannot be read.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// There is too little music.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The training ended without a network.
    #[error(transparent)]
    Training(#[from] TrainingError),
    /// The pack cannot be made or written.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// The tokens are no vocabulary.
    #[error(transparent)]
    Vocabulary(#[from] VocabularyError),
    /// The exported network does not run.
    #[error("the exported network does not run: {0}")]
    Export(String),
    /// A text of the pack cannot be written.
    #[error("{path}: {reason}")]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

/// The plan of a training by windows, with the recipe's figures; the validation part is looked at four times an epoch.
///
/// # Errors
/// [`RecipeError::NotTaught`] where the recipe has no such figures.
fn plan(recipe: &Recipe, order: &Order, dataset: &Dataset, train: &Windows<'_>) -> Result<Plan, RecipeError> {
    if recipe.epochs == 0 || recipe.batch == 0 {
        return Err(RecipeError::NotTaught(recipe.id.clone()));
    }
    Ok(Plan {
        epochs: recipe.epochs,
        batch: recipe.batch,
        workers: order.workers,
        seed: recipe.seed,
        learning_rate: recipe.learning_rate,
        validate_every: (train.len() / recipe.batch / 4).max(1) as u64,
        folder: order.checkpoints.clone(),
        fingerprint: format!("{} {} {}", recipe.fingerprint(), dataset.vocabulary.hash(), train.len()),
    })
}

/// Writes the card for people beside the pack.
fn write_card(folder: &Path, text: &str) -> Result<(), RecipeError> {
    let path = folder.join(generator::pack::CARD_FOR_PEOPLE);
    std::fs::write(&path, text).map_err(|error| RecipeError::Unwritable { path, reason: error.to_string() })
}
