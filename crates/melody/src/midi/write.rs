//! From a song to a file's bytes.

use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Timing, TrackEvent, TrackEventKind};

use super::{MAX_LENGTH, MAX_TRACKS};
use crate::{Meter, Note, Phrase, Song, Ticks, Track};

/// Writes a song as a type-1 `.mid` file of 960 ticks a quarter: a conductor track with tempos and time signatures,
/// then the song's tracks. Equal songs give equal bytes.
///
/// [`read`](super::read) gives the same song back if each of its tracks has notes, and none of them overlap on one
/// channel and key. Notes before time zero or after [`MAX_LENGTH`] are moved there, and tracks
/// beyond [`MAX_TRACKS`] are left out, so that every file that is written can be read.
pub fn write(song: &Song) -> Vec<u8> {
    write_until(song, Ticks::ZERO)
}

/// Writes a phrase as [`write()`] does; its track ends where the phrase does, silence at its end included.
pub fn write_phrase(phrase: &Phrase, name: &str) -> Vec<u8> {
    write_until(&Song::of(phrase, name), phrase.length())
}

fn write_until(song: &Song, end: Ticks) -> Vec<u8> {
    let timing = Timing::Metrical(u15::new(Ticks::PER_QUARTER as u16));
    let tracks = song.tracks.iter().take(MAX_TRACKS - 1).map(|track| deltas(part(track), end));
    let tracks: Vec<_> = std::iter::once(deltas(conductor(song), end)).chain(tracks).collect();
    let mut bytes = Vec::new();
    midly::write(&Header::new(Format::Parallel, timing), &tracks, &mut bytes)
        .expect("tracks are counted above, and none in memory nears MIDI's four gigabytes");
    bytes
}

/// An event, with what sorts it among those of one time.
type Timed<'a> = (Ticks, (u8, u8, u8), TrackEventKind<'a>);

fn conductor(song: &Song) -> Vec<Timed<'static>> {
    let meters = song.meters.changes().iter();
    let meters = meters.map(|(time, meter)| (*time, (0, 0, 0), TrackEventKind::Meta(signature(*meter))));
    let tempos = song.tempos.changes().iter().map(|(time, tempo)| {
        (*time, (1, 0, 0), TrackEventKind::Meta(MetaMessage::Tempo(u24::new(tempo.micros()))))
    });
    meters.chain(tempos).collect()
}

fn signature(meter: Meter) -> MetaMessage<'static> {
    const CLOCKS_PER_QUARTER: i64 = 24;
    let clocks = meter.beat().0 * CLOCKS_PER_QUARTER / Ticks::PER_QUARTER;
    let clocks = u8::try_from(clocks.max(1)).unwrap_or(u8::MAX);
    MetaMessage::TimeSignature(meter.numerator(), meter.denominator().trailing_zeros() as u8, clocks, 8)
}

fn part(track: &Track) -> Vec<Timed<'_>> {
    let name = TrackEventKind::Meta(MetaMessage::TrackName(track.name.as_bytes()));
    let name = (!track.name.is_empty()).then_some((Ticks::ZERO, (0, 0, 0), name));
    let mut channels: Vec<u8> = track.notes.iter().map(|note| note.channel.min(15)).collect();
    channels.sort_unstable();
    channels.dedup();
    let programs = track.program.into_iter().flat_map(|program| {
        let program = u7::from_int_lossy(program);
        channels.iter().map(move |channel| {
            let message = MidiMessage::ProgramChange { program };
            (
                Ticks::ZERO,
                (1, *channel, 0),
                TrackEventKind::Midi { channel: u4::from_int_lossy(*channel), message },
            )
        })
    });
    name.into_iter().chain(programs).chain(track.notes.iter().flat_map(on_and_off)).collect()
}

fn on_and_off<'a>(note: &Note) -> [Timed<'a>; 2] {
    let channel = u4::new(note.channel.min(15));
    let (key, vel) = (u7::new(note.pitch.number()), u7::new(note.velocity.clamp(1, 127)));
    let onset = note.onset.clamp(Ticks::ZERO, MAX_LENGTH - Ticks(1));
    let end = Ticks(note.onset.0.saturating_add(note.length.0)).clamp(onset + Ticks(1), MAX_LENGTH);
    let event = |message| TrackEventKind::Midi { channel, message };
    // At one time, notes end before others begin: a repeated note must not be cut by its forerunner's end.
    [
        (onset, (3, note.channel, note.pitch.number()), event(MidiMessage::NoteOn { key, vel })),
        (end, (2, note.channel, note.pitch.number()), event(MidiMessage::NoteOff { key, vel: u7::new(64) })),
    ]
}

fn deltas(mut events: Vec<Timed<'_>>, end: Ticks) -> Vec<TrackEvent<'_>> {
    events.sort_by_key(|(time, order, _)| (*time, *order));
    let last = events.last().map_or(Ticks::ZERO, |(time, ..)| *time);
    events.push((last.max(end), (4, 0, 0), TrackEventKind::Meta(MetaMessage::EndOfTrack)));
    let mut before = Ticks::ZERO;
    let delta = |(time, _, kind)| {
        let time: Ticks = Ord::clamp(time, before, MAX_LENGTH);
        let delta = u28::from_int_lossy(u32::try_from((time - before).0).unwrap_or(0));
        before = time;
        TrackEvent { delta, kind }
    };
    events.into_iter().map(delta).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MeterMap, Pitch, Tempo, TempoMap};

    #[test]
    fn a_small_song_is_written_byte_for_byte() {
        let note = |onset| Note {
            onset: Ticks(onset),
            length: Ticks(480),
            pitch: Pitch::MIDDLE_C,
            velocity: 90,
            channel: 2,
        };
        let song = Song {
            tracks: vec![Track { name: "Flute".into(), notes: vec![note(0), note(480)], program: Some(73) }],
            meters: MeterMap::constant(Meter::new(6, 8).expect("a meter")),
            tempos: TempoMap::new(vec![(Ticks(960), Tempo::DEFAULT)]),
        };
        let expected: &[&[u8]] = &[
            b"MThd\0\0\0\x06\0\x01\0\x02\x03\xC0",
            b"MTrk\0\0\0\x14",
            &[0, 0xFF, 0x58, 4, 6, 3, 36, 8],
            &[0x87, 0x40, 0xFF, 0x51, 3, 0x07, 0xA1, 0x20],
            &[0, 0xFF, 0x2F, 0],
            b"MTrk\0\0\0\x22",
            b"\0\xFF\x03\x05Flute",
            &[0, 0xC2, 73],
            &[0, 0x92, 60, 90],
            // The first note ends before the second, on the same key and tick, begins.
            &[0x83, 0x60, 0x82, 60, 64],
            &[0, 0x92, 60, 90],
            &[0x83, 0x60, 0x82, 60, 64],
            &[0, 0xFF, 0x2F, 0],
        ];
        assert_eq!(write(&song), expected.concat());
    }
}
