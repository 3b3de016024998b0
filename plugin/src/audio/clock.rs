//! Musical time on the audio thread: the host's while its transport runs, free-running at its tempo while it stands.

use melody::{Meter, Tempo, Ticks};

use crate::crossing::{Ruler, Start};

/// How far the host's position may stray from what its tempo promised before it counts as a leap: an eighth of a
/// quarter note, more than a tempo ramp bends one block.
const TOLERANCE: f64 = Ticks::PER_QUARTER as f64 / 8.0;
/// The host's tempo is kept in this range of quarters a minute.
const TEMPOS: std::ops::RangeInclusive<f64> = 1.0..=10_000.0;
/// A position beyond this many quarters is no position.
const FARTHEST: f64 = 1e9;

/// What the host says of its transport at the start of a block.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reported {
    /// Samples a second.
    pub sample_rate: f64,
    /// Whether time runs.
    pub playing: bool,
    /// Quarters a minute.
    pub tempo: Option<f64>,
    /// The position in quarters.
    pub position: Option<f64>,
    /// The position of the last bar line in quarters.
    pub bar_start: Option<f64>,
    /// The time signature.
    pub meter: Option<(i32, i32)>,
    /// Where the active loop starts, in quarters.
    pub loop_start: Option<f64>,
}

/// What became of time since the block before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Turn {
    /// It went on.
    Steady,
    /// The transport started.
    Started,
    /// The transport stopped.
    Stopped,
    /// It leapt, forward or back.
    Jumped,
    /// The host's loop began anew.
    Wrapped {
        /// How far behind the loop's start the block begins, in ticks: zero where the host cuts its blocks at the loop.
        late: f64,
    },
}

/// The time that one block covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Time of the first sample, in ticks.
    pub start: f64,
    /// Ticks a sample, above zero.
    pub per_sample: f64,
    /// Length in samples.
    pub frames: u32,
    /// Where the block before ended on its own timeline, in ticks.
    pub left: f64,
}

impl Span {
    /// The first sample at or after a time; 0 for the past, [`Span::frames`] or more for what lies beyond the block.
    pub fn sample_of(&self, time: Ticks) -> u32 {
        // A hair of slack, so that a time which falls on a sample is not pushed to the next by rounding.
        let samples = ((time.0 as f64 - self.start) / self.per_sample - 1e-6).ceil();
        samples.clamp(0.0, f64::from(u32::MAX)) as u32
    }

    /// The time of a sample, to the nearest tick.
    pub fn time_of(&self, sample: u32) -> Ticks {
        nearest(self.start + f64::from(sample) * self.per_sample)
    }
}

/// The nearest tick. The cast cuts off; `f64::round` would be a call, in each block of each instance. `[audio-thread]`
fn nearest(ticks: f64) -> Ticks {
    Ticks((ticks + 0.5_f64.copysign(ticks)) as i64)
}

/// The clock of one instance.
#[derive(Debug)]
pub struct Clock {
    /// Where the next block is expected, in ticks.
    expected: f64,
    /// `None` before the first block after a reset.
    playing: Option<bool>,
    /// Quarters a minute.
    tempo: f64,
    /// The same, rounded as a file would hold it.
    rounded: Tempo,
    /// Samples a second; 0 before the first block.
    rate: f64,
    /// Ticks a sample, of tempo and rate.
    per_sample: f64,
    meter: Meter,
    bar_line: Ticks,
}

/// A clock at time zero, in 4/4 at 120.
impl Default for Clock {
    fn default() -> Clock {
        Clock {
            expected: 0.0,
            playing: None,
            tempo: 120.0,
            rounded: Tempo::from_bpm(120.0),
            rate: 0.0,
            per_sample: 0.0,
            meter: Meter::COMMON,
            bar_line: Ticks::ZERO,
        }
    }
}

impl Clock {
    /// Takes whatever the host says next as it is, without comparing it with the past. `[audio-thread]`
    pub fn reset(&mut self) {
        self.playing = None;
    }

    /// Moves to the next block. `[audio-thread]`
    pub fn advance(&mut self, host: &Reported, frames: u32) -> (Span, Turn) {
        self.take_pace(host);
        let per_sample = self.per_sample;
        let position = host.position.filter(|quarters| host.playing && quarters.abs() < FARTHEST);
        let start = position.map_or(self.expected, |quarters| quarters * Ticks::PER_QUARTER as f64);
        let turn = self.turn(host, start, per_sample * f64::from(frames));
        self.divide(host, turn);
        let span = Span { start, per_sample, frames, left: self.expected };
        self.expected = start + f64::from(frames) * per_sample;
        self.playing = Some(host.playing);
        (span, turn)
    }

    /// Takes over tempo and sample rate, where they have changed.
    fn take_pace(&mut self, host: &Reported) {
        let tempo = host.tempo.filter(|tempo| tempo.is_finite());
        let tempo = tempo.map_or(self.tempo, |tempo| tempo.clamp(*TEMPOS.start(), *TEMPOS.end()));
        let rate = if host.sample_rate >= 1.0 { host.sample_rate } else { 48_000.0 };
        if tempo != self.tempo {
            (self.tempo, self.rounded) = (tempo, Tempo::from_bpm(tempo));
        } else if rate == self.rate {
            return;
        }
        self.rate = rate;
        self.per_sample = tempo * Ticks::PER_QUARTER as f64 / (60.0 * rate);
    }

    fn turn(&self, host: &Reported, start: f64, block: f64) -> Turn {
        match (self.playing, host.playing) {
            (None, _) | (Some(false), false) => Turn::Steady,
            (Some(false), true) => Turn::Started,
            (Some(true), false) => Turn::Stopped,
            (Some(true), true) if (start - self.expected).abs() <= TOLERANCE => Turn::Steady,
            (Some(true), true) => {
                let into_loop = host.loop_start.map(|quarters| start - quarters * Ticks::PER_QUARTER as f64);
                match into_loop.filter(|ticks| (-1.0..=block + TOLERANCE).contains(ticks)) {
                    Some(late) if start < self.expected => Turn::Wrapped { late: late.max(0.0) },
                    _ => Turn::Jumped,
                }
            }
        }
    }

    /// Takes over meter and bar lines. In mid-song a bar line is believed only together with a new meter: where the
    /// plugin layer splits a block at an automation point, it recomputes the bar line as if the meter never changed.
    fn divide(&mut self, host: &Reported, turn: Turn) {
        let meter = host.meter.and_then(|(numerator, denominator)| {
            Meter::new(u8::try_from(numerator).ok()?, u8::try_from(denominator).ok()?)
        });
        let meter = meter.unwrap_or(self.meter);
        let anew = meter != self.meter || turn != Turn::Steady || self.playing.is_none();
        self.meter = meter;
        if host.playing && anew {
            let reported = host.bar_start.filter(|quarters| quarters.abs() < FARTHEST);
            self.bar_line = reported.map_or(Ticks::ZERO, Ticks::nearest);
        }
    }

    /// Lets a bar begin here, if the clock runs free: the first note of a phrase is its first beat. `[audio-thread]`
    pub fn begin_bar(&mut self, at: Ticks) {
        if self.playing != Some(true) {
            self.bar_line = at;
        }
    }

    /// How many ticks so many seconds have at the present tempo. `[audio-thread]`
    pub fn ticks(&self, seconds: f64) -> f64 {
        seconds * self.tempo / 60.0 * Ticks::PER_QUARTER as f64
    }

    /// How time is divided. `[audio-thread]`
    pub fn ruler(&self) -> Ruler {
        Ruler {
            bar_line: self.bar_line,
            meter: self.meter,
            tempo: self.rounded,
            running: self.playing == Some(true),
        }
    }

    /// The time at which something begins that is ready at `from` (in ticks). `[audio-thread]`
    pub fn begin(&self, start: Start, from: f64) -> Ticks {
        let step = match start {
            // The tick that runs is past its start by less than a millisecond: it is played at once.
            Start::Now => return Ticks(from.floor() as i64),
            Start::NextBeat => self.meter.beat(),
            Start::NextBar => self.meter.bar(),
        };
        // Half a tick of grace: a line that lies under the block's first sample is not missed for rounding.
        let ready = Ticks((from - 0.5).ceil() as i64) - self.bar_line;
        self.bar_line + ready.ceil_to(step)
    }
}

#[cfg(test)]
mod tests;
