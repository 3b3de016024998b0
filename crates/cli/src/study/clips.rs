//! What is heard in a study: pieces of each model, and of real music that no model has learnt from.

use std::path::Path;

use anyhow::{Result, bail};
use generator::{Cancel, GenerateError, Generator, Library, Request, Task};
use melody::{Meter, Note, Phrase, Ticks};
use trainer::corpus::Source;
use trainer::corpus::performances::{self, Performance};
use trainer::dataset::Part;

use super::Making;
use crate::console::Console;

/// What real music is called where models have their ids.
pub const REAL: &str = "real";
/// A stretch of real music has at least so many notes a bar.
const BUSY: usize = 3;

/// A few bars to be judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Clip {
    /// The model's id, or [`REAL`].
    pub player: String,
    /// The player's name as the table shows it.
    pub name: String,
    pub notes: Vec<Sounding>,
    /// Seconds until its last bar line.
    pub seconds: f64,
}

/// Onset and length in seconds, MIDI pitch, velocity.
pub type Sounding = (f64, f64, u8, u8);

impl Clip {
    /// The notes of some bars of 4/4 at a tempo.
    fn of(player: &str, name: &str, phrase: &Phrase, bpm: u32) -> Clip {
        let seconds = |time: Ticks| {
            // Milliseconds are finer than any ear, and keep the page small.
            (time.as_quarters() * 60.0 / f64::from(bpm) * 1e3).round() / 1e3
        };
        let sounding =
            |note: &Note| (seconds(note.onset), seconds(note.length), note.pitch.number(), note.velocity);
        Clip {
            player: player.to_owned(),
            name: name.to_owned(),
            notes: phrase.notes().iter().map(sounding).collect(),
            seconds: seconds(phrase.whole_bars()),
        }
    }
}

/// The clips of all models that were asked for, or else of all that make music from nothing.
///
/// # Errors
/// A model that was asked for is not there or makes no music from nothing, or one fails.
pub fn generated(making: &Making, library: &Library, console: &Console) -> Result<Vec<Clip>> {
    let mut clips = Vec::new();
    let ids: Vec<String> = match making.model.as_slice() {
        [] => library.listings().into_iter().map(|listing| listing.id).collect(),
        asked => asked.to_vec(),
    };
    for id in &ids {
        let model = match library.open(id) {
            Ok(model) => model,
            Err(error) if making.model.is_empty() => {
                console.remark(&format!("continuo: {id} is left out: {error}"));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        if model.card().tasks.contains(&Task::Fresh) {
            console.remark(&format!("continuo: {id} plays"));
            match played(making, id, model.as_ref()) {
                Ok(pieces) => clips.extend(pieces),
                Err(error @ GenerateError::Style { .. }) if making.model.is_empty() => {
                    console.remark(&format!("continuo: {id} is left out: {error}"));
                }
                Err(error) => return Err(error.into()),
            }
        } else if !making.model.is_empty() {
            bail!(
                "the model \"{id}\" makes no music from nothing, and a study hears no prompts; leave it out"
            );
        }
    }
    Ok(clips)
}

fn played(making: &Making, id: &str, model: &dyn Generator) -> Result<Vec<Clip>, GenerateError> {
    let request = Request {
        task: Task::Fresh,
        bars: making.bars,
        count: making.clips,
        chord: Some(making.chord.clone()),
        progression: making.progression.clone(),
        style: Some(making.style),
        seed: making.seed,
        ..Request::to_continue(Phrase::default())
    };
    let pieces = model.generate(&request, &Cancel::never())?;
    let name = &model.card().name;
    Ok(pieces.iter().map(|piece| Clip::of(id, name, &piece.phrase, making.bpm)).collect())
}

/// The clips of real music in the style that was asked for, each of another song of the test part.
///
/// # Errors
/// A collection cannot be read, or the songs are too few.
pub fn real(making: &Making, data: &Path) -> Result<Vec<Clip>> {
    let of_style =
        |source: &Source| *source != Source::Folder && performances::style(*source) == Some(making.style);
    let there = |source: &Source| {
        let name = source.name();
        data.join(name).is_dir() || data.join(format!("{name}.tar.gz")).is_file()
    };
    let mut sources: Vec<Source> = Source::ALL.into_iter().filter(of_style).collect();
    if sources.is_empty() {
        bail!(
            "no collection holds {} music as it was played, with all its voices; choose another --style, or leave --data out",
            making.style
        );
    }
    // Where none is there the error names the first.
    if sources.iter().any(there) {
        sources.retain(there);
    }
    let read = performances::read(data, &sources, &mut |_| {})?;
    let mut stretches: Vec<Phrase> = Vec::new();
    for song in by_song(read.part(Part::Test).collect()) {
        let place = usize::try_from(making.seed % 64).unwrap_or(0) + stretches.len();
        stretches.extend(song.iter().find_map(|part| stretch(&part.phrase, making.bars, place)));
    }
    let wanted = making.clips as usize;
    if stretches.len() < wanted {
        bail!(
            "--data {}: only {} of its {} songs that no model has learnt from hold {} bars of 4/4; ask for fewer --clips",
            data.display(),
            stretches.len(),
            making.style,
            making.bars
        );
    }
    // Songs from all over the collections, others with another seed.
    let first = usize::try_from(making.seed % stretches.len() as u64).unwrap_or(0);
    let chosen = (0..wanted).map(|number| (first + number * stretches.len() / wanted) % stretches.len());
    Ok(chosen.map(|index| Clip::of(REAL, "Real music", &stretches[index], making.bpm)).collect())
}

fn by_song(performances: Vec<&Performance>) -> Vec<Vec<&Performance>> {
    let mut songs: Vec<Vec<&Performance>> = Vec::new();
    for performance in performances {
        match songs.last_mut() {
            Some(song) if song[0].song == performance.song => song.push(performance),
            _ => songs.push(vec![performance]),
        }
    }
    songs
}

/// So many bars of a piece in 4/4 from a bar line on, which are busy enough; `place` chooses among them.
fn stretch(piece: &Phrase, bars: u32, place: usize) -> Option<Phrase> {
    const STEP: usize = 4;
    let bar = piece.meter.bar();
    let length = bar * i64::from(bars);
    let at = |start: usize| piece.between(bar * start as i64, bar * start as i64 + length);
    let last = piece.bars().checked_sub(bars as usize).filter(|_| piece.meter == Meter::COMMON)?;
    let filled = |part: &Phrase| {
        let starts = part.notes().first().is_some_and(|note| note.onset < bar);
        starts && part.notes().len() >= BUSY * bars as usize
    };
    let starts: Vec<usize> = (0..=last).step_by(STEP).collect();
    let turned = starts.iter().cycle().skip(place % starts.len()).take(starts.len());
    turned.map(|start| at(*start)).find(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use melody::{Pitch, Tempo};

    fn scale(bars: i64) -> Phrase {
        let note = |step: i64| Note {
            onset: Ticks::quarters(step),
            length: Ticks::QUARTER,
            pitch: Pitch::new(60 + (step % 12) as u8).unwrap(),
            velocity: 70,
            channel: 0,
        };
        Phrase::new((0..4 * bars).map(note).collect(), Meter::COMMON, Tempo::DEFAULT)
    }

    #[test]
    fn a_clip_is_in_seconds_at_its_tempo() {
        let clip = Clip::of("a", "A", &scale(1), 120);
        assert_eq!(clip.notes[1], (0.5, 0.5, 61, 70));
        assert_eq!(clip.seconds, 2.0);
    }

    #[test]
    fn real_stretches_begin_on_bar_lines_and_last_as_long_as_asked() {
        let piece = scale(20);
        let first = stretch(&piece, 8, 0).unwrap();
        assert_eq!((first.bars(), first.notes().len(), first.notes()[0].pitch.number()), (8, 32, 60));
        // The second choice begins four bars later: 16 quarters on.
        assert_eq!(stretch(&piece, 8, 1).unwrap().notes()[0].pitch.number(), 64);
        assert_eq!(stretch(&piece, 21, 0), None);
        let mut waltz = piece;
        waltz.meter = Meter::new(3, 4).unwrap();
        assert_eq!(stretch(&waltz, 8, 0), None);
    }
}
