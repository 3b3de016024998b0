//! Step after step of any teaching: looks, progress, pauses.

use std::time::{Duration, Instant};

use super::checkpoint::{Checkpoint, Standing};
use super::{Plan, Progress, TrainingError, Verdict};
use crate::windows::{Batch, Windows};

/// A teaching under way: networks, their optimizer, and how far it has come.
pub(crate) trait Teaching: Sized {
    /// How far it has come.
    fn standing(&mut self) -> &mut Standing;

    /// Learns from a batch; the standing counts a step more.
    fn step(self, batch: &Batch, steps: u64) -> Result<Self, TrainingError>;

    /// Measures, notes and saves.
    fn look(&mut self, checkpoint: &Checkpoint) -> Result<(), TrainingError>;

    /// Saves, to go on from here.
    fn save(&self, checkpoint: &Checkpoint) -> Result<(), TrainingError>;

    /// What is told of its standing, `done` steps having taken the time `spent`.
    fn progress(&mut self, steps: u64, spent: Duration, done: u64) -> Progress {
        self.standing().progress(steps, spent, done)
    }
}

/// How many steps one time through the windows takes; none where there are no windows.
pub(crate) fn steps_an_epoch(plan: &Plan, windows: &Windows<'_>) -> u64 {
    windows.len().div_ceil(plan.batch.max(1)) as u64
}

/// Takes a teaching to so many steps, the windows in another order each time through; not one without windows. `watch` is
/// called after every step.
///
/// # Errors
/// [`TrainingError`], among them that the watcher asked to pause.
pub(crate) fn taught<T: Teaching>(
    mut teaching: T,
    plan: &Plan,
    windows: &Windows<'_>,
    steps: u64,
    watch: &mut dyn FnMut(&Progress) -> Verdict,
) -> Result<T, TrainingError> {
    let checkpoint = Checkpoint::new(plan);
    let epoch = steps_an_epoch(plan, windows);
    let (begun, before) = (Instant::now(), teaching.standing().elapsed);
    let first = teaching.standing().step;
    while epoch > 0 && teaching.standing().step < steps {
        let done = teaching.standing().step;
        let order = windows.shuffled(plan.seed, done / epoch);
        for batch in order.batches(plan.batch, (done % epoch) as usize) {
            teaching = teaching.step(&batch, steps)?;
            let standing = teaching.standing();
            standing.elapsed = before + begun.elapsed();
            let step = standing.step;
            let last = step == steps;
            if last || step.is_multiple_of(plan.validate_every) {
                teaching.look(&checkpoint)?;
            }
            let verdict = watch(&teaching.progress(steps, begun.elapsed(), step - first));
            if last {
                break;
            }
            if verdict == Verdict::Pause {
                teaching.save(&checkpoint)?;
                return Err(TrainingError::Paused { step, steps });
            }
        }
    }
    Ok(teaching)
}

/// The full rate for the first half of a teaching, then less and less.
pub(crate) fn falling_from_half(peak: f64, step: u64, steps: u64) -> f64 {
    let left = 1.0 - step as f64 / steps.max(1) as f64;
    peak * (2.0 * left).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_full_for_half_of_the_steps() {
        let rates = [0, 50, 75, 100].map(|step| falling_from_half(2.0, step, 100));
        assert_eq!(rates, [2.0, 2.0, 1.0, 0.0]);
    }
}
