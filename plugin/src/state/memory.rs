//! The memory of one instance: what is remembered now, shared by host, worker and panel.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use nice_plug::params::persist::PersistentField;
use parking_lot::Mutex;

use super::Remembered;

/// The memory of one instance, shared by host, worker and panel. Whoever reads or saves it waits for a pointer's
/// exchange at most.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    remembered: Mutex<Arc<Remembered>>,
    /// Held by whoever makes a new version, so that none overwrites another's.
    changing: Mutex<()>,
    loads: Arc<AtomicU64>,
}

impl Memory {
    /// An empty memory that counts in `loads` how often a project fills it. `[main-thread]`
    pub fn counting(loads: Arc<AtomicU64>) -> Memory {
        Memory { inner: Arc::new(Inner { loads, ..Inner::default() }) }
    }

    /// What is remembered now. `[main-thread, worker]`
    pub fn get(&self) -> Arc<Remembered> {
        self.inner.remembered.lock().clone()
    }

    /// Changes what is remembered. `[main-thread, worker]`
    pub fn change(&self, change: impl FnOnce(&mut Remembered)) {
        let _alone = self.inner.changing.lock();
        self.replace(change);
    }

    /// Changes what is remembered, unless a project was loaded since there were so many `loads`. `[worker]`
    pub fn change_since(&self, loads: u64, change: impl FnOnce(&mut Remembered)) {
        let _alone = self.inner.changing.lock();
        if self.loads() == loads {
            self.replace(change);
        }
    }

    fn replace(&self, change: impl FnOnce(&mut Remembered)) {
        let mut next = Remembered::clone(&self.get());
        change(&mut next);
        *self.inner.remembered.lock() = Arc::new(next);
    }

    /// How many times a project was loaded into this instance.
    pub fn loads(&self) -> u64 {
        self.inner.loads.load(Ordering::Acquire)
    }
}

impl<'a> PersistentField<'a, Remembered> for Memory {
    fn set(&self, loaded: Remembered) {
        let _alone = self.inner.changing.lock();
        *self.inner.remembered.lock() = Arc::new(loaded);
        self.inner.loads.fetch_add(1, Ordering::AcqRel);
    }

    fn map<F, R>(&self, f: F) -> R
    where
        F: Fn(&Remembered) -> R,
    {
        f(&self.get())
    }
}
