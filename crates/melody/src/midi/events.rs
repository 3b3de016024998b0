//! One track's bytes as notes, names, tempos and time signatures, in the file's own ticks.

use std::collections::{BTreeMap, HashMap, VecDeque};

use midly::{EventIter, MetaMessage, MidiMessage, TrackEventKind};

use super::{MAX_EVENTS, MidiError};
use crate::{Meter, Pitch, Tempo};

/// Letters of a name that are kept.
const NAME_LETTERS: usize = 200;

/// A note in the file's ticks.
pub(super) struct Played {
    pub(super) on: u64,
    /// `None` while it sounds.
    pub(super) off: Option<u64>,
    pub(super) pitch: Pitch,
    pub(super) velocity: u8,
    pub(super) channel: u8,
}

/// What one track chunk holds.
#[derive(Default)]
pub(super) struct Events {
    pub(super) notes: Vec<Played>,
    pub(super) tempos: Vec<(u64, Tempo)>,
    pub(super) meters: Vec<(u64, Meter)>,
    /// The programs chosen, as `(channel, program)`, in order of time.
    pub(super) programs: Vec<(u8, u8)>,
    /// The first name of the track (`None`) and of single channels, where a channel prefix precedes the name.
    pub(super) names: BTreeMap<Option<u8>, String>,
    /// The time of the last event; notes that nothing ends sound until here.
    pub(super) end: u64,
    /// The event, from 1, that is no MIDI, so that nothing after it can be read.
    pub(super) broken_at: Option<usize>,
    /// Whether the end-of-track event was there.
    pub(super) ended: bool,
    sounding: HashMap<(u8, u8), VecDeque<usize>>,
    prefix: Option<u8>,
}

impl Events {
    /// Reads a track chunk's data; `events` counts those of all tracks so far.
    pub(super) fn read(chunk: &[u8], events: &mut usize) -> Result<Events, MidiError> {
        let mut track = Events::default();
        let mut rest = EventIter::new(chunk);
        let mut count = 0;
        while !track.ended && !rest.unread().is_empty() {
            count += 1;
            *events += 1;
            if *events > MAX_EVENTS {
                return Err(MidiError::TooManyEvents);
            }
            let (unread, status) = (rest.unread(), rest.running_status());
            let (delta, kind) = match rest.next() {
                Some(Ok(event)) => (event.delta.as_int(), Some(event.kind)),
                _ => {
                    let Some((delta, after)) = skip_meta(unread) else {
                        track.broken_at = Some(count);
                        break;
                    };
                    rest = EventIter::new(after);
                    (delta, None)
                }
            };
            // Strictly, other events end running status; files that go on with it all the same are common.
            if rest.running_status().is_none() {
                *rest.running_status_mut() = status;
            }
            track.end += u64::from(delta);
            if let Some(kind) = kind {
                track.take(kind);
            }
        }
        Ok(track)
    }

    fn take(&mut self, event: TrackEventKind) {
        match event {
            TrackEventKind::Midi { channel, message } => {
                self.prefix = None;
                self.take_message(channel.as_int(), message);
            }
            TrackEventKind::Meta(meta) => self.take_meta(meta),
            TrackEventKind::SysEx(_) | TrackEventKind::Escape(_) => {}
        }
    }

    fn take_message(&mut self, channel: u8, message: MidiMessage) {
        match message {
            MidiMessage::NoteOn { key, vel } if vel > 0 => {
                let Some(pitch) = Pitch::new(key.as_int()) else { return };
                self.sounding.entry((channel, key.as_int())).or_default().push_back(self.notes.len());
                self.notes.push(Played { on: self.end, off: None, pitch, velocity: vel.as_int(), channel });
            }
            MidiMessage::NoteOn { key, .. } | MidiMessage::NoteOff { key, .. } => {
                let sounding = self.sounding.get_mut(&(channel, key.as_int()));
                // Of notes that overlap on one key, the one that began first ends first.
                let first =
                    sounding.and_then(VecDeque::pop_front).and_then(|index| self.notes.get_mut(index));
                if let Some(note) = first {
                    note.off = Some(self.end);
                }
            }
            MidiMessage::ProgramChange { program } => self.programs.push((channel, program.as_int())),
            _ => {}
        }
    }

    fn take_meta(&mut self, meta: MetaMessage) {
        match meta {
            MetaMessage::TrackName(text) => {
                let name = decode(text);
                if !name.is_empty() {
                    self.names.entry(self.prefix).or_insert(name);
                }
            }
            MetaMessage::MidiChannel(channel) => self.prefix = Some(channel.as_int()),
            MetaMessage::Tempo(micros) if micros > 0 => {
                self.tempos.push((self.end, Tempo::from_micros(micros.as_int())));
            }
            MetaMessage::TimeSignature(numerator, power, ..) => {
                let denominator = 1_u8.checked_shl(power.into());
                if let Some(meter) = denominator.and_then(|under| Meter::new(numerator, under)) {
                    self.meters.push((self.end, meter));
                }
            }
            MetaMessage::EndOfTrack => self.ended = true,
            _ => {}
        }
    }
}

/// The delta of a meta event and what follows it, whatever it says: one with senseless contents, such as a key
/// signature of one byte, must not cost the rest of the track.
fn skip_meta(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (delta, rest) = number(bytes)?;
    let [0xFF, _, rest @ ..] = rest else { return None };
    let (length, rest) = number(rest)?;
    Some((delta, rest.get(usize::try_from(length).ok()?..)?))
}

/// A number of seven bits a byte, at most four of them, and what follows it.
fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let length = bytes.iter().take(4).position(|byte| *byte < 0x80)? + 1;
    let (digits, rest) = bytes.split_at(length);
    Some((digits.iter().fold(0, |number, digit| number << 7 | u32::from(digit & 0x7F)), rest))
}

/// A name as UTF-8 where it is, else as Latin-1, without blanks and controls around it.
fn decode(text: &[u8]) -> String {
    let name = match std::str::from_utf8(text) {
        Ok(name) => name.to_owned(),
        Err(_) => text.iter().copied().map(char::from).collect(),
    };
    let name = name.trim_matches(|letter: char| letter.is_whitespace() || letter.is_control());
    name.chars().take(NAME_LETTERS).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunk: &[u8]) -> Events {
        Events::read(chunk, &mut 0).unwrap()
    }

    fn spans(events: &Events) -> Vec<(u64, Option<u64>)> {
        events.notes.iter().map(|note| (note.on, note.off)).collect()
    }

    #[test]
    fn of_notes_that_overlap_on_a_key_the_first_ends_first() {
        let chunk = [0, 0x90, 60, 90, 10, 60, 80, 10, 60, 0, 10, 60, 0, 0, 0xFF, 0x2F, 0];
        assert_eq!(spans(&read(&chunk)), [(0, Some(20)), (10, Some(30))]);
    }

    #[test]
    fn a_note_ends_on_its_own_channel_only() {
        let chunk = [0, 0x90, 60, 90, 10, 0x81, 60, 64, 10, 0x80, 60, 64, 5, 0x90, 62, 1];
        let events = read(&chunk);
        assert_eq!(spans(&events), [(0, Some(20)), (25, None)]);
        assert_eq!(events.end, 25);
    }

    #[test]
    fn meta_events_without_sense_are_stepped_over() {
        let one_byte_key = [0, 0x90, 60, 90, 5, 0xFF, 0x59, 1, 0, 5, 60, 0, 0, 0xFF, 0x2F, 0];
        let bad_smpte = [0, 0x90, 60, 90, 5, 0xFF, 0x54, 5, 31, 99, 99, 99, 99, 5, 60, 0, 0, 0xFF, 0x2F, 0];
        for chunk in [&one_byte_key[..], &bad_smpte] {
            let events = read(chunk);
            assert_eq!((spans(&events), events.broken_at), (vec![(0, Some(10))], None));
        }
    }

    #[test]
    fn bytes_that_are_no_midi_are_noted_and_what_stands_before_them_is_kept() {
        let events = read(&[0, 0x90, 60, 90, 5, 60, 0, 5, 0xF4, 0, 0x90, 62, 90]);
        assert_eq!((spans(&events), events.broken_at, events.ended), (vec![(0, Some(5))], Some(3), false));
    }

    #[test]
    fn names_are_read_in_utf_8_and_latin_1() {
        assert_eq!(decode("Mélodie \0".as_bytes()), "Mélodie");
        assert_eq!(decode(b"M\xE9lodie"), "Mélodie");
        assert_eq!(decode(&[b'x'; 5000]).len(), NAME_LETTERS);
    }

    #[test]
    fn a_million_events_are_the_limit() {
        let mut events = MAX_EVENTS;
        let full = Events::read(&[0, 0x90, 60, 90], &mut events).err();
        assert_eq!(full, Some(MidiError::TooManyEvents));
    }
}
