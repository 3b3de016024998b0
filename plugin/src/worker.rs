//! The worker: one named thread for each instance, which hears, asks the model, and sends the answer.

pub mod answer;
pub mod capture;
mod desk;
mod float_mode;
pub(crate) mod question;
mod seeds;
mod shelf;

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};

use self::desk::Desk;
use crate::crossing::WorkerEnds;
use crate::instance::Instance;

/// A running worker; when it is dropped, its thread has ended.
pub struct Worker {
    instance: Arc<Instance>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the worker of an instance. Models are found and loaded there. `[main-thread]`
    ///
    /// # Errors
    /// The system has no thread left.
    pub fn start(instance: Arc<Instance>, ends: WorkerEnds) -> io::Result<Worker> {
        let desk = Desk::new(instance.clone(), ends);
        let thread = thread::Builder::new().name("continuo-worker".to_owned()).spawn(move || desk.run())?;
        Ok(Worker::of(instance, thread))
    }

    fn of(instance: Arc<Instance>, thread: JoinHandle<()>) -> Worker {
        instance.set_worker(Some(thread.thread().clone()));
        Worker { instance, thread: Some(thread) }
    }
}

impl Drop for Worker {
    /// Ends the thread: a model at work notices between two notes.
    fn drop(&mut self) {
        self.instance.signals.quit.store(true, Ordering::Release);
        self.instance.signals.begin_generation();
        self.instance.set_worker(None);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // Its panics end in the guard; were one to escape, the host must not notice.
            let _ = thread.join();
        }
    }
}
