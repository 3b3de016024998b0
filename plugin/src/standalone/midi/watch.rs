//! The thread that looks after the MIDI devices: it connects what is wanted and plugged in, and carries notes out.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use nice_plug::midi::NoteEvent;

use super::cable::{self, InputCable, OutputCable, Ring};
use super::{DeviceEnds, Ports, Shared, Wish};
use crate::panel::MidiChoice;
use crate::standalone::device;
use crate::standalone::notices::{Matter, Notices};

/// How often it is looked for what was plugged in or out.
const LOOK: Duration = Duration::from_secs(1);
/// How long a note may wait on its way out.
const OUT: Duration = Duration::from_millis(1);
/// How long a change of the wish may wait.
const IDLE: Duration = Duration::from_millis(50);

/// What the thread has in its hands.
pub struct Watch {
    /// The rings that no input uses now.
    free: Vec<Ring>,
    inputs: Vec<InputCable>,
    from_audio: rtrb::Consumer<NoteEvent<()>>,
    output: Option<OutputCable>,
    notices: Arc<Notices>,
    /// What was wanted when it was last looked.
    wish: Wish,
    /// What could not be connected: it is tried again when it was plugged out and in.
    refused: Vec<String>,
}

impl Watch {
    /// Nothing is connected yet.
    pub fn new(ends: DeviceEnds, notices: Arc<Notices>) -> Watch {
        Watch {
            free: ends.inputs,
            inputs: Vec::new(),
            from_audio: ends.output,
            output: None,
            notices,
            wish: Wish::default(),
            refused: Vec::new(),
        }
    }

    /// Looks after the devices until it is told to end.
    pub fn run(mut self, shared: &Shared) {
        device::quieten();
        let mut looked: Option<Instant> = None;
        while !shared.ends.load(Ordering::Acquire) {
            let wish = shared.wish.lock().clone();
            let due = looked.is_none_or(|looked| looked.elapsed() >= LOOK);
            let anew = looked.is_none() || wish != self.wish;
            if due || anew {
                if anew {
                    self.wish = wish;
                    self.refused.clear();
                    self.notices.clear(Matter::Midi);
                }
                let ports = cable::ports();
                self.connect(&ports);
                if anew {
                    self.say_what_is_missing(&ports);
                }
                *shared.ports.lock() = ports;
                looked = Some(Instant::now());
            }
            self.pass_on();
            thread::sleep(if self.output.is_some() { OUT } else { IDLE });
        }
        self.pass_on();
        self.output.take().into_iter().for_each(OutputCable::close);
        self.inputs.drain(..).for_each(|input| drop(input.close()));
    }

    /// Brings the cables in line with what is wanted and plugged in.
    fn connect(&mut self, ports: &Ports) {
        self.refused.retain(|name| ports.inputs.contains(name) || ports.outputs.contains(name));
        let wanted = wanted_inputs(&self.wish.input, &ports.inputs);
        for place in (0..self.inputs.len()).rev() {
            let name = self.inputs[place].name().to_owned();
            if !wanted.contains(&name) {
                let gone = !ports.inputs.contains(&name);
                self.free.push(self.inputs.swap_remove(place).close());
                self.say_unplugged(&name, gone);
            }
        }
        for name in wanted {
            if self.inputs.iter().any(|input| input.name() == name) || self.refused.contains(&name) {
                continue;
            }
            let Some(ring) = self.free.pop() else { break };
            match InputCable::connect(&name, ring) {
                Ok(cable) => {
                    self.inputs.push(cable);
                    self.notices.clear(Matter::Midi);
                }
                Err((ring, reason)) => {
                    self.free.extend(ring);
                    self.refuse(name, &reason);
                }
            }
        }
        self.connect_output(&ports.outputs);
    }

    fn connect_output(&mut self, outputs: &[String]) {
        let wanted = self.wish.output.as_ref().and_then(|name| find(name, outputs));
        if let Some(cable) = self.output.take_if(|cable| Some(cable.name()) != wanted.as_deref()) {
            let name = cable.name().to_owned();
            let gone = !outputs.contains(&name);
            cable.close();
            self.say_unplugged(&name, gone);
        }
        if let Some(name) = wanted.filter(|name| self.output.is_none() && !self.refused.contains(name)) {
            match OutputCable::connect(&name) {
                Ok(cable) => {
                    self.output = Some(cable);
                    self.notices.clear(Matter::Midi);
                }
                Err(reason) => self.refuse(name, &reason),
            }
        }
    }

    fn pass_on(&mut self) {
        while let Ok(event) = self.from_audio.pop() {
            if let Some(output) = &mut self.output {
                output.send(&event);
            }
        }
    }

    fn say_what_is_missing(&self, ports: &Ports) {
        let input = match &self.wish.input {
            MidiChoice::One(name) if find(name, &ports.inputs).is_none() => Some(name),
            _ => None,
        };
        let output = self.wish.output.as_ref().filter(|name| find(name, &ports.outputs).is_none());
        for name in input.into_iter().chain(output) {
            self.say_unplugged(name, true);
        }
    }

    fn say_unplugged(&self, name: &str, gone: bool) {
        if gone {
            let says = format!(
                "The MIDI device \"{name}\" is not plugged in: plug it in and Continuo takes it up, or choose another one \
                 under Sound and devices. All else goes on."
            );
            self.notices.say(Matter::Midi, says);
        }
    }

    fn refuse(&mut self, name: String, reason: &str) {
        let says = format!(
            "The MIDI device \"{name}\" cannot be used ({reason}): close the program that has it, or choose another \
             one under Sound and devices."
        );
        self.notices.say(Matter::Midi, says);
        self.refused.push(name);
    }
}

/// The names of the inputs that are wanted and there.
fn wanted_inputs(choice: &MidiChoice, ports: &[String]) -> Vec<String> {
    match choice {
        MidiChoice::None => Vec::new(),
        MidiChoice::All => ports.iter().filter(|name| is_device(name)).cloned().collect(),
        MidiChoice::One(name) => find(name, ports).into_iter().collect(),
    }
}

/// Whether a port belongs to a device, and not to the system's own plumbing.
fn is_device(name: &str) -> bool {
    !name.starts_with("Midi Through")
}

/// A port by its name, wherever it is plugged in now.
fn find(name: &str, ports: &[String]) -> Option<String> {
    let same = |port: &&String| lasting(port) == lasting(name);
    ports.iter().find(|port| *port == name).or_else(|| ports.iter().find(same)).cloned()
}

/// A port's name without the numbers that ALSA gives it anew each time.
fn lasting(name: &str) -> &str {
    let is_address =
        |text: &str| !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit() || letter == ':');
    name.rsplit_once(' ').filter(|(_, end)| is_address(end)).map_or(name, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_device_is_known_again_wherever_it_is_plugged_in() {
        let ports = names(&["Midi Through:Midi Through Port-0 14:0", "Keystation:Keystation MIDI 1 24:0"]);
        let known = find("Keystation:Keystation MIDI 1 20:0", &ports);
        assert_eq!(known.as_deref(), Some("Keystation:Keystation MIDI 1 24:0"));
        assert_eq!(find("Launchkey 20:0", &ports), None);
        let twins = names(&["Pad 20:0", "Pad 24:0"]);
        assert_eq!(find("Pad 24:0", &twins).as_deref(), Some("Pad 24:0"));
    }

    #[test]
    fn all_means_all_that_are_plugged_in_but_no_plumbing() {
        let ports = names(&["Midi Through:Midi Through Port-0 14:0", "Keystation 20:0", "Pad 24:0"]);
        assert_eq!(wanted_inputs(&MidiChoice::All, &ports), names(&["Keystation 20:0", "Pad 24:0"]));
        assert_eq!(wanted_inputs(&MidiChoice::None, &ports), names(&[]));
        let one = MidiChoice::One("Pad 9:0".to_owned());
        assert_eq!(wanted_inputs(&one, &ports), names(&["Pad 24:0"]));
    }
}
