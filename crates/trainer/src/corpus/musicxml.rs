//! One voice out of a compressed MusicXML score (`.mxl`, MusicXML 4.0, "score-partwise").
//!
//! Read from the XML tree because the crate `musicxml` 1.1.2 finds no score in any `.mxl` of OpenEWLD nor in 40 of the
//! Lieder, panics on 7 of the unpacked Lieder, and takes 40 s to compile.

use std::io::{Cursor, Read};

use melody::{Meter, Mode, Pitch, Tempo, Ticks};
use roxmltree::{Document, Node, ParsingOptions};
use zip::ZipArchive;

use super::fault::Fault;
use super::score::{Bar, Written};
use super::signature::Signature;

/// Where the standard puts the name of the score.
const CONTAINER: &str = "META-INF/container.xml";
/// The largest score, unpacked, in bytes.
const MAX_SCORE: u64 = 256 << 20;

/// The score in a `.mxl` file as XML text: the one that its container names, or else the only one there is.
pub fn unpack(mxl: Vec<u8>) -> Result<String, Fault> {
    let mut archive = ZipArchive::new(Cursor::new(mxl))?;
    let named = text_of(&mut archive, CONTAINER).ok().and_then(|container| score_path(&container));
    let path = match named {
        Some(path) => path,
        // OpenEWLD's containers are damaged wherever the title holds an apostrophe.
        None => {
            archive.file_names().flatten().find(|name| is_score(name)).ok_or(Fault::NoScore)?.into_owned()
        }
    };
    text_of(&mut archive, &path)
}

fn score_path(container: &str) -> Option<String> {
    let container = Document::parse(container).ok()?;
    let root = container.descendants().find(|node| node.has_tag_name("rootfile"))?;
    root.attribute("full-path").map(str::to_owned)
}

fn is_score(path: &str) -> bool {
    !path.starts_with("META-INF/") && (path.ends_with(".xml") || path.ends_with(".musicxml"))
}

/// The XML tree of a score.
pub fn parse(xml: &str) -> Result<Document<'_>, Fault> {
    // Scores name a document type; roxmltree never fetches it.
    Ok(Document::parse_with_options(xml, ParsingOptions { allow_dtd: true, ..ParsingOptions::default() })?)
}

/// The parts of a score.
pub fn parts<'a>(score: &'a Document<'_>) -> impl Iterator<Item = Node<'a, 'a>> {
    score.root_element().children().filter(|node| node.has_tag_name("part"))
}

/// How many notes of a part have words under them.
pub fn sung_notes(part: Node) -> usize {
    notes(part).filter(|note| child(*note, "lyric").is_some()).count()
}

/// The first tempo that a score states, in any of its parts.
pub fn tempo(score: &Document) -> Tempo {
    let mut sounds = score.descendants().filter(|node| node.has_tag_name("sound"));
    let stated = sounds.find_map(|sound| sound.attribute("tempo")?.parse::<f64>().ok());
    stated.filter(|bpm| *bpm > 0.0).map_or(Tempo::DEFAULT, Tempo::from_bpm)
}

/// The bars of a part's leading voice: the one with the most words, or else the first.
///
/// Grace notes and cue notes are left out, and of a chord the highest note is kept. Of the modes only
/// "minor" is believed: the programs that wrote these files put "major" everywhere or nothing.
pub fn bars(part: Node) -> Vec<Bar> {
    let mut reader = PartReader::new(part);
    let measures = part.children().filter(|node| node.has_tag_name("measure"));
    measures.map(|measure| reader.bar(measure)).collect()
}

fn text_of(archive: &mut ZipArchive<Cursor<Vec<u8>>>, path: &str) -> Result<String, Fault> {
    let file = archive.by_name(path)?;
    let mut bytes = Vec::new();
    file.take(MAX_SCORE + 1).read_to_end(&mut bytes).map_err(Fault::File)?;
    if bytes.len() as u64 > MAX_SCORE {
        return Err(Fault::TooBig(MAX_SCORE));
    }
    String::from_utf8(bytes).map_err(|_| Fault::NotUtf8)
}

fn notes<'a>(part: Node<'a, 'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    part.children().flat_map(|measure| measure.children()).filter(|node| node.has_tag_name("note"))
}

/// What stays in force from bar to bar.
struct PartReader<'a> {
    voice: &'a str,
    divisions: i64,
    transposed: i32,
    meter: Option<Meter>,
    signature: Option<Signature>,
}

impl<'a> PartReader<'a> {
    fn new(part: Node<'a, 'a>) -> PartReader<'a> {
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

    fn bar(&mut self, measure: Node<'a, 'a>) -> Bar {
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

fn voice<'a>(note: Node<'a, '_>) -> &'a str {
    child(note, "voice").and_then(|voice| voice.text()).unwrap_or("1")
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.has_tag_name(name))
}

/// A number in a child, no farther from zero than 2^31 so that sums of them cannot overflow.
fn number(node: Node, name: &str) -> Option<i64> {
    child(node, name)?.text()?.trim().parse::<i32>().ok().map(i64::from)
}
