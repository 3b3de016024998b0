//! Time signatures, and where bars begin in a song that changes them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Ticks;

/// A time signature.
///
/// ```
/// use melody::{Meter, Ticks};
/// let jig = Meter::new(6, 8).unwrap();
/// assert_eq!(jig.bar(), Ticks::quarters(3));
/// assert_eq!(jig.beat(), Ticks::ratio(3, 2)); // a dotted quarter
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "(u8, u8)", into = "(u8, u8)")]
pub struct Meter {
    numerator: u8,
    denominator: u8,
}

impl Meter {
    /// Four quarters to the bar.
    pub const COMMON: Meter = Meter { numerator: 4, denominator: 4 };

    /// `numerator` notes of 1/`denominator` to the bar: 1 to 64 of them, the denominator a power of two up to 64.
    pub fn new(numerator: u8, denominator: u8) -> Option<Meter> {
        let sane = (1..=64).contains(&numerator) && denominator.is_power_of_two() && denominator <= 64;
        sane.then_some(Meter { numerator, denominator })
    }

    /// The upper number.
    pub const fn numerator(self) -> u8 {
        self.numerator
    }

    /// The lower number.
    pub const fn denominator(self) -> u8 {
        self.denominator
    }

    /// Length of a bar in ticks.
    pub const fn bar(self) -> Ticks {
        Ticks(self.unit().0 * self.numerator as i64)
    }

    /// Length of a beat in ticks: three units in a compound meter (6/8, 9/8, 12/8), else one.
    pub const fn beat(self) -> Ticks {
        let compound = self.denominator >= 8 && self.numerator > 3 && self.numerator.is_multiple_of(3);
        Ticks(self.unit().0 * if compound { 3 } else { 1 })
    }

    /// Whether a place in the bar, in ticks from its start, is one that listeners hear as strong: the first beat
    /// and, in bars of an even number of beats, the middle one.
    pub fn is_strong(self, place: Ticks) -> bool {
        let beats = self.bar().0 / self.beat().0;
        place == Ticks::ZERO || (beats >= 4 && beats % 2 == 0 && place.0 * 2 == self.bar().0)
    }

    const fn unit(self) -> Ticks {
        Ticks(4 * Ticks::PER_QUARTER / self.denominator as i64)
    }
}

impl Default for Meter {
    fn default() -> Meter {
        Meter::COMMON
    }
}

impl TryFrom<(u8, u8)> for Meter {
    type Error = String;
    fn try_from((numerator, denominator): (u8, u8)) -> Result<Meter, String> {
        Meter::new(numerator, denominator)
            .ok_or_else(|| format!("{numerator}/{denominator} is not a time signature"))
    }
}

impl From<Meter> for (u8, u8) {
    fn from(meter: Meter) -> (u8, u8) {
        (meter.numerator, meter.denominator)
    }
}

impl fmt::Display for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

/// The time signatures of a song, each from its start in ticks on; 4/4 before the first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MeterMap {
    changes: Vec<(Ticks, Meter)>,
}

impl MeterMap {
    /// One meter throughout.
    pub fn constant(meter: Meter) -> MeterMap {
        MeterMap { changes: vec![(Ticks::ZERO, meter)] }
    }

    /// The meters of a song from `(start in ticks, meter)` in any order; of two at one time the later given counts.
    pub fn new(mut changes: Vec<(Ticks, Meter)>) -> MeterMap {
        changes.sort_by_key(|(start, _)| *start);
        changes.reverse();
        changes.dedup_by_key(|(start, _)| *start);
        changes.reverse();
        MeterMap { changes }
    }

    /// The changes in order of time.
    pub fn changes(&self) -> &[(Ticks, Meter)] {
        &self.changes
    }

    /// The meter in force at a time.
    pub fn at(&self, time: Ticks) -> Meter {
        self.section(time).1
    }

    /// Start of the bar that a time lies in. A change of meter always starts a bar.
    pub fn bar_start(&self, time: Ticks) -> Ticks {
        let (start, meter) = self.section(time);
        start + (time - start).floor_to(meter.bar())
    }

    /// The first bar line at or after a time.
    pub fn next_bar(&self, time: Ticks) -> Ticks {
        let start = self.bar_start(time);
        if start == time {
            return time;
        }
        let end = start + self.at(time).bar();
        let cut_short = self.changes.iter().map(|(at, _)| *at).find(|at| *at > start && *at < end);
        cut_short.unwrap_or(end)
    }

    fn section(&self, time: Ticks) -> (Ticks, Meter) {
        let section = self.changes.iter().rev().find(|(start, _)| *start <= time);
        section.copied().unwrap_or((Ticks::ZERO, Meter::COMMON))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_follow_changes_of_meter() {
        let waltz = Meter::new(3, 4).unwrap();
        let map = MeterMap::new(vec![(Ticks::quarters(8), waltz), (Ticks::ZERO, Meter::COMMON)]);
        assert_eq!(map.next_bar(Ticks::quarters(7)), Ticks::quarters(8));
        assert_eq!(map.next_bar(Ticks::quarters(9)), Ticks::quarters(11));
        assert_eq!(map.bar_start(Ticks::quarters(13)), Ticks::quarters(11));
        assert_eq!(map.at(Ticks::quarters(3)), Meter::COMMON);
    }

    #[test]
    fn a_change_inside_a_bar_starts_the_next() {
        let map = MeterMap::new(vec![(Ticks::ZERO, Meter::COMMON), (Ticks::quarters(6), Meter::COMMON)]);
        assert_eq!(map.next_bar(Ticks::quarters(5)), Ticks::quarters(6));
    }

    #[test]
    fn beats_of_compound_meters_are_dotted() {
        assert_eq!(Meter::new(12, 8).unwrap().beat(), Ticks::ratio(3, 2));
        assert_eq!(Meter::new(3, 8).unwrap().beat(), Ticks::ratio(1, 2));
        assert_eq!(Meter::new(6, 4).unwrap().beat(), Ticks::QUARTER);
        assert!(Meter::COMMON.is_strong(Ticks::quarters(2)));
        assert!(!Meter::new(3, 4).unwrap().is_strong(Ticks::QUARTER));
        assert!(Meter::new(0, 4).is_none() && Meter::new(4, 3).is_none());
    }
}
