//! How long a plugin's own `process()` took, without the host's work around it.

use std::cell::Cell;
use std::time::{Duration, Instant};

thread_local! {
    static LAST: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Runs `work` and keeps how long it took on the wall's clock.
pub fn timed<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    LAST.set(start.elapsed());
    done
}

/// How long the last work timed on this thread took, the two looks at the clock included.
pub fn last() -> Duration {
    LAST.get()
}
