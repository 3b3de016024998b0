//! When the audio thread asks for an answer, and when it does not want one any more.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use melody::Ticks;

use super::{Audio, Block};
use crate::crossing::Heard;

/// What lies between a trigger and the first beat or bar line that its answer may begin at, in seconds: time enough for
/// a model, so that a live answer and an offline one, which is there at once, begin at the same line.
const MARGIN: f64 = 0.03;
/// How long an offline render waits for an answer before it goes on without.
const OFFLINE_PATIENCE: Duration = Duration::from_secs(10);

impl Audio {
    /// Asks the worker for an answer to what was heard before this sample. `[audio-thread]`
    pub(super) fn ask(&mut self, sample: u32, block: &Block) {
        let at = block.span.time_of(sample);
        let leaps = self.signals.leaps.load(Ordering::Relaxed);
        if self.bypassed || !self.ear.hear(Heard::Trigger { at, leaps }, self.clock.ruler()) {
            return;
        }
        self.signals.asked.fetch_add(1, Ordering::Release);
        self.earliest =
            block.span.start + f64::from(sample) * block.span.per_sample + self.clock.ticks(MARGIN);
        if self.offline {
            self.wait_for_worker();
            self.fetch(sample, block);
        }
    }

    /// Asks for an answer where the player has paused long enough by this sample, if that is wished.
    /// `[audio-thread]`
    pub(super) fn respond(&mut self, through: u32, block: &Block) {
        if !block.controls.responds || self.player.is_busy() {
            return;
        }
        let Some(due) = self.response.due(self.clock.ruler().meter.beat()) else { return };
        let sample = block.span.sample_of(Ticks(due.ceil() as i64));
        if sample <= through {
            self.response.clear();
            self.ask(sample, block);
        }
    }

    /// Waits, though not for ever, until the worker has answered all that was asked. Only when rendering offline,
    /// where the block has no deadline and an answer must not depend on how fast the machine is. `[audio-thread]`
    fn wait_for_worker(&self) {
        let asked = self.signals.asked.load(Ordering::Relaxed);
        let deadline = Instant::now() + OFFLINE_PATIENCE;
        while self.signals.served.load(Ordering::Acquire) < asked && Instant::now() < deadline {
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// In call and response the player has the word: what sounds of ours ends when they play again. `[audio-thread]`
    pub(super) fn interrupt(&mut self, block: &Block) {
        if !block.controls.responds {
            return;
        }
        if self.player.is_busy() {
            self.player.stop();
            self.ledger.close(None, None);
        }
        if self.signals.asked.load(Ordering::Relaxed) != self.signals.served.load(Ordering::Acquire) {
            // The worker looks at the leaps before it begins, and at the generation while it is at work.
            self.signals.leaps.fetch_add(1, Ordering::AcqRel);
            self.signals.begin_generation();
        }
    }
}
