//! Teaching the house model: batches, gradients, looks at the validation part, checkpoints, resume.

use std::time::Instant;

use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::{AdamWConfig, GradientsAccumulator, GradientsParams, ModuleOptimizer};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use super::batches::{Batch, Ears, Stretches};
use super::held_out::{self, Surprise};
use super::pieces::Piece;
use super::{House, Noise};
use crate::training::checkpoint::{Checkpoint, Standing};
use crate::training::{Plan, Progress, Trained, TrainingError, Verdict};

/// Notes of each validation melody that count, so that a look does not take longer than what is between two.
const MOST: usize = 400;

/// What the network may know, and how much of it is thinned out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lesson {
    /// What it hears.
    pub ears: Ears,
    /// The share of each state's numbers that is left out.
    pub dropout: f64,
}

/// Teaches `fresh` by a plan, or goes on from the plan's checkpoint when `resume` is set and there is one. `watch` is called
/// after every step. The checkpoint stays, for what comes after may fail.
///
/// # Errors
/// [`TrainingError`], among them that the watcher asked to pause.
pub fn teach(
    fresh: House,
    lesson: Lesson,
    plan: &Plan,
    train: &Stretches<'_>,
    validation: &[&Piece],
    resume: bool,
    watch: &mut dyn FnMut(&Progress) -> Verdict,
) -> Result<Trained<House>, TrainingError> {
    let checkpoint = Checkpoint::new(plan);
    let optimizer = AdamWConfig::new()
        .with_grad_clipping(Some(GradientClippingConfig::Norm(1.0)))
        .with_weight_decay(0.01)
        .init();
    let mut school = match resume.then(|| checkpoint.load(&fresh, &optimizer)).transpose()?.flatten() {
        Some((network, optimizer, standing)) => School { network, optimizer, standing, lesson },
        None => School { network: fresh, optimizer, standing: Standing::fresh(&plan.fingerprint), lesson },
    };
    let batches = train.len().div_ceil(plan.batch.max(1)) as u64;
    let steps = batches * plan.epochs;
    let began = (Instant::now(), school.standing.elapsed, school.standing.step);
    while school.standing.step < steps {
        let order = train.order(plan.seed, school.standing.step / batches);
        for starts in order.chunks(plan.batch).skip((school.standing.step % batches) as usize) {
            school = school.step(starts, train, plan, steps)?;
            school.standing.elapsed = began.1 + began.0.elapsed();
            let last = school.standing.step == steps;
            if last || school.standing.step.is_multiple_of(plan.validate_every) {
                school.look(validation, &checkpoint)?;
            }
            let done = school.standing.step - began.2;
            let verdict = watch(&school.standing.progress(steps, began.0.elapsed(), done));
            if verdict == Verdict::Pause && !last {
                checkpoint.save(&school.network, &school.optimizer, &school.standing)?;
                return Err(TrainingError::Paused { step: school.standing.step, steps });
            }
        }
    }
    let network = checkpoint.load_best(school.network)?;
    let Standing { best, step, elapsed, course, curves, .. } = school.standing;
    Ok(Trained { network, validation_loss: best, steps: step, elapsed, course, curves })
}

/// Removes the checkpoint of a training whose network is safe elsewhere.
pub fn forget(plan: &Plan) {
    Checkpoint::new(plan).remove();
}

/// A training under way.
struct School {
    network: House,
    optimizer: ModuleOptimizer,
    standing: Standing,
    lesson: Lesson,
}

impl School {
    fn step(
        mut self,
        starts: &[(usize, usize)],
        train: &Stretches<'_>,
        plan: &Plan,
        steps: u64,
    ) -> Result<School, TrainingError> {
        let mut dice = ChaCha8Rng::seed_from_u64(plan.seed);
        // A stream for each step: a resumed run throws what an unbroken one does.
        dice.set_stream(self.standing.step + 1);
        let parts = train.batch(starts, self.lesson.ears, plan.workers, &mut dice);
        let (loss, gradients) = self.learn(&parts, plan.seed);
        if !loss.is_finite() {
            return Err(TrainingError::Diverged { step: self.standing.step });
        }
        let rate = rate(plan.learning_rate, self.standing.step, steps);
        self.network = self.optimizer.step(rate, self.network, gradients);
        let standing = &mut self.standing;
        standing.step += 1;
        let weight = (1.0 / standing.step as f64).max(0.01);
        standing.training_loss += weight * (loss - standing.training_loss);
        Ok(self)
    }

    /// The mean loss and its gradients over the parts of a batch, each part on a thread of its own.
    fn learn(&self, parts: &[Batch], seed: u64) -> (f64, GradientsParams) {
        let notes: usize = parts.iter().map(Batch::notes).sum();
        let one = |network: &House, number: usize, part: &Batch| {
            let stream = self.standing.step << 8 | number as u64;
            let mut noise = Noise::new(self.lesson.dropout, seed, stream);
            let share = part.notes() as f64 / notes.max(1) as f64;
            let loss = network.loss(part, &mut noise).mul_scalar(share);
            let gradients = GradientsParams::from_grads(loss.backward(), network);
            (f64::from(loss.into_scalar::<f32>()), gradients)
        };
        let learnt: Vec<(f64, GradientsParams)> = if let [only] = parts {
            vec![one(&self.network, 0, only)]
        } else {
            // Each thread has a graph of its own: in one they use up what the other still needs.
            let device = self.network.devices().into_iter().next().unwrap_or_default();
            let fork = || self.network.clone().fork(&device);
            std::thread::scope(|scope| {
                let one = &one;
                let spawn = |(number, part)| {
                    let own = fork();
                    scope.spawn(move || one(&own, number, part))
                };
                let workers: Vec<_> = parts.iter().enumerate().map(spawn).collect();
                let join = |worker: std::thread::ScopedJoinHandle<'_, _>| match worker.join() {
                    Ok(learnt) => learnt,
                    Err(panic) => std::panic::resume_unwind(panic),
                };
                workers.into_iter().map(join).collect()
            })
        };
        let mut sum = GradientsAccumulator::new();
        let mut loss = 0.0;
        for (part_loss, gradients) in learnt {
            loss += part_loss;
            sum.accumulate(&self.network, gradients);
        }
        (loss, sum.grads())
    }

    /// Measures the network on the validation part, keeps it if it is the best so far, and saves a checkpoint.
    fn look(&mut self, validation: &[&Piece], checkpoint: &Checkpoint) -> Result<(), TrainingError> {
        let network = self.network.valid();
        let surprises = held_out::surprises(&network, validation, MOST, self.lesson.ears.witnesses);
        let (loss, _) = Surprise::of(validation, &surprises).mean();
        let standing = &mut self.standing;
        standing.validation_loss = Some(loss);
        standing.course.push((standing.step, standing.training_loss, loss));
        if loss < standing.best {
            standing.best = loss;
            checkpoint.save_best(&self.network)?;
        }
        checkpoint.save(&self.network, &self.optimizer, &self.standing)
    }
}

/// Rises over the first steps, stays for half of the way, and falls along a half cosine to a fiftieth.
fn rate(peak: f64, step: u64, steps: u64) -> f64 {
    let warm_up = (steps / 20).clamp(1, 100);
    let rise = ((step + 1) as f64 / warm_up as f64).min(1.0);
    let late = (2.0 * step as f64 / steps as f64 - 1.0).max(0.0);
    peak * rise * (0.02 + 0.98 * 0.5 * (1.0 + (std::f64::consts::PI * late).cos()))
}
