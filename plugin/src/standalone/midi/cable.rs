//! One connection to a MIDI device. What is held when it is cut is let go.

use midir::{MidiInput, MidiInputConnection, MidiOutput, MidiOutputConnection};
use nice_plug::midi::{Channel, Key, MidiResult, NoteEvent, VoiceID};

use super::Ports;

/// Our name among the system's MIDI clients.
const CLIENT: &str = "Continuo";

/// What is plugged in now; our own ports are left out.
pub fn ports() -> Ports {
    let ours = |name: &String| !name.starts_with(CLIENT);
    let inputs = MidiInput::new(CLIENT)
        .map(|midi| midi.ports().iter().filter_map(|port| midi.port_name(port).ok()).filter(ours).collect());
    let outputs = MidiOutput::new(CLIENT)
        .map(|midi| midi.ports().iter().filter_map(|port| midi.port_name(port).ok()).filter(ours).collect());
    Ports { inputs: inputs.unwrap_or_default(), outputs: outputs.unwrap_or_default() }
}

/// The keys that are down on each channel.
#[derive(Debug, Default)]
struct Held([u128; 16]);

impl Held {
    fn note(&mut self, event: &NoteEvent<()>) {
        let (channel, key, down) = match *event {
            NoteEvent::NoteOn { channel, key, .. } => (channel, key, true),
            NoteEvent::NoteOff { channel, key, .. } => (channel, key, false),
            _ => return,
        };
        let (Channel::Number(channel), Key::Number(key)) = (channel, key) else { return };
        if let Some(keys) = self.0.get_mut(usize::from(channel)) {
            let bit = 1_u128.checked_shl(u32::from(key)).unwrap_or(0);
            *keys = if down { *keys | bit } else { *keys & !bit };
        }
    }

    /// The offs that are owed.
    fn offs(&self) -> impl Iterator<Item = NoteEvent<()>> + '_ {
        (0..16_u8).flat_map(move |channel| {
            let keys = self.0[usize::from(channel)];
            (0..128_u8).filter(move |key| keys >> key & 1 == 1).map(move |key| NoteEvent::NoteOff {
                timing: 0,
                voice_id: VoiceID::Wildcard,
                channel: Channel::Number(channel),
                key: Key::Number(key),
                velocity: 0.0,
            })
        })
    }
}

/// A ring to the audio thread.
pub type Ring = rtrb::Producer<NoteEvent<()>>;

/// What the system's MIDI thread has of an input.
struct Inlet {
    ring: Ring,
    held: Held,
}

impl Inlet {
    fn take(&mut self, event: NoteEvent<()>) {
        self.held.note(&event);
        // A full ring means that no audio runs: there is nothing to be heard.
        let _ = self.ring.push(event);
    }
}

/// A connected input.
pub struct InputCable {
    name: String,
    connection: MidiInputConnection<Inlet>,
}

impl InputCable {
    /// Connects the port of this name.
    ///
    /// # Errors
    /// Why not, in a few words, and the ring if there still is one: a port that refuses keeps it.
    pub fn connect(name: &str, ring: Ring) -> Result<InputCable, (Option<Ring>, String)> {
        let midi = match MidiInput::new(CLIENT) {
            Ok(midi) => midi,
            Err(error) => return Err((Some(ring), error.to_string())),
        };
        let found = midi.ports().into_iter().find(|port| midi.port_name(port).as_deref() == Ok(name));
        let Some(port) = found else { return Err((Some(ring), "it is not there any more".to_owned())) };
        let hear = |_: u64, bytes: &[u8], inlet: &mut Inlet| {
            if let Ok(event) = NoteEvent::from_midi(0, bytes) {
                inlet.take(event);
            }
        };
        let inlet = Inlet { ring, held: Held::default() };
        match midi.connect(&port, "in", hear, inlet) {
            Ok(connection) => Ok(InputCable { name: name.to_owned(), connection }),
            Err(error) => Err((None, error.to_string())),
        }
    }

    /// The port's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Cuts it; gives back the ring.
    pub fn close(self) -> Ring {
        let (_, mut inlet) = self.connection.close();
        for off in inlet.held.offs() {
            let _ = inlet.ring.push(off);
        }
        inlet.ring
    }
}

/// A connected output.
pub struct OutputCable {
    name: String,
    connection: MidiOutputConnection,
    held: Held,
}

impl OutputCable {
    /// Connects the port of this name.
    ///
    /// # Errors
    /// Why not, in a few words.
    pub fn connect(name: &str) -> Result<OutputCable, String> {
        let midi = MidiOutput::new(CLIENT).map_err(|error| error.to_string())?;
        let found = midi.ports().into_iter().find(|port| midi.port_name(port).as_deref() == Ok(name));
        let port = found.ok_or("it is not there any more")?;
        let connection = midi.connect(&port, "out").map_err(|error| error.to_string())?;
        Ok(OutputCable { name: name.to_owned(), connection, held: Held::default() })
    }

    /// The port's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sends an event; one that a device which was unplugged does not take is lost.
    pub fn send(&mut self, event: &NoteEvent<()>) {
        self.held.note(event);
        if let Some(MidiResult::Basic(bytes)) = event.as_midi() {
            let _ = self.connection.send(short(&bytes));
        }
    }

    /// Lets go of what sounds, and cuts it.
    pub fn close(mut self) {
        let offs: Vec<_> = self.held.offs().collect();
        for off in offs {
            self.send(&off);
        }
        self.connection.close();
    }
}

/// A message without the byte that only longer ones have.
fn short(bytes: &[u8; 3]) -> &[u8] {
    match bytes[0] & 0xF0 {
        0xC0 | 0xD0 => &bytes[..2],
        _ => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(channel: u8, key: u8, on: bool) -> NoteEvent<()> {
        let status = if on { 0x90 } else { 0x80 };
        NoteEvent::from_midi(0, &[status | channel, key, 64]).unwrap()
    }

    #[test]
    fn what_is_held_when_a_cable_is_cut_is_owed_its_off() {
        let mut held = Held::default();
        for (channel, key, on) in [(0, 60, true), (0, 64, true), (9, 127, true), (0, 60, false)] {
            held.note(&event(channel, key, on));
        }
        let owed: Vec<Option<[u8; 3]>> = held
            .offs()
            .map(|off| match off.as_midi() {
                Some(MidiResult::Basic(bytes)) => Some(bytes),
                _ => None,
            })
            .collect();
        assert_eq!(owed, [Some([0x80, 64, 0]), Some([0x89, 127, 0])]);
    }

    #[test]
    fn a_message_of_two_bytes_has_two() {
        assert_eq!(short(&[0xC3, 5, 0]), [0xC3, 5]);
        assert_eq!(short(&[0x90, 60, 64]), [0x90, 60, 64]);
    }
}
