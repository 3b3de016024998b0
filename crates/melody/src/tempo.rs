//! Tempo as MIDI stores it, and tempo changes over a song.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Ticks;

/// A tempo in microseconds a quarter note, above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tempo(u32);

impl Tempo {
    /// 120 quarters a minute, MIDI's tempo where a file names none.
    pub const DEFAULT: Tempo = Tempo(500_000);

    /// From microseconds a quarter, kept between 1 and MIDI's 24 bits.
    pub fn from_micros(micros: u32) -> Tempo {
        Tempo(micros.clamp(1, 0xFF_FFFF))
    }

    /// From quarters a minute, to the nearest microsecond.
    pub fn from_bpm(bpm: f64) -> Tempo {
        if bpm.is_finite() && bpm > 0.0 {
            Tempo::from_micros((60e6 / bpm).round() as u32)
        } else {
            Tempo::DEFAULT
        }
    }

    /// Microseconds a quarter.
    pub const fn micros(self) -> u32 {
        self.0
    }

    /// Quarters a minute.
    pub fn bpm(self) -> f64 {
        60e6 / f64::from(self.0)
    }
}

impl Default for Tempo {
    fn default() -> Tempo {
        Tempo::DEFAULT
    }
}

impl fmt::Display for Tempo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} bpm", self.bpm())
    }
}

/// The tempos of a song, each from its start in ticks on; 120 before the first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TempoMap {
    changes: Vec<(Ticks, Tempo)>,
}

impl TempoMap {
    /// One tempo throughout.
    pub fn constant(tempo: Tempo) -> TempoMap {
        TempoMap { changes: vec![(Ticks::ZERO, tempo)] }
    }

    /// The tempos of a song from `(start in ticks, tempo)` in any order; of two at one time the later given counts.
    pub fn new(mut changes: Vec<(Ticks, Tempo)>) -> TempoMap {
        changes.sort_by_key(|(start, _)| *start);
        changes.reverse();
        changes.dedup_by_key(|(start, _)| *start);
        changes.reverse();
        TempoMap { changes }
    }

    /// The changes in order of time.
    pub fn changes(&self) -> &[(Ticks, Tempo)] {
        &self.changes
    }

    /// The tempo in force at a time.
    pub fn at(&self, time: Ticks) -> Tempo {
        let change = self.changes.iter().rev().find(|(start, _)| *start <= time);
        change.map_or(Tempo::DEFAULT, |(_, tempo)| *tempo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_change_before_a_time_counts() {
        let (slow, fast) = (Tempo::from_bpm(60.0), Tempo::from_bpm(180.0));
        let map = TempoMap::new(vec![(Ticks(10), slow), (Ticks(20), slow), (Ticks(20), fast)]);
        assert_eq!(map.at(Ticks(5)), Tempo::DEFAULT);
        assert_eq!(map.at(Ticks(19)), slow);
        assert_eq!(map.at(Ticks(20)), fast);
    }

    #[test]
    fn senseless_tempos_become_sane_ones() {
        assert_eq!(Tempo::from_bpm(f64::NAN), Tempo::DEFAULT);
        assert_eq!(Tempo::from_micros(0).micros(), 1);
        assert_eq!(Tempo::from_bpm(120.0).micros(), 500_000);
    }
}
