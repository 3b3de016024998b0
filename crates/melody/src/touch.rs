//! How soon a player lets go of notes, so that an answer can be played alike.

use crate::prompt::TOUCH;
use crate::steps::UNIT;
use crate::{Phrase, Ticks};

/// The gaps that a player leaves between notes that follow each other, learnt from a phrase.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Touch {
    /// From each note's onset to the next, and the gap before that.
    gaps: Vec<(Ticks, Ticks)>,
}

impl Touch {
    /// The touch of a phrase's upper line, as it was played: on the grid a short lift of the finger would be none. Longer gaps
    /// than what the grid takes for a sixteenth are rests and no touch.
    pub fn of(phrase: &Phrase) -> Touch {
        let line = phrase.skyline();
        let pairs = line.notes().windows(2).map(|pair| {
            let time = (pair[1].onset - pair[0].onset).round_to(UNIT);
            (time, pair[1].onset - pair[0].end())
        });
        let is_touch = |(time, gap): &(Ticks, Ticks)| *time > Ticks::ZERO && gap.0 * 2 < TOUCH.0 * 3;
        Touch { gaps: pairs.filter(is_touch).collect() }
    }

    /// The phrase with each note that lasts up to the next let go as soon as the player did after notes as long, one
    /// after the other; at least half of it stays.
    pub fn applied(&self, phrase: Phrase) -> Phrase {
        let mut nexts = phrase.notes().iter().skip(1).map(|note| note.onset).chain([phrase.length()]);
        let ends: Vec<bool> = phrase.notes().iter().map(|note| nexts.next() == Some(note.end())).collect();
        let mut ends = (0..).zip(ends);
        phrase.map_notes(|note| match ends.next() {
            Some((turn, true)) => {
                let gap = self.gap_after(note.length, turn).min(Ticks(note.length.0 / 2));
                crate::Note { length: note.length - gap, ..note }
            }
            _ => note,
        })
    }

    /// A gap after a note that reaches over so much time: of the player's nearest lengths one after the other.
    fn gap_after(&self, time: Ticks, turn: usize) -> Ticks {
        let distance = |other: Ticks| (other - time).0.abs();
        let Some(nearest) = self.gaps.iter().map(|(other, _)| distance(*other)).min() else {
            return Ticks::ZERO;
        };
        let alike = || self.gaps.iter().filter(|(other, _)| distance(*other) == nearest);
        let gaps = alike().count();
        alike().nth(turn % gaps.max(1)).map_or(Ticks::ZERO, |(_, gap)| *gap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Meter, Note, Pitch, Tempo};

    fn phrase(notes: &[(i64, i64)]) -> Phrase {
        let note = |(onset, length): &(i64, i64)| Note {
            onset: Ticks(*onset),
            length: Ticks(*length),
            pitch: Pitch::MIDDLE_C,
            velocity: 80,
            channel: 0,
        };
        Phrase::new(notes.iter().map(note).collect(), Meter::COMMON, Tempo::DEFAULT)
            .lasting(Ticks::quarters(4))
    }

    fn lengths(phrase: &Phrase) -> Vec<i64> {
        phrase.notes().iter().map(|note| note.length.0).collect()
    }

    #[test]
    fn short_eighths_stay_short_and_rests_stay_rests() {
        let played = phrase(&[(0, 240), (480, 240), (960, 960), (1920, 480), (2880, 960)]);
        let answer = phrase(&[(0, 480), (480, 480), (960, 960), (1920, 480), (2880, 960)]);
        assert_eq!(lengths(&Touch::of(&played).applied(answer)), [240, 240, 960, 480, 960]);
    }

    #[test]
    fn who_plays_legato_is_answered_legato() {
        let answer = phrase(&[(0, 960), (960, 960), (1920, 1920)]);
        assert_eq!(Touch::of(&answer).applied(answer.clone()), answer);
        assert_eq!(Touch::of(&Phrase::default()).applied(answer.clone()), answer);
    }

    #[test]
    fn at_least_half_of_a_note_stays() {
        let played = phrase(&[(0, 240), (480, 240), (960, 240), (1440, 240)]);
        let fast = phrase(&[(0, 240), (240, 240), (480, 240)]);
        assert_eq!(lengths(&Touch::of(&played).applied(fast))[0], 120);
    }

    #[test]
    fn a_short_lift_of_the_finger_is_heard_and_sloppy_onsets_do_not_hide_it() {
        let played = phrase(&[(3, 900), (955, 912), (1925, 907), (2878, 900)]);
        let answer = phrase(&[(0, 960), (960, 960), (1920, 1920)]);
        assert_eq!(lengths(&Touch::of(&played).applied(answer))[..2], [908, 902]);
    }
}
