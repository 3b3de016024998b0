//! A tune's memory of itself: where it was before as it is now, what followed there, and what stood some bars ago.
//!
//! Twelve witnesses propose what the next note says, aspect by aspect. Three of them blend all places where the last notes
//! occurred before, longer likenesses counting more (Witten and Bell's interpolation, as in an n-gram): places of the same
//! notes, of the same intervals and rhythm, and of the same rhythm or pitches alone. Three point at the place of the longest
//! likeness of each kind. Four point at what stood one, two, four and eight bars ago, and two at the same interval as one and
//! two bars ago. Each says how well it has done so far.

use crate::steps::{Aspect, Step, Word};
use crate::{Meter, Ticks};

mod likeness;
mod proposal;

use likeness::{Kind, Likeness};
pub use proposal::{FEATURES, Proposal};

/// Who proposes.
pub const WITNESSES: usize = 12;
/// The places of those whose first choices are worth a look on their own: same notes blended, rhythm or pitches alone
/// blended, the longest likeness of notes, that of intervals, one bar ago, two bars ago.
pub const NOTABLE: [usize; 6] = [SAME, ALONE, SAME + LONGEST, MOVED + LONGEST, BARS, BARS + 1];

const SAME: usize = 0;
const MOVED: usize = 1;
const ALONE: usize = 2;
/// From a blend to the longest likeness of its kind.
const LONGEST: usize = 3;
const BARS: usize = 6;
const MOVED_BARS: usize = 10;
/// How many bars back the pointers look.
const BARS_AGO: [i64; 4] = [1, 2, 4, 8];

/// Of a melody whose memory grows, no more notes than so many back are searched.
const REACH: usize = 1024;
/// How much of a witness's success is its latest: five notes or so count.
const LATEST: f32 = 0.2;

/// What each witness proposes for one aspect.
pub type Testimony = [Proposal; WITNESSES];

/// The notes of one tune so far, with how well each witness foresaw them.
#[derive(Debug, Clone)]
pub struct Memory {
    bar: Ticks,
    steps: Vec<Step>,
    likenesses: [Likeness; 4],
    success: [[f32; WITNESSES]; 3],
}

impl Memory {
    /// An empty memory of a tune in this meter.
    pub fn new(meter: Meter) -> Memory {
        let likenesses = Kind::ALL.map(Likeness::new);
        Memory { bar: meter.bar(), steps: Vec::new(), likenesses, success: [[0.0; WITNESSES]; 3] }
    }

    /// The notes so far.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Takes a note in, and gives what was proposed for it, aspect by aspect.
    pub fn hear(&mut self, step: Step) -> [Testimony; 3] {
        let heard = Aspect::ALL.map(|aspect| {
            let testimony = self.testimony(aspect, &step.word, step.onset);
            let told = step.word[aspect as usize];
            for (success, proposal) in self.success[aspect as usize].iter_mut().zip(&testimony) {
                if !proposal.is_silent() {
                    *success += LATEST * (proposal.odds_of(told) - *success);
                }
            }
            testimony
        });
        self.steps.push(step);
        for likeness in &mut self.likenesses {
            likeness.grow(&self.steps);
        }
        heard
    }

    /// What is proposed for an aspect of the next note. Of `word` those that are chosen before it count, and the `onset` when
    /// the rest is chosen.
    pub fn testimony(&self, aspect: Aspect, word: &Word, onset: Ticks) -> Testimony {
        let mut all: Testimony = std::array::from_fn(|_| Proposal::silent());
        let alone = if aspect == Aspect::Pitch { Kind::Pitch } else { Kind::Rhythm };
        for (place, kind) in [(SAME, Kind::Same), (MOVED, Kind::Moved), (ALONE, alone)] {
            let likeness = &self.likenesses[kind as usize];
            [all[place], all[place + LONGEST]] = likeness.proposals(&self.steps, REACH, aspect, word);
        }
        for (place, bars) in BARS_AGO.into_iter().enumerate() {
            let Some((found, rest)) = self.bars_ago(bars, aspect, onset) else { continue };
            let value = match aspect {
                Aspect::Rest => rest,
                _ => Some(self.steps[found].word[aspect as usize]),
            };
            all[BARS + place] = self.pointed(found, value);
            if aspect == Aspect::Pitch && MOVED_BARS + place < WITNESSES {
                let moved = likeness::value(Kind::Moved, &self.steps, found, aspect);
                all[MOVED_BARS + place] = self.pointed(found, moved);
            }
        }
        let first = all[SAME + LONGEST].choice().or(all[SAME].choice());
        for (proposal, success) in all.iter_mut().zip(self.success[aspect as usize]) {
            proposal.judge(success, first);
        }
        all
    }

    /// The note that stood so many bars ago where the next one is to stand, and for a rest how far it is from there.
    fn bars_ago(&self, bars: i64, aspect: Aspect, onset: Ticks) -> Option<(usize, Option<u8>)> {
        let end = self.steps.last()?.end;
        let time = if aspect == Aspect::Rest { end } else { onset } - self.bar * bars;
        let found = self.steps.partition_point(|step| step.onset < time);
        let step = self.steps.get(found).filter(|_| time >= self.steps[0].onset)?;
        let gap = (step.onset - time).0;
        match aspect {
            Aspect::Rest => {
                let units = gap / crate::steps::UNIT.0;
                let told = gap % crate::steps::UNIT.0 == 0 && units < Aspect::Rest.size() as i64;
                Some((found, told.then_some(units as u8)))
            }
            _ => (gap == 0).then_some((found, None)),
        }
    }

    fn pointed(&self, found: usize, value: Option<u8>) -> Proposal {
        let run = self.likenesses[Kind::Same as usize].run(found);
        value.map_or_else(Proposal::silent, |value| Proposal::pointing(value, run, self.steps.len() - found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(words: &[Word]) -> (Memory, Vec<[Testimony; 3]>) {
        let mut memory = Memory::new(Meter::COMMON);
        let mut end = Ticks::ZERO;
        let all = words.iter().map(|word| {
            let step = Step::after(end, *word);
            end = step.end;
            memory.hear(step)
        });
        let all = all.collect();
        (memory, all)
    }

    /// A bar of quarters.
    fn bar(pitches: [u8; 4]) -> [Word; 4] {
        pitches.map(|pitch| [0, pitch, 11])
    }

    #[test]
    fn a_repeated_bar_is_foreseen_by_the_longest_likeness_and_by_the_bar_before() {
        let bars = [bar([36, 38, 40, 41]), bar([36, 38, 40, 41])].concat();
        let (_, told) = heard(&bars);
        let pitch = &told[6][Aspect::Pitch as usize];
        assert_eq!(pitch[SAME + LONGEST].choice(), Some(40));
        assert_eq!(pitch[BARS].choice(), Some(40));
        assert!(pitch[SAME].odds_of(40) > 0.5);
        assert!(told[0].iter().flatten().all(Proposal::is_silent), "nobody foresees the first note");
    }

    #[test]
    fn a_bar_repeated_higher_is_foreseen_by_its_intervals() {
        let bars = [bar([36, 40, 43, 45]), bar([43, 47, 50, 52])].concat();
        let (_, told) = heard(&bars);
        let pitch = &told[6][Aspect::Pitch as usize];
        assert_eq!(pitch[MOVED + LONGEST].choice(), Some(50));
        assert_eq!(pitch[MOVED_BARS].choice(), Some(50));
        assert!(pitch[SAME + LONGEST].odds_of(50) == 0.0);
    }

    #[test]
    fn what_a_witness_proposes_sums_to_one_and_success_is_felt() {
        let mut words = [bar([36, 38, 40, 41]), bar([36, 38, 43, 41]), bar([36, 38, 40, 43])].concat();
        words[5][2] = 5;
        words[6][0] = 6;
        let (memory, told) = heard(&words);
        for proposal in told.iter().flatten().flatten().filter(|proposal| !proposal.is_silent()) {
            let sum: f32 = proposal.odds().iter().map(|(_, odds)| odds).sum();
            assert!((sum - 1.0).abs() < 1e-5);
            assert!(proposal.features().iter().all(|feature| (0.0..=1.0).contains(feature)));
        }
        let after = memory.testimony(Aspect::Rest, &[0; 3], Ticks::ZERO);
        assert!(after[SAME].features()[4] > 0.3);
    }
}
