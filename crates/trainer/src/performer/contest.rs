//! Teaching a performer, by the next note alone or against a critic, with progress, pauses and checkpoints.

use std::collections::BTreeMap;
use std::time::Duration;

use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::decay::WeightDecayConfig;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::Tensor;
use generator::performer::Manner;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use super::critic::{Judgement, critics_loss, feature_distance, generators_loss};
use super::lesson::Lesson;
use super::{Critic, Performer, run};
use crate::training::checkpoint::{Checkpoint, Standing};
use crate::training::rounds::{self, Teaching};
use crate::training::{Plan, Progress, TrainingError, Verdict};
use crate::windows::{Batch, Windows};

/// Who is taught.
#[derive(Module, Debug)]
pub struct Pair {
    /// The one who plays.
    pub performer: Performer,
    /// The one who judges; none where nobody does.
    pub critic: Vec<Critic>,
}

/// How the teaching goes; what paper B has is switched on and off here.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// How the performer speaks.
    pub manner: Manner,
    /// Steps in all; the plan's epochs are only how they are counted.
    pub steps: u64,
    /// Against the critic, or by the next note alone.
    pub against: bool,
    /// Lines grow from [`Rules::SHORTEST`] notes to the windows' length over the first half of the teaching.
    pub curriculum: bool,
    /// A network is not updated while its loss is below [`Rules::FROZEN`] of the other's.
    pub freezing: bool,
    /// The performer strives for the critic's features instead of its verdict.
    pub feature_matching: bool,
    /// How much of each weight goes at a step, as a share of the learning rate.
    pub l2: f64,
    /// Plain gradient descent as in the paper, instead of AdamW.
    pub plain_descent: bool,
    /// How much the next note still weighs for the performer in the contest; the paper has 0.
    pub anchor: f64,
}

impl Rules {
    /// The notes of a line at the beginning of a curriculum.
    pub const SHORTEST: usize = 8;
    /// A network whose loss is below this share of the other's waits (paper B, "freezing").
    pub const FROZEN: f64 = 0.7;

    /// How long the lines of a step are, of windows of so many notes.
    fn length(&self, step: u64, notes: usize) -> usize {
        let done = step as f64 / self.steps.max(1) as f64;
        let share = if self.curriculum { (2.0 * done).min(1.0) } else { 1.0 };
        let shortest = Self::SHORTEST.min(notes);
        shortest + ((notes - shortest) as f64 * share).round() as usize
    }
}

/// What is noted of a performer while it is taught, by name.
pub type Listen<'a> = &'a mut dyn FnMut(&Performer) -> Result<BTreeMap<String, f64>, String>;

/// A teaching that came to its end.
#[derive(Debug)]
pub struct Outcome {
    /// The networks.
    pub pair: Pair,
    /// The loss on the validation part when last looked.
    pub validation_loss: f64,
    /// Steps done.
    pub steps: u64,
    /// Notes heard in these, repeated ones counted anew.
    pub notes: u64,
    /// Time spent in all stretches.
    pub elapsed: Duration,
    /// What was noted, by name: `(step, figure)`.
    pub curves: BTreeMap<String, Vec<(u64, f64)>>,
}

/// The stretches of music to teach with and to look at.
pub struct Material<'a> {
    /// To learn from.
    pub train: &'a Windows<'a>,
    /// To look at now and then.
    pub validation: &'a Windows<'a>,
}

/// Teaches by a plan, or goes on from the plan's checkpoint when `resume` is set and there is one. `watch` is called after
/// every step, `listen` at each look. One thread does it all, whatever the plan says of workers. Without a critic the
/// weights that did best on the validation part are given, with one the latest.
///
/// The checkpoint stays, so that one who comes back to a teaching that is done has its outcome at once; [`forget`]
/// removes it.
///
/// # Errors
/// [`TrainingError`], among them that the watcher asked to pause.
pub fn teach(
    fresh: Pair,
    rules: &Rules,
    plan: &Plan,
    material: &Material<'_>,
    resume: bool,
    listen: Listen<'_>,
    watch: &mut dyn FnMut(&Progress) -> Verdict,
) -> Result<Outcome, TrainingError> {
    let checkpoint = Checkpoint::new(plan);
    let contest = Contest::begin(fresh, rules, plan, material, listen, &checkpoint, resume)?;
    let contest = rounds::taught(contest, plan, material.train, rules.steps, watch)?;
    let heard = |step| (rules.length(step, contest.notes) * plan.batch) as u64;
    let notes = (0..contest.standing.step).map(heard).sum();
    let Contest { pair, standing, .. } = contest;
    let pair = if rules.against { pair } else { checkpoint.load_best(pair)? };
    let Standing { step, elapsed, curves, best, validation_loss, .. } = standing;
    let validation_loss = if rules.against { validation_loss.unwrap_or(best) } else { best };
    Ok(Outcome { pair, validation_loss, steps: step, notes, elapsed, curves })
}

/// Removes the checkpoint of a teaching whose outcome is safe.
pub fn forget(plan: &Plan) {
    Checkpoint::new(plan).remove();
}

/// A teaching under way.
struct Contest<'a> {
    rules: &'a Rules,
    plan: &'a Plan,
    material: &'a Material<'a>,
    listen: Listen<'a>,
    pair: Pair,
    optimizer: ModuleOptimizer,
    standing: Standing,
    /// Notes of a window.
    notes: usize,
}

impl<'a> Contest<'a> {
    fn begin(
        fresh: Pair,
        rules: &'a Rules,
        plan: &'a Plan,
        material: &'a Material<'a>,
        listen: Listen<'a>,
        checkpoint: &Checkpoint,
        resume: bool,
    ) -> Result<Contest<'a>, TrainingError> {
        let clipping = Some(GradientClippingConfig::Norm(1.0));
        let optimizer = match rules.plain_descent {
            true => SgdConfig::new()
                .with_weight_decay(Some(WeightDecayConfig::new(rules.l2 as f32)))
                .with_gradient_clipping(clipping)
                .init(),
            false => {
                AdamWConfig::new().with_grad_clipping(clipping).with_weight_decay(rules.l2 as f32).init()
            }
        };
        let notes = material.train.batches(1, 0).next().map_or(0, |batch| batch.inputs.len());
        let kept = if resume { checkpoint.load(&fresh, &optimizer)? } else { None };
        let (pair, optimizer, standing) =
            kept.unwrap_or_else(|| (fresh, optimizer, Standing::fresh(&plan.fingerprint)));
        Ok(Contest { rules, plan, material, listen, pair, optimizer, standing, notes })
    }

    /// The next note alone.
    fn drill(&mut self, lesson: &Lesson, dice: &mut ChaCha8Rng) -> f64 {
        let loss = self.pair.performer.loss(lesson, self.rules.manner, dice);
        let value = f64::from(loss.clone().into_scalar::<f32>());
        let rate = match self.rules.plain_descent {
            true => self.plan.learning_rate,
            false => falling(self.plan.learning_rate, self.standing.step, self.rules.steps),
        };
        self.update_performer(loss, rate);
        value
    }

    /// One round with the critic; the performer's loss is given.
    fn contest(&mut self, lesson: &Lesson, dice: &mut ChaCha8Rng) -> f64 {
        let (rules, manner) = (self.rules, self.rules.manner);
        let device = self.pair.performer.output.weights.val().device();
        let real = run::real(lesson, manner, &device);
        let made = self.pair.performer.run(lesson, manner, dice);
        let still: Vec<Tensor<2>> = made.iter().map(|note| note.clone().detach()).collect();
        let (of_real, of_made) = (self.judge(&real), self.judge(&still));
        let losses =
            (scalar(critics_loss(&of_real, &of_made)), scalar(of_made.real.clone().log().mean().neg()));
        let [critic_waits, performer_waits] = waiting(losses, rules.freezing);
        if !critic_waits {
            let mut gradients = critics_loss(&of_real, &of_made).backward();
            let gradients = GradientsParams::from_module(&mut gradients, &self.pair.critic);
            self.pair = self.optimizer.step(self.plan.learning_rate, self.pair.clone(), gradients);
        }
        if !performer_waits {
            let (of_real, of_made) = (self.judge(&real), self.judge(&made));
            let mut loss = match rules.feature_matching {
                true => feature_distance(&of_real, &of_made),
                false => generators_loss(&of_made),
            };
            if rules.anchor > 0.0 {
                let next = self.pair.performer.loss(lesson, manner, dice);
                loss = loss + next.mul_scalar(rules.anchor);
            }
            self.update_performer(loss, self.plan.learning_rate);
        }
        if losses.0.is_finite() { losses.1 } else { losses.0 }
    }

    fn judge(&self, line: &[Tensor<2>]) -> Judgement {
        let critic = self.pair.critic.first();
        critic.unwrap_or_else(|| unreachable!("a contest has a critic")).judge(line)
    }

    fn update_performer(&mut self, loss: Tensor<1>, rate: f64) {
        let mut gradients = loss.backward();
        let gradients = GradientsParams::from_module(&mut gradients, &self.pair.performer);
        self.pair = self.optimizer.step(rate, self.pair.clone(), gradients);
    }
}

impl Teaching for Contest<'_> {
    fn standing(&mut self) -> &mut Standing {
        &mut self.standing
    }

    fn step(mut self, batch: &Batch, _: u64) -> Result<Self, TrainingError> {
        let mut dice = ChaCha8Rng::seed_from_u64(self.plan.seed);
        // A stream for each step: a resumed run throws what an unbroken one does.
        dice.set_stream(self.standing.step + 1);
        let lesson = Lesson::of(batch, self.rules.length(self.standing.step, self.notes));
        let loss = match self.rules.against {
            true => self.contest(&lesson, &mut dice),
            false => self.drill(&lesson, &mut dice),
        };
        if !loss.is_finite() {
            return Err(TrainingError::Diverged { step: self.standing.step });
        }
        let standing = &mut self.standing;
        standing.step += 1;
        let weight = (1.0 / standing.step as f64).max(0.01);
        standing.training_loss += weight * (loss - standing.training_loss);
        Ok(self)
    }

    /// Looks at the validation part, listens, and saves.
    fn look(&mut self, checkpoint: &Checkpoint) -> Result<(), TrainingError> {
        let performer = self.pair.performer.valid();
        let loss = measure(&performer, self.rules.manner, self.material.validation, self.plan.batch);
        let heard = (self.listen)(&performer).map_err(|reason| TrainingError::Checkpoint {
            folder: self.plan.folder.clone(),
            reason: format!("what is taught cannot be played: {reason}"),
        })?;
        let standing = &mut self.standing;
        let training = if self.rules.against { "generator" } else { "training" };
        let losses = [(training.to_owned(), standing.training_loss), ("validation".to_owned(), loss)];
        for (name, figure) in losses.into_iter().chain(heard) {
            standing.curves.entry(name).or_default().push((standing.step, (figure * 1e4).round() / 1e4));
        }
        standing.validation_loss = Some(loss);
        if loss < standing.best {
            standing.best = loss;
            checkpoint.save_best(&self.pair)?;
        }
        self.save(checkpoint)
    }

    fn save(&self, checkpoint: &Checkpoint) -> Result<(), TrainingError> {
        checkpoint.save(&self.pair, &self.optimizer, &self.standing)
    }
}

/// Mean loss over all windows, without learning; noise is the same at each look.
pub fn measure(performer: &Performer, manner: Manner, windows: &Windows<'_>, batch: usize) -> f64 {
    let mut dice = ChaCha8Rng::seed_from_u64(0);
    let (mut sum, mut rows) = (0.0, 0);
    for batch in windows.batches(batch, 0) {
        let lesson = Lesson::of(&batch, usize::MAX);
        sum += scalar(performer.loss(&lesson, manner, &mut dice)) * batch.size as f64;
        rows += batch.size;
    }
    sum / rows.max(1) as f64
}

/// Whether the critic and the performer wait, by the critic's loss and the performer's, -log D(G(z)): the paper's own
/// log(1 - D(G(z))) is never above 0 and could not be compared with the other. Of the critic's two terms the mean is
/// taken, so that both lose ln 2 where nothing can be told apart: by their sum the performer would wait from the start.
fn waiting((critic, performer): (f64, f64), freezing: bool) -> [bool; 2] {
    let critic = critic / 2.0;
    [freezing && critic < Rules::FROZEN * performer, freezing && performer < Rules::FROZEN * critic]
}

/// A rate that rises over the first steps and falls along a half cosine.
fn falling(peak: f64, step: u64, steps: u64) -> f64 {
    let risen = ((step + 1) as f64 / 100.0).min(1.0);
    let done = step as f64 / steps.max(1) as f64;
    peak * risen * (0.02 + 0.98 * 0.5 * (1.0 + (std::f64::consts::PI * done).cos()))
}

fn scalar(loss: Tensor<1>) -> f64 {
    f64::from(loss.into_scalar::<f32>())
}

#[cfg(test)]
mod tests;
