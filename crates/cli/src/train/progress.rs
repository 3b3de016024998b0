//! What a training tells while it goes on: a bar on a terminal, a line now and then elsewhere.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use trainer::recipe::News;
use trainer::{corpus, training};

use crate::console::Console;

/// Between two lines where there is no terminal.
const PAUSE: Duration = Duration::from_secs(30);

/// Shows what a recipe is doing.
pub struct Watcher<'a> {
    console: &'a Console,
    bar: ProgressBar,
    terminal: bool,
    told: Option<Instant>,
}

impl Watcher<'_> {
    /// Nothing has happened yet.
    pub fn new(console: &Console) -> Watcher<'_> {
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}");
        let bar = ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Watcher { console, bar, terminal: stderr().is_terminal(), told: None }
    }

    /// Shows a piece of news.
    pub fn hear(&mut self, news: &News) {
        match news {
            News::Reading(progress) => self.reading(*progress),
            News::Read { melodies, tokens, vocabulary, skipped } => self.say(&format!(
                "{melodies} melodies, {tokens} tokens to learn from, {vocabulary} different ones; \
                 {skipped} files gave nothing"
            )),
            News::Baselines(nats) => {
                let orders: Vec<String> = nats.iter().map(|nats| format!("{nats:.3}")).collect();
                self.say(&format!(
                    "n-grams of order 0 to 3: {} nats a token on the test part",
                    orders.join(", ")
                ));
            }
            News::Teaching(progress) => self.teaching(progress),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn reading(&mut self, corpus::Progress { source, done, files }: corpus::Progress) {
        self.show(done as u64, files as u64, format!("files of {source:?}"));
    }

    fn teaching(&mut self, progress: &training::Progress) {
        let held_out = progress.validation_loss.map(|loss| format!(", held out {loss:.3}"));
        let words = format!(
            "steps, loss {:.3}{}, {} left",
            progress.training_loss,
            held_out.unwrap_or_default(),
            HumanDuration(progress.remaining)
        );
        self.show(progress.step, progress.steps, words);
    }

    fn show(&mut self, done: u64, all: u64, words: String) {
        if self.terminal {
            self.bar.set_length(all);
            self.bar.set_position(done);
            self.bar.set_message(words);
        } else if done == all || self.told.is_none_or(|told| told.elapsed() >= PAUSE) {
            self.told = Some(Instant::now());
            self.console.remark(&format!("{done}/{all} {words}"));
        }
    }

    fn say(&self, line: &str) {
        self.bar.suspend(|| self.console.remark(line));
    }
}
