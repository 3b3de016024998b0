//! Work that waits for the user or for another program: on a thread of its own, as the host's must not wait for either.

use std::sync::Arc;
use std::thread;

use parking_lot::Mutex;

use crate::guard::Guard;

/// Does work aside, at this `place` as sentences name it, and hands on what came of it; of a panic, or a thread that does
/// not start, what `failed` makes of a sentence. `[main-thread]`
pub fn run<T: Send + 'static>(
    place: &'static str,
    work: impl FnOnce() -> T + Send + 'static,
    failed: fn(String) -> T,
    tell: impl FnOnce(T) + Send + 'static,
) {
    // Shared, so that it is still here to be told where no thread starts.
    let tell = Arc::new(Mutex::new(Some(tell)));
    let told = tell.clone();
    let aside = move || {
        let guard = Guard::default();
        let outcome = guard.run(place, work).unwrap_or_else(|| failed(guard.caught().unwrap_or_default()));
        let tell = told.lock().take();
        guard.run("the panel", || tell.map(|tell| tell(outcome)));
    };
    if let Err(error) = thread::Builder::new().name("continuo-aside".to_owned()).spawn(aside)
        && let Some(tell) = tell.lock().take()
    {
        tell(failed(format!("Continuo cannot start {place}: the system has no thread for it ({error}).")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    fn told(work: impl FnOnce() -> Result<u8, String> + Send + 'static) -> Result<u8, String> {
        let (tell, told) = mpsc::channel();
        run("the file dialog", work, Err, move |outcome| tell.send(outcome).unwrap());
        told.recv_timeout(Duration::from_secs(10)).unwrap()
    }

    #[test]
    fn what_came_of_it_is_told_even_when_it_panics() {
        assert_eq!(told(|| Ok(7)), Ok(7));
        let sentence = told(|| panic!("no paper")).unwrap_err();
        assert!(sentence.contains("the file dialog") && sentence.contains("no paper"), "{sentence}");
    }
}
