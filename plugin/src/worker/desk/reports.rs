//! What the worker says of what it hears.

use melody::{Key, Phrase};

use super::Desk;
use crate::instance::Work;
use crate::worker::capture::Capture;

impl Desk {
    pub(super) fn report_heard(&mut self) {
        let phrase = self.capture.phrase(self.capture.unroll(self.instance.signals.reading.now()));
        self.instance.memory.change_since(self.loads, |memory| memory.phrase = phrase);
        let struck = std::mem::take(&mut self.struck);
        self.instance.change_report(|report| {
            if struck && matches!(report.work, Work::Idle | Work::Answered { .. }) {
                report.work = Work::Listening;
            }
        });
        self.report_prompt();
    }

    pub(super) fn report_prompt(&mut self) {
        self.bars = self.listen_bars();
        let prompt = Capture::prompt(&self.instance.memory.get().phrase, self.bars);
        self.instance.change_report(|report| {
            report.heard_key = Key::estimate(prompt.notes());
            report.prompt = prompt;
        });
    }

    /// Nothing, in the meter and tempo of the song.
    pub(super) fn silent_phrase(&self) -> Phrase {
        let reading = &self.instance.signals.reading;
        Phrase::new(Vec::new(), reading.meter(), reading.tempo())
    }

    pub(super) fn listen_bars(&self) -> usize {
        usize::try_from(self.instance.params.listen_bars.value()).unwrap_or(1)
    }
}
