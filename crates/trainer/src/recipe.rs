//! Recipes: from collections of music to a finished pack, with every figure that its card reports.

use std::path::{Path, PathBuf};

use generator::PackError;
use melody::VocabularyError;

use crate::corpus::{self, CorpusError};
use crate::dataset::DatasetError;
use crate::training::{self, TrainingError, Verdict};

pub mod random;
pub mod seq2seq;

/// What to make a pack from, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The folder that holds the collections.
    pub data: PathBuf,
    /// The folder that the pack is written to.
    pub pack: PathBuf,
    /// The folder for checkpoints.
    pub checkpoints: PathBuf,
    /// Whether to go on from a checkpoint.
    pub resume: bool,
    /// Times through the training part; `None` for the recipe's own.
    pub epochs: Option<u64>,
    /// Threads that share each step.
    pub workers: usize,
    /// Decides first weights and order.
    pub seed: u64,
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
    /// Has measured the n-grams of order 0 to 3: nats a token on the test part.
    Baselines([f64; 4]),
    /// Teaches the network.
    Teaching(training::Progress),
}

/// Watches a recipe and may pause it while it teaches.
pub type Watch<'a> = &'a mut dyn FnMut(&News) -> Verdict;

/// Why a recipe gave no pack.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
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

/// Writes the card for people beside the pack.
fn write_card(folder: &Path, text: &str) -> Result<(), RecipeError> {
    let path = folder.join(generator::pack::CARD_FOR_PEOPLE);
    std::fs::write(&path, text).map_err(|error| RecipeError::Unwritable { path, reason: error.to_string() })
}
