//! What the recipes of all next-token models have in common: from a corpus to a pack with figures and canary.

use std::collections::BTreeMap;

use burn::tensor::Device;
use generator::pack::card::Training;
use generator::pack::{self, Card, Kind, Pack, PackError};
use generator::{Knob, Task};
use melody::Token;

use super::file::Recipe;
use super::surprise::{self, HeldOut, Surprise, tidy};
use super::{News, Order, RecipeError, Watch, canary, course, credits, plan, reading, write_card};
use crate::dataset::{Dataset, Line};
use crate::training::{self, Network, Trained, Verdict};
use crate::windows::Windows;

/// Tokens of a canary's answer that are asked for: it keeps those of which the model is sure.
const CANARY: usize = 20;

/// What gives for a prompt the likeliest tokens to follow, each with its lead in nats over the second.
pub(super) type Likeliest = Box<dyn Fn(&[Token]) -> Result<Vec<(Token, f32)>, String>>;

/// The untaught network for a vocabulary of so many tokens.
pub(super) type Fresh<N> = Box<dyn Fn(usize, &Device) -> N>;

/// Makes a pack's graphs of a network, with their file names.
pub(super) type Graphs<N> = Box<dyn Fn(&N) -> Vec<(&'static str, Vec<u8>)>>;

/// Loads a pack without a canary, to be asked for so many tokens at a time.
pub(super) type Load = fn(&Pack, usize) -> Result<Likeliest, PackError>;

/// A model to be made.
pub(super) struct Model<N> {
    pub kind: Kind,
    /// The name for people.
    pub name: &'static str,
    /// One sentence: what it is good for.
    pub description: &'static str,
    /// Where it is described.
    pub source: &'static str,
    /// What it is, for its card for people.
    pub story: String,
    /// Tokens that it hears.
    pub heard: usize,
    /// Tokens that it says before it hears anew.
    pub said: usize,
    /// The test part is measured from this place of each line on, in windows of as many tokens; at least `heard`.
    pub measured: usize,
    pub fresh: Fresh<N>,
    /// The network with rounded weights.
    pub rounded: fn(&N) -> N,
    pub graphs: Graphs<N>,
    pub likeliest: Load,
}

/// Reads the recipe's collections, measures the n-grams, teaches the network and writes its pack.
///
/// # Errors
/// [`RecipeError`]; a paused training is one of them and leaves a checkpoint.
pub(super) fn make<N: Network>(
    model: &Model<N>,
    recipe: &Recipe,
    order: &Order,
    watch: Watch<'_>,
) -> Result<Card, RecipeError> {
    let dataset = reading::dataset(recipe, order, 2 * model.measured, watch)?;
    let held_out = HeldOut::of(&dataset, model.measured);
    let ngrams = held_out.ngrams();
    watch(&News::Baselines(ngrams.each_ref().map(|ngram| ngram.mean().per_token)));
    let trained = teach(model, recipe, order, &dataset, watch)?;
    let network = (model.rounded)(&trained.network.valid());
    let figures = held_out.measure(|lines| measure(model, &network, lines, recipe.batch));
    let figures = Figures { model: figures, ngrams };
    let pack = finish(model, recipe, &dataset, &trained, &network, &figures)?;
    pack.write(&order.pack)?;
    write_card(&order.pack, &people_card(model, recipe, &pack.card, &dataset, &trained, &figures))?;
    Ok(pack.card)
}

/// What was measured on the test part.
struct Figures {
    model: Surprise,
    ngrams: [Surprise; 4],
}

fn teach<N: Network>(
    model: &Model<N>,
    recipe: &Recipe,
    order: &Order,
    dataset: &Dataset,
    watch: Watch<'_>,
) -> Result<Trained<N>, RecipeError> {
    let Model { heard, said, .. } = *model;
    let train = Windows::weighted(&dataset.train, heard, said, 1, &recipe.data);
    let validation = Windows::weighted(&dataset.validation, heard, said, said, &recipe.data);
    let plan = plan(recipe, order, dataset, &train)?;
    let fresh = (model.fresh)(dataset.vocabulary.len(), &Device::flex().autodiff());
    let mut report = |progress: &training::Progress| -> Verdict { watch(&News::Teaching(progress.clone())) };
    Ok(training::train(fresh, &plan, &train, &validation, order.resume, &mut report)?)
}

/// Mean nats a token over all tokens of these lines from place `measured` on.
fn measure<N: Network>(model: &Model<N>, network: &N, lines: &[Line], batch: usize) -> f64 {
    let Model { heard, said, measured, .. } = *model;
    let cut: Vec<&[u32]> = lines.iter().filter_map(|line| line.tokens.get(measured - heard..)).collect();
    training::measure(network, &Windows::of(&cut, heard, said, said), batch)
}

fn finish<N: Network>(
    model: &Model<N>,
    recipe: &Recipe,
    dataset: &Dataset,
    trained: &Trained<N>,
    network: &N,
    figures: &Figures,
) -> Result<Pack, RecipeError> {
    let frequencies = dataset.frequencies(&recipe.data);
    let frequencies: String = frequencies.iter().map(|count| format!("{count}\n")).collect();
    let mut files = BTreeMap::from([
        (pack::VOCABULARY.to_owned(), dataset.vocabulary.text().into_bytes()),
        (pack::FREQUENCIES.to_owned(), frequencies.into_bytes()),
    ]);
    files.extend((model.graphs)(network).into_iter().map(|(name, graph)| (name.to_owned(), graph)));
    let mut metrics = surprise::metrics(&figures.model, &figures.ngrams);
    metrics.insert("validation_nats_per_token".to_owned(), tidy(trained.validation_loss));
    metrics.insert("vocabulary_coverage_share".to_owned(), tidy(dataset.coverage));
    let card = Card {
        format: Card::FORMAT,
        id: recipe.id.clone(),
        name: model.name.to_owned(),
        description: model.description.to_owned(),
        kind: model.kind,
        tasks: vec![Task::Continue, Task::Next],
        knobs: vec![Knob::Temperature, Knob::TopP, Knob::Chord, Knob::KeyLock, Knob::Progression],
        styles: Vec::new(),
        source: model.source.to_owned(),
        licence: "MIT".to_owned(),
        window: model.heard,
        vocabulary: Some(dataset.vocabulary.hash()),
        training: Some(Training {
            command: recipe.command(),
            seed: recipe.seed,
            parameters: network.num_params() as u64,
            steps: trained.steps,
            minutes: trained.elapsed.as_secs() / 60,
            seconds_per_epoch: course::seconds_per_epoch(trained.elapsed, recipe.epochs),
            melodies: dataset.melodies.clone(),
            metrics,
            course: course::curves(["training", "validation"], &trained.course),
        }),
        canary: None,
        files: BTreeMap::new(),
    };
    let unproven = Pack::new(card, files.clone());
    let likeliest = (model.likeliest)(&unproven, CANARY)?;
    let canary = canary::find(model.heard, &*likeliest)?;
    Ok(Pack::new(Card { canary: Some(canary), ..unproven.card }, files))
}

fn people_card<N>(
    model: &Model<N>,
    recipe: &Recipe,
    card: &Card,
    dataset: &Dataset,
    trained: &Trained<N>,
    figures: &Figures,
) -> String {
    let Some(training) = &card.training else { return String::new() };
    let course: String = trained
        .course
        .iter()
        .map(|(step, training, validation)| format!("| {step} | {training:.3} | {validation:.3} |\n"))
        .collect();
    format!(
        "# {name}\n\n{story} {parameters} parameters, {vocabulary} tokens.\n\n\
         Weights: MIT. The melodies they were learnt from:\n\n{sources}\n{split}\n\n\
         ## Figures on the test part\n\n\
         Mean surprise over tokens {first} onwards of each line, whole windows of {measured}; network and n-grams (Witten-Bell)\n\
         see the same tokens. \"A note\" counts the rests' cost too and divides by the notes. The network's figures are of the\n\
         weights as shipped (rounded to 12 significant bits), with the right tokens fed back (teacher forcing).\n\n\
         {figures}\n\
         ## Training\n\n\
         `{command}`, seed {seed}: {steps} steps of {batch} windows, {minutes} minutes, AdamW, rate {rate} falling along a half\n\
         cosine, teacher forcing, gradients cut to norm 1; the weights with the least validation loss are kept.\n\n\
         | step | training loss | validation loss |\n| --- | --- | --- |\n{course}",
        name = model.name,
        story = model.story,
        first = model.measured + 1,
        measured = model.measured,
        parameters = training.parameters,
        vocabulary = dataset.vocabulary.len(),
        sources = credits::table(recipe, dataset),
        split = credits::split(recipe, dataset),
        figures = surprise::table(model.name, &figures.model, &figures.ngrams),
        command = training.command,
        seed = training.seed,
        steps = training.steps,
        batch = recipe.batch,
        minutes = training.minutes,
        rate = recipe.learning_rate,
    )
}
