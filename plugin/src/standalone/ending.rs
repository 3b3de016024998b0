//! How the program ends: when its window closes, from the terminal, or to begin anew with other devices.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// After its window has closed the program ends in a moment, unless a dead audio server holds it up for ever.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is known of the end.
#[derive(Default)]
pub struct Ending {
    opened: AtomicBool,
    near: AtomicBool,
    anew: AtomicBool,
    /// What ends the program where it does not end by itself.
    last: Option<Box<dyn Fn() + Send + Sync>>,
}

impl Ending {
    /// `last` ends the program where it does not end by itself.
    pub fn new(last: impl Fn() + Send + Sync + 'static) -> Ending {
        Ending { last: Some(Box::new(last)), ..Ending::default() }
    }

    /// The window has opened. `[main-thread]`
    pub fn note_opened(&self) {
        self.opened.store(true, Ordering::Relaxed);
    }

    /// Whether the window has opened.
    pub fn has_opened(&self) -> bool {
        self.opened.load(Ordering::Relaxed)
    }

    /// The window is to close; `false` when it was to already.
    pub fn begin(&self) -> bool {
        !self.near.swap(true, Ordering::Relaxed)
    }

    /// The window is to close, and to open again with other devices.
    pub fn begin_anew(&self) {
        self.anew.store(true, Ordering::Relaxed);
        self.begin();
    }

    /// Whether the window is to close.
    pub fn is_near(&self) -> bool {
        self.near.load(Ordering::Relaxed)
    }

    /// Whether the program is to begin anew when it ends.
    pub fn is_new_beginning(&self) -> bool {
        self.anew.load(Ordering::Relaxed)
    }
}

/// Goes when the window does, and sees to it that the program ends then.
pub struct Closing {
    ending: Arc<Ending>,
}

impl Closing {
    /// Of a window that has just opened.
    pub fn of(ending: Arc<Ending>) -> Closing {
        Closing { ending }
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        let ending = self.ending.clone();
        let wait = move || {
            thread::sleep(PATIENCE);
            if let Some(last) = &ending.last {
                last();
            }
        };
        let _ = thread::Builder::new().name("continuo end".to_owned()).spawn(wait);
    }
}
