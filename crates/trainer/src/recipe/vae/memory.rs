//! Vectors half learnt, kept on disk beside the checkpoint of the network.

use std::fs;
use std::path::PathBuf;

use generator::vae::{DIMENSIONS, Vector};

use super::super::file::Recipe;
use super::super::{Order, RecipeError};
use crate::melody2vec::Phrases;
use crate::melody2vec::skipgram::Tables;
use crate::training::TrainingError;

const FILE: &str = "melody2vec.bin";

/// The file that keeps the tables: the run's fingerprint (a line), epochs done (u64), then all numbers (f32), those for
/// phrases first.
pub struct Memory {
    folder: PathBuf,
    fingerprint: String,
}

impl Memory {
    /// The memory of a run; one of another recipe or corpus is refused.
    pub fn of(recipe: &Recipe, order: &Order, phrases: &Phrases) -> Memory {
        let fingerprint =
            format!("{} {} {}\n", recipe.fingerprint(), phrases.lexicon.len(), phrases.train.len());
        Memory { folder: order.checkpoints.clone(), fingerprint }
    }

    /// Writes the tables; a cut leaves those before them.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep(&self, tables: &Tables) -> Result<(), RecipeError> {
        let mut bytes = self.fingerprint.clone().into_bytes();
        bytes.extend(tables.epochs.to_le_bytes());
        let numbers = tables.phrases.iter().chain(&tables.neighbours).flatten();
        bytes.extend(numbers.flat_map(|number| number.to_le_bytes()));
        let unfinished = self.folder.join(format!("new-{FILE}"));
        let written = fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&unfinished, bytes))
            .and_then(|()| fs::rename(&unfinished, self.folder.join(FILE)));
        written.map_err(|error| self.refuse(error.to_string()))
    }

    /// The tables that were kept, each of so many rows, if any were.
    ///
    /// # Errors
    /// The file is of another run, or damaged.
    pub fn recall(&self, rows: usize) -> Result<Option<Tables>, RecipeError> {
        let Ok(bytes) = fs::read(self.folder.join(FILE)) else { return Ok(None) };
        let Some(rest) = bytes.strip_prefix(self.fingerprint.as_bytes()) else {
            return Err(TrainingError::OtherRun { folder: self.folder.clone() }.into());
        };
        let damaged = || self.refuse(format!("{FILE} is damaged"));
        let (epochs, numbers) = rest.split_first_chunk().ok_or_else(damaged)?;
        if numbers.len() != 2 * rows * DIMENSIONS * 4 {
            return Err(damaged());
        }
        let row = |row: &[u8]| -> Vector {
            std::array::from_fn(|at| f32::from_le_bytes(std::array::from_fn(|byte| row[4 * at + byte])))
        };
        let mut phrases: Vec<Vector> = numbers.chunks_exact(4 * DIMENSIONS).map(row).collect();
        let neighbours = phrases.split_off(rows);
        Ok(Some(Tables { phrases, neighbours, epochs: u64::from_le_bytes(*epochs) }))
    }

    /// Removes the file of a run that is done.
    pub fn forget(&self) {
        // A file left behind harms nothing: the next fresh run writes over it.
        let _ = fs::remove_file(self.folder.join(FILE));
    }

    fn refuse(&self, reason: String) -> RecipeError {
        TrainingError::Checkpoint { folder: self.folder.clone(), reason }.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_come_back_and_those_of_another_run_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let memory = |fingerprint: &str| Memory {
            folder: folder.path().to_owned(),
            fingerprint: fingerprint.to_owned(),
        };
        assert!(memory("a\n").recall(7).unwrap().is_none());
        let tables = Tables { epochs: 3, ..Tables::new(7, 7, 1.0, 1) };
        memory("a\n").keep(&tables).unwrap();
        assert_eq!(memory("a\n").recall(7).unwrap(), Some(tables));
        assert!(memory("b\n").recall(7).unwrap_err().to_string().contains("another training"));
        assert!(memory("a\n").recall(8).unwrap_err().to_string().contains("damaged"));
        memory("a\n").forget();
        assert!(memory("a\n").recall(7).unwrap().is_none());
    }
}
