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
    /// The event, from 1, after which the bytes are no MIDI.
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
        while !track.ended {
            let unread = rest.unread();
            let status = rest.running_status();
            let event = match rest.next() {
                Some(Ok(event)) => event,
                _ if unread.is_empty() => break,
                _ => {
                    track.broken_at = Some(count + 1);
                    break;
                }
            };
            // Strictly, other events end running status; files that go on with it all the same are common.
            if rest.running_status().is_none() {
                *rest.running_status_mut() = status;
            }
            count += 1;
            *events += 1;
            if *events > MAX_EVENTS {
                return Err(MidiError::TooManyEvents);
            }
            track.end += u64::from(event.delta.as_int());
            track.take(event.kind);
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

/// A name as UTF-8 where it is, else as Latin-1, without blanks and controls around it.
fn decode(text: &[u8]) -> String {
    let name = match std::str::from_utf8(text) {
        Ok(name) => name.to_owned(),
        Err(_) => text.iter().copied().map(char::from).collect(),
    };
    let name = name.trim_matches(|letter: char| letter.is_whitespace() || letter.is_control());
    name.chars().take(NAME_LETTERS).collect::<String>().trim_end().to_owned()
}
