//! Leaving a host without taking it along.
//!
//! nice-plug 0.4.2 tells an editor of each automated parameter through a queue that all instances of a VST3 share. An
//! instance that goes while one of its messages is still in there ends the queue's thread, and the next one to go
//! panics in a destructor, which ends the host. Messages leave the queue in order, and each instance may put one of
//! its own there: when that has come out, so has everything else of this instance.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nice_plug::context::gui::AsyncExecutor;
use nice_plug::plugin::TaskExecutor;

use crate::format::Format;
use crate::plugin::Continuo;

/// The queue holds four thousand messages, and each takes about a microsecond.
const PATIENCE: Duration = Duration::from_millis(100);
/// Time for the queue's thread to let go of the instance after its last message.
const PARTING: Duration = Duration::from_millis(2);

/// An instance's way into nice-plug's queue, and what has come out of it.
pub struct Departure<F: Format> {
    way: Option<AsyncExecutor<Continuo<F>>>,
    arrived: Arc<AtomicU64>,
}

impl<F: Format> Default for Departure<F> {
    fn default() -> Departure<F> {
        Departure { way: None, arrived: Arc::default() }
    }
}

impl<F: Format> Departure<F> {
    /// What nice-plug runs for each message of ours. `[main-thread]`
    pub fn executor(&self) -> TaskExecutor<Continuo<F>> {
        let arrived = self.arrived.clone();
        Box::new(move |()| {
            arrived.fetch_add(1, Ordering::Release);
        })
    }

    /// Takes the way into the queue. `[main-thread]`
    pub fn set_way(&mut self, way: AsyncExecutor<Continuo<F>>) {
        self.way = Some(way);
    }

    /// Waits until nothing of this instance is in the queue any more. `[main-thread]`
    pub fn settle(&self) {
        let Some(way) = &self.way else { return };
        let before = self.arrived.load(Ordering::Acquire);
        way.execute_background(());
        let deadline = Instant::now() + PATIENCE;
        // Should the queue have been too full for ours, it is empty by the deadline.
        while self.arrived.load(Ordering::Acquire) == before && Instant::now() < deadline {
            thread::sleep(Duration::from_micros(100));
        }
        thread::sleep(PARTING);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Vst3;
    use std::sync::mpsc;

    #[test]
    fn it_waits_for_what_stands_in_the_queue() {
        let mut departure = Departure::<Vst3>::default();
        let run = departure.executor();
        let (queue, tasks) = mpsc::channel::<Option<()>>();
        let done = Arc::new(AtomicU64::new(0));
        let counted = done.clone();
        let other = thread::spawn(move || {
            for task in tasks {
                match task {
                    Some(task) => run(task),
                    None => {
                        thread::sleep(Duration::from_micros(500));
                        counted.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
        });
        for _ in 0..20 {
            queue.send(None).unwrap();
        }
        let post: Arc<dyn Fn(()) + Send + Sync> = Arc::new(move |()| queue.send(Some(())).unwrap());
        departure.set_way(AsyncExecutor::new(post.clone(), post));
        departure.settle();
        assert_eq!(done.load(Ordering::Relaxed), 20);
        drop(departure);
        other.join().unwrap();
    }

    #[test]
    fn without_a_queue_there_is_nothing_to_wait_for() {
        let start = Instant::now();
        Departure::<Vst3>::default().settle();
        assert!(start.elapsed() < PATIENCE);
    }
}
