//! From a file's bytes to a song.

use super::clock::{Clock, Division};
use super::events::Events;
use super::{Damage, MAX_BYTES, MAX_TRACKS, MidiError};
use crate::{MeterMap, Note, Song, TempoMap, Ticks, Track};

/// Reads a `.mid` file of type 0 or 1, whatever its division, in ticks of 1/960 quarter.
///
/// Times are rounded to the nearest tick from the start of the file, so that errors never add up; a note lasts at
/// least one tick. A division in SMPTE frames has no beats of its own: there, beats lie where the file's tempo
/// puts them, 120 a minute where it names none. Tracks without notes are left out, and the one track of a type-0
/// file becomes one for each channel that plays. Of a damaged file, what stands before the damage is read;
/// [`read_noting_damage`] tells.
///
/// # Errors
/// A [`MidiError`] where there is nothing to read, or more than the limits beside it.
pub fn read(bytes: &[u8]) -> Result<Song, MidiError> {
    read_noting_damage(bytes).map(|(song, _)| song)
}

/// Reads a `.mid` file as [`read`] does and says what of it is missing, if anything.
///
/// # Errors
/// As [`read`].
pub fn read_noting_damage(bytes: &[u8]) -> Result<(Song, Option<Damage>), MidiError> {
    let (header, chunks) = Header::read(bytes)?;
    let mut events = 0;
    let mut damage = None;
    let mut tracks = Vec::new();
    for chunk in chunks.filter(|chunk| chunk.id == *b"MTrk") {
        if tracks.len() == MAX_TRACKS {
            return Err(MidiError::TooManyTracks);
        }
        let track = Events::read(chunk.data, &mut events)?;
        damage = damage.or(track_damage(&track, &chunk, tracks.len() + 1));
        tracks.push(track);
    }
    if tracks.is_empty() {
        return Err(MidiError::NoTracks);
    }
    let missing = Damage::MissingTracks { said: header.tracks, found: tracks.len() };
    let damage = damage.or((tracks.len() < header.tracks).then_some(missing));
    let song = song(&header, tracks)?;
    match damage {
        Some(damage) if song.tracks.is_empty() => Err(MidiError::Damaged(damage)),
        damage => Ok((song, damage)),
    }
}

fn track_damage(events: &Events, chunk: &Chunk, track: usize) -> Option<Damage> {
    match events.broken_at {
        _ if events.ended => None,
        _ if chunk.cut_short => Some(Damage::CutShort { track }),
        Some(event) => Some(Damage::BrokenTrack { track, event }),
        None => None,
    }
}

fn song(header: &Header, tracks: Vec<Events>) -> Result<Song, MidiError> {
    let mut tempos: Vec<_> = tracks.iter().flat_map(|track| track.tempos.iter().copied()).collect();
    tempos.sort_by_key(|(time, _)| *time);
    let clock = Clock::new(header.division, &tempos);
    // Changes after all music are nobody's concern, however far away.
    let placed = |time| clock.ticks(time).ok();
    let tempos = tempos.iter().filter_map(|(time, tempo)| Some((placed(*time)?, *tempo))).collect();
    let meters = tracks.iter().flat_map(|track| &track.meters);
    let meters = meters.filter_map(|(time, meter)| Some((placed(*time)?, *meter))).collect();
    let mut song = Song { tracks: Vec::new(), meters: MeterMap::new(meters), tempos: TempoMap::new(tempos) };
    for track in &tracks {
        let notes = notes(track, &clock)?;
        if header.split_channels {
            song.tracks.extend(by_channel(track, &notes));
        } else if !notes.is_empty() {
            let program = track.programs.first().map(|(_, program)| *program);
            song.tracks.push(Track { name: name(track, None), notes, program });
        }
    }
    Ok(song)
}

fn notes(track: &Events, clock: &Clock) -> Result<Vec<Note>, MidiError> {
    let place = |played: &super::events::Played| {
        let onset = clock.ticks(played.on)?;
        // A note that nothing ends must not make a file with a far end mark unreadable.
        let end = clock.ticks(played.off.unwrap_or(track.end)).unwrap_or(super::MAX_LENGTH);
        let length = (end - onset).max(Ticks(1));
        Ok(Note { onset, length, pitch: played.pitch, velocity: played.velocity, channel: played.channel })
    };
    let mut notes = track.notes.iter().map(place).collect::<Result<Vec<_>, MidiError>>()?;
    notes.sort_by_key(|note| (note.onset, note.pitch, note.channel));
    Ok(notes)
}

fn by_channel(track: &Events, notes: &[Note]) -> Vec<Track> {
    let mut tracks: Vec<Track> = Vec::new();
    for channel in 0..16 {
        let notes: Vec<Note> = notes.iter().filter(|note| note.channel == channel).copied().collect();
        if !notes.is_empty() {
            let program = track.programs.iter().find(|(on, _)| *on == channel);
            let program = program.map(|(_, program)| *program);
            tracks.push(Track { name: name(track, Some(channel)), notes, program });
        }
    }
    if let [only] = tracks.as_mut_slice()
        && only.name.is_empty()
    {
        only.name = name(track, None);
    }
    tracks
}

fn name(track: &Events, channel: Option<u8>) -> String {
    track.names.get(&channel).cloned().unwrap_or_default()
}

struct Header {
    tracks: usize,
    division: Division,
    /// Type 0: one track that holds everything.
    split_channels: bool,
}

impl Header {
    /// The header and the chunks after it.
    fn read(bytes: &[u8]) -> Result<(Header, Chunks<'_>), MidiError> {
        match bytes.len() {
            0 => return Err(MidiError::Empty),
            size if size > MAX_BYTES => return Err(MidiError::TooBig(size)),
            _ => {}
        }
        // RMID: the same file inside a RIFF wrapper.
        let start =
            if bytes.starts_with(b"RIFF") { bytes.windows(4).position(|id| id == b"MThd") } else { Some(0) };
        let bytes = start.and_then(|start| bytes.get(start..)).unwrap_or_default();
        if !bytes.starts_with(b"MThd") {
            return Err(MidiError::NotMidi);
        }
        let mut chunks = Chunks { rest: bytes };
        let header = chunks.next().ok_or(MidiError::Header)?;
        let [format, tracks, division] = [0, 2, 4].map(|at| {
            let field = header.data.get(at..at + 2).and_then(|field| <[u8; 2]>::try_from(field).ok());
            field.map(u16::from_be_bytes).ok_or(MidiError::Header)
        });
        let split_channels = match format? {
            0 => true,
            1 => false,
            2 => return Err(MidiError::Patterns),
            _ => return Err(MidiError::Header),
        };
        let (tracks, division) = (tracks?.into(), Division::new(division?)?);
        Ok((Header { tracks, division, split_channels }, chunks))
    }
}

/// The chunks of a file, of any kind.
struct Chunks<'a> {
    rest: &'a [u8],
}

struct Chunk<'a> {
    id: [u8; 4],
    data: &'a [u8],
    /// Whether the file ends before the chunk does.
    cut_short: bool,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (id, rest) = self.rest.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let (data, after) = rest.split_at(length.min(rest.len()));
        self.rest = after;
        Some(Chunk { id: *id, data, cut_short: length > data.len() })
    }
}
