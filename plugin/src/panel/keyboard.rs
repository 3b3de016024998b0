//! The on-screen piano, played with the mouse.

pub mod computer;
pub mod steps;

use egui::{Align2, CornerRadius, Id, Painter, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo};
use egui::{pos2, vec2};
use melody::Pitch;

use super::gesture::Outgoing;
use super::theme::{self, Palette};
use super::{Action, PressedKeys};

/// The narrowest white key, in points.
const NARROWEST: f32 = 24.0;
/// The white keys of an octave, in semitones above its C.
const DEGREES: [i32; 7] = [0, 2, 4, 5, 7, 9, 11];
/// Velocity at the upper edge of a key.
const SOFTEST: f32 = 40.0;
/// Velocity at its lower edge.
const HARDEST: f32 = 120.0;

/// Whether a pitch is a black key.
pub fn is_black(pitch: Pitch) -> bool {
    matches!(pitch.number() % 12, 1 | 3 | 6 | 8 | 10)
}

/// Draws a piano into `rect` with the C of `octave` about a third from its left, and plays what the mouse presses.
pub fn show(
    ui: &mut Ui,
    palette: &Palette,
    rect: Rect,
    octave: u8,
    pressed: PressedKeys,
    outgoing: &mut Outgoing,
) {
    // Not focusable: the computer's keyboard plays the same keys, and Tab would stop at each of dozens.
    let response = ui.allocate_rect(rect, Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Piano"));
    let keys = Keys::fit(rect, octave);
    keys.paint(&ui.painter_at(rect), palette, pressed, octave);
    let under = response
        .is_pointer_button_down_on()
        .then(|| ui.input(|input| input.pointer.latest_pos()))
        .flatten()
        .and_then(|at| keys.at(at));
    slide(ui, response.id, under, outgoing);
}

/// Presses the key under the mouse, and releases the one that it left.
fn slide(ui: &Ui, id: Id, under: Option<(Pitch, u8)>, outgoing: &mut Outgoing) {
    let before: Option<Pitch> = ui.data(|data| data.get_temp(id)).flatten();
    let now = under.map(|(pitch, _)| pitch);
    if before == now {
        return;
    }
    if let Some(pitch) = before {
        outgoing.push(Action::KeyUp { pitch });
    }
    if let Some((pitch, velocity)) = under {
        outgoing.push(Action::KeyDown { pitch, velocity });
    }
    ui.data_mut(|data| data.insert_temp(id, now));
}

/// The keys that fit a rectangle.
struct Keys {
    rect: Rect,
    /// The white key at the left edge: a C.
    first: i32,
    count: usize,
}

impl Keys {
    fn fit(rect: Rect, octave: u8) -> Keys {
        let count = ((rect.width() / NARROWEST).floor() as usize).clamp(7, 75);
        let octaves = count as i32 / 7;
        let octave = i32::from(octave) + 1 - (octaves - 1) / 2;
        let last = 12 * ((count as i32 - 1) / 7) + DEGREES[(count - 1) % 7];
        Keys { rect, first: 12 * octave.clamp(0, (127 - last) / 12), count }
    }

    fn white(&self) -> impl Iterator<Item = (Pitch, Rect)> + '_ {
        let width = self.rect.width() / self.count as f32;
        (0..self.count).filter_map(move |index| {
            let number = self.first + 12 * (index as i32 / 7) + DEGREES[index % 7];
            let left = self.rect.left() + width * index as f32;
            let key = Rect::from_min_size(pos2(left, self.rect.top()), vec2(width, self.rect.height()));
            u8::try_from(number).ok().and_then(Pitch::new).map(|pitch| (pitch, key))
        })
    }

    fn black(&self) -> impl Iterator<Item = (Pitch, Rect)> + '_ {
        let right_edge = self.rect.right() - 1.0;
        self.white().filter_map(move |(pitch, white)| {
            let pitch = pitch.transposed(1).filter(|pitch| is_black(*pitch))?;
            let size = vec2(white.width() * 0.6, white.height() * 0.62);
            let key = Rect::from_min_size(pos2(white.right() - size.x / 2.0, white.top()), size);
            (key.center().x < right_edge).then_some((pitch, key))
        })
    }

    /// The key at a place, and how hard it is hit there: harder towards its lower edge.
    fn at(&self, at: Pos2) -> Option<(Pitch, u8)> {
        let (pitch, key) = self.black().chain(self.white()).find(|(_, key)| key.contains(at))?;
        let depth = ((at.y - key.top()) / key.height()).clamp(0.0, 1.0);
        Some((pitch, (SOFTEST + (HARDEST - SOFTEST) * depth) as u8))
    }

    fn paint(&self, painter: &Painter, palette: &Palette, pressed: PressedKeys, octave: u8) {
        let round = CornerRadius { nw: 0, ne: 0, sw: 3, se: 3 };
        for (pitch, key) in self.white() {
            let down = pressed.contains(pitch);
            let fill = if down { palette.prompt } else { palette.white_key };
            painter.rect_filled(key, round, fill);
            painter.rect_stroke(key, round, Stroke::new(1.0, palette.black_key), StrokeKind::Inside);
            self.name(painter, pitch, key, octave, if down { palette.on_colour } else { palette.black_key });
        }
        for (pitch, key) in self.black() {
            let down = pressed.contains(pitch);
            painter.rect_filled(key, round, if down { palette.prompt } else { palette.black_key });
            let ink = if down { palette.on_colour } else { palette.white_key };
            self.name(painter, pitch, key, octave, ink);
        }
    }

    /// The letter of the computer's keyboard that plays this key; the name on a C that has none.
    fn name(&self, painter: &Painter, pitch: Pitch, key: Rect, octave: u8, ink: egui::Color32) {
        let at = pos2(key.center().x, key.bottom() - 9.0);
        let letter = computer::letter_of(pitch, octave);
        let c = pitch.number().is_multiple_of(12).then(|| pitch.to_string());
        if let Some(text) = letter.map(str::to_owned).or_else(|| c.clone()) {
            painter.text(at, Align2::CENTER_CENTER, text, theme::tiny(), ink);
        }
        if let Some(name) = c.filter(|_| letter.is_some() && key.height() >= 64.0) {
            let at = pos2(at.x, at.y - 14.0);
            painter.text(at, Align2::CENTER_CENTER, name, theme::tiny(), ink);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piano_of_any_width_and_octave_stays_within_midi() {
        for width in [100.0, 500.0, 900.0, 2000.0] {
            for octave in crate::panel::Standalone::OCTAVES {
                let rect = Rect::from_min_size(Pos2::ZERO, vec2(width, 80.0));
                let keys = Keys::fit(rect, octave);
                assert_eq!(keys.white().count(), keys.count, "{width} {octave}");
                let c = Pitch::new(12 * (octave + 1)).unwrap();
                assert!(keys.white().any(|(pitch, _)| pitch == c), "{width} {octave}");
            }
        }
    }

    #[test]
    fn black_keys_lie_over_white_ones_and_lower_is_louder() {
        let keys = Keys::fit(Rect::from_min_size(Pos2::ZERO, vec2(700.0, 100.0)), 4);
        let (c_sharp, black) = keys.black().next().unwrap();
        assert!(is_black(c_sharp));
        assert_eq!(keys.at(black.center()).unwrap().0, c_sharp);
        let (_, soft) = keys.at(pos2(3.0, 2.0)).unwrap();
        let (_, hard) = keys.at(pos2(3.0, 98.0)).unwrap();
        assert!(soft < hard && (1..=127).contains(&hard));
    }
}
