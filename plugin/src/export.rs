//! What leaves Continuo: phrases and whole songs as `.mid` files, saved or lent to be dragged, and as text to paste.

mod lending;
mod placing;
mod saving;

use melody::{Phrase, midi, text};

pub use lending::lend;
pub use saving::save;

/// What every file's name begins with, so that no name is one that a system keeps for itself.
const PREFIX: &str = "continuo";
const SUFFIX: &str = ".mid";
/// The longest name, in letters and without its suffix.
const LONGEST_NAME: usize = 64;

/// A `.mid` file that is yet to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MidiFile {
    name: String,
    bytes: Vec<u8>,
}

impl MidiFile {
    /// A phrase as a file. The title, a model and a seed say, names its track and the file.
    pub fn of(phrase: &Phrase, title: &str) -> MidiFile {
        MidiFile { name: name(title), bytes: midi::write_phrase(phrase, title) }
    }

    /// Its name, of letters, digits and dashes, `.mid` included.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is in it.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// A phrase as text for the clipboard, which [`crate::import::from_text`] reads.
pub fn as_text(phrase: &Phrase) -> String {
    text::write(phrase)
}

/// A file's name for a title.
fn name(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.map(str::to_ascii_lowercase).filter(|word| word != PREFIX);
    let mut name = std::iter::once(PREFIX.to_owned()).chain(words).collect::<Vec<_>>().join("-");
    name.truncate(LONGEST_NAME);
    name.trim_end_matches('-').to_owned() + SUFFIX
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use melody::{Meter, Note, Pitch, Tempo, Ticks};

    /// Quarters from the first bar line on, in three-four at 90.
    pub(crate) fn phrase(keys: &[u8]) -> Phrase {
        let note = |(quarter, key): (i64, &u8)| {
            let (onset, length) = (Ticks::quarters(quarter), Ticks::QUARTER);
            Note { onset, length, pitch: Pitch::new(*key).unwrap(), velocity: 90, channel: 3 }
        };
        let notes = (0..).zip(keys).map(note).collect();
        Phrase::new(notes, Meter::new(3, 4).unwrap(), Tempo::from_bpm(90.0))
    }

    #[test]
    fn names_are_plain_whatever_the_title() {
        for (title, expected) in [
            ("VAE 123", "continuo-vae-123.mid"),
            ("Continuo 7", "continuo-7.mid"),
            ("../../etc/passwd\0", "continuo-etc-passwd.mid"),
            ("Prélude: \"№ 1\" / *?", "continuo-pr-lude-1.mid"),
            ("", "continuo.mid"),
            ("con", "continuo-con.mid"),
        ] {
            assert_eq!(name(title), expected);
        }
        assert!(name(&"x y".repeat(100)).len() <= LONGEST_NAME + SUFFIX.len());
    }

    #[test]
    fn a_song_is_its_pieces_from_bar_line_to_bar_line() {
        let pieces = [phrase(&[60, 62]), phrase(&[64, 65, 67, 69])];
        let file = MidiFile::of(&Phrase::joined(&pieces), "My song");
        let song = midi::read(file.bytes()).unwrap();
        let onsets: Vec<i64> = song.tracks[0].notes.iter().map(|note| note.onset.0 / 960).collect();
        assert_eq!(onsets, [0, 1, 3, 4, 5, 6]);
        assert_eq!(song.tracks[0].name, "My song");
        assert_eq!(song.meters.at(Ticks::ZERO), Meter::new(3, 4).unwrap());
        assert_eq!(song.tempos.at(Ticks::ZERO), Tempo::from_bpm(90.0));
    }

    #[test]
    fn what_is_copied_can_be_pasted() {
        let phrase = phrase(&[60, 64, 67]);
        assert_eq!(text::read(&as_text(&phrase)), Ok(phrase));
    }
}
