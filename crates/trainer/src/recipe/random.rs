//! The recipe of the weighted dice: how often each token occurs in real melodies.

use std::collections::BTreeMap;

use generator::Task;
use generator::pack::card::Training;
use generator::pack::{self, Card, Kind, Pack};

use super::{News, Order, RecipeError, Watch, write_card};
use crate::corpus::{self, Source};
use crate::dataset::Dataset;

/// A token that occurs less often is replaced by its nearest relative.
const RAREST: usize = 40;

/// Counts the tokens of the shipped collections' training part and writes the pack.
///
/// # Errors
/// [`RecipeError`] where the collections cannot be read or the pack cannot be written.
pub fn make(order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    let mut report = |progress| {
        watch(&News::Reading(progress));
    };
    let corpus = corpus::read(&order.data, &Source::SHIPPED, &mut report)?;
    let dataset = Dataset::of(&corpus.melodies, 10, RAREST)?;
    let pack = finish(&dataset);
    pack.write(&order.pack)?;
    write_card(&order.pack, &people_card(&dataset))?;
    Ok(pack.card)
}

fn finish(dataset: &Dataset) -> Pack {
    let frequencies: String = dataset.frequencies.iter().map(|count| format!("{count}\n")).collect();
    let card = Card {
        format: Card::FORMAT,
        id: "random-corpus".to_owned(),
        name: "Weighted dice".to_owned(),
        description:
            "Dice weighted by how often each note occurs in real songs; it listens only for your key."
                .to_owned(),
        kind: Kind::Random,
        tasks: vec![Task::Continue, Task::Fresh],
        knobs: Vec::new(),
        source: "Hirai, a comparison of melody generators (paper A), \"Random Generation\"".to_owned(),
        licence: "MIT".to_owned(),
        window: 0,
        vocabulary: Some(dataset.vocabulary.hash()),
        training: Some(Training {
            command: "cargo xtask train random-corpus --data DATA".to_owned(),
            seed: 0,
            parameters: dataset.vocabulary.len() as u64,
            steps: 0,
            minutes: 0,
            melodies: dataset.melodies.clone(),
            metrics: BTreeMap::new(),
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

fn people_card(dataset: &Dataset) -> String {
    let source = |source: &Source| {
        let melodies = dataset.melodies.get(source.name()).copied().unwrap_or(0);
        format!("| {} | {melodies} | {} | {} |\n", source.title(), source.licence(), source.attribution())
    };
    let sources: String = Source::SHIPPED.iter().map(source).collect();
    format!(
        "# Weighted dice\n\n\
         Paper A's suggestion for a better random generator: each token is drawn by how often it occurs in real melodies,\n\
         whatever came before it. {tokens} tokens in C major and A minor, moved to the player's key. A baseline.\n\n\
         Counts: MIT. The melodies they were counted in (training part of the split by song):\n\n\
         | collection | melodies | licence | by |\n| --- | --- | --- | --- |\n{sources}",
        tokens = dataset.vocabulary.len(),
    )
}
