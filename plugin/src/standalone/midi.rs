//! MIDI devices: rings to and from the audio thread, and a thread that connects what is chosen and plugged in.

mod cable;
mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use nice_plug::midi::NoteEvent;
use parking_lot::Mutex;

use self::cable::Ring;
use self::watch::Watch;
use super::notices::Notices;
use crate::panel::MidiChoice;

/// The most MIDI inputs at once.
const INPUTS: usize = 16;
/// Events that may wait in a ring.
const CAPACITY: usize = 1024;

/// The audio thread's ends.
#[derive(Default)]
pub struct AudioEnds {
    inputs: Vec<rtrb::Consumer<NoteEvent<()>>>,
    output: Option<rtrb::Producer<NoteEvent<()>>>,
}

impl AudioEnds {
    /// The next event of any input. `[audio-thread]`
    pub fn receive(&mut self) -> Option<NoteEvent<()>> {
        self.inputs.iter_mut().find_map(|input| input.pop().ok())
    }

    /// Sends an event to the output; one that finds no room is lost. `[audio-thread]`
    pub fn send(&mut self, event: &NoteEvent<()>) {
        if let Some(output) = &mut self.output {
            let _ = output.push(*event);
        }
    }
}

/// The devices' ends.
pub struct DeviceEnds {
    inputs: Vec<Ring>,
    output: rtrb::Consumer<NoteEvent<()>>,
}

#[cfg(test)]
impl DeviceEnds {
    /// The next event on its way out.
    pub fn sent(&mut self) -> Option<NoteEvent<()>> {
        self.output.pop().ok()
    }
}

/// Makes all rings. `[main-thread]`
pub fn open() -> (AudioEnds, DeviceEnds) {
    let (inputs_in, inputs_out) = (0..INPUTS).map(|_| rtrb::RingBuffer::new(CAPACITY)).unzip();
    let (output_in, output_out) = rtrb::RingBuffer::new(CAPACITY);
    (
        AudioEnds { inputs: inputs_out, output: Some(output_in) },
        DeviceEnds { inputs: inputs_in, output: output_out },
    )
}

/// What the user wants to be connected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wish {
    /// What is listened to.
    pub input: MidiChoice,
    /// Where the notes go.
    pub output: Option<String>,
}

/// The names of what is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ports {
    /// What can be listened to.
    pub inputs: Vec<String>,
    /// Where notes can go.
    pub outputs: Vec<String>,
}

/// The thread that looks after the devices.
pub struct Midi {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    wish: Mutex<Wish>,
    ports: Mutex<Ports>,
    ends: AtomicBool,
}

impl Midi {
    /// Starts the thread; where the system has none to give, nothing is ever connected. `[main-thread]`
    pub fn start(ends: DeviceEnds, wish: Wish, notices: Arc<Notices>) -> Midi {
        let shared = Arc::new(Shared { wish: Mutex::new(wish), ..Shared::default() });
        let watched = shared.clone();
        let watch = move || Watch::new(ends, notices).run(&watched);
        let thread = thread::Builder::new().name("continuo midi".to_owned()).spawn(watch).ok();
        Midi { shared, thread }
    }

    /// Other devices are wanted. `[main-thread]`
    pub fn wish(&self, wish: Wish) {
        *self.shared.wish.lock() = wish;
    }

    /// What is plugged in, as it was seen last. `[main-thread]`
    pub fn ports(&self) -> Ports {
        self.shared.ports.lock().clone()
    }
}

impl Drop for Midi {
    /// Ends what sounds on the output, and closes all.
    fn drop(&mut self) {
        self.shared.ends.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rings_lead_from_each_input_to_the_audio_thread_and_out_again() {
        let (mut audio, mut devices) = open();
        let event = |channel| NoteEvent::MidiCC { timing: 0, channel, cc: 7, value: 0.5 };
        for (channel, input) in (0..).zip(&mut devices.inputs) {
            input.push(event(channel)).unwrap();
        }
        for channel in 0..INPUTS as u8 {
            assert_eq!(audio.receive(), Some(event(channel)));
        }
        assert_eq!(audio.receive(), None);
        audio.send(&event(3));
        assert_eq!(devices.output.pop(), Ok(event(3)));
    }

    #[test]
    fn the_thread_ends_when_it_is_let_go() {
        let (_audio, devices) = open();
        let midi = Midi::start(devices, Wish::default(), Arc::default());
        midi.wish(Wish { input: MidiChoice::None, output: Some("nowhere".to_owned()) });
        thread::sleep(std::time::Duration::from_millis(100));
        drop(midi);
    }
}
