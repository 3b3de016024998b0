//! Which seed a trigger uses.

use crate::params::MAX_SEED;

/// How many seeds there are.
const SEEDS: u32 = MAX_SEED as u32 + 1;

/// The seeds of one instance since the host last reset it.
#[derive(Debug, Default)]
pub struct Seeds {
    /// The seeds of the last answer: the first, and the last of its candidates.
    last: Option<(u32, u32)>,
    /// The knob at the last trigger.
    knob: i32,
    resets: u64,
}

impl Seeds {
    /// The seed of a trigger: the knob's when it is locked or was moved since the last answer; otherwise one more than
    /// the last, so that a song that triggers several answers gets different ones, and the same ones each time it is
    /// rendered.
    pub fn next(&mut self, knob: i32, locked: bool, resets: u64) -> u32 {
        if std::mem::replace(&mut self.resets, resets) != resets {
            self.last = None;
        }
        let moved = std::mem::replace(&mut self.knob, knob) != knob;
        let chosen = u32::try_from(knob).unwrap_or(0);
        match self.last {
            // The panel's dice move the knob to the seed that they then use: that is no new wish.
            Some((first, last)) if !locked && (!moved || first == chosen) => (last + 1) % SEEDS,
            _ => chosen,
        }
    }

    /// So many seeds from `first` on are used, one for each candidate.
    pub fn note(&mut self, first: u32, count: u32) {
        self.last = Some((first, (first + count.saturating_sub(1)) % SEEDS));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_seeds_count_on_from_the_knob_and_anew_after_a_reset() {
        let mut seeds = Seeds::default();
        let mut use_next = |knob, locked, resets| {
            let seed = seeds.next(knob, locked, resets);
            seeds.note(seed, 1);
            seed
        };
        assert_eq!([use_next(MAX_SEED, false, 1), use_next(MAX_SEED, false, 1)], [MAX_SEED as u32, 0]);
        assert_eq!([use_next(5, true, 1), use_next(5, true, 1), use_next(5, false, 1)], [5, 5, 6]);
        assert_eq!(use_next(5, false, 2), 5);
        assert_eq!([use_next(9, false, 2), use_next(9, false, 2), use_next(5, false, 2)], [9, 10, 5]);
    }

    #[test]
    fn several_candidates_take_as_many_seeds() {
        let mut seeds = Seeds::default();
        assert_eq!(seeds.next(5, false, 0), 5);
        seeds.note(5, 4);
        assert_eq!(seeds.next(5, false, 0), 9);
        seeds.note(MAX_SEED as u32, 2);
        assert_eq!(seeds.next(5, false, 0), 1);
        seeds.note(70, 2);
        assert_eq!(seeds.next(70, false, 0), 72, "the panel rolled its dice");
    }
}
