//! The editor: brings the panel's view model up to date before each frame, and does what the panel asks for after it.

mod deeds;
mod files;
mod ideas;
mod knobs;
mod looks;
mod shown;
mod sides;
mod window;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use melody::{Pitch, Ticks};
use nice_plug::context::gui::GuiContext;
use nice_plug_egui::baseview::HandlerError;
use nice_plug_egui::{Frame, KeyCapture, NiceEguiApp};

pub use self::window::PanelEditor;

use self::knobs::{Arrived, Knobs};
use self::shown::Shown;
use crate::crossing::{PanelEnds, Sounding};
use crate::drag_out;
use crate::format::House;
use crate::instance::{self, Instance, Report};
use crate::panel::{self, Control, ModelEntry, PressedKeys, Sounds, Transport, ViewModel, Work};
use crate::preset::Presets;

/// How often the panel is drawn while something goes on that nobody clicked: what is played and answered shows up.
const CALM: Duration = Duration::from_millis(50);
/// How often it is drawn while nothing goes on at all.
const ASLEEP: Duration = Duration::from_millis(150);
/// How long good news stays.
const READ: Duration = Duration::from_secs(10);

/// The panel of one instance and what it is wired to.
pub struct PanelApp {
    instance: Arc<Instance>,
    ends: PanelEnds,
    model: ViewModel,
    knobs: Knobs,
    shown: Shown,
    /// The control that remade the answer last, and when: what follows soon is the same gesture.
    turned: Option<(Control, Instant)>,
    host: Option<GuiContext>,
    presets: Presets,
    /// Where drags out of the window begin, if they can.
    source: Option<drag_out::Source>,
    /// Text that is to go into the clipboard at the end of the frame.
    copied: Option<String>,
    /// The window's size that the project remembers, in points.
    size: Option<(u32, u32)>,
    /// When the good news that is shown came.
    told: Instant,
    /// Settings that were called up as a whole, until the host has handed them back.
    applied: Option<(BTreeMap<String, String>, Arrived)>,
    /// What stands around us where no host does.
    house: Option<Box<dyn House>>,
    /// Keys of the panel that are down, as bits.
    pressed: u128,
    /// The panel has panicked: its window stays, with a word of why.
    broken: bool,
}

impl NiceEguiApp for PanelApp {
    fn build(
        &mut self,
        context: egui::Context,
        host: GuiContext,
        frame: &mut Frame,
    ) -> Result<(), HandlerError> {
        let instance = self.instance.clone();
        let built = instance.guard.run("the panel", || {
            panel::install(&context);
            self.model.look = looks::read().unwrap_or(self.model.look);
            self.source = drag_out::Source::of(frame.baseview_window());
            self.model.can_drag_out = self.source.is_some();
            self.list_presets();
            // Nobody tells us when a window closes: a key that was down then is let go now.
            self.release_keys();
            self.host = Some(host);
            if let Some(house) = &mut self.house {
                house.opened(&context);
            }
        });
        self.broken = built.is_none();
        Ok(())
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut Frame) {
        // What nothing in the panel waits for is the host's: its space bar starts the song.
        let waits = self.model.standalone.is_some() || ui.memory(|memory| memory.focused()).is_some();
        frame.set_key_capture(if waits { KeyCapture::CaptureAll } else { KeyCapture::IgnoreAll });
        let instance = self.instance.clone();
        if !self.broken {
            self.broken = instance.guard.run("the panel", || self.draw(ui)).is_none();
        }
        if self.broken {
            // A second panic here must not reach the host either.
            let reopened = instance.guard.run("the panel", || self.offer_reopening(ui));
            self.broken = reopened != Some(true);
        }
        if self.house.as_ref().is_some_and(|house| house.quits()) {
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
        }
        ui.ctx().request_repaint_after(self.next_frame());
    }
}

impl PanelApp {
    fn new(instance: Arc<Instance>, ends: PanelEnds, house: Option<Box<dyn House>>) -> PanelApp {
        let model = ViewModel::default();
        PanelApp {
            instance,
            ends,
            model,
            knobs: Knobs::default(),
            shown: Shown::default(),
            turned: None,
            host: None,
            presets: Presets::standard(),
            source: None,
            copied: None,
            size: None,
            told: Instant::now(),
            applied: None,
            house,
            pressed: 0,
            broken: false,
        }
    }

    /// What stands in the place of a panel that has panicked; whether the user wants it back. `[main-thread]`
    fn offer_reopening(&mut self, ui: &mut egui::Ui) -> bool {
        let says = self.instance.guard.caught().unwrap_or_default();
        ui.add_space(24.0);
        ui.vertical_centered(|ui| {
            ui.heading("The panel has stopped");
            ui.label(says);
            ui.label("What you played and what was answered is safe, and the notes go on.");
            let reopen = ui.button("Reopen the panel").clicked();
            if reopen {
                self.begin_anew(ui.ctx());
            }
            reopen
        })
        .inner
    }

    /// Forgets everything that the panel itself remembered, for it may be what it stumbled over.
    fn begin_anew(&mut self, context: &egui::Context) {
        // Around the standalone's window there is more in there than the panel's own.
        if self.house.is_none() {
            context.memory_mut(|memory| memory.data.clear());
        }
        self.release_keys();
        self.instance.guard.dismiss();
        let ViewModel { standalone, look, presets, can_drag_out, .. } = std::mem::take(&mut self.model);
        let model = ViewModel { standalone, look, presets, can_drag_out, ..ViewModel::default() };
        (self.model, self.knobs, self.shown) = (model, Knobs::default(), Shown::default());
    }

    /// One frame. `[main-thread]`
    fn draw(&mut self, ui: &mut egui::Ui) {
        self.refresh();
        for action in panel::ui(ui, &mut self.model) {
            self.act(action);
        }
        if let Some(text) = self.copied.take() {
            ui.ctx().copy_text(text);
        }
        self.remember_size(ui.ctx().content_rect());
        if let Some(house) = &mut self.house {
            house.remember(&self.model, ui.max_rect().size());
        }
    }

    /// Keeps the window's size in the project once it has settled.
    fn remember_size(&mut self, window: egui::Rect) {
        let size = (window.width().round() as u32, window.height().round() as u32);
        let settled = self.size.replace(size) == Some(size);
        if settled && self.instance.memory.get().window != self.size {
            self.instance.memory.change(|memory| memory.window = Some(size));
        }
    }

    /// Brings the view model up to date. `[main-thread]`
    fn refresh(&mut self) {
        let report = self.instance.report();
        self.knobs.refresh(&mut self.model.settings, &self.instance);
        self.model.models = model_entries(&self.instance);
        self.shown.refresh(&mut self.model, &self.instance, &report);
        self.show_clock(&report);
        self.show_hearing(&report);
        self.model.work = match (self.instance.guard.caught(), report.work) {
            (Some(caught), _) => Work::Problem(caught),
            (None, work) => shown(work),
        };
        self.show_news(report.news);
        if let Some(house) = &mut self.house {
            house.refresh(&mut self.model);
        }
        let signals = &self.instance.signals;
        self.model.dropped_events =
            signals.heard_lost.load(Ordering::Relaxed) + signals.sent_lost.load(Ordering::Relaxed);
    }

    /// Good news goes by itself when it has been there to be read.
    fn show_news(&mut self, news: Option<String>) {
        if self.model.news != news {
            self.told = Instant::now();
        }
        if news.is_some() && self.told.elapsed() > READ {
            self.instance.change_report(|report| report.news = None);
        }
        self.model.news = news;
    }

    /// How soon to draw again though nobody has touched anything.
    fn next_frame(&self) -> Duration {
        let model = &self.model;
        let moves = model.transport.playing
            || model.sounds != Sounds::Nothing
            || matches!(model.work, Work::Generating { .. })
            || model.pressed != PressedKeys::default();
        if moves { CALM } else { ASLEEP }
    }

    fn show_hearing(&mut self, report: &Report) {
        let model = &mut self.model;
        // Phrases are compared, and copied where they differ, which is seldom.
        if model.heard != *report.heard {
            model.heard.clone_from(&report.heard);
        }
        if model.prompt != *report.prompt {
            model.prompt.clone_from(&report.prompt);
        }
        model.taken = shown::span(&report.taken);
        model.heard_key = report.heard_key;
        model.heard_chord = report.heard_chord.clone();
        model.selection = report.selection.as_ref().map(Into::into);
    }

    fn show_clock(&mut self, report: &Report) {
        let reading = &self.instance.signals.reading;
        let model = &mut self.model;
        let began = reading.answer_start();
        // The roll shows the answer; what else plays has no place in it.
        let in_roll = matches!(report.sounds, Sounding::Answer | Sounding::Nothing);
        model.play_head = began.filter(|_| in_roll).map(|start| reading.now() - start);
        model.sounds = if began.is_some() { report.sounds.into() } else { Sounds::Nothing };
        let running = reading.running.load(Ordering::Relaxed);
        let within = |time: &Ticks| (Ticks::ZERO..report.heard.whole_bars()).contains(time);
        let since = report.heard_since.map(|since| reading.now() - since).filter(within);
        model.listen_head = since.filter(|_| running && began.is_none());
        model.transport = Transport { playing: running, tempo: reading.tempo(), meter: reading.meter() };
        model.pressed = sounding(reading.keys.each_ref().map(|keys| keys.load(Ordering::Relaxed)));
    }

    fn press(&mut self, pitch: Pitch, velocity: Option<u8>) {
        let bit = 1_u128 << pitch.number();
        self.pressed = if velocity.is_some() { self.pressed | bit } else { self.pressed & !bit };
        // A full ring means that no audio runs: there is nothing to be heard.
        let _ = self.ends.strokes.push(crate::crossing::Stroke { key: pitch.number(), velocity });
    }

    fn release_keys(&mut self) {
        for pitch in (0..128).filter_map(Pitch::new) {
            if self.pressed >> pitch.number() & 1 == 1 {
                self.press(pitch, None);
            }
        }
    }
}

fn shown(work: instance::Work) -> Work {
    match work {
        instance::Work::Idle => Work::Idle,
        instance::Work::Listening => Work::Listening,
        instance::Work::Generating { since } => Work::Generating { elapsed: since.elapsed() },
        instance::Work::Answered { took } => Work::Answered { took },
        instance::Work::Problem(sentence) => Work::Problem(sentence),
    }
}

fn model_entries(instance: &Instance) -> Vec<ModelEntry> {
    let numbered = |id: &str| instance.models.number(id).is_some();
    let listings = instance.models.listings();
    let entry = |listing: &generator::Listing| match &listing.card {
        Ok(card) => ModelEntry {
            id: listing.id.clone(),
            name: card.name.clone(),
            description: card.description.clone(),
            tasks: card.tasks.clone(),
            knobs: card.knobs.clone(),
            styles: card.styles.clone(),
            problem: None,
        },
        Err(problem) => ModelEntry {
            id: listing.id.clone(),
            name: listing.id.clone(),
            description: String::new(),
            tasks: Vec::new(),
            knobs: Vec::new(),
            styles: Vec::new(),
            problem: Some(problem.clone()),
        },
    };
    listings.iter().filter(|listing| numbered(&listing.id)).map(entry).collect()
}

fn sounding(keys: [u64; 2]) -> PressedKeys {
    let down = |key: &u8| keys[usize::from(key / 64)] >> (key % 64) & 1 == 1;
    (0..128_u8).filter(down).filter_map(Pitch::new).collect()
}

#[cfg(test)]
mod tests;
