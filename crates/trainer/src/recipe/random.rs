//! The recipe of the weighted dice: how often each token occurs in real melodies.

use std::collections::BTreeMap;

use generator::pack::card::Training;
use generator::pack::{self, Card, Kind, Pack};
use generator::{Knob, Task};

use super::file::Recipe;
use super::{Order, RecipeError, Watch, credits, reading, write_card};
use crate::dataset::Dataset;

/// The shortest melody that counts, in tokens.
const SHORTEST: usize = 10;

/// Counts the tokens of the recipe's collections' training part and writes the pack.
///
/// # Errors
/// [`RecipeError`] where the collections cannot be read or the pack cannot be written.
pub fn make(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    let ([], []) = (recipe.sizes([])?, recipe.options([])?);
    let dataset = reading::dataset(recipe, order, SHORTEST, watch)?;
    let pack = finish(recipe, &dataset);
    pack.write(&order.pack)?;
    write_card(&order.pack, &people_card(recipe, &dataset))?;
    Ok(pack.card)
}

fn finish(recipe: &Recipe, dataset: &Dataset) -> Pack {
    let frequencies = dataset.frequencies(&recipe.data);
    let frequencies: String = frequencies.iter().map(|count| format!("{count}\n")).collect();
    let card = Card {
        format: Card::FORMAT,
        id: recipe.id.clone(),
        name: "Weighted dice".to_owned(),
        description:
            "Dice weighted by how often each note occurs in real songs; it listens only for your key and your chords."
                .to_owned(),
        kind: Kind::Random,
        tasks: vec![Task::Continue, Task::Fresh],
        knobs: vec![Knob::Chord, Knob::Progression],
        styles: Vec::new(),
        source: "Hirai, a comparison of melody generators (paper A), \"Random Generation\"".to_owned(),
        licence: "MIT".to_owned(),
        window: 0,
        vocabulary: Some(dataset.vocabulary.hash()),
        training: Some(Training {
            command: recipe.command(),
            seed: recipe.seed,
            parameters: dataset.vocabulary.len() as u64,
            steps: 0,
            minutes: 0,
            seconds_per_epoch: None,
            melodies: dataset.melodies.clone(),
            metrics: BTreeMap::new(),
            course: BTreeMap::new(),
        }),
        canary: None,
        files: BTreeMap::new(),
    };
    let files = BTreeMap::from([
        (pack::VOCABULARY.to_owned(), dataset.vocabulary.text().into_bytes()),
        (pack::FREQUENCIES.to_owned(), frequencies.into_bytes()),
    ]);
    Pack::new(card, files)
}

fn people_card(recipe: &Recipe, dataset: &Dataset) -> String {
    format!(
        "# Weighted dice\n\n\
         Paper A's suggestion for a better random generator: each token is drawn by how often it occurs in real melodies,\n\
         whatever came before it. {tokens} tokens in C major and A minor, moved to the player's key. A baseline.\n\n\
         Counts: MIT. The melodies they were counted in (training part of the split by song), each source by its weight:\n\n{sources}",
        tokens = dataset.vocabulary.len(),
        sources = credits::table(recipe, dataset),
    )
}
