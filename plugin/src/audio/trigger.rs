//! The ways to ask for an answer without the panel: the `continue` parameter going up, a chosen key, and a chosen
//! controller.

use nice_plug::midi::{Channel, Key, NoteEvent};

use super::listen::Held;

/// What a trigger makes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Nothing: it goes its way.
    No,
    /// It is the trigger key going down: it asks, and goes no further.
    Fires,
    /// It is the trigger key coming up: it goes no further.
    Swallowed,
}

/// Remembers what was pressed.
#[derive(Debug)]
pub struct Trigger {
    /// The presses of the parameter that were seen.
    presses: u32,
    /// The trigger keys that are down: their offs are swallowed even if another key has been chosen since.
    swallowed: Held,
    /// The controller that triggers, as it was when the last event came.
    controller: Option<u8>,
    /// It is past its middle.
    up: bool,
}

/// A controller asks when it goes past this.
const MIDDLE: f32 = 0.5;

/// A trigger that nothing has pressed yet.
impl Default for Trigger {
    fn default() -> Trigger {
        Trigger { presses: 0, swallowed: Held::NONE, controller: None, up: false }
    }
}

impl Trigger {
    /// Whether the parameter went up since the last call, given how often it ever did. `[audio-thread]`
    pub fn pressed(&mut self, presses: u32) -> bool {
        std::mem::replace(&mut self.presses, presses) != presses
    }

    /// What to make of an event when `chosen` is the trigger key, and `controller` the controller that triggers.
    /// `[audio-thread]`
    pub fn take(&mut self, event: &NoteEvent<()>, chosen: Option<u8>, controller: Option<u8>) -> Taken {
        if std::mem::replace(&mut self.controller, controller) != controller {
            self.up = false;
        }
        match *event {
            NoteEvent::MidiCC { cc, value, .. } if controller == Some(cc) => {
                let up = value >= MIDDLE;
                let was_up = std::mem::replace(&mut self.up, up);
                if up && !was_up { Taken::Fires } else { Taken::Swallowed }
            }
            NoteEvent::NoteOn { channel: Channel::Number(channel), key: Key::Number(key), .. }
                if chosen == Some(key) =>
            {
                self.swallowed.press(channel, key);
                Taken::Fires
            }
            NoteEvent::NoteOn { channel, key, .. } | NoteEvent::Choke { channel, key, .. } => {
                self.swallowed.release(channel.number(), key.number());
                Taken::No
            }
            NoteEvent::NoteOff { channel: Channel::Number(channel), key: Key::Number(key), .. }
                if self.swallowed.holds(channel, key) =>
            {
                self.swallowed.release(Some(channel), Some(key));
                Taken::Swallowed
            }
            NoteEvent::NoteOff { channel, key, .. } => {
                self.swallowed.release(channel.number(), key.number());
                Taken::No
            }
            _ => Taken::No,
        }
    }

    /// No off is awaited any more. `[audio-thread]`
    pub fn release_all(&mut self) {
        (self.swallowed, self.up) = (Held::NONE, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nice_plug::midi::VoiceID;

    fn event(on: bool, channel: u8, key: u8) -> NoteEvent<()> {
        let (channel, key) = (Channel::Number(channel), Key::Number(key));
        let (timing, voice_id, velocity) = (0, VoiceID::Wildcard, 0.5);
        if on {
            NoteEvent::NoteOn { timing, voice_id, channel, key, velocity }
        } else {
            NoteEvent::NoteOff { timing, voice_id, channel, key, velocity }
        }
    }

    #[test]
    fn only_a_rising_parameter_fires() {
        let mut trigger = Trigger::default();
        assert!(!trigger.pressed(0));
        assert!(trigger.pressed(1));
        assert!(!trigger.pressed(1));
        assert!(trigger.pressed(3));
    }

    #[test]
    fn the_trigger_key_is_swallowed_whole() {
        let mut trigger = Trigger::default();
        assert_eq!(trigger.take(&event(true, 0, 24), None, None), Taken::No);
        assert_eq!(trigger.take(&event(true, 0, 24), Some(24), None), Taken::Fires);
        assert_eq!(trigger.take(&event(true, 0, 25), Some(24), None), Taken::No);
        assert_eq!(trigger.take(&event(false, 1, 24), Some(24), None), Taken::No);
        assert_eq!(trigger.take(&event(false, 0, 24), Some(36), None), Taken::Swallowed);
        assert_eq!(trigger.take(&event(false, 0, 24), Some(24), None), Taken::No);
    }

    #[test]
    fn a_controller_fires_each_time_that_it_rises_past_its_middle() {
        let mut trigger = Trigger::default();
        let event = |value| NoteEvent::MidiCC { timing: 0, channel: 3, cc: 64, value };
        let mut take = |value| trigger.take(&event(value), None, Some(64));
        assert_eq!([take(0.2), take(0.6), take(1.0)], [Taken::Swallowed, Taken::Fires, Taken::Swallowed]);
        assert_eq!([take(0.0), take(0.9)], [Taken::Swallowed, Taken::Fires]);
        assert_eq!(trigger.take(&event(0.9), None, Some(65)), Taken::No, "another controller goes its way");
        assert_eq!(
            trigger.take(&event(0.9), None, Some(64)),
            Taken::Fires,
            "its middle is forgotten meanwhile"
        );
    }

    #[test]
    fn a_note_that_is_no_trigger_any_more_gets_its_off() {
        let mut trigger = Trigger::default();
        assert_eq!(trigger.take(&event(true, 0, 24), Some(24), None), Taken::Fires);
        // Its off never comes: the host has sent another word for it.
        assert_eq!(trigger.take(&event(true, 0, 24), None, None), Taken::No);
        assert_eq!(trigger.take(&event(false, 0, 24), None, None), Taken::No);
        assert_eq!(trigger.take(&event(true, 0, 24), Some(24), None), Taken::Fires);
        trigger.release_all();
        assert_eq!(trigger.take(&event(false, 0, 24), Some(24), None), Taken::No);
    }
}
