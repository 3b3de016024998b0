//! The recipe of paper A's GAN, and of the plain one that collapses: a hundred notes of a hundred random numbers.

use std::collections::{BTreeMap, BTreeSet};

use burn::module::Module;
use burn::tensor::Device;
use generator::gan::{Gan, Layout, NOTES};
use generator::pack::card::Training;
use generator::pack::{self, Canary, Card, Kind, Pack};
use generator::{Knob, Task};
use melody::{Pitch, Ticks, Token, Vocabulary};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use super::file::Recipe;
use super::surprise::tidy;
use super::{News, Order, RecipeError, Watch, course, plan, reading, write_card};
use crate::dataset::{Dataset, Line, Lines};
use crate::gan::duel::{self, Contest, Outcome};
use crate::gan::loss::Rules;
use crate::gan::{Adversaries, Dense, Shape, Variety, melodies};
use crate::training::{self, Verdict};
use crate::windows::Windows;

mod card;

/// Melodies that variety is measured on, of the seeds 1 to 100.
const MEASURED: u64 = 100;
/// Where the knobs stand when nobody has touched them: temperature and top-p.
const KNOBS: (f32, f32) = (0.9, 0.95);
/// The least lead in nats that an answer of the canary needs, so that another processor's rounding cannot change it.
const SAFE_LEAD: f32 = 0.02;
/// The most tokens that a canary asks for.
const CANARY: usize = 20;

/// Reads the recipe's collections, holds the contest, measures the variety and writes the pack.
///
/// # Errors
/// [`RecipeError`]; a paused training is one of them and leaves a checkpoint.
pub fn make(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    let [hidden, critic, window, stride] = recipe.sizes(["generator", "critic", "window", "stride"])?;
    let names = ["apart", "paired", "penalty", "window_penalty", "window_weight", "average", "sureness"];
    let [apart, paired, penalty, window_penalty, window_weight, average, sureness] = recipe.options(names)?;
    let dataset = reading::dataset(recipe, order, NOTES, watch)?;
    let (vocabulary, layout) = words(&dataset, apart > 0.0)?;
    let contest = Contest {
        shape: Shape::of(&vocabulary, layout, hidden, critic, window),
        rules: if paired > 0.0 { Rules::Paired } else { Rules::Plain },
        penalties: vec![penalty, window_penalty],
        weights: vec![1.0, window_weight],
        average,
    };
    let train = relearnt(&dataset.train, &dataset.vocabulary, &vocabulary);
    let train = Windows::weighted(&train, NOTES, 0, stride, &recipe.data);
    let plan = plan(recipe, order, &dataset, &train)?;
    let fresh = Adversaries::new(&contest.shape, recipe.seed, &Device::flex().autodiff());
    let mut report = |progress: &training::Progress| -> Verdict { watch(&News::Teaching(progress.clone())) };
    let outcome = duel::train(fresh, &contest, &plan, &train, order.resume, &mut report)?;

    let mut dice = ChaCha8Rng::seed_from_u64(recipe.seed);
    let network = outcome.networks.averaged.valid();
    let network = match sureness > 0.0 {
        true => network.as_sure_as(sureness, &contest.shape, melodies::noise(64, &mut dice, &Device::flex())),
        false => network,
    };
    let network = network.rounded();
    let unproven = unproven(recipe, &contest, &vocabulary, &dataset, &outcome, &network);
    let model = Gan::load(&unproven)?;
    let real = held_out(&dataset, recipe);
    let figures = Figures { warm: variety(&model, KNOBS, &real)?, cold: variety(&model, (0.0, 1.0), &real)? };
    let pack = prove(unproven, &model, &figures)?;
    pack.write(&order.pack)?;
    let text = card::text(recipe, &contest, &pack.card, &dataset, &outcome, &figures);
    write_card(&order.pack, &text)?;
    Ok(pack.card)
}

/// What was measured on 100 seeds.
struct Figures {
    /// With the knobs where a newcomer finds them.
    warm: Variety,
    /// At temperature 0: each seed's own melody.
    cold: Variety,
}

/// The tokens that the model knows, and how their scores are laid out: every pitch with every length where they are
/// chosen apart.
fn words(dataset: &Dataset, apart: bool) -> Result<(Vocabulary, Layout), RecipeError> {
    let known = dataset.vocabulary.clone();
    if !apart {
        return Ok((known, Layout::Joint));
    }
    let pitches: BTreeSet<Option<Pitch>> = known.tokens().iter().map(|token| token.pitch).collect();
    let lengths: BTreeSet<Ticks> = known.tokens().iter().map(|token| token.length).collect();
    let with_all = |pitch: &Option<Pitch>| {
        let pitch = *pitch;
        lengths.iter().map(move |length| Token { pitch, length: *length })
    };
    let all = Vocabulary::new(pitches.iter().flat_map(with_all))?;
    let layout = Layout::apart(&all).unwrap_or_else(|| unreachable!("every pitch has every length"));
    Ok((all, layout))
}

/// The same lines in the ids of another vocabulary, which has all their tokens.
fn relearnt(lines: &Lines, from: &Vocabulary, to: &Vocabulary) -> Lines {
    let ids: Vec<u32> = from.tokens().iter().map(|token| to.nearest(*token) as u32).collect();
    let line = |line: &Line| Line {
        source: line.source,
        tokens: line.tokens.iter().map(|id| ids[*id as usize]).collect(),
    };
    lines.iter().map(line).collect()
}

/// The test part's stretches of 100 tokens that follow one another, each source by its weight.
fn held_out(dataset: &Dataset, recipe: &Recipe) -> Vec<Vec<Token>> {
    let windows = Windows::weighted(&dataset.test, NOTES, 0, NOTES, &recipe.data);
    let token = |id: &i32| dataset.vocabulary.tokens()[*id as usize];
    windows.batches(1, 0).map(|batch| batch.inputs.iter().map(token).collect()).collect()
}

fn variety(model: &Gan, knobs: (f32, f32), real: &[Vec<Token>]) -> Result<Variety, RecipeError> {
    let made = (1..=MEASURED).map(|seed| model.tokens(seed, knobs.0, knobs.1));
    let made: Vec<Vec<Token>> = made.collect::<Result<_, _>>().map_err(RecipeError::Export)?;
    Ok(Variety::of(&made, real))
}

fn unproven(
    recipe: &Recipe,
    contest: &Contest,
    vocabulary: &Vocabulary,
    dataset: &Dataset,
    outcome: &Outcome,
    network: &Dense,
) -> Pack {
    let plain = contest.rules == Rules::Plain;
    let description = match plain {
        true => {
            "The plain GAN as the paper describes it, kept to compare: its melodies are not like real ones."
        }
        false => {
            "A fresh melody for every seed, a hundred notes at one stroke; it listens only for your key."
        }
    };
    let card = Card {
        format: Card::FORMAT,
        id: recipe.id.clone(),
        name: if plain { "GAN, plain" } else { "GAN" }.to_owned(),
        description: description.to_owned(),
        kind: Kind::Gan,
        tasks: vec![Task::Fresh],
        knobs: vec![Knob::Temperature, Knob::TopP, Knob::Chord, Knob::KeyLock, Knob::Progression],
        styles: Vec::new(),
        source: "Hirai, a comparison of melody generators (paper A), \"GAN\"".to_owned(),
        licence: "MIT".to_owned(),
        window: 0,
        vocabulary: Some(vocabulary.hash()),
        training: Some(Training {
            command: recipe.command(),
            seed: recipe.seed,
            parameters: network.num_params() as u64,
            steps: outcome.steps,
            minutes: outcome.elapsed.as_secs() / 60,
            seconds_per_epoch: course::seconds_per_epoch(outcome.elapsed, recipe.epochs),
            melodies: dataset.melodies.clone(),
            metrics: BTreeMap::new(),
            course: course::curves(["critics", "generator"], &outcome.course),
        }),
        canary: None,
        files: BTreeMap::new(),
    };
    let files = BTreeMap::from([
        (pack::VOCABULARY.to_owned(), vocabulary.text().into_bytes()),
        (pack::MODEL.to_owned(), network.graph()),
    ]);
    Pack::new(card, files)
}

/// The pack with its figures and its canary: the first tokens of seed 0, as long as the model is sure of them.
fn prove(unproven: Pack, model: &Gan, figures: &Figures) -> Result<Pack, RecipeError> {
    let leading = model.likeliest(0).map_err(RecipeError::Export)?;
    let sure = leading.into_iter().take(CANARY).enumerate();
    // One token there must be, even if another processor may then refuse the pack.
    let sure = sure.take_while(|(place, (_, lead))| *place == 0 || *lead > SAFE_LEAD);
    let answer: Vec<Token> = sure.map(|(_, (token, _))| token).collect();
    let metrics = figures.warm.metrics("").into_iter().chain(figures.cold.metrics("cold_"));
    let metrics: BTreeMap<String, f64> = metrics.map(|(name, figure)| (name, tidy(figure))).collect();
    let files = [pack::VOCABULARY, pack::MODEL]
        .map(|name| unproven.file(name).map(|bytes| (name.to_owned(), bytes.to_vec())));
    let files = files.into_iter().collect::<Result<BTreeMap<_, _>, _>>()?;
    let training = unproven.card.training.map(|training| Training { metrics, ..training });
    let canary = Some(Canary { prompt: Vec::new(), answer });
    Ok(Pack::new(Card { training, canary, ..unproven.card }, files))
}
