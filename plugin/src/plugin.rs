//! The plugin as hosts see it: a thin layer between nice-plug and our own parts.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use nice_plug::prelude::*;

use crate::audio::Audio;
use crate::audio::clock::Reported;
use crate::audio::merge::Port;
use crate::crossing::{self, PanelEnds, WorkerEnds};
use crate::departure::Departure;
use crate::editor::PanelEditor;
use crate::format::{Format, Rig};
use crate::instance::{Instance, Work};
use crate::state;
use crate::worker::Worker;

/// Events of one block that nice-plug has room for before it allocates.
const INPUT_EVENTS: usize = 16_384;

/// Continuo in one format.
pub struct Continuo<F: Format> {
    instance: Arc<Instance>,
    audio: Audio,
    /// The worker's ends, until it starts.
    ends: Option<WorkerEnds>,
    worker: Option<Worker>,
    /// The panel's ends, until it is made.
    panel: Option<PanelEnds>,
    /// The audio thread's part has panicked: from now on notes are only passed on.
    broken: bool,
    departure: Departure<F>,
    rig: F::Rig,
}

impl<F: Format> Default for Continuo<F> {
    fn default() -> Continuo<F> {
        let instance = Arc::new(Instance::new());
        let (audio, worker, panel) = crossing::open();
        Continuo {
            audio: Audio::new(audio, instance.signals.clone()),
            ends: Some(worker),
            worker: None,
            panel: Some(panel),
            broken: false,
            departure: Departure::default(),
            rig: F::Rig::default(),
            instance,
        }
    }
}

impl<F: Format> Plugin for Continuo<F> {
    const NAME: &'static str = "Continuo";
    const VENDOR: &'static str = "Continuo";
    const URL: &'static str = "";
    const EMAIL: &'static str = "";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = F::LAYOUTS;
    const MIDI_INPUT: MidiConfig = F::MIDI;
    const MIDI_OUTPUT: MidiConfig = F::MIDI;
    const SAMPLE_ACCURATE_AUTOMATION: bool = true;
    const INPUT_EVENT_CAPACITY: usize = INPUT_EVENTS;

    type Editor = PanelEditor;
    type SysExMessage = ();
    type BackgroundTask = ();

    fn params(&self) -> Arc<dyn Params> {
        self.instance.params.clone()
    }

    fn task_executor(&mut self) -> TaskExecutor<Self> {
        self.departure.executor()
    }

    fn editor(&mut self, executor: AsyncExecutor<Self>) -> Option<PanelEditor> {
        if F::LEAVES_TASKS {
            self.departure.set_way(executor);
        }
        let ends = self.panel.take()?;
        let instance = self.instance.clone();
        self.instance.guard.run("the panel", || PanelEditor::new(instance.clone(), ends, F::house(&instance)))
    }

    fn filter_state(state: &mut PluginState) {
        // There is no instance to tell; what cannot be filtered is taken as it is.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| state::filter(state)));
    }

    /// `[main-thread]`
    fn activate(
        &mut self,
        _layout: &AudioIOLayout,
        buffers: &BufferConfig,
        _context: &mut impl ActivateContext<Self>,
    ) -> bool {
        self.audio.set_offline(F::KNOWS_OFFLINE && buffers.process_mode == ProcessMode::Offline);
        self.rig.set_rate(buffers.sample_rate);
        self.instance.signals.active.store(true, Ordering::Relaxed);
        self.start_worker();
        true
    }

    /// `[audio-thread]`
    fn reset(&mut self) {
        let (audio, rig) = (&mut self.audio, &mut self.rig);
        self.instance.guard.run("a reset", || {
            audio.reset();
            rig.silence();
        });
    }

    /// `[audio-thread]`
    fn process(
        &mut self,
        buffer: &mut Buffer,
        _aux: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        let frames = u32::try_from(buffer.samples()).unwrap_or(u32::MAX);
        let reported = self.rig.keep_time(Reported::from(context.transport()), frames);
        let controls = self.instance.params.controls();
        let mut port = HostPort { context, rig: &mut self.rig };
        let (audio, guard) = (&mut self.audio, &self.instance.guard);
        let play = || audio.process(&reported, frames, controls, &mut port);
        if !self.broken && guard.run("the audio thread", play).is_none() {
            self.broken = true;
        }
        if self.broken {
            // Each block, for the host may have had no room for all the offs; then what is left of the player's events.
            guard.run("the audio thread", || audio.abandon(&mut port));
            while let Some(event) = port.next() {
                port.send(event);
            }
        }
        self.rig.render(buffer);
        if self.audio.is_busy() { ProcessStatus::KeepAlive } else { F::AT_REST }
    }

    /// `[main-thread]`
    fn deactivate(&mut self) {
        self.instance.signals.active.store(false, Ordering::Relaxed);
        if F::LEAVES_TASKS {
            self.departure.settle();
        }
    }

    fn setup_logger() -> Option<bool> {
        // The logger of a library belongs to its host.
        Some(false)
    }
}

impl<F: Format> Continuo<F> {
    fn start_worker(&mut self) {
        let Some(ends) = self.ends.take() else { return };
        let instance = self.instance.clone();
        match self.instance.guard.run("the start of the worker", || Worker::start(instance, ends)) {
            Some(Ok(worker)) => self.worker = Some(worker),
            Some(Err(error)) => self.instance.change_report(|report| {
                report.work =
                    Work::Problem(format!("Continuo cannot answer: the system starts no thread ({error})."));
            }),
            None => {}
        }
    }
}

/// The host's queues of one block, and our own rig beside them.
struct HostPort<'a, F: Format, C: ProcessContext<Continuo<F>>> {
    context: &'a mut C,
    rig: &'a mut F::Rig,
}

impl<F: Format, C: ProcessContext<Continuo<F>>> Port for HostPort<'_, F, C> {
    fn next(&mut self) -> Option<NoteEvent<()>> {
        self.rig.next().or_else(|| self.context.next_event())
    }

    fn send(&mut self, event: NoteEvent<()>) -> bool {
        self.rig.note(&event);
        self.context.try_send_event(event).is_ok()
    }
}

impl From<&Transport> for Reported {
    fn from(transport: &Transport) -> Reported {
        let meter = transport.time_sig_numerator.zip(transport.time_sig_denominator);
        Reported {
            sample_rate: f64::from(transport.sample_rate),
            playing: transport.playing,
            tempo: transport.tempo,
            position: transport.pos_beats(),
            bar_start: transport.bar_start_pos_beats(),
            meter,
            loop_start: transport.loop_range_beats().map(|(start, _)| start),
        }
    }
}

#[cfg(test)]
mod tests;
