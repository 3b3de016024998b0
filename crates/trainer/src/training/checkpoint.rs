//! A training on disk: weights, the optimizer's memory, and how far it has come.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use burn::tensor::Bytes;
use serde::{Deserialize, Serialize};

use super::{Plan, Progress, TrainingError};

/// How far a training has come, as saved beside its weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Standing {
    pub fingerprint: String,
    pub step: u64,
    pub training_loss: f64,
    pub validation_loss: Option<f64>,
    /// The best validation loss so far.
    pub best: f64,
    pub elapsed: Duration,
    pub course: Vec<(u64, f64, f64)>,
    /// Further curves by name, for a training that notes more than two figures.
    #[serde(default)]
    pub curves: BTreeMap<String, Vec<(u64, f64)>>,
}

impl Standing {
    pub fn fresh(fingerprint: &str) -> Standing {
        Standing {
            fingerprint: fingerprint.to_owned(),
            step: 0,
            training_loss: 0.0,
            validation_loss: None,
            best: f64::MAX,
            elapsed: Duration::ZERO,
            course: Vec::new(),
            curves: BTreeMap::new(),
        }
    }

    /// How far it is on its way of so many `steps`, of which `done` took the time `spent`.
    pub fn progress(&self, steps: u64, spent: Duration, done: u64) -> Progress {
        Progress {
            step: self.step,
            steps,
            training_loss: self.training_loss,
            validation_loss: self.validation_loss,
            elapsed: self.elapsed,
            remaining: spent.div_f64(done.max(1) as f64).mul_f64((steps - self.step) as f64),
        }
    }
}

/// The files of a training's checkpoint.
pub(crate) struct Checkpoint {
    folder: PathBuf,
    fingerprint: String,
}

const LATEST: &str = "checkpoint-latest.bpk";
const BEST: &str = "checkpoint-best.bpk";
const OPTIMIZER: &str = "checkpoint-optimizer.bpk";
const STANDING: &str = "checkpoint.json";

impl Checkpoint {
    pub fn new(plan: &Plan) -> Checkpoint {
        Checkpoint { folder: plan.folder.clone(), fingerprint: plan.fingerprint.clone() }
    }

    /// Writes everything; the standing comes last and by renaming, so that a cut leaves the checkpoint before it.
    pub fn save<N: Module>(
        &self,
        network: &N,
        optimizer: &ModuleOptimizer,
        standing: &Standing,
    ) -> Result<(), TrainingError> {
        self.write(LATEST, |path| network.clone().save_file(path).map_err(|error| error.to_string()))?;
        self.write(OPTIMIZER, |path| optimizer.save(path).map_err(|error| error.to_string()))?;
        let text = serde_json::to_string(standing).map_err(|error| self.refuse(&error.to_string()))?;
        self.write(STANDING, |path| fs::write(path, &text).map_err(|error| error.to_string()))
    }

    pub fn save_best<N: Module>(&self, network: &N) -> Result<(), TrainingError> {
        self.write(BEST, |path| network.clone().save_file(path).map_err(|error| error.to_string()))
    }

    pub fn load_best<N: Module>(&self, network: N) -> Result<N, TrainingError> {
        self.load_weights(network, BEST)
    }

    /// What was saved, or nothing where nothing was.
    pub fn load<N: Module>(
        &self,
        network: &N,
        optimizer: &ModuleOptimizer,
    ) -> Result<Option<(N, ModuleOptimizer, Standing)>, TrainingError> {
        let Ok(text) = fs::read_to_string(self.folder.join(STANDING)) else { return Ok(None) };
        let standing: Standing =
            serde_json::from_str(&text).map_err(|error| self.refuse(&error.to_string()))?;
        if standing.fingerprint != self.fingerprint {
            return Err(TrainingError::OtherRun { folder: self.folder.clone() });
        }
        let network = self.load_weights(network.clone(), LATEST)?;
        let optimizer = optimizer.clone().from_bytes(self.read(OPTIMIZER)?);
        let optimizer = optimizer.map_err(|error| self.refuse(&error.to_string()))?;
        Ok(Some((network, optimizer, standing)))
    }

    fn load_weights<N: Module>(&self, network: N, name: &str) -> Result<N, TrainingError> {
        let record = ModuleRecord::from_bytes(self.read(name)?);
        let loaded = record.and_then(|record| network.try_load_record(record));
        loaded.map_err(|error| self.refuse(&error.to_string()))
    }

    /// The bytes of a file: burn reads a file's tensors only when they are used, and by then it may be another's.
    fn read(&self, name: &str) -> Result<Bytes, TrainingError> {
        let bytes = fs::read(self.folder.join(name)).map_err(|error| self.refuse(&error.to_string()))?;
        Ok(Bytes::from_bytes_vec(bytes))
    }

    /// Removes the files of a training that is done.
    pub fn remove(&self) {
        for name in [STANDING, LATEST, BEST, OPTIMIZER] {
            // A file left behind harms nothing: the next fresh run writes over it.
            let _ = fs::remove_file(self.folder.join(name));
        }
    }

    fn write(&self, name: &str, write: impl Fn(&Path) -> Result<(), String>) -> Result<(), TrainingError> {
        fs::create_dir_all(&self.folder).map_err(|error| self.refuse(&error.to_string()))?;
        let unfinished = self.folder.join(format!("new-{name}"));
        write(&unfinished).map_err(|reason| self.refuse(&reason))?;
        fs::rename(&unfinished, self.folder.join(name)).map_err(|error| self.refuse(&error.to_string()))
    }

    fn refuse(&self, reason: &str) -> TrainingError {
        TrainingError::Checkpoint { folder: self.folder.clone(), reason: reason.to_owned() }
    }
}
