//! From a file's own ticks to ours: a division by quarters or by seconds.

use super::{MAX_LENGTH, MidiError};
use crate::{Tempo, Ticks};

/// The header's division: what a tick of the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Division {
    /// So many ticks a quarter note.
    Quarter(u16),
    /// A tick lasts `numerator / denominator` microseconds (SMPTE frames cut into parts).
    Micros { numerator: u64, denominator: u64 },
}

impl Division {
    /// From the header's two bytes.
    pub(super) fn new(raw: u16) -> Result<Division, MidiError> {
        let [high, parts] = raw.to_be_bytes();
        if raw == 0 || (high >= 0x80 && parts == 0) {
            return Err(MidiError::Division(raw));
        }
        let parts = u64::from(parts);
        match (high as i8).unsigned_abs() {
            _ if high < 0x80 => Ok(Division::Quarter(raw)),
            // "29" means 29.97 frames a second, that is 30000/1001.
            29 => Ok(Division::Micros { numerator: 1_001_000_000, denominator: 30_000 * parts }),
            frames @ (24 | 25 | 30) => {
                Ok(Division::Micros { numerator: 1_000_000, denominator: u64::from(frames) * parts })
            }
            _ => Err(MidiError::Division(raw)),
        }
    }
}

/// Places times of the file on our ticks, each from the start, so that rounding never adds up.
pub(super) enum Clock {
    Quarter(u128),
    Micros { numerator: u128, denominator: u128, sections: Vec<Section> },
}

/// A stretch of one tempo: where it starts in the file's ticks, and in ours with [`FRACTION`] more bits.
pub(super) struct Section {
    start: u64,
    place: u128,
    tempo: u128,
}

/// Bits below one tick that are kept where a tempo changes. Times of the file stay below 2^48 (a million deltas
/// of 28 bits), so that all products stay below 2^112.
const FRACTION: u32 = 24;
const PER_QUARTER: u128 = Ticks::PER_QUARTER as u128;

impl Clock {
    /// A clock for a file with these tempos, given in the file's ticks and in order; they count only where the
    /// division is in seconds, for there they say where beats lie.
    pub(super) fn new(division: Division, tempos: &[(u64, Tempo)]) -> Clock {
        let (numerator, denominator) = match division {
            Division::Quarter(ticks) => return Clock::Quarter(ticks.into()),
            Division::Micros { numerator, denominator } => (numerator.into(), denominator.into()),
        };
        let mut sections = vec![Section { start: 0, place: 0, tempo: Tempo::DEFAULT.micros().into() }];
        for &(start, tempo) in tempos {
            let place = place(&sections, start, numerator, denominator);
            sections.push(Section { start, place, tempo: tempo.micros().into() });
        }
        Clock::Micros { numerator, denominator, sections }
    }

    /// Our nearest tick to a time in the file's ticks; half goes up.
    pub(super) fn ticks(&self, time: u64) -> Result<Ticks, MidiError> {
        let ticks = match self {
            Clock::Quarter(per_quarter) => (u128::from(time) * PER_QUARTER + per_quarter / 2) / per_quarter,
            Clock::Micros { numerator, denominator, sections } => {
                (place(sections, time, *numerator, *denominator) + (1 << (FRACTION - 1))) >> FRACTION
            }
        };
        let ticks = i64::try_from(ticks).map_or(MAX_LENGTH + Ticks(1), Ticks);
        if ticks > MAX_LENGTH { Err(MidiError::TooLong) } else { Ok(ticks) }
    }
}

fn place(sections: &[Section], time: u64, numerator: u128, denominator: u128) -> u128 {
    let index = sections.partition_point(|section| section.start <= time).saturating_sub(1);
    let Some(section) = sections.get(index) else { return 0 };
    let elapsed = u128::from(time - section.start) * numerator;
    section.place + ((elapsed * PER_QUARTER) << FRACTION) / (denominator * section.tempo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_divisions_are_rounded_from_the_start_of_the_file() {
        let clock = Clock::new(Division::new(77).unwrap(), &[]);
        for quarter in 0..1000 {
            assert_eq!(clock.ticks(quarter * 77), Ok(Ticks::quarters(quarter as i64)));
        }
        assert_eq!(clock.ticks(1), Ok(Ticks(12)));
    }

    #[test]
    fn a_second_is_two_quarters_at_the_default_tempo_at_any_frame_rate() {
        for (frames, per_second) in [(24_i8, 24 * 40), (25, 25 * 40), (30, 30 * 40)] {
            let raw = u16::from_be_bytes([(-frames) as u8, 40]);
            let clock = Clock::new(Division::new(raw).unwrap(), &[]);
            assert_eq!(clock.ticks(per_second), Ok(Ticks::quarters(2)));
        }
        let drop_frame = Clock::new(Division::new(u16::from_be_bytes([(-29_i8) as u8, 100])).unwrap(), &[]);
        assert_eq!(drop_frame.ticks(3000 * 1000), Ok(Ticks::quarters(2 * 1001)));
    }

    #[test]
    fn tempo_changes_move_beats_that_are_given_in_seconds() {
        let (slow, fast) = (Tempo::from_bpm(60.0), Tempo::from_bpm(90.0));
        let division = Division::new(u16::from_be_bytes([(-25_i8) as u8, 40])).unwrap();
        let clock = Clock::new(division, &[(1000, slow), (3000, fast)]);
        for (millis, quarters) in [(500, 1), (1000, 2), (2000, 3), (3000, 4), (5000, 7)] {
            assert_eq!(clock.ticks(millis), Ok(Ticks::quarters(quarters)), "{millis} ms");
        }
    }

    #[test]
    fn divisions_without_sense_are_refused() {
        for raw in [0, 0x8000, 0x80FF, 0xE700, 0xFF28] {
            assert_eq!(Division::new(raw), Err(MidiError::Division(raw)));
        }
    }

    #[test]
    fn times_beyond_all_music_are_refused() {
        for raw in [1, 0x7FFF, 0xE728] {
            let tempos = [(0, Tempo::from_micros(1)), (1 << 47, Tempo::from_micros(1))];
            let clock = Clock::new(Division::new(raw).unwrap(), &tempos);
            assert_eq!(clock.ticks(1 << 48), Err(MidiError::TooLong));
        }
    }
}
