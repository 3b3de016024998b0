//! Writing a `.mid` file where the user chooses.

use std::path::{Path, PathBuf};

use super::{MidiFile, SUFFIX, placing};
use crate::aside;
use crate::dialog::{self, Choice, Outcome};

/// Asks for a place with a dialog of this title, on a thread of its own, writes the file there, and tells what came of
/// it. Where the system has no dialog, the file goes into the user's home folder, over nothing. `[main-thread]`
pub fn save(file: MidiFile, title: &'static str, tell: impl FnOnce(Outcome) + Send + 'static) {
    let work = move || keep(&file, dialog::to_save(title, file.name()), &home());
    aside::run("the file dialog", work, Outcome::Problem, tell);
}

fn keep(file: &MidiFile, choice: Choice, home: &Path) -> Outcome {
    match choice {
        Choice::Path(path) => write(file, &path),
        Choice::Cancelled => Outcome::Cancelled,
        Choice::NoDialog => match placing::place(home, file) {
            Ok(path) => Outcome::News(format!(
                "Saved as {}: this system has no file dialog (xdg-desktop-portal) to choose another place.",
                path.display()
            )),
            Err(error) => Outcome::Problem(format!(
                "This system has no file dialog (xdg-desktop-portal), and {} cannot be written to ({error}): drag the \
                 notes out instead, or copy them.",
                home.display()
            )),
        },
    }
}

fn write(file: &MidiFile, path: &Path) -> Outcome {
    // The dialog asked about writing over the name that was typed, not about one with the suffix.
    let written = if path.extension().is_some() {
        std::fs::write(path, file.bytes()).map(|()| path.to_owned())
    } else {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned() + SUFFIX;
        let named = MidiFile { name, bytes: file.bytes.clone() };
        placing::place(path.parent().unwrap_or(Path::new("")), &named)
    };
    match written {
        Ok(path) => Outcome::News(format!("Saved as {}.", path.display())),
        Err(error) => {
            Outcome::Problem(format!("{} cannot be written ({error}): choose another place.", path.display()))
        }
    }
}

fn home() -> PathBuf {
    std::env::home_dir().filter(|home| home.is_dir()).unwrap_or_else(std::env::temp_dir)
}

#[cfg(test)]
mod tests {
    use super::super::tests::phrase;
    use super::*;
    use melody::midi;

    fn file() -> MidiFile {
        MidiFile::of(&phrase(&[60, 62]), "Dice 3")
    }

    #[test]
    fn the_notes_are_written_as_a_file_that_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.mid");
        let outcome = keep(&file(), Choice::Path(path.clone()), folder.path());
        assert_eq!(outcome, Outcome::News(format!("Saved as {}.", path.display())));
        let song = midi::read(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(song.tracks[0].notes, phrase(&[60, 62]).notes());
        assert_eq!(keep(&file(), Choice::Cancelled, folder.path()), Outcome::Cancelled);
    }

    #[test]
    fn a_name_without_a_suffix_gets_one_and_spares_what_has_it_already() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("mine.mid"), "older").unwrap();
        let outcome = keep(&file(), Choice::Path(folder.path().join("mine")), folder.path());
        let path = folder.path().join("mine-2.mid");
        assert_eq!(outcome, Outcome::News(format!("Saved as {}.", path.display())));
        assert_eq!(std::fs::read(path).unwrap(), file().bytes());
    }

    #[test]
    fn a_place_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nowhere/at/all.mid");
        let Outcome::Problem(sentence) = keep(&file(), Choice::Path(path.clone()), folder.path()) else {
            panic!("there is no such folder")
        };
        assert!(
            sentence.contains(&*path.to_string_lossy()) && sentence.contains("another place"),
            "{sentence}"
        );
    }

    #[test]
    fn without_a_dialog_the_home_folder_is_used_and_that_is_news() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("continuo-dice-3.mid"), "older").unwrap();
        let Outcome::News(sentence) = keep(&file(), Choice::NoDialog, home.path()) else {
            panic!("the notes are safe")
        };
        assert!(
            sentence.contains("continuo-dice-3-2.mid") && sentence.contains("no file dialog"),
            "{sentence}"
        );
        assert_eq!(std::fs::read(home.path().join("continuo-dice-3.mid")).unwrap(), b"older");
        let gone = home.path().join("gone");
        assert!(matches!(keep(&file(), Choice::NoDialog, &gone), Outcome::Problem(_)));
    }
}
