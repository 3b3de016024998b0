//! Reading and writing Standard MIDI Files.
//!
//! What is kept is what a melody needs: notes, track names, first programs, tempos and time signatures.
//! Controllers, lyrics, key signatures and system-exclusive data are passed over. The format is that of
//! "Standard MIDI-File Format Spec. 1.1" (MIDI Manufacturers Association, RP-001).

mod clock;
mod events;
mod read;
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
