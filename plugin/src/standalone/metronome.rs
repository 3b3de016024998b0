//! The click: a small wooden knock on each beat, higher on the first of a bar. It is sound alone, never MIDI.

use std::f32::consts::TAU;

use super::transport::Beat;

/// The partials of a knock: its pitch in Hertz on a beat, its strength, and the seconds in which it falls to a third.
const PARTIALS: [(f32, f32, f32); 3] =
    [(1_050.0, 0.6, 0.016), (2_790.0, 0.25, 0.007), (5_300.0, 0.15, 0.003)];
/// How much higher the first beat of a bar is.
const FIRST: f32 = 1.5;
/// The level of a knock at full volume.
const LOUDEST: f32 = 0.5;
/// Below this level a knock is over.
const SILENCE: f32 = 1e-4;
/// Beats of one block that are heard; at 300 quarters a minute a block would have to last three seconds for more.
const MOST: usize = 16;

/// The sound of the metronome. Renders without the heap.
#[derive(Debug, Default)]
pub struct Metronome {
    partials: [Partial; PARTIALS.len()],
}

#[derive(Debug, Clone, Copy, Default)]
struct Partial {
    /// In turns.
    phase: f32,
    /// Turns a sample.
    step: f32,
    level: f32,
    /// What is left of the level after a sample.
    fall: f32,
}

impl Metronome {
    /// Adds the beats of a block to its channels, at a volume from 0 to 1; those of a bar that is counted in are heard
    /// even where the click is `off`. `[audio-thread]`
    pub fn render(
        &mut self,
        channels: &mut [&mut [f32]],
        beats: impl Iterator<Item = Beat>,
        rate: f32,
        (volume, on): (f32, bool),
    ) {
        let frames = channels.first().map_or(0, |channel| channel.len());
        let mut from = 0;
        for beat in beats.take(MOST).filter(|beat| on || beat.counted) {
            let at = (beat.sample as usize).clamp(from, frames);
            self.ring(channels, from, at);
            self.knock(rate, volume, beat.first);
            from = at;
        }
        self.ring(channels, from, frames);
    }

    /// Ends all sound at once. `[audio-thread]`
    pub fn silence(&mut self) {
        self.partials = Default::default();
    }

    fn knock(&mut self, rate: f32, volume: f32, first: bool) {
        let higher = if first { FIRST } else { 1.0 };
        for (partial, (pitch, strength, seconds)) in self.partials.iter_mut().zip(PARTIALS) {
            let step = pitch * higher / rate;
            // One above half the sampling rate would fold down.
            let level = if step < 0.5 { strength * volume * LOUDEST } else { 0.0 };
            *partial = Partial { phase: 0.0, step, level, fall: 1.0 - 1.0 / (seconds * rate).max(1.0) };
        }
    }

    fn ring(&mut self, channels: &mut [&mut [f32]], from: usize, to: usize) {
        if self.partials.iter().all(|partial| partial.level < SILENCE) {
            return;
        }
        for sample in from..to {
            let sound: f32 = self.partials.iter_mut().map(Partial::next).sum();
            for channel in channels.iter_mut() {
                if let Some(place) = channel.get_mut(sample) {
                    *place += sound;
                }
            }
        }
    }
}

impl Partial {
    fn next(&mut self) -> f32 {
        let sound = self.level * (TAU * self.phase).sin();
        self.phase = (self.phase + self.step).fract();
        self.level *= self.fall;
        sound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f32 = 48_000.0;

    fn rendered(metronome: &mut Metronome, beats: &[Beat], frames: usize, on: bool) -> Vec<f32> {
        let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
        metronome.render(&mut [&mut left, &mut right], beats.iter().copied(), RATE, (1.0, on));
        assert_eq!(left, right);
        left
    }

    fn beat(sample: u32, first: bool, counted: bool) -> Beat {
        Beat { sample, first, counted }
    }

    fn rises(sound: &[f32]) -> usize {
        sound.windows(2).filter(|pair| pair[0] <= 0.0 && pair[1] > 0.0).count()
    }

    #[test]
    fn a_beat_is_heard_on_its_sample_and_is_soon_over() {
        let mut metronome = Metronome::default();
        let sound = rendered(&mut metronome, &[beat(100, false, false)], 9_600, true);
        assert!(sound[..=100].iter().all(|sample| *sample == 0.0));
        let loudest = sound.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        assert!((0.2..=LOUDEST).contains(&loudest), "{loudest}");
        assert!(sound[101].abs() > 0.0);
        assert!(sound[9_000..].iter().all(|sample| sample.abs() < 1e-3));
        rendered(&mut metronome, &[], 9_600, true);
        assert!(rendered(&mut metronome, &[], 480, true).iter().all(|sample| *sample == 0.0));
    }

    #[test]
    fn the_first_beat_of_a_bar_is_higher() {
        let low = rendered(&mut Metronome::default(), &[beat(0, false, false)], 1_200, true);
        let high = rendered(&mut Metronome::default(), &[beat(0, true, false)], 1_200, true);
        assert!(rises(&high) > rises(&low) * 5 / 4, "{} and {}", rises(&high), rises(&low));
    }

    #[test]
    fn without_a_click_only_what_is_counted_in_is_heard() {
        let off = rendered(&mut Metronome::default(), &[beat(0, true, false)], 480, false);
        assert!(off.iter().all(|sample| *sample == 0.0));
        let counted = rendered(&mut Metronome::default(), &[beat(0, true, true)], 480, false);
        assert!(counted.iter().any(|sample| *sample != 0.0));
    }
}
