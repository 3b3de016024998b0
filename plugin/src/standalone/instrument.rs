//! The built-in instrument: a few sounds of fundsp's oscillators, filters, chorus and room, so that something pleasant
//! is heard without any other program. All voices are laid out when the sample rate is known; playing allocates nothing.

mod timbre;
mod voice;

use fundsp::prelude32::{An, AudioNode, AudioUnit, BufferArray, U2, chorus, reverb_stereo};
use nice_plug::midi::{Channel, Key, NoteEvent, control_change};

pub use timbre::{TIMBRES, Timbre};

use voice::Bank;

/// fundsp works in pieces of at most so many samples.
const PIECE: usize = fundsp::MAX_BUFFER_SIZE;
/// Events of one block; more are dropped, note-offs last.
const EVENTS: usize = 512;
/// Above this level the sound is bent, so that it never reaches full scale.
const KNEE: f32 = 0.8;
/// The room is at rest when nothing louder than this comes out of it.
const SILENCE: f32 = 1e-5;

/// The instrument.
pub struct Instrument {
    rate: f32,
    banks: Vec<Bank>,
    chosen: usize,
    /// 0 to 1, and where it is on its way there.
    volume: f32,
    fade: f32,
    events: Vec<Event>,
    effects: Option<Effects>,
    /// What the voices add up to: left, right, and left and right of what goes into the room.
    mix: [[f32; PIECE]; 4],
}

#[derive(Debug, Clone, Copy)]
struct Event {
    sample: u32,
    deed: Deed,
}

/// What happens to the voices.
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

impl Default for Instrument {
    fn default() -> Instrument {
        Instrument {
            rate: 0.0,
            banks: Vec::new(),
            chosen: 0,
            volume: 0.8,
            fade: 0.8,
            events: Vec::with_capacity(EVENTS),
            effects: None,
            mix: [[0.0; PIECE]; 4],
        }
    }
}

impl Instrument {
    /// Lays out all voices for so many samples a second, unless they are there already. `[main-thread]`
    pub fn set_rate(&mut self, rate: f32) {
        let rate = if rate >= 1.0 { rate } else { 48_000.0 };
        if rate != self.rate {
            self.rate = rate;
            self.banks = TIMBRES.into_iter().map(|timbre| Bank::new(timbre, rate)).collect();
            self.effects = Some(Effects::new(rate));
        }
    }

    /// Chooses a sound for the notes to come, by its place in [`TIMBRES`]. `[audio-thread]`
    pub fn choose(&mut self, place: usize) {
        let place = place.min(TIMBRES.len() - 1);
        if place != self.chosen {
            self.chosen = place;
            self.banks.iter_mut().for_each(|bank| bank.let_go(None, None));
        }
    }

    /// How loud it is, 0 to 1. `[audio-thread]`
    pub fn set_volume(&mut self, volume: f32) {
        // The ear hears the square as even steps.
        self.volume = (volume * volume).clamp(0.0, 1.0);
    }

    /// Takes an event of this block. `[audio-thread]`
    pub fn note(&mut self, event: &NoteEvent<()>) {
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

    /// Ends the block: its sound goes into the channels, whatever was in them. `[audio-thread]`
    pub fn render(&mut self, channels: &mut [&mut [f32]]) {
        let frames = channels.first().map_or(0, |channel| channel.len());
        let (mut next, mut from) = (0, 0);
        while from < frames {
            while next < self.events.len() && self.events[next].sample as usize <= from {
                self.take(self.events[next].deed);
                next += 1;
            }
            let event = self.events.get(next).map_or(frames, |event| event.sample as usize);
            let to = event.min(frames).min(from + PIECE);
            self.piece(channels, from, to - from);
            from = to;
        }
        for event in next..self.events.len() {
            self.take(self.events[event].deed);
        }
        self.events.clear();
    }

    /// Ends all sound at once. `[audio-thread]`
    pub fn silence(&mut self) {
        self.banks.iter_mut().for_each(Bank::silence);
        self.events.clear();
        if let Some(effects) = &mut self.effects {
            effects.silence();
        }
    }

    fn take(&mut self, deed: Deed) {
        match deed {
            Deed::On { channel, key, velocity } => {
                if let Some(bank) = self.banks.get_mut(self.chosen) {
                    bank.strike(channel, key, velocity);
                }
            }
            Deed::Off { channel, key } => {
                self.banks.iter_mut().for_each(|bank| bank.let_go(channel, key));
            }
        }
    }

    /// The next samples, of which there are as many as fundsp takes at once, or fewer.
    fn piece(&mut self, channels: &mut [&mut [f32]], from: usize, length: usize) {
        self.mix.iter_mut().for_each(|channel| channel[..length].fill(0.0));
        for bank in &mut self.banks {
            bank.render(&mut self.mix, length);
        }
        if let Some(effects) = &mut self.effects {
            effects.render(&mut self.mix, length);
        }
        let step = (self.volume - self.fade) / PIECE as f32;
        let [left, right, ..] = &self.mix;
        for sample in 0..length {
            self.fade += step;
            for (channel, sound) in channels.iter_mut().zip([left[sample], right[sample]]) {
                if let Some(place) = channel.get_mut(from + sample) {
                    *place = bent(sound * self.fade);
                }
            }
        }
    }
}

/// What is louder than the knee comes ever nearer to full scale and never reaches it.
fn bent(sound: f32) -> f32 {
    let over = sound.abs() - KNEE;
    if over <= 0.0 {
        return sound;
    }
    (KNEE + (1.0 - KNEE) * (over / (1.0 - KNEE)).tanh() * 0.999).copysign(sound)
}

/// A chorus for each side, and a room around it all.
struct Effects {
    wide: Box<dyn AudioUnit>,
    room: Box<dyn AudioUnit>,
    dry: BufferArray<U2>,
    wet: BufferArray<U2>,
    /// Samples since anything was heard.
    quiet: usize,
    patience: usize,
}

impl Effects {
    fn new(rate: f32) -> Effects {
        let wide = chorus(0, 0.012, 0.004, 0.3) | chorus(1, 0.014, 0.004, 0.37);
        Effects {
            wide: laid_out(wide, rate),
            room: laid_out(reverb_stereo(14.0, 1.8, 0.55), rate),
            dry: BufferArray::new(),
            wet: BufferArray::new(),
            quiet: usize::MAX,
            patience: (0.2 * rate) as usize,
        }
    }

    fn silence(&mut self) {
        self.wide.reset();
        self.room.reset();
        self.quiet = usize::MAX;
    }

    fn render(&mut self, mix: &mut [[f32; PIECE]; 4], length: usize) {
        let comes = mix.iter().flat_map(|channel| &channel[..length]).any(|sample| sample.abs() > SILENCE);
        if !comes && self.quiet > self.patience {
            return;
        }
        let mut loudest = 0.0_f32;
        // The chorus adds five voices up; it is laid over the dry sound, not put in its place.
        for (unit, input, share) in [(&mut self.wide, 0, 0.12), (&mut self.room, 2, 1.0)] {
            for side in 0..2 {
                self.dry.channel_f32_mut(side)[..length].copy_from_slice(&mix[input + side][..length]);
            }
            unit.process(length, &self.dry.buffer_ref(), &mut self.wet.buffer_mut());
            for (side, channel) in mix.iter_mut().take(2).enumerate() {
                for (place, wet) in channel[..length].iter_mut().zip(self.wet.channel_f32(side)) {
                    *place += share * wet;
                    loudest = loudest.max(place.abs());
                }
            }
        }
        self.quiet = if comes || loudest > SILENCE { 0 } else { self.quiet.saturating_add(length) };
        if self.quiet > self.patience {
            // What is left would fade into numbers that are slow to reckon with.
            self.silence();
        }
    }
}

/// A unit with all its memory, as a box.
fn laid_out<X: AudioNode + 'static>(unit: An<X>, rate: f32) -> Box<dyn AudioUnit> {
    let mut unit: Box<dyn AudioUnit> = Box::new(unit);
    unit.set_sample_rate(f64::from(rate));
    unit.allocate();
    unit
}

#[cfg(test)]
mod tests;
