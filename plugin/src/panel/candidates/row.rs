//! One candidate of the list.

use egui::{Align2, CornerRadius, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use generator::{Candidate, Task};

use super::miniature::Scale;
use crate::panel::ViewModel;
use crate::panel::theme::{self, GRID, Palette};

/// Width of the place for the number or the note's name, in points.
const NAME: f32 = 32.0;
/// Width of the place for the figure, in points.
const FIGURE: f32 = 56.0;

/// One candidate while it is drawn.
pub struct Row<'a> {
    /// Its place in the list.
    pub index: usize,
    /// What it is.
    pub candidate: &'a Candidate,
    /// Whether it is the one that is shown and kept.
    pub chosen: bool,
    /// What was asked for.
    pub task: Task,
    /// The panel's colours.
    pub palette: &'a Palette,
    /// The axes of all rows.
    pub scale: &'a Scale,
    /// What else the panel shows.
    pub model: &'a ViewModel,
}

impl Row<'_> {
    /// Draws it over the whole width, `height` points high.
    pub fn show(&self, ui: &mut Ui, height: f32) -> Response {
        // Not focusable: the list is, and the arrow keys walk through it.
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::CLICK);
        let spoken = self.spoken();
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, self.chosen, &spoken));
        if ui.is_rect_visible(rect) {
            self.paint(ui, rect, response.hovered());
        }
        response.on_hover_text(format!(
            "{spoken}\nClick to hear it, or walk through the list with the arrow keys."
        ))
    }

    fn paint(&self, ui: &Ui, rect: Rect, hovered: bool) {
        let (painter, palette) = (ui.painter(), self.palette);
        let inner = rect.shrink2(vec2(3.0, if rect.height() < 20.0 { 0.0 } else { 1.0 }));
        if self.chosen || hovered {
            let fill = if hovered { palette.field_hovered } else { palette.field };
            painter.rect_filled(inner, CornerRadius::same(5), fill);
        }
        if self.chosen {
            let mark = Rect::from_min_size(inner.min + vec2(0.0, 3.0), vec2(3.0, inner.height() - 6.0));
            painter.rect_filled(mark, 1.5, palette.answer);
        }
        let ink = if self.chosen { palette.text } else { palette.text_weak };
        let font = if self.chosen { theme::strong(12.0) } else { theme::small() };
        let left = inner.left() + GRID;
        let middle = rect.center().y;
        painter.text(pos2(left, middle), Align2::LEFT_CENTER, self.name(), font.clone(), ink);
        let figure = self.figure();
        let right = inner.right() - 5.0;
        painter.text(pos2(right, middle), Align2::RIGHT_CENTER, figure, font, ink);
        let roll =
            Rect::from_x_y_ranges(left + NAME..=right - FIGURE, inner.shrink2(vec2(0.0, 2.0)).y_range());
        let colour = if self.chosen { palette.answer } else { palette.answer_unsure };
        self.scale.paint(painter, roll, &self.candidate.phrase, palette.prompt.gamma_multiply(0.6), colour);
    }

    /// Its number, or the name of a next note.
    fn name(&self) -> String {
        match self.task {
            Task::Next => self.note().unwrap_or_else(|| "rest".to_owned()),
            _ => (self.index + 1).to_string(),
        }
    }

    fn note(&self) -> Option<String> {
        self.candidate.phrase.notes().first().map(|note| note.pitch.to_string())
    }

    /// What sets it apart in a number: its chance, its likeness, or else its seed.
    fn figure(&self) -> String {
        match (self.task, self.candidate.probabilities.first(), self.candidate.similarity) {
            (Task::Next, Some(chance), _) => percent(*chance),
            (Task::Vary | Task::Morph, _, Some(similarity)) => format!("{similarity:.2}"),
            _ => format!("{:06}", self.candidate.seed),
        }
    }

    /// The row in words.
    fn spoken(&self) -> String {
        let (number, figure) = (self.index + 1, self.figure());
        let notes = self.candidate.phrase.notes().len();
        match (self.task, self.candidate.similarity) {
            (Task::Next, _) => {
                let length = self.candidate.phrase.length();
                format!("{} for {length} quarters, chance {figure}", self.name())
            }
            (Task::Vary, Some(_)) => format!("Phrase {number}: {notes} notes, likeness {figure} of 1"),
            (Task::Morph, Some(_)) => {
                let all = self.model.candidates.len();
                format!("Step {number} of {all}: {notes} notes, likeness {figure} of 1")
            }
            _ => format!("Melody {number}: {notes} notes, seed {figure}"),
        }
    }
}

/// A probability for people: whole percents, and less than one of them not as none.
fn percent(probability: f32) -> String {
    let percent = probability * 100.0;
    if percent > 0.0 && percent < 0.95 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}
