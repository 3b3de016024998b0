//! What each shipped model takes for eight bars, eight ranked next notes, eight variations or eight bars afresh.

use generator::{Cancel, Library, Request, Task};
use melody::Phrase;

use crate::cpu;
use crate::figures::{Sample, figure, is_quick, remark};

/// Milliseconds of CPU that an answer may take.
const GOAL: f64 = 5.0;

/// Asks every shipped model for what it can do with a tune.
pub fn report(library: &Library, tune: &Phrase) {
    remark("models: CPU time of one thread by Generator::generate, another seed each run");
    for listing in library.listings() {
        let Ok(card) = listing.card else { continue };
        let asked = [
            (Task::Continue, 1, "8 bars after Twinkle"),
            (Task::Next, 8, "8 next notes after Twinkle"),
            (Task::Vary, 8, "8 variations of Twinkle"),
            (Task::Fresh, 1, "8 bars afresh"),
        ];
        for (task, count, what) in asked.into_iter().filter(|(task, ..)| card.tasks.contains(task)) {
            let model = library.open(&card.id).expect("a shipped model opens");
            let one = |seed| {
                let request = Request { task, count, seed, ..Request::to_continue(tune.clone()) };
                let (answer, took) = cpu::timed(|| model.generate(&request, &Cancel::never()));
                assert!(!answer.expect("Twinkle is long enough for every model").is_empty());
                took * 1e3
            };
            // The first runs fill the caches and are not counted.
            let runs = Sample::new((0..if is_quick() { 8 } else { 60 }).map(one).skip(3).collect());
            figure(
                &format!("{what}, {}", card.id),
                format!("{:.2} ms CPU (95 %: {:.2})", runs.at(0.5), runs.at(0.95)),
                "-",
                None,
                Some((&format!("at most {GOAL} ms CPU"), runs.at(0.5) <= GOAL)),
            );
        }
    }
}
