//! Numbers of one instance that any thread may look at.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use super::Reading;

/// Numbers that any thread may look at.
#[derive(Debug)]
pub struct Signals {
    /// Which request counts; shared with [`generator::Cancel`]. Answers with an older number are stale.
    pub generation: Arc<AtomicU64>,
    /// Projects that were loaded into this instance; shared with [`crate::state::Memory`].
    pub loads: Arc<AtomicU64>,
    /// Times that the `continue` parameter went up.
    pub presses: AtomicU32,
    /// Leaps of time, resets and the like; each also makes older answers stale.
    pub leaps: AtomicU64,
    /// Triggers that the audio thread has sent.
    pub asked: AtomicU64,
    /// Triggers that the worker is done with.
    pub served: AtomicU64,
    /// Resets by the host.
    pub resets: AtomicU64,
    /// Events that the worker's ring had no room for.
    pub heard_lost: AtomicU64,
    /// Notes that the host's queue had no room for.
    pub sent_lost: AtomicU64,
    /// Whether the host has activated the plugin.
    pub active: AtomicBool,
    /// Whether the worker must end.
    pub quit: AtomicBool,
    /// The newest reading of the clock, for the panel and for asks from it.
    pub reading: Reading,
}

impl Signals {
    /// Makes all older answers stale and returns the number of the newest request. `[any thread]`
    pub fn begin_generation(&self) -> u64 {
        self.generation.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// The number of the newest request.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}

impl Default for Signals {
    fn default() -> Signals {
        Signals {
            generation: Arc::new(AtomicU64::new(0)),
            loads: Arc::new(AtomicU64::new(0)),
            presses: AtomicU32::new(0),
            leaps: AtomicU64::new(0),
            asked: AtomicU64::new(0),
            served: AtomicU64::new(0),
            resets: AtomicU64::new(0),
            heard_lost: AtomicU64::new(0),
            sent_lost: AtomicU64::new(0),
            active: AtomicBool::new(false),
            quit: AtomicBool::new(false),
            reading: Reading::default(),
        }
    }
}
