//! File dialogs. They wait for the user, and so must not be shown on the host's thread: [`crate::aside`] has another.

use std::path::PathBuf;
use std::time::{Duration, Instant};

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

/// Asks where to write a `.mid` file; blocks until the dialog is closed, so only on a thread aside.
pub fn to_save(title: &str, name: &str) -> Choice {
    let dialog = rfd::FileDialog::new().set_title(title).set_file_name(name).add_filter("MIDI", &["mid"]);
    chosen(|| dialog.save_file())
}

/// Asks for a `.mid` file to read; blocks until the dialog is closed, so only on a thread aside.
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

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
