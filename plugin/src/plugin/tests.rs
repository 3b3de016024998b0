//! Promises of the layer between nice-plug and our own parts.

use std::time::{Duration, Instant};

use nice_plug::context::process::SendEventError;

use super::*;
use crate::audio::script::{off, on};
use crate::format::{Clap, Vst3};

/// nice-plug's side of a block.
struct Context {
    transport: Transport,
    incoming: Vec<NoteEvent<()>>,
    sent: Vec<NoteEvent<()>>,
}

impl Context {
    fn of(incoming: &[NoteEvent<()>]) -> Context {
        let incoming = incoming.iter().rev().copied().collect();
        Context { transport: Transport::new(48_000.0), incoming, sent: Vec::new() }
    }
}

impl<F: Format> ProcessContext<Continuo<F>> for Context {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }

    fn execute_background(&self, _task: ()) {}

    fn execute_gui(&self, _task: ()) {}

    fn transport(&self) -> &Transport {
        &self.transport
    }

    fn next_event(&mut self) -> Option<NoteEvent<()>> {
        self.incoming.pop()
    }

    fn try_send_event(&mut self, event: NoteEvent<()>) -> Result<(), (NoteEvent<()>, SendEventError)> {
        self.sent.push(event);
        Ok(())
    }

    fn set_latency_samples(&self, _samples: u32) {}

    fn request_restart(&self) {}

    fn set_current_voice_capacity(&self, _capacity: u32) {}
}

struct Activation;

impl<F: Format> ActivateContext<Continuo<F>> for Activation {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }

    fn execute(&self, _task: ()) {}

    fn set_latency_samples(&self, _samples: u32) {}

    fn set_current_voice_capacity(&self, _capacity: u32) {}
}

fn run<F: Format>(plugin: &mut Continuo<F>, context: &mut Context) -> ProcessStatus {
    let mut buffer = Buffer::default();
    // SAFETY: No slices are set.
    unsafe { buffer.set_slices(64, |_| {}) };
    plugin.process(&mut buffer, &mut AuxiliaryBuffers { inputs: &mut [], outputs: &mut [] }, context)
}

#[test]
fn notes_pass_through_in_each_format_even_before_a_worker_runs() {
    let events = [on(0, 60), off(5, 60)];
    let mut context = Context::of(&events);
    assert_eq!(run(&mut Continuo::<Clap>::default(), &mut context), ProcessStatus::KeepAlive);
    assert_eq!(context.sent, events);
    let mut context = Context::of(&events);
    assert_eq!(run(&mut Continuo::<Vst3>::default(), &mut context), ProcessStatus::Normal);
    assert_eq!(context.sent, events);
}

#[test]
fn notes_pass_through_even_when_our_part_is_broken() {
    let mut plugin = Continuo::<Clap> { broken: true, ..Continuo::default() };
    let events = [on(0, 60), off(5, 60)];
    let mut context = Context::of(&events);
    run(&mut plugin, &mut context);
    assert_eq!(context.sent, events);
}

#[test]
fn nothing_starts_before_activation_and_all_ends_with_the_plugin() {
    let mut plugin = Continuo::<Clap>::default();
    let instance = plugin.instance.clone();
    assert!(!instance.has_worker() && instance.models.listings().is_empty());
    let buffers = BufferConfig {
        sample_rate: 48_000.0,
        min_buffer_size: None,
        max_buffer_size: 512,
        process_mode: ProcessMode::Realtime,
    };
    for _ in 0..2 {
        assert!(plugin.activate(&AudioIOLayout::default(), &buffers, &mut Activation));
        plugin.reset();
    }
    assert!(instance.has_worker());
    while instance.models.listings().is_empty() {
        std::thread::sleep(Duration::from_millis(1));
    }
    plugin.deactivate();
    let dropped = Instant::now();
    drop(plugin);
    assert!(dropped.elapsed() < Duration::from_millis(250));
    assert!(!instance.has_worker());
}
