//! The recipes of paper B's LSTM-GAN, basic LSTM and dense network: several notes at once, with lengths and velocities.

use std::collections::BTreeMap;
use std::time::Duration;

use burn::module::Module;
use burn::tensor::Device;
use generator::pack::card::Training;
use generator::pack::{self, Canary, Card, Kind, Pack};
use generator::performer::{Manner, NOISE};
use generator::{Knob, Task};
use melody::{Style, Token};

use super::file::Recipe;
use super::surprise::tidy;
use super::{News, Order, RecipeError, Watch, course, write_card};
use crate::performer::contest::{self, Material, Outcome, Pair, Rules};
use crate::performer::{Critic, Performer, Shape, listening, run};
use crate::training::{self, Plan, Verdict};
use crate::windows::Windows;
use figures::Figures;
use pieces::Pieces;

mod card;
mod figures;
mod pieces;

/// The least lead in nats that an answer of the canary needs, so that another processor's rounding cannot change it.
const SAFE_LEAD: f32 = 0.02;
/// The most tokens that a canary asks for.
const CANARY: usize = 20;
/// Of so many windows of the validation part one is looked at, or the looks would take longer than the teaching.
const LOOKED_AT: usize = 16;
/// Looks at a stage of a teaching.
const LOOKS: u64 = 12;

/// What the recipe asks for.
struct Numbers {
    kind: Kind,
    shape: Shape,
    /// Layers and units of the critic; none for a performer that is taught alone.
    critic: Option<[usize; 2]>,
    /// Notes of a window, and from one window to the next.
    notes: usize,
    stride: usize,
    /// The next note alone comes first.
    pretraining: bool,
    curriculum: bool,
    l2: f64,
    plain_descent: bool,
    /// How many times as large the scores of pitches, and of what is given the pitch, are made in the end.
    sureness: [f64; 2],
    contest: Contest,
}

/// What the recipe asks of the contest with the critic.
#[derive(Default)]
struct Contest {
    steps: u64,
    rate: f64,
    anchor: f64,
    freezing: bool,
    feature_matching: bool,
    /// Steps of the contests without freezing, without feature matching and without both, for comparison.
    ablation_steps: u64,
}

impl Numbers {
    fn of(recipe: &Recipe) -> Result<Numbers, RecipeError> {
        match recipe.kind.as_str() {
            "lstm-gan" => Numbers::of_gan(recipe),
            "dense" => {
                let [layers, hidden, memory, notes, stride] =
                    recipe.sizes(["layers", "hidden", "memory", "notes", "stride"])?;
                let manner = Manner::Words { memory: memory.clamp(1, 16), noise: 0 };
                let shape = Shape { manner, layers: 0, dense: layers, hidden };
                Numbers::alone(recipe, Kind::Dense, shape, [notes, stride])
            }
            _ => {
                let [layers, hidden, notes, stride] =
                    recipe.sizes(["layers", "hidden", "notes", "stride"])?;
                let manner = Manner::Words { memory: 1, noise: 0 };
                let shape = Shape { manner, layers, dense: 0, hidden };
                Numbers::alone(recipe, Kind::BasicLstm, shape, [notes, stride])
            }
        }
    }

    fn alone(
        recipe: &Recipe,
        kind: Kind,
        shape: Shape,
        [notes, stride]: [usize; 2],
    ) -> Result<Numbers, RecipeError> {
        let [curriculum, l2, sureness, rest_sureness] =
            recipe.options(["curriculum", "l2", "sureness", "rest_sureness"])?;
        let (pretraining, plain_descent, contest) = (true, false, Contest::default());
        let curriculum = curriculum > 0.0;
        Ok(Numbers {
            kind,
            shape,
            critic: None,
            notes,
            stride,
            pretraining,
            curriculum,
            l2,
            plain_descent,
            sureness: [sureness, rest_sureness],
            contest,
        })
    }

    fn of_gan(recipe: &Recipe) -> Result<Numbers, RecipeError> {
        let names = [
            "layers",
            "hidden",
            "critic_layers",
            "critic",
            "notes",
            "stride",
            "contest_steps",
            "ablation_steps",
        ];
        let [layers, hidden, critic_layers, critic, notes, stride, contest_steps, ablation_steps] =
            recipe.sizes(names)?;
        let names = [
            "words",
            "pretraining",
            "curriculum",
            "freezing",
            "feature_matching",
            "l2",
            "plain_descent",
            "contest_rate",
            "anchor",
            "sureness",
            "rest_sureness",
        ];
        let numbers = recipe.options(names)?;
        let [words, pretraining, curriculum, freezing, feature_matching, l2, ..] = numbers;
        let [.., plain_descent, rate, anchor, sureness, rest_sureness] = numbers;
        let manner = if words > 0.0 { Manner::Words { memory: 1, noise: NOISE } } else { Manner::Numbers };
        Ok(Numbers {
            kind: Kind::LstmGan,
            shape: Shape { manner, layers, dense: 0, hidden },
            critic: Some([critic_layers, critic]),
            notes,
            stride,
            pretraining: pretraining > 0.0,
            curriculum: curriculum > 0.0,
            l2,
            plain_descent: plain_descent > 0.0,
            sureness: [sureness, rest_sureness],
            contest: Contest {
                steps: contest_steps as u64,
                rate,
                anchor,
                freezing: freezing > 0.0,
                feature_matching: feature_matching > 0.0,
                ablation_steps: ablation_steps as u64,
            },
        })
    }

    fn rules(&self, steps: u64, against: bool) -> Rules {
        Rules {
            manner: self.shape.manner,
            steps,
            against,
            curriculum: self.curriculum,
            freezing: self.contest.freezing,
            feature_matching: self.contest.feature_matching,
            l2: self.l2,
            plain_descent: self.plain_descent,
            anchor: self.contest.anchor,
        }
    }
}

/// What became of the stages of a teaching.
struct Taught {
    network: Performer,
    validation_loss: f64,
    steps: u64,
    notes: u64,
    elapsed: Duration,
    seconds_per_epoch: Option<f64>,
    course: BTreeMap<String, Vec<(u64, f64)>>,
}

/// Reads the recipe's collections, teaches alone and, where the recipe says so, against a critic, measures what is
/// played and writes the pack.
///
/// # Errors
/// [`RecipeError`]; a paused training is one of them and leaves a checkpoint.
pub fn make(recipe: &Recipe, order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    let numbers = Numbers::of(recipe)?;
    if recipe.epochs == 0 || recipe.batch == 0 {
        return Err(RecipeError::NotTaught(recipe.id.clone()));
    }
    let pieces = Pieces::read(recipe, order, numbers.notes, watch)?;
    let taught = teach(recipe, order, &numbers, &pieces, watch)?;
    let network = taught.network.valid().halved();
    let surer = network.clone().surer(numbers.sureness[0], numbers.sureness[1]).halved();
    let unproven = unproven(recipe, &numbers, &pieces, &taught, &surer);
    let model = generator::performer::Performer::load(&unproven)?;
    let loss = {
        let test = Windows::weighted(&pieces.test, numbers.notes, 0, 4 * numbers.notes, &recipe.data);
        contest::measure(&network, numbers.shape.manner, &test, recipe.batch)
    };
    let figures =
        Figures::of(&model, &pieces, loss).map_err(|error| RecipeError::Export(error.to_string()))?;
    let pack = prove(unproven, &model, &figures, &taught)?;
    pack.write(&order.pack)?;
    write_card(&order.pack, &card::text(recipe, &numbers, &pack.card, &pieces, &taught, &figures))?;
    for stage in Stage::ALL {
        contest::forget(&plan(recipe, order, &numbers, &pieces, stage, 1));
    }
    Ok(pack.card)
}

/// The stages of a teaching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Alone,
    Contest,
    WithoutFreezing,
    WithoutFeatureMatching,
    WithoutBoth,
}

impl Stage {
    const ALL: [Stage; 5] = [
        Stage::Alone,
        Stage::Contest,
        Stage::WithoutFreezing,
        Stage::WithoutFeatureMatching,
        Stage::WithoutBoth,
    ];

    fn folder(self) -> &'static str {
        match self {
            Stage::Alone => "alone",
            Stage::Contest => "contest",
            Stage::WithoutFreezing => "without-freezing",
            Stage::WithoutFeatureMatching => "without-feature-matching",
            Stage::WithoutBoth => "without-both",
        }
    }

    /// What its curves are called after the figure's own name.
    fn suffix(self) -> &'static str {
        match self {
            Stage::Alone | Stage::Contest => "",
            Stage::WithoutFreezing => " without freezing",
            Stage::WithoutFeatureMatching => " without feature matching",
            Stage::WithoutBoth => " without both",
        }
    }

    fn rules(self, rules: Rules) -> Rules {
        let (freezes, matches) = match self {
            Stage::Alone | Stage::Contest => return rules,
            Stage::WithoutFreezing => (false, rules.feature_matching),
            Stage::WithoutFeatureMatching => (rules.freezing, false),
            Stage::WithoutBoth => (false, false),
        };
        Rules { freezing: freezes, feature_matching: matches, ..rules }
    }
}

fn plan(
    recipe: &Recipe,
    order: &Order,
    numbers: &Numbers,
    pieces: &Pieces,
    stage: Stage,
    steps: u64,
) -> Plan {
    Plan {
        epochs: recipe.epochs,
        batch: recipe.batch,
        workers: 1,
        seed: recipe.seed,
        learning_rate: if stage == Stage::Alone { recipe.learning_rate } else { numbers.contest.rate },
        validate_every: (steps / LOOKS).max(1),
        folder: order.checkpoints.join(stage.folder()),
        fingerprint: format!("{} {} {}", recipe.fingerprint(), pieces.train.len(), stage.folder()),
    }
}

fn teach(
    recipe: &Recipe,
    order: &Order,
    numbers: &Numbers,
    pieces: &Pieces,
    watch: Watch<'_>,
) -> Result<Taught, RecipeError> {
    let train = Windows::weighted(&pieces.train, numbers.notes, 0, numbers.stride, &recipe.data);
    let validation =
        Windows::weighted(&pieces.validation, numbers.notes, 0, LOOKED_AT * numbers.notes, &recipe.data);
    let material = Material { train: &train, validation: &validation };
    let blank = blank(recipe, numbers);
    let mut stage = |stage: Stage, pair: Pair, steps: u64| -> Result<Outcome, RecipeError> {
        let rules = stage.rules(numbers.rules(steps, stage != Stage::Alone));
        let plan = plan(recipe, order, numbers, pieces, stage, steps);
        let mut report =
            |progress: &training::Progress| -> Verdict { watch(&News::Teaching(progress.clone())) };
        let mut listen = |performer: &Performer| listening::listen(performer, &blank);
        Ok(contest::teach(pair, &rules, &plan, &material, order.resume, &mut listen, &mut report)?)
    };
    let device = Device::flex().autodiff();
    let hears = run::heard(numbers.shape.manner);
    let critic =
        numbers.critic.map(|[layers, hidden]| Critic::new(hears, layers, hidden, recipe.seed, &device));
    let mut pair = Pair {
        performer: Performer::new(&numbers.shape, recipe.seed, &device),
        critic: critic.into_iter().collect(),
    };
    let epoch = train.len().div_ceil(recipe.batch).max(1) as u64;
    let mut taught = Taught {
        network: pair.performer.clone(),
        validation_loss: f64::NAN,
        steps: 0,
        notes: 0,
        elapsed: Duration::ZERO,
        seconds_per_epoch: None,
        course: BTreeMap::new(),
    };
    if numbers.pretraining {
        let outcome = stage(Stage::Alone, pair, epoch * recipe.epochs)?;
        taught.seconds_per_epoch = course::seconds_per_epoch(outcome.elapsed, recipe.epochs);
        pair = taught.take(outcome, Stage::Alone);
    }
    if numbers.critic.is_none() {
        return Ok(taught);
    }
    let before = (pair.clone(), taught.steps);
    let outcome = stage(Stage::Contest, pair, numbers.contest.steps)?;
    taught.take(outcome, Stage::Contest);
    let others = [Stage::WithoutFreezing, Stage::WithoutFeatureMatching, Stage::WithoutBoth];
    for other in others.into_iter().filter(|_| numbers.contest.ablation_steps > 0) {
        let outcome = stage(other, before.0.clone(), numbers.contest.ablation_steps)?;
        taught.note(outcome.curves, before.1, other);
    }
    Ok(taught)
}

impl Taught {
    /// Takes over what a stage came to; gives its networks.
    fn take(&mut self, outcome: Outcome, stage: Stage) -> Pair {
        self.note(outcome.curves, self.steps, stage);
        self.network = outcome.pair.performer.clone();
        self.validation_loss = outcome.validation_loss;
        self.steps += outcome.steps;
        self.notes += outcome.notes;
        self.elapsed += outcome.elapsed;
        outcome.pair
    }

    /// Notes the curves of a stage that began after so many steps.
    fn note(&mut self, curves: BTreeMap<String, Vec<(u64, f64)>>, after: u64, stage: Stage) {
        for (name, curve) in curves {
            let curve = curve.into_iter().map(|(step, figure)| (step + after, figure));
            self.course.entry(format!("{name}{}", stage.suffix())).or_default().extend(curve);
        }
    }

    fn notes_per_second(&self) -> f64 {
        self.notes as f64 / self.elapsed.as_secs_f64().max(f64::MIN_POSITIVE)
    }
}

/// The card of a model that is not yet taught, to listen to it.
fn blank(recipe: &Recipe, numbers: &Numbers) -> Card {
    let (name, description, source) = card::words(numbers);
    Card {
        format: Card::FORMAT,
        id: recipe.id.clone(),
        name: name.to_owned(),
        description: description.to_owned(),
        kind: numbers.kind,
        tasks: vec![Task::Fresh, Task::Continue],
        knobs: knobs(numbers),
        styles: Style::PERFORMED.to_vec(),
        source: source.to_owned(),
        licence: card::LICENCE.to_owned(),
        window: 0,
        vocabulary: None,
        training: None,
        canary: None,
        files: BTreeMap::new(),
    }
}

/// A network that speaks in numbers has no odds to sharpen and knows no style.
fn knobs(numbers: &Numbers) -> Vec<Knob> {
    let all = [Knob::Temperature, Knob::TopP, Knob::Chord, Knob::KeyLock, Knob::Style, Knob::Progression];
    let in_words = numbers.shape.manner != Manner::Numbers;
    all.into_iter().filter(|knob| in_words || !matches!(knob, Knob::TopP | Knob::Style)).collect()
}

fn unproven(
    recipe: &Recipe,
    numbers: &Numbers,
    pieces: &Pieces,
    taught: &Taught,
    network: &Performer,
) -> Pack {
    let blank = blank(recipe, numbers);
    let in_words = numbers.shape.manner != Manner::Numbers;
    let card = Card {
        styles: if in_words { pieces.styles() } else { Vec::new() },
        training: Some(Training {
            command: recipe.command(),
            seed: recipe.seed,
            parameters: network.num_params() as u64,
            steps: taught.steps,
            minutes: taught.elapsed.as_secs() / 60,
            seconds_per_epoch: taught.seconds_per_epoch,
            melodies: pieces.melodies.clone(),
            metrics: BTreeMap::new(),
            course: taught.course.clone(),
        }),
        ..blank
    };
    Pack::new(card, BTreeMap::from([(pack::MODEL.to_owned(), network.graph())]))
}

/// The pack with its figures and its canary: the first notes, as long as the model is sure of them.
fn prove(
    unproven: Pack,
    model: &generator::performer::Performer,
    figures: &Figures,
    taught: &Taught,
) -> Result<Pack, RecipeError> {
    let leading = model.likeliest(CANARY).map_err(RecipeError::Export)?;
    // One token there must be, even if another processor may then refuse the pack.
    let sure =
        leading.into_iter().enumerate().take_while(|(place, (_, lead))| *place == 0 || *lead > SAFE_LEAD);
    let answer: Vec<Token> = sure.map(|(_, (token, _))| token).collect();
    let mut metrics = figures.metrics();
    metrics.insert("validation_loss_per_note".to_owned(), tidy(taught.validation_loss));
    metrics.insert("training_notes_per_second".to_owned(), taught.notes_per_second().round());
    let files = BTreeMap::from([(pack::MODEL.to_owned(), unproven.file(pack::MODEL)?.to_vec())]);
    let training = unproven.card.training.map(|training| Training { metrics, ..training });
    let canary = Some(Canary { prompt: Vec::new(), answer });
    Ok(Pack::new(Card { training, canary, ..unproven.card }, files))
}
