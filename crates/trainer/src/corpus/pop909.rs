//! POP909: the melody track of the original files on the grid of POP909-CL.
//!
//! The originals start anywhere and state wrong meters; the corrected files merge all tracks into one. So the
//! melody's notes are taken from the original, one constant shift is found that puts them on notes of the corrected
//! file, and onsets, meter and keys are taken from there.

mod keys;

use melody::{Key, Meter, Note, Phrase, Song, Tempo, Ticks, Track};

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
    let number = number(path);
    let original = melody::midi::read(&collection.bytes(path)?)?;
    let bytes = collection.bytes(&corrected(path))?;
    let corrected = melody::midi::read(&bytes)?;
    let sung = track(&original, "MELODY")?;
    let matched = matches(&sung.notes, &track(&corrected, "piano")?.notes);
    if matched.len() * 100 < sung.notes.len() * ENOUGH {
        return Err(Fault::NoGrid { matched: matched.len(), notes: sung.notes.len() });
    }
    let meter = corrected.meters.at(Ticks::ZERO);
    let line = Phrase::new(matched, meter, main_tempo(&original)).skyline();
    let key = Signature::of_midi(&bytes, true).and_then(|signature| signature.key(line.notes()));
    let changes = key_changes(collection, number, meter, corrected.tempos.at(Ticks::ZERO));
    let parts = in_keys(&line, key, &changes).into_iter();
    let parts = parts.map(|(from, to, key)| (score::from_first_bar(line.between(from, to)), key));
    melodies(Source::Pop909, number, parts.collect())
}

/// The song's number in the path of its original.
pub fn number(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path).trim_end_matches(".mid")
}

/// The path of the corrected file that belongs to an original.
pub fn corrected(path: &str) -> String {
    format!("{CORRECTED}{}.mid", number(path))
}

/// The changes of key that the log of corrections tells of a song.
pub fn key_changes(collection: &Collection, song: &str, meter: Meter, tempo: Tempo) -> Vec<(Ticks, Key)> {
    match (collection.bytes(keys::LOG), song.parse()) {
        (Ok(log), Ok(number)) => keys::changes(&log, number, meter, tempo),
        _ => Vec::new(),
    }
}

/// The stretches of a line in one key, from and to. A change is believed if the notes up to the next one fit the new
/// key no worse.
pub fn in_keys(
    line: &Phrase,
    first: Option<Key>,
    changes: &[(Ticks, Key)],
) -> Vec<(Ticks, Ticks, Option<Key>)> {
    let mut starts = vec![(Ticks::ZERO, first)];
    for (index, (start, key)) in changes.iter().enumerate() {
        let end = changes.get(index + 1).map_or(line.length(), |(next, _)| *next);
        let after = line.between(*start, end);
        let fit = |key: Key| after.notes().iter().filter(|note| key.contains(note.pitch.class())).count();
        if starts.last().is_some_and(|(_, before)| before.is_none_or(|before| fit(*key) >= fit(before))) {
            starts.push((*start, Some(*key)));
        }
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([line.length()]);
    starts.iter().zip(ends).map(|((start, key), end)| (*start, end, *key)).collect()
}

/// The track of this name.
pub fn track<'a>(song: &'a Song, name: &'static str) -> Result<&'a Track, Fault> {
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
pub fn main_tempo(song: &Song) -> Tempo {
    let changes = song.tempos.changes();
    let ends = changes.iter().skip(1).map(|(start, _)| *start).chain([end(song)]);
    let spans = changes.iter().zip(ends).map(|((start, tempo), end)| (end - *start, *tempo));
    spans.max_by_key(|(span, _)| *span).map_or(Tempo::DEFAULT, |(_, tempo)| tempo)
}

fn end(song: &Song) -> Ticks {
    let notes = song.tracks.iter().flat_map(|track| &track.notes);
    notes.map(Note::end).max().unwrap_or(Ticks::ZERO)
}

#[cfg(test)]
mod tests {
    use melody::{MeterMap, Mode, Pitch, PitchClass, TempoMap};

    use super::*;

    fn note(onset: i64, length: i64, pitch: u8) -> Note {
        let pitch = Pitch::new(pitch).unwrap();
        Note { onset: Ticks(onset), length: Ticks(length), pitch, velocity: 71, channel: 3 }
    }

    fn major(tonic: i32) -> Key {
        Key { tonic: PitchClass::of(tonic), mode: Mode::Major }
    }

    #[test]
    fn a_melody_is_found_among_the_chords_and_put_on_their_grid() {
        // Sung 613 ticks late on the wrong grid; the piano has its notes and chords below, also of the same pitches.
        let tune = [60, 62, 64, 65, 67, 65, 64, 62, 60];
        let sung = |(step, pitch): (i64, u8)| note(3840 + 613 + step * 480 + step % 3, 455, pitch);
        let sung: Vec<Note> = (0..).zip(tune).map(sung).collect();
        let chords = (0..40).flat_map(|step| [48, 60, 67].map(|pitch| note(step * 960, 960, pitch)));
        let lead = (0..).zip(tune).map(|(step, pitch)| note(1920 + step * 480, 480, pitch));
        let mut piano: Vec<Note> = chords.chain(lead).collect();
        piano.sort_by_key(|note| (note.onset, note.pitch));
        let found = matches(&sung, &piano);
        let onsets: Vec<i64> = found.iter().map(|note| note.onset.0).collect();
        assert_eq!(onsets, (0..9).map(|step| 1920 + step * 480).collect::<Vec<_>>());
        // Played short: the end is rounded to the grid, the touch is kept.
        assert!(found.iter().all(|note| (note.length, note.velocity) == (Ticks(440), 71)));
        let foreign: Vec<Note> = (0..20).map(|step| note(step * 331, 100, 90)).collect();
        assert_eq!(matches(&foreign, &piano), []);
    }

    #[test]
    fn the_tempo_of_most_of_the_song_counts() {
        let tempos = [(0, 60.0), (960, 97.0), (9600, 50.0)];
        let tempos = tempos.map(|(start, bpm)| (Ticks(start), Tempo::from_bpm(bpm)));
        let track = Track { name: "MELODY".to_owned(), notes: vec![note(0, 10_000, 60)], program: None };
        let meters = MeterMap::constant(Meter::COMMON);
        let song = Song { tracks: vec![track], meters, tempos: TempoMap::new(tempos.to_vec()) };
        assert_eq!(main_tempo(&song), Tempo::from_bpm(97.0));
        assert_eq!(main_tempo(&Song::default()), Tempo::DEFAULT);
    }

    #[test]
    fn a_line_is_cut_where_its_key_changes_if_the_notes_agree() {
        let scale = [0, 2, 4, 5, 7, 9, 11, 12];
        let bar = |start: i64, tonic: u8| {
            (0..).zip(scale).map(move |(step, degree)| note(start + step * 480, 480, tonic + degree))
        };
        let line = Phrase::new(bar(0, 60).chain(bar(3840, 62)).collect(), Meter::COMMON, Tempo::DEFAULT);
        let parts = in_keys(&line, Some(major(0)), &[(Ticks(3840), major(2))]);
        let change = Ticks(3840);
        assert_eq!(parts, [(Ticks::ZERO, change, Some(major(0))), (change, line.length(), Some(major(2)))]);
        assert_eq!(in_keys(&line, Some(major(0)), &[(Ticks(3840), major(6))]).len(), 1);
    }
}
