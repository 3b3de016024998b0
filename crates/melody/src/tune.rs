//! The tune of a song: the line that carries it, what else its track plays, and what is to be said of both.

use crate::metrics::polyphony;
use crate::{LineError, Phrase, Song};

/// A track where more of the onsets than this are several notes' plays chords, and not a line with a slip.
const SLIPS: f64 = 0.05;

/// What is to be gone on from, and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tune {
    /// The index of the track that it comes from.
    pub track: usize,
    /// That track's name; empty where it has none.
    pub name: String,
    /// The line, as [`Song::melody`] gives it.
    pub line: Phrase,
    /// All that is played where the line is the highest of, from the same bar line on.
    pub voices: Phrase,
    /// Whether the line is one of several voices.
    pub has_chords: bool,
    /// Whether the song changes tempo or meter on its way, of which the phrases keep the first alone.
    pub changes: bool,
}

impl Song {
    /// The tune of the track with this name or number (from 1), or else the song's melody.
    ///
    /// # Errors
    /// As [`Song::melody`], or as [`Song::track_called`] and [`Song::line`].
    pub fn tune(&self, track: Option<&str>) -> Result<Tune, LineError> {
        let (track, line, voices) = match track {
            Some(name) => {
                let index = self.track_called(name)?;
                (index, self.line(index)?, self.track_voices(index)?)
            }
            None => (self.melody_track()?, self.melody()?, self.melody_voices()?),
        };
        let chosen = self.tracks.get(track);
        Ok(Tune {
            track,
            name: chosen.map(|track| track.name.clone()).unwrap_or_default(),
            line,
            voices,
            has_chords: chosen
                .and_then(|track| polyphony::share(&track.notes))
                .is_some_and(|share| share > SLIPS),
            changes: self.tempos.changes().len().max(self.meters.changes().len()) > 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Meter, MeterMap, Note, Pitch, Ticks, Track};

    fn track(name: &str, pitches: &[&[u8]]) -> Track {
        let places = (0..).map(Ticks::quarters);
        let chord = |(onset, keys): (Ticks, &&[u8])| {
            let note = move |key: &u8| {
                let pitch = Pitch::new(*key).unwrap();
                Note { onset, length: Ticks::QUARTER, pitch, velocity: 90, channel: 0 }
            };
            keys.iter().map(note).collect::<Vec<_>>()
        };
        let notes = places.zip(pitches).flat_map(chord).collect();
        Track { name: name.to_owned(), notes, program: None }
    }

    #[test]
    fn a_tune_says_what_its_line_leaves_out() {
        let tracks = vec![track("Piano", &[&[48, 60], &[62], &[64]]), track("Lead", &[&[72][..]; 6])];
        let meters = vec![(Ticks::ZERO, Meter::COMMON), (Ticks::quarters(8), Meter::new(3, 4).unwrap())];
        let song = Song { tracks, meters: MeterMap::new(meters), ..Song::default() };
        let lead = song.tune(None).unwrap();
        assert_eq!((lead.track, lead.name.as_str(), lead.has_chords, lead.changes), (1, "Lead", false, true));
        let piano = song.tune(Some("piano")).unwrap();
        assert_eq!((piano.track, piano.has_chords), (0, true));
        assert_eq!((piano.line.notes().len(), piano.voices.notes().len()), (3, 4));
        assert!(song.tune(Some("3")).is_err());
    }
}
