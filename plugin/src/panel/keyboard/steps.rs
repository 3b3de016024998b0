//! Beside the piano: the buttons for the octave and the velocity of the computer's keyboard.

use egui::{Rect, Ui, UiBuilder, pos2, vec2};

use crate::panel::Standalone;
use crate::panel::button::IconButton;
use crate::panel::icon::Icon;
use crate::panel::theme::{self, GRID, Palette};

/// Side of a button in points.
const SIDE: f32 = 3.0 * GRID;
/// A strip of this height has room for captions.
const ROOMY: f32 = 92.0;

/// One number with a button on either side.
struct Step {
    caption: &'static str,
    number: u8,
    /// The names of the buttons, and what they say under the mouse.
    down: (&'static str, &'static str),
    up: (&'static str, &'static str),
    can_fall: bool,
    can_rise: bool,
}

/// Draws the buttons at the left of `rect`; returns the rest, where the piano goes.
pub fn show(ui: &mut Ui, palette: &Palette, rect: Rect, standalone: &mut Standalone) -> Rect {
    let column = Rect::from_min_size(rect.min, vec2(9.0 * GRID, rect.height()));
    let range = Standalone::OCTAVES;
    let octave = Step {
        caption: "Octave",
        number: standalone.octave,
        down: ("Lower octave", "The computer's keyboard an octave down (Z)"),
        up: ("Higher octave", "The computer's keyboard an octave up (X)"),
        can_fall: range.contains(&standalone.octave.saturating_sub(1)),
        can_rise: range.contains(&(standalone.octave + 1)),
    };
    let velocity = Step {
        caption: "Velocity",
        number: standalone.velocity,
        down: ("Softer", "The computer's keyboard softer (C)"),
        up: ("Harder", "The computer's keyboard harder (V)"),
        can_fall: standalone.velocity > Standalone::SOFTEST,
        can_rise: standalone.velocity < Standalone::HARDEST,
    };
    let (upper, lower) = column.split_top_bottom_at_fraction(0.5);
    let octaves = octave.show(ui, palette, upper, column.height() >= ROOMY);
    standalone.octave = standalone.octave.saturating_add_signed(octaves);
    match velocity.show(ui, palette, lower, column.height() >= ROOMY) {
        -1 => standalone.play_softer(),
        1 => standalone.play_harder(),
        _ => {}
    }
    rect.with_min_x(column.right() + GRID)
}

impl Step {
    /// Draws it into the middle of `rect`; returns -1 or 1 where a button was pressed, else 0.
    fn show(&self, ui: &mut Ui, palette: &Palette, rect: Rect, captioned: bool) -> i8 {
        let caption = if captioned { 16.0 } else { 0.0 };
        let top = rect.center().y - (SIDE + caption) / 2.0;
        if captioned {
            let text =
                theme::line(ui.painter(), self.caption, theme::small(), palette.text_weak, rect.width());
            ui.painter().galley(pos2(rect.left(), top), text, palette.text_weak);
        }
        let row = Rect::from_min_size(pos2(rect.left(), top + caption), vec2(rect.width(), SIDE));
        let mut stepped = 0;
        for (icon, (name, says), left, allowed, step) in [
            (Icon::Lower, self.down, row.left(), self.can_fall, -1),
            (Icon::Higher, self.up, row.right() - SIDE, self.can_rise, 1),
        ] {
            let place = Rect::from_min_size(pos2(left, row.top()), vec2(SIDE, SIDE));
            let show = |ui: &mut Ui| IconButton::new(icon, name, SIDE).show(ui, palette, allowed);
            let button = ui.scope_builder(UiBuilder::new().max_rect(place), show).inner;
            if button.on_hover_text(says).clicked() && allowed {
                stepped = step;
            }
        }
        let text = self.number.to_string();
        let number = theme::line(ui.painter(), &text, theme::strong(13.0), palette.text, SIDE);
        ui.painter().galley(row.center() - number.size() / 2.0, number, palette.text);
        stepped
    }
}
