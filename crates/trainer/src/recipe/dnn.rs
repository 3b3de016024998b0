//! The recipe of paper A's plain network, taught by pairs of neighbouring tokens.

use generator::Card;
use generator::pack::{self, Kind, Pack, PackError};

use super::file::Recipe;
use super::next_token::{self, Likeliest, Model};
use super::{Order, RecipeError, Watch};
use crate::dnn::{Dnn, Shape};

/// The test part is cut as for seq2seq, so that all of paper A's models are measured on the same tokens.
const MEASURED: usize = 5;

/// Reads the recipe's collections, measures the n-grams, teaches the network and writes its pack.
///
/// # Errors
/// [`RecipeError`]; a paused training is one of them and leaves a checkpoint.
pub fn make(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    let [hidden, layers] = recipe.sizes(["hidden", "layers"])?;
    let [] = recipe.options([])?;
    let seed = recipe.seed;
    let model = Model {
        kind: Kind::Dnn,
        name: "DNN",
        description: "Says which note may come next, and how likely it is, from the last one alone.",
        source: "Hirai, a comparison of melody generators (paper A), \"Fully Connected Deep Neural Network\"",
        story: format!(
            "Paper A's \"Fully Connected Deep Neural Network\": the last token as a one-hot vector, {layers} layers of {hidden} units with\n\
             sigmoids, and the odds of the next token. It knows nothing but that one token, so the most that it can learn are\n\
             the counts of pairs: an n-gram of order 1 that counts each collection by its weight."
        ),
        heard: 1,
        said: 1,
        measured: MEASURED,
        fresh: Box::new(move |vocabulary, device| {
            Dnn::new(Shape { vocabulary, hidden, layers }, seed, device)
        }),
        rounded: Dnn::rounded,
        graphs: Box::new(|network| vec![(pack::MODEL, network.graph())]),
        likeliest,
    };
    next_token::make(&model, recipe, order, watch)
}

fn likeliest(pack: &Pack, count: usize) -> Result<Likeliest, PackError> {
    let model = generator::dnn::Dnn::load(pack)?;
    Ok(Box::new(move |prompt| model.likeliest(prompt, count)))
}
