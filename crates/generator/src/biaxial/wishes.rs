//! What a request wishes of the keys: a scale, chords, and that something is heard at all.

use melody::roll::Step;
use melody::{Home, Key, Pitch, PitchClass, Ticks};

use super::BAR;
use super::keys::{self, Harmony, KEYS, LOWEST};
use super::walk::Odds;
use crate::request::{KeyLock, Request, Task};
use crate::{steering, tonality};

/// Where the root of a chord seed lies: at this key, as played, or above.
const SEED_FLOOR: Pitch = match Pitch::new(48) {
    Some(pitch) => pitch,
    None => Pitch::MIDDLE_C,
};
/// Sixteenths of silence after which keys begin to gain.
const PATIENCE: usize = 4;
/// The most that a wished chord takes from a key, in nats.
const MOST_LOST: f32 = 12.0;
/// What all keys gain for each further sixteenth of silence, and for each time that an answer's first step is asked for
/// again, in nats.
const IMPATIENCE: f32 = 0.5;

/// The standing wishes of one request, in terms of keys at home.
pub(super) struct Wishes<'a> {
    request: &'a Request,
    home: Home,
    key: Option<Key>,
    /// Sixteenths since something sounded.
    silent: usize,
    /// Times that this step was asked for.
    asked: usize,
    /// What each key gains at this step, in nats.
    gains: [f32; KEYS],
}

impl<'a> Wishes<'a> {
    pub fn of(request: &'a Request, home: Home) -> Wishes<'a> {
        let key = match request.key_lock {
            KeyLock::Off => None,
            KeyLock::Heard => Some(home.key),
            KeyLock::Fixed(key) => Some(key),
        };
        Wishes { request, home, key, silent: 0, asked: 0, gains: [0.0; KEYS] }
    }

    /// The chord to go with at a time of the answer.
    pub fn chord(&self, time: Ticks) -> Option<Harmony> {
        tonality::chord_at(self.request, time).map(|chord| Harmony::of(chord, self.home.shift))
    }

    /// A fresh answer with a chord seed begins with the chord itself.
    pub fn opening(&self, time: Ticks) -> Option<Step> {
        let opens =
            time == Ticks::ZERO && self.request.task == Task::Fresh && self.request.chord_strength > 0.0;
        let seed = self.request.chord.as_ref().filter(|_| opens)?;
        let mut step = Step::default();
        for pitch in seed.pitches(SEED_FLOOR) {
            step.strike(Pitch::folded(i32::from(pitch.number()) + self.home.shift));
        }
        Some(keys::folded(&step))
    }

    /// Works out what each key gains at a time: keys outside the scale lose all, those outside the chord what notes of the
    /// chord gain elsewhere ([`steering::gain`]), so that wishes do not make the music denser.
    pub fn prepare(&mut self, time: Ticks, chord: Option<Harmony>) {
        let loss = steering::gain(self.request, time).min(MOST_LOST);
        let late = IMPATIENCE * self.silent.saturating_sub(PATIENCE) as f32;
        self.asked = 0;
        for (gain, pitch) in self.gains.iter_mut().zip(keys::pitches()) {
            let played = PitchClass::of(i32::from(pitch.class().semitones()) - self.home.shift);
            let of_chord = chord.is_none_or(|chord| chord.contains(pitch.class()));
            *gain = match self.key.is_none_or(|key| key.contains(played)) {
                true => late - if of_chord { 0.0 } else { loss },
                false => f32::NEG_INFINITY,
            };
        }
    }

    /// What the model says of a key, leaned towards what is wished.
    pub fn lean(&self, pitch: Pitch, odds: Odds) -> Odds {
        let gain = self.gains.get(usize::from(pitch.number() - LOWEST)).copied().unwrap_or_default();
        Odds { played: odds.played + gain + 2.0 * IMPATIENCE * self.asked as f32, ..odds }
    }

    /// Whether a step will not do: an answer begins with a note. It is asked for until keys have gained so much that one
    /// must sound.
    pub fn asks_again(&mut self, step: &Step, time: Ticks) -> bool {
        let possible = self.gains.iter().any(|gain| gain.is_finite());
        self.asked += 1;
        time == Ticks::ZERO && step.struck().next().is_none() && possible && self.asked < 4 * BAR
    }

    /// Takes note of a step that was played.
    pub fn note(&mut self, step: &Step) {
        self.silent = if step.is_silent() { self.silent + 1 } else { 0 };
    }
}
