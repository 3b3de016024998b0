//! The voices of one sound: which note each plays, how it rises, and how it dies away.

use fundsp::prelude32::{AudioUnit, BufferArray, BufferRef, U1};

use super::PIECE;
use super::timbre::{Dials, Timbre};

/// Notes of one sound at once; the oldest makes room.
const VOICES: usize = 20;
/// A voice below this level is about to be free again.
const SILENCE: f32 = 2e-5;
/// Seconds that it has to stay there: a short piece may lie between two waves.
const PATIENCE: f32 = 0.05;
/// How far the outermost keys stand to the side, 0 to 1.
const WIDTH: f32 = 0.35;

/// All voices of one sound.
pub struct Bank {
    timbre: Timbre,
    rate: f32,
    voices: Vec<Voice>,
    output: BufferArray<U1>,
    /// Counts notes, so that the oldest voice is known.
    count: u64,
}

struct Voice {
    unit: Box<dyn AudioUnit>,
    dials: Dials,
    channel: u8,
    key: u8,
    held: bool,
    /// It sounds, or may.
    busy: bool,
    number: u64,
    /// How far the note has risen, 0 to 1.
    rise: f32,
    /// What is left of it, 1 until it is let go.
    fall: f32,
    velocity: f32,
    /// Samples since it was last heard.
    quiet: usize,
}

impl Bank {
    /// Lays out the voices. `[main-thread]`
    pub fn new(timbre: Timbre, rate: f32) -> Bank {
        let count = if timbre.has_strings() { 128 } else { VOICES };
        let voices = (0..count).map(|place| Voice::new(timbre, rate, place)).collect();
        Bank { timbre, rate, voices, output: BufferArray::new(), count: 0 }
    }

    /// Begins a note. `[audio-thread]`
    pub fn strike(&mut self, channel: u8, key: u8, velocity: f32) {
        self.count += 1;
        let number = self.count;
        let chosen = if self.timbre.has_strings() {
            usize::from(key)
        } else {
            let free = |place: &usize| {
                let voice = &self.voices[*place];
                (!voice.busy, !voice.held, u64::MAX - voice.number)
            };
            (0..self.voices.len()).max_by_key(free).unwrap_or(0)
        };
        if let Some(voice) = self.voices.get_mut(chosen) {
            voice.begin(channel, key, velocity.clamp(0.0, 1.0), number, self.timbre.has_strings());
        }
    }

    /// Lets notes go; `None` matches all. `[audio-thread]`
    pub fn let_go(&mut self, channel: Option<u8>, key: Option<u8>) {
        for voice in &mut self.voices {
            if channel.is_none_or(|channel| channel == voice.channel)
                && key.is_none_or(|key| key == voice.key)
            {
                voice.held = false;
            }
        }
    }

    /// Ends all notes at once. `[audio-thread]`
    pub fn silence(&mut self) {
        self.voices.iter_mut().for_each(|voice| (voice.busy, voice.held) = (false, false));
    }

    /// Adds what sounds to the dry and the room's channels. `[audio-thread]`
    pub fn render(&mut self, mix: &mut [[f32; PIECE]; 4], length: usize) {
        let attack = 1.0 / (self.timbre.attack() * self.rate).max(1.0);
        let release = 1.0 - 1.0 / (self.timbre.release() * self.rate).max(1.0);
        let (level, room) = (self.timbre.level(), self.timbre.room());
        let patience = (PATIENCE.max(self.timbre.attack()) * self.rate) as usize;
        for voice in self.voices.iter_mut().filter(|voice| voice.busy) {
            voice.unit.process(length, &BufferRef::empty(), &mut self.output.buffer_mut());
            let side = WIDTH * (f32::from(voice.key) - 64.0) / 64.0;
            let sides = [(1.0 - side.max(0.0)) * level, (1.0 + side.min(0.0)) * level];
            let mut loudest = 0.0_f32;
            for (sample, sound) in self.output.channel_f32(0)[..length].iter().enumerate() {
                let sound = sound * voice.next_gain(attack, release);
                loudest = loudest.max(sound.abs());
                for (side, gain) in sides.into_iter().enumerate() {
                    mix[side][sample] += sound * gain;
                    mix[2 + side][sample] += sound * gain * room;
                }
            }
            voice.quiet = if loudest < SILENCE { voice.quiet + length } else { 0 };
            voice.busy = voice.quiet < patience;
        }
    }
}

impl Voice {
    fn new(timbre: Timbre, rate: f32, place: usize) -> Voice {
        let dials = Dials::default();
        if timbre.has_strings() {
            // A string of less than eight samples has no tone left.
            dials.frequency.set_value(frequency(place as u8).min(rate / 8.0));
        }
        let mut unit = timbre.voice(&dials, rate);
        unit.set_sample_rate(f64::from(rate));
        unit.allocate();
        // Some parts take their memory with the first sample.
        unit.process(1, &BufferRef::empty(), &mut BufferArray::<U1>::new().buffer_mut());
        Voice {
            unit,
            dials,
            channel: 0,
            key: 0,
            held: false,
            busy: false,
            number: 0,
            rise: 0.0,
            fall: 1.0,
            velocity: 0.0,
            quiet: 0,
        }
    }

    fn begin(&mut self, channel: u8, key: u8, velocity: f32, number: u64, is_string: bool) {
        (self.channel, self.key, self.velocity, self.number) = (channel, key, velocity, number);
        (self.held, self.busy, self.quiet, self.rise, self.fall) = (true, true, 0, 0.0, 1.0);
        if !is_string {
            self.dials.frequency.set_value(frequency(key));
        }
        self.dials.velocity.set_value(velocity);
        self.unit.reset();
    }

    fn next_gain(&mut self, attack: f32, release: f32) -> f32 {
        self.rise = (self.rise + attack).min(1.0);
        if !self.held {
            self.fall *= release;
        }
        // Soft notes are softer, but not as much as the numbers say.
        self.rise * self.fall * self.velocity * (0.5 + 0.5 * self.velocity)
    }
}

/// Of a MIDI key, in Hertz.
fn frequency(key: u8) -> f32 {
    440.0 * ((f32::from(key) - 69.0) / 12.0).exp2()
}
