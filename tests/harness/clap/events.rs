//! The harness's events and transport in CLAP's own terms, and back.

use clack_host::events::Match;
use clack_host::events::event_types::{
    MidiEvent, NoteChokeEvent, NoteOffEvent, NoteOnEvent, TransportEvent, TransportFlags,
};
use clack_host::events::io::{OutputEventBuffer, TryPushError};
use clack_host::events::spaces::CoreEventSpace;
use clack_host::prelude::*;
use clack_host::utils::{BeatTime, SecondsTime};

use crate::host::{Event, Kind, Transport, Voice};

/// Adds a note or MIDI event; knobs are not notes and are left out.
pub fn push_note(buffer: &mut EventBuffer, event: Event) {
    match event.kind {
        Kind::On(voice, velocity) => {
            buffer.push(&NoteOnEvent::new(event.offset, pckn(voice), velocity.into()));
        }
        Kind::Off(voice, velocity) => {
            buffer.push(&NoteOffEvent::new(event.offset, pckn(voice), velocity.into()));
        }
        Kind::Choke(voice) => buffer.push(&NoteChokeEvent::new(event.offset, pckn(voice))),
        Kind::Midi(bytes) => buffer.push(&MidiEvent::new(event.offset, 0, bytes)),
        Kind::Knob(..) => {}
    }
}

fn pckn(voice: Voice) -> Pckn {
    Pckn::from_raw(0, voice.channel, voice.key, voice.id)
}

fn voice(pckn: Pckn) -> Voice {
    let narrow = |part: Match<u16>| part.to_raw();
    Voice { id: pckn.raw_note_id(), channel: narrow(pckn.channel), key: narrow(pckn.key) }
}

/// Where the song is, as CLAP says it.
pub fn transport(at: &Transport) -> TransportEvent {
    let mut flags = TransportFlags::HAS_SECONDS_TIMELINE;
    flags.set(TransportFlags::IS_PLAYING, at.playing);
    flags.set(TransportFlags::HAS_TEMPO, at.tempo.is_some());
    flags.set(TransportFlags::HAS_TIME_SIGNATURE, at.meter.is_some());
    flags.set(TransportFlags::HAS_BEATS_TIMELINE, at.beats.is_some());
    flags.set(TransportFlags::IS_LOOP_ACTIVE, at.cycle.is_some());
    let tempo = at.tempo.unwrap_or_default();
    let (numerator, denominator) = at.meter.unwrap_or_default();
    let (loop_start, loop_end) = at.cycle.unwrap_or_default();
    let seconds = |beats: f64| if tempo > 0.0 { beats * 60.0 / tempo } else { 0.0 };
    TransportEvent {
        header: EventHeader::default(),
        flags,
        song_pos_beats: BeatTime::from_float(at.beats.unwrap_or_default()),
        song_pos_seconds: SecondsTime::from_float(at.seconds),
        tempo,
        tempo_inc: 0.0,
        loop_start_beats: BeatTime::from_float(loop_start),
        loop_end_beats: BeatTime::from_float(loop_end),
        loop_start_seconds: SecondsTime::from_float(seconds(loop_start)),
        loop_end_seconds: SecondsTime::from_float(seconds(loop_end)),
        bar_start: BeatTime::from_float(at.bar_start),
        bar_number: at.bar_number,
        time_signature_numerator: numerator,
        time_signature_denominator: denominator,
    }
}

/// What came out of a block, with room made before: taking an event never allocates.
pub struct Collected {
    /// What came out, knobs on CLAP's own scale.
    pub events: Vec<Event>,
    limit: usize,
}

impl Collected {
    /// Room for `limit` events a block.
    pub fn new(limit: usize) -> Collected {
        Collected { events: Vec::with_capacity(limit), limit }
    }
}

impl OutputEventBuffer for Collected {
    fn try_push(&mut self, event: &UnknownEvent) -> Result<(), TryPushError> {
        if self.events.len() >= self.limit {
            return Err(TryPushError::new());
        }
        let kind = match event.as_core_event() {
            Some(CoreEventSpace::NoteOn(note)) => Kind::On(voice(note.pckn()), note.velocity() as f32),
            Some(CoreEventSpace::NoteOff(note)) => Kind::Off(voice(note.pckn()), note.velocity() as f32),
            Some(CoreEventSpace::NoteChoke(note)) => Kind::Choke(voice(note.pckn())),
            Some(CoreEventSpace::Midi(midi)) => Kind::Midi(midi.data()),
            Some(CoreEventSpace::ParamValue(knob)) => match knob.param_id() {
                Some(id) => Kind::Knob(id.get(), knob.value()),
                None => return Ok(()),
            },
            _ => return Ok(()),
        };
        self.events.push(Event { offset: event.header().time(), kind });
        Ok(())
    }
}
