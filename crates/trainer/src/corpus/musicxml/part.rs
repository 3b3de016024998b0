//! The bars of a MusicXML part, voice by voice and division by division.

use melody::{Meter, Mode, Pitch, Ticks};
use roxmltree::Node;

use super::{child, notes, number, voice};
use crate::corpus::score::{Bar, Written};
use crate::corpus::signature::Signature;

/// What stays in force from bar to bar.
pub struct PartReader<'a> {
    voice: &'a str,
    divisions: i64,
    transposed: i32,
    meter: Option<Meter>,
    signature: Option<Signature>,
}

impl<'a> PartReader<'a> {
    /// Begins before the first bar of a part.
    pub fn new(part: Node<'a, 'a>) -> PartReader<'a> {
        let mut voices: Vec<(&str, usize)> = Vec::new();
        for note in notes(part) {
            let voice = voice(note);
            let sung = usize::from(child(note, "lyric").is_some());
            match voices.iter_mut().find(|(name, _)| *name == voice) {
                Some((_, count)) => *count += sung,
                None => voices.push((voice, sung)),
            }
        }
        let most = voices.iter().rev().max_by_key(|(_, sung)| *sung);
        let voice = most.map_or("1", |(name, _)| *name);
        PartReader { voice, divisions: 1, transposed: 0, meter: None, signature: None }
    }

    /// Reads the next bar.
    pub fn bar(&mut self, measure: Node<'a, 'a>) -> Bar {
        let mut cursor = Cursors::default();
        let mut closes = false;
        let mut written: Vec<Written> = Vec::new();
        for element in measure.children() {
            match element.tag_name().name() {
                "attributes" => self.take_attributes(element, &mut cursor),
                "backup" => cursor.move_by(-number(element, "duration").unwrap_or(0)),
                "forward" => cursor.move_by(number(element, "duration").unwrap_or(0)),
                "note" => self.take_note(element, &mut cursor, &mut written),
                "barline" => closes |= ends_section(element),
                _ => {}
            }
        }
        // Voices may be written one after another in any order.
        written.sort_by_key(|note| note.onset);
        let length = self.ticks(cursor.end);
        Bar { meter: self.meter, signature: self.signature, length, closes, notes: written }
    }

    fn take_attributes(&mut self, attributes: Node, cursor: &mut Cursors) {
        if let Some(divisions) = number(attributes, "divisions").filter(|divisions| *divisions > 0) {
            cursor.rescale(self.divisions, divisions);
            self.divisions = divisions;
        }
        if let Some(key) = child(attributes, "key")
            && let Some(fifths) = number(key, "fifths").filter(|fifths| (-7..=7).contains(fifths))
        {
            let mode = child(key, "mode").and_then(|mode| mode.text());
            let mode = (mode == Some("minor")).then_some(Mode::Minor);
            self.signature = Some(Signature { fifths: fifths as i32, mode });
        }
        if let Some(time) = child(attributes, "time") {
            self.meter = meter(time);
        }
        if let Some(transpose) = child(attributes, "transpose") {
            let octaves = number(transpose, "octave-change").unwrap_or(0);
            let semitones = number(transpose, "chromatic").unwrap_or(0) + 12 * octaves;
            self.transposed = semitones.clamp(-60, 60) as i32;
        }
    }

    fn take_note(&self, note: Node, cursor: &mut Cursors, written: &mut Vec<Written>) {
        if child(note, "grace").is_some() {
            return;
        }
        let duration = number(note, "duration").unwrap_or(0);
        let is_chord = child(note, "chord").is_some();
        let start = if is_chord { cursor.last } else { cursor.now };
        if !is_chord {
            cursor.last = cursor.now;
            cursor.move_by(duration);
        }
        let heard = voice(note) == self.voice && child(note, "cue").is_none() && duration > 0;
        let Some(pitch) = child(note, "pitch").filter(|_| heard).and_then(|pitch| self.pitch(pitch)) else {
            return;
        };
        let (onset, end) = (self.ticks(start), self.ticks(start + duration));
        let tied =
            note.children().any(|tie| tie.has_tag_name("tie") && tie.attribute("type") == Some("start"));
        let new = Written { onset, length: end - onset, pitch, tied };
        match written.last_mut() {
            Some(below) if is_chord && below.onset == onset => {
                if below.pitch < pitch {
                    *below = new;
                }
            }
            _ => written.push(new),
        }
    }

    fn pitch(&self, pitch: Node) -> Option<Pitch> {
        let step = match child(pitch, "step")?.text()?.trim() {
            "C" => 0,
            "D" => 2,
            "E" => 4,
            "F" => 5,
            "G" => 7,
            "A" => 9,
            "B" => 11,
            _ => return None,
        };
        let altered = number(pitch, "alter").unwrap_or(0);
        let octave = number(pitch, "octave")?;
        let midi = 12 * (octave + 1) + step + altered + i64::from(self.transposed);
        u8::try_from(midi).ok().and_then(Pitch::new)
    }

    /// A time in divisions as ticks, the nearest where a tuplet falls between two.
    fn ticks(&self, divisions: i64) -> Ticks {
        Ticks((divisions * Ticks::PER_QUARTER * 2 + self.divisions).div_euclid(2 * self.divisions))
    }
}

/// Times in a bar, in divisions from its start.
#[derive(Default)]
struct Cursors {
    now: i64,
    /// Where the last note that is no part of a chord began.
    last: i64,
    /// The latest time reached.
    end: i64,
}

impl Cursors {
    fn move_by(&mut self, duration: i64) {
        self.now = (self.now + duration).max(0);
        self.end = self.end.max(self.now);
    }

    fn rescale(&mut self, from: i64, to: i64) {
        for time in [&mut self.now, &mut self.last, &mut self.end] {
            *time = *time * to / from;
        }
    }
}

/// A time signature; the numbers of a composite one (3+2/8) are added up.
fn meter(time: Node) -> Option<Meter> {
    let beats = child(time, "beats")?.text()?;
    let numerator = beats.split('+').map(|beats| beats.trim().parse::<u8>().ok());
    let numerator = numerator.reduce(|sum, beats| sum?.checked_add(beats?))??;
    Meter::new(numerator, u8::try_from(number(time, "beat-type")?).ok()?)
}

fn ends_section(barline: Node) -> bool {
    let style = child(barline, "bar-style").and_then(|style| style.text());
    let double = matches!(style, Some("light-light" | "light-heavy" | "heavy-heavy" | "heavy-light"));
    let repeat = child(barline, "repeat").and_then(|repeat| repeat.attribute("direction"));
    barline.attribute("location") != Some("left") && (double || repeat == Some("backward"))
}
