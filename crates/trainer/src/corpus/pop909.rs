//! POP909: the melody track of the original files on the grid of POP909-CL.
//!
//! The originals start anywhere and state wrong meters; the corrected files merge all tracks into one. So the
//! melody's notes are taken from the original, one constant shift is found that puts them on notes of the corrected
//! file, and onsets, meter and key are taken from there.

use melody::{Note, Phrase, Song, Tempo, Ticks, Track};

use super::collection::Collection;
use super::fault::Fault;
use super::signature::Signature;
use super::{Melody, Source, melodies, score};

/// Where the original files lie.
pub const ORIGINALS: &str = "pop909/";
/// Where the corrected files lie.
pub const CORRECTED: &str = "pop909-cl/";

/// The grid of the corrected files: 24 steps to the quarter.
const GRID: Ticks = Ticks(Ticks::PER_QUARTER / 24);
/// How far from its place in the corrected file a shifted note may be: half a step, and the rounding of the shift.
const TOLERANCE: Ticks = Ticks(25);
/// Shifts are no larger than this.
const MAX_SHIFT: Ticks = Ticks::quarters(40);
/// The least share of melody notes found in the corrected file, in percent.
const ENOUGH: usize = 90;

/// Reads `pop909/NNN/NNN.mid` and the file beside it, `pop909-cl/NNN.mid`.
pub fn read(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let original = melody::midi::read(&collection.bytes(path)?)?;
    let corrected = collection.bytes(&format!("{CORRECTED}{file}"))?;
    let signature = Signature::of_midi(&corrected, true);
    let corrected = melody::midi::read(&corrected)?;
    let sung = track(&original, "MELODY")?;
    let piano = track(&corrected, "piano")?;
    let matched = matches(&sung.notes, &piano.notes);
    if matched.len() * 100 < sung.notes.len() * ENOUGH {
        return Err(Fault::NoGrid { matched: matched.len(), notes: sung.notes.len() });
    }
    let meter = corrected.meters.at(Ticks::ZERO);
    let phrase = Phrase::new(matched, meter, main_tempo(&original)).skyline();
    let phrase = score::from_first_bar(phrase);
    let key = signature.map(|signature| signature.key(phrase.notes()));
    melodies(Source::Pop909, file.trim_end_matches(".mid"), vec![(phrase, key)])
}

fn track<'a>(song: &'a Song, name: &'static str) -> Result<&'a Track, Fault> {
    song.tracks.iter().find(|track| track.name == name).ok_or(Fault::NoTrack(name))
}

/// The notes of `sung` that one shift puts on notes of `piano`, at the onsets that these have.
fn matches(sung: &[Note], piano: &[Note]) -> Vec<Note> {
    let shift = best_shift(sung, piano);
    let place = |note: &Note| {
        let from = piano.partition_point(|other| other.onset < note.onset + shift - TOLERANCE);
        let near = piano[from..].iter().take_while(|other| other.onset <= note.onset + shift + TOLERANCE);
        let same = near.filter(|other| other.pitch == note.pitch);
        let onset = same.map(|other| other.onset).min_by_key(|onset| onset.distance(note.onset + shift))?;
        let end = (note.end() + shift).round_to(GRID);
        Some(Note { onset, length: (end - onset).max(GRID), channel: 0, ..*note })
    };
    sung.iter().filter_map(place).collect()
}

/// The shift at which most pairs of notes of one pitch meet within [`TOLERANCE`].
fn best_shift(sung: &[Note], piano: &[Note]) -> Ticks {
    let mut shifts: Vec<Ticks> = Vec::new();
    for note in sung {
        let from = piano.partition_point(|other| other.onset < note.onset - MAX_SHIFT);
        let near = piano[from..].iter().take_while(|other| other.onset <= note.onset + MAX_SHIFT);
        shifts.extend(near.filter(|other| other.pitch == note.pitch).map(|other| other.onset - note.onset));
    }
    shifts.sort_unstable();
    let mut best: &[Ticks] = &[];
    let mut end = 0;
    for start in 0..shifts.len() {
        while end < shifts.len() && shifts[end] <= shifts[start] + TOLERANCE * 2 {
            end += 1;
        }
        if end - start > best.len() {
            best = &shifts[start..end];
        }
    }
    best.get(best.len() / 2).copied().unwrap_or(Ticks::ZERO)
}

/// The tempo that is in force the longest.
fn main_tempo(song: &Song) -> Tempo {
    let changes = song.tempos.changes();
    let ends = changes.iter().skip(1).map(|(start, _)| *start).chain([end(song)]);
    let spans = changes.iter().zip(ends).map(|((start, tempo), end)| (end - *start, *tempo));
    spans.max_by_key(|(span, _)| *span).map_or(Tempo::DEFAULT, |(_, tempo)| tempo)
}

fn end(song: &Song) -> Ticks {
    let notes = song.tracks.iter().flat_map(|track| &track.notes);
    notes.map(Note::end).max().unwrap_or(Ticks::ZERO)
}
