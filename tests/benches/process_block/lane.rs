//! One plugin under its own transport, block by block.

use harness::{Host, Kind, Timed, Timeline, stopwatch};

use crate::FRAMES;

/// A plugin and its song.
pub struct Lane {
    /// The plugin.
    pub host: Box<dyn Host>,
    /// The song.
    pub timeline: Timeline,
}

impl Lane {
    /// A plugin that is active, and its song.
    pub fn of(host: Box<dyn Host>, timeline: Timeline) -> Lane {
        Lane { host, timeline }
    }

    /// One block with these events at their samples in it: what the call took in nanoseconds, and what came out.
    pub fn step(&mut self, events: &[(u32, Kind)]) -> (f64, Vec<Timed>) {
        let now = self.timeline.now();
        for &(offset, kind) in events {
            self.timeline.cue_sample(now + u64::from(offset), kind);
        }
        let out = self.timeline.step(&mut *self.host, FRAMES);
        (stopwatch::last().as_nanos() as f64, out)
    }
}
