//! Which seed a trigger uses.

use crate::params::MAX_SEED;

/// The seeds of one instance since the host last reset it.
#[derive(Debug, Default)]
pub struct Seeds {
    last: Option<u32>,
    resets: u64,
}

impl Seeds {
    /// The seed of a trigger: the knob's when it is locked; otherwise the knob's first and then one more each time, so
    /// that a song that triggers several answers gets different ones, and the same ones each time it is rendered.
    pub fn next(&mut self, knob: i32, locked: bool, resets: u64) -> u32 {
        if std::mem::replace(&mut self.resets, resets) != resets {
            self.last = None;
        }
        match self.last {
            Some(last) if !locked => (last + 1) % (MAX_SEED as u32 + 1),
            _ => u32::try_from(knob).unwrap_or(0),
        }
    }

    /// A seed is used.
    pub fn note(&mut self, seed: u32) {
        self.last = Some(seed);
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
            seeds.note(seed);
            seed
        };
        assert_eq!([use_next(MAX_SEED, false, 1), use_next(MAX_SEED, false, 1)], [MAX_SEED as u32, 0]);
        assert_eq!([use_next(5, true, 1), use_next(5, true, 1), use_next(5, false, 1)], [5, 5, 6]);
        assert_eq!(use_next(5, false, 2), 5);
    }
}
