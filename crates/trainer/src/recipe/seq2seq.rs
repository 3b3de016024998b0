//! The recipe of paper A's seq2seq: five tokens in, five out, from songs in C major and A minor.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::tensor::Device;
use generator::pack::card::Training;
use generator::pack::{self, Canary, Card, Kind, Pack};
use generator::{Knob, Task};

use super::file::Recipe;
use super::surprise::{self, HeldOut, Surprise, tidy};
use super::{News, Order, RecipeError, Watch, canary, credits, plan, reading, write_card};
use crate::dataset::Dataset;
use crate::seq2seq::{Seq2seq, Shape};
use crate::training::{self, Trained, Verdict};
use crate::windows::Windows;

/// Reads the recipe's collections, measures the n-grams, teaches the network and writes its pack.
///
/// # Errors
/// [`RecipeError`]; a paused training is one of them and leaves a checkpoint.
pub fn make(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    let [window, embedding, hidden] = recipe.sizes(["window", "embedding", "hidden"])?;
    let [] = recipe.options([])?;
    let dataset = reading::dataset(recipe, order, 2 * window, watch)?;
    let shape = Shape { vocabulary: dataset.vocabulary.len(), embedding, hidden, window };
    let held_out = HeldOut::of(&dataset, window);
    let ngrams = held_out.ngrams();
    watch(&News::Baselines(ngrams.each_ref().map(|ngram| ngram.mean().per_token)));
    let trained = teach(recipe, order, shape, &dataset, watch)?;
    let network = trained.network.valid().rounded();
    let model = held_out.measure(|lines| {
        training::measure(&network, &Windows::of(lines, window, window, window), recipe.batch)
    });
    let figures = Figures { model, ngrams };
    let pack = finish(recipe, shape, &dataset, &trained, &network, &figures)?;
    pack.write(&order.pack)?;
    write_card(&order.pack, &people_card(recipe, shape, &pack.card, &dataset, &trained, &figures))?;
    Ok(pack.card)
}

/// What was measured on the test part.
struct Figures {
    model: Surprise,
    ngrams: [Surprise; 4],
}

impl Figures {
    fn metrics(&self, dataset: &Dataset, trained: &Trained<Seq2seq>) -> BTreeMap<String, f64> {
        let mut metrics = surprise::metrics(&self.model, &self.ngrams);
        metrics.insert("validation_nats_per_token".to_owned(), tidy(trained.validation_loss));
        metrics.insert("vocabulary_coverage_share".to_owned(), tidy(dataset.coverage));
        metrics
    }
}

fn teach(
    recipe: &Recipe,
    order: &Order,
    shape: Shape,
    dataset: &Dataset,
    watch: Watch<'_>,
) -> Result<Trained<Seq2seq>, RecipeError> {
    let window = shape.window;
    let train = Windows::weighted(&dataset.train, window, window, 1, &recipe.data);
    let validation = Windows::weighted(&dataset.validation, window, window, window, &recipe.data);
    let plan = plan(recipe, order, dataset, &train)?;
    let fresh = Seq2seq::new(shape, recipe.seed, &Device::flex().autodiff());
    let mut report = |progress: &training::Progress| -> Verdict { watch(&News::Teaching(progress.clone())) };
    Ok(training::train(fresh, &plan, &train, &validation, order.resume, &mut report)?)
}

fn finish(
    recipe: &Recipe,
    shape: Shape,
    dataset: &Dataset,
    trained: &Trained<Seq2seq>,
    network: &Seq2seq,
    figures: &Figures,
) -> Result<Pack, RecipeError> {
    let files = BTreeMap::from([
        (pack::VOCABULARY.to_owned(), dataset.vocabulary.text().into_bytes()),
        (pack::ENCODER.to_owned(), network.encoder_graph(shape.window)),
        (pack::DECODER.to_owned(), network.decoder_graph()),
    ]);
    let card = Card {
        format: Card::FORMAT,
        id: recipe.id.clone(),
        name: "Seq2seq".to_owned(),
        description: "Hears the last five notes and goes on with the next five, again and again.".to_owned(),
        kind: Kind::Seq2seq,
        tasks: vec![Task::Continue],
        knobs: vec![Knob::Temperature, Knob::TopP, Knob::Chord, Knob::KeyLock],
        source: "Hirai, a comparison of melody generators (paper A), \"Seq2seq (LSTM)\"".to_owned(),
        licence: "MIT".to_owned(),
        window: shape.window,
        vocabulary: Some(dataset.vocabulary.hash()),
        training: Some(Training {
            command: recipe.command(),
            seed: recipe.seed,
            parameters: network.num_params() as u64,
            steps: trained.steps,
            minutes: trained.elapsed.as_secs() / 60,
            melodies: dataset.melodies.clone(),
            metrics: figures.metrics(dataset, trained),
        }),
        canary: None,
        files: BTreeMap::new(),
    };
    let unproven = Pack::new(card, files.clone());
    let canary = find_canary(&unproven)?;
    Ok(Pack::new(Card { canary: Some(canary), ..unproven.card }, files))
}

/// The stretch of Twinkle to which the pack has the longest answer that it is sure of, with that answer.
///
/// # Errors
/// The pack's network is refused or does not run.
pub fn find_canary(pack: &Pack) -> Result<Canary, RecipeError> {
    let model = generator::seq2seq::Seq2seq::load(pack)?;
    let window = pack.card.window;
    canary::find(window, &|prompt| model.likeliest(prompt, 4 * window))
}

fn people_card(
    recipe: &Recipe,
    shape: Shape,
    card: &Card,
    dataset: &Dataset,
    trained: &Trained<Seq2seq>,
    figures: &Figures,
) -> String {
    let Some(training) = &card.training else { return String::new() };
    let course: String = trained
        .course
        .iter()
        .map(|(step, training, validation)| format!("| {step} | {training:.3} | {validation:.3} |\n"))
        .collect();
    format!(
        "# Seq2seq\n\n\
         Paper A's \"Seq2seq (LSTM)\": an encoder LSTM (embedding {embedding}, state {hidden}) hears {window} tokens; its last\n\
         state starts the decoder and is fed to each of its steps and to the output; {window} tokens come out, and the next\n\
         follow from those. {parameters} parameters, {vocabulary} tokens. It knows nothing of bars and remembers {window} tokens.\n\n\
         Weights: MIT. The melodies they were learnt from:\n\n{sources}\n{split}\n\n\
         ## Figures on the test part\n\n\
         Mean surprise over tokens {first} onwards of each line, whole windows of {window}; network and n-grams (Witten-Bell)\n\
         see the same tokens. \"A note\" counts the rests' cost too and divides by the notes. The network's figures are of the\n\
         weights as shipped (rounded to 12 significant bits), with the right tokens fed back (teacher forcing).\n\n\
         {figures}\n\
         ## Training\n\n\
         `{command}`, seed {seed}: {steps} steps of {batch} windows, {minutes} minutes, AdamW, rate {rate} falling along a half\n\
         cosine, teacher forcing, gradients cut to norm 1; the weights with the least validation loss are kept.\n\n\
         | step | training loss | validation loss |\n| --- | --- | --- |\n{course}",
        embedding = shape.embedding,
        hidden = shape.hidden,
        window = shape.window,
        first = shape.window + 1,
        parameters = training.parameters,
        vocabulary = shape.vocabulary,
        sources = credits::table(recipe, dataset),
        split = credits::split(recipe, dataset),
        figures = surprise::table("seq2seq", &figures.model, &figures.ngrams),
        command = training.command,
        seed = training.seed,
        steps = training.steps,
        batch = recipe.batch,
        minutes = training.minutes,
        rate = recipe.learning_rate,
    )
}
