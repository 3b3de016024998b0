//! Leaning the odds of rests and pitches towards what a request wishes: where it starts, key, chords.

use melody::steps::{LOWEST, UNIT};
use melody::{Home, Key, Pitch, Ticks};

use crate::request::{KeyLock, Request};
use crate::{steering, tonality};

/// The standing wishes of one request.
pub struct Wishes<'a> {
    request: &'a Request,
    home: &'a Home,
    key: Option<Key>,
}

impl<'a> Wishes<'a> {
    /// What a request wishes of a line that was moved home by `home`.
    pub fn of(request: &'a Request, home: &'a Home) -> Wishes<'a> {
        let key = match request.key_lock {
            KeyLock::Off => None,
            KeyLock::Heard => Some(home.key),
            KeyLock::Fixed(key) => Some(key),
        };
        Wishes { request, home, key }
    }

    /// Forbids rests after which a note would start before time zero and, for the first note, more than a beat after it;
    /// `end` is where the last note ends.
    pub fn lean_rests(&self, scores: &mut [f32], end: Ticks, first: bool) {
        let onset = |units: usize| end + UNIT * units as i64;
        let latest = self.request.prompt.meter.beat();
        let fits = |units: usize| onset(units) >= Ticks::ZERO && (!first || onset(units) <= latest);
        if (0..scores.len()).any(fits) {
            forbid(scores, fits);
        }
    }

    /// Forbids pitches outside the key and the range and lets those of the chord gain; a chord seed's first note is one of the
    /// chord's. Where key and chord share nothing, the chord wins; where key and range share nothing, the key.
    pub fn lean_pitches(&self, scores: &mut [f32], onset: Ticks) {
        let class = |number: usize| self.played(number).class();
        let in_key = |number: usize| self.key.is_none_or(|key| key.contains(class(number)));
        let range = self.request.range.filter(|(lowest, highest)| {
            (0..scores.len())
                .any(|number| (*lowest..=*highest).contains(&self.played(number)) && in_key(number))
        });
        let in_range = |number: usize| {
            range.is_none_or(|(lowest, highest)| (lowest..=highest).contains(&self.played(number)))
        };
        let allowed = |number: usize| in_key(number) && in_range(number);
        let gain = steering::gain(self.request, onset);
        let chord = tonality::chord_at(self.request, onset).filter(|_| gain > 0.0);
        let in_chord = |number: usize| chord.is_some_and(|chord| chord.contains(class(number)));
        if gain == f32::INFINITY && chord.is_some() {
            let both = |number: usize| in_chord(number) && allowed(number);
            let possible = (0..scores.len()).any(both);
            return forbid(scores, |number| if possible { both(number) } else { in_chord(number) });
        }
        for (number, score) in scores.iter_mut().enumerate() {
            *score += if in_chord(number) { gain } else { 0.0 };
        }
        forbid(scores, allowed);
    }

    /// The pitch that a pitch number at home is when it is played.
    fn played(&self, number: usize) -> Pitch {
        Pitch::folded(i32::from(LOWEST) + number as i32 - self.home.shift)
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
    use melody::Phrase;
    use melody::steps::{PITCHES, number_of};

    use super::*;

    fn left(request: &Request, shift: i32, onset: Ticks) -> Vec<u8> {
        let home = Home { key: Key::C_MAJOR, shift };
        let mut scores = vec![0.0; PITCHES.into()];
        Wishes::of(request, &home).lean_pitches(&mut scores, onset);
        (0..PITCHES)
            .filter(|number| scores[usize::from(*number)].is_finite())
            .map(|number| number % 12)
            .collect()
    }

    #[test]
    fn the_key_lock_keeps_to_the_scale_as_played() {
        let locked = Request {
            key_lock: KeyLock::Fixed("D".parse().unwrap()),
            ..Request::to_continue(Phrase::default())
        };
        let classes = left(&locked, -2, Ticks::QUARTER);
        assert!(classes.iter().all(|class| [0, 2, 4, 5, 7, 9, 11].contains(class)));
        assert_eq!(classes.len(), 49);
    }

    #[test]
    fn a_chord_seed_gives_the_first_note_and_leans_the_first_bar() {
        let seeded = Request { chord: "D".parse().ok(), ..Request::to_continue(Phrase::default()) };
        assert!(left(&seeded, -2, Ticks::ZERO).iter().all(|class| [0, 4, 7].contains(class)));
        let home = Home { key: Key::C_MAJOR, shift: 0 };
        let mut scores = vec![0.0; PITCHES.into()];
        Wishes::of(&seeded, &home).lean_pitches(&mut scores, Ticks::quarters(2));
        let at = |key: u8| scores[usize::from(number_of(Pitch::new(key).unwrap()))];
        assert!(at(62) > 1.0 && at(60) == 0.0);
    }

    #[test]
    fn an_answer_starts_at_its_bar_line_or_at_most_a_beat_later() {
        let request = Request::to_continue(Phrase::default());
        let home = Home { key: Key::C_MAJOR, shift: 0 };
        let mut scores = vec![0.0; 49];
        Wishes::of(&request, &home).lean_rests(&mut scores, -Ticks::QUARTER, true);
        let open: Vec<usize> = (0..49).filter(|units| scores[*units].is_finite()).collect();
        assert_eq!((open.first(), open.last()), (Some(&12), Some(&24)));
        let mut scores = vec![0.0; 49];
        Wishes::of(&request, &home).lean_rests(&mut scores, Ticks::QUARTER, false);
        assert!(scores.iter().all(|score| score.is_finite()));
    }
}
