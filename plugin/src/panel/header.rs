//! The top line: the product's name, the model, presets, two sets of settings, undo, and what the transport does.

mod commands;
mod presets;
mod sides;

use egui::{ComboBox, Rect, Response, Ui, UiBuilder, pos2, vec2};

use super::gesture::Outgoing;
use super::icon;
use super::theme::{self, FIELD, GRID, Palette};
use super::{ModelEntry, Setting, ViewModel, tasks, transport};
use crate::task_choice;

/// Width of the model's menu, in points.
const MENU: f32 = 184.0;
/// The same where much else stands beside it.
const NARROW_MENU: f32 = 128.0;
/// Width of the menu of tasks, where they have no line of their own.
const TASKS: f32 = 104.0;
/// The window width from which everything has a place of its own, in a host; the standalone's transport takes more.
const ROOMY: f32 = 800.0;
const ROOMY_ALONE: f32 = 1_080.0;
/// The width below which the standalone's tasks leave no room for the mark.
const TIGHT: f32 = 720.0;
/// Widths of the two menus then.
const TIGHT_MENUS: (f32, f32) = (108.0, 96.0);
/// The room from which the model's description is written.
const DESCRIBED: f32 = 240.0;

/// Draws the header into `rect`; where the tasks have no line of their own, they stand in it as a menu.
pub fn show(
    ui: &mut Ui,
    palette: &Palette,
    rect: Rect,
    with_tasks: bool,
    model: &mut ViewModel,
    outgoing: &mut Outgoing,
) {
    let alone = model.standalone.is_some();
    let roomy = rect.width() >= if alone { ROOMY_ALONE } else { ROOMY };
    let tight = alone && with_tasks && rect.width() < TIGHT;
    let middle = rect.center().y;
    let mut left = rect.left();
    if !tight {
        icon::paint_mark(ui.painter(), pos2(left, middle), palette.prompt, palette.answer);
        left += 32.0;
    }
    if roomy {
        let name = ui.painter().layout_no_wrap("Continuo".to_owned(), theme::strong(18.0), palette.text);
        let right = ((left + name.size().x) / GRID).ceil() * GRID + 2.0 * GRID;
        ui.painter().galley(pos2(left, middle - name.size().y / 2.0), name, palette.text);
        left = right;
    }
    let mut take = |width: f32, gap: f32| {
        let place = Rect::from_min_size(pos2(left, middle - FIELD / 2.0), vec2(width, FIELD));
        left = place.right() + gap;
        place
    };
    let (menu, tasks) = if tight { TIGHT_MENUS } else { (NARROW_MENU, TASKS) };
    let width = if with_tasks { menu } else { MENU };
    let place = UiBuilder::new().max_rect(take(width, GRID));
    ui.scope_builder(place, |ui| choose_model(ui, palette, width, model, outgoing));
    if with_tasks {
        let place = UiBuilder::new().max_rect(take(tasks, GRID));
        ui.scope_builder(place, |ui| tasks::menu(ui, tasks, model, outgoing));
    }
    let width = if roomy { presets::WIDTH } else { FIELD };
    presets::show(ui, palette, take(width, if roomy { GRID } else { 4.0 }), model, outgoing);
    sides::show(ui, palette, take(sides::WIDTH, 4.0), model, outgoing);
    if roomy {
        sides::copy(ui, palette, take(FIELD, 2.0 * GRID), model, outgoing);
    }

    let transport_left = transport::show(ui, palette, rect, model, outgoing);
    let room = rect.with_max_x(transport_left - if roomy { 2.0 * GRID } else { GRID });
    let end = commands::show(ui, palette, room, roomy, model, outgoing);
    let description = Rect::from_x_y_ranges(left..=(end - 2.0 * GRID).max(left), rect.y_range());
    if description.width() >= DESCRIBED {
        let text = model.chosen().map_or("", |entry| entry.description.as_str());
        let text = theme::line(ui.painter(), text, theme::body(), palette.text_weak, description.width());
        ui.painter().galley(pos2(left, middle - text.size().y / 2.0), text, palette.text_weak);
    }
}

fn choose_model(
    ui: &mut Ui,
    palette: &Palette,
    width: f32,
    model: &mut ViewModel,
    outgoing: &mut Outgoing,
) -> Response {
    let chosen = model.chosen().map_or_else(
        || if model.settings.model.is_empty() { "No model" } else { &model.settings.model },
        |entry| &entry.name,
    );
    let mut picked = None;
    let combo = ComboBox::from_id_salt("model").width(width).truncate().selected_text(chosen);
    let response = combo.show_ui(ui, |ui| {
        ui.set_min_width(MENU);
        for entry in &model.models {
            if model_item(ui, palette, entry, entry.id == model.settings.model).clicked() {
                picked = Some(entry.id.clone());
            }
        }
    });
    if let Some(id) = picked.filter(|id| *id != model.settings.model) {
        model.settings.model.clone_from(&id);
        outgoing.set(Setting::Model(id));
        keep_to_its_tasks(model, outgoing);
    }
    response.response.accessible_name("Model").on_hover_text(
        "The network that answers. Each was taught with other music, and has its own way of going on.",
    )
}

/// Another model was chosen: a task that it cannot do gives way to the one that it is best at.
fn keep_to_its_tasks(model: &mut ViewModel, outgoing: &mut Outgoing) {
    let Some(entry) = model.chosen().filter(|entry| !entry.tasks.contains(&model.settings.task)) else {
        return;
    };
    if let Some(first) = entry.tasks.iter().copied().find(|task| task_choice::number(*task).is_some()) {
        model.settings.task = first;
        outgoing.set(Setting::Task(first));
    }
}

fn model_item(ui: &mut Ui, palette: &Palette, entry: &ModelEntry, chosen: bool) -> Response {
    let usable = entry.problem.is_none();
    let name = if usable { entry.name.clone() } else { format!("{} (cannot be used)", entry.name) };
    let item = ui.selectable_label(chosen, name);
    let about = entry.problem.as_deref().unwrap_or(&entry.description);
    let colour = if usable { palette.text } else { palette.problem };
    item.on_hover_ui(|ui| {
        ui.colored_label(colour, about);
    })
}
