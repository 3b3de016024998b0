//! A headless VST3 host around one plugin instance, through the `vst3` crate's COM bindings.

mod callbacks;
mod instance;
mod lists;
pub mod module;
mod stream;

use std::path::Path;
use std::ptr;

use vst3::ComWrapper;
use vst3::Steinberg::Vst::ProcessContext_::StatesAndFlags_ as Flags;
use vst3::Steinberg::Vst::ProcessModes_ as Modes;
use vst3::Steinberg::Vst::{
    AudioBusBuffers, AudioBusBuffers__type0, BusDirections_ as Directions, IAudioProcessorTrait,
    IComponentTrait, IEditControllerTrait, MediaTypes_ as Media, ParameterInfo,
    ParameterInfo_::ParameterFlags_, ProcessContext, ProcessData, ProcessSetup,
    SymbolicSampleSizes_ as SampleSizes,
};
use vst3::Steinberg::{kResultFalse, kResultOk};

use crate::host::{Block, Event, Format, Host, Kind, Knob, Requests, Setup, Transport};
use crate::{heap, stopwatch};
use instance::Instance;
use lists::{EventList, KnobChanges};
use module::Module;
use stream::Stream;

/// One instance of a VST3 plugin and the host around it.
pub struct Vst3Host {
    // Fields drop in this order: the instance before the library.
    instance: Instance,
    _module: Module,
    knobs: Vec<Knob>,
    setup: Option<Setup>,
    moved: Vec<(u32, f64)>,
    input: ComWrapper<EventList>,
    output: ComWrapper<EventList>,
    audio: Vec<Vec<Vec<f32>>>,
    steady: i64,
}

// SAFETY: the host is used by one thread at a time, which is all that `&mut` allows, and VST3 ties no object to a
// thread.
unsafe impl Send for Vst3Host {}

impl Vst3Host {
    /// Loads the bundle or library at this path and makes an instance of the class of this name.
    pub fn open(path: &Path, name: &str) -> Vst3Host {
        let module = Module::load(path);
        let instance = Instance::create(&module, name);
        let knobs = read_knobs(&instance);
        Vst3Host {
            instance,
            _module: module,
            knobs,
            setup: None,
            moved: Vec::new(),
            input: ComWrapper::new(EventList::new(16_384)),
            output: ComWrapper::new(EventList::new(16_384)),
            audio: Vec::new(),
            steady: 0,
        }
    }

    /// Opens every bus that the plugin has, and makes silence for its audio outputs.
    fn open_buses(&mut self, frames: u32) {
        assert_eq!(
            self.instance.buses(Media::kAudio, Directions::kInput).len(),
            0,
            "this host feeds no audio in"
        );
        for direction in [Directions::kInput, Directions::kOutput] {
            self.instance.open_buses(Media::kEvent, direction);
        }
        self.instance.open_buses(Media::kAudio, Directions::kOutput);
        let buses = self.instance.buses(Media::kAudio, Directions::kOutput);
        let silence = |channels: usize| vec![vec![0.0; frames as usize]; channels];
        self.audio = buses.into_iter().map(silence).collect();
    }

    fn context(&self, at: &Transport, sample_rate: f64) -> ProcessContext {
        // SAFETY: the context is plain numbers, for which all zeros is a value.
        let mut context: ProcessContext = unsafe { std::mem::zeroed() };
        let flag = |set: bool, flag: u32| if set { flag } else { 0 };
        context.state = Flags::kBarPositionValid
            | Flags::kContTimeValid
            | flag(at.playing, Flags::kPlaying)
            | flag(at.tempo.is_some(), Flags::kTempoValid)
            | flag(at.meter.is_some(), Flags::kTimeSigValid)
            | flag(at.beats.is_some(), Flags::kProjectTimeMusicValid)
            | flag(at.cycle.is_some(), Flags::kCycleValid | Flags::kCycleActive);
        context.sampleRate = sample_rate;
        context.projectTimeSamples = at.samples;
        context.continousTimeSamples = self.steady;
        context.projectTimeMusic = at.beats.unwrap_or_default();
        context.barPositionMusic = at.bar_start;
        (context.cycleStartMusic, context.cycleEndMusic) = at.cycle.unwrap_or_default();
        context.tempo = at.tempo.unwrap_or_default();
        let (numerator, denominator) = at.meter.unwrap_or_default();
        (context.timeSigNumerator, context.timeSigDenominator) = (numerator.into(), denominator.into());
        context
    }

    /// The knobs that move in this block: those moved since the last one, then the block's own.
    fn changes(&mut self, events: &[Event]) -> ComWrapper<KnobChanges> {
        let changes = KnobChanges::default();
        for (id, value) in self.moved.drain(..) {
            changes.add(id, 0, value);
        }
        for event in events {
            if let Kind::Knob(id, value) = event.kind {
                changes.add(id, event.offset, value);
            }
        }
        ComWrapper::new(changes)
    }
}

impl Host for Vst3Host {
    fn format(&self) -> Format {
        Format::Vst3
    }

    fn activate(&mut self, setup: Setup) {
        assert!(self.setup.is_none(), "the plugin is active already");
        self.open_buses(setup.max_frames);
        let mut asked = ProcessSetup {
            processMode: if setup.offline { Modes::kOffline } else { Modes::kRealtime } as i32,
            symbolicSampleSize: SampleSizes::kSample32 as i32,
            maxSamplesPerBlock: i32::try_from(setup.max_frames).expect("blocks are short"),
            sampleRate: setup.sample_rate,
        };
        // SAFETY: the instance is initialised and inactive, and the setup outlives the call.
        unsafe {
            assert_eq!(self.instance.processor.setupProcessing(&mut asked), kResultOk, "setupProcessing");
            assert_eq!(self.instance.component.setActive(1), kResultOk, "setActive");
            assert_eq!(self.instance.processor.setProcessing(1), kResultOk, "setProcessing");
        }
        self.setup = Some(setup);
    }

    fn deactivate(&mut self) {
        if self.setup.take().is_some() {
            // SAFETY: the instance is active.
            unsafe {
                self.instance.processor.setProcessing(0);
                self.instance.component.setActive(0);
            }
        }
    }

    fn process(&mut self, block: &Block) -> Vec<Event> {
        let setup = self.setup.expect("the plugin is active");
        assert!(block.frames <= setup.max_frames, "a block longer than was promised");
        let (moves_in, moves_out) = (self.changes(block.events), ComWrapper::new(KnobChanges::default()));
        self.input.fill(block.events);
        self.output.fill(&[]);
        let mut context = block.transport.as_ref().map(|at| self.context(at, setup.sample_rate));
        let mut channels: Vec<Vec<*mut f32>> =
            self.audio.iter_mut().map(|bus| bus.iter_mut().map(Vec::as_mut_ptr).collect()).collect();
        let bus = |channels: &mut Vec<*mut f32>| AudioBusBuffers {
            numChannels: channels.len() as i32,
            silenceFlags: 0,
            __field0: AudioBusBuffers__type0 { channelBuffers32: channels.as_mut_ptr() },
        };
        let mut buses: Vec<AudioBusBuffers> = channels.iter_mut().map(bus).collect();
        let mut data = ProcessData {
            processMode: if setup.offline { Modes::kOffline } else { Modes::kRealtime } as i32,
            symbolicSampleSize: SampleSizes::kSample32 as i32,
            numSamples: block.frames as i32,
            numInputs: 0,
            numOutputs: buses.len() as i32,
            inputs: ptr::null_mut(),
            outputs: if buses.is_empty() { ptr::null_mut() } else { buses.as_mut_ptr() },
            inputParameterChanges: lists::as_changes(&moves_in),
            outputParameterChanges: lists::as_changes(&moves_out),
            inputEvents: lists::as_events(&self.input),
            outputEvents: lists::as_events(&self.output),
            processContext: context.as_mut().map_or(ptr::null_mut(), ptr::from_mut),
        };
        // SAFETY: the instance is active, and all that the data points at outlives the call.
        let result =
            heap::watched(|| stopwatch::timed(|| unsafe { self.instance.processor.process(&mut data) }));
        assert_eq!(result, kResultOk, "process() reports an error");
        self.steady += i64::from(block.frames);
        let mut events = self.output.events();
        events.extend(moves_out.events());
        events
    }

    fn reset(&mut self) {
        // SAFETY: the instance is active.
        unsafe {
            heap::watched(|| {
                self.instance.processor.setProcessing(0);
                self.instance.processor.setProcessing(1);
            });
        }
    }

    fn limit_output(&mut self, events: usize) {
        self.output = ComWrapper::new(EventList::new(events));
    }

    fn knobs(&mut self) -> Vec<Knob> {
        self.knobs.clone()
    }

    fn value(&mut self, id: u32) -> f64 {
        // SAFETY: the instance is initialised.
        unsafe { self.instance.controller.getParamNormalized(id) }
    }

    fn set(&mut self, id: u32, value: f64) {
        // SAFETY: the instance is initialised.
        let result = unsafe { self.instance.controller.setParamNormalized(id, value) };
        assert_eq!(result, kResultOk, "the knob {id} does not move");
        if self.setup.is_some() {
            self.moved.push((id, value));
        }
    }

    fn text(&mut self, id: u32, value: f64) -> String {
        let mut text = [0; 128];
        // SAFETY: the instance is initialised and the text outlives the call.
        let result = unsafe { self.instance.controller.getParamStringByValue(id, value, &mut text) };
        assert_eq!(result, kResultOk, "the knob {id} has no text");
        instance::wide(&text)
    }

    fn parse(&mut self, id: u32, text: &str) -> Option<f64> {
        let mut wide: Vec<u16> = text.encode_utf16().chain([0]).collect();
        let mut value = 0.0;
        // SAFETY: the instance is initialised; the text ends in a zero and outlives the call.
        let result =
            unsafe { self.instance.controller.getParamValueByString(id, wide.as_mut_ptr(), &mut value) };
        (result == kResultOk).then_some(value)
    }

    fn save(&mut self) -> Vec<u8> {
        let stream = ComWrapper::new(Stream::default());
        // SAFETY: the instance is initialised and the stream outlives the call.
        let result = unsafe { self.instance.component.getState(stream::as_stream(&stream)) };
        assert_eq!(result, kResultOk, "the plugin saves its state");
        stream.bytes()
    }

    fn load(&mut self, stored: &[u8]) -> bool {
        let [for_component, for_controller] = [(); 2].map(|()| ComWrapper::new(Stream::new(stored)));
        // SAFETY: the instance is initialised and the streams outlive the calls.
        let (component, controller) = unsafe {
            (
                self.instance.component.setState(stream::as_stream(&for_component)),
                self.instance.controller.setComponentState(stream::as_stream(&for_controller)),
            )
        };
        assert!(component == kResultOk || component == kResultFalse, "setState() answers {component}");
        component == kResultOk && controller == kResultOk
    }

    fn idle(&mut self) -> Requests {
        let requests = self.instance.handler.take_requests();
        if let (true, Some(setup)) = (requests.restart, self.setup) {
            self.deactivate();
            self.activate(setup);
        }
        requests
    }

    fn audio(&self) -> Vec<&[f32]> {
        self.audio.iter().flatten().map(Vec::as_slice).collect()
    }
}

impl Drop for Vst3Host {
    fn drop(&mut self) {
        self.deactivate();
    }
}

fn read_knobs(instance: &Instance) -> Vec<Knob> {
    let has = |info: &ParameterInfo, flag: i32| info.flags & flag != 0;
    let read = |index| {
        // SAFETY: the controller is initialised and fills the info; all zeros is a value of it.
        let info: ParameterInfo =
            unsafe { instance::filled("the knob", |info| instance.controller.getParameterInfo(index, info)) };
        Knob {
            id: info.id,
            name: instance::wide(&info.title),
            default: info.defaultNormalizedValue,
            steps: u32::try_from(info.stepCount).expect("a count of steps is not negative"),
            automatable: has(&info, ParameterFlags_::kCanAutomate),
        }
    };
    // SAFETY: the instance is initialised.
    let count = unsafe { instance.controller.getParameterCount() };
    (0..count).map(read).collect()
}
