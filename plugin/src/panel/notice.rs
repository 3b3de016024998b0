//! Sentences that must be read: what is wrong, and what to do about it.

use std::sync::Arc;

use egui::{CornerRadius, Galley, Rect, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2};

use generator::Knob;

use super::button::IconButton;
use super::gesture::Outgoing;
use super::icon::Icon;
use super::theme::{self, GRID, Palette};
use super::{Action, ViewModel, Work};
use crate::task_choice;

/// Space between a notice's edge and its text, in points.
const PADDING: f32 = GRID;
/// Left of the text: the icon.
const INDENT: f32 = 4.0 * GRID;

/// A sentence and how high it is in the panel's width.
pub struct Notice {
    text: Arc<Galley>,
    kind: Kind,
    sentence: String,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Something is wrong, and stays so until it is mended.
    Standing,
    /// Something went wrong.
    Problem,
    /// Something went well.
    News,
}

impl Kind {
    /// The name of the button that puts it away, and what that sends.
    fn dismissal(self) -> Option<(&'static str, Action)> {
        match self {
            Kind::Standing => None,
            Kind::Problem => Some(("Dismiss", Action::DismissProblem)),
            Kind::News => Some(("Dismiss the news", Action::DismissNews)),
        }
    }
}

impl Notice {
    /// What must be said about the model, at most `most` sentences, the most pressing first; laid out for a width in
    /// points.
    pub fn all(ui: &Ui, palette: &Palette, model: &ViewModel, width: f32, most: usize) -> Vec<Notice> {
        let lay_out = |(sentence, kind): (String, Kind)| {
            let room = width - INDENT - PADDING - if kind.dismissal().is_some() { 4.0 * GRID } else { 0.0 };
            let text = ui.painter().layout(sentence.clone(), theme::body(), palette.text, room);
            Notice { text, kind, sentence }
        };
        sentences(model).into_iter().take(most).map(lay_out).collect()
    }

    /// Its height in points.
    pub fn height(&self) -> f32 {
        (self.text.size().y + 2.0 * PADDING).max(4.0 * GRID)
    }

    /// Draws it into `rect`.
    pub fn show(self, ui: &mut Ui, palette: &Palette, rect: Rect, outgoing: &mut Outgoing) {
        let painter = ui.painter();
        let (icon, colour, ground) = match self.kind {
            Kind::News => (Icon::Done, palette.news, palette.news_ground),
            Kind::Standing | Kind::Problem => (Icon::Problem, palette.problem, palette.problem_ground),
        };
        painter.rect_filled(rect, CornerRadius::same(6), ground);
        painter.rect_stroke(rect, CornerRadius::same(6), Stroke::new(1.0, colour), StrokeKind::Inside);
        icon.paint(painter, pos2(rect.left() + INDENT / 2.0, rect.top() + PADDING + 8.0), 14.0, colour);
        let top = rect.center().y - self.text.size().y / 2.0;
        let text = Rect::from_min_size(pos2(rect.left() + INDENT, top), self.text.size());
        let response = ui.allocate_rect(text, egui::Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, self.sentence.clone()));
        ui.painter().galley(text.min, self.text, palette.text);
        if let Some((name, action)) = self.kind.dismissal() {
            let side = 3.0 * GRID;
            let corner = pos2(rect.right() - side - 4.0, rect.top() + 4.0);
            let place = Rect::from_min_size(corner, vec2(side, side));
            ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
                let cross = IconButton::new(Icon::Cross, name, side).show(ui, palette, true);
                if cross.on_hover_text("I have read it.").clicked() {
                    outgoing.push(action);
                }
            });
        }
    }
}

/// Each sentence, and what it is about.
fn sentences(model: &ViewModel) -> Vec<(String, Kind)> {
    let mut sentences = Vec::new();
    if let Work::Problem(sentence) = &model.work {
        sentences.push((capitalised(sentence), Kind::Problem));
    }
    if model.honours(Knob::Chord)
        && let Some(problem) = model.settings.chord_problem()
    {
        sentences.push((capitalised(&problem), Kind::Standing));
    }
    sentences.extend(
        model_problem(model).or_else(|| task_problem(model)).map(|sentence| (sentence, Kind::Standing)),
    );
    if let Some(problem) = model.standalone.as_ref().and_then(|standalone| standalone.problem.as_ref()) {
        sentences.push((capitalised(problem), Kind::Problem));
    }
    sentences.extend(model.news.as_deref().map(|news| (capitalised(news), Kind::News)));
    sentences
}

/// Why the chosen model cannot answer.
pub fn model_problem(model: &ViewModel) -> Option<String> {
    match model.chosen() {
        Some(entry) => entry.problem.as_deref().map(capitalised),
        None if model.models.is_empty() => Some(
            "No model is installed, so there is nobody to answer: install Continuo again, or put a model pack into \
             your models folder. What you play still goes through."
                .to_owned(),
        ),
        None => Some(format!(
            "The model \"{}\" of this project is not installed: choose another one above, or install its pack.",
            model.settings.model
        )),
    }
}

/// Why the chosen model does not do the chosen task.
pub fn task_problem(model: &ViewModel) -> Option<String> {
    let task = model.settings.task;
    let entry = model.chosen().filter(|entry| entry.problem.is_none() && !entry.tasks.contains(&task))?;
    let able = model.models.iter().filter(|entry| entry.problem.is_none() && entry.tasks.contains(&task));
    let able: Vec<&str> = able.map(|entry| entry.name.as_str()).collect();
    Some(task_choice::refusal(&entry.name, task, &able))
}

/// Errors begin small, as they may stand inside other sentences.
fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let end = if sentence.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
