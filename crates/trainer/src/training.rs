//! Teaching a network: batches, gradients, progress, cancel, checkpoints, resume.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::{AdamWConfig, GradientsAccumulator, GradientsParams, ModuleOptimizer};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Int, Tensor, TensorData};

use crate::windows::{Batch, Windows};

pub(crate) mod checkpoint;
pub(crate) mod rounds;

use checkpoint::{Checkpoint, Standing};
use rounds::Teaching;

/// A network that can be taught from windows of tokens.
pub trait Network: Module + Send + Sync + 'static {
    /// Mean surprise in nats a token over a batch, as a tensor of one number.
    fn loss(&self, batch: &Batch) -> Tensor<1>;

    /// What is made small at this point of the training, 0 to 1; [`Network::loss`] unless noise or weights change with time.
    fn loss_at(&self, batch: &Batch, progress: f64) -> Tensor<1> {
        let _ = progress;
        self.loss(batch)
    }

    /// What is heard of what the network makes, by name, at each look at the validation part; nothing unless it can be
    /// listened to while it learns.
    fn listen(&self) -> BTreeMap<String, f64> {
        BTreeMap::new()
    }
}

/// How to teach.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Times through the training windows.
    pub epochs: u64,
    /// Windows a step.
    pub batch: usize,
    /// Threads that share each batch, their gradients summed.
    pub workers: usize,
    /// Decides the order of the windows.
    pub seed: u64,
    /// AdamW's largest step; it rises over the first steps and falls along a half cosine to zero at the end.
    pub learning_rate: f64,
    /// Steps between looks at the validation part.
    pub validate_every: u64,
    /// Where checkpoints live; emptied of them at the end.
    pub folder: PathBuf,
    /// What the run is made of (data, sizes): a checkpoint of another run is refused.
    pub fingerprint: String,
}

/// How far a training has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Steps done.
    pub step: u64,
    /// Steps in all.
    pub steps: u64,
    /// Loss on the latest training batches, smoothed, in nats a token.
    pub training_loss: f64,
    /// Loss on the validation part when last looked, in nats a token.
    pub validation_loss: Option<f64>,
    /// Time spent, earlier stretches of a resumed run included.
    pub elapsed: Duration,
    /// Time that the remaining steps will take at the pace so far.
    pub remaining: Duration,
}

/// What the watcher of a training wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Continue,
    /// Save a checkpoint and stop.
    Pause,
}

/// A training that came to its end.
#[derive(Debug)]
pub struct Trained<N> {
    /// The weights that did best on the validation part.
    pub network: N,
    /// Their loss there, in nats a token.
    pub validation_loss: f64,
    /// Steps done.
    pub steps: u64,
    /// Time spent in all stretches.
    pub elapsed: Duration,
    /// The course: `(step, training loss, validation loss)` at each look.
    pub course: Vec<(u64, f64, f64)>,
    /// What was heard at each look ([`Network::listen`]), by name.
    pub curves: BTreeMap<String, Vec<(u64, f64)>>,
}

/// Why a training gave no network.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// The watcher asked to stop; the checkpoint is on disk.
    #[error("paused after {step} of {steps} steps; run the same command with --resume to go on")]
    Paused {
        /// Steps done.
        step: u64,
        /// Steps in all.
        steps: u64,
    },
    /// A checkpoint of another run lies in the folder.
    #[error(
        "the checkpoint in {folder} is of another training (other data, sizes or seed): choose another folder, or start anew without --resume"
    )]
    OtherRun {
        /// The folder.
        folder: PathBuf,
    },
    /// A checkpoint could not be written or read.
    #[error("the checkpoint in {folder} cannot be used: {reason}")]
    Checkpoint {
        /// The folder.
        folder: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// The loss became infinite or no number.
    #[error("the training diverged at step {step}: try a smaller learning rate")]
    Diverged {
        /// The step.
        step: u64,
    },
}

/// Teaches `fresh` by a plan, or goes on from the plan's checkpoint when `resume` is set and there is one.
/// `watch` is called after every step.
///
/// The same plan, data, weights and number of workers give the same network on the same kind of machine.
///
/// # Errors
/// [`TrainingError`], among them that the watcher asked to pause.
pub fn train<N: Network>(
    fresh: N,
    plan: &Plan,
    train: &Windows<'_>,
    validation: &Windows<'_>,
    resume: bool,
    watch: &mut dyn FnMut(&Progress) -> Verdict,
) -> Result<Trained<N>, TrainingError> {
    let checkpoint = Checkpoint::new(plan);
    let optimizer = AdamWConfig::new()
        .with_grad_clipping(Some(GradientClippingConfig::Norm(1.0)))
        .with_weight_decay(0.01)
        .init();
    let run = Run::begin(fresh, optimizer, plan, validation, &checkpoint, resume)?;
    let steps = rounds::steps_an_epoch(plan, train) * plan.epochs;
    let run = rounds::taught(run, plan, train, steps, watch)?;
    let network = checkpoint.load_best(run.network)?;
    checkpoint.remove();
    let Standing { best, step, elapsed, course, curves, .. } = run.standing;
    Ok(Trained { network, validation_loss: best, steps: step, elapsed, course, curves })
}

/// Mean surprise in nats over tokens of which each row of `scores` gives the odds.
pub(crate) fn nats(scores: Tensor<2>, tokens: &[i32]) -> Tensor<1> {
    let wanted = TensorData::new(tokens.to_vec(), [tokens.len(), 1]);
    let wanted = Tensor::<2, Int>::from_data(wanted, &scores.device());
    log_softmax(scores, 1).gather(1, wanted).mean().neg()
}

/// Mean loss in nats a token over all windows, without learning.
pub fn measure<N: Network>(network: &N, windows: &Windows<'_>, batch: usize) -> f64 {
    let network = network.valid();
    let (mut nats, mut rows) = (0.0, 0);
    for batch in windows.batches(batch, 0) {
        nats += f64::from(network.loss(&batch).into_scalar::<f32>()) * batch.size as f64;
        rows += batch.size;
    }
    nats / rows.max(1) as f64
}

/// A training under way.
struct Run<'a, N> {
    plan: &'a Plan,
    validation: &'a Windows<'a>,
    network: N,
    optimizer: ModuleOptimizer,
    standing: Standing,
}

impl<'a, N: Network> Run<'a, N> {
    fn begin(
        fresh: N,
        optimizer: ModuleOptimizer,
        plan: &'a Plan,
        validation: &'a Windows<'a>,
        checkpoint: &Checkpoint,
        resume: bool,
    ) -> Result<Run<'a, N>, TrainingError> {
        let kept = if resume { checkpoint.load(&fresh, &optimizer)? } else { None };
        let (network, optimizer, standing) =
            kept.unwrap_or_else(|| (fresh, optimizer, Standing::fresh(&plan.fingerprint)));
        Ok(Run { plan, validation, network, optimizer, standing })
    }
}

impl<N: Network> Teaching for Run<'_, N> {
    fn standing(&mut self) -> &mut Standing {
        &mut self.standing
    }

    fn step(self, batch: &Batch, steps: u64) -> Result<Self, TrainingError> {
        let Run { plan, validation, network, mut optimizer, mut standing } = self;
        let (loss, gradients) =
            learn(&network, &batch.split(plan.workers), standing.step as f64 / steps as f64);
        if !loss.is_finite() {
            return Err(TrainingError::Diverged { step: standing.step });
        }
        let rate = learning_rate(plan.learning_rate, standing.step, steps);
        let network = optimizer.step(rate, network, gradients);
        standing.step += 1;
        let weight = (1.0 / standing.step as f64).max(0.01);
        standing.training_loss += weight * (loss - standing.training_loss);
        Ok(Run { plan, validation, network, optimizer, standing })
    }

    fn look(&mut self, checkpoint: &Checkpoint) -> Result<(), TrainingError> {
        let loss = measure(&self.network, self.validation, self.plan.batch);
        let standing = &mut self.standing;
        standing.validation_loss = Some(loss);
        standing.course.push((standing.step, standing.training_loss, loss));
        for (name, figure) in self.network.listen() {
            standing.curves.entry(name).or_default().push((standing.step, figure));
        }
        if loss < standing.best {
            standing.best = loss;
            checkpoint.save_best(&self.network)?;
        }
        self.save(checkpoint)
    }

    fn save(&self, checkpoint: &Checkpoint) -> Result<(), TrainingError> {
        checkpoint.save(&self.network, &self.optimizer, &self.standing)
    }
}

/// The mean loss and its gradients over the parts of a batch, each part on a thread of its own.
fn learn<N: Network>(network: &N, parts: &[Batch], progress: f64) -> (f64, GradientsParams) {
    let rows: usize = parts.iter().map(|part| part.size).sum();
    let share = |part: &Batch| part.size as f64 / rows as f64;
    let one = |network: &N, part: &Batch| {
        let loss = network.loss_at(part, progress).mul_scalar(share(part));
        let gradients = GradientsParams::from_grads(loss.backward(), network);
        (f64::from(loss.into_scalar::<f32>()), gradients)
    };
    let mut learnt = Vec::with_capacity(parts.len());
    if let [only] = parts {
        learnt.push(one(network, only));
    } else {
        let device = network.devices().into_iter().next().unwrap_or_default();
        // A fork shares the weights but not their place in burn's graph: two threads that walk back through one graph
        // now and then find that the other has used it up.
        let fork = || network.clone().fork(&device);
        std::thread::scope(|scope| {
            let workers: Vec<_> = parts
                .iter()
                .map(|part| (fork(), part))
                .map(|(own, part)| scope.spawn(move || one(&own, part)))
                .collect();
            learnt.extend(workers.into_iter().map(|worker| match worker.join() {
                Ok(answer) => answer,
                Err(panic) => std::panic::resume_unwind(panic),
            }));
        });
    }
    let mut sum = GradientsAccumulator::new();
    let mut loss = 0.0;
    for (part_loss, gradients) in learnt {
        loss += part_loss;
        sum.accumulate(network, gradients);
    }
    (loss, sum.grads())
}

fn learning_rate(peak: f64, step: u64, steps: u64) -> f64 {
    // A twentieth of a short training, 200 steps of a long one.
    let warm_up = (steps / 20).clamp(1, 200);
    let rise = ((step + 1) as f64 / warm_up as f64).min(1.0);
    let fall = 0.5 * (1.0 + (std::f64::consts::PI * step as f64 / steps as f64).cos());
    peak * rise * fall
}

#[cfg(test)]
mod tests;
