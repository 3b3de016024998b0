//! The clock as the audio thread last left it.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};

use melody::{Meter, Tempo, Ticks};

use super::Ruler;

/// The clock as the audio thread last left it; the fields are read one by one and may be a block apart.
#[derive(Debug)]
pub struct Reading {
    /// The time in ticks.
    pub now: AtomicI64,
    /// Whether the host's transport runs.
    pub running: AtomicBool,
    /// The tempo in microseconds a quarter.
    pub tempo: AtomicU32,
    /// The meter: numerator * 256 + denominator.
    pub meter: AtomicU32,
    /// When the sounding answer began, in ticks; [`Reading::NEVER`] when none sounds.
    pub answer_start: AtomicI64,
    /// The keys that sound, 64 each.
    pub keys: [AtomicU64; 2],
}

impl Reading {
    /// No answer sounds.
    pub const NEVER: i64 = i64::MIN;

    /// The time now, in ticks.
    pub fn now(&self) -> Ticks {
        Ticks(self.now.load(Ordering::Relaxed))
    }

    /// When the sounding answer began.
    pub fn answer_start(&self) -> Option<Ticks> {
        Some(self.answer_start.load(Ordering::Relaxed)).filter(|start| *start != Reading::NEVER).map(Ticks)
    }

    /// The meter.
    pub fn meter(&self) -> Meter {
        let [.., numerator, denominator] = self.meter.load(Ordering::Relaxed).to_be_bytes();
        Meter::new(numerator, denominator).unwrap_or_default()
    }

    /// The tempo.
    pub fn tempo(&self) -> Tempo {
        Tempo::from_micros(self.tempo.load(Ordering::Relaxed))
    }

    /// Notes meter and tempo. `[audio-thread]`
    pub fn set_ruler(&self, ruler: &Ruler) {
        let (numerator, denominator) = ruler.meter.into();
        self.meter.store(u32::from_be_bytes([0, 0, numerator, denominator]), Ordering::Relaxed);
        self.tempo.store(ruler.tempo.micros(), Ordering::Relaxed);
        self.running.store(ruler.running, Ordering::Relaxed);
    }
}

impl Default for Reading {
    fn default() -> Reading {
        Reading {
            now: AtomicI64::new(0),
            running: AtomicBool::new(false),
            tempo: AtomicU32::new(Tempo::DEFAULT.micros()),
            meter: AtomicU32::new(0x0404),
            answer_start: AtomicI64::new(Reading::NEVER),
            keys: [AtomicU64::new(0), AtomicU64::new(0)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reading_gives_back_the_ruler() {
        let reading = Reading::default();
        assert_eq!(reading.meter(), Meter::COMMON);
        assert_eq!(reading.answer_start(), None);
        let meter = Meter::new(7, 8).unwrap();
        let ruler = Ruler { bar_line: Ticks(0), meter, tempo: Tempo::from_bpm(90.0), running: true };
        reading.set_ruler(&ruler);
        assert_eq!((reading.meter(), reading.tempo()), (meter, ruler.tempo));
    }
}
