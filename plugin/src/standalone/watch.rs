//! Notices that the sound has stopped: a server that died, a device that was unplugged.

use std::time::{Duration, Instant};

/// No block for so long means that none will come. A system under load may be late by a second.
const PATIENCE: Duration = Duration::from_secs(3);

/// Looks at the count of blocks that were played.
#[derive(Debug, Default)]
pub struct Watch {
    /// The count, and since when it is the same.
    last: Option<(u64, Instant)>,
    stands: bool,
}

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// No sound is played any more.
    Stopped,
    /// It is played again.
    Resumed,
}

impl Watch {
    /// Takes the count as it is now; says what has changed since the last look.
    pub fn look(&mut self, blocks: u64, now: Instant) -> Option<Change> {
        let since = match self.last {
            Some((count, since)) if count == blocks => since,
            _ => {
                self.last = Some((blocks, now));
                return std::mem::take(&mut self.stands).then_some(Change::Resumed);
            }
        };
        let stopped = !self.stands && now.duration_since(since) >= PATIENCE;
        self.stands |= stopped;
        stopped.then_some(Change::Stopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_that_stops_is_noticed_once_and_so_is_its_return() {
        let start = Instant::now();
        let mut watch = Watch::default();
        let mut changes = Vec::new();
        for (seconds, blocks) in [(0, 5), (1, 9), (2, 9), (3, 9), (4, 9), (5, 9), (6, 10), (7, 11)] {
            changes.extend(
                watch.look(blocks, start + Duration::from_secs(seconds)).map(|change| (seconds, change)),
            );
        }
        assert_eq!(changes, [(4, Change::Stopped), (6, Change::Resumed)]);
    }

    #[test]
    fn a_sound_that_never_starts_is_noticed_too() {
        let start = Instant::now();
        let mut watch = Watch::default();
        assert_eq!(watch.look(0, start), None);
        assert_eq!(watch.look(0, start + PATIENCE), Some(Change::Stopped));
    }
}
