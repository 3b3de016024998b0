//! A small sound: an electric piano of a few partials, so that something is heard without any other instrument.

use std::f32::consts::TAU;

use nice_plug::buffer::Buffer;
use nice_plug::midi::{Channel, Key, NoteEvent, control_change};

use crate::format::Sound;

/// Notes that can sound at once; the oldest makes room.
const VOICES: usize = 24;
/// Events of one block; more are dropped, note-offs last.
const EVENTS: usize = 512;
/// How loud one note at full velocity is, so that a chord of eight stays below clipping.
const GAIN: f32 = 0.16;
/// Partials: the multiple of the note's frequency, its strength, and the seconds in which it falls to a third.
const PARTIALS: [(f32, f32, f32); 4] =
    [(1.0, 1.0, 1.1), (2.0, 0.35, 0.6), (3.0, 0.12, 0.35), (7.0, 0.10, 0.08)];
/// Seconds in which a note rises.
const ATTACK: f32 = 0.003;
/// Seconds in which a released note falls to a third.
const RELEASE: f32 = 0.07;
/// A voice below this level is free again.
const SILENCE: f32 = 1e-4;

/// The sound of the standalone. Renders without the heap.
#[derive(Debug)]
pub struct Synth {
    rate: f32,
    voices: [Voice; VOICES],
    events: Vec<Event>,
    /// Counts notes, so that the oldest voice is known.
    count: u64,
}

#[derive(Debug, Clone, Copy)]
struct Event {
    sample: u32,
    deed: Deed,
}

#[derive(Debug, Clone, Copy)]
enum Deed {
    On {
        channel: u8,
        key: u8,
        velocity: f32,
    },
    /// `None` matches all.
    Off {
        channel: Option<u8>,
        key: Option<u8>,
    },
}

/// One note that sounds.
#[derive(Debug, Clone, Copy, Default)]
struct Voice {
    channel: u8,
    key: u8,
    held: bool,
    number: u64,
    /// Phase of each partial, in turns.
    phases: [f32; PARTIALS.len()],
    /// Level of each partial.
    levels: [f32; PARTIALS.len()],
    /// How far the note has risen, 0 to 1.
    rise: f32,
    /// What is left of a released note, 1 to 0.
    fall: f32,
}

impl Default for Synth {
    fn default() -> Synth {
        Synth {
            rate: 48_000.0,
            voices: [Voice::default(); VOICES],
            events: Vec::with_capacity(EVENTS),
            count: 0,
        }
    }
}

impl Sound for Synth {
    fn set_rate(&mut self, rate: f32) {
        self.rate = if rate >= 1.0 { rate } else { 48_000.0 };
    }

    fn note(&mut self, event: &NoteEvent<()>) {
        let deed = match *event {
            NoteEvent::NoteOn {
                channel: Channel::Number(channel), key: Key::Number(key), velocity, ..
            } => Deed::On { channel, key, velocity },
            NoteEvent::NoteOff { channel, key, .. } | NoteEvent::Choke { channel, key, .. } => {
                Deed::Off { channel: channel.number(), key: key.number() }
            }
            NoteEvent::MidiCC {
                channel,
                cc: control_change::ALL_SOUND_OFF | control_change::ALL_NOTES_OFF,
                ..
            } => Deed::Off { channel: Some(channel), key: None },
            _ => return,
        };
        // The last places are kept for offs, so that no note sounds for ever.
        let room = if matches!(deed, Deed::On { .. }) { EVENTS / 2 } else { EVENTS };
        if self.events.len() < room {
            self.events.push(Event { sample: event.timing(), deed });
        }
    }

    fn render(&mut self, buffer: &mut Buffer) {
        let frames = buffer.samples();
        let channels = buffer.as_slice();
        let mut next = 0;
        for sample in 0..frames {
            while next < self.events.len() && self.events[next].sample as usize <= sample {
                self.take(self.events[next].deed);
                next += 1;
            }
            let sound = self.next_sample();
            for channel in channels.iter_mut() {
                if let Some(place) = channel.get_mut(sample) {
                    *place = sound;
                }
            }
        }
        for event in next..self.events.len() {
            self.take(self.events[event].deed);
        }
        self.events.clear();
    }

    fn silence(&mut self) {
        self.voices = [Voice::default(); VOICES];
        self.events.clear();
    }
}

impl Synth {
    fn take(&mut self, deed: Deed) {
        match deed {
            Deed::On { channel, key, velocity } => self.begin(channel, key, velocity),
            Deed::Off { channel, key } => {
                for voice in &mut self.voices {
                    if channel.is_none_or(|channel| channel == voice.channel)
                        && key.is_none_or(|key| key == voice.key)
                    {
                        voice.held = false;
                    }
                }
            }
        }
    }

    fn begin(&mut self, channel: u8, key: u8, velocity: f32) {
        self.count += 1;
        let free = |voice: &Voice| (voice.is_silent(), !voice.held, u64::MAX - voice.number);
        let chosen = (0..VOICES).max_by_key(|index| free(&self.voices[*index])).unwrap_or(0);
        let mut levels = PARTIALS.map(|(_, level, _)| level * velocity * GAIN);
        // Hard notes are brighter.
        for level in &mut levels[1..] {
            *level *= 0.4 + 0.6 * velocity;
        }
        let (phases, rise, fall) = ([0.0; PARTIALS.len()], 0.0, 1.0);
        self.voices[chosen] =
            Voice { channel, key, held: true, number: self.count, phases, levels, rise, fall };
    }

    fn next_sample(&mut self) -> f32 {
        let rate = self.rate;
        self.voices.iter_mut().filter(|voice| !voice.is_silent()).map(|voice| voice.next_sample(rate)).sum()
    }
}

impl Voice {
    fn is_silent(&self) -> bool {
        self.levels.iter().sum::<f32>() * self.fall < SILENCE
    }

    fn next_sample(&mut self, rate: f32) -> f32 {
        let frequency = 440.0 * ((f32::from(self.key) - 69.0) / 12.0).exp2();
        self.rise = (self.rise + 1.0 / (ATTACK * rate)).min(1.0);
        if !self.held {
            self.fall *= 1.0 - 1.0 / (RELEASE * rate).max(1.0);
        }
        let mut sound = 0.0;
        for (index, (multiple, _, seconds)) in PARTIALS.iter().enumerate() {
            let step = frequency * multiple / rate;
            // A partial above half the sampling rate would fold down.
            if step < 0.5 {
                sound += self.levels[index] * (TAU * self.phases[index]).sin();
            }
            self.phases[index] = (self.phases[index] + step).fract();
            // Low notes ring longer.
            let seconds = seconds * (261.6 / frequency).sqrt().clamp(0.3, 3.0);
            self.levels[index] *= 1.0 - 1.0 / (seconds * rate).max(1.0);
        }
        sound * self.rise * self.fall
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nice_plug::midi::VoiceID;

    fn rendered(synth: &mut Synth, frames: usize) -> Vec<f32> {
        let mut left = vec![0.0; frames];
        let mut right = vec![0.0; frames];
        let mut buffer = Buffer::default();
        // SAFETY: The slices outlive the buffer and have the length that is given.
        unsafe { buffer.set_slices(frames, |slices| *slices = vec![&mut left[..], &mut right[..]]) };
        synth.render(&mut buffer);
        drop(buffer);
        assert_eq!(left, right);
        left
    }

    fn on(timing: u32, key: u8) -> NoteEvent<()> {
        let (channel, key) = (Channel::Number(0), Key::Number(key));
        NoteEvent::NoteOn { timing, voice_id: VoiceID::Wildcard, channel, key, velocity: 1.0 }
    }

    fn off(timing: u32, key: u8) -> NoteEvent<()> {
        let (channel, key) = (Channel::Number(0), Key::Number(key));
        NoteEvent::NoteOff { timing, voice_id: VoiceID::Wildcard, channel, key, velocity: 0.0 }
    }

    fn loudness(sound: &[f32]) -> f32 {
        sound.iter().fold(0.0, |most, sample| most.max(sample.abs()))
    }

    #[test]
    fn a_note_is_heard_from_its_sample_on_and_dies_away_when_released() {
        let mut synth = Synth::default();
        synth.note(&on(100, 69));
        let sound = rendered(&mut synth, 9_600);
        assert_eq!(loudness(&sound[..100]), 0.0);
        assert!(loudness(&sound[200..]) > 0.05);
        synth.note(&off(0, 69));
        rendered(&mut synth, 48_000);
        assert_eq!(loudness(&rendered(&mut synth, 480)), 0.0);
    }

    #[test]
    fn a_note_has_its_pitch() {
        let mut synth = Synth::default();
        synth.note(&on(0, 69));
        let sound = rendered(&mut synth, 48_000);
        let rises = sound[24_000..].windows(2).filter(|pair| pair[0] <= 0.0 && pair[1] > 0.0).count();
        assert!((218..=222).contains(&rises), "{rises} in half a second");
    }

    #[test]
    fn many_notes_neither_clip_nor_hang() {
        let mut synth = Synth::default();
        for key in 0..128 {
            synth.note(&on(0, key));
        }
        assert!(loudness(&rendered(&mut synth, 4_800)).is_finite());
        for key in [60, 64, 67, 71] {
            synth.silence();
            synth.note(&on(0, key));
        }
        assert!(loudness(&rendered(&mut synth, 48_000)) < 1.0);
        for key in 0..128 {
            synth.note(&off(0, key));
        }
        rendered(&mut synth, 96_000);
        assert_eq!(loudness(&rendered(&mut synth, 480)), 0.0);
    }
}
