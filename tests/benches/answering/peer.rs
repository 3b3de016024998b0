//! onnxruntime on the same two files, where the system's Python has it.

use std::env;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The variable that names a Python with onnxruntime and numpy.
const PYTHON: &str = "CONTINUO_PYTHON";

/// What onnxruntime made of the walk.
pub struct Onnxruntime {
    /// Its version.
    pub version: String,
    /// Milliseconds of CPU of a walk, the median.
    pub walk: f64,
    /// Milliseconds to load both graphs and walk once, the median.
    pub first: f64,
    /// The tokens that it chose.
    pub ids: Vec<usize>,
}

impl Onnxruntime {
    /// Lets onnxruntime walk the graphs of this folder so many steps after what was heard, taking the likeliest token
    /// each time; or says why it cannot.
    pub fn walk(folder: &Path, heard: &[usize], steps: usize, runs: usize) -> Result<Onnxruntime, String> {
        let python = env::var_os(PYTHON).unwrap_or_else(|| "python3".into());
        let has = Command::new(&python).args(["-c", "import onnxruntime, numpy"]).output();
        if !has.is_ok_and(|has| has.status.success()) {
            return Err(format!(
                "{} has no onnxruntime and numpy; {PYTHON} may name one that has",
                python.display()
            ));
        }
        let heard = heard.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/answering/onnxruntime_peer.py");
        let walk = Command::new(&python)
            .arg(script)
            .arg(folder)
            .args([heard, steps.to_string(), runs.to_string()])
            .output();
        let walk = walk.map_err(|error| error.to_string())?;
        let refuse = || format!("its script failed: {}", String::from_utf8_lossy(&walk.stderr).trim());
        let found: Value = serde_json::from_slice(&walk.stdout).map_err(|_| refuse())?;
        let ids = found["ids"].as_array().ok_or_else(refuse)?.iter();
        Ok(Onnxruntime {
            version: found["version"].as_str().ok_or_else(refuse)?.to_owned(),
            walk: found["walk_ms"].as_f64().ok_or_else(refuse)?,
            first: found["first_ms"].as_f64().ok_or_else(refuse)?,
            ids: ids.filter_map(Value::as_u64).map(|id| id as usize).collect(),
        })
    }
}
