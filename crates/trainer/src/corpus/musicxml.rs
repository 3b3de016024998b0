//! One voice out of a compressed MusicXML score (`.mxl`, MusicXML 4.0, "score-partwise").
//!
//! Read from the XML tree because the crate `musicxml` 1.1.2 finds no score in any `.mxl` of OpenEWLD nor in 40 of the
//! Lieder, panics on 7 of the unpacked Lieder, and takes 40 s to compile.

mod part;

use std::io::{Cursor, Read};

use melody::Tempo;
use roxmltree::{Document, Node, ParsingOptions};
use zip::ZipArchive;

use super::fault::Fault;
use super::score::Bar;
use part::PartReader;

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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use melody::Ticks;
    use zip::write::SimpleFileOptions;

    use super::*;

    const SCORE: &str = r#"<?xml version="1.0"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">
<score-partwise><part id="P1">
<measure number="0" implicit="yes">
 <attributes><divisions>6</divisions><key><fifths>-1</fifths><mode>major</mode></key>
  <time><beats>3</beats><beat-type>4</beat-type></time></attributes>
 <direction><sound tempo="90"/></direction>
 <note><pitch><step>C</step><octave>5</octave></pitch><duration>6</duration><voice>1</voice><lyric/></note>
</measure>
<measure number="1">
 <note><grace/><pitch><step>D</step><octave>5</octave></pitch><voice>1</voice></note>
 <note><pitch><step>F</step><alter>1</alter><octave>4</octave></pitch><duration>2</duration><voice>1</voice><lyric/></note>
 <note><pitch><step>G</step><octave>4</octave></pitch><duration>2</duration><voice>1</voice></note>
 <note><pitch><step>A</step><octave>4</octave></pitch><duration>2</duration><voice>1</voice></note>
 <note><rest/><duration>3</duration><voice>1</voice></note>
 <note><pitch><step>B</step><alter>-1</alter><octave>4</octave></pitch><duration>9</duration><tie type="start"/><voice>1</voice></note>
 <backup><duration>18</duration></backup>
 <note><pitch><step>C</step><octave>6</octave></pitch><duration>18</duration><voice>2</voice></note>
</measure>
<measure number="2">
 <note><pitch><step>B</step><alter>-1</alter><octave>4</octave></pitch><duration>6</duration><tie type="stop"/><voice>1</voice></note>
 <note><pitch><step>C</step><octave>4</octave></pitch><duration>12</duration><voice>1</voice></note>
 <note><chord/><pitch><step>E</step><octave>4</octave></pitch><duration>12</duration><voice>1</voice></note>
 <barline location="right"><bar-style>light-heavy</bar-style></barline>
</measure>
</part></score-partwise>"#;

    fn mxl(files: &[(&str, &str)]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in files {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn one_voice_is_read_to_the_tick() {
        let document = parse(SCORE).unwrap();
        let part = parts(&document).next().unwrap();
        assert_eq!((sung_notes(part), tempo(&document)), (2, Tempo::from_bpm(90.0)));
        let (phrase, key) = crate::corpus::score::phrases(&bars(part), tempo(&document)).unwrap().remove(0);
        let notes: Vec<(i64, i64, u8)> =
            phrase.notes().iter().map(|note| (note.onset.0, note.length.0, note.pitch.number())).collect();
        let expected = [
            // The upbeat on the third beat; a triplet; a tie over the bar line; the upper note of a chord.
            (1920, 960, 72),
            (2880, 320, 66),
            (3200, 320, 67),
            (3520, 320, 69),
            (4320, 2400, 70),
            (6720, 1920, 64),
        ];
        assert_eq!(notes, expected);
        assert_eq!((phrase.meter.to_string().as_str(), phrase.length()), ("3/4", Ticks(8640)));
        assert_eq!(key.unwrap().to_string(), "F major");
    }

    #[test]
    fn the_container_names_the_score() {
        let container = "<container><rootfiles><rootfile full-path='a/b.xml'/></rootfiles></container>";
        let files = [("other.xml", "<no/>"), ("META-INF/container.xml", container), ("a/b.xml", SCORE)];
        assert_eq!(unpack(mxl(&files)).unwrap(), SCORE);
    }

    #[test]
    fn a_damaged_container_does_not_hide_the_only_score() {
        let container = "<container><rootfiles><rootfile full-path='Ol' Man.xml'/></rootfiles></container>";
        assert_eq!(
            unpack(mxl(&[("META-INF/container.xml", container), ("Ol' Man.xml", SCORE)])).unwrap(),
            SCORE
        );
        assert!(matches!(unpack(mxl(&[("META-INF/container.xml", container)])), Err(Fault::NoScore)));
        assert!(matches!(unpack(SCORE.into()), Err(Fault::Zip(_))));
    }
}
