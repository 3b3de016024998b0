//! Notes that leave the panel and come into it: saved, dragged, copied, opened, dropped, pasted.

use std::path::Path;
use std::sync::Arc;

use super::{PanelApp, ideas};
use crate::crossing::Ask;
use crate::dialog::Outcome;
use crate::drag_out::Ended;
use crate::export::{self, MidiFile};
use crate::import::{self, Imported};
use crate::instance::Instance;
use crate::panel::Export;

impl PanelApp {
    /// Asks for a place, writes something there, and reports what came of it. `[main-thread]`
    pub(super) fn save(&self, what: Export) {
        let Some(file) = self.file(what) else { return };
        let title = match what {
            Export::Song => "Save the Keep track",
            Export::Candidate(_) | Export::Favourite(_) => "Save the phrase",
        };
        let instance = self.instance.clone();
        export::save(file, title, move |outcome| match outcome {
            Outcome::News(says) => instance.say_news(says),
            Outcome::Problem(says) => instance.say_problem(says),
            Outcome::Cancelled => {}
        });
    }

    /// Puts something into the clipboard, as text that another Continuo can paste. `[main-thread]`
    pub(super) fn copy(&mut self, what: Export) {
        let Some((phrase, _)) = ideas::exported(&self.instance.memory.get(), what) else { return };
        self.copied = Some(export::as_text(&phrase));
        self.instance.say_news("Copied: paste it into any Continuo, or read it as text.");
    }

    /// Drags something out of the window as a file. `[main-thread]`
    pub(super) fn drag_out(&self, what: Export) {
        let (Some(source), Some(file)) = (self.source, self.file(what)) else { return };
        let path = match export::lend(&file) {
            Ok(path) => path,
            Err(says) => return self.instance.say_problem(says),
        };
        let instance = self.instance.clone();
        source.drag(path, move |ended| {
            if let Ended::Failed(says) = ended {
                instance.say_problem(says);
            }
        });
    }

    /// Lets the user choose a `.mid` file, and takes its melody as what was played. `[main-thread]`
    pub(super) fn open(&self) {
        let (instance, asks) = (self.instance.clone(), self.ends.asks.clone());
        import::open(move |read| match read {
            Ok(Some(imported)) => hear(&instance, &asks, imported),
            Ok(None) => {}
            Err(says) => instance.say_problem(says),
        });
    }

    /// Takes a file that was dropped on the panel as what was played. `[main-thread]`
    pub(super) fn open_dropped(&self, path: &Path) {
        self.take_in(import::from_file(path));
    }

    /// Takes notes from the clipboard as what was played. `[main-thread]`
    pub(super) fn paste(&self, text: &str) {
        self.take_in(import::from_text(text));
    }

    fn take_in(&self, read: Result<Imported, String>) {
        match read {
            Ok(imported) => hear(&self.instance, &self.ends.asks, imported),
            Err(says) => self.instance.say_problem(says),
        }
    }

    fn file(&self, what: Export) -> Option<MidiFile> {
        let (phrase, title) = ideas::exported(&self.instance.memory.get(), what)?;
        Some(MidiFile::of(&phrase, &title))
    }
}

/// Hands what was read to the worker. What is playing there goes on.
fn hear(instance: &Instance, asks: &crossbeam_channel::Sender<Ask>, imported: Imported) {
    if asks.try_send(Ask::Hear(Arc::new(imported.phrase))).is_err() {
        return instance.say_problem("Continuo is still busy with what was asked before: wait a moment.");
    }
    instance.say_news(imported.news);
    instance.wake_worker();
}
