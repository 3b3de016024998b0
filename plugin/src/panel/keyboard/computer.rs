//! The computer's keyboard as a piano: A is C, W is C sharp, and so on; Z and X change the octave, C and V the velocity.

use egui::{Event, Id, Key, Ui};
use melody::Pitch;

use crate::panel::gesture::Outgoing;
use crate::panel::{Action, Standalone};

/// The keys from C up, as they lie on a keyboard of any language, with their names on an English one.
const ROW: [(Key, &str); 17] = [
    (Key::A, "A"),
    (Key::W, "W"),
    (Key::S, "S"),
    (Key::E, "E"),
    (Key::D, "D"),
    (Key::F, "F"),
    (Key::T, "T"),
    (Key::G, "G"),
    (Key::Y, "Y"),
    (Key::H, "H"),
    (Key::U, "U"),
    (Key::J, "J"),
    (Key::K, "K"),
    (Key::O, "O"),
    (Key::L, "L"),
    (Key::P, "P"),
    (Key::Semicolon, ";"),
];

/// The key of the computer's keyboard that plays a pitch.
pub fn letter_of(pitch: Pitch, octave: u8) -> Option<&'static str> {
    let above = i32::from(pitch.number()) - lowest(octave);
    usize::try_from(above).ok().and_then(|above| ROW.get(above)).map(|(_, letter)| *letter)
}

/// What is known of the keys between two frames.
#[derive(Debug, Clone, Default)]
struct Held {
    /// The keys that are down, each with the pitch that it plays.
    down: Vec<(Key, Pitch)>,
    /// Keys that came up in the last frame. Some systems repeat a held key by letting it up and down again at once:
    /// only a key that stays up has been let go.
    leaving: Vec<Key>,
}

/// Plays what was typed in this frame, unless a text field wants the letters.
pub fn play(ui: &Ui, standalone: &mut Standalone, outgoing: &mut Outgoing) {
    let id = Id::unique("continuo: keys that are down");
    let mut held: Held = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let mut due = std::mem::take(&mut held.leaving);
    let typing = ui.ctx().text_edit_focused();
    for event in ui.input(|input| input.events.clone()) {
        match event {
            // Where the focus goes, the key's release goes too.
            Event::WindowFocused(false) => release(&mut held.down, outgoing, |_| true),
            Event::Key { key, physical_key, pressed, repeat, modifiers } if !repeat => {
                let key = physical_key.unwrap_or(key);
                if !pressed {
                    held.leaving.push(key);
                } else if due.contains(&key) || held.leaving.contains(&key) {
                    [&mut due, &mut held.leaving].into_iter().for_each(|keys| keys.retain(|up| *up != key));
                } else if !typing && !modifiers.command && !modifiers.alt && !modifiers.ctrl {
                    press(key, standalone, &mut held.down, outgoing);
                }
            }
            _ => {}
        }
    }
    release(&mut held.down, outgoing, |key| due.contains(&key));
    if !held.leaving.is_empty() {
        ui.ctx().request_repaint();
    }
    ui.data_mut(|data| data.insert_temp(id, held));
}

fn press(key: Key, standalone: &mut Standalone, down: &mut Vec<(Key, Pitch)>, outgoing: &mut Outgoing) {
    match key {
        Key::Z => standalone.octave = standalone.octave.saturating_sub(1).max(*Standalone::OCTAVES.start()),
        Key::X => standalone.octave = (standalone.octave + 1).min(*Standalone::OCTAVES.end()),
        Key::C => standalone.play_softer(),
        Key::V => standalone.play_harder(),
        _ => {
            let Some(place) = ROW.iter().position(|(each, _)| *each == key) else { return };
            let number = u8::try_from(lowest(standalone.octave) + place as i32);
            let Some(pitch) = number.ok().and_then(Pitch::new) else { return };
            if down.iter().all(|(held, _)| *held != key) {
                down.push((key, pitch));
                outgoing.push(Action::KeyDown { pitch, velocity: standalone.velocity });
            }
        }
    }
}

fn release(down: &mut Vec<(Key, Pitch)>, outgoing: &mut Outgoing, which: impl Fn(Key) -> bool) {
    down.retain(|(key, pitch)| {
        let released = which(*key);
        if released {
            outgoing.push(Action::KeyUp { pitch: *pitch });
        }
        !released
    });
}

/// The C of an octave.
fn lowest(octave: u8) -> i32 {
    12 * (i32::from(octave) + 1)
}
