//! Teaching critics and generator in turns, with progress, pauses and checkpoints.

use std::time::Duration;

use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor};
use generator::gan::NOTES;
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

use super::loss::Rules;
use super::{Adversaries, Shape, melodies};
use crate::training::checkpoint::{Checkpoint, Standing};
use crate::training::rounds::{self, Teaching, falling_from_half};
use crate::training::{Plan, Progress, TrainingError, Verdict};
use crate::windows::{Batch, Windows};

/// How the contest is held.
#[derive(Debug, Clone, PartialEq)]
pub struct Contest {
    /// The networks' sizes.
    pub shape: Shape,
    /// What each side strives for.
    pub rules: Rules,
    /// How much the squared gradient of each critic weighs, in the order of [`Shape::windows`].
    pub penalties: Vec<f64>,
    /// How much a stretch weighs for the generator, in the order of [`Shape::windows`].
    pub weights: Vec<f64>,
    /// How much of the averaged weights stays at each step; 0 keeps the latest alone.
    pub average: f64,
}

/// A contest that came to its end.
#[derive(Debug)]
pub struct Outcome {
    /// The networks.
    pub networks: Adversaries,
    /// Steps done.
    pub steps: u64,
    /// Time spent in all stretches.
    pub elapsed: Duration,
    /// The course: `(step, the critics' loss, the generator's loss)`, both smoothed.
    pub course: Vec<(u64, f64, f64)>,
}

/// Holds a contest by a plan, or goes on from the plan's checkpoint when `resume` is set and there is one. `watch` is
/// called after every step. One thread does it all, whatever the plan says of workers.
///
/// # Errors
/// [`TrainingError`], among them that the watcher asked to pause.
pub fn train(
    fresh: Adversaries,
    contest: &Contest,
    plan: &Plan,
    train: &Windows<'_>,
    resume: bool,
    watch: &mut dyn FnMut(&Progress) -> Verdict,
) -> Result<Outcome, TrainingError> {
    let checkpoint = Checkpoint::new(plan);
    let duel = Duel::begin(fresh, contest, plan, &checkpoint, resume)?;
    let steps = rounds::steps_an_epoch(plan, train) * plan.epochs;
    let duel = rounds::taught(duel, plan, train, steps, watch)?;
    checkpoint.remove();
    let Standing { step, elapsed, course, .. } = duel.standing;
    Ok(Outcome { networks: duel.networks, steps: step, elapsed, course })
}

/// A contest under way. The standing's losses are those of the critics (training) and the generator (validation).
struct Duel<'a> {
    contest: &'a Contest,
    plan: &'a Plan,
    networks: Adversaries,
    optimizer: ModuleOptimizer,
    standing: Standing,
}

impl<'a> Duel<'a> {
    fn begin(
        fresh: Adversaries,
        contest: &'a Contest,
        plan: &'a Plan,
        checkpoint: &Checkpoint,
        resume: bool,
    ) -> Result<Duel<'a>, TrainingError> {
        let optimizer = match contest.rules {
            Rules::Plain => AdamConfig::new().init(),
            // What the other side does changes at every step: what it did before misleads.
            Rules::Paired => AdamConfig::new().with_beta_1(0.0).with_beta_2(0.99).init(),
        };
        if resume && let Some((networks, optimizer, standing)) = checkpoint.load(&fresh, &optimizer)? {
            return Ok(Duel { contest, plan, networks, optimizer, standing });
        }
        Ok(Duel { contest, plan, networks: fresh, optimizer, standing: Standing::fresh(&plan.fingerprint) })
    }

    fn made(&self, rows: usize, dice: &mut ChaCha8Rng, device: &Device) -> Tensor<2> {
        let scores = self.networks.generator.scores(melodies::noise(rows, dice, device));
        melodies::made(scores, &self.contest.shape)
    }

    fn critics_loss(&self, real: &Tensor<2>, made: &Tensor<2>, dice: &mut ChaCha8Rng) -> Tensor<1> {
        let critics = self.networks.critics.iter().zip(self.contest.shape.windows());
        let losses = critics.zip(&self.contest.penalties).map(|((critic, window), penalty)| {
            let (real, made, _) = self.cut(real, made, window, dice);
            self.contest.rules.critic(critic, real, made, *penalty)
        });
        sum(losses)
    }

    fn generators_loss(&self, real: &Tensor<2>, made: &Tensor<2>, dice: &mut ChaCha8Rng) -> Tensor<1> {
        let critics = self.networks.critics.iter().zip(self.contest.shape.windows());
        let losses = critics.zip(&self.contest.weights).map(|((critic, window), weight)| {
            let (real, made, count) = self.cut(real, made, window, dice);
            // A melody has so many stretches, and each counts.
            self.contest.rules.generator(critic, real, made).mul_scalar(weight * count as f64)
        });
        sum(losses)
    }

    /// Stretches of `window` tokens of real and made melodies, with how many each melody has.
    fn cut(
        &self,
        real: &Tensor<2>,
        made: &Tensor<2>,
        window: usize,
        dice: &mut ChaCha8Rng,
    ) -> (Tensor<2>, Tensor<2>, usize) {
        let from = if window < NOTES { dice.next_u32() as usize % window } else { 0 };
        let cut = |whole: &Tensor<2>| melodies::stretches(whole.clone(), &self.contest.shape, window, from);
        (cut(real), cut(made), (NOTES - from) / window)
    }
}

impl Teaching for Duel<'_> {
    fn standing(&mut self) -> &mut Standing {
        &mut self.standing
    }

    /// One step of the critics, one of the generator, on the same real melodies.
    fn step(mut self, batch: &Batch, steps: u64) -> Result<Self, TrainingError> {
        let plan = self.plan;
        let mut dice = ChaCha8Rng::seed_from_u64(plan.seed);
        // A stream for each step: a resumed run throws what an unbroken one does.
        dice.set_stream(self.standing.step + 1);
        let rate = falling_from_half(plan.learning_rate, self.standing.step, steps);
        let shape = &self.contest.shape;
        let device = self.networks.generator.layers[0].weights.val().device();
        let real = melodies::real(batch, shape, &device);

        let made = self.made(batch.size, &mut dice, &device).detach();
        let critics_loss = self.critics_loss(&real, &made, &mut dice);
        let mut gradients = critics_loss.backward();
        let gradients = GradientsParams::from_module(&mut gradients, &self.networks.critics);
        self.networks = self.optimizer.step(rate, self.networks, gradients);

        let made = self.made(batch.size, &mut dice, &device);
        let generators_loss = self.generators_loss(&real, &made, &mut dice);
        let mut gradients = generators_loss.backward();
        let gradients = GradientsParams::from_module(&mut gradients, &self.networks.generator);
        self.networks = self.optimizer.step(rate, self.networks, gradients);
        self.networks.average(self.contest.average);

        let losses = (critics_loss.into_scalar::<f32>(), generators_loss.into_scalar::<f32>());
        if !losses.0.is_finite() || !losses.1.is_finite() {
            return Err(TrainingError::Diverged { step: self.standing.step });
        }
        let standing = &mut self.standing;
        standing.step += 1;
        let weight = (1.0 / standing.step as f64).max(0.01);
        let generators = standing.validation_loss.unwrap_or_default();
        standing.training_loss += weight * (f64::from(losses.0) - standing.training_loss);
        standing.validation_loss = Some(generators + weight * (f64::from(losses.1) - generators));
        Ok(self)
    }

    fn look(&mut self, checkpoint: &Checkpoint) -> Result<(), TrainingError> {
        let standing = &mut self.standing;
        let generators = standing.validation_loss.unwrap_or_default();
        standing.course.push((standing.step, standing.training_loss, generators));
        self.save(checkpoint)
    }

    fn save(&self, checkpoint: &Checkpoint) -> Result<(), TrainingError> {
        checkpoint.save(&self.networks, &self.optimizer, &self.standing)
    }

    /// Without a validation loss: what the generator loses says nothing of unseen music.
    fn progress(&mut self, steps: u64, spent: Duration, done: u64) -> Progress {
        Progress { validation_loss: None, ..self.standing.progress(steps, spent, done) }
    }
}

fn sum(losses: impl Iterator<Item = Tensor<1>>) -> Tensor<1> {
    let sum = losses.reduce(|sum, loss| sum + loss);
    sum.unwrap_or_else(|| unreachable!("there is a critic for whole melodies"))
}

#[cfg(test)]
mod tests {
    use generator::gan::Layout;

    use super::*;
    use crate::parity;
    use crate::weights::numbers;

    fn contest() -> Contest {
        let vocabulary = parity::vocabulary();
        let layout = Layout::apart(&vocabulary).unwrap();
        let shape = Shape::of(&vocabulary, layout, 24, 24, 10);
        Contest {
            shape,
            rules: Rules::Paired,
            penalties: vec![0.1, 0.1],
            weights: vec![1.0, 1.0],
            average: 0.9,
        }
    }

    fn plan(folder: &std::path::Path, epochs: u64) -> Plan {
        Plan {
            epochs,
            batch: 8,
            workers: 1,
            seed: 5,
            learning_rate: 2e-3,
            validate_every: 3,
            folder: folder.to_owned(),
            fingerprint: "test".to_owned(),
        }
    }

    /// Scales up and down, from each note of the vocabulary.
    fn lines() -> Vec<Vec<u32>> {
        (0..19).map(|first| (0..140).map(|place| 1 + (first + place) % 19).collect()).collect()
    }

    fn run(plan: &Plan, resume: bool, until: u64) -> Result<Outcome, TrainingError> {
        let (contest, lines) = (contest(), lines());
        let windows = Windows::of(&lines, NOTES, 0, 10);
        let fresh = Adversaries::new(&contest.shape, 5, &Device::flex().autodiff());
        let mut watch = |progress: &Progress| {
            if progress.step >= until { Verdict::Pause } else { Verdict::Continue }
        };
        train(fresh, &contest, plan, &windows, resume, &mut watch)
    }

    #[test]
    fn both_sides_learn_and_the_average_follows() {
        let folder = tempfile::tempdir().unwrap();
        let outcome = run(&plan(folder.path(), 1), false, u64::MAX).unwrap();
        let fresh = Adversaries::new(&contest().shape, 5, &Device::flex());
        let first = |network: &super::super::Dense| numbers(&network.layers[0].weights);
        assert_ne!(first(&outcome.networks.generator), first(&fresh.generator));
        assert_ne!(first(&outcome.networks.averaged), first(&outcome.networks.generator));
        assert_ne!(first(&outcome.networks.averaged), first(&fresh.averaged));
        for (taught, fresh) in outcome.networks.critics.iter().zip(&fresh.critics) {
            assert_ne!(first(taught), first(fresh));
        }
        assert_eq!(outcome.course.last().map(|(step, _, _)| *step), Some(outcome.steps));
    }

    #[test]
    fn a_paused_contest_goes_on_as_if_it_had_not_been() {
        let (whole, parts) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let unbroken = run(&plan(whole.path(), 1), false, u64::MAX).unwrap();
        let paused = run(&plan(parts.path(), 1), false, 4).unwrap_err();
        assert!(matches!(paused, TrainingError::Paused { step: 4, .. }));
        let resumed = run(&plan(parts.path(), 1), true, u64::MAX).unwrap();
        let last = |outcome: &Outcome| numbers(&outcome.networks.averaged.layers[3].weights);
        assert_eq!(last(&resumed), last(&unbroken));
        assert_eq!(std::fs::read_dir(parts.path()).unwrap().count(), 0);
    }
}
