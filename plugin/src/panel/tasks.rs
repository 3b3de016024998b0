//! The tasks that can be done, as tabs, with a line on the one that is chosen.

use egui::{
    ComboBox, CornerRadius, Rect, Response, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use generator::Task;

use super::gesture::Outgoing;
use super::theme::{self, GRID, Palette};
use super::{ModelEntry, Setting, ViewModel};
use crate::task_choice;

/// What a task is called on its tab.
pub fn name(task: Task) -> &'static str {
    match task {
        Task::Next => "Next note",
        task => verb(task),
    }
}

/// What the button says that does it.
pub fn verb(task: Task) -> &'static str {
    match task {
        Task::Continue => "Continue",
        Task::Vary => "Vary",
        Task::Next => "What next?",
        Task::Fresh => "Fresh",
        Task::Morph => "Morph",
        Task::Fill => "Fill",
    }
}

/// What a task does, in one line.
pub fn explanation(task: Task) -> &'static str {
    match task {
        Task::Continue => "Goes on from what you played, in your key and tempo.",
        Task::Vary => "Gives phrases like yours to choose from, the most alike first.",
        Task::Next => "Lists the notes that could come next, the likeliest first.",
        Task::Fresh => "Makes up melodies of its own to choose from; you need not play.",
        Task::Morph => "Walks in steps from what you played to the answer that is shown.",
        Task::Fill => "Drag over the bars to fill: they will lead on to what follows.",
    }
}

/// The tasks that some model here can do, in the order of their tabs.
fn offered(model: &ViewModel) -> impl Iterator<Item = Task> + '_ {
    task_choice::TASKS.into_iter().filter(|task| doers(model, *task).next().is_some())
}

/// The models that can be used and do a task.
fn doers(model: &ViewModel, task: Task) -> impl Iterator<Item = &ModelEntry> {
    model.models.iter().filter(move |entry| entry.problem.is_none() && entry.tasks.contains(&task))
}

/// The model that takes over where the chosen one cannot do a task: one that is best at it, or else the first.
fn successor(model: &ViewModel, task: Task) -> Option<&ModelEntry> {
    if doers(model, task).any(|entry| entry.id == model.settings.model) {
        return None;
    }
    doers(model, task).find(|entry| entry.tasks.first() == Some(&task)).or_else(|| doers(model, task).next())
}

/// Chooses a task, and where the chosen model cannot do it a model that can.
fn choose(task: Task, model: &mut ViewModel, outgoing: &mut Outgoing) {
    if let Some(id) = successor(model, task).map(|entry| entry.id.clone()) {
        model.settings.model.clone_from(&id);
        outgoing.set(Setting::Model(id));
    }
    model.settings.task = task;
    outgoing.set(Setting::Task(task));
}

/// What a tab says of its task, and of the model that would do it.
fn says(model: &ViewModel, task: Task) -> String {
    match successor(model, task) {
        Some(entry) => format!("{} {} does it.", explanation(task), entry.name),
        None => explanation(task).to_owned(),
    }
}

/// Draws the tabs from the left of `rect`, and the line on the chosen task where there is room for it.
pub fn show(ui: &mut Ui, palette: &Palette, rect: Rect, model: &mut ViewModel, outgoing: &mut Outgoing) {
    let tasks: Vec<Task> = offered(model).collect();
    let mut left = rect.left();
    for task in &tasks {
        let chosen = *task == model.settings.task;
        let tab = Tab { task: *task, chosen, palette };
        let place = Rect::from_min_max(pos2(left, rect.top()), rect.max);
        let response = ui.scope_builder(UiBuilder::new().max_rect(place), |ui| tab.show(ui)).inner;
        left = response.rect.right() + 4.0;
        if response.on_hover_text(says(model, *task)).clicked() {
            choose(*task, model, outgoing);
        }
    }
    let room = Rect::from_min_max(pos2(left + 1.5 * GRID, rect.top()), rect.max);
    if tasks.contains(&model.settings.task) && room.width() >= LEAST_ROOM {
        explain(ui, palette, room, explanation(model.settings.task));
    }
}

/// The tasks as a menu of `width` points, for a panel without a line to spare for tabs.
pub fn menu(ui: &mut Ui, width: f32, model: &mut ViewModel, outgoing: &mut Outgoing) {
    let tasks: Vec<Task> = offered(model).collect();
    let mut picked = None;
    let combo =
        ComboBox::from_id_salt("task").width(width).truncate().selected_text(name(model.settings.task));
    let response = combo.show_ui(ui, |ui| {
        for task in tasks {
            let item = ui.selectable_label(task == model.settings.task, name(task));
            if item.on_hover_text(says(model, task)).clicked() {
                picked = Some(task);
            }
        }
    });
    response.response.accessible_name("Task").on_hover_text(explanation(model.settings.task));
    if let Some(task) = picked {
        choose(task, model, outgoing);
    }
}

/// The narrowest place that a line is written into, in points.
const LEAST_ROOM: f32 = 160.0;

fn explain(ui: &mut Ui, palette: &Palette, room: Rect, says: &str) {
    let line = theme::line(ui.painter(), says, theme::body(), palette.text_weak, room.width());
    let place = Rect::from_min_size(pos2(room.left(), room.center().y - line.size().y / 2.0), line.size());
    let response = ui.allocate_rect(place, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, says));
    let elided = line.elided;
    ui.painter().galley(place.min, line, palette.text_weak);
    if elided {
        response.on_hover_text(says);
    }
}

/// One task while it is drawn.
struct Tab<'a> {
    task: Task,
    chosen: bool,
    palette: &'a Palette,
}

impl Tab<'_> {
    fn show(&self, ui: &mut Ui) -> Response {
        let palette = self.palette;
        let ink = if self.chosen { palette.text } else { palette.text_weak };
        let font = if self.chosen { theme::strong(13.0) } else { theme::body() };
        let text = theme::line(ui.painter(), name(self.task), font, ink, f32::INFINITY);
        // As wide as the emphasised name, so that nothing moves when another tab is chosen.
        let widest =
            theme::line(ui.painter(), name(self.task), theme::strong(13.0), ink, f32::INFINITY).size().x;
        let size = vec2(widest.ceil() + 2.5 * GRID, ui.max_rect().height());
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let spoken = format!("Task: {}", name(self.task));
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, self.chosen, &spoken));
        let lit = response.hovered() || response.is_pointer_button_down_on();
        let painter = ui.painter();
        if self.chosen || lit {
            painter.rect_filled(rect, CornerRadius::same(6), palette.field);
        }
        if self.chosen {
            let line = rect.shrink2(vec2(GRID, 0.0)).x_range();
            painter.hline(line, rect.bottom() - 1.0, Stroke::new(2.0, palette.answer));
        }
        painter.galley(rect.center() - text.size() / 2.0, text, ink);
        if response.has_focus() {
            theme::focus_ring(painter, rect, palette);
        }
        response
    }
}
