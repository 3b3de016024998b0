//! The time that one thread really worked: what others do on the machine meanwhile does not count.

/// Runs `work` and says how many seconds of CPU this thread spent on it.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = now();
    let done = work();
    (done, now() - start)
}

/// Seconds of CPU that this thread has spent so far.
fn now() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the place outlives the call.
    let result = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(result, 0, "the system counts the time of threads");
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
