//! The recipe of the Biaxial LSTM: music for several voices, sixteenth by sixteenth and key by key.

use std::collections::BTreeMap;
use std::sync::Arc;

use burn::module::Module;
use burn::tensor::Device;
use generator::pack::card::Training;
use generator::pack::{self, Canary, Card, Kind, Pack};
use generator::{Knob, Task};
use melody::{Style, Token};

use super::file::Recipe;
use super::playing::Playing;
use super::surprise::tidy;
use super::{News, Order, RecipeError, Watch, course, write_card};
use crate::biaxial::moments::Moments;
use crate::biaxial::{Biaxial, Lesson};
use crate::corpus::performances;
use crate::dataset::{DatasetError, Part};
use crate::performer::listening;
use crate::training::{self, Plan, Trained, Verdict};
use crate::windows::Windows;

mod card;

/// The least lead in nats that an answer of the canary needs, so that another processor's rounding cannot change it.
const SAFE_LEAD: f32 = 0.02;
/// The most keys that a canary asks for.
const CANARY: usize = 8;
/// The chord after which a canary asks.
const CHORD: [&str; 3] = ["C4:0.25", "E4:0.25", "G4:0.25"];
/// Looks at the validation part in the whole training.
const LOOKS: u64 = 8;

/// Reads the recipe's collections, teaches the network, measures what it plays and writes the pack.
///
/// # Errors
/// [`RecipeError`]; a paused training is one of them and leaves a checkpoint.
pub fn make(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    let [steps, stride] = recipe.sizes(["steps", "stride"])?;
    let [told] = recipe.options(["told"])?;
    if recipe.epochs == 0 || recipe.batch == 0 {
        return Err(RecipeError::NotTaught(recipe.id.clone()));
    }
    let mut report = |progress| {
        watch(&News::Reading(progress));
    };
    let read = performances::read(&order.data, &recipe.sources(), &mut report)?;
    let moments = Moments::of(&read.performances);
    watch(&News::Read {
        melodies: moments.performances.values().sum(),
        tokens: moments.train.iter().map(|line| line.tokens.len()).sum(),
        vocabulary: moments.known.len(),
        skipped: read.skipped.len(),
    });
    if moments.train.is_empty() {
        return Err(DatasetError::NothingToLearn { needed: steps }.into());
    }
    if moments.validation.is_empty() || moments.test.is_empty() {
        return Err(DatasetError::NothingToMeasure { songs: read.performances.len() }.into());
    }
    let train = Windows::weighted(&moments.train, steps, 1, stride, &recipe.data);
    let validation = Windows::weighted(&moments.validation, steps, 1, 16 * steps, &recipe.data);
    let test = Windows::weighted(&moments.test, steps, 1, 8 * steps, &recipe.data);
    let all = train.len().div_ceil(recipe.batch) as u64 * recipe.epochs;
    let plan = Plan {
        epochs: recipe.epochs,
        batch: recipe.batch,
        workers: order.workers,
        seed: recipe.seed,
        learning_rate: recipe.learning_rate,
        validate_every: (all / LOOKS).max(1),
        folder: order.checkpoints.clone(),
        fingerprint: format!("{} {} {}", recipe.fingerprint(), moments.known.len(), train.len()),
    };
    let lesson = Lesson { moments: Arc::new(moments.known.clone()), told, card: Some(blank(&recipe.id)) };
    let fresh = Biaxial::new(lesson, recipe.seed, &Device::flex().autodiff());
    let mut report = |progress: &training::Progress| -> Verdict { watch(&News::Teaching(progress.clone())) };
    let trained = training::train(fresh, &plan, &train, &validation, order.resume, &mut report)?;

    let network = trained.network.valid().rounded();
    let unproven = unproven(recipe, &moments, &trained, &network);
    let model = generator::biaxial::Biaxial::load(&unproven)?;
    let real = listening::excerpts(read.part(Part::Test), Style::Pop);
    let notes_a_step = notes_a_step(&moments);
    let pace = (all as usize * recipe.batch * steps) as f64 * notes_a_step;
    let figures = Figures {
        playing: Playing::of(&model, &real).map_err(|error| RecipeError::Export(error.to_string()))?,
        loss: training::measure(&network, &test, recipe.batch),
        baseline: moments.baseline(&moments.test),
        notes_per_second: (pace / trained.elapsed.as_secs_f64().max(f64::MIN_POSITIVE)).round(),
    };
    let pack = prove(unproven, &model, &figures, &trained)?;
    pack.write(&order.pack)?;
    write_card(&order.pack, &card::text(recipe, &pack.card, &moments, &trained, &figures))?;
    Ok(pack.card)
}

/// What was measured.
struct Figures {
    playing: Playing,
    /// On the test part, in nats a step.
    loss: f64,
    /// The same of keys that know no more than whether they sounded before.
    baseline: f64,
    notes_per_second: f64,
}

fn notes_a_step(moments: &Moments) -> f64 {
    let steps = [&moments.train, &moments.validation, &moments.test].into_iter().flatten();
    let steps: usize = steps.map(|line| line.tokens.len()).sum();
    moments.notes.values().sum::<usize>() as f64 / steps.max(1) as f64
}

/// The card of a model that is not yet taught, to listen to it.
fn blank(id: &str) -> Card {
    Card {
        format: Card::FORMAT,
        id: id.to_owned(),
        name: "Biaxial LSTM".to_owned(),
        description: "Piano for both hands, from a chord or from what you play, held and struck key by key."
            .to_owned(),
        kind: Kind::BiaxialLstm,
        tasks: vec![Task::Fresh, Task::Continue],
        knobs: vec![Knob::Temperature, Knob::TopP, Knob::Chord, Knob::KeyLock, Knob::Progression],
        styles: Vec::new(),
        source: "Johnson, Composing Music With Recurrent Neural Networks (2015); paper B, Table II"
            .to_owned(),
        licence: card::LICENCE.to_owned(),
        window: 0,
        vocabulary: None,
        training: None,
        canary: None,
        files: BTreeMap::new(),
    }
}

fn unproven(recipe: &Recipe, moments: &Moments, trained: &Trained<Biaxial>, network: &Biaxial) -> Pack {
    let mut curves = course::curves(["training", "validation"], &trained.course);
    for (name, curve) in &trained.curves {
        let curve = curve.iter().map(|(step, figure)| (*step, tidy(*figure))).collect();
        curves.insert(name.clone(), curve);
    }
    let training = Some(Training {
        command: recipe.command(),
        seed: recipe.seed,
        parameters: network.num_params() as u64,
        steps: trained.steps,
        minutes: trained.elapsed.as_secs() / 60,
        seconds_per_epoch: course::seconds_per_epoch(trained.elapsed, recipe.epochs),
        melodies: moments.performances.clone(),
        metrics: BTreeMap::new(),
        course: curves,
    });
    network.pack(Card { training, ..blank(&recipe.id) })
}

/// The pack with its figures and its canary: the likeliest keys after a chord, as long as the model is sure of their order.
fn prove(
    unproven: Pack,
    model: &generator::biaxial::Biaxial,
    figures: &Figures,
    trained: &Trained<Biaxial>,
) -> Result<Pack, RecipeError> {
    let prompt: Vec<Token> = CHORD.iter().filter_map(|token| token.parse().ok()).collect();
    let leading = model.likeliest(&prompt).map_err(RecipeError::Export)?.into_iter().take(CANARY).enumerate();
    // One key there must be, even if another processor may then refuse the pack.
    let sure = leading.take_while(|(place, (_, lead))| *place == 0 || *lead > SAFE_LEAD);
    let answer: Vec<Token> = sure.map(|(_, (token, _))| token).collect();
    let mut metrics = figures.playing.metrics();
    metrics.insert("nats_per_step".to_owned(), tidy(figures.loss));
    metrics.insert("nats_per_step_of_baseline".to_owned(), tidy(figures.baseline));
    metrics.insert("validation_loss_per_step".to_owned(), tidy(trained.validation_loss));
    metrics.insert("training_notes_per_second".to_owned(), figures.notes_per_second);
    let files = [pack::ENCODER, pack::DECODER]
        .map(|name| unproven.file(name).map(|bytes| (name.to_owned(), bytes.to_vec())));
    let files = files.into_iter().collect::<Result<BTreeMap<_, _>, _>>()?;
    let training = unproven.card.training.map(|training| Training { metrics, ..training });
    let canary = Some(Canary { prompt, answer });
    Ok(Pack::new(Card { training, canary, ..unproven.card }, files))
}
