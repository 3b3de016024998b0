//! The house model's card for people.

use generator::Card;

use super::{Figures, Lessons};
use crate::corpus::Source;
use crate::dataset::Part;
use crate::house::House;
use crate::house::held_out::Share;
use crate::house::pieces::Piece;
use crate::recipe::file::Recipe;
use crate::training::Trained;

/// What the model is, what it learnt from, and what was measured, as Markdown.
pub fn text(
    recipe: &Recipe,
    lessons: &Lessons,
    card: &Card,
    pieces: &[Piece],
    trained: &Trained<House>,
    figures: &Figures,
) -> String {
    let shape = lessons.shape;
    let parameters = card.training.as_ref().map_or(0, |training| training.parameters);
    let course: String = trained
        .course
        .iter()
        .map(|(step, training, validation)| format!("| {step} | {training:.3} | {validation:.3} |\n"))
        .collect();
    format!(
        "# {name}\n\n\
         One step a note: the rest before it, its pitch, its length, on sixteenths and their triplets. An LSTM (layers: {layers},\n\
         state: {hidden}) hears the notes with their place in bar and tune, the meter, and, if told, the style, how many\n\
         notes a bar are wanted, and the bars to the phrase's end or to a goal with its pitch. For each aspect of the next note a head of {head} gives odds of its own, and gates that say how far to\n\
         trust twelve witnesses instead, which propose what followed before where the tune was as it is now (same notes, same\n\
         intervals and rhythm, rhythm or pitches alone; blended over all places, and the longest likeness) and what stood one,\n\
         two, four and eight bars ago. The odds are the mixture of all. {parameters} parameters.\n\n\
         Weights: MIT. The melodies they were learnt from:\n\n{sources}\n\
         Each melody is reduced to one line, put on sixteenths and triplets, and moved to C major or A minor around G4.\n\
         The split is by song (a hash of its name): {split}.\n\n\
         ## Figures on the test part\n\n\
         Nats a note over whole melodies, and over bars 5 to 12 with all before them known; where a melody starts in its bar is\n\
         given. No style and no phrase end is told. The n-grams choose rest, pitch and length one after the other, as the\n\
         network does, on the very same notes; orders and the share of the cache of the piece so far are the best on the\n\
         validation part ({mixture}). The network's figures are of the weights as shipped (16-bit floats).\n\n\
         {table}\n\
         {compared}\
         ## Training\n\n\
         `{command}`, seed {seed}: {steps} steps of {batch} stretches of {window} notes, {minutes} minutes, AdamW, rate {rate} for\n\
         half of the way, then falling along a half cosine; each condition kept back {deaf:.0} times in a hundred, {dropout:.0} % of\n\
         the states left out; gradients cut to norm 1. The validation loss is the mean over the sources, of their first notes;\n\
         the weights with the least are kept.\n\n\
         | step | training loss | validation loss |\n| --- | --- | --- |\n{course}",
        name = card.name,
        layers = shape.layers,
        hidden = shape.hidden,
        head = shape.head,
        sources = sources(recipe, pieces),
        split = split(pieces),
        mixture = figures.mixture,
        table = table(figures),
        compared = compared(recipe),
        command = recipe.command(),
        seed = recipe.seed,
        steps = trained.steps,
        batch = recipe.batch,
        window = lessons.window,
        minutes = trained.elapsed.as_secs() / 60,
        rate = recipe.learning_rate,
        deaf = lessons.lesson.ears.deaf * 100.0,
        dropout = lessons.lesson.dropout * 100.0,
    )
}

fn sources(recipe: &Recipe, pieces: &[Piece]) -> String {
    let row = |(source, weight): (&Source, &f64)| {
        let of_source = || pieces.iter().filter(|piece| piece.source == *source);
        format!(
            "| {} | {} | {} | {weight} | {} | {} |\n",
            source.title(),
            of_source().count(),
            of_source().map(|piece| piece.moments.len()).sum::<usize>(),
            source.licence(),
            source.attribution()
        )
    };
    let rows: String = recipe.data.iter().map(row).collect();
    format!(
        "| collection | melodies | notes | weight | licence | by |\n| --- | --- | --- | --- | --- | --- |\n{rows}"
    )
}

/// What the network was chosen from, the best first.
fn compared(recipe: &Recipe) -> String {
    if recipe.compared.is_empty() {
        return String::new();
    }
    let mut all: Vec<(&String, &f64)> = recipe.compared.iter().collect();
    all.sort_by(|one, other| one.1.total_cmp(other.1));
    let rows: String = all.into_iter().map(|(name, nats)| format!("| {name} | {nats:.3} |\n")).collect();
    format!(
        "## What it was chosen from\n\n\
         Nats a note on the validation part after as many steps of each, all else being as in the recipe.\n\n\
         | network | nats a note |\n| --- | --- |\n{rows}\n"
    )
}

fn split(pieces: &[Piece]) -> String {
    let count = |part| {
        let of_part = || pieces.iter().filter(|piece| piece.part == part);
        format!(
            "{} lines ({} notes)",
            of_part().count(),
            of_part().map(|piece| piece.moments.len()).sum::<usize>()
        )
    };
    format!(
        "{} to learn from, {} to decide when to stop, {} to measure",
        count(Part::Train),
        count(Part::Validation),
        count(Part::Test)
    )
}

fn table(figures: &Figures) -> String {
    let Figures { network, plain, cached, .. } = figures;
    let row = |name: &str, whole: [f64; 3], later: [f64; 3]| {
        format!(
            "| {name} | {:.3} | {:.3} | {:.3} | {:.2} | {:.3} | {:.3} | {:.2} |\n",
            whole[0],
            whole[1],
            whole[2],
            whole[0] / whole[1],
            later[0],
            later[1],
            later[0] / later[1]
        )
    };
    let means = [network.mean(), cached.mean(), plain.mean()];
    let mut rows = row("**mean**", means.map(|mean| mean.0), means.map(|mean| mean.1));
    for (source, share) in network.by_source() {
        let of = |surprise: &crate::house::held_out::Surprise| -> Share {
            surprise.by_source().get(source).copied().unwrap_or_default()
        };
        let shares = [*share, of(cached), of(plain)];
        rows += &row(source.name(), shares.map(|share| share.per_note), shares.map(|share| share.later));
    }
    format!(
        "| source | **Continuo** | n-gram with cache | n-gram | of cached | bars 5-12: **Continuo** | n-gram with cache | of cached |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n{rows}"
    )
}
