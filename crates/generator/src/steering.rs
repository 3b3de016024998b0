//! Leaning a network's scores towards a key and a chord.
//!
//! The key lock removes every token whose pitch is outside the scale. The chord seed biases the first bar: tokens of
//! chord notes gain [`LEAN`] nats, twice that on strong beats, and the very first note must be one of the chord's.
//! An answer may begin with a short rest, but not with one of more than a beat: that would sound like no answer.

use melody::{Chord, Home, Key, Meter, PitchClass, Ticks, Vocabulary};

use crate::request::{KeyLock, Request};

/// What a chord note gains in the first bar, in nats; twice as much on a strong beat.
pub const LEAN: f32 = 1.5;

/// The standing wishes of one request, in terms of a vocabulary at home.
#[derive(Debug, Clone)]
pub struct Steering {
    meter: Meter,
    /// For each token whether the key lock allows it.
    allowed: Vec<bool>,
    /// For each token whether it is a note of the chord; empty without a chord.
    of_chord: Vec<bool>,
    is_rest: Vec<bool>,
    /// For each token whether it is a rest of more than a beat.
    is_pause: Vec<bool>,
}

impl Steering {
    /// What a request wishes of a vocabulary whose prompt was moved home by `home`.
    pub fn of(request: &Request, home: &Home, vocabulary: &Vocabulary) -> Steering {
        let played = |class: PitchClass| PitchClass::of(i32::from(class.semitones()) - home.shift);
        let each = |test: &dyn Fn(PitchClass) -> bool, of_rest: bool| -> Vec<bool> {
            let class = |token: &melody::Token| token.pitch.map(|pitch| played(pitch.class()));
            vocabulary.tokens().iter().map(|token| class(token).map_or(of_rest, test)).collect()
        };
        let key: Option<Key> = match request.key_lock {
            KeyLock::Off => None,
            KeyLock::Heard => Some(home.key),
            KeyLock::Fixed(key) => Some(key),
        };
        let in_chord = |chord: &Chord| each(&|class| chord.contains(class), false);
        Steering {
            meter: request.prompt.meter,
            allowed: each(&|class| key.is_none_or(|key| key.contains(class)), true),
            of_chord: request.chord.as_ref().map(in_chord).unwrap_or_default(),
            is_rest: vocabulary.tokens().iter().map(melody::Token::is_rest).collect(),
            is_pause: vocabulary
                .tokens()
                .iter()
                .map(|token| token.is_rest() && token.length > request.prompt.meter.beat())
                .collect(),
        }
    }

    /// Changes the scores of the token that starts at `time`, in ticks from the answer's first bar line.
    ///
    /// A wish that no token can meet is left aside: where key and chord share nothing, the chord wins.
    pub fn lean(&self, time: Ticks, scores: &mut [f32]) {
        let first = time == Ticks::ZERO;
        let chord = !self.of_chord.is_empty() && time < self.meter.bar() && self.of_chord.contains(&true);
        if chord && first {
            let both = |index: usize| self.of_chord[index] && self.allowed[index];
            let possible = (0..scores.len()).any(both);
            return forbid(scores, |index| if possible { both(index) } else { self.of_chord[index] });
        }
        if chord {
            let gain = if self.meter.is_strong(time) { 2.0 * LEAN } else { LEAN };
            for (score, of_chord) in scores.iter_mut().zip(&self.of_chord) {
                *score += if *of_chord { gain } else { 0.0 };
            }
        }
        let a_note_is_left = self.allowed.iter().zip(&self.is_rest).any(|(allowed, rest)| *allowed && !rest);
        if a_note_is_left {
            forbid(scores, |index| self.allowed[index]);
        }
        if first && self.is_rest.contains(&false) {
            forbid(scores, |index| !self.is_pause[index]);
        }
    }
}

fn forbid(scores: &mut [f32], allowed: impl Fn(usize) -> bool) {
    for (index, score) in scores.iter_mut().enumerate() {
        if !allowed(index) {
            *score = f32::NEG_INFINITY;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use melody::{Phrase, Pitch, Token};

    /// One token for each pitch class at home, and a rest (id 0).
    fn vocabulary() -> Vocabulary {
        let notes = (60..72).map(|key| Token::note(Pitch::new(key).unwrap(), Ticks::QUARTER));
        Vocabulary::new(notes.chain([Token::rest(Ticks::QUARTER)])).unwrap()
    }

    fn left(request: &Request, shift: i32, time: Ticks) -> Vec<String> {
        let vocabulary = vocabulary();
        let steering = Steering::of(request, &Home { key: Key::C_MAJOR, shift }, &vocabulary);
        let mut scores = vec![0.0; vocabulary.len()];
        steering.lean(time, &mut scores);
        let tokens = vocabulary.tokens().iter().zip(&scores);
        tokens.filter(|(_, score)| score.is_finite()).map(|(token, _)| token.to_string()).collect()
    }

    #[test]
    fn the_key_lock_keeps_to_the_scale_as_played() {
        let locked = Request {
            key_lock: KeyLock::Fixed("D".parse().unwrap()),
            ..Request::to_continue(Phrase::default())
        };
        // Played in D, at home two semitones lower: the scale at home is C major's.
        let tokens = left(&locked, -2, Ticks::QUARTER);
        assert_eq!(tokens.join(" "), "R:1.0 C4:1.0 D4:1.0 E4:1.0 F4:1.0 G4:1.0 A4:1.0 B4:1.0");
    }

    #[test]
    fn the_first_note_is_of_the_chord_and_later_ones_are_free() {
        let seeded = Request { chord: "Dadd9".parse().ok(), ..Request::to_continue(Phrase::default()) };
        assert_eq!(left(&seeded, -2, Ticks::ZERO).join(" "), "C4:1.0 D4:1.0 E4:1.0 G4:1.0");
        assert_eq!(left(&seeded, -2, Ticks::QUARTER).len(), 13);
    }

    #[test]
    fn an_answer_does_not_begin_with_a_long_rest() {
        let rests = [1, 2].map(|quarters| Token::rest(Ticks::quarters(quarters)));
        let note = Token::note(Pitch::MIDDLE_C, Ticks::QUARTER);
        let vocabulary = Vocabulary::new(rests.into_iter().chain([note])).unwrap();
        let home = Home { key: Key::C_MAJOR, shift: 0 };
        let steering = Steering::of(&Request::to_continue(Phrase::default()), &home, &vocabulary);
        let left = |time| {
            let mut scores = vec![0.0; 3];
            steering.lean(time, &mut scores);
            scores.iter().filter(|score| score.is_finite()).count()
        };
        assert_eq!((left(Ticks::ZERO), left(Ticks::QUARTER)), (2, 3));
    }

    #[test]
    fn where_key_and_chord_share_nothing_the_chord_wins() {
        let crossed = Request {
            chord: "F#5".parse().ok(),
            key_lock: KeyLock::Fixed("C".parse().unwrap()),
            ..Request::to_continue(Phrase::default())
        };
        assert_eq!(left(&crossed, 0, Ticks::ZERO).join(" "), "C#4:1.0 F#4:1.0");
    }
}
