//! The recipe of paper A's seq2seq with attention, under the conditions of the plain one.

use generator::Card;
use generator::pack::{self, Kind};

use super::file::Recipe;
use super::next_token::{self, Model};
use super::seq2seq::{likeliest, shape};
use super::{Order, RecipeError, Watch};
use crate::attention::Attention;
use crate::seq2seq::Shape;

/// Reads the recipe's collections, measures the n-grams, teaches the network and writes its pack.
///
/// # Errors
/// [`RecipeError`]; a paused training is one of them and leaves a checkpoint.
pub fn make(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    let shape = shape(recipe)?;
    let (window, seed) = (shape.window, recipe.seed);
    let model = Model {
        kind: Kind::Seq2seqAttention,
        name: "Seq2seq with attention",
        description: "As Seq2seq, and shows at which of the last five notes it looked for each that it made.",
        source: "Hirai, a comparison of melody generators (paper A), \"Seq2seq (LSTM + Attention Mechanism)\"",
        story: format!(
            "Paper A's \"Seq2seq (LSTM + Attention Mechanism)\": an encoder LSTM (embedding {}, state {}) hears {window} tokens;\n\
             a decoder LSTM says the next {window}, and before each it looks at all the encoder's states. The paper does not name the\n\
             score function: here it is `softmax(s W h)` (Luong, Pham and Manning, 2015, \"general\"). It knows nothing of bars\n\
             and remembers {window} tokens.",
            shape.embedding, shape.hidden
        ),
        heard: window,
        said: window,
        measured: window,
        fresh: Box::new(move |vocabulary, device| {
            Attention::new(Shape { vocabulary, ..shape }, seed, device)
        }),
        rounded: Attention::rounded,
        graphs: Box::new(move |network| {
            vec![
                (pack::ENCODER, network.encoder_graph(window)),
                (pack::DECODER, network.decoder_graph(window)),
            ]
        }),
        likeliest,
    };
    next_token::make(&model, recipe, order, watch)
}
