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
    use super::*;

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
