//! The recipe of paper A's variational autoencoder: phrases, their vectors, the network over these, and the bank.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use burn::module::Module;
use burn::tensor::Device;
use generator::pack::card::Training;
use generator::pack::{self, Canary, Card, Kind, Pack};
use generator::vae::{Bank, Entry, Vector};
use generator::{Knob, Task};

use super::file::Recipe;
use super::{News, Order, RecipeError, Watch, course, reading, write_card};
use crate::dataset::{Dataset, Line};
use crate::melody2vec::evaluation::Questions;
use crate::melody2vec::skipgram::{Lesson, Plan as WordPlan, Tables};
use crate::melody2vec::spelling::{self, Spelling};
use crate::melody2vec::{Phrases, Spoken};
use crate::training::{self, Plan, Trained, Verdict};
use crate::vae::{self, Vae, choice, map};
use crate::windows::Windows;

mod card;
mod figures;
mod memory;

use figures::{Figures, Likeness};
use memory::Memory;

/// What the recipe's file says beyond what all recipes say.
#[derive(Debug, Clone, Copy)]
struct Numbers {
    words: WordPlan,
    buckets: usize,
    often: u32,
    bank: usize,
    hidden: usize,
    /// The length of first vectors.
    length: f32,
    weight: f32,
    rise: f32,
}

impl Numbers {
    fn of(recipe: &Recipe) -> Result<Numbers, RecipeError> {
        let [window, strangers, word_epochs, buckets, often, bank, hidden] =
            recipe.sizes(["window", "strangers", "word_epochs", "buckets", "often", "bank", "hidden"])?;
        let [rate, length, weight, rise] =
            recipe.options(["word_rate", "word_length", "kl_weight", "kl_rise"])?;
        let words =
            WordPlan { window, strangers, epochs: word_epochs as u64, rate: rate as f32, seed: recipe.seed };
        let (length, weight, rise) = (length as f32, weight as f32, rise as f32);
        Ok(Numbers {
            words,
            buckets: buckets.max(1),
            often: often as u32,
            bank,
            hidden,
            length,
            weight,
            rise,
        })
    }
}

/// The phrases of the corpus with the table of vectors that spells them.
struct Spoke<'a> {
    phrases: &'a Phrases,
    spelling: Spelling,
    table: Vec<Vector>,
    /// Each word's vector, of length 1.
    vectors: Arc<Vec<Vector>>,
}

/// Reads the recipe's collections, learns vectors of their phrases, teaches the network and writes its pack.
///
/// # Errors
/// [`RecipeError`]; a paused training is one of them and leaves a checkpoint.
pub fn make(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    let numbers = Numbers::of(recipe)?;
    let corpus = reading::corpus(recipe, order, watch)?;
    let dataset = Dataset::of(&corpus.melodies, SHORTEST, recipe.rarest)?;
    let phrases = Phrases::of(&corpus.melodies);
    watch(&News::Read {
        melodies: dataset.melodies.values().sum(),
        tokens: phrases.train.iter().map(|spoken| spoken.words.len()).sum(),
        vocabulary: phrases.known(),
        skipped: corpus.skipped.len(),
    });
    let questions = Questions::held_out(&phrases, recipe.seed);
    let (spoke, time) = speak(recipe, order, &numbers, &phrases, watch)?;
    let trained = teach(recipe, order, &numbers, &spoke, watch)?;
    let network = trained.network.valid().rounded();
    let bank = fill(recipe, &numbers, &spoke, &network)?;
    let minutes = (time + trained.elapsed).as_secs() / 60;
    let (card, files) = finish(recipe, &dataset, &trained, &network, &bank, minutes)?;
    let model = generator::vae::Vae::open(&Pack::new(card.clone(), files.clone()))?;
    let figures = Figures {
        words: figures::of_words(recipe, &numbers, &spoke, &questions),
        likeness: Likeness::of(&model, &network, &spoke)?,
    };
    let metrics = figures.metrics(trained.validation_loss);
    let training = card.training.map(|training| Training { metrics, ..training });
    let pack = Pack::new(Card { training, ..card }, files);
    pack.write(&order.pack)?;
    let facts = Facts { recipe, numbers: &numbers, dataset: &dataset, spoke: &spoke, bank: &bank };
    write_card(&order.pack, &card::text(&facts, &pack.card, &trained, &figures))?;
    Memory::of(recipe, order, &phrases).forget();
    Ok(pack.card)
}

/// What the card for people tells of.
struct Facts<'a> {
    recipe: &'a Recipe,
    numbers: &'a Numbers,
    dataset: &'a Dataset,
    spoke: &'a Spoke<'a>,
    bank: &'a Bank,
}

/// The shortest melody that is counted, in tokens.
const SHORTEST: usize = 10;

/// Learns the vectors, or takes up those that an earlier run kept; with the time taken now.
fn speak<'a>(
    recipe: &Recipe,
    order: &Order,
    numbers: &Numbers,
    phrases: &'a Phrases,
    watch: Watch<'_>,
) -> Result<(Spoke<'a>, Duration), RecipeError> {
    let spelling = Spelling::by_units(phrases, numbers.buckets, numbers.often);
    let lesson = Lesson::of(phrases, &spelling, &spelling, &recipe.data);
    let memory = Memory::of(recipe, order, phrases);
    let fresh = || Tables::new(spelling.rows, spelling.rows, numbers.length, recipe.seed);
    let mut tables = if order.resume { memory.recall(spelling.rows)?.unwrap_or_else(fresh) } else { fresh() };
    let mut report = |progress: &training::Progress| watch(&News::Teaching(progress.clone()));
    let taught = crate::melody2vec::skipgram::teach(
        &lesson,
        &mut tables,
        &numbers.words,
        &mut report,
        &mut |tables| memory.keep(tables),
    )?;
    let Some(time) = taught else {
        let (step, steps) = (tables.epochs, numbers.words.epochs);
        return Err(training::TrainingError::Paused { step, steps }.into());
    };
    let mut table = tables.phrases;
    spelling::centre(&mut table, &spelling, phrases);
    let vectors = spelling.words.iter().map(|rows| figures::unit(spelling::mean(&table, rows))).collect();
    Ok((Spoke { phrases, spelling, table, vectors: Arc::new(vectors) }, time))
}

fn teach(
    recipe: &Recipe,
    order: &Order,
    numbers: &Numbers,
    spoke: &Spoke<'_>,
    watch: Watch<'_>,
) -> Result<Trained<Vae>, RecipeError> {
    let (train, validation) = (lines(&spoke.phrases.train), lines(&spoke.phrases.validation));
    let train = Windows::weighted(&train, 1, 1, 1, &recipe.data);
    let validation = Windows::weighted(&validation, 1, 1, 1, &recipe.data);
    if recipe.epochs == 0 || recipe.batch == 0 {
        return Err(RecipeError::NotTaught(recipe.id.clone()));
    }
    let plan = Plan {
        epochs: recipe.epochs,
        batch: recipe.batch,
        workers: order.workers,
        seed: recipe.seed,
        learning_rate: recipe.learning_rate,
        validate_every: (train.len() * recipe.epochs as usize / recipe.batch / LOOKS).max(1) as u64,
        folder: order.checkpoints.clone(),
        fingerprint: format!("{} {}", recipe.fingerprint(), train.len()),
    };
    let lesson = vae::Lesson { vectors: spoke.vectors.clone(), weight: numbers.weight, rise: numbers.rise };
    let fresh = Vae::new(numbers.hidden, lesson, recipe.seed, &Device::flex().autodiff());
    let mut report = |progress: &training::Progress| -> Verdict { watch(&News::Teaching(progress.clone())) };
    Ok(training::train(fresh, &plan, &train, &validation, order.resume, &mut report)?)
}

/// Looks at the validation part in the whole training.
const LOOKS: usize = 20;

/// Every phrase of these melodies as a line of its own: what goes in is what is to come out.
fn lines(melodies: &[Spoken]) -> Vec<Line> {
    let line = |spoken: &Spoken| {
        let source = spoken.source;
        spoken.words.iter().map(|word| Line { source, tokens: vec![*word; 2] }).collect::<Vec<Line>>()
    };
    melodies.iter().flat_map(line).collect()
}

/// Chooses the phrases of the bank and draws their map.
fn fill(recipe: &Recipe, numbers: &Numbers, spoke: &Spoke<'_>, network: &Vae) -> Result<Bank, RecipeError> {
    let chosen = choice::choose(spoke.phrases, numbers.bank, &recipe.data);
    let vectors: Vec<Vector> = chosen.iter().map(|id| spoke.vectors[*id as usize]).collect();
    let latents = network.latents(&vectors);
    let projection = map::projection(&latents);
    let entries = chosen.iter().zip(vectors).zip(latents).map(|((id, vector), latent)| Entry {
        word: spoke.phrases.lexicon[*id as usize].clone(),
        vector,
        latent,
    });
    let units = &spoke.table[..numbers.buckets];
    Bank::new(entries.collect(), units, projection).map_err(|error| RecipeError::Export(error.to_string()))
}

fn finish(
    recipe: &Recipe,
    dataset: &Dataset,
    trained: &Trained<Vae>,
    network: &Vae,
    bank: &Bank,
    minutes: u64,
) -> Result<(Card, Files), RecipeError> {
    let files = BTreeMap::from([
        (pack::BANK.to_owned(), bank.bytes()),
        (pack::ENCODER.to_owned(), network.encoder_graph()),
        (pack::DECODER.to_owned(), network.decoder_graph()),
    ]);
    let card = Card {
        format: Card::FORMAT,
        id: recipe.id.clone(),
        name: "Relatives".to_owned(),
        description:
            "Answers each of your phrases with a similar one from real songs, and leads from one melody to \
                      another."
                .to_owned(),
        kind: Kind::Vae,
        tasks: vec![Task::Vary, Task::Morph],
        knobs: vec![Knob::Neighbourhood],
        styles: Vec::new(),
        source: "Hirai, a comparison of melody generators (paper A), \"VAE\"; Hirai and Sawada, Melody2Vec"
            .to_owned(),
        licence: "MIT".to_owned(),
        window: 1,
        vocabulary: None,
        training: Some(Training {
            command: recipe.command(),
            seed: recipe.seed,
            parameters: network.num_params() as u64,
            steps: trained.steps,
            minutes,
            seconds_per_epoch: course::seconds_per_epoch(trained.elapsed, recipe.epochs),
            melodies: dataset.melodies.clone(),
            metrics: BTreeMap::new(),
            course: course::curves(["training", "validation"], &trained.course),
        }),
        canary: None,
        files: BTreeMap::new(),
    };
    let unproven = Pack::new(card, files.clone());
    let canary = find_canary(&generator::vae::Vae::load(&unproven)?)?;
    Ok((Card { canary: Some(canary), ..unproven.card }, files))
}

/// A pack's files by name.
type Files = BTreeMap<String, Vec<u8>>;

/// Of the bank's phrases the one whose way through the latent ends most surely at one phrase, with that phrase.
fn find_canary(model: &generator::vae::Vae) -> Result<Canary, RecipeError> {
    const TRIED: usize = 200;
    let mut best: Option<(f32, Canary)> = None;
    let words = model.bank().words();
    for word in words.iter().step_by(words.len().div_ceil(TRIED).max(1)) {
        let (answer, _, lead) = model.reconstruction(word).map_err(RecipeError::Export)?;
        if best.as_ref().is_none_or(|(surest, _)| lead > *surest) {
            best = Some((lead, Canary { prompt: word.tokens(), answer: answer.tokens() }));
        }
    }
    best.map(|(_, canary)| canary).ok_or_else(|| RecipeError::Export("the bank is empty".to_owned()))
}
