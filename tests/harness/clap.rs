//! A headless CLAP host around one plugin instance, through clack-host.

mod callbacks;
mod events;
mod window;

use std::ffi::{CStr, CString};
use std::io::Cursor;
use std::path::Path;

use clack_extensions::audio_ports::{AudioPortInfoBuffer, PluginAudioPorts};
use clack_extensions::params::{ParamInfoBuffer, ParamInfoFlags, PluginParams};
use clack_extensions::render::{PluginRender, RenderMode};
use clack_extensions::state::PluginState;
use clack_host::events::event_types::ParamValueEvent;
use clack_host::prelude::*;

use crate::host::{Block, Event, Format, Host, Kind, Knob, Requests, Setup};
use crate::{heap, stopwatch};
use callbacks::{Callbacks, Main, Shared};
use events::Collected;

/// A knob with CLAP's own range.
#[derive(Debug, Clone)]
struct Ranged {
    knob: Knob,
    min: f64,
    max: f64,
}

impl Ranged {
    fn plain(&self, value: f64) -> f64 {
        self.min + value * (self.max - self.min)
    }

    fn normal(&self, plain: f64) -> f64 {
        (plain - self.min) / (self.max - self.min)
    }
}

/// One instance of a CLAP plugin and the host around it.
pub struct ClapHost {
    // Fields drop in this order: the processor before the instance, the instance before the library.
    processor: Option<PluginAudioProcessor<Callbacks>>,
    instance: PluginInstance<Callbacks>,
    params: Option<PluginParams>,
    state: Option<PluginState>,
    knobs: Vec<Ranged>,
    setup: Setup,
    sent: EventBuffer,
    moved: Vec<(u32, f64)>,
    collected: Collected,
    ports: AudioPorts,
    audio: Vec<Vec<Vec<f32>>>,
    steady: u64,
}

// SAFETY: the host is used by one thread at a time, which is all that `&mut` allows. CLAP's "main thread" and "audio
// thread" are roles here, told apart by the flag behind the thread-check extension and not by the thread's number.
unsafe impl Send for ClapHost {}

impl ClapHost {
    /// Loads the library at this absolute path and makes an instance of the plugin of this name.
    pub fn open(path: &Path, name: &str) -> ClapHost {
        // SAFETY: the library is a plugin built from this workspace; its initialisers run no foreign code.
        let entry = unsafe { PluginEntry::load(path) };
        let entry = entry.unwrap_or_else(|error| panic!("{} does not load: {error}", path.display()));
        let id = plugin_id(&entry, name);
        let host = HostInfo::new("Continuo's test host", "Continuo", "", "1").expect("the names hold no NUL");
        let instance =
            PluginInstance::new(|_| Shared::default(), |shared| Main::new(shared), &entry, &id, &host);
        let mut instance = instance.unwrap_or_else(|error| panic!("{name} cannot be created: {error}"));
        let shared = instance.plugin_shared_handle();
        let (params, state) = (shared.get_extension(), shared.get_extension());
        let knobs = params.map(|params| read_knobs(params, &mut instance)).unwrap_or_default();
        ClapHost {
            processor: None,
            instance,
            params,
            state,
            knobs,
            setup: Setup::default(),
            sent: EventBuffer::with_capacity(1024),
            moved: Vec::new(),
            collected: Collected::new(16_384),
            ports: AudioPorts::with_capacity(16, 4),
            audio: Vec::new(),
            steady: 0,
        }
    }

    fn ranged(&self, id: u32) -> Ranged {
        let found = self.knobs.iter().find(|ranged| ranged.knob.id == id);
        found.unwrap_or_else(|| panic!("no knob has the id {id}")).clone()
    }

    fn params(&self) -> PluginParams {
        self.params.expect("a plugin with knobs has the params extension")
    }

    /// What goes in: first the knobs that were moved between blocks, then the block's own events.
    fn fill_input(&mut self, events: &[Event]) {
        self.sent.clear();
        let moved = std::mem::take(&mut self.moved);
        let knobs = moved.iter().map(|&(id, value)| Event { offset: 0, kind: Kind::Knob(id, value) });
        for event in knobs.chain(events.iter().copied()) {
            match event.kind {
                Kind::Knob(id, value) => {
                    let plain = self.ranged(id).plain(value);
                    let pckn = Pckn::match_all();
                    self.sent.push(&ParamValueEvent::new(event.offset, ClapId::new(id), pckn, plain));
                }
                _ => events::push_note(&mut self.sent, event),
            }
        }
    }

    /// A silent stereo pair, or whatever the plugin has, for each audio output.
    fn make_audio(&mut self) {
        let ports: Option<PluginAudioPorts> = self.instance.plugin_shared_handle().get_extension();
        let Some(ports) = ports else { return };
        let plugin = self.instance.plugin_handle();
        assert_eq!(ports.count(&plugin, true), 0, "this host feeds no audio in");
        let mut buffer = AudioPortInfoBuffer::new();
        let channels = (0..ports.count(&plugin, false))
            .map(|index| ports.get(&plugin, index, false, &mut buffer).map_or(0, |port| port.channel_count));
        let frames = self.setup.max_frames as usize;
        self.audio = channels.map(|count| vec![vec![0.0; frames]; count as usize]).collect();
    }
}

impl Host for ClapHost {
    fn format(&self) -> Format {
        Format::Clap
    }

    fn activate(&mut self, setup: Setup) {
        assert!(self.processor.is_none(), "the plugin is active already");
        self.setup = setup;
        let render: Option<PluginRender> = self.instance.plugin_shared_handle().get_extension();
        if let Some(render) = render {
            let mode = if setup.offline { RenderMode::Offline } else { RenderMode::Realtime };
            render.set(&self.instance.plugin_handle(), mode).expect("the plugin takes either render mode");
        }
        self.make_audio();
        let configuration = PluginAudioConfiguration {
            sample_rate: setup.sample_rate,
            min_frames_count: 1,
            max_frames_count: setup.max_frames,
        };
        let stopped = self.instance.activate(|_, _| (), configuration).expect("the plugin activates");
        let started = callbacks::as_audio_thread(|| stopped.start_processing());
        self.processor = Some(started.expect("the plugin starts processing").into());
    }

    fn deactivate(&mut self) {
        if let Some(processor) = self.processor.take() {
            let stopped = callbacks::as_audio_thread(|| processor.into_stopped());
            self.instance.deactivate(stopped);
        }
    }

    fn process(&mut self, block: &Block) -> Vec<Event> {
        assert!(block.frames <= self.setup.max_frames, "a block longer than was promised");
        self.fill_input(block.events);
        self.collected.events.clear();
        let transport = block.transport.as_ref().map(events::transport);
        let frames = block.frames as usize;
        // SAFETY: there are no input ports, so no buffer can be shorter than the frames. Made this way because a
        // plugin without any port would else be asked to process no frames at all.
        let audio_in = unsafe { InputAudioBuffers::from_raw_buffers(&[], block.frames) };
        let outputs = self.audio.iter_mut().map(|port| AudioPortBuffer {
            latency: 0,
            channels: AudioPortBufferType::f32_output_only(
                port.iter_mut().map(|channel| &mut channel[..frames]),
            ),
        });
        let mut audio_out = self.ports.with_output_buffers(outputs);
        let input = self.sent.as_input();
        let mut output = OutputEvents::from_buffer(&mut self.collected);
        let processor = self.processor.as_mut().expect("the plugin is active");
        let processor = processor.as_started_mut().expect("activation starts it");
        let (steady, transport) = (Some(self.steady), transport.as_ref());
        let status = callbacks::as_audio_thread(|| {
            heap::watched(|| {
                stopwatch::timed(|| {
                    processor.process(&audio_in, &mut audio_out, &input, &mut output, steady, transport)
                })
            })
        });
        status.expect("process() reports no error");
        self.steady += u64::from(block.frames);
        let events = self.collected.events.clone();
        events.into_iter().map(|event| self.normalised(event)).collect()
    }

    fn reset(&mut self) {
        let processor = self.processor.as_mut().expect("the plugin is active");
        callbacks::as_audio_thread(|| heap::watched(|| processor.reset()));
    }

    fn limit_output(&mut self, events: usize) {
        self.collected = Collected::new(events);
    }

    fn knobs(&mut self) -> Vec<Knob> {
        self.knobs.iter().map(|ranged| ranged.knob.clone()).collect()
    }

    fn value(&mut self, id: u32) -> f64 {
        let (ranged, params) = (self.ranged(id), self.params());
        let plain = params.get_value(&self.instance.plugin_handle(), ClapId::new(id));
        ranged.normal(plain.expect("a knob that is listed has a value"))
    }

    fn set(&mut self, id: u32, value: f64) {
        self.moved.push((id, value));
        if self.processor.is_none() {
            self.fill_input(&[]);
            let (params, input) = (self.params(), self.sent.as_input());
            let mut plugin = self.instance.inactive_plugin_handle().expect("the plugin is inactive");
            params.flush(&mut plugin, &input, &mut OutputEvents::from_buffer(&mut self.collected));
        }
    }

    fn text(&mut self, id: u32, value: f64) -> String {
        let (plain, params) = (self.ranged(id).plain(value), self.params());
        let mut buffer = [0; 256];
        let text = params.value_to_text(&self.instance.plugin_handle(), ClapId::new(id), plain, &mut buffer);
        String::from_utf8_lossy(text.expect("a knob that is listed has a text")).into_owned()
    }

    fn parse(&mut self, id: u32, text: &str) -> Option<f64> {
        let (ranged, params) = (self.ranged(id), self.params());
        let text = CString::new(text).expect("a knob's text holds no NUL");
        let plain = params.text_to_value(&self.instance.plugin_handle(), ClapId::new(id), &text);
        plain.map(|plain| ranged.normal(plain))
    }

    fn save(&mut self) -> Vec<u8> {
        let state = self.state.expect("the plugin has the state extension");
        let mut stored = Vec::new();
        state.save(&self.instance.plugin_handle(), &mut stored).expect("the plugin saves its state");
        stored
    }

    fn load(&mut self, stored: &[u8]) -> bool {
        let state = self.state.expect("the plugin has the state extension");
        state.load(&self.instance.plugin_handle(), &mut Cursor::new(stored)).is_ok()
    }

    fn idle(&mut self) -> Requests {
        let requests = self.instance.access_handler(|main: &Main<'_>| main.take_requests());
        if requests.callback {
            self.instance.call_on_main_thread_callback();
        }
        if requests.restart && self.processor.is_some() {
            let setup = self.setup;
            self.deactivate();
            self.activate(setup);
        }
        requests
    }

    fn audio(&self) -> Vec<&[f32]> {
        self.audio.iter().flatten().map(Vec::as_slice).collect()
    }
}

impl ClapHost {
    /// The knob of an output event on the scale from 0 to 1.
    fn normalised(&self, event: Event) -> Event {
        match event.kind {
            Kind::Knob(id, plain) => Event { kind: Kind::Knob(id, self.ranged(id).normal(plain)), ..event },
            _ => event,
        }
    }
}

impl Drop for ClapHost {
    fn drop(&mut self) {
        self.deactivate();
    }
}

fn plugin_id(entry: &PluginEntry, name: &str) -> CString {
    let factory = entry.get_plugin_factory().expect("the library has a plugin factory");
    let named = |text: Option<&CStr>| text.is_some_and(|text| text.to_bytes() == name.as_bytes());
    let found = factory.plugin_descriptors().find(|descriptor| named(descriptor.name()));
    let found = found.unwrap_or_else(|| panic!("the library holds no plugin named {name:?}"));
    found.id().expect("every plugin has an id").to_owned()
}

fn read_knobs(params: PluginParams, instance: &mut PluginInstance<Callbacks>) -> Vec<Ranged> {
    let plugin = instance.plugin_handle();
    let mut buffer = ParamInfoBuffer::new();
    let read = |index| {
        let info = params.get_info(&plugin, index, &mut buffer).expect("every counted knob has its info");
        let steps = if info.flags.contains(ParamInfoFlags::IS_STEPPED) {
            info.max_value - info.min_value
        } else {
            0.0
        };
        let knob = Knob {
            id: info.id.get(),
            name: String::from_utf8_lossy(info.name).into_owned(),
            default: (info.default_value - info.min_value) / (info.max_value - info.min_value),
            steps: steps as u32,
            automatable: info.flags.contains(ParamInfoFlags::IS_AUTOMATABLE),
        };
        Ranged { knob, min: info.min_value, max: info.max_value }
    };
    (0..params.count(&plugin)).map(read).collect()
}
