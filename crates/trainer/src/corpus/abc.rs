//! One voice out of an ABC file (ABC standard 2.1, as far as hymn books go).
//!
//! Read by hand because the crate `abc-parser` 0.4.0 refuses 37 of the 275 hymns over a line that it does not know,
//! and knows nothing of voices, bars' accidentals or lengths: all but the spelling would be left to do.
//!
//! Repeats are not expanded; grace notes, decorations, chord symbols and words are passed over.

mod bar;
mod key;
mod symbol;

use melody::{Meter, Tempo, Ticks};

use super::score::Bar;
use bar::Writer;
use symbol::Symbol;

/// What one voice of a tune holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tune {
    /// The first title; empty if there is none.
    pub title: String,
    /// The voice's bars.
    pub bars: Vec<Bar>,
    /// The first tempo; 120 if there is none.
    pub tempo: Tempo,
}

/// The texts of the tunes in a file: each from its `X:` to the next, or all of it where there is none.
pub fn tunes(text: &str) -> Vec<&str> {
    let begins_line = |place: usize| text[..place].is_empty() || text[..place].ends_with(['\n', '\r']);
    let starts = text.match_indices("X:").map(|(place, _)| place).filter(|place| begins_line(*place));
    let mut starts: Vec<usize> = starts.collect();
    if starts.is_empty() {
        return vec![text];
    }
    starts.push(text.len());
    starts.windows(2).map(|tune| &text[tune[0]..tune[1]]).collect()
}

/// Reads a voice of the first tune in a file: the one with this name, or the first that the music is written in.
pub fn read(text: &str, voice: &str) -> Tune {
    let voice = if names_voice(text, voice) { Some(voice) } else { first_voice(text) };
    let mut reader = Reader { voice, heard: voice.is_none(), ..Reader::default() };
    for line in text.lines() {
        reader.take_line(line.split('%').next().unwrap_or_default().trim());
    }
    reader.tune.bars = reader.writer.finish();
    reader.tune
}

fn names_voice(text: &str, voice: &str) -> bool {
    text.lines().any(|line| voice_of(line).is_some_and(|(name, rest)| name == voice && !rest.is_empty()))
}

fn first_voice(text: &str) -> Option<&str> {
    text.lines().find_map(|line| voice_of(line).filter(|(_, rest)| !rest.is_empty()).map(|(name, _)| name))
}

/// The voice that a line switches to at its start, as `V:name` or `[V:name]`, and the music after it.
fn voice_of(line: &str) -> Option<(&str, &str)> {
    let (field, rest) = match line.trim().strip_prefix("[V:") {
        Some(inline) => inline.split_once(']')?,
        None => (line.trim().strip_prefix("V:")?, ""),
    };
    Some((field.split_whitespace().next()?, rest.trim()))
}

#[derive(Default)]
struct Reader<'a> {
    voice: Option<&'a str>,
    /// Whether the voice that is wanted is being written.
    heard: bool,
    in_body: bool,
    tune: Tune,
    writer: Writer,
}

impl Reader<'_> {
    fn take_line(&mut self, line: &str) {
        match line.split_at_checked(2) {
            Some((name, value)) if is_field(name) => self.take_field(&name[..1], value.trim(), true),
            _ if self.in_body => self.take_music(line),
            _ => {}
        }
    }

    fn take_music(&mut self, line: &str) {
        for symbol in symbol::read(line) {
            match symbol {
                Symbol::Field(name, value) => self.take_field(name, value.trim(), false),
                music if self.heard => self.writer.take(music),
                _ => {}
            }
        }
    }

    /// A field of its own line holds for all voices, one among the notes for the voice that it stands in.
    fn take_field(&mut self, name: &str, value: &str, own_line: bool) {
        match name {
            "V" => {
                let named = value.split_whitespace().next();
                self.heard = self.voice.is_none() || named == self.voice;
            }
            "T" if self.tune.title.is_empty() => self.tune.title = value.to_owned(),
            "K" | "M" | "L" if !own_line && !self.heard => {}
            "K" => {
                self.in_body = true;
                self.writer.set_key(key::read(value));
            }
            "M" => self.writer.set_meter(meter(value)),
            "L" => {
                if let Some((over, under)) = fraction(value) {
                    self.writer.set_unit(Ticks::ratio(4 * over, under));
                }
            }
            "Q" if self.tune.tempo == Tempo::DEFAULT => self.tune.tempo = tempo(value).unwrap_or_default(),
            _ => {}
        }
    }
}

fn is_field(name: &str) -> bool {
    name.ends_with(':') && name.starts_with(|letter: char| letter.is_ascii_alphabetic())
}

fn meter(value: &str) -> Option<Meter> {
    match value {
        "C" => Some(Meter::COMMON),
        "C|" => Meter::new(2, 2),
        _ => {
            let (over, under) = fraction(value)?;
            Meter::new(u8::try_from(over).ok()?, u8::try_from(under).ok()?)
        }
    }
}

/// Reads `1/4=90`: that many of that length a minute.
fn tempo(value: &str) -> Option<Tempo> {
    let (beat, count) = value.split_once('=')?;
    let (over, under) = fraction(beat)?;
    let count: f64 = count.trim().parse().ok()?;
    Some(Tempo::from_bpm(count * Ticks::ratio(4 * over, under).as_quarters()))
}

/// Reads `3/4` with both numbers from 1 to 999.
fn fraction(value: &str) -> Option<(i64, i64)> {
    let (over, under) = value.split_once('/')?;
    let whole = |text: &str| text.trim().parse::<i64>().ok().filter(|number| (1..1000).contains(number));
    Some((whole(over)?, whole(under)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HYMN: &str = "X: 1\nT: A Hymn % of praise\nM: 3/4\nL: 1/4\nV: S1V1 clef=treble\nV: S2V1 clef=bass\nK: Eb\n\
        [V: S1V1] [Q:1/4=90] G/ F/ | E E G/>B/ | A =A\nw: one two\n[V: S2V1] B, | E, E, E, | F,2\n\
        [V: S1V1] A | (3B/c/d/ e2- | !fermata!e2 z |]\n[V: S2V1] B, | E,3 | E,2 |]\n";

    fn notes(text: &str) -> Vec<(usize, i64, i64, u8)> {
        let bars = read(text, "S1V1").bars.into_iter().enumerate();
        let written = bars.flat_map(|(bar, content)| content.notes.into_iter().map(move |note| (bar, note)));
        written.map(|(bar, note)| (bar, note.onset.0, note.length.0, note.pitch.number())).collect()
    }

    #[test]
    fn a_hymns_soprano_is_read_to_the_tick() {
        let expected = [
            (0, 0, 480, 67),
            (0, 480, 480, 65),
            (1, 0, 960, 63),
            (1, 960, 960, 63),
            (1, 1920, 720, 67),
            (1, 2640, 240, 70),
            (2, 0, 960, 68),
            (2, 960, 960, 69),
            // An accidental holds to the end of its bar, over the line's end.
            (2, 1920, 960, 69),
            (3, 0, 320, 70),
            (3, 320, 320, 72),
            (3, 640, 320, 74),
            (3, 960, 1920, 75),
            (4, 0, 1920, 75),
        ];
        assert_eq!(notes(HYMN), expected);
        let tune = read(HYMN, "S1V1");
        assert_eq!((tune.title.as_str(), tune.tempo), ("A Hymn", Tempo::from_bpm(90.0)));
        assert_eq!(tune.bars[3].meter, Meter::new(3, 4));
        assert_eq!(tune.bars[3].signature.map(|signature| signature.fifths), Some(-3));
        assert_eq!(
            tune.bars.iter().map(|bar| bar.length.0).collect::<Vec<_>>(),
            [960, 2880, 2880, 2880, 2880]
        );
        assert!(tune.bars[4].closes && tune.bars[3].notes[3].tied);
    }

    #[test]
    fn another_voice_serves_where_the_wanted_one_is_missing() {
        assert_eq!(
            notes("X:1\nM:4/4\nL:1/8\nK:D\n[V:A] f2 F,2 [df]4|\n[V:B] D8|"),
            [(0, 0, 960, 78), (0, 960, 960, 54), (0, 1920, 1920, 78)]
        );
        assert_eq!(
            notes("X:1\nM:4/4\nL:1/8\nK:C\nc4 ^c3 {d}c|"),
            [(0, 0, 1920, 72), (0, 1920, 1440, 73), (0, 3360, 480, 73)]
        );
    }

    #[test]
    fn damaged_text_gives_no_bars_and_no_panic() {
        for text in ["", "K:", "K:C\n[", "K:C\n(3", "K:C\n[M:0/0]C0 C//// >|^", "K:C\n\"", "é:\nK:é\né|"] {
            assert!(read(text, "S1V1").bars.iter().all(|bar| bar.length >= Ticks::ZERO), "{text}");
        }
    }

    #[test]
    fn a_file_of_many_tunes_is_parted_at_their_numbers() {
        let text = "% book\nX:1\nT:MAX:1\nK:C\nC|\nX:2\nK:D\nD|\n";
        assert_eq!(tunes(text), ["X:1\nT:MAX:1\nK:C\nC|\n", "X:2\nK:D\nD|\n"]);
        assert_eq!(tunes("K:C\nC|"), ["K:C\nC|"]);
    }
}
