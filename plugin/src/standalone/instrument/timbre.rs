//! The sounds: what one voice of each is made of. Everything is laid out in memory here; playing allocates nothing.

use fundsp::prelude32::*;

/// What is dialled into one voice.
#[derive(Clone)]
pub struct Dials {
    /// The note's frequency in Hertz.
    pub frequency: Shared,
    /// How hard it was struck, 0 to 1.
    pub velocity: Shared,
}

impl Default for Dials {
    fn default() -> Dials {
        Dials { frequency: shared(440.0), velocity: shared(0.5) }
    }
}

/// One sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timbre {
    /// A tine and its overtone, as in an electric piano.
    ElectricPiano,
    /// Three saws behind a dark filter.
    Pad,
    /// A plucked string, one for each key.
    Pluck,
    /// A saw and its octave below, behind a filter that closes.
    Bass,
}

/// All sounds, in the menu's order.
pub const TIMBRES: [Timbre; 4] = [Timbre::ElectricPiano, Timbre::Pad, Timbre::Pluck, Timbre::Bass];

impl Timbre {
    /// Its name in the menu.
    pub fn name(self) -> &'static str {
        match self {
            Timbre::ElectricPiano => "Electric piano",
            Timbre::Pad => "Soft pad",
            Timbre::Pluck => "Plucked strings",
            Timbre::Bass => "Round bass",
        }
    }

    /// What it is called in a file.
    pub fn id(self) -> &'static str {
        match self {
            Timbre::ElectricPiano => "electric-piano",
            Timbre::Pad => "pad",
            Timbre::Pluck => "pluck",
            Timbre::Bass => "bass",
        }
    }

    /// Seconds in which a note rises.
    pub fn attack(self) -> f32 {
        match self {
            Timbre::Pad => 0.18,
            Timbre::Bass => 0.004,
            Timbre::ElectricPiano | Timbre::Pluck => 0.001,
        }
    }

    /// Seconds in which a note that was let go falls to a third.
    pub fn release(self) -> f32 {
        match self {
            Timbre::ElectricPiano => 0.09,
            Timbre::Pad => 0.35,
            Timbre::Pluck => 0.16,
            Timbre::Bass => 0.05,
        }
    }

    /// How loud one note at full velocity is, so that the sounds are alike and a chord of eight stays below clipping.
    pub fn level(self) -> f32 {
        match self {
            Timbre::ElectricPiano => 0.115,
            Timbre::Pad => 0.13,
            Timbre::Pluck => 0.14,
            Timbre::Bass => 0.22,
        }
    }

    /// How much of it goes through the room, 0 to 1.
    pub fn room(self) -> f32 {
        match self {
            Timbre::ElectricPiano => 0.16,
            Timbre::Pad => 0.35,
            Timbre::Pluck => 0.24,
            Timbre::Bass => 0.05,
        }
    }

    /// Whether each key has a voice of its own, whose frequency is fixed.
    pub fn has_strings(self) -> bool {
        self == Timbre::Pluck
    }

    /// A voice with its dials, for so many samples a second; one with strings keeps the frequency that they show now.
    pub fn voice(self, dials: &Dials, rate: f32) -> Box<dyn AudioUnit> {
        // A filter that opens beyond this would run away.
        let ceiling = 0.4 * rate;
        match self {
            Timbre::ElectricPiano => electric_piano(dials, ceiling),
            Timbre::Pad => pad(dials, ceiling),
            Timbre::Pluck => string(dials, ceiling),
            Timbre::Bass => bass(dials, ceiling),
        }
    }
}

/// A part that falls to a third in so many seconds at middle C; higher notes fall sooner, lower ones later.
fn falling(dials: &Dials, seconds: f32) -> An<impl AudioNode<Inputs = U0, Outputs = U1> + use<>> {
    let frequency = dials.frequency.clone();
    envelope(move |time| {
        let seconds = seconds * (261.6 / frequency.value()).sqrt().clamp(0.3, 3.0);
        exp(-time / seconds)
    })
}

/// A sine that begins at zero, so that no note clicks.
fn tone() -> An<Sine<f32>> {
    sine().phase(0.0)
}

/// Two sines, one bending the other's frequency, and a short high one for the hammer.
fn electric_piano(dials: &Dials, ceiling: f32) -> Box<dyn AudioUnit> {
    let pitch = || var(&dials.frequency);
    // Hard notes are brighter.
    let bend = var_fn(&dials.velocity, |velocity| 0.25 + 1.15 * velocity * velocity);
    let bender = (pitch() >> tone()) * bend * falling(dials, 0.9) * pitch();
    let tine = ((pitch() + bender) >> tone()) * falling(dials, 1.8);
    // A bell beyond what can be heard would fold down.
    let frequency = dials.frequency.clone();
    let hammer = var_fn(
        &dials.velocity,
        move |velocity| if frequency.value() < 1_100.0 { 0.16 * velocity } else { 0.0 },
    );
    let bell = ((pitch() * 14.0) >> tone()) * hammer * falling(dials, 0.06);
    let warmth = ((pitch() * 2.0) >> tone()) * 0.12 * falling(dials, 0.7);
    // A sine that is bent by one of its own pitch stands a little to one side of zero.
    Box::new((tine + bell + warmth) >> dcblock() >> lowpass_hz(ceiling.min(9_000.0), 0.6))
}

fn pad(dials: &Dials, ceiling: f32) -> Box<dyn AudioUnit> {
    let pitch = || var(&dials.frequency);
    let saws =
        (pitch() >> soft_saw()) + ((pitch() * 1.004) >> soft_saw()) + ((pitch() * 0.9965) >> soft_saw());
    let bright = dials.velocity.clone();
    let cutoff = lfo(move |time| {
        let open = (500.0 + 1_900.0 * bright.value()) * (1.0 + 0.25 * sin_hz(0.23, time));
        open.min(ceiling)
    });
    Box::new(((saws * 0.4) | cutoff) >> lowpass_q(0.7))
}

fn string(dials: &Dials, ceiling: f32) -> Box<dyn AudioUnit> {
    // Low strings ring longer; all are cut of their harshest overtones.
    let frequency = dials.frequency.value();
    let ring = (0.55 - 0.1 * (frequency / 261.6).log2()).clamp(0.05, 0.8);
    let bright = dials.velocity.clone();
    let cutoff = lfo(move |_| (1_200.0 + 8_000.0 * bright.value()).min(ceiling));
    Box::new(((zero() >> pluck(frequency, ring, 0.35)) | cutoff) >> lowpass_q(0.5))
}

fn bass(dials: &Dials, ceiling: f32) -> Box<dyn AudioUnit> {
    let pitch = || var(&dials.frequency);
    let saw = (pitch() >> saw()) * 0.5;
    let below = ((pitch() * 0.5) >> tone()) * 0.35;
    let (frequency, velocity) = (dials.frequency.clone(), dials.velocity.clone());
    let cutoff = lfo(move |time| {
        let open = 250.0 + 2.0 * frequency.value();
        (open + 2_400.0 * velocity.value() * exp(-time * 5.0)).min(ceiling)
    });
    let slow = envelope(|time| 0.25 + 0.75 * exp(-time / 1.6));
    Box::new((((saw + below) * slow) | cutoff) >> lowpass_q(0.9))
}
