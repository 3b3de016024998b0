//! A small network is taught, paused, resumed and repeated.

use std::path::Path;

use burn::tensor::Device;

use super::*;
use crate::seq2seq::{Seq2seq, Shape};

fn shape() -> Shape {
    Shape { vocabulary: 6, embedding: 4, hidden: 8, window: 2 }
}

fn plan(folder: &Path) -> Plan {
    Plan {
        epochs: 4,
        batch: 8,
        workers: 1,
        seed: 5,
        learning_rate: 0.05,
        validate_every: 5,
        folder: folder.to_owned(),
        fingerprint: "test".to_owned(),
    }
}

fn lines() -> Vec<Vec<u32>> {
    (0..4).map(|start| (start..start + 40).map(|place| [0, 1, 2, 3, 4, 5][place % 6]).collect()).collect()
}

fn taught(
    plan: &Plan,
    resume: bool,
    watch: &mut dyn FnMut(&Progress) -> Verdict,
) -> Result<(f64, f64), TrainingError> {
    let lines = lines();
    let windows = Windows::of(&lines, 2, 2, 1);
    let fresh = Seq2seq::new(shape(), 1, &Device::flex().autodiff());
    let before = measure(&fresh, &windows, 16);
    let trained = train(fresh, plan, &windows, &windows, resume, watch)?;
    assert!((measure(&trained.network, &windows, plan.batch) - trained.validation_loss).abs() < 1e-5);
    Ok((before, trained.validation_loss))
}

#[test]
fn a_network_learns_what_repeats() {
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = taught(&plan(folder.path()), false, &mut |_| Verdict::Continue).unwrap();
    assert!(after < before * 0.7, "{before} nats before, {after} after");
}

#[test]
fn a_paused_training_resumes_to_the_same_network() {
    let (straight, broken) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (_, at_once) = taught(&plan(straight.path()), false, &mut |_| Verdict::Continue).unwrap();
    let plan = plan(broken.path());
    let mut stop_at_seven = |progress: &Progress| match progress.step {
        7 => Verdict::Pause,
        _ => Verdict::Continue,
    };
    assert!(matches!(taught(&plan, false, &mut stop_at_seven), Err(TrainingError::Paused { step: 7, .. })));
    let (_, resumed) = taught(&plan, true, &mut |_| Verdict::Continue).unwrap();
    assert!((resumed - at_once).abs() < 1e-6, "{at_once} at once, {resumed} resumed");
}

#[test]
fn another_runs_checkpoint_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let paused = taught(&plan(folder.path()), false, &mut |_| Verdict::Pause);
    assert!(matches!(paused, Err(TrainingError::Paused { .. })));
    let other = Plan { fingerprint: "other".to_owned(), ..plan(folder.path()) };
    assert!(matches!(taught(&other, true, &mut |_| Verdict::Continue), Err(TrainingError::OtherRun { .. })));
}

#[test]
fn two_workers_learn_what_one_learns() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (_, alone) = taught(&plan(one.path()), false, &mut |_| Verdict::Continue).unwrap();
    let pair = Plan { workers: 2, ..plan(two.path()) };
    let (_, together) = taught(&pair, false, &mut |_| Verdict::Continue).unwrap();
    assert!((alone - together).abs() < 1e-3, "{alone} alone, {together} together");
}
