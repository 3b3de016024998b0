//! Reading and writing Standard MIDI Files.
//!
//! What is kept is what a melody needs: notes, track names, first programs, tempos and time signatures.
//! Controllers, lyrics, key signatures and system-exclusive data are passed over. The format is that of
//! "Standard MIDI-File Format Spec. 1.1" (MIDI Manufacturers Association, RP-001).

mod chunks;
mod clock;
mod events;
mod read;
#[cfg(test)]
mod samples;
mod write;

pub use read::{read, read_noting_damage};
pub use write::{write, write_phrase};

use crate::Ticks;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 8 << 20;
/// The most tracks that are read or written, the conductor's included.
pub const MAX_TRACKS: usize = 1024;
/// The most events that are read from all tracks together.
pub const MAX_EVENTS: usize = 1_000_000;
/// The latest that a note may end: 18 hours at 120 quarters a minute.
pub const MAX_LENGTH: Ticks = Ticks::quarters(1 << 17);

/// Why a `.mid` file cannot be read. The sentences do not name the file: whoever shows them puts its name before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MidiError {
    /// No bytes at all.
    #[error("the file is empty; export it again from the program that made it")]
    Empty,
    /// It does not start as MIDI files do.
    #[error("this is not a MIDI file; choose a Standard MIDI File (.mid)")]
    NotMidi,
    /// The header ends too early or says a type that does not exist.
    #[error("the MIDI header is damaged; export the file again from the program that made it")]
    Header,
    /// Type 2: patterns without a common time.
    #[error(
        "this is a type 2 MIDI file, a set of patterns without a common time; export it again as type 0 or type 1"
    )]
    Patterns,
    /// The header's division gives time no unit.
    #[error(
        "the MIDI header's time division ({0:#06x}) makes no sense; export the file again, with 480 or 960 ticks a quarter"
    )]
    Division(u16),
    /// No track begins after the header.
    #[error("the file has a MIDI header but no track; export it again from the program that made it")]
    NoTracks,
    /// Bytes that are no MIDI stand where the first note should.
    #[error(
        "{0}, and no note could be read before that; export the file again from the program that made it"
    )]
    Damaged(Damage),
    /// Above [`MAX_BYTES`].
    #[error("the file has {0} bytes, above the limit of {MAX_BYTES}; export the melody's track alone")]
    TooBig(usize),
    /// Above [`MAX_TRACKS`].
    #[error("the file has more than {MAX_TRACKS} tracks; export the melody's track alone")]
    TooManyTracks,
    /// Above [`MAX_EVENTS`].
    #[error("the file has more than {MAX_EVENTS} events; export the melody's track alone")]
    TooManyEvents,
    /// Longer than [`MAX_LENGTH`].
    #[error(
        "the file lasts longer than {} quarter notes; cut it down to the part that is needed",
        MAX_LENGTH.0 / Ticks::PER_QUARTER
    )]
    TooLong,
}

/// What is missing from a damaged file of which the rest could be read. Tracks count from 1, as in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// Bytes that are no MIDI, so that the rest of the track is lost.
    #[error("track {track} of the file is damaged at its event {event}: the rest of that track is lost")]
    BrokenTrack {
        /// The track, from 1.
        track: usize,
        /// The event that cannot be read, from 1.
        event: usize,
    },
    /// The file is shorter than it says.
    #[error("the file is cut short: the end of track {track} is missing")]
    CutShort {
        /// The track that is cut, from 1.
        track: usize,
    },
    /// Fewer tracks than the header says.
    #[error("the file is cut short: it should have {said} tracks and has {found}")]
    MissingTracks {
        /// The header's count.
        said: usize,
        /// What is there.
        found: usize,
    },
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;
    use crate::{Meter, MeterMap, Note, Phrase, Pitch, Song, Tempo, TempoMap, Track};

    prop_compose! {
        fn note()(
            onset in 0..40 * 960_i64, length in 1..4 * 960_i64, key in 0..128_u8, velocity in 1..128_u8, channel in 0..16_u8,
        ) -> Note {
            let pitch = Pitch::new(key).unwrap();
            Note { onset: Ticks(onset), length: Ticks(length), pitch, velocity, channel }
        }
    }

    /// Notes in order, without those that would overlap another on their channel and key.
    fn apart(mut notes: Vec<Note>) -> Vec<Note> {
        notes.sort_by_key(|note| (note.onset, note.pitch, note.channel));
        let mut free = HashMap::new();
        notes.retain(|note| {
            let from = free.entry((note.channel, note.pitch)).or_insert(Ticks::ZERO);
            let fits = note.onset >= *from;
            *from = if fits { note.end() } else { *from };
            fits
        });
        notes
    }

    prop_compose! {
        fn track()(
            name in "([A-Za-zéñ#][A-Za-z é#0-9]{0,10}[a-z])?",
            notes in prop::collection::vec(note(), 1..60),
            // Few keys and channels, so that notes touch one another.
            narrow in any::<bool>(),
            program in prop::option::of(0..128_u8),
        ) -> Track {
            let narrowed = |note: Note| {
                let key = if narrow { 60 + note.pitch.number() % 3 } else { note.pitch.number() };
                Note { pitch: Pitch::new(key).unwrap(), channel: if narrow { 0 } else { note.channel }, ..note }
            };
            Track { name, notes: apart(notes.into_iter().map(narrowed).collect()), program }
        }
    }

    prop_compose! {
        fn song()(
            tracks in prop::collection::vec(track(), 0..4),
            meters in prop::collection::vec((0..40 * 960_i64, 1..=64_u8, 0..=6_u32), 0..4),
            tempos in prop::collection::vec((0..40 * 960_i64, 1..0x100_0000_u32), 0..4),
        ) -> Song {
            let meter = |(time, over, power): (i64, u8, u32)| (Ticks(time), Meter::new(over, 1_u8 << power).unwrap());
            let tempo = |(time, micros)| (Ticks(time), Tempo::from_micros(micros));
            Song {
                tracks,
                meters: MeterMap::new(meters.into_iter().map(meter).collect()),
                tempos: TempoMap::new(tempos.into_iter().map(tempo).collect()),
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(song in song()) {
            let bytes = write(&song);
            prop_assert_eq!(&bytes, &write(&song));
            prop_assert_eq!(read_noting_damage(&bytes), Ok((song, None)));
        }

        #[test]
        fn even_a_song_beyond_all_limits_gives_a_file_that_can_be_read(
            onset in any::<i64>(), length in any::<i64>(), velocity in any::<u8>(), channel in any::<u8>(),
        ) {
            let note = Note { onset: Ticks(onset), length: Ticks(length), pitch: Pitch::MIDDLE_C, velocity, channel };
            let track = Track { notes: vec![note], program: Some(channel), ..Track::default() };
            let song = read(&write(&Song { tracks: vec![track], ..Song::default() })).unwrap();
            prop_assert_eq!(song.tracks[0].notes.len(), 1);
        }
    }

    #[test]
    fn a_written_phrase_lasts_as_long_as_it_says() {
        let note =
            Note { onset: Ticks(0), length: Ticks(960), pitch: Pitch::MIDDLE_C, velocity: 90, channel: 0 };
        let phrase = Phrase::new(vec![note], Meter::COMMON, Tempo::DEFAULT).lasting(Ticks(3840));
        let bytes = write_phrase(&phrase, "Answer");
        // 2880 ticks of silence, then the end mark.
        assert!(bytes.ends_with(&[0x96, 0x40, 0xFF, 0x2F, 0]), "{bytes:x?}");
        assert_eq!(read(&bytes).unwrap().melody().unwrap().notes(), phrase.notes());
    }

    #[test]
    fn more_tracks_than_are_read_are_not_written() {
        let track = Song::of(&Phrase::default(), "").tracks[0].clone();
        let song = Song { tracks: vec![track; MAX_TRACKS + 10], ..Song::default() };
        assert!(read(&write(&song)).is_ok());
    }
}
