//! Writing the answer to a `.mid` file that the user chooses.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use melody::midi;

use crate::instance::{Instance, Work};
use crate::state::Given;

/// No user closes a dialog this fast: there was none.
const TOO_FAST: Duration = Duration::from_millis(250);

/// Asks for a place and writes the answer there; a problem is reported in the panel. The dialog has a thread of its
/// own, as the host's must not wait for the user. `[main-thread]`
pub fn save(instance: &Arc<Instance>) {
    let remembered = instance.memory.get();
    let Some(given) = remembered.answer().cloned() else { return };
    let to_report = instance.clone();
    let work = move || {
        let caught = to_report.clone();
        caught.guard.run("the file dialog", || {
            if let Err(sentence) = choose_and_write(&given) {
                to_report.change_report(|report| report.work = Work::Problem(sentence));
            }
        });
    };
    if let Err(error) = thread::Builder::new().name("continuo-save".to_owned()).spawn(work) {
        let sentence = format!("The answer was not saved: the system starts no thread ({error}).");
        instance.change_report(|report| report.work = Work::Problem(sentence));
    }
}

fn choose_and_write(given: &Given) -> Result<(), String> {
    let name = format!("continuo-{}-{}.mid", given.model, given.candidate().seed);
    let asked = Instant::now();
    let dialog =
        rfd::FileDialog::new().set_title("Save the answer").set_file_name(&name).add_filter("MIDI", &["mid"]);
    match dialog.save_file() {
        Some(path) => write(given, &path),
        None if asked.elapsed() < TOO_FAST => {
            let path = home().join(&name);
            write(given, &path)?;
            Err(format!(
                "This system has no file dialog (xdg-desktop-portal), so the answer was saved as {}.",
                path.display()
            ))
        }
        None => Ok(()),
    }
}

fn write(given: &Given, path: &Path) -> Result<(), String> {
    let bytes = midi::write_phrase(&given.candidate().phrase, "Continuo");
    std::fs::write(path, bytes)
        .map_err(|error| format!("{} cannot be written ({error}): choose another place.", path.display()))
}

fn home() -> PathBuf {
    std::env::home_dir().unwrap_or_else(std::env::temp_dir)
}

#[cfg(test)]
mod tests {
    use super::*;
    use generator::{Candidate, Request};
    use melody::{Meter, Note, Phrase, Pitch, Tempo, Ticks};

    fn given() -> Given {
        let (onset, length) = (Ticks::ZERO, Ticks::QUARTER);
        let note = Note { onset, length, pitch: Pitch::MIDDLE_C, velocity: 90, channel: 0 };
        let phrase = Phrase::new(vec![note], Meter::COMMON, Tempo::DEFAULT);
        let candidate = Candidate { phrase, seed: 3, probabilities: vec![1.0], ..Candidate::default() };
        let request = Request::to_continue(Phrase::default());
        Given::new("random".to_owned(), &request, vec![candidate]).unwrap()
    }

    #[test]
    fn the_answer_is_written_as_a_file_that_can_be_read() {
        let path = std::env::temp_dir().join(format!("continuo-saving-{}.mid", std::process::id()));
        write(&given(), &path).unwrap();
        let song = midi::read(&std::fs::read(&path).unwrap()).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(song.tracks[0].notes, given().candidate().phrase.notes());
    }

    #[test]
    fn a_place_that_cannot_be_written_is_named() {
        let sentence = write(&given(), Path::new("/nowhere/at/all.mid")).unwrap_err();
        assert!(sentence.contains("/nowhere/at/all.mid") && sentence.contains("another place"));
    }
}
