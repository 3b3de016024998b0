//! Notes of a phrase that stay as they were while the rest is made anew.

use melody::steps::{Aspect, LONGEST, Step, UNIT};
use melody::{Meter, Note, Phrase, Ticks};

use crate::request::Request;
use crate::sampling::Dice;

/// Mixed into a seed, so that what is kept is thrown with other dice than what is made.
const APART: u64 = 0x6b65_7074;

/// What stays, in the order of time; all times count from the first bar line of what is made.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    notes: Vec<Step>,
}

impl Kept {
    /// Those that a variation of these notes leaves: all in the first beats that the request keeps, and of the others each
    /// with odds that fall as the request goes farther.
    pub fn of(steps: &[Step], request: &Request, meter: Meter, seed: u64) -> Kept {
        let mut dice = Dice::new(seed ^ APART);
        let firm = meter.beat() * i64::from(request.kept_beats);
        let mut stays = |step: &&Step| {
            let thrown = dice.throw() >= f64::from(request.neighbourhood);
            step.onset < firm || thrown
        };
        Kept { notes: steps.iter().filter(&mut stays).copied().collect() }
    }

    /// The value that an aspect of the next note must have, if it is a kept one; `end` is where the note before ends.
    pub fn next(&self, aspect: Aspect, step: &Step, end: Ticks) -> Option<u8> {
        match aspect {
            Aspect::Rest => {
                let gap = self.first_from(end)?.onset - end;
                (gap == Ticks::ZERO).then_some(0)
            }
            _ => {
                let kept = self.first_from(step.onset)?;
                (kept.onset == step.onset).then(|| kept.word[aspect as usize])
            }
        }
    }

    /// A value that was thrown, cut so that the next kept note has its place.
    pub fn limit(&self, aspect: Aspect, value: u8, step: &Step, end: Ticks) -> u8 {
        let (from, least) = match aspect {
            Aspect::Rest => (end, 0),
            Aspect::Pitch => return value,
            Aspect::Length => (step.onset, 1),
        };
        let next = self.first_from(from + UNIT * least);
        let units = next.map_or(i64::from(LONGEST), |kept| (kept.onset - from).0 / UNIT.0 - least);
        value.min(units.clamp(0, i64::from(LONGEST)) as u8)
    }

    fn first_from(&self, time: Ticks) -> Option<&Step> {
        self.notes.get(self.notes.partition_point(|kept| kept.onset < time))
    }

    /// The answer with each kept note as it was played: off the grid, as long and as loud. `played` is the phrase that was
    /// varied, its first bar line at `start`.
    pub fn restore(&self, answer: Phrase, played: &Phrase, start: Ticks) -> Phrase {
        let (meter, tempo, length) = (answer.meter, answer.tempo, answer.length());
        let original = |note: &Note| -> Option<Note> {
            self.notes.binary_search_by_key(&note.onset, |kept| kept.onset).ok()?;
            let near = |other: &&Note| (other.onset - start - note.onset).0.abs() <= UNIT.0 * 3 / 2;
            let same = played.notes().iter().filter(near).find(|other| other.pitch == note.pitch)?;
            Some(Note { onset: (same.onset - start).max(Ticks::ZERO), ..*same })
        };
        let notes = answer.notes().iter().map(|note| original(note).unwrap_or(*note)).collect();
        Phrase::new(notes, meter, tempo).lasting(length)
    }
}
