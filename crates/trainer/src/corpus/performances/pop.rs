//! POP909's arrangements: the corrected file has the grid, the velocities and the chords, the original the tempo.

use melody::{Chord, Note, Phrase, Pitch, Ticks};

use super::{Piece, Played};
use crate::corpus::collection::Collection;
use crate::corpus::fault::Fault;
use crate::corpus::pop909;
use crate::corpus::signature::Signature;

/// The track with the whole arrangement.
const PIANO: &str = "piano";

/// Reads `pop909-cl/NNN.mid` for `pop909/NNN/NNN.mid`.
pub fn read(collection: &Collection, path: &str) -> Result<Piece, Fault> {
    let song = pop909::number(path);
    let original = melody::midi::read(&collection.bytes(path)?)?;
    let bytes = collection.bytes(&pop909::corrected(path))?;
    let corrected = melody::midi::read(&bytes)?;
    let meter = corrected.meters.at(Ticks::ZERO);
    let notes = pop909::track(&corrected, PIANO)?.notes.clone();
    let phrase = Phrase::new(notes, meter, pop909::main_tempo(&original));
    // Half of the files call the chords "chords" and half "MIDI 01".
    let chords = corrected.tracks.iter().find(|track| track.name != PIANO && !track.notes.is_empty());
    let chords = chords.map(|track| changes(&track.notes)).unwrap_or_default();
    let key = Signature::of_midi(&bytes, true).and_then(|signature| signature.key(phrase.notes()));
    let keys = pop909::key_changes(collection, song, meter, corrected.tempos.at(Ticks::ZERO));
    let spans = pop909::in_keys(&phrase, key, &keys);
    let whole = Played { phrase, key, chords };
    let part = |(from, to, key)| whole.between(from, to, key);
    Ok(Piece { song: song.to_owned(), stretches: spans.into_iter().map(part).collect() })
}

/// The chords that a track of block chords holds, each from where it is struck; none from where one ends and no other
/// follows at once.
fn changes(notes: &[Note]) -> Vec<(Ticks, Option<Chord>)> {
    let mut changes: Vec<(Ticks, Option<Chord>)> = Vec::new();
    let mut end = Ticks::ZERO;
    for struck in notes.chunk_by(|left, right| left.onset == right.onset) {
        let onset = struck[0].onset;
        if onset > end {
            changes.push((end, None));
        }
        let pitches: Vec<Pitch> = struck.iter().map(|note| note.pitch).collect();
        changes.push((onset, Chord::heard(&pitches)));
        end = struck.iter().map(Note::end).max().unwrap_or(onset);
    }
    changes.push((end, None));
    changes
}

#[cfg(test)]
mod tests {
    use melody::{Meter, MeterMap, Song, Style, Tempo, TempoMap, Track, midi};

    use super::*;
    use crate::corpus::{Source, performances};

    fn song(bpm: f64, tracks: &[(&str, &[Note])]) -> Vec<u8> {
        let track = |(name, notes): &(&str, &[Note])| Track {
            name: (*name).to_owned(),
            notes: notes.to_vec(),
            program: None,
        };
        let (meters, tempos) = (MeterMap::constant(Meter::COMMON), TempoMap::constant(Tempo::from_bpm(bpm)));
        midi::write(&Song { tracks: tracks.iter().map(track).collect(), meters, tempos })
    }

    #[test]
    fn an_arrangement_has_its_own_touch_the_originals_tempo_and_the_chords_whatever_their_tracks_name() {
        let note = |onset: i64, length: i64, pitch: u8, velocity| Note {
            onset: Ticks(onset),
            length: Ticks(length),
            pitch: Pitch::new(pitch).unwrap(),
            velocity,
            channel: 0,
        };
        // A scale of G over its chord and C's.
        let scale = [67, 69, 71, 72, 74, 76, 78, 79];
        let played: Vec<Note> =
            (0..).zip(scale).map(|(step, pitch)| note(step * 960, 960, pitch, 64)).collect();
        let chord = |onset, pitches: [u8; 3]| pitches.map(|pitch| note(onset, 3840, pitch, 90));
        let chords = [chord(0, [55, 59, 62]), chord(3840, [48, 52, 55])].concat();
        let folder = tempfile::tempdir().unwrap();
        for (number, name) in [("001", "chords"), ("002", "MIDI 01")] {
            let original = folder.path().join(format!("pop909/pop909/{number}"));
            let corrected = folder.path().join("pop909/pop909-cl");
            std::fs::create_dir_all(&original).unwrap();
            std::fs::create_dir_all(&corrected).unwrap();
            std::fs::write(original.join(format!("{number}.mid")), song(77.0, &[("MELODY", &played)]))
                .unwrap();
            let bytes = song(120.0, &[("piano", &played), (name, &chords)]);
            std::fs::write(corrected.join(format!("{number}.mid")), bytes).unwrap();
        }
        let read = performances::read(folder.path(), &[Source::Pop909], &mut |_| {}).unwrap();
        assert_eq!((read.performances.len(), read.skipped.len()), (2, 0));
        for performance in &read.performances {
            assert_eq!((performance.style, performance.key.to_string().as_str()), (Style::Pop, "G major"));
            assert_eq!(performance.chords.as_ref().unwrap().to_string(), "C | F");
            let first = performance.phrase.notes()[0];
            assert_eq!((first.pitch, first.velocity), (Pitch::folded(72), 64));
            assert_eq!(performance.phrase.tempo, Tempo::from_bpm(77.0));
        }
    }

    #[test]
    fn block_chords_are_heard_with_the_silence_between_them() {
        let note = |onset: i64, length: i64, pitch: u8| Note {
            onset: Ticks(onset),
            length: Ticks(length),
            pitch: Pitch::new(pitch).unwrap(),
            velocity: 90,
            channel: 0,
        };
        let first = [59, 63, 66].map(|pitch| note(960, 960, pitch));
        let second = [49, 53, 56, 59].map(|pitch| note(2880, 960, pitch));
        let changes = changes(&[&first[..], &second].concat());
        let texts: Vec<(i64, Option<String>)> =
            changes.iter().map(|(time, chord)| (time.0, chord.as_ref().map(Chord::to_string))).collect();
        let chord = |symbol: &str| Some(symbol.to_owned());
        assert_eq!(texts, [(0, None), (960, chord("B")), (1920, None), (2880, chord("Db7")), (3840, None)]);
    }
}
