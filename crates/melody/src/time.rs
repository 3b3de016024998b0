//! Musical time as whole ticks, 960 to the quarter note, so that no beat is ever a rounded float.

use std::fmt;
use std::iter::Sum;
use std::num::ParseIntError;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A point in, or a span of, musical time in ticks of 1/960 quarter note.
///
/// 960 holds sixteenths (240), sixty-fourths (60), eighth triplets (320), sixteenth triplets (160) and
/// quintuplets (192) exactly.
///
/// ```
/// use melody::Ticks;
/// assert_eq!(Ticks::quarters(1) + Ticks::ratio(1, 2), Ticks(1440));
/// assert_eq!(Ticks::ratio(1, 3).to_string(), "1/3");
/// assert_eq!("0.25".parse(), Ok(Ticks::SIXTEENTH));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ticks(pub i64);

impl Ticks {
    /// Ticks in a quarter note.
    pub const PER_QUARTER: i64 = 960;
    /// No time at all.
    pub const ZERO: Ticks = Ticks(0);
    /// One quarter note.
    pub const QUARTER: Ticks = Ticks(Self::PER_QUARTER);
    /// One sixteenth note.
    pub const SIXTEENTH: Ticks = Ticks(Self::PER_QUARTER / 4);
    /// One sixty-fourth note: the shortest note that is ever played back.
    pub const SIXTY_FOURTH: Ticks = Ticks(Self::PER_QUARTER / 16);

    /// `count` quarter notes.
    pub const fn quarters(count: i64) -> Ticks {
        Ticks(count * Self::PER_QUARTER)
    }

    /// `numerator / denominator` quarter notes, rounded down to a whole tick.
    pub const fn ratio(numerator: i64, denominator: i64) -> Ticks {
        Ticks((numerator * Self::PER_QUARTER).div_euclid(denominator))
    }

    /// The nearest tick to a time in quarter notes; for clocks and drawings, where time arrives as a float.
    pub fn nearest(quarters: f64) -> Ticks {
        Ticks((quarters * Self::PER_QUARTER as f64).round() as i64)
    }

    /// This time in quarter notes; for clocks and drawings only.
    pub fn as_quarters(self) -> f64 {
        self.0 as f64 / Self::PER_QUARTER as f64
    }

    /// The last multiple of `step` at or before this time.
    pub const fn floor_to(self, step: Ticks) -> Ticks {
        Ticks(self.0.div_euclid(step.0) * step.0)
    }

    /// The first multiple of `step` at or after this time.
    pub const fn ceil_to(self, step: Ticks) -> Ticks {
        Ticks(-((-self.0).div_euclid(step.0) * step.0))
    }

    /// The multiple of `step` nearest to this time; halfway goes up.
    pub const fn round_to(self, step: Ticks) -> Ticks {
        Ticks(self.0 + step.0 / 2).floor_to(step)
    }

    /// How far apart two times are, never negative.
    pub const fn distance(self, other: Ticks) -> Ticks {
        Ticks((self.0 - other.0).abs())
    }
}

impl Add for Ticks {
    type Output = Ticks;
    fn add(self, other: Ticks) -> Ticks {
        Ticks(self.0 + other.0)
    }
}

impl Sub for Ticks {
    type Output = Ticks;
    fn sub(self, other: Ticks) -> Ticks {
        Ticks(self.0 - other.0)
    }
}

impl AddAssign for Ticks {
    fn add_assign(&mut self, other: Ticks) {
        self.0 += other.0;
    }
}

impl SubAssign for Ticks {
    fn sub_assign(&mut self, other: Ticks) {
        self.0 -= other.0;
    }
}

impl Mul<i64> for Ticks {
    type Output = Ticks;
    fn mul(self, count: i64) -> Ticks {
        Ticks(self.0 * count)
    }
}

impl Neg for Ticks {
    type Output = Ticks;
    fn neg(self) -> Ticks {
        Ticks(-self.0)
    }
}

impl Sum for Ticks {
    fn sum<I: Iterator<Item = Ticks>>(spans: I) -> Ticks {
        Ticks(spans.map(|span| span.0).sum())
    }
}

/// Quarter notes as paper A writes them: `1.0`, `0.5`, `0.25`; triplets as fractions, `1/3`.
impl fmt::Display for Ticks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DECIMALS: i64 = 10_000;
        if self.0 * DECIMALS % Self::PER_QUARTER == 0 {
            let scaled = self.0.abs() * DECIMALS / Self::PER_QUARTER;
            let sign = if self.0 < 0 { "-" } else { "" };
            let fraction = format!("{:04}", scaled % DECIMALS);
            let fraction = fraction.trim_end_matches('0');
            let fraction = if fraction.is_empty() { "0" } else { fraction };
            write!(f, "{sign}{}.{fraction}", scaled / DECIMALS)
        } else {
            let shared = greatest_common_divisor(self.0.abs(), Self::PER_QUARTER);
            write!(f, "{}/{}", self.0 / shared, Self::PER_QUARTER / shared)
        }
    }
}

/// Reads what [`Ticks`] displays: a decimal or a fraction of quarter notes that is a whole number of ticks.
impl FromStr for Ticks {
    type Err = ParseTicksError;

    fn from_str(text: &str) -> Result<Ticks, ParseTicksError> {
        let refuse = || ParseTicksError(text.to_owned());
        let whole = |part: &str| -> Result<i64, ParseIntError> { part.parse() };
        let (numerator, denominator) = if let Some((over, under)) = text.split_once('/') {
            (whole(over).map_err(|_| refuse())?, whole(under).map_err(|_| refuse())?)
        } else {
            let (units, decimals) = text.split_once('.').unwrap_or((text, ""));
            if decimals.len() > 6 || decimals.starts_with(['-', '+']) {
                return Err(refuse());
            }
            let scale = 10_i64.pow(decimals.len() as u32);
            (whole(&format!("{units}{decimals}")).map_err(|_| refuse())?, scale)
        };
        if denominator <= 0 {
            return Err(refuse());
        }
        let ticks = numerator.checked_mul(Self::PER_QUARTER).ok_or_else(refuse)?;
        if ticks % denominator == 0 { Ok(Ticks(ticks / denominator)) } else { Err(refuse()) }
    }
}

/// A text that is no exact number of ticks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a length in quarter notes such as 0.5, 1.0 or 1/3")]
pub struct ParseTicksError(String);

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_as_the_paper_writes_them() {
        for (ticks, text) in [
            (960, "1.0"),
            (480, "0.5"),
            (240, "0.25"),
            (1440, "1.5"),
            (320, "1/3"),
            (640, "2/3"),
            (-480, "-0.5"),
        ] {
            assert_eq!(Ticks(ticks).to_string(), text);
            assert_eq!(text.parse(), Ok(Ticks(ticks)));
        }
    }

    #[test]
    fn nonsense_is_no_length() {
        for text in ["", "x", "1/0", "1/7", "0.3333333", "1.-5", "9223372036854775807"] {
            assert!(text.parse::<Ticks>().is_err(), "{text}");
        }
    }

    #[test]
    fn rounding_holds_before_zero() {
        let beat = Ticks::QUARTER;
        assert_eq!(Ticks(-1).floor_to(beat), Ticks(-960));
        assert_eq!(Ticks(-1).ceil_to(beat), Ticks::ZERO);
        assert_eq!(Ticks(1).ceil_to(beat), beat);
        assert_eq!(Ticks(480).round_to(beat), beat);
        assert_eq!(Ticks(479).round_to(beat), Ticks::ZERO);
    }
}
