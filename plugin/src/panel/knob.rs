//! A rotary knob with its name and value beside it.

use std::f32::consts::TAU;
use std::ops::RangeInclusive;

use egui::accesskit::{Action, ActionData};
use egui::{
    Event, EventFilter, Key, Painter, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::theme::{self, Palette};

/// How far the mouse travels from one end of a knob to the other, in points.
const TRAVEL: f32 = 160.0;
/// How much slower the knob turns while Shift is down.
const FINE: f32 = 0.1;
/// What a step is of the way along a logarithmic dial.
const PART: f32 = 0.025;
/// Diameter of the dial, in points.
const DIAL: f32 = 36.0;
/// The dial's open part at the bottom, as a part of the circle.
const GAP: f32 = 0.22;

/// A knob as it is about to be drawn.
pub struct Knob<'a> {
    /// Its name beside the dial.
    pub name: &'a str,
    /// The value that it shows.
    pub value: f32,
    /// The values that it can have.
    pub range: RangeInclusive<f32>,
    /// The value that a double click brings back.
    pub default: f32,
    /// What a step of the arrow keys or the wheel adds, and what values are rounded to.
    pub step: f32,
    /// How the values lie on the dial.
    pub dial: Dial,
    /// What is written in the place of the number, with a shorter form.
    pub text: Option<(&'a str, &'a str)>,
}

/// How a knob's values lie on its dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dial {
    /// Evenly.
    Linear,
    /// By their ratio: twice as much is as far from one as half.
    Logarithmic,
}

impl Knob<'_> {
    /// Draws the knob into `size` points; returns its new value if the user turned it.
    pub fn show(self, ui: &mut Ui, palette: &Palette, size: egui::Vec2) -> (Response, Option<f32>) {
        let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
        let turned = self.turned(ui, &response);
        let value = turned.unwrap_or(self.value);
        response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), f64::from(value), self.name));
        self.describe(ui, &response, value);
        self.paint(ui, palette, rect, &response, value);
        (response, turned.filter(|turned| *turned != self.value))
    }

    /// The value after this frame's dragging, keys, wheel and requests of a screen reader.
    fn turned(&self, ui: &Ui, response: &Response) -> Option<f32> {
        if response.double_clicked() {
            return Some(self.default);
        }
        if response.dragged() {
            let motion = response.drag_delta();
            let fine = if ui.input(|input| input.modifiers.shift) { FINE } else { 1.0 };
            // The exact place is kept apart from the rounded value, else slow movements would round to nothing.
            let place = ui.data(|data| data.get_temp(response.id)).filter(|_| !response.drag_started());
            let place = place.unwrap_or(self.part(self.value)) + (motion.x - motion.y) / TRAVEL * fine;
            let place = place.clamp(0.0, 1.0);
            ui.data_mut(|data| data.insert_temp(response.id, place));
            return Some(self.rounded(self.at(place)));
        }
        if let Some(value) = requested(ui, response) {
            return Some(self.rounded(value));
        }
        let steps = key_steps(ui, response) + wheel_steps(ui, response);
        (steps != 0.0).then(|| match self.dial {
            Dial::Linear => self.rounded(self.value + steps * self.step),
            Dial::Logarithmic => self.rounded(self.at(self.part(self.value) + steps * PART)),
        })
    }

    /// How far up a value lies, 0 to 1.
    fn part(&self, value: f32) -> f32 {
        let (low, high) = (*self.range.start(), *self.range.end());
        match self.dial {
            Dial::Linear => (value - low) / (high - low),
            Dial::Logarithmic => (value / low).ln() / (high / low).ln(),
        }
    }

    /// The value that lies so far up.
    fn at(&self, part: f32) -> f32 {
        let (low, high) = (*self.range.start(), *self.range.end());
        match self.dial {
            Dial::Linear => low + part * (high - low),
            Dial::Logarithmic => low * (high / low).powf(part),
        }
    }

    fn rounded(&self, value: f32) -> f32 {
        let steps = (value / self.step).round();
        // Dividing by the inverse lands on the float that the decimal number would be read as.
        let value = steps / (1.0 / self.step).round();
        // What stands for the model's own choice is easily found again.
        if self.dial == Dial::Logarithmic && (value / self.default - 1.0).abs() < 0.02 {
            return self.default;
        }
        value.clamp(*self.range.start(), *self.range.end())
    }

    fn describe(&self, ui: &Ui, response: &Response, value: f32) {
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_min_numeric_value(f64::from(*self.range.start()));
            node.set_max_numeric_value(f64::from(*self.range.end()));
            node.set_numeric_value_step(f64::from(self.step));
            node.set_numeric_value(f64::from(value));
            [Action::SetValue, Action::Increment, Action::Decrement]
                .into_iter()
                .for_each(|action| node.add_action(action));
        });
    }

    fn paint(&self, ui: &Ui, palette: &Palette, rect: Rect, response: &Response, value: f32) {
        let painter = ui.painter();
        let centre = pos2(rect.left() + DIAL / 2.0 + 2.0, rect.center().y + 2.0);
        let part = self.part(value);
        let lit = response.hovered() || response.dragged() || response.has_focus();
        let radius = DIAL / 2.0;
        painter.circle_filled(centre, radius - 5.0, if lit { palette.field_hovered } else { palette.field });
        arc(painter, centre, radius - 1.5, 1.0, Stroke::new(3.0, palette.line_strong));
        arc(painter, centre, radius - 1.5, part, Stroke::new(3.0, palette.answer));
        let tip = direction(part);
        painter.line_segment(
            [centre + tip * (radius - 13.0), centre + tip * (radius - 6.5)],
            Stroke::new(2.0, palette.text),
        );
        let left = rect.left() + DIAL + 8.0;
        let name = theme::line(painter, self.name, theme::small(), palette.text_weak, rect.right() - left);
        painter.galley(pos2(left, rect.top()), name, palette.text_weak);
        let room = rect.right() - left;
        let number = match self.text {
            Some((long, short)) => {
                let lay_out = |text: &str| theme::line(painter, text, theme::small(), palette.text, room);
                Some(lay_out(long)).filter(|line| !line.elided).unwrap_or_else(|| lay_out(short))
            }
            None => painter.layout_no_wrap(format!("{value:.2}"), theme::strong(15.0), palette.text),
        };
        let field_middle = rect.bottom() - theme::FIELD / 2.0;
        painter.galley(pos2(left, field_middle - number.size().y / 2.0), number, palette.text);
        if response.has_focus() {
            theme::focus_ring(painter, rect, palette);
        }
    }
}

/// Steps by the arrow keys while the knob has the focus, and those that a screen reader asks for.
fn key_steps(ui: &Ui, response: &Response) -> f32 {
    let asked = |action| ui.input(|input| input.num_accesskit_action_requests(response.id, action)) as f32;
    let asked = asked(Action::Increment) - asked(Action::Decrement);
    if !response.has_focus() {
        return asked;
    }
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    ui.input(|input| {
        let presses = |key| input.num_presses(key) as f32;
        let small = presses(Key::ArrowUp) + presses(Key::ArrowRight);
        let small = small - presses(Key::ArrowDown) - presses(Key::ArrowLeft);
        asked + small + 10.0 * (presses(Key::PageUp) - presses(Key::PageDown))
    })
}

/// Steps by the wheel while the mouse is over the knob.
fn wheel_steps(ui: &Ui, response: &Response) -> f32 {
    if !(response.hovered() && response.enabled()) {
        return 0.0;
    }
    let notch = |event: &Event| match event {
        Event::MouseWheel { delta, .. } if delta.y != 0.0 => delta.y.signum(),
        _ => 0.0,
    };
    ui.input(|input| input.events.iter().map(notch).sum())
}

/// What a screen reader asks for.
fn requested(ui: &Ui, response: &Response) -> Option<f32> {
    ui.input(|input| {
        let asked = input.accesskit_action_requests(response.id, Action::SetValue);
        asked
            .filter_map(|request| match request.data {
                Some(ActionData::NumericValue(value)) => Some(value as f32),
                _ => None,
            })
            .last()
    })
}

/// Where the pointer of a knob shows when turned up by this part, 0 to 1.
fn direction(part: f32) -> egui::Vec2 {
    let angle = TAU * (0.25 + GAP / 2.0 + (1.0 - GAP) * part);
    vec2(angle.cos(), angle.sin())
}

fn arc(painter: &Painter, centre: Pos2, radius: f32, part: f32, stroke: Stroke) {
    let steps = (48.0 * part).ceil() as usize;
    if steps == 0 {
        return;
    }
    let point = |step: usize| centre + direction(part * step as f32 / steps as f32) * radius;
    painter.add(Shape::line((0..=steps).map(point).collect(), stroke));
}
