//! Leaning the scores of pitches towards key, chord and progression.

use melody::{Chord, Home, Meter, PitchClass, Ticks};

use super::words::{self, PITCHES};
use crate::request::{KeyLock, Request};
use crate::steering::LEAN;
use crate::tonality;

/// The wishes of one request, in terms of the keys at home.
pub(super) struct Wishes<'a> {
    meter: Meter,
    shift: i32,
    /// For each pitch class at home whether the key lock allows it.
    allowed: [bool; 12],
    request: &'a Request,
}

impl<'a> Wishes<'a> {
    pub fn of(request: &'a Request, home: &Home) -> Wishes<'a> {
        let key = match request.key_lock {
            KeyLock::Off => None,
            KeyLock::Heard => Some(home.key),
            KeyLock::Fixed(key) => Some(key),
        };
        let shift = home.shift;
        let allowed = std::array::from_fn(|class| key.is_none_or(|key| key.contains(played(class, shift))));
        Wishes { meter: request.prompt.meter, shift, allowed, request }
    }

    /// How many nats a note of the chord gains at a time; twice as many on a strong beat.
    fn gain(&self, time: Ticks) -> f32 {
        let place = Ticks(time.0.rem_euclid(self.meter.bar().0));
        let strong = if self.meter.is_strong(place) { 2.0 } else { 1.0 };
        LEAN * strong * self.request.chord_strength / Request::CHORD_STRENGTH
    }

    /// Whether the lock allows a key.
    fn allows(&self, key: usize) -> bool {
        self.allowed[class(key)]
    }

    /// Whether nothing but the chord may begin at a time: on beats, at full strength.
    fn is_bound(&self, time: Ticks) -> bool {
        self.request.chord_strength >= 1.0 && time.0.rem_euclid(self.meter.beat().0) == 0
    }

    /// For each pitch class at home whether it may come at a time: those of the locked scale and, where the chord binds,
    /// of the chord, unless the two have nothing in common.
    fn open(&self, time: Ticks) -> [bool; 12] {
        let chord = tonality::chord_at(self.request, time).filter(|_| self.is_bound(time));
        let Some(chord) = chord.map(|chord| of_chord(chord, self.shift)) else { return self.allowed };
        let both = std::array::from_fn(|class| self.allowed[class] && chord[class]);
        if both.contains(&true) { both } else { self.allowed }
    }

    /// Changes the scores of the keys for a note at `time` that must lie `above` another, where there is one.
    pub fn lean(&self, time: Ticks, above: Option<usize>, scores: &mut [f32]) {
        let chord = tonality::chord_at(self.request, time).map(|chord| of_chord(chord, self.shift));
        let (gain, open) = (self.gain(time), self.open(time));
        for (key, score) in scores.iter_mut().enumerate() {
            let class = class(key);
            if !open[class] || above.is_some_and(|above| key <= above) {
                *score = f32::NEG_INFINITY;
            } else if chord.is_some_and(|chord| chord[class]) {
                *score += gain;
            }
        }
    }

    /// Whether a note can still be added above this key at a time.
    pub fn has_room_above(&self, time: Ticks, key: usize) -> bool {
        let open = self.open(time);
        (key + 1..PITCHES).any(|key| open[class(key)])
    }

    /// The key that the wishes would rather have at a time: one of the chord within a few semitones, one of the locked
    /// scale, or the key itself.
    pub fn nearest(&self, time: Ticks, key: usize) -> usize {
        let reach = if self.is_bound(time) { 11 } else { (self.gain(time) / LEAN).round() as usize };
        let within = |reach: usize, fits: &dyn Fn(usize) -> bool| {
            let near = (0..=reach).flat_map(|apart| [key.checked_sub(apart), key.checked_add(apart)]);
            near.flatten().find(|key| *key < PITCHES && fits(*key))
        };
        let chord = tonality::chord_at(self.request, time).map(|chord| of_chord(chord, self.shift));
        let of_chord = |key: usize| {
            let class = class(key);
            self.allowed[class] && chord.is_some_and(|chord| chord[class])
        };
        within(reach, &of_chord).or_else(|| within(11, &|key| self.allows(key))).unwrap_or(key)
    }
}

/// The pitch class of a key at home.
fn class(key: usize) -> usize {
    usize::from(words::pitch(key).class().semitones())
}

/// The class as it is played of a class at home.
fn played(class: usize, shift: i32) -> PitchClass {
    PitchClass::of(class as i32 - shift)
}

/// For each pitch class at home whether the chord has it.
fn of_chord(chord: &Chord, shift: i32) -> [bool; 12] {
    std::array::from_fn(|class| chord.contains(played(class, shift)))
}
