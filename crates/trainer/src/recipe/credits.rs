//! The table of a card that says which collections a model learnt from, under which licences, and whom to thank.

use std::collections::BTreeMap;

use super::file::Recipe;
use crate::dataset::Dataset;

/// A Markdown table of the recipe's collections: melodies in use, notes in them, weight, licence, attribution.
pub fn table(recipe: &Recipe, dataset: &Dataset) -> String {
    of_counts(recipe, &dataset.melodies, &dataset.notes)
}

/// The same for pieces and notes counted by the sources' names.
pub fn of_counts(
    recipe: &Recipe,
    melodies: &BTreeMap<String, usize>,
    notes: &BTreeMap<String, usize>,
) -> String {
    let row = |(source, weight): (&crate::corpus::Source, &f64)| {
        let count = |counts: &BTreeMap<String, usize>| counts.get(source.name()).copied().unwrap_or_default();
        format!(
            "| {} | {} | {} | {weight} | {} | {} |\n",
            source.title(),
            count(melodies),
            count(notes),
            source.licence(),
            source.attribution()
        )
    };
    let rows: String = recipe.data.iter().map(row).collect();
    format!(
        "| collection | melodies | notes | weight | licence | by |\n| --- | --- | --- | --- | --- | --- |\n{rows}"
    )
}

/// How the melodies were made ready and split, as a paragraph.
pub fn split(recipe: &Recipe, dataset: &Dataset) -> String {
    let count = |lines: &[crate::dataset::Line]| {
        (lines.len(), lines.iter().map(|line| line.tokens.len()).sum::<usize>())
    };
    let (train, validation, test) = (count(&dataset.train), count(&dataset.validation), count(&dataset.test));
    format!(
        "Each melody is reduced to one line, put on sixteenths and triplets, and moved to C major or A minor around G4.\n\
         The split is by song (a hash of its name): {} lines ({} tokens) to learn from, {} ({}) to decide\n\
         when to stop, {} ({}) to measure. A token seen fewer than {} times is replaced by its nearest relative\n\
         ({:.2} % of test tokens are in the vocabulary as they stand).",
        train.0,
        train.1,
        validation.0,
        validation.1,
        test.0,
        test.1,
        recipe.rarest,
        dataset.coverage * 100.0,
    )
}
