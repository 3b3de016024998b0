//! Leaning the odds of rests, pitches and lengths towards what a request wishes: where it starts, key, chords, density.

use melody::steps::{LOWEST, UNIT};
use melody::{Home, Key, Mode, Pitch, PitchClass, Ticks};

use crate::request::{KeyLock, Request, Task};
use crate::{steering, tonality};

/// How much harder chords lean here than elsewhere: what the tune's memory is sure of gives way to nothing less.
const FIRMNESS: f32 = 1.5;
/// What a note as long again loses when a line is e times too thin, in nats; and how far off a line may be before that.
const CORRECTION: f32 = 5.0;
const SLACK: f32 = 0.1;
/// The most that a note as long again gains or loses, in nats.
const MOST_CORRECTION: f32 = 6.0;

/// What a note of the key's own chord gains where a continuation comes to its end, in nats.
const HOMECOMING: f32 = 1.0;

/// The standing wishes of one request.
pub struct Wishes<'a> {
    request: &'a Request,
    home: &'a Home,
    key: Option<Key>,
    /// How many notes a quarter are asked for.
    thickness: Option<f32>,
}

impl<'a> Wishes<'a> {
    /// What a request wishes of a line that was moved home by `home`.
    pub fn of(request: &'a Request, home: &'a Home) -> Wishes<'a> {
        let key = match request.key_lock {
            KeyLock::Off => None,
            KeyLock::Heard => Some(home.key),
            KeyLock::Fixed(key) => Some(key),
        };
        Wishes { request, home, key, thickness: None }
    }

    /// The same with so many notes a quarter.
    pub fn thickened_to(self, thickness: Option<f32>) -> Wishes<'a> {
        Wishes { thickness, ..self }
    }

    /// Lets short notes gain where fewer notes than asked for came so far, and long ones where more did: `sung` notes began
    /// before `onset`, where the next one does.
    pub fn lean_lengths(&self, scores: &mut [f32], onset: Ticks, sung: usize) {
        let correction = self.correction(onset, sung);
        for (units, score) in (1_u16..).zip(scores) {
            *score += correction * f32::from(units).log2();
        }
    }

    /// What a note as long again gains in nats.
    fn correction(&self, onset: Ticks, sung: usize) -> f32 {
        let Some(thickness) = self.thickness else { return 0.0 };
        let asked = thickness * onset.as_quarters().max(0.0) as f32;
        // One more on both sides, so that the first notes do not tip it over.
        let surplus = ((sung as f32 + 1.0) / (asked + 1.0)).ln();
        let beyond = (surplus.abs() - SLACK).max(0.0).copysign(surplus);
        (CORRECTION * beyond).clamp(-MOST_CORRECTION, MOST_CORRECTION)
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
    /// chord's, also where it comes after a rest. Where key and chord or key and range share nothing, the key wins.
    pub fn lean_pitches(&self, scores: &mut [f32], onset: Ticks, first: bool) {
        let onset = if first && self.request.chord.is_some() { Ticks::ZERO } else { onset };
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
        let gain = FIRMNESS * steering::gain(self.request, onset);
        let chord = tonality::chord_at(self.request, onset).filter(|_| gain > 0.0);
        let in_chord = |number: usize| chord.is_some_and(|chord| chord.contains(class(number)));
        if gain == f32::INFINITY && chord.is_some() {
            let both = |number: usize| in_chord(number) && allowed(number);
            let possible = (0..scores.len()).any(both);
            return forbid(scores, |number| if possible { both(number) } else { allowed(number) });
        }
        let comes_home = chord.is_none() && self.comes_home(onset);
        for (number, score) in scores.iter_mut().enumerate() {
            *score += if in_chord(number) { gain } else { 0.0 };
            *score += if comes_home && self.is_home(class(number)) { HOMECOMING } else { 0.0 };
        }
        forbid(scores, allowed);
    }

    /// Whether a note that begins then may be the last of a continuation: in the last half of its last bar.
    fn comes_home(&self, onset: Ticks) -> bool {
        let bar = self.request.prompt.meter.bar();
        let end = bar * i64::from(self.request.bars);
        self.request.task == Task::Continue && (end - onset) * 2 <= bar
    }

    /// Whether a pitch class, as it is played, is of the chord that the key rests on.
    fn is_home(&self, class: PitchClass) -> bool {
        let Key { tonic, mode } = self.home.key;
        let third = if mode == Mode::Major { 4 } else { 3 };
        let above = (i32::from(class.semitones()) - i32::from(tonic.semitones())).rem_euclid(12);
        [0, third, 7].contains(&above)
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
        Wishes::of(request, &home).lean_pitches(&mut scores, onset, false);
        (0..PITCHES)
            .filter(|number| scores[usize::from(*number)].is_finite())
            .map(|number| number % 12)
            .collect()
    }

    #[test]
    fn a_continuation_leans_home_in_its_last_half_bar() {
        let request = Request { bars: 2, ..Request::to_continue(Phrase::default()) };
        let home = Home { key: "D minor".parse().unwrap(), shift: -5 };
        let gains = |request: &Request, quarters| {
            let mut scores = vec![0.0; PITCHES.into()];
            Wishes::of(request, &home).lean_pitches(&mut scores, Ticks::quarters(quarters), false);
            (0..12).filter(|number| scores[24 + number] > 0.0).collect::<Vec<usize>>()
        };
        // At home D minor is A minor.
        assert_eq!((gains(&request, 5), gains(&request, 6)), (Vec::new(), vec![0, 4, 9]));
        assert!(gains(&Request { task: Task::Fill, ..request }, 6).is_empty());
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
        Wishes::of(&seeded, &home).lean_pitches(&mut scores, Ticks::quarters(2), false);
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

    #[test]
    fn a_key_is_kept_to_under_chords_that_have_nothing_of_it() {
        let foreign = Request {
            key_lock: KeyLock::Fixed("F# major".parse().unwrap()),
            progression: "C".parse().ok(),
            chord_strength: 1.0,
            ..Request::to_continue(Phrase::default())
        };
        let classes = left(&foreign, 0, Ticks::ZERO);
        assert!(!classes.is_empty() && classes.iter().all(|class| [6, 8, 10, 11, 1, 3, 5].contains(class)));
    }

    #[test]
    fn a_line_that_is_too_thin_wants_short_notes_and_one_that_is_too_thick_long_ones() {
        let (request, home) = (Request::to_continue(Phrase::default()), Home { key: Key::C_MAJOR, shift: 0 });
        let gain = |thickness, sung| {
            let mut scores = vec![0.0; 48];
            let wishes = Wishes::of(&request, &home).thickened_to(thickness);
            wishes.lean_lengths(&mut scores, Ticks::quarters(8), sung);
            scores[11] - scores[5]
        };
        assert_eq!((gain(None, 3), gain(Some(1.0), 8)), (0.0, 0.0));
        assert!(gain(Some(1.0), 4) < -1.0 && gain(Some(1.0), 16) > 1.0);
    }
}
