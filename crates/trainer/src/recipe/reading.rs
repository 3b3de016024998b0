//! The music that a recipe asks for: read, told of, and made a dataset.

use std::sync::Arc;

use super::file::Recipe;
use super::{News, Order, RecipeError, Watch};
use crate::corpus::{self, Corpus};
use crate::dataset::Dataset;

/// Reads the collections that the recipe names, unless the order brings them along.
///
/// # Errors
/// [`RecipeError::Corpus`] where one is missing, damaged or empty.
pub fn corpus(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<Arc<Corpus>, RecipeError> {
    let sources = recipe.sources();
    if let Some(corpus) = order.read.as_ref().filter(|corpus| corpus.sources == sources) {
        return Ok(corpus.clone());
    }
    let mut report = |progress| {
        watch(&News::Reading(progress));
    };
    Ok(Arc::new(corpus::read(&order.data, &sources, &mut report)?))
}

/// Reads the collections and makes lines of tokens of all melodies of at least `shortest` tokens.
///
/// # Errors
/// [`RecipeError`] where a collection cannot be read or there is too little music.
pub fn dataset(
    recipe: &Recipe,
    order: &Order,
    shortest: usize,
    watch: Watch<'_>,
) -> Result<Dataset, RecipeError> {
    let corpus = corpus(recipe, order, watch)?;
    let dataset = Dataset::of(&corpus.melodies, shortest, recipe.rarest)?;
    watch(&News::Read {
        melodies: dataset.melodies.values().sum(),
        tokens: dataset.train.iter().map(|line| line.tokens.len()).sum(),
        vocabulary: dataset.vocabulary.len(),
        skipped: corpus.skipped.len(),
    });
    Ok(dataset)
}
