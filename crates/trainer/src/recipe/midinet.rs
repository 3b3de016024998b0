//! The recipes of MidiNet-1D and MidiNet-2D: bars of noise, chords and, in two dimensions, the bar before.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::tensor::Device;
use generator::midinet::Midinet;
use generator::pack::card::Training;
use generator::pack::{self, Canary, Card, Kind, Pack};
use generator::sampling::Dice;
use generator::{Knob, Task};
use melody::{Phrase, Prompt, Token};

use super::file::Recipe;
use super::playing::{self, Playing};
use super::surprise::tidy;
use super::{News, Order, RecipeError, Watch, course, reading, write_card};
use crate::corpus::Melody;
use crate::corpus::performances;
use crate::dataset::{DatasetError, Part};
use crate::midinet::bars::Bars;
use crate::midinet::duel::{self, Contest, Outcome};
use crate::midinet::{Generator, Shape, tables};
use crate::performer::listening;
use crate::training::{self, Plan, Verdict};
use crate::windows::Windows;

mod card;

/// The least lead in nats that an answer of the canary needs, so that another processor's rounding cannot change it.
const SAFE_LEAD: f32 = 0.02;
/// Looks at the validation part in the whole training.
const LOOKS: u64 = 24;
/// Bars over which sureness is set.
const SURE: usize = 256;

/// Reads the recipe's collections, holds the contest, measures what is played and writes the pack.
///
/// # Errors
/// [`RecipeError`]; a paused training is one of them and leaves a checkpoint.
pub fn make(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    let (contest, sureness) = contest(recipe)?;
    if recipe.epochs == 0 || recipe.batch == 0 {
        return Err(RecipeError::NotTaught(recipe.id.clone()));
    }
    let (bars, real) = read(recipe, order, watch)?;
    let train = Windows::weighted(&bars.train, 2, 0, 1, &recipe.data);
    let validation = Windows::weighted(&bars.validation, 2, 0, 1, &recipe.data);
    let steps = train.len().div_ceil(recipe.batch) as u64 * recipe.epochs;
    let plan = Plan {
        epochs: recipe.epochs,
        batch: recipe.batch,
        workers: 1,
        seed: recipe.seed,
        learning_rate: recipe.learning_rate,
        validate_every: (steps / LOOKS).max(1),
        folder: order.checkpoints.clone(),
        fingerprint: format!("{} {} {}", recipe.fingerprint(), bars.known.len(), train.len()),
    };
    let blank = blank(recipe, &contest);
    let mut listen = |generator: &Generator| {
        let model = Midinet::load(&packed(blank.clone(), generator));
        model.map_or_else(|_| BTreeMap::new(), |model| playing::look(&model))
    };
    let mut report = |progress: &training::Progress| -> Verdict { watch(&News::Teaching(progress.clone())) };
    let parts = (&train, &validation);
    let outcome = duel::train(&contest, &plan, &bars.known, parts, order.resume, &mut listen, &mut report)?;

    let generator = sure(&outcome.generator, sureness, &bars, &train).rounded();
    let test = Windows::weighted(&bars.test, 2, 0, 1, &recipe.data);
    let distance = duel::distance(&generator, &bars.known, &test);
    let unproven = packed(trained(blank, recipe, &bars, &outcome, &generator), &generator);
    let model = Midinet::load(&unproven)?;
    let playing = Playing::of(&model, &real).map_err(|error| RecipeError::Export(error.to_string()))?;
    let pace = steps as f64 * recipe.batch as f64 / outcome.elapsed.as_secs_f64().max(f64::MIN_POSITIVE);
    let figures = Figures { playing, distance, notes_per_second: (pace * bars.notes_a_bar()).round() };
    let pack = prove(unproven, &model, &figures)?;
    pack.write(&order.pack)?;
    write_card(&order.pack, &card::text(recipe, &contest, &pack.card, &bars, &outcome, &figures))?;
    Ok(pack.card)
}

/// What was measured.
struct Figures {
    playing: Playing,
    /// From the test part ([`duel::distance`]).
    distance: f64,
    notes_per_second: f64,
}

fn contest(recipe: &Recipe) -> Result<(Contest, f64), RecipeError> {
    let [hidden, channels, pairs, motifs, critic] =
        recipe.sizes(["hidden", "channels", "pairs", "motifs", "critic"])?;
    let names =
        ["sharp", "label", "bar_matching", "feature_matching", "penalty", "average", "told", "sureness"];
    let [sharp, label, bar_matching, feature_matching, penalty, average, told, sureness] =
        recipe.options(names)?;
    let hears = recipe.kind == Kind::Midinet2d.to_string();
    let shape = Shape { hidden, channels, pairs, motifs, critic, hears };
    let sharp = sharp > 0.0;
    Ok((Contest { shape, sharp, label, bar_matching, feature_matching, penalty, average, told }, sureness))
}

/// The bars to learn from, and the test part's stretches of eight bars, lines at home as a prompt has them.
fn read(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<(Bars, Vec<Phrase>), RecipeError> {
    let corpus = reading::corpus(recipe, order, watch)?;
    let sources = recipe.sources().into_iter().filter(|source| performances::style(*source).is_some());
    let mut report = |progress| {
        watch(&News::Reading(progress));
    };
    let accompanied = performances::read(&order.data, &sources.collect::<Vec<_>>(), &mut report)?;
    let bars = Bars::of(&corpus.melodies, &accompanied.performances);
    watch(&News::Read {
        melodies: bars.melodies.values().sum(),
        tokens: bars.train.iter().map(|line| line.tokens.len()).sum(),
        vocabulary: bars.known.len(),
        skipped: corpus.skipped.len(),
    });
    if bars.train.is_empty() {
        return Err(DatasetError::NothingToLearn { needed: crate::corpus::MIN_NOTES }.into());
    }
    if bars.validation.is_empty() || bars.test.is_empty() {
        return Err(DatasetError::NothingToMeasure { songs: corpus.melodies.len() }.into());
    }
    let held_out = |melody: &&Melody| {
        Part::of(&melody.song) == Part::Test && performances::style(melody.source).is_some()
    };
    let real = corpus.melodies.iter().filter(held_out).flat_map(|melody| stretches(&melody.phrase));
    Ok((bars, real.collect()))
}

/// A melody's stretches of eight bars.
fn stretches(phrase: &Phrase) -> Vec<Phrase> {
    let length = phrase.meter.bar() * i64::from(listening::BARS);
    let line = Prompt::of(phrase).home.enter(&phrase.skyline());
    let parts = (0..line.length().0 / length.0).map(|part| line.between(length * part, length * (part + 1)));
    parts.filter(|part| part.notes().len() > 1).collect()
}

/// The generator with its scores as sure as the recipe says; 0 leaves them as they were taught.
fn sure(generator: &Generator, sureness: f64, bars: &Bars, train: &Windows<'_>) -> Generator {
    let batch = train.batches(SURE, 0).next().filter(|_| sureness > 0.0);
    let Some(batch) = batch else { return generator.clone() };
    let (before, of_batch) = duel::pairs(&bars.known, &batch);
    let device = Device::flex();
    let conditions = tables::conditions(&of_batch, &before, || true, &device);
    generator.as_sure_as(sureness, tables::noise(batch.size, &mut Dice::new(1), &device), &conditions)
}

fn blank(recipe: &Recipe, contest: &Contest) -> Card {
    let hears = contest.shape.hears;
    let description = match hears {
        true => {
            "A melody bar by bar, each made for its chord and for the bar before; it can go on from what you play."
        }
        false => "A melody bar by bar, each made for its chord alone.",
    };
    let tasks = if hears { vec![Task::Fresh, Task::Continue] } else { vec![Task::Fresh] };
    Card {
        format: Card::FORMAT,
        id: recipe.id.clone(),
        name: if hears { "MidiNet-2D" } else { "MidiNet-1D" }.to_owned(),
        description: description.to_owned(),
        kind: if hears { Kind::Midinet2d } else { Kind::Midinet1d },
        tasks,
        knobs: vec![Knob::Temperature, Knob::TopP, Knob::Chord, Knob::KeyLock, Knob::Progression],
        styles: Vec::new(),
        source: "Yang et al., MidiNet (2017); paper B, Table II".to_owned(),
        licence: "MIT".to_owned(),
        window: 0,
        vocabulary: None,
        training: None,
        canary: None,
        files: BTreeMap::new(),
    }
}

fn packed(card: Card, generator: &Generator) -> Pack {
    Pack::new(card, BTreeMap::from([(pack::MODEL.to_owned(), generator.graph())]))
}

fn trained(blank: Card, recipe: &Recipe, bars: &Bars, outcome: &Outcome, generator: &Generator) -> Card {
    let mut curves = course::curves(["critic", "validation"], &outcome.course);
    for (name, curve) in &outcome.curves {
        let curve = curve.iter().map(|(step, figure)| (*step, tidy(*figure))).collect();
        curves.insert(name.clone(), curve);
    }
    let training = Some(Training {
        command: recipe.command(),
        seed: recipe.seed,
        parameters: generator.num_params() as u64,
        steps: outcome.steps,
        minutes: outcome.elapsed.as_secs() / 60,
        seconds_per_epoch: course::seconds_per_epoch(outcome.elapsed, recipe.epochs),
        melodies: bars.melodies.clone(),
        metrics: BTreeMap::new(),
        course: curves,
    });
    Card { training, ..blank }
}

/// The pack with its figures and its canary: the first rows of seed 0, as long as the model is sure of them.
fn prove(unproven: Pack, model: &Midinet, figures: &Figures) -> Result<Pack, RecipeError> {
    let leading = model.likeliest(0).map_err(RecipeError::Export)?;
    // One row there must be, even if another processor may then refuse the pack.
    let sure =
        leading.into_iter().enumerate().take_while(|(place, (_, lead))| *place == 0 || *lead > SAFE_LEAD);
    let answer: Vec<Token> = sure.map(|(_, (token, _))| token).collect();
    let mut metrics = figures.playing.metrics();
    metrics.insert("distance_from_test_part".to_owned(), tidy(figures.distance));
    metrics.insert("training_notes_per_second".to_owned(), figures.notes_per_second);
    let files = BTreeMap::from([(pack::MODEL.to_owned(), unproven.file(pack::MODEL)?.to_vec())]);
    let training = unproven.card.training.map(|training| Training { metrics, ..training });
    let canary = Some(Canary { prompt: Vec::new(), answer });
    Ok(Pack::new(Card { training, canary, ..unproven.card }, files))
}
