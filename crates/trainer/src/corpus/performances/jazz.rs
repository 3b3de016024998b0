//! Solos of the Weimar Jazz Database with the bass and the chords that were heard below them.
//!
//! The export tells no velocities: a solo's notes have 80, 8 more on strong beats and 4 more on others; the bass, a
//! note on each beat where one was heard, has 68; the chords, struck where they change and on each bar line, have 56.
//! How the chords were voiced nobody wrote down: they lie close, their root between C3 and B3, the bass left out.

use melody::{Chord, Meter, Note, Phrase, Pitch, Ticks};
use serde::Deserialize;

use super::{Piece, Played};
use crate::corpus::VELOCITY;
use crate::corpus::collection::Collection;
use crate::corpus::fault::Fault;
use crate::corpus::wjazzd::{self, Solo};

/// What a strong beat, and what another beat, adds to a solo's velocity.
const ACCENTS: (u8, u8) = (8, 4);
const BASS_VELOCITY: u8 = 68;
const CHORD_VELOCITY: u8 = 56;
/// Above this the roots of the chords lie.
const CHORD_FLOOR: u8 = 48;

/// A beat of the table, with those of its columns that count.
#[derive(Debug, Deserialize)]
struct Beat {
    /// From 1; the upbeat's are 0 or less.
    bar: i32,
    /// From 1.
    beat: i32,
    /// A symbol where the chord changes; empty where it stays.
    #[serde(default)]
    chord: String,
    /// MIDI's number.
    bass_pitch: Option<f64>,
}

/// Reads `melody/X.csv` and `beats/X.csv`, one stretch for each meter.
pub fn read(collection: &Collection, path: &str) -> Result<Piece, Fault> {
    let solo = wjazzd::solo(collection, path)?;
    let beats = collection.bytes(&path.replacen(wjazzd::NOTES, wjazzd::BEATS, 1))?;
    let beats: Vec<Beat> =
        csv::Reader::from_reader(beats.as_slice()).deserialize().collect::<Result<_, _>>()?;
    let mut stretches = Vec::new();
    let mut first = 0;
    for bars in solo.bars.chunk_by(|left, right| left.meter == right.meter) {
        if let Some(meter) = bars[0].meter {
            stretches.push(stretch(&solo, first..first + bars.len(), meter, &beats));
        }
        first += bars.len();
    }
    Ok(Piece { song: wjazzd::tune(path), stretches })
}

/// Solo, bass and chords of these bars of a solo, counted from its first.
fn stretch(solo: &Solo, bars: std::ops::Range<usize>, meter: Meter, beats: &[Beat]) -> Played {
    let unit = Ticks::quarters(4).0 / i64::from(meter.denominator());
    let end = meter.bar() * bars.len() as i64;
    let time = |beat: &Beat| {
        let bar = i64::from(beat.bar) - i64::from(solo.first) - bars.start as i64;
        meter.bar() * bar + Ticks(unit * (i64::from(beat.beat) - 1))
    };
    let chords: Vec<(Ticks, Option<Chord>)> = beats
        .iter()
        .filter(|beat| !beat.chord.trim().is_empty() && time(beat) < end)
        .map(|beat| (time(beat), chord(&beat.chord)))
        .collect();
    let inside = beats.iter().filter(|beat| (Ticks::ZERO..end).contains(&time(beat)));
    let bass = inside.filter_map(|beat| {
        let pitch = Pitch::new(beat.bass_pitch.filter(|pitch| *pitch >= 1.0)?.round() as u8)?;
        Some(note(time(beat), Ticks(unit), pitch, BASS_VELOCITY))
    });
    let mut notes: Vec<Note> = bass.collect();
    notes.extend(struck(&chords, meter, end));
    for (number, bar) in solo.bars[bars].iter().enumerate() {
        let start = meter.bar() * number as i64;
        let sung = bar.notes.iter();
        notes.extend(
            sung.map(|sung| note(start + sung.onset, sung.length, sung.pitch, touch(sung.onset, meter))),
        );
    }
    let whole = Played { phrase: Phrase::new(notes, meter, solo.tempo).lasting(end), key: None, chords };
    whole.between(Ticks::ZERO, end, None)
}

/// How hard a solo's note is said to be struck at a place of the bar.
fn touch(place: Ticks, meter: Meter) -> u8 {
    let (strong, weak) = ACCENTS;
    match place {
        place if meter.is_strong(place) => VELOCITY + strong,
        place if place.0 % meter.beat().0 == 0 => VELOCITY + weak,
        _ => VELOCITY,
    }
}

/// The chords as keys: struck where they change and on each bar line, held until they are struck anew.
fn struck(chords: &[(Ticks, Option<Chord>)], meter: Meter, end: Ticks) -> Vec<Note> {
    let mut notes = Vec::new();
    for (index, (start, chord)) in chords.iter().enumerate() {
        let next = chords.get(index + 1).map_or(end, |(next, _)| *next).min(end);
        let mut onset = (*start).max(Ticks::ZERO);
        while let Some(chord) = chord.as_ref().filter(|_| onset < next) {
            let until = (onset + Ticks(1)).ceil_to(meter.bar()).min(next);
            let floor = Pitch::folded(i32::from(CHORD_FLOOR));
            let pitches = chord.pitches(floor).into_iter().skip(usize::from(chord.bass().is_some()));
            notes.extend(pitches.map(|pitch| note(onset, until - onset, pitch, CHORD_VELOCITY)));
            onset = until;
        }
    }
    notes
}

fn note(onset: Ticks, length: Ticks, pitch: Pitch, velocity: u8) -> Note {
    Note { onset, length, pitch, velocity, channel: 0 }
}

/// A chord as the database writes it: `C-7`, `Fj7`, `G79b`, `NC`. What is appended without a sign that others know
/// is left out from its end: `G79b` is read as G7.
fn chord(symbol: &str) -> Option<Chord> {
    let symbol = symbol.trim();
    let ends = (1..=symbol.len()).rev().filter(|end| symbol.is_char_boundary(*end));
    ends.into_iter().find_map(|end| symbol[..end].parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_read_as_far_as_they_can_be() {
        for (written, read) in [
            ("C-7", "C-7"),
            ("Fj7", "Fj7"),
            ("Bb79b", "Bb7"),
            ("Gj7911#", "Gj7"),
            ("A7alt", "A7"),
            ("Eb7/G", "Eb7/G"),
            ("Dsus7", "Dsus"),
        ] {
            assert_eq!(chord(written).unwrap().symbol(), read);
        }
        assert_eq!(chord("NC"), None);
    }

    #[test]
    fn chords_are_struck_where_they_change_and_on_bar_lines() {
        let changes =
            [(Ticks(-960), "C".parse().ok()), (Ticks(5760), "G7/B".parse().ok()), (Ticks(7680), None)];
        let notes = struck(&changes, Meter::COMMON, Ticks(4 * 3840));
        let strokes: Vec<(i64, i64, u8)> =
            notes.iter().map(|note| (note.onset.0, note.length.0, note.pitch.number())).collect();
        let chord = |onset, length, pitches: &[u8]| -> Vec<_> {
            pitches.iter().map(|pitch| (onset, length, *pitch)).collect()
        };
        let expected = [
            chord(0, 3840, &[48, 52, 55]),
            chord(3840, 1920, &[48, 52, 55]),
            chord(5760, 1920, &[55, 59, 62, 65]),
        ];
        assert_eq!(strokes, expected.concat());
    }

    #[test]
    fn solos_are_accented_by_their_meter() {
        let places = [0, 960, 1920, 2160].map(|place| touch(Ticks(place), Meter::COMMON));
        assert_eq!(places, [88, 84, 88, 80]);
    }
}
