//! The status line: what the worker is doing, and the small print.

use egui::{Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use super::icon::Icon;
use super::theme::{self, GRID, Palette};
use super::{ViewModel, Work};

/// Draws two lines, and an icon before them, into `rect`.
pub fn show(ui: &mut Ui, palette: &Palette, rect: Rect, model: &ViewModel) {
    let status = Status::of(model, palette);
    let response = ui.allocate_rect(rect, Sense::hover());
    let spoken = format!("{}. {}", status.what, status.detail);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken.clone()));
    let painter = ui.painter_at(rect);
    let centre = pos2(rect.left() + GRID, rect.center().y);
    match &model.work {
        Work::Generating { elapsed } => spinner(&painter, centre, elapsed.as_secs_f32(), palette),
        _ => status.icon.paint(&painter, centre, 16.0, status.colour),
    }
    let left = rect.left() + 3.0 * GRID;
    let width = rect.right() - left;
    let what = theme::line(&painter, &status.what, theme::strong(13.0), palette.text, width);
    let detail = theme::line(&painter, &status.detail, theme::small(), palette.text_weak, width);
    let elided = what.elided || detail.elided;
    let below = if status.detail.is_empty() { 0.0 } else { detail.size().y + 2.0 };
    let top = rect.center().y - (what.size().y + below) / 2.0;
    let lower = top + what.size().y + 2.0;
    painter.galley(pos2(left, top), what, palette.text);
    painter.galley(pos2(left, lower), detail, palette.text_weak);
    if elided {
        response.on_hover_text(spoken);
    }
}

/// What the status line says.
struct Status {
    icon: Icon,
    colour: Color32,
    what: String,
    detail: String,
}

impl Status {
    fn of(model: &ViewModel, palette: &Palette) -> Status {
        let (icon, colour, what, detail) = match &model.work {
            Work::Idle if model.heard.is_empty() => {
                (Icon::Quiet, palette.text_weak, "Ready".to_owned(), "Nothing heard yet".to_owned())
            }
            Work::Idle => (Icon::Quiet, palette.text_weak, "Ready".to_owned(), heard(model)),
            Work::Listening => (Icon::Hearing, palette.prompt, "Listening".to_owned(), heard(model)),
            Work::Generating { elapsed } => (
                Icon::Quiet,
                palette.answer,
                "Thinking of an answer".to_owned(),
                format!("{:.1} s so far; Stop gives it up", elapsed.as_secs_f32()),
            ),
            Work::Answered { took } => {
                let took = match took.as_millis() {
                    0 => "less than 1 ms".to_owned(),
                    millis @ 1..1000 => format!("{millis} ms"),
                    millis => format!("{:.1} s", millis as f64 / 1000.0),
                };
                (Icon::Done, palette.answer, format!("Answered in {took}"), answered(model))
            }
            Work::Problem(_) => {
                let detail = "The sentence above says why".to_owned();
                (Icon::Problem, palette.problem, "That did not work".to_owned(), detail)
            }
        };
        let detail = [Some(detail), lost(model), backend(model)].into_iter().flatten();
        Status { icon, colour, what, detail: detail.collect::<Vec<_>>().join(" · ") }
    }
}

fn heard(model: &ViewModel) -> String {
    format!("Heard {} in {}", counted(model.heard.notes().len(), "note"), counted(model.heard.bars(), "bar"))
}

fn answered(model: &ViewModel) -> String {
    let Some(answer) = model.answer() else { return String::new() };
    let notes = counted(answer.phrase.notes().len(), "note");
    let told = match answer.similarity {
        Some(similarity) => format!("{notes}, likeness {similarity:.2}"),
        None => format!("{notes}, seed {:06}", answer.seed),
    };
    match model.candidates.len() {
        0..=1 => told,
        several => format!("{} of {several}: {told}", model.auditioned + 1),
    }
}

fn lost(model: &ViewModel) -> Option<String> {
    let lost = usize::try_from(model.dropped_events).unwrap_or(usize::MAX);
    (lost > 0).then(|| format!("{} lost: too many at once", counted(lost, "event")))
}

fn backend(model: &ViewModel) -> Option<String> {
    model
        .standalone
        .as_ref()
        .map(|standalone| standalone.backend.clone())
        .filter(|backend| !backend.is_empty())
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Three dots that light up one after the other.
fn spinner(painter: &egui::Painter, centre: egui::Pos2, seconds: f32, palette: &Palette) {
    for dot in 0..3 {
        let phase = (seconds * 1.5 - dot as f32 / 3.0).rem_euclid(1.0);
        let colour = palette.line_strong.lerp_to_gamma(palette.answer, (1.0 - phase).powi(2));
        painter.circle_filled(centre + egui::vec2(6.0 * (dot as f32 - 1.0), 0.0), 2.5, colour);
    }
}
