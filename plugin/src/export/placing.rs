//! Putting a file into a folder without ever writing over another.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::{MidiFile, SUFFIX};

/// The most files of one name in a folder.
const MOST: u32 = 10_000;

/// Writes the file under its own name, or under the first numbered one that is free; where the same bytes lie already,
/// nothing is written.
///
/// # Errors
/// What the system says; nothing half written stays.
pub fn place(folder: &Path, file: &MidiFile) -> io::Result<PathBuf> {
    for number in 1..=MOST {
        let path = folder.join(numbered(&file.name, number));
        match File::create_new(&path) {
            Ok(mut fresh) => {
                return match fresh.write_all(&file.bytes) {
                    Ok(()) => Ok(path),
                    Err(error) => {
                        let _ = fs::remove_file(&path);
                        Err(error)
                    }
                };
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                if holds(&path, &file.bytes) {
                    return Ok(path);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn numbered(name: &str, number: u32) -> String {
    match number {
        1 => name.to_owned(),
        _ => format!("{}-{number}{SUFFIX}", name.trim_end_matches(SUFFIX)),
    }
}

fn holds(path: &Path, bytes: &[u8]) -> bool {
    // The length first: what has our name may be anything.
    let same_length =
        fs::metadata(path).is_ok_and(|known| known.is_file() && known.len() == bytes.len() as u64);
    same_length && fs::read(path).is_ok_and(|found| found == bytes)
}

#[cfg(test)]
mod tests {
    use super::super::tests::phrase;
    use super::*;

    #[test]
    fn nothing_is_written_over_and_the_same_notes_lie_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = |keys: &[u8]| MidiFile::of(&phrase(keys), "VAE 1");
        let (first, other) = (file(&[60]), file(&[62]));
        let path = place(folder.path(), &first).unwrap();
        assert_eq!(path, folder.path().join("continuo-vae-1.mid"));
        assert_eq!(place(folder.path(), &other).unwrap(), folder.path().join("continuo-vae-1-2.mid"));
        assert_eq!(place(folder.path(), &first).unwrap(), path);
        assert_eq!(fs::read(path).unwrap(), first.bytes());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing");
        assert!(place(&missing, &MidiFile::of(&phrase(&[60]), "")).is_err());
    }
}
