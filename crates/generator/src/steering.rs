//! Leaning a network's scores towards a key, a chord and a progression of chords.
//!
//! The key lock removes every token whose pitch is outside the scale. The chord seed biases the first bar: tokens of
//! chord notes gain [`LEAN`] nats at the strength that nobody changed, twice that on strong beats, and the very first
//! note must be one of the chord's. A progression biases all bars, but leaves the way between the beats free: chord
//! notes gain twice [`LEAN`] on strong beats and where the chord changes, [`LEAN`] on other beats. An answer may begin
//! with a short rest, but not with one of more than a beat: that would sound like no answer.

use melody::{Chord, Home, Key, PitchClass, Ticks, Vocabulary};

use crate::request::{KeyLock, Request};
use crate::tonality;

/// What a chord note gains at the strength of a half, in nats. At strength s it is this times s / (1 - s): nothing at 0,
/// and all at 1, where nothing else is let through.
pub const LEAN: f32 = 1.5;

/// The standing wishes of one request, in terms of a vocabulary at home.
#[derive(Debug, Clone)]
pub struct Steering<'a> {
    request: &'a Request,
    /// For each token whether the key lock allows it.
    allowed: Vec<bool>,
    /// For each chord that is wished anywhere, whether each token is a note of it.
    of_chord: Vec<(&'a Chord, Vec<bool>)>,
    is_rest: Vec<bool>,
    /// For each token whether it is a rest of more than a beat.
    is_pause: Vec<bool>,
}

impl<'a> Steering<'a> {
    /// What a request wishes of a vocabulary whose prompt was moved home by `home`.
    pub fn of(request: &'a Request, home: &Home, vocabulary: &Vocabulary) -> Steering<'a> {
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
        let mut of_chord: Vec<(&Chord, Vec<bool>)> = Vec::new();
        let bars = request.progression.iter().flat_map(|progression| progression.bars());
        for chord in request.chord.iter().chain(bars.flatten().flatten()) {
            if of_chord.iter().all(|(known, _)| *known != chord) {
                of_chord.push((chord, each(&|class| chord.contains(class), false)));
            }
        }
        Steering {
            request,
            allowed: each(&|class| key.is_none_or(|key| key.contains(class)), true),
            of_chord,
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
        let gain = gain(self.request, time);
        let chord = tonality::chord_at(self.request, time).filter(|_| gain > 0.0);
        let mask = chord.and_then(|chord| self.of_chord.iter().find(|(known, _)| *known == chord));
        let mask = mask.map(|(_, mask)| mask).filter(|mask| mask.contains(&true));
        if let Some(mask) = mask.filter(|_| gain == f32::INFINITY) {
            let both = |index: usize| mask[index] && self.allowed[index];
            let possible = (0..scores.len()).any(both);
            return forbid(scores, |index| if possible { both(index) } else { mask[index] });
        }
        if let Some(mask) = mask {
            for (score, of_chord) in scores.iter_mut().zip(mask) {
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

/// What a note of the wished chord gains at a time in ticks from the answer's first bar line, in nats: nothing without
/// a wish, all on the first note after a chord seed.
pub fn gain(request: &Request, time: Ticks) -> f32 {
    let meter = request.prompt.meter;
    let Some(chord) = tonality::chord_at(request, time).filter(|_| request.chord_strength > 0.0) else {
        return 0.0;
    };
    let lean = LEAN * request.chord_strength / (1.0 - request.chord_strength);
    let place = Ticks(time.0.rem_euclid(meter.bar().0));
    if request.chord.is_some() && time < meter.bar() {
        return match time {
            Ticks::ZERO => f32::INFINITY,
            _ if meter.is_strong(place) => 2.0 * lean,
            _ => lean,
        };
    }
    let changed = tonality::chord_at(request, time - Ticks(1)) != Some(chord);
    match place.0 % meter.beat().0 {
        _ if changed || meter.is_strong(place) => 2.0 * lean,
        0 => lean,
        _ => 0.0,
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

    /// What C, D and a rest gain at a time, in nats.
    fn gains(request: &Request, time: Ticks) -> [f32; 3] {
        let vocabulary = vocabulary();
        let steering = Steering::of(request, &Home { key: Key::C_MAJOR, shift: 0 }, &vocabulary);
        let mut scores = vec![0.0; vocabulary.len()];
        steering.lean(time, &mut scores);
        ["C4:1.0", "D4:1.0", "R:1.0"].map(|token| scores[vocabulary.id(token.parse().unwrap()).unwrap()])
    }

    #[test]
    fn a_progression_leans_each_bar_towards_its_chord_on_the_beats() {
        let led = Request { progression: "C | G".parse().ok(), ..Request::to_continue(Phrase::default()) };
        let at = |quarters| gains(&led, Ticks::nearest(quarters));
        assert_eq!([at(0.0), at(1.0), at(1.5)], [[3.0, 0.0, 0.0], [1.5, 0.0, 0.0], [0.0; 3]]);
        assert_eq!([at(4.0), at(5.0), at(6.0)], [[0.0, 3.0, 0.0], [0.0, 1.5, 0.0], [0.0, 3.0, 0.0]]);
        // It begins again after its two bars.
        assert_eq!(at(8.0), [3.0, 0.0, 0.0]);
        // A change off the strong beats counts as one.
        let quick = Request { progression: "C C C G".parse().ok(), ..led.clone() };
        assert_eq!(gains(&quick, Ticks::quarters(3)), [0.0, 3.0, 0.0]);
    }

    #[test]
    fn the_strength_scales_what_chords_gain_and_nought_leaves_all_free() {
        let led = Request { progression: "C".parse().ok(), ..Request::to_continue(Phrase::default()) };
        let strong = Request { chord_strength: 0.75, ..led.clone() };
        assert_eq!(gains(&strong, Ticks::quarters(2)), [9.0, 0.0, 0.0]);
        let all = Request { chord_strength: 1.0, ..led.clone() };
        assert_eq!(gains(&all, Ticks::quarters(2)), [0.0, f32::NEG_INFINITY, f32::NEG_INFINITY]);
        assert_eq!(gains(&all, Ticks(2160)), [0.0; 3]);
        let seeded = Request { chord: "C".parse().ok(), chord_strength: 0.0, ..led };
        assert_eq!(gains(&seeded, Ticks::ZERO), [0.0; 3]);
    }

    #[test]
    fn in_the_first_bar_the_chord_seed_goes_before_the_progression() {
        let both = Request {
            chord: "D".parse().ok(),
            progression: "C".parse().ok(),
            ..Request::to_continue(Phrase::default())
        };
        assert_eq!(left(&both, 0, Ticks::ZERO).join(" "), "D4:1.0 F#4:1.0 A4:1.0");
        assert_eq!(gains(&both, Ticks::quarters(2)), [0.0, 3.0, 0.0]);
        assert_eq!(gains(&both, Ticks::quarters(4)), [3.0, 0.0, 0.0]);
    }

    #[test]
    fn an_answer_does_not_begin_with_a_long_rest() {
        let rests = [1, 2].map(|quarters| Token::rest(Ticks::quarters(quarters)));
        let note = Token::note(Pitch::MIDDLE_C, Ticks::QUARTER);
        let vocabulary = Vocabulary::new(rests.into_iter().chain([note])).unwrap();
        let home = Home { key: Key::C_MAJOR, shift: 0 };
        let request = Request::to_continue(Phrase::default());
        let steering = Steering::of(&request, &home, &vocabulary);
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
