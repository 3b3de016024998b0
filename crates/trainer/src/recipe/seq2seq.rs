//! The recipe of paper A's seq2seq: five tokens in, five out, from songs in C major and A minor.

use generator::Card;
use generator::pack::{self, Canary, Kind, Pack, PackError};

use super::file::Recipe;
use super::next_token::{self, Likeliest, Model};
use super::{Order, RecipeError, Watch, canary};
use crate::seq2seq::{Seq2seq, Shape};

/// Reads the recipe's collections, measures the n-grams, teaches the network and writes its pack.
///
/// # Errors
/// [`RecipeError`]; a paused training is one of them and leaves a checkpoint.
pub fn make(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    let shape = shape(recipe)?;
    let (window, seed) = (shape.window, recipe.seed);
    let model = Model {
        kind: Kind::Seq2seq,
        name: "Seq2seq",
        description: "Hears the last five notes and goes on with the next five, again and again.",
        source: "Hirai, a comparison of melody generators (paper A), \"Seq2seq (LSTM)\"",
        story: format!(
            "Paper A's \"Seq2seq (LSTM)\": an encoder LSTM (embedding {}, state {}) hears {window} tokens; its last\n\
             state starts the decoder and is fed to each of its steps and to the output; {window} tokens come out, and the next\n\
             follow from those. It knows nothing of bars and remembers {window} tokens.",
            shape.embedding, shape.hidden
        ),
        heard: window,
        said: window,
        measured: window,
        fresh: Box::new(move |vocabulary, device| Seq2seq::new(Shape { vocabulary, ..shape }, seed, device)),
        rounded: Seq2seq::rounded,
        graphs: Box::new(move |network| {
            vec![(pack::ENCODER, network.encoder_graph(window)), (pack::DECODER, network.decoder_graph())]
        }),
        likeliest,
    };
    next_token::make(&model, recipe, order, watch)
}

/// The sizes that the recipe asks for; the vocabulary's is known when the collections have been read.
pub(super) fn shape(recipe: &Recipe) -> Result<Shape, RecipeError> {
    let [window, embedding, hidden] = recipe.sizes(["window", "embedding", "hidden"])?;
    let [] = recipe.options([])?;
    Ok(Shape { vocabulary: 0, embedding, hidden, window })
}

/// Loads the model of a pack, with or without attention, to find its canary.
pub(super) fn likeliest(pack: &Pack, count: usize) -> Result<Likeliest, PackError> {
    let model = generator::seq2seq::Seq2seq::load(pack)?;
    Ok(Box::new(move |prompt| model.likeliest(prompt, count)))
}

/// The stretch of Twinkle to which the pack has the longest answer that it is sure of, with that answer.
///
/// # Errors
/// The pack's network is refused or does not run.
pub fn find_canary(pack: &Pack) -> Result<Canary, RecipeError> {
    let window = pack.card.window;
    canary::find(window, &*likeliest(pack, 4 * window)?)
}
