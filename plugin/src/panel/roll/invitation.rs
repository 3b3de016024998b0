//! What to do first, where there is nothing to see yet.

use egui::{CornerRadius, Rect, pos2, vec2};
use generator::Task;

use super::Roll;
use crate::panel::tasks::verb;
use crate::panel::theme::{self, GRID};

impl Roll<'_> {
    /// Says what the task needs before it can answer.
    pub(super) fn invitation(&self) {
        let (model, lanes) = (self.model, self.layout.lanes);
        let task = model.settings.task;
        if model.answer().is_some() {
            return;
        }
        if task == Task::Morph {
            let place = lanes.with_min_x(self.scale.x(self.scale.answer_start));
            self.invite(
                if model.heard.is_empty() { lanes } else { place },
                "There is no answer yet to morph to",
                "Let another task or model answer first, then Morph leads to that.",
            );
        } else if task == Task::Fresh && model.heard.is_empty() {
            self.invite(
                lanes,
                "Press Fresh for a melody from nothing",
                "Play first if you like: the melody takes over your key and meter.",
            );
        } else if task == Task::Fill && !model.heard.is_empty() && model.taken.is_empty() {
            // At the top, where it hides few of the notes that it is about.
            self.invite(
                lanes.with_max_y(lanes.top() + lanes.height().min(88.0)),
                "Drag over the bars to fill",
                "They are written anew, to lead from what is before them to what follows.",
            );
        } else if model.heard.is_empty() {
            let how = if model.standalone.is_some() {
                "Click the keys below, use your computer's keyboard, or plug in a MIDI keyboard."
            } else {
                match task {
                    Task::Continue => {
                        "Continuo hears what this track plays, and goes on in the same key and tempo."
                    }
                    _ => "Continuo hears what this track plays.",
                }
            };
            let asks = verb(task).trim_end_matches('?');
            self.invite(lanes, &format!("Play a few bars, then press {asks}"), how);
        }
    }

    /// Writes an emphasised line and an explanation on a card in the middle of `place`.
    fn invite(&self, place: Rect, what: &str, how: &str) {
        let width = (place.width() - 4.0 * GRID).min(560.0);
        let big = if place.height() < 96.0 || width < 360.0 { 15.0 } else { 20.0 };
        let what = theme::line(self.painter, what, theme::strong(big), self.palette.text, width);
        let how = theme::centred(self.painter, how, theme::body(), self.palette.text_weak, width);
        let size = vec2(what.size().x.max(how.size().x), what.size().y + GRID + how.size().y);
        let card = Rect::from_center_size(place.center(), size + vec2(4.0, 2.0) * GRID);
        self.painter.rect_filled(card, CornerRadius::same(8), self.palette.well.gamma_multiply(0.94));
        let top = place.center().y - size.y / 2.0;
        let lower = top + what.size().y + GRID;
        self.painter.galley(pos2(place.center().x - what.size().x / 2.0, top), what, self.palette.text);
        self.painter.galley(pos2(place.center().x, lower), how, self.palette.text_weak);
    }
}
