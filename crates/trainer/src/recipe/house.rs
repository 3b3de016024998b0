//! The recipe of the house model: notes with their witnesses, taught by all sources.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::tensor::Device;
use generator::house::House as Played;
use generator::house::novelty::Runs;
use generator::pack::card::Training;
use generator::pack::{self, Canary, Card, Kind, Pack};
use generator::{Knob, Task};
use melody::Style;
use melody::steps::Aspect;

use super::file::Recipe;
use super::surprise::tidy;
use super::{News, Order, RecipeError, Watch, canary, course, reading, write_card};
use crate::dataset::{DatasetError, Part};
use crate::house::batches::{Ears, Stretches};
use crate::house::copies;
use crate::house::held_out::{self, Surprise};
use crate::house::ngram::Ngrams;
use crate::house::pieces::Piece;
use crate::house::teaching::{self, Lesson};
use crate::house::{House, Shape};
use crate::training::{self, Plan, Trained, Verdict};

mod card;

/// Notes of each source that a look at the validation part measures.
const LOOKED_AT: usize = 4000;
/// Looks at the validation part in an epoch.
const LOOKS: u64 = 4;
/// Tokens of Twinkle that the canary hears, and the most that it asks for.
const CANARY: (usize, usize) = (10, 20);

/// Reads the recipe's collections, teaches the network, measures it beside the n-grams and writes its pack.
///
/// # Errors
/// [`RecipeError`]; a paused training is one of them and leaves a checkpoint.
pub fn make(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    let lessons = Lessons::of(recipe)?;
    let corpus = reading::corpus(recipe, order, watch)?;
    let pieces = Piece::all(&corpus.melodies, order.workers);
    let part = |part: Part| -> Vec<&Piece> { pieces.iter().filter(|piece| piece.part == part).collect() };
    let (train, validation, test) = (part(Part::Train), part(Part::Validation), part(Part::Test));
    if train.is_empty() {
        return Err(DatasetError::NothingToLearn { needed: 2 }.into());
    }
    if validation.is_empty() || test.is_empty() {
        return Err(DatasetError::NothingToMeasure { songs: pieces.len() }.into());
    }
    watch(&News::Read {
        melodies: pieces.len(),
        tokens: train.iter().map(|piece| piece.moments.len()).sum(),
        vocabulary: Aspect::ALL.iter().map(|aspect| aspect.size()).sum(),
        skipped: corpus.skipped.len(),
    });
    let looked_at = held_out::some(&validation, LOOKED_AT);
    let stretches = Stretches::new(train.clone(), lessons.window, &recipe.data);
    let plan = plan(recipe, order, &stretches)?;
    let fresh = House::new(lessons.shape, recipe.seed, &Device::flex().autodiff());
    let mut report = |progress: &training::Progress| -> Verdict { watch(&News::Teaching(progress.clone())) };
    let trained =
        teaching::teach(fresh, lessons.lesson, &plan, &stretches, &looked_at, order.resume, &mut report)?;
    let network = trained.network.valid().halved();
    let (runs, shared) = copies::of(&train, &validation);
    let figures = Figures {
        runs: (runs.length(), shared),
        ..Figures::of(&network, &lessons, &train, &looked_at, &test)
    };
    let pack = finish(recipe, &pieces, &trained, &network, &figures, &runs)?;
    pack.write(&order.pack)?;
    write_card(&order.pack, &card::text(recipe, &lessons, &pack.card, &pieces, &trained, &figures))?;
    teaching::forget(&plan);
    Ok(pack.card)
}

/// What the recipe says of network and lessons.
struct Lessons {
    shape: Shape,
    /// Notes of a stretch.
    window: usize,
    lesson: Lesson,
}

impl Lessons {
    fn of(recipe: &Recipe) -> Result<Lessons, RecipeError> {
        let [window, embedding, layers, hidden, head] =
            recipe.sizes(["window", "embedding", "layers", "hidden", "head"])?;
        let [witnesses, deaf, dropout] = recipe.options(["witnesses", "deaf", "dropout"])?;
        let lesson = Lesson { ears: Ears { witnesses: witnesses > 0.0, deaf }, dropout };
        Ok(Lessons { shape: Shape { embedding, layers, hidden, head }, window, lesson })
    }
}

/// What was measured on the test part.
struct Figures {
    network: Surprise,
    plain: Surprise,
    cached: Surprise,
    /// How the n-grams are mixed.
    mixture: String,
    /// Notes of a run that no answer may have from the training songs, and the share of real stretches that have one.
    runs: (usize, f64),
}

impl Figures {
    fn of(
        network: &House,
        lessons: &Lessons,
        train: &[&Piece],
        validation: &[&Piece],
        test: &[&Piece],
    ) -> Figures {
        let ngrams = Ngrams::of(train, validation);
        let [plain, cached] = ngrams.surprises(test).map(|surprises| Surprise::of(test, &surprises));
        let surprises = held_out::surprises(network, test, usize::MAX, lessons.lesson.ears.witnesses);
        Figures {
            network: Surprise::of(test, &surprises),
            plain,
            cached,
            mixture: ngrams.describe(),
            runs: (0, 0.0),
        }
    }

    /// As the pack's card has them.
    fn metrics(&self) -> BTreeMap<String, f64> {
        let mut metrics = BTreeMap::new();
        let rows = [
            ("nats_per_note", &self.network),
            ("ngram_nats_per_note", &self.plain),
            ("cached_ngram_nats_per_note", &self.cached),
        ];
        for (name, surprise) in rows {
            let (whole, later) = surprise.mean();
            metrics.insert(name.to_owned(), tidy(whole));
            metrics.insert(format!("{name}_bars_5_to_12"), tidy(later));
            for (source, share) in surprise.by_source() {
                metrics.insert(format!("{name}_{}", source.name()), tidy(share.per_note));
            }
        }
        metrics
    }
}

fn plan(recipe: &Recipe, order: &Order, stretches: &Stretches<'_>) -> Result<Plan, RecipeError> {
    if recipe.epochs == 0 || recipe.batch == 0 {
        return Err(RecipeError::NotTaught(recipe.id.clone()));
    }
    Ok(Plan {
        epochs: recipe.epochs,
        batch: recipe.batch,
        workers: order.workers,
        seed: recipe.seed,
        learning_rate: recipe.learning_rate,
        validate_every: (stretches.len() as u64 / recipe.batch as u64 / LOOKS).max(1),
        folder: order.checkpoints.clone(),
        fingerprint: format!("{} {}", recipe.fingerprint(), stretches.len()),
    })
}

fn finish(
    recipe: &Recipe,
    pieces: &[Piece],
    trained: &Trained<House>,
    network: &House,
    figures: &Figures,
    runs: &Runs,
) -> Result<Pack, RecipeError> {
    let mut files = BTreeMap::from([
        (pack::BODY.to_owned(), network.body_graph()),
        (pack::RUNS.to_owned(), runs.to_bytes()),
    ]);
    for (file, aspect) in pack::HEADS.iter().zip(Aspect::ALL) {
        files.insert((*file).to_owned(), network.head_graph(aspect));
    }
    let mut melodies: BTreeMap<String, usize> = BTreeMap::new();
    pieces.iter().for_each(|piece| *melodies.entry(piece.source.name().to_owned()).or_default() += 1);
    let mut metrics = figures.metrics();
    metrics.insert("validation_nats_per_note".to_owned(), tidy(trained.validation_loss));
    metrics.insert("notes_of_a_run".to_owned(), figures.runs.0 as f64);
    metrics.insert("real_stretches_with_a_known_run".to_owned(), tidy(figures.runs.1));
    let card = Card {
        format: Card::FORMAT,
        id: recipe.id.clone(),
        name: "Continuo".to_owned(),
        description: "Hears the whole tune, its bars and what it repeated before, and goes on from there."
            .to_owned(),
        kind: Kind::House,
        tasks: vec![Task::Continue, Task::Vary, Task::Fill, Task::Next],
        knobs: vec![
            Knob::Temperature,
            Knob::TopP,
            Knob::Chord,
            Knob::Progression,
            Knob::KeyLock,
            Knob::Style,
            Knob::Density,
            Knob::Range,
            Knob::Neighbourhood,
            Knob::KeptBeats,
        ],
        styles: Style::ALL.to_vec(),
        source: "Continuo's own".to_owned(),
        licence: "MIT".to_owned(),
        window: 1,
        vocabulary: None,
        training: Some(Training {
            command: recipe.command(),
            seed: recipe.seed,
            parameters: network.num_params() as u64,
            steps: trained.steps,
            minutes: trained.elapsed.as_secs() / 60,
            seconds_per_epoch: course::seconds_per_epoch(trained.elapsed, recipe.epochs),
            melodies,
            metrics,
            course: course::curves(["training", "validation"], &trained.course),
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
    let model = Played::load(pack)?;
    canary::find(CANARY.0, &|prompt| model.likeliest(prompt, CANARY.1))
}

#[cfg(test)]
mod tests;
