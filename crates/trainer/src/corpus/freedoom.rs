//! Freedoom: game music in many tracks, none of them marked as the melody: every line that could be sung is taken.

use melody::{Note, Ticks, Track};

use super::collection::Collection;
use super::fault::Fault;
use super::{MIN_NOTES, Melody, Source, melodies, score};

/// Lines with a lower mean pitch are basses (MIDI's number).
const LOWEST: u32 = 50;
/// Overlaps of up to this are touch.
const TOUCH: Ticks = Ticks::SIXTEENTH;
/// One note in so many may sound together with another.
const SELDOM: usize = 20;

/// Reads `d_NAME.mid`: each line of it that is no other's double.
pub fn read(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    let song = melody::midi::read(&collection.bytes(path)?)?;
    let mut lines: Vec<&[Note]> = Vec::new();
    for track in song.tracks.iter().filter(|track| is_melodic(track)) {
        if !lines.iter().any(|line| doubles(line, &track.notes)) {
            lines.push(&track.notes);
        }
    }
    if lines.is_empty() {
        return Err(Fault::NoLine);
    }
    let parts = lines.iter().flat_map(|line| score::sections(line, &song));
    melodies(Source::Freedoom, path.trim_end_matches(".mid"), parts.map(|part| (part, None)).collect())
}

/// Whether a track is one voice above the bass, and no drums.
fn is_melodic(track: &Track) -> bool {
    let notes = &track.notes;
    let pitches: u32 = notes.iter().map(|note| u32::from(note.pitch.number())).sum();
    let together = notes.windows(2).filter(|pair| pair[0].end() > pair[1].onset + TOUCH).count();
    notes.len() >= MIN_NOTES
        && notes.iter().all(|note| note.channel != 9)
        && pitches > LOWEST * notes.len() as u32
        && together * SELDOM <= notes.len()
}

/// Whether two lines have the same rhythm and the same pitches, octaves aside: an echo or a second sound.
fn doubles(line: &[Note], other: &[Note]) -> bool {
    let steps = |notes: &[Note]| {
        let steps = notes.windows(2).map(|pair| (pair[1].onset - pair[0].onset, pair[1].pitch.class()));
        steps.collect::<Vec<_>>()
    };
    line.len() == other.len() && steps(line) == steps(other)
}

#[cfg(test)]
mod tests {
    use melody::Pitch;

    use super::*;

    fn track(pitch: u8, length: i64, channel: u8) -> Track {
        let note = |step: i64| Note {
            onset: Ticks::quarters(step),
            length: Ticks(length),
            pitch: Pitch::new(pitch + (step % 5) as u8).unwrap(),
            velocity: 90,
            channel,
        };
        Track { name: String::new(), notes: (0..16).map(note).collect(), program: None }
    }

    #[test]
    fn leads_are_told_from_basses_drums_and_chords() {
        assert!(is_melodic(&track(60, 1000, 0)));
        assert!(!is_melodic(&track(36, 900, 0)), "a bass");
        assert!(!is_melodic(&track(60, 900, 9)), "drums");
        assert!(!is_melodic(&track(60, 1900, 0)), "every note sounds on into the next");
    }

    #[test]
    fn an_echo_or_an_octave_is_no_second_line() {
        let lead = track(60, 900, 0);
        let late = |note: &Note| Note { onset: note.onset + Ticks(120), ..*note };
        let echo: Vec<Note> = lead.notes.iter().map(late).collect();
        assert!(doubles(&lead.notes, &echo) && doubles(&lead.notes, &track(72, 400, 1).notes));
        assert!(!doubles(&lead.notes, &track(62, 900, 0).notes));
    }
}
