//! What comes in: the melody of a `.mid` file, and notes that were pasted as text.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use melody::{Phrase, Ticks, midi, text};

use crate::aside;
use crate::crossing::MAX_NOTES;
use crate::dialog::{self, Choice};

/// What was read, to be taken as if it had been played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The melody's track from its first bar line on, with all its voices, in the tempo and meter of its first note.
    pub phrase: Phrase,
    /// What was taken from where, and what was left out, as sentences.
    pub news: String,
}

/// Asks for a `.mid` file with a dialog, on a thread of its own, and tells what was read from it: `None` where the user
/// chose none, a sentence where it cannot be used. `[main-thread]`
pub fn open(tell: impl FnOnce(Result<Option<Imported>, String>) + Send + 'static) {
    let work = || match dialog::to_open("Open a melody") {
        Choice::Path(path) => from_file(&path).map(Some),
        Choice::Cancelled => Ok(None),
        Choice::NoDialog => {
            Err("This system has no file dialog (xdg-desktop-portal): play the file's melody to \
                                 Continuo from a track, or paste notes that another Continuo copied."
                .to_owned())
        }
    };
    aside::run("the file dialog", work, Err, tell);
}

/// The melody of a `.mid` file. Reads a file of a few kilobytes, at most of [`midi::MAX_BYTES`].
///
/// # Errors
/// A sentence that names the file.
pub fn from_file(path: &Path) -> Result<Imported, String> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let unread = |reason: &str| format!("{name} cannot be read ({reason}): choose another file.");
    // A pipe would be waited for without end.
    let known = std::fs::metadata(path).map_err(|error| unread(&error.to_string()))?;
    if !known.is_file() {
        return Err(unread("it is no file"));
    }
    let mut bytes = Vec::new();
    // One byte more than is allowed, so that a larger file is noticed.
    let most = midi::MAX_BYTES as u64 + 1;
    let read = File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
    read.map_err(|error| unread(&error.to_string()))?;
    from_bytes(&bytes, &name)
}

/// The melody of a `.mid` file's bytes; `name` stands for the file in sentences.
///
/// # Errors
/// A sentence that names the file.
pub fn from_bytes(bytes: &[u8], name: &str) -> Result<Imported, String> {
    let (song, damage) = midi::read_noting_damage(bytes).map_err(|error| format!("{name}: {error}."))?;
    let tune = song.tune(None).map_err(|error| format!("{name}: {error}."))?;
    let (phrase, cut) = shortened(tune.voices);
    let track = match tune.name.trim() {
        "" => format!("track {}", tune.track + 1),
        name => format!("track {} \"{name}\"", tune.track + 1),
    };
    let bars = phrase.bars();
    let mut news = format!(
        "{name}: {bars} bar{} of {track} taken as what was played.",
        if bars == 1 { "" } else { "s" }
    );
    if cut {
        news += " It is too long to be taken whole: these are its last bars.";
    }
    if tune.changes {
        news += " Tempo or meter change on the way; those of the first note are kept.";
    }
    if let Some(damage) = damage {
        news += &format!(" But {damage}.");
    }
    Ok(Imported { phrase, news })
}

/// Notes that were copied as text, here or elsewhere.
///
/// # Errors
/// A sentence that says what is wrong with the text.
pub fn from_text(pasted: &str) -> Result<Imported, String> {
    let phrase = text::read(pasted).map_err(|error| format!("What was pasted cannot be used: {error}."))?;
    if phrase.is_empty() {
        return Err("What was pasted has no notes in it: copy a phrase with notes.".to_owned());
    }
    let (phrase, cut) = shortened(phrase);
    let left_out = if cut { " They are too many to be taken whole: these are the last bars." } else { "" };
    let count = phrase.notes().len();
    let news = format!(
        "{count} pasted note{} taken as what was played.{left_out}",
        if count == 1 { "" } else { "s" }
    );
    Ok(Imported { phrase, news })
}

/// The last bars that hold no more notes than are kept, and whether that is less than all.
fn shortened(phrase: Phrase) -> (Phrase, bool) {
    let Some(excess) = phrase.notes().len().checked_sub(MAX_NOTES).filter(|excess| *excess > 0) else {
        return (phrase, false);
    };
    // From the first bar line at or after the last note that is too much, and not on that note itself.
    let from = (phrase.notes()[excess - 1].onset + Ticks(1)).ceil_to(phrase.meter.bar());
    (phrase.between(from, phrase.whole_bars()), true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{self, MidiFile};
    use melody::{Meter, Note, Pitch, Tempo};
    use proptest::prelude::*;

    fn note(onset: Ticks, key: u8) -> Note {
        let pitch = Pitch::new(key).unwrap();
        Note { onset, length: Ticks::QUARTER, pitch, velocity: 90, channel: 0 }
    }

    fn waltz() -> Phrase {
        let notes = (0..9).map(|quarter| note(Ticks::quarters(quarter), 60 + quarter as u8)).collect();
        Phrase::new(notes, Meter::new(3, 4).unwrap(), Tempo::from_bpm(140.0))
    }

    #[test]
    fn a_file_that_was_saved_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("waltz.mid");
        std::fs::write(&path, MidiFile::of(&waltz(), "Waltz 3").bytes()).unwrap();
        let imported = from_file(&path).unwrap();
        assert_eq!(imported.phrase, waltz());
        assert_eq!(imported.news, "waltz.mid: 3 bars of track 1 \"Waltz 3\" taken as what was played.");
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let named = |bytes: &[u8]| {
            let path = folder.path().join("tune.mid");
            std::fs::write(&path, bytes).unwrap();
            from_file(&path).unwrap_err()
        };
        let file = MidiFile::of(&waltz(), "");
        for (bytes, said) in [
            (&b"no midi at all"[..], "not a MIDI file"),
            (b"", "empty"),
            (&file.bytes()[..20], "no track"),
            (MidiFile::of(&Phrase::default(), "").bytes(), "no notes"),
            (&vec![b'M'; midi::MAX_BYTES + 1], "limit"),
        ] {
            let sentence = named(bytes);
            assert!(sentence.starts_with("tune.mid: ") && sentence.contains(said), "{sentence}");
        }
        for path in [folder.path().to_owned(), folder.path().join("missing.mid")] {
            let sentence = from_file(&path).unwrap_err();
            assert!(sentence.contains("cannot be read") && sentence.contains("another file"), "{sentence}");
        }
    }

    #[test]
    fn of_a_damaged_file_the_rest_is_taken_and_that_is_said() {
        let bytes = MidiFile::of(&waltz(), "").bytes().to_owned();
        let imported = from_bytes(&bytes[..bytes.len() - 9], "cut.mid").unwrap();
        assert!(imported.news.contains("But the file is cut short"), "{}", imported.news);
        assert!(imported.phrase.notes().len() >= 8);
    }

    #[test]
    fn of_too_many_notes_the_last_bars_are_taken() {
        let notes = (0..MAX_NOTES as i64 + 2).map(|quarter| note(Ticks::quarters(quarter), 60)).collect();
        let long = Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT);
        let imported = from_text(&export::as_text(&long)).unwrap();
        assert_eq!(imported.phrase.notes().len(), MAX_NOTES - 2);
        assert_eq!(imported.phrase.notes()[0].onset, Ticks::ZERO);
        assert!(imported.news.contains("last bars"), "{}", imported.news);
    }

    #[test]
    fn pasted_nonsense_gets_a_sentence() {
        for text in ["", "hello", "continuo 1 120 4/4 4.0", "continuo 1 120 4/4 4.0 X:1.0"] {
            assert!(from_text(text).unwrap_err().starts_with("What was pasted"), "{text}");
        }
        assert_eq!(from_text(&export::as_text(&waltz())).unwrap().phrase, waltz());
    }

    proptest! {
        #[test]
        fn no_bytes_do_any_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let header = b"MThd\0\0\0\x06\0\x01\0\x01\x03\xC0MTrk\0\0\x01\0".to_vec();
            let _ = from_bytes(&[header, bytes].concat(), "noise.mid");
        }
    }
}
