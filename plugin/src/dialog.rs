//! File dialogs: each on a thread of its own, as the host's must not wait for the user.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use crate::guard::Guard;

/// No user closes a dialog this fast: there was none.
const TOO_FAST: Duration = Duration::from_millis(250);

/// What came of something that the user asked for, to be told where the eye is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It went well; a sentence that should be known, such as where a file lies now.
    News(String),
    /// It went wrong; a sentence that says what to do.
    Problem(String),
    /// The user thought better of it: nothing is to be said.
    Cancelled,
}

/// What a dialog was closed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// A place.
    Path(PathBuf),
    /// None.
    Cancelled,
    /// The system has no dialog to show.
    NoDialog,
}

/// Asks where to write a `.mid` file; blocks until the dialog is closed, so only within [`on_own_thread`].
pub fn to_save(title: &str, name: &str) -> Choice {
    let dialog = rfd::FileDialog::new().set_title(title).set_file_name(name).add_filter("MIDI", &["mid"]);
    chosen(|| dialog.save_file())
}

/// Asks for a `.mid` file to read; blocks until the dialog is closed, so only within [`on_own_thread`].
pub fn to_open(title: &str) -> Choice {
    let dialog = rfd::FileDialog::new().set_title(title).add_filter("MIDI", &["mid", "midi"]);
    chosen(|| dialog.pick_file())
}

fn chosen(show: impl FnOnce() -> Option<PathBuf>) -> Choice {
    let asked = Instant::now();
    match show() {
        Some(path) => Choice::Path(path),
        None if asked.elapsed() < TOO_FAST => Choice::NoDialog,
        None => Choice::Cancelled,
    }
}

/// Does work that waits for the user on a thread of its own and hands on what came of it, a panic or a thread that does
/// not start as the sentence that `failed` makes. `[main-thread]`
pub fn on_own_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
    failed: fn(String) -> T,
    tell: impl FnOnce(T) + Send + 'static,
) {
    // Shared, so that it is still here to be told where no thread starts.
    let tell = std::sync::Arc::new(parking_lot::Mutex::new(Some(tell)));
    let told = tell.clone();
    let run = move || {
        let guard = Guard::default();
        let outcome =
            guard.run("the file dialog", work).unwrap_or_else(|| failed(guard.caught().unwrap_or_default()));
        let tell = told.lock().take();
        guard.run("the panel", || tell.map(|tell| tell(outcome)));
    };
    if let Err(error) = thread::Builder::new().name("continuo-dialog".to_owned()).spawn(run)
        && let Some(tell) = tell.lock().take()
    {
        tell(failed(format!("No dialog opens: the system starts no thread ({error}).")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn told(work: impl FnOnce() -> Outcome + Send + 'static) -> Outcome {
        let (tell, told) = mpsc::channel();
        on_own_thread(work, Outcome::Problem, move |outcome| tell.send(outcome).unwrap());
        told.recv_timeout(Duration::from_secs(10)).unwrap()
    }

    #[test]
    fn what_came_of_a_dialog_is_told_even_when_it_panics() {
        assert_eq!(told(|| Outcome::Cancelled), Outcome::Cancelled);
        let Outcome::Problem(sentence) = told(|| panic!("no paper")) else { panic!("a panic is a problem") };
        assert!(sentence.contains("the file dialog") && sentence.contains("no paper"), "{sentence}");
    }

    #[test]
    fn a_dialog_that_closes_before_it_could_be_seen_was_none() {
        assert_eq!(chosen(|| None), Choice::NoDialog);
        let slow = || {
            thread::sleep(TOO_FAST);
            None
        };
        assert_eq!(chosen(slow), Choice::Cancelled);
        assert_eq!(chosen(|| Some(PathBuf::from("a.mid"))), Choice::Path(PathBuf::from("a.mid")));
    }
}
