//! The guard at each boundary to the host: a panic ends there, and what it said is kept for the panel.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parking_lot::Mutex;

/// Catches panics of one instance. A panic that crosses into the host would take the whole DAW with it.
#[derive(Debug, Default)]
pub struct Guard {
    caught: Mutex<Option<String>>,
}

impl Guard {
    /// Runs `work`; `None` when it panicked in this `place`, whose sentence is then kept.
    pub fn run<T>(&self, place: &str, work: impl FnOnce() -> T) -> Option<T> {
        // What a panic leaves half done is not used again: each caller sets its part out of action.
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(outcome) => Some(outcome),
            Err(panic) => {
                // The audio thread must not wait, not even now.
                if let Some(mut caught) = self.caught.try_lock() {
                    *caught = Some(format!(
                        "Continuo failed in {place} ({}). Your notes still pass through; load the plugin anew to go on.",
                        message(&*panic)
                    ));
                }
                None
            }
        }
    }

    /// What was caught last, as a sentence. `[main-thread]`
    pub fn caught(&self) -> Option<String> {
        self.caught.lock().clone()
    }

    /// The sentence has been read. `[main-thread]`
    pub fn dismiss(&self) {
        *self.caught.lock() = None;
    }
}

/// What a panic said.
pub fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_at_the_guard_and_leaves_a_sentence() {
        let guard = Guard::default();
        assert_eq!(guard.run("the sum", || 1 + 1), Some(2));
        assert_eq!(guard.caught(), None);
        let none: Option<()> = guard.run("the panel", || panic!("no {}", "ink"));
        assert_eq!(none, None);
        let sentence = guard.caught().unwrap();
        assert!(sentence.contains("the panel") && sentence.contains("no ink"));
        guard.dismiss();
        assert_eq!(guard.caught(), None);
    }
}
