//! A model with its card: a flat folder of files with fixed names, checked before anything is built from it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::onnx::halves;

pub mod card;

pub use card::{Canary, Card, Kind};

/// The card's file name.
pub const CARD: &str = "pack.toml";
/// The file for people.
pub const CARD_FOR_PEOPLE: &str = "CARD.md";
/// The vocabulary's file name.
pub const VOCABULARY: &str = "vocabulary.txt";
/// How often each token of the vocabulary occurs in the corpus, a number a line.
pub const FREQUENCIES: &str = "frequencies.txt";
/// The graph of a model that has only one.
pub const MODEL: &str = "model.onnx";
/// The encoder's graph of a sequence-to-sequence model.
pub const ENCODER: &str = "encoder.onnx";
/// The decoder's graph of a sequence-to-sequence model.
pub const DECODER: &str = "decoder.onnx";

/// The body's graph of a house model.
pub const BODY: &str = "body.onnx";
/// The graphs of a house model's heads: rest, pitch, length.
pub const HEADS: [&str; 3] = ["rest.onnx", "pitch.onnx", "length.onnx"];

/// The phrases of a variational autoencoder with their vectors.
pub const BANK: &str = "bank.bin";

/// The runs of notes that a house model was taught, none of which it may give back.
pub const RUNS: &str = "runs.bin";

/// What the names of graphs end with.
const GRAPH: &str = ".onnx";

/// Files that a pack may hold beside its card; any other name is refused.
const KNOWN_FILES: [&str; 11] =
    [VOCABULARY, FREQUENCIES, MODEL, ENCODER, DECODER, BANK, BODY, HEADS[0], HEADS[1], HEADS[2], RUNS];
/// The largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// A pack in memory: its card, and the files whose hashes the card holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    /// What the pack says of itself.
    pub card: Card,
    files: BTreeMap<String, Vec<u8>>,
    content: String,
}

/// Why a pack cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The folder or a file in it cannot be read.
    #[error("{path}: {reason}; a pack is a folder with {CARD} and the files that it names")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The card is no card.
    #[error("the card {CARD} of this pack cannot be understood: {0}")]
    Card(String),
    /// The pack is of a format that this version does not know.
    #[error(
        "this pack has format {found}, and this version of Continuo reads format {known}: update Continuo"
    )]
    Format {
        /// The pack's format.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// A file that the card names is missing, or one of an unknown name is named.
    #[error("the pack \"{id}\" {complaint}: get the pack anew")]
    Files {
        /// The pack's id.
        id: String,
        /// What is wrong with its files.
        complaint: String,
    },
    /// A file is not the one that the card describes.
    #[error(
        "the file {file} of the pack \"{id}\" is not the one that its card describes (its hash differs): get the pack anew"
    )]
    Hash {
        /// The pack's id.
        id: String,
        /// The file.
        file: String,
    },
    /// The vocabulary is not the one that the model was trained on.
    #[error("the pack \"{id}\" speaks another vocabulary than its card says: {reason}; get the pack anew")]
    Vocabulary {
        /// The pack's id.
        id: String,
        /// What differs.
        reason: String,
    },
    /// A graph in the pack is refused or does not work.
    #[error("the network in {file} of the pack \"{id}\" is refused: {reason}")]
    Network {
        /// The pack's id.
        id: String,
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The phrase bank is damaged.
    #[error("the phrases in {BANK} of the pack \"{id}\" cannot be used: {reason}; get the pack anew")]
    Bank {
        /// The pack's id.
        id: String,
        /// What is wrong with them.
        reason: String,
    },
    /// The runs of notes are damaged.
    #[error("the runs of notes in {RUNS} of the pack \"{id}\" cannot be used: {reason}; get the pack anew")]
    Runs {
        /// The pack's id.
        id: String,
        /// What is wrong with them.
        reason: String,
    },
    /// The model does not answer as its card says that it does.
    #[error(
        "the pack \"{id}\" answers otherwise than its card says (canary): expected {expected}, got {found}; get the pack anew"
    )]
    Canary {
        /// The pack's id.
        id: String,
        /// The answer in the card.
        expected: String,
        /// The answer given.
        found: String,
    },
}

impl Pack {
    /// Reads a pack from its folder, each file within a size cap and with the hash that the card holds.
    ///
    /// # Errors
    /// [`PackError`] names the file and what is wrong with it.
    pub fn from_folder(folder: &Path) -> Result<Pack, PackError> {
        Pack::from_files(|name| read_capped(&folder.join(name)))
    }

    /// Makes a pack from its files, asked for by name: the card first, then what the card names.
    ///
    /// # Errors
    /// [`PackError`] names the file and what is wrong with it.
    pub fn from_files(mut read: impl FnMut(&str) -> Result<Vec<u8>, PackError>) -> Result<Pack, PackError> {
        let text = read(CARD)?;
        let mut files = BTreeMap::new();
        let mut content = Sha256::new();
        content.update(&text);
        let card = Card::from_bytes(text)?;
        for (name, hash) in &card.files {
            if !KNOWN_FILES.contains(&name.as_str()) {
                let complaint = format!("names a file \"{name}\" that no model has");
                return Err(PackError::Files { id: card.id.clone(), complaint });
            }
            let bytes = read(name)?;
            if hash_of(&bytes) != *hash {
                return Err(PackError::Hash { id: card.id.clone(), file: name.clone() });
            }
            content.update(&bytes);
            let is_graph = name.ends_with(GRAPH);
            files.insert(name.clone(), if is_graph { halves::widened(bytes) } else { bytes });
        }
        Ok(Pack { card, files, content: hex(&content.finalize()) })
    }

    /// Makes a pack of a card and its files; the card's hashes are set to those of the files.
    pub fn new(mut card: Card, files: BTreeMap<String, Vec<u8>>) -> Pack {
        let stored: Vec<(&String, Vec<u8>)> =
            files.iter().map(|(name, bytes)| (name, stored(name, bytes))).collect();
        card.files = stored.iter().map(|(name, bytes)| ((*name).clone(), hash_of(bytes))).collect();
        let mut content = Sha256::new();
        content.update(card.text());
        for (_, bytes) in &stored {
            content.update(bytes);
        }
        Pack { card, content: hex(&content.finalize()), files }
    }

    /// Writes the pack's card and files to a folder, which is made where it is missing.
    ///
    /// # Errors
    /// What the system says of the file that cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), PackError> {
        let refuse = |path: &Path, error: std::io::Error| PackError::Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        fs::create_dir_all(folder).map_err(|error| refuse(folder, error))?;
        let card = self.card.text();
        let files = self.files.iter().map(|(name, bytes)| (name.as_str(), stored(name, bytes)));
        for (name, bytes) in files.chain([(CARD, card.into_bytes())]) {
            let path = folder.join(name);
            fs::write(&path, &bytes).map_err(|error| refuse(&path, error))?;
        }
        Ok(())
    }

    /// The bytes of one of the pack's files.
    ///
    /// # Errors
    /// [`PackError::Files`] where the pack has no such file.
    pub fn file(&self, name: &str) -> Result<&[u8], PackError> {
        let complaint = || format!("has no {name}, which a {} model needs", self.card.kind);
        let missing = || PackError::Files { id: self.card.id.clone(), complaint: complaint() };
        self.files.get(name).map(Vec::as_slice).ok_or_else(missing)
    }

    /// One of the pack's files as text.
    ///
    /// # Errors
    /// [`PackError::Files`] where there is no such file or it is no text.
    pub fn text(&self, name: &str) -> Result<&str, PackError> {
        let refuse = |_| PackError::Files {
            id: self.card.id.clone(),
            complaint: format!("has a {name} that is not text"),
        };
        std::str::from_utf8(self.file(name)?).map_err(refuse)
    }

    /// Names and sizes in bytes of the pack's files, the card not counted.
    pub fn sizes(&self) -> impl Iterator<Item = (&str, usize)> {
        self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.len()))
    }

    /// SHA-256 over card and files, in hexadecimal: packs of one content are one model.
    pub fn content(&self) -> &str {
        &self.content
    }
}

fn read_capped(path: &Path) -> Result<Vec<u8>, PackError> {
    let refuse = |reason: String| PackError::Unreadable { path: path.to_owned(), reason };
    let file = fs::File::open(path).map_err(|error| refuse(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| refuse(error.to_string()))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(refuse(format!("it is larger than {} MiB", MAX_FILE_BYTES >> 20)));
    }
    Ok(bytes)
}

/// A file as it lies on disk: graphs are narrowed.
fn stored(name: &str, bytes: &[u8]) -> Vec<u8> {
    if name.ends_with(GRAPH) { halves::narrowed(bytes.to_vec()) } else { bytes.to_vec() }
}

fn hash_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack() -> Pack {
        let card = Card { id: "tiny".to_owned(), ..Card::example() };
        Pack::new(card, BTreeMap::from([(VOCABULARY.to_owned(), b"C4:1.0\n".to_vec())]))
    }

    #[test]
    fn a_pack_comes_back_from_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        pack().write(folder.path()).unwrap();
        let read = Pack::from_folder(folder.path()).unwrap();
        assert_eq!(read, pack());
        assert_eq!(read.content().len(), 64);
    }

    #[test]
    fn a_changed_file_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        pack().write(folder.path()).unwrap();
        fs::write(folder.path().join(VOCABULARY), "D4:1.0\n").unwrap();
        let error = Pack::from_folder(folder.path()).unwrap_err();
        assert!(matches!(&error, PackError::Hash { file, .. } if file == VOCABULARY), "{error}");
    }

    #[test]
    fn missing_and_foreign_files_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Pack::from_folder(folder.path()).unwrap_err().to_string().contains(CARD));
        pack().write(folder.path()).unwrap();
        fs::remove_file(folder.path().join(VOCABULARY)).unwrap();
        assert!(Pack::from_folder(folder.path()).unwrap_err().to_string().contains(VOCABULARY));
        let escaping = pack().card.text().replace(VOCABULARY, "../secret");
        fs::write(folder.path().join(CARD), escaping).unwrap();
        assert!(matches!(Pack::from_folder(folder.path()).unwrap_err(), PackError::Files { .. }));
    }
}
