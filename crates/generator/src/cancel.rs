//! Telling a generation that nobody waits for it any longer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A look at a generation counter: the run is cancelled as soon as the counter no longer shows the run's number.
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicU64, Ordering}};
/// use generator::Cancel;
/// let counter = Arc::new(AtomicU64::new(7));
/// let cancel = Cancel::when_counter_leaves(counter.clone(), 7);
/// assert!(!cancel.is_cancelled());
/// counter.store(8, Ordering::Release);
/// assert!(cancel.is_cancelled());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    watched: Option<(Arc<AtomicU64>, u64)>,
}

impl Cancel {
    /// A run that goes on to its end.
    pub fn never() -> Cancel {
        Cancel { watched: None }
    }

    /// A run that is worth its while as long as `counter` shows `number`.
    pub fn when_counter_leaves(counter: Arc<AtomicU64>, number: u64) -> Cancel {
        Cancel { watched: Some((counter, number)) }
    }

    /// Whether to stop; asked between tokens.
    pub fn is_cancelled(&self) -> bool {
        self.watched.as_ref().is_some_and(|(counter, number)| counter.load(Ordering::Acquire) != *number)
    }
}
