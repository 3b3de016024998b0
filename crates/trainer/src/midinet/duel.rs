//! Teaching critic and generator in turns, with looks at the validation part, pauses and checkpoints.

use std::collections::BTreeMap;
use std::time::Duration;

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::activation::log_sigmoid;
use burn::tensor::{Device, Tensor, TensorData};
use generator::midinet::bar::STEPS;
use generator::sampling::Dice;
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

use super::bars::Known;
use super::{Adversaries, Conditions, Generator, Shape, tables};
use crate::training::checkpoint::{Checkpoint, Standing};
use crate::training::rounds::{self, Teaching, falling_from_half};
use crate::training::{Plan, Progress, TrainingError, Verdict};
use crate::windows::{Batch, Windows};

/// Bars at a time that are made for a look at the validation part.
const LOOK: usize = 256;
/// The most bars of the validation part that are looked at.
const MOST_LOOKED_AT: usize = 2048;

/// How far a bar's numbers are shaken to see how a judgement changes.
const SHAKE: f64 = 0.05;

/// How the contest is held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contest {
    /// The networks' sizes.
    pub shape: Shape,
    /// Whether the critic sees ones and zeros of made bars, too ([`tables::made`]).
    pub sharp: bool,
    /// What real bars count as, 1 or a little less (one-sided label smoothing; the original: 0.9).
    pub label: f64,
    /// How much the mean made bar is to be like the mean real one (the original: 0.1).
    pub bar_matching: f64,
    /// How much what the critic's first layer sees is to be alike in the mean (the original: 0.01).
    pub feature_matching: f64,
    /// How much the squared slope of the critic weighs, on real and on made bars; 0 in the original.
    pub penalty: f64,
    /// How much of the averaged weights stays at each step; 0 keeps the latest alone.
    pub average: f64,
    /// The share of bars whose chord is told.
    pub told: f64,
}

/// A contest that came to its end.
#[derive(Debug)]
pub struct Outcome {
    /// The generator that did best on the validation part.
    pub generator: Generator,
    /// Steps done.
    pub steps: u64,
    /// Time spent in all stretches.
    pub elapsed: Duration,
    /// The course: `(step, the critic's loss, smoothed; the distance from the validation part)`.
    pub course: Vec<(u64, f64, f64)>,
    /// What was heard at each look, by name.
    pub curves: BTreeMap<String, Vec<(u64, f64)>>,
}

/// What is heard of a generator at a look, by name.
pub type Listen<'a> = &'a mut dyn FnMut(&Generator) -> BTreeMap<String, f64>;

/// Holds a contest by a plan, or goes on from the plan's checkpoint when `resume` is set and there is one. Windows are of
/// two bars, as places in `known`: the one before and the one to be made. `listen` is called at each look at the validation
/// part, `watch` after every step. One thread does it all, whatever the plan says of workers.
///
/// # Errors
/// [`TrainingError`], among them that the watcher asked to pause.
pub fn train(
    contest: &Contest,
    plan: &Plan,
    known: &[Known],
    (train, validation): (&Windows<'_>, &Windows<'_>),
    resume: bool,
    listen: Listen<'_>,
    watch: &mut dyn FnMut(&Progress) -> Verdict,
) -> Result<Outcome, TrainingError> {
    let checkpoint = Checkpoint::new(plan);
    let duel = Duel::begin(contest, plan, (known, validation), listen, &checkpoint, resume)?;
    let steps = rounds::steps_an_epoch(plan, train) * plan.epochs;
    let duel = rounds::taught(duel, plan, train, steps, watch)?;
    let networks = checkpoint.load_best(duel.networks)?;
    checkpoint.remove();
    let Standing { step, elapsed, course, curves, .. } = duel.standing;
    Ok(Outcome { generator: networks.averaged.valid(), steps: step, elapsed, course, curves })
}

/// A contest under way.
struct Duel<'a> {
    contest: &'a Contest,
    plan: &'a Plan,
    known: &'a [Known],
    validation: &'a Windows<'a>,
    listen: Listen<'a>,
    networks: Adversaries,
    optimizer: ModuleOptimizer,
    standing: Standing,
    device: Device,
}

impl<'a> Duel<'a> {
    fn begin(
        contest: &'a Contest,
        plan: &'a Plan,
        (known, validation): (&'a [Known], &'a Windows<'a>),
        listen: Listen<'a>,
        checkpoint: &Checkpoint,
        resume: bool,
    ) -> Result<Duel<'a>, TrainingError> {
        let device = Device::flex().autodiff();
        let fresh = Adversaries::new(&contest.shape, plan.seed, &device);
        // What the other side does changes at every step: what it did long before misleads.
        let optimizer = AdamConfig::new().with_beta_1(0.5).with_beta_2(0.99).init();
        let found = if resume { checkpoint.load(&fresh, &optimizer)? } else { None };
        let (networks, optimizer, standing) =
            found.unwrap_or_else(|| (fresh, optimizer, Standing::fresh(&plan.fingerprint)));
        Ok(Duel { contest, plan, known, validation, listen, networks, optimizer, standing, device })
    }

    fn made(&self, conditions: &Conditions, dice: &mut Dice) -> Tensor<2> {
        let z = tables::noise(conditions.chord.dims()[0], dice, &self.device);
        tables::made(self.networks.generator.scores(z, conditions), self.contest.sharp)
    }

    fn critics_loss(
        &self,
        real: &Tensor<2>,
        made: Tensor<2>,
        conditions: &Conditions,
        signs: &mut ChaCha8Rng,
    ) -> Tensor<1> {
        let Contest { label, penalty, .. } = *self.contest;
        let judge = |bars: Tensor<2>| self.judge(bars, conditions).0;
        let (of_real, of_made) = (judge(real.clone()), judge(made.clone()));
        let lost = log_sigmoid(of_real.clone()).mul_scalar(-label)
            + log_sigmoid(of_real.clone().neg()).mul_scalar(label - 1.0)
            - log_sigmoid(of_made.clone().neg());
        if penalty <= 0.0 {
            return lost.mean();
        }
        let slopes = [(real.clone(), of_real), (made, of_made)].map(|(bars, judged)| {
            let change = judge(shaken(bars, signs)) - judged;
            change.div_scalar(SHAKE).powi_scalar(2).mean().mul_scalar(penalty)
        });
        slopes.into_iter().fold(lost.mean(), |sum, slope| sum + slope)
    }

    fn generators_loss(&self, real: &Tensor<2>, made: Tensor<2>, conditions: &Conditions) -> Tensor<1> {
        let Contest { bar_matching, feature_matching, .. } = *self.contest;
        let (judged, seen) = self.judge(made.clone(), conditions);
        let (_, seen_of_real) = self.judge(real.clone(), conditions);
        let bars = conditions.chord.dims()[0];
        let distance =
            |a: Tensor<2>, b: Tensor<2>| (mean_bar(a, bars) - mean_bar(b, bars)).powi_scalar(2).sum();
        log_sigmoid(judged).mean().neg()
            + distance(made, real.clone()).mul_scalar(bar_matching)
            + distance(seen, seen_of_real.detach()).mul_scalar(feature_matching)
    }

    fn judge(&self, bars: Tensor<2>, conditions: &Conditions) -> (Tensor<2>, Tensor<2>) {
        self.networks.critic.judge(bars, conditions, self.contest.shape.hears)
    }
}

impl Teaching for Duel<'_> {
    fn standing(&mut self) -> &mut Standing {
        &mut self.standing
    }

    /// One step of the critic, one of the generator, on the same real bars.
    fn step(mut self, batch: &Batch, steps: u64) -> Result<Self, TrainingError> {
        let plan = self.plan;
        // Dice for each step: a resumed run throws what an unbroken one does.
        let mut dice = Dice::new(plan.seed ^ (self.standing.step + 1) << 20);
        let rate = falling_from_half(plan.learning_rate, self.standing.step, steps);
        let (before, bars) = pairs(self.known, batch);
        let told = self.contest.told;
        let mut is_told = Dice::new(!plan.seed ^ (self.standing.step + 1) << 20);
        let conditions = tables::conditions(&bars, &before, || is_told.throw() < told, &self.device);
        let real = tables::real(&bars, &self.device);

        let made = self.made(&conditions, &mut dice).detach();
        let lost = self.critics_loss(&real, made, &conditions, &mut signs(plan.seed, self.standing.step));
        let mut gradients = lost.backward();
        let gradients = GradientsParams::from_module(&mut gradients, &self.networks.critic);
        self.networks = self.optimizer.step(rate, self.networks, gradients);

        let made = self.made(&conditions, &mut dice);
        let generators = self.generators_loss(&real, made, &conditions);
        let mut gradients = generators.backward();
        let gradients = GradientsParams::from_module(&mut gradients, &self.networks.generator);
        self.networks = self.optimizer.step(rate, self.networks, gradients);
        self.networks.average(self.contest.average);

        let losses = (lost.into_scalar::<f32>(), generators.into_scalar::<f32>());
        if !losses.0.is_finite() || !losses.1.is_finite() {
            return Err(TrainingError::Diverged { step: self.standing.step });
        }
        self.standing.step += 1;
        let weight = (1.0 / self.standing.step as f64).max(0.01);
        self.standing.training_loss += weight * (f64::from(losses.0) - self.standing.training_loss);
        Ok(self)
    }

    /// Measures the averaged generator on the validation part, keeps the best so far, and saves all.
    fn look(&mut self, checkpoint: &Checkpoint) -> Result<(), TrainingError> {
        let generator = self.networks.averaged.valid();
        let distance = distance(&generator, self.known, self.validation);
        let standing = &mut self.standing;
        for (name, figure) in (self.listen)(&generator) {
            standing.curves.entry(name).or_default().push((standing.step, figure));
        }
        standing.validation_loss = Some(distance);
        standing.course.push((standing.step, standing.training_loss, distance));
        if distance < standing.best {
            standing.best = distance;
            checkpoint.save_best(&self.networks)?;
        }
        self.save(checkpoint)
    }

    fn save(&self, checkpoint: &Checkpoint) -> Result<(), TrainingError> {
        checkpoint.save(&self.networks, &self.optimizer, &self.standing)
    }
}

/// Bars of which each number is a little higher or lower, as signs fall. The mean over all signs of the squared change of
/// a judgement is the squared length of its gradient (Lin et al., 2025, "approximated R1").
fn shaken(bars: Tensor<2>, signs: &mut ChaCha8Rng) -> Tensor<2> {
    let [rows, width] = bars.dims();
    let mut values = Vec::with_capacity(rows * width);
    while values.len() < rows * width {
        let bits = signs.next_u64();
        values.extend((0..64).map(|bit| if bits >> bit & 1 == 0 { SHAKE as f32 } else { -SHAKE as f32 }));
    }
    values.truncate(rows * width);
    let shake = Tensor::<2>::from_data(TensorData::new(values, [rows, width]), &bars.device());
    bars + shake
}

/// The signs of a step.
fn signs(seed: u64, step: u64) -> ChaCha8Rng {
    let mut signs = ChaCha8Rng::seed_from_u64(seed);
    signs.set_stream(step + 1);
    signs
}

/// The mean over bars of what lies in rows, bar after bar, `[1, all of a bar]`.
fn mean_bar(x: Tensor<2>, bars: usize) -> Tensor<2> {
    let [rows, width] = x.dims();
    x.reshape([bars, rows / bars * width]).mean_dim(0)
}

/// A batch's bars before, and its bars.
pub fn pairs<'a>(known: &'a [Known], batch: &Batch) -> (Vec<&'a Known>, Vec<&'a Known>) {
    let bar = |id: &i32| &known[*id as usize];
    batch.inputs.chunks_exact(2).map(|pair| (bar(&pair[0]), bar(&pair[1]))).unzip()
}

/// How far made bars are from real ones: the share of pairs of a step's row and the next one's by which the two
/// histograms differ, 0 to 1. Bars are made for the chords and the bars before of the windows.
pub fn distance(generator: &Generator, known: &[Known], windows: &Windows<'_>) -> f64 {
    let (mut dice, device) = (Dice::new(1), Device::flex());
    let mut shares: BTreeMap<(u8, u8), f64> = BTreeMap::new();
    let looks = windows.batches(LOOK, 0).take(MOST_LOOKED_AT / LOOK);
    let mut all = 0.0;
    for batch in looks {
        let (before, bars) = pairs(known, &batch);
        let conditions = tables::conditions(&bars, &before, || true, &device);
        let made = tables::likeliest(generator, tables::noise(bars.len(), &mut dice, &device), &conditions);
        for (real, made) in bars.iter().zip(made.chunks_exact(STEPS)) {
            real.rows.windows(2).for_each(|pair| *shares.entry((pair[0], pair[1])).or_default() += 1.0);
            made.windows(2).for_each(|pair| *shares.entry((pair[0], pair[1])).or_default() -= 1.0);
            all += (STEPS - 1) as f64;
        }
    }
    shares.values().map(|share| share.abs()).sum::<f64>() / (2.0 * all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::midinet::tests::shape;
    use crate::weights::numbers;

    fn contest(hears: bool) -> Contest {
        Contest {
            shape: shape(hears),
            sharp: true,
            label: 0.9,
            bar_matching: 0.1,
            feature_matching: 0.01,
            penalty: 0.05,
            average: 0.9,
            told: 0.7,
        }
    }

    fn plan(folder: &std::path::Path) -> Plan {
        Plan {
            epochs: 2,
            batch: 8,
            workers: 1,
            seed: 5,
            learning_rate: 2e-3,
            validate_every: 3,
            folder: folder.to_owned(),
            fingerprint: "test".to_owned(),
        }
    }

    /// Silence and twenty bars of two notes each.
    fn known() -> Vec<Known> {
        let bar = |number: u8| {
            let row = |step: usize| if step.is_multiple_of(8) { 60 + number % 12 } else { 1 };
            Known { rows: std::array::from_fn(row), chord: Some(number) }
        };
        [Known::SILENCE].into_iter().chain((0..20).map(bar)).collect()
    }

    fn run(contest: &Contest, plan: &Plan, resume: bool, until: u64) -> Result<Outcome, TrainingError> {
        let (known, lines) = (known(), vec![(0..=20).collect::<Vec<u32>>(); 2]);
        let windows = Windows::of(&lines, 2, 0, 1);
        let mut watch = |progress: &Progress| {
            if progress.step >= until { Verdict::Pause } else { Verdict::Continue }
        };
        train(contest, plan, &known, (&windows, &windows), resume, &mut |_| BTreeMap::new(), &mut watch)
    }

    #[test]
    fn a_paused_contest_goes_on_as_if_it_had_not_been() {
        let (whole, parts) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let contest = contest(true);
        let unbroken = run(&contest, &plan(whole.path()), false, u64::MAX).unwrap();
        let paused = run(&contest, &plan(parts.path()), false, 4).unwrap_err();
        assert!(matches!(paused, TrainingError::Paused { step: 4, .. }));
        let resumed = run(&contest, &plan(parts.path()), true, u64::MAX).unwrap();
        assert_eq!(numbers(&resumed.generator.rows.weights), numbers(&unbroken.generator.rows.weights));
        let (resumed, unbroken) = (resumed.course, unbroken.course);
        let near = |(a, b): (&(u64, f64, f64), &(u64, f64, f64))| {
            a.0 == b.0 && (a.1 - b.1).abs() + (a.2 - b.2).abs() < 1e-9
        };
        assert!(resumed.len() == unbroken.len() && resumed.iter().zip(&unbroken).all(near));
        assert_eq!(std::fs::read_dir(parts.path()).unwrap().count(), 0);
    }

    #[test]
    fn both_sides_learn() {
        let folder = tempfile::tempdir().unwrap();
        for hears in [false, true] {
            let outcome = run(&contest(hears), &plan(folder.path()), false, u64::MAX).unwrap();
            let fresh = Adversaries::new(&shape(hears), 5, &Device::flex());
            for (taught, fresh) in outcome.generator.layers().into_iter().zip(fresh.generator.layers()) {
                assert_ne!(numbers(&taught.weights), numbers(&fresh.weights));
            }
            assert_eq!(outcome.course.last().map(|(step, _, _)| *step), Some(outcome.steps));
            assert!(outcome.course.iter().all(|(_, _, distance)| (0.0..=1.0).contains(distance)));
        }
    }

    #[test]
    fn a_generator_that_makes_the_real_bars_is_at_no_distance() {
        let bar = Known { rows: [64; STEPS], chord: None };
        let mut generator = Adversaries::new(&shape(false), 5, &Device::flex()).generator;
        let bias: Vec<f32> = (0..128).map(|row| if row == 64 { 1e3 } else { 0.0 }).collect();
        generator.rows.bias = burn::module::Param::from_data(TensorData::new(bias, [128]), &Device::flex());
        let distance =
            |known: &[Known]| distance(&generator, known, &Windows::of(&[vec![0_u32, 1]], 2, 0, 1));
        assert_eq!(distance(&[Known::SILENCE, bar]), 0.0);
        assert_eq!(distance(&[Known::SILENCE, Known { rows: [65; STEPS], ..bar }]), 1.0);
    }
}
