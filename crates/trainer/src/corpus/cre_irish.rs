//! Ceol Rince na hÉireann: Irish dance tunes as `.mid` files that abc2midi wrote.
//!
//! abc2midi starts with the upbeat and writes bar after bar however long they are, so that time alone does not tell
//! the bar lines. But it strikes the first note of each bar harder: the bars are read from that.

use melody::{Meter, Note, Ticks, Track};

use super::collection::Collection;
use super::fault::Fault;
use super::score::{Bar, Written};
use super::signature::Signature;
use super::{Melody, Source, melodies, score, title};

/// What abc2midi makes late, by one of its 480 ticks to the quarter, is on this grid: 1/64 and triplets of it.
const GRID: Ticks = Ticks(20);
/// How late it is, in our ticks.
const LATE: Ticks = Ticks(2);
/// The velocity that abc2midi gives to the first note of a bar and to no other.
const DOWNBEAT: u8 = 105;

/// Reads `Title.mid`.
pub fn read(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    let bytes = collection.bytes(path)?;
    let song = melody::midi::read(&bytes)?;
    // Later channels are an accompaniment that abc2midi made up.
    let track = song.tracks.first().ok_or(Fault::TooShort)?;
    let meter = song.meters.at(Ticks::ZERO);
    // These tunes are often modal, and ABC's modes become "major" in MIDI.
    let signature = Signature::of_midi(&bytes, false);
    let notes: Vec<Note> = track.notes.iter().map(on_grid).collect();
    let phrases = score::phrases(&bars(&notes, meter, signature), song.tempos.at(Ticks::ZERO))?;
    melodies(Source::CreIrish, &tune(track, path), phrases)
}

fn on_grid(note: &Note) -> Note {
    let snap = |time: Ticks| {
        let nearest = time.round_to(GRID);
        if nearest.distance(time) <= LATE { nearest } else { time }
    };
    let onset = snap(note.onset);
    Note { onset, length: (snap(note.end()) - onset).max(Ticks(1)), ..*note }
}

/// The bars as they were written: from one first note to the next.
fn bars(notes: &[Note], meter: Meter, signature: Option<Signature>) -> Vec<Bar> {
    let bars: Vec<&[Note]> = notes.chunk_by(|_, next| next.velocity != DOWNBEAT).collect();
    let starts = bars.iter().skip(1).map(|bar| bar[0].onset);
    let end = notes.iter().map(Note::end).max().unwrap_or(Ticks::ZERO);
    let lengths = bars.iter().zip(starts.chain([end])).map(|(bar, end)| end - bar[0].onset);
    let written = bars.iter().zip(lengths).map(|(bar, length)| {
        // A short bar of half a bar or more ends a part of the tune: upbeats are shorter.
        let closes = length * 2 >= meter.bar();
        let notes = bar.iter().map(|note| Written {
            onset: note.onset - bar[0].onset,
            length: note.length,
            pitch: note.pitch,
            tied: false,
        });
        Bar { meter: Some(meter), signature, length, closes, notes: notes.collect() }
    });
    written.collect()
}

/// The tune's title, or its file's name.
fn tune(track: &Track, path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    title::plain(if track.name.trim().is_empty() { file.trim_end_matches(".mid") } else { &track.name })
}

#[cfg(test)]
mod tests {
    use melody::{Pitch, Tempo};

    use super::*;

    /// Notes one tick of 480 late, as abc2midi writes them, with `true` for the first of a bar.
    fn played(lengths: &[(i64, bool)]) -> Vec<Note> {
        let mut onset = Ticks::ZERO;
        let note = |(length, first): &(i64, bool)| {
            let velocity = if *first { DOWNBEAT } else { 80 };
            let note = Note {
                onset: onset + LATE,
                length: Ticks(*length) - LATE,
                pitch: Pitch::MIDDLE_C,
                velocity,
                channel: 0,
            };
            onset += Ticks(*length);
            on_grid(&note)
        };
        lengths.iter().map(note).collect()
    }

    #[test]
    fn bars_are_read_from_the_accents() {
        // A jig: an upbeat, a bar, a bar short of the upbeat that follows it, a bar.
        let notes =
            played(&[(480, true), (1440, true), (1440, false), (2400, true), (480, true), (2880, true)]);
        let jig = Meter::new(6, 8).unwrap();
        let phrase = score::phrases(&bars(&notes, jig, None), Tempo::DEFAULT).unwrap().remove(0).0;
        let placed: Vec<(i64, i64)> =
            phrase.notes().iter().map(|note| (note.onset.0, note.length.0)).collect();
        assert_eq!(
            placed,
            [(2400, 480), (2880, 1440), (4320, 1440), (5760, 2400), (8160, 480), (8640, 2880)]
        );
    }

    #[test]
    fn an_upbeat_after_a_whole_bar_gets_a_bar_of_its_own() {
        let notes = played(&[(3840, true), (480, true), (3840, true), (3840, true)]);
        let phrase = score::phrases(&bars(&notes, Meter::COMMON, None), Tempo::DEFAULT).unwrap().remove(0).0;
        let onsets: Vec<i64> = phrase.notes().iter().map(|note| note.onset.0).collect();
        assert_eq!(onsets, [0, 7200, 7680, 11520]);
    }

    #[test]
    fn a_tune_without_a_title_is_called_after_its_file() {
        let tune = |name: &str| tune(&Track { name: name.to_owned(), ..Track::default() }, "Foggy Reel.mid");
        assert_eq!(tune("The Bashful Bachelor 2"), "bashful-bachelor");
        assert_eq!(tune(" "), "foggy");
    }
}
