//! A phrase as a line of words that people can read, paste and send: every tick, channel and velocity is in it.
//!
//! ```text
//! continuo 1 120 4/4 8.0
//! v90 c1 C4:1.0 D4:0.5 R:0.5 @2.0 E4:1.0 v64 G4:1/3
//! ```
//!
//! The first line names the form and its version, then tempo in quarters a minute, time signature and length. Then come
//! notes (`C4:1.0`, a pitch and its length in quarters), each from where the one before ended; `R:0.5` goes on without a
//! note, `@2.0` to a time from the start; `v90` and `c1` are the velocity and the channel (1 to 16) from there on.

use std::fmt::Write as _;

use crate::midi::MAX_LENGTH;
use crate::{Meter, Note, Phrase, Pitch, Tempo, Ticks};

/// The longest text that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// The first word of the first line.
const NAME: &str = "continuo";
/// The version that is written, and the latest that is read.
const VERSION: u32 = 1;
/// The most letters of a word that a sentence repeats.
const SHOWN: usize = 24;

/// Why a text is no phrase.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It does not begin as it should.
    #[error(
        "these are no notes from Continuo: such a text begins with \"continuo 1\", a tempo and a time signature"
    )]
    Foreign,
    /// It was written by a later version.
    #[error(
        "these notes were copied from a newer Continuo (form {0}, and {VERSION} is known here): update this one"
    )]
    Newer(u32),
    /// The first line lacks something, or has it wrong.
    #[error(
        "the first line of the notes is damaged: after \"continuo 1\" come tempo, time signature and length, as in \"120 4/4 8.0\""
    )]
    Header,
    /// A word that means nothing.
    #[error("the notes are damaged at \"{0}\": a word is a note such as C4:1.0, R:0.5, @2.0, v90 or c1")]
    Word(String),
    /// Above [`MAX_BYTES`].
    #[error("the text has {0} bytes, above the limit of {MAX_BYTES}: copy a shorter phrase")]
    TooBig(usize),
    /// Longer than [`MAX_LENGTH`].
    #[error("the notes last longer than {MAX_LENGTH} quarters: copy a shorter phrase")]
    TooLong,
}

/// Writes a phrase so that [`read`] gives exactly the same again.
pub fn write(phrase: &Phrase) -> String {
    let mut text = format!("{NAME} {VERSION} {} {} {}\n", phrase.tempo.bpm(), phrase.meter, phrase.length());
    let mut words = Vec::with_capacity(phrase.notes().len() + 2);
    let (mut now, mut velocity, mut channel) = (Ticks::ZERO, None, None);
    for note in phrase.notes() {
        if velocity.replace(note.velocity) != Some(note.velocity) {
            words.push(format!("v{}", note.velocity));
        }
        if channel.replace(note.channel) != Some(note.channel) {
            words.push(format!("c{}", u16::from(note.channel) + 1));
        }
        match note.onset - now {
            Ticks::ZERO => {}
            gap if gap > Ticks::ZERO => words.push(format!("R:{gap}")),
            _ => words.push(format!("@{}", note.onset)),
        }
        words.push(format!("{}:{}", note.pitch, note.length));
        now = note.end();
    }
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}", words.join(" "));
    text
}

/// Reads what [`write`] writes, however its words are broken into lines.
///
/// # Errors
/// [`TextError`] says what is wrong, and names the first word that means nothing.
pub fn read(text: &str) -> Result<Phrase, TextError> {
    if text.len() > MAX_BYTES {
        return Err(TextError::TooBig(text.len()));
    }
    let mut words = text.split_whitespace();
    if words.next() != Some(NAME) {
        return Err(TextError::Foreign);
    }
    match words.next().and_then(|version| version.parse().ok()) {
        Some(VERSION) => {}
        Some(newer) if newer > VERSION => return Err(TextError::Newer(newer)),
        _ => return Err(TextError::Foreign),
    }
    let (tempo, meter, length) = header(&mut words).ok_or(TextError::Header)?;
    let mut pen = Pen::default();
    words.try_for_each(|word| pen.take(word))?;
    if length > MAX_LENGTH {
        return Err(TextError::TooLong);
    }
    Ok(Phrase::new(pen.notes, meter, tempo).lasting(length))
}

fn header<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<(Tempo, Meter, Ticks)> {
    let bpm: f64 = words.next()?.parse().ok()?;
    let (over, under) = words.next()?.split_once('/')?;
    let meter = Meter::new(over.parse().ok()?, under.parse().ok()?)?;
    let length: Ticks = words.next()?.parse().ok()?;
    (bpm.is_finite() && bpm > 0.0 && length >= Ticks::ZERO).then_some((Tempo::from_bpm(bpm), meter, length))
}

/// Where the reader is, and how notes are played there.
struct Pen {
    now: Ticks,
    velocity: u8,
    channel: u8,
    notes: Vec<Note>,
}

impl Default for Pen {
    fn default() -> Pen {
        Pen { now: Ticks::ZERO, velocity: 90, channel: 0, notes: Vec::new() }
    }
}

impl Pen {
    fn take(&mut self, word: &str) -> Result<(), TextError> {
        let refuse = || TextError::Word(word.chars().take(SHOWN).collect());
        if let Some((what, length)) = word.split_once(':') {
            let length: Ticks = length.parse().map_err(|_| refuse())?;
            if length <= Ticks::ZERO {
                return Err(refuse());
            }
            if what != "R" {
                let pitch: Pitch = what.parse().map_err(|_| refuse())?;
                let (velocity, channel) = (self.velocity, self.channel);
                self.notes.push(Note { onset: self.now, length, pitch, velocity, channel });
            }
            return self.go_to(Ticks(self.now.0.saturating_add(length.0)));
        }
        let (mark, value) = word.split_at_checked(1).ok_or_else(refuse)?;
        let number = || value.parse::<u8>().ok();
        match mark {
            "@" => {
                let time: Ticks = value.parse().map_err(|_| refuse())?;
                if time < Ticks::ZERO {
                    return Err(refuse());
                }
                return self.go_to(time);
            }
            "v" => self.velocity = number().filter(|v| (1..=127).contains(v)).ok_or_else(refuse)?,
            "c" => self.channel = number().filter(|c| (1..=16).contains(c)).ok_or_else(refuse)? - 1,
            _ => return Err(refuse()),
        }
        Ok(())
    }

    fn go_to(&mut self, time: Ticks) -> Result<(), TextError> {
        if time > MAX_LENGTH {
            return Err(TextError::TooLong);
        }
        self.now = time;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn note()(
            onset in 0..40_000_i64, length in 1..9_000_i64, key in 0..128_u8, velocity in 1..128_u8, channel in 0..16_u8,
        ) -> Note {
            let pitch = Pitch::new(key).unwrap();
            Note { onset: Ticks(onset), length: Ticks(length), pitch, velocity, channel }
        }
    }

    prop_compose! {
        fn phrase()(
            notes in prop::collection::vec(note(), 0..40),
            over in 1..=64_u8, power in 0..=6_u32, micros in 1..0x100_0000_u32, rest in 0..20_000_i64,
        ) -> Phrase {
            let meter = Meter::new(over, 1_u8 << power).unwrap();
            let phrase = Phrase::new(notes, meter, Tempo::from_micros(micros));
            let length = phrase.length() + Ticks(rest);
            phrase.lasting(length)
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_tick_for_tick(phrase in phrase()) {
            let text = write(&phrase);
            prop_assert_eq!(text.lines().count(), 2);
            prop_assert_eq!(read(&text), Ok(phrase));
        }

        #[test]
        fn whatever_is_pasted_gives_notes_or_a_sentence(text in "continuo 1 120 4/4 1.0 .{0,60}") {
            if let Err(error) = read(&text) {
                prop_assert!(error.to_string().contains("notes"));
            }
        }
    }

    #[test]
    fn people_can_read_it_and_write_it() {
        let text = "continuo 1 120 3/4 3.0\r\n v90 C4:1.0\n R:0.5 Eb4:0.5 @0.0 c10 v64 G3:1/3";
        let phrase = read(text).unwrap();
        assert_eq!((phrase.length(), phrase.tempo), (Ticks::quarters(3), Tempo::DEFAULT));
        let again = "continuo 1 120 3/4 3.0\nv64 c10 G3:1/3 v90 c1 @0.0 C4:1.0 R:0.5 D#4:0.5\n";
        assert_eq!(write(&phrase), again);
    }

    #[test]
    fn nonsense_is_named() {
        for (text, said) in [
            ("", "no notes from Continuo"),
            ("hello there", "no notes from Continuo"),
            ("continuo x", "no notes from Continuo"),
            ("continuo 2 120 4/4 1.0", "newer"),
            ("continuo 1 fast 4/4 1.0", "first line"),
            ("continuo 1 inf 4/4 1.0", "first line"),
            ("continuo 1 120 4/3 1.0", "first line"),
            ("continuo 1 120 4/4", "first line"),
            ("continuo 1 120 4/4 99999999.0", "longer than"),
            ("continuo 1 120 4/4 4.0 C4:1.0 H4:1.0", "\"H4:1.0\""),
            ("continuo 1 120 4/4 4.0 C4:-1.0", "\"C4:-1.0\""),
            ("continuo 1 120 4/4 4.0 C4:0.0", "\"C4:0.0\""),
            ("continuo 1 120 4/4 4.0 v128", "\"v128\""),
            ("continuo 1 120 4/4 4.0 c0", "\"c0\""),
            ("continuo 1 120 4/4 4.0 @-1.0", "\"@-1.0\""),
            ("continuo 1 120 4/4 4.0 \u{e9}", "\"\u{e9}\""),
            ("continuo 1 120 4/4 4.0 C4:99999999.0 C4:1.0", "longer than"),
        ] {
            let sentence = read(text).unwrap_err().to_string();
            assert!(sentence.contains(said), "{text:?}: {sentence}");
        }
        assert!(read(&"x".repeat(MAX_BYTES + 1)).unwrap_err().to_string().contains("shorter phrase"));
    }
}
