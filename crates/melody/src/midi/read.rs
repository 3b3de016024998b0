//! From a file's bytes to a song.

use super::chunks::{Chunk, Header};
use super::clock::Clock;
use super::events::{Events, Played};
use super::{Damage, MAX_LENGTH, MAX_TRACKS, MidiError};
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
    let place = |played: &Played| {
        let onset = clock.ticks(played.on)?;
        // A note that nothing ends must not make a file with a far end mark unreadable.
        let end = clock.ticks(played.off.unwrap_or(track.end)).unwrap_or(MAX_LENGTH);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tempo;
    use crate::midi::MAX_BYTES;

    /// A file with this format and division, of these tracks' data.
    fn file(format: u8, division: u16, tracks: &[&[u8]]) -> Vec<u8> {
        let [high, low] = division.to_be_bytes();
        let mut bytes = [b"MThd", &[0, 0, 0, 6, 0, format, 0, tracks.len() as u8, high, low][..]].concat();
        for track in tracks {
            bytes.extend([b"MTrk", &(track.len() as u32).to_be_bytes()[..], track].concat());
        }
        bytes
    }

    const END: [u8; 4] = [0, 0xFF, 0x2F, 0];
    /// C4 for 96 ticks on channel 1, then E4 for as long on channel 3.
    const TWO_CHANNELS: [u8; 20] =
        [0, 0x90, 60, 90, 96, 0x80, 60, 0, 0, 0x92, 64, 80, 96, 0x82, 64, 0, 0, 0xFF, 0x2F, 0];

    #[test]
    fn a_type_0_file_is_parted_by_channel_and_a_type_1_file_is_not() {
        let parted = read(&file(0, 96, &[&TWO_CHANNELS])).unwrap();
        assert_eq!(parted.tracks.len(), 2);
        assert_eq!(parted.tracks[1].notes[0].onset, Ticks::QUARTER);
        assert_eq!(read(&file(1, 96, &[&TWO_CHANNELS])).unwrap().tracks[0].notes.len(), 2);
    }

    #[test]
    fn channels_of_a_type_0_file_have_the_names_that_a_channel_prefix_gives_them() {
        let names = [0, 0xFF, 3, 1, b'S', 0, 0xFF, 0x20, 1, 2, 0, 0xFF, 3, 1, b'L'];
        let song = read(&file(0, 96, &[&[&names[..], &TWO_CHANNELS].concat()])).unwrap();
        assert_eq!(song.tracks.iter().map(|track| track.name.as_str()).collect::<Vec<_>>(), ["", "L"]);
    }

    #[test]
    fn every_division_gives_the_same_quarter() {
        for division in [1, 24, 77, 96, 480, 960, 1024, 0x7FFF] {
            let [low, high] = [(division & 0x7F) as u8, (division >> 7 & 0x7F) as u8 | 0x80];
            let high2 = (division >> 14) as u8 | 0x80;
            let track = [&[0, 0x90, 60, 90, high2, high, low, 60, 0][..], &END].concat();
            let song = read(&file(1, division, &[&track])).unwrap();
            assert_eq!(song.tracks[0].notes[0].length, Ticks::QUARTER, "{division}");
        }
    }

    #[test]
    fn a_note_that_nothing_ends_lasts_to_the_end_of_its_track_and_none_is_without_length() {
        let track = [0, 0x90, 60, 90, 0, 62, 90, 0, 62, 0, 96, 0xFF, 0x2F, 0];
        let song = read(&file(1, 96, &[&track])).unwrap();
        let lengths: Vec<Ticks> = song.tracks[0].notes.iter().map(|note| note.length).collect();
        assert_eq!(lengths, [Ticks::QUARTER, Ticks(1)]);
    }

    #[test]
    fn tempos_meters_and_programs_are_read_and_senseless_ones_passed_over() {
        let conductor = [
            &[0, 0xFF, 0x51, 3, 0x0F, 0x42, 0x40, 0, 0xFF, 0x58, 4, 6, 3, 36, 8][..],
            &[96, 0xFF, 0x51, 3, 0, 0, 0, 0, 0xFF, 0x58, 4, 0, 2, 24, 8, 0, 0xFF, 0x58, 4, 4, 200, 24, 8],
            &END,
        ];
        let part = [&[0, 0xC0, 5, 0, 0xC0, 6][..], &TWO_CHANNELS].concat();
        let song = read(&file(1, 96, &[&conductor.concat(), &part])).unwrap();
        assert_eq!(song.tempos.changes(), [(Ticks::ZERO, Tempo::from_bpm(60.0))]);
        assert_eq!(song.meters.changes(), [(Ticks::ZERO, crate::Meter::new(6, 8).unwrap())]);
        assert_eq!((song.tracks.len(), song.tracks[0].program), (1, Some(5)));
    }

    #[test]
    fn files_that_cannot_be_read_get_a_sentence_each() {
        let whole = file(1, 96, &[&TWO_CHANNELS]);
        let broken = [0, 0xF4, 0];
        for (bytes, expected) in [
            (Vec::new(), MidiError::Empty),
            (vec![0; MAX_BYTES + 1], MidiError::TooBig(MAX_BYTES + 1)),
            (b"RIFF____WAVE".to_vec(), MidiError::NotMidi),
            (whole[..12].to_vec(), MidiError::Header),
            (whole[..14].to_vec(), MidiError::NoTracks),
            (file(2, 96, &[&TWO_CHANNELS]), MidiError::Patterns),
            (file(3, 96, &[&TWO_CHANNELS]), MidiError::Header),
            (file(1, 0, &[&TWO_CHANNELS]), MidiError::Division(0)),
            (file(1, 0x8000, &[&TWO_CHANNELS]), MidiError::Division(0x8000)),
            (file(1, 96, &[&broken]), MidiError::Damaged(Damage::BrokenTrack { track: 1, event: 1 })),
            (
                [&file(1, 96, &[])[..], &b"MTrk\0\0\0\0".repeat(MAX_TRACKS + 1)].concat(),
                MidiError::TooManyTracks,
            ),
            (file(1, 1, &[&[0xFF, 0xFF, 0xFF, 0x7F, 0x90, 60, 90]]), MidiError::TooLong),
        ] {
            assert_eq!(read(&bytes), Err(expected.clone()));
            let sentence = expected.to_string();
            assert!(
                sentence.contains("export") || sentence.contains("choose") || sentence.contains("cut it")
            );
        }
    }

    #[test]
    fn what_is_left_of_a_damaged_file_is_read_and_the_damage_named() {
        let whole = file(1, 96, &[&TWO_CHANNELS, &TWO_CHANNELS]);
        let broken = [&TWO_CHANNELS[..8], &[0, 0xF4, 0]].concat();
        let missing = whole.len() - TWO_CHANNELS.len() - 8;
        for (bytes, notes, expected) in [
            (whole.clone(), 4, None),
            (whole[..whole.len() - 4].to_vec(), 4, Some(Damage::CutShort { track: 2 })),
            (whole[..missing].to_vec(), 2, Some(Damage::MissingTracks { said: 2, found: 1 })),
            (file(1, 96, &[&broken]), 1, Some(Damage::BrokenTrack { track: 1, event: 3 })),
        ] {
            let (song, damage) = read_noting_damage(&bytes).unwrap();
            assert_eq!(song.tracks.iter().map(|track| track.notes.len()).sum::<usize>(), notes);
            assert_eq!(damage, expected);
        }
    }

    #[test]
    fn a_file_in_a_riff_wrapper_is_found() {
        let bytes = [b"RIFF\x40\0\0\0RMIDdata\x30\0\0\0", &file(1, 96, &[&TWO_CHANNELS])[..]].concat();
        assert_eq!(read(&bytes), read(&file(1, 96, &[&TWO_CHANNELS])));
    }

    #[test]
    fn an_end_mark_beyond_all_music_does_no_harm() {
        let far = [&[0, 0x90, 60, 90, 1, 60, 0, 0, 62, 90, 0xFF, 0xFF, 0xFF, 0x7F][..], &END[1..]].concat();
        let song = read(&file(1, 1, &[&far])).unwrap();
        assert_eq!(song.tracks[0].notes[1].end(), MAX_LENGTH);
    }
}
