//! What the worker says of what it hears.

use std::sync::Arc;

use generator::Task;
use melody::{Key, Phrase, Ticks, grid};

use super::Desk;
use crate::instance::{Map, Selection, Stretch, Work};
use crate::task_choice;
use crate::worker::capture::Capture;

/// How many of the last bars are shown, at least.
const SHOWN_BARS: usize = 8;

/// What the user's knobs and selection make of what was played.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hearing {
    /// The last bars, on the grid, from a bar line.
    pub heard: Phrase,
    /// Where that bar line is in all that was played.
    since: Ticks,
    /// The part of `heard` that is answered; for a gap the gap.
    taken: Stretch,
    /// What the model hears.
    pub prompt: Phrase,
    /// What stands after a gap.
    pub after: Option<Phrase>,
}

impl Hearing {
    /// The length of the gap, where one is filled.
    pub fn gap_bars(&self) -> Option<u32> {
        self.after.as_ref()?;
        u32::try_from((self.taken.end - self.taken.start) / self.heard.meter.bar().0).ok()
    }
}

/// What the prompt depends on beside the notes.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Focus {
    bars: usize,
    task: i32,
    model: i32,
    selection: Option<Selection>,
}

impl Desk {
    /// What the prompt depends on now.
    pub(super) fn focus(&self) -> Focus {
        let selection = self.instance.selection();
        let params = &self.instance.params;
        Focus { bars: self.listen_bars(), task: params.task.value(), model: params.model.value(), selection }
    }

    /// With another number of bars what was drawn over lies elsewhere.
    pub(super) fn drop_moved_selection(&mut self) {
        if self.focus.bars != self.listen_bars() {
            self.drop_selection(|part| matches!(part, Selection::Heard(_)));
        }
    }

    /// Drops a selection that means nothing any more.
    pub(super) fn drop_selection(&self, is_over: impl Fn(&Selection) -> bool) {
        self.instance.change_report(|report| {
            report.selection = report.selection.take().filter(|part| !is_over(part));
        });
    }

    /// What the knobs and the selection make of what was played.
    pub(super) fn hearing(&self, phrase: &Phrase) -> Hearing {
        let bars = self.listen_bars();
        let whole = grid::quantise(phrase);
        let heard = whole.last_bars(bars.max(SHOWN_BARS));
        let since = whole.whole_bars() - heard.whole_bars();
        let end = heard.whole_bars().0;
        let bar = heard.meter.bar().0;
        let fills = task_choice::task(self.instance.params.task.value()) == Some(Task::Fill);
        let selected = match self.instance.selection() {
            Some(Selection::Heard(stretch)) => {
                Some(stretch.start.clamp(0, end)..stretch.end.clamp(0, end)).filter(|part| !part.is_empty())
            }
            _ => None,
        };
        if fills {
            let gap = selected.or_else(|| silence(&heard)).unwrap_or(end..end);
            let first = (gap.start - bar * i64::try_from(bars).unwrap_or(1)).max(0);
            let prompt = heard.between(Ticks(first), Ticks(gap.start));
            let after = heard.between(Ticks(gap.end), Ticks(end));
            let after = Some(after).filter(|after| !after.is_empty() && !gap.is_empty());
            return Hearing { heard, since, taken: gap, prompt, after };
        }
        let (taken, prompt) = match selected {
            Some(part) => {
                let prompt = heard.between(Ticks(part.start), Ticks(part.end));
                (part, prompt)
            }
            None => {
                let prompt = Capture::prompt(phrase, bars);
                (end - prompt.whole_bars().0..end, prompt)
            }
        };
        Hearing { heard, since, taken, prompt, after: None }
    }

    pub(super) fn report_heard(&mut self) {
        let phrase = self.capture.phrase(self.capture.unroll(self.instance.signals.reading.now()));
        self.instance.memory.change_since(self.loads, |memory| memory.phrase = phrase);
        let struck = std::mem::take(&mut self.struck);
        self.instance.change_report(|report| {
            if struck {
                // Who plays on means what is played now.
                report.selection =
                    report.selection.take().filter(|part| matches!(part, Selection::Answer(_)));
            }
            if struck && matches!(report.work, Work::Idle | Work::Answered { .. }) {
                report.work = Work::Listening;
            }
        });
        self.report_prompt();
    }

    pub(super) fn report_prompt(&mut self) {
        let hearing = self.hearing(&self.instance.memory.get().phrase);
        self.report_hearing(hearing);
    }

    pub(super) fn report_hearing(&mut self, hearing: Hearing) {
        self.focus = self.focus();
        let map = self.map(&hearing.prompt);
        let heard_since = self.capture.clock_of(hearing.since);
        self.instance.change_report(|report| {
            report.heard_key = Key::estimate(hearing.prompt.notes());
            report.heard_chord = hearing.heard.last_chord();
            report.heard = Arc::new(hearing.heard);
            report.heard_since = heard_since;
            report.taken = hearing.taken;
            report.prompt = Arc::new(hearing.prompt);
            report.map = map;
        });
    }

    /// The map of the chosen model, with the places of the prompt; only of a model that is loaded already.
    fn map(&self, prompt: &Phrase) -> Option<Arc<Map>> {
        let id = self.instance.models.id(self.instance.params.model.value())?;
        let model = self.shelf.opened(&id)?;
        let vae = model.as_vae()?;
        let shown = self.instance.report().map;
        let points = match shown.filter(|map| map.model == id) {
            Some(map) => map.points.clone(),
            None => Arc::new(vae.map().collect()),
        };
        let places = if prompt.is_empty() { Vec::new() } else { vae.places(prompt).unwrap_or_default() };
        Some(Arc::new(Map { model: id, points, places }))
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

/// The longest stretch of whole bars between notes in which none sounds, the last of several.
fn silence(heard: &Phrase) -> Option<Stretch> {
    let bar = heard.meter.bar();
    let mut longest: Option<Stretch> = None;
    let mut sounded = heard.notes().first()?.end();
    for note in heard.notes() {
        let gap = sounded.ceil_to(bar).0..note.onset.floor_to(bar).0;
        let length = |stretch: &Stretch| stretch.end - stretch.start;
        if !gap.is_empty() && longest.as_ref().is_none_or(|other| length(other) <= length(&gap)) {
            longest = Some(gap);
        }
        sounded = sounded.max(note.end());
    }
    longest
}
