//! The menu of presets: those that ship, the user's own, and a field to keep the settings under a new name.

use egui::{
    Align, Align2, Button, CornerRadius, Id, Key, Layout, Margin, Popup, PopupCloseBehavior, Rect, Response,
    RichText, Role, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2,
};

use crate::panel::button::IconButton;
use crate::panel::gesture::Outgoing;
use crate::panel::icon::Icon;
use crate::panel::theme::{self, FIELD, GRID, Palette};
use crate::panel::{Action, PresetEntry, ViewModel};

/// Width of the button where there is room for a name, in points.
pub const WIDTH: f32 = 144.0;
/// Width of the menu.
const MENU: f32 = 248.0;
/// The longest name.
const LONGEST: usize = 64;

/// Draws the button into `rect`, and the menu under it while it is open.
pub fn show(ui: &Ui, palette: &Palette, rect: Rect, model: &mut ViewModel, outgoing: &mut Outgoing) {
    let chosen = model.presets.iter().find(|entry| Some(&entry.id) == model.preset.as_ref());
    let name = chosen.map_or("Presets", |entry| entry.name.as_str());
    let response = button(ui, palette, rect, name);
    let popup = Popup::menu(&response).width(MENU).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    popup.show(|ui| {
        ui.set_width(MENU);
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.spacing_mut().button_padding = vec2(GRID, 4.0);
        let presets = model.presets.clone();
        ScrollArea::vertical().max_height(280.0).show(ui, |ui| {
            for (factory, title) in [(true, "Factory"), (false, "Your own")] {
                let mut part = presets.iter().filter(|entry| entry.factory == factory).peekable();
                if part.peek().is_some() {
                    ui.label(RichText::new(title).font(theme::small()).color(palette.text_weak));
                }
                for entry in part {
                    item(ui, palette, entry, model, outgoing);
                }
            }
        });
        ui.separator();
        save_as(ui, palette, outgoing);
    });
}

fn button(ui: &Ui, palette: &Palette, rect: Rect, name: &str) -> Response {
    let response = ui.interact(rect, ui.scope_id().with("presets"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Presets"));
    let painter = ui.painter();
    let fill = if response.hovered() { palette.field_hovered } else { palette.field };
    painter.rect_filled(rect, CornerRadius::same(6), fill);
    if rect.width() > FIELD {
        Icon::Presets.paint(
            painter,
            pos2(rect.left() + 2.0 * GRID, rect.center().y),
            14.0,
            palette.text_weak,
        );
        let left = rect.left() + 3.5 * GRID;
        let text = theme::line(painter, name, theme::body(), palette.text, rect.right() - 4.0 - left);
        painter.galley(pos2(left, rect.center().y - text.size().y / 2.0), text, palette.text);
    } else {
        Icon::Presets.paint(painter, rect.center(), 16.0, palette.text);
    }
    if response.has_focus() {
        theme::focus_ring(painter, rect, palette);
    }
    response.on_hover_text(format!("{name}: settings to start from, and your own."))
}

/// One preset of the menu.
fn item(ui: &mut Ui, palette: &Palette, entry: &PresetEntry, model: &mut ViewModel, outgoing: &mut Outgoing) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        let room = ui.available_width() - if entry.factory { 0.0 } else { 28.0 };
        let chosen = model.preset.as_ref() == Some(&entry.id);
        let says = entry.problem.as_ref().unwrap_or(&entry.description);
        let show = |ui: &mut Ui| {
            ui.set_width(room);
            ui.add_enabled(
                entry.problem.is_none(),
                Button::selectable(chosen, entry.name.as_str()).truncate(),
            )
        };
        let size = vec2(room, 28.0);
        let response = ui.allocate_ui_with_layout(size, Layout::top_down_justified(Align::Min), show).inner;
        let response = if says.is_empty() {
            response
        } else {
            response.on_hover_text(says).on_disabled_hover_text(says)
        };
        if response.clicked() {
            model.preset = Some(entry.id.clone());
            outgoing.push(Action::LoadPreset(entry.id.clone()));
            ui.close();
        }
        if !entry.factory {
            let name = format!("Delete preset {}", entry.name);
            let cross = IconButton::new(Icon::Cross, &name, 26.0).show(ui, palette, true);
            if cross.on_hover_text(&name).clicked() {
                outgoing.push(Action::DeletePreset(entry.id.clone()));
            }
        }
    });
}

/// The field for a new name, with its button; Enter saves, too.
fn save_as(ui: &mut Ui, palette: &Palette, outgoing: &mut Outgoing) {
    let id = Id::unique("continuo: the name of a new preset");
    let mut name: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    ui.horizontal(|ui| {
        let edit = TextEdit::singleline(&mut name)
            .char_limit(LONGEST)
            .hint_text("Name of a new preset")
            .margin(Margin::symmetric(8, 0))
            .align(Align2::LEFT_CENTER)
            .background_color(palette.well)
            .min_size(vec2(MENU - 64.0, FIELD))
            .desired_width(MENU - 80.0);
        let field = ui.add(edit);
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let _ = field.accessible_name("Name of a new preset");
        let named = !name.trim().is_empty();
        let save = ui.add_enabled(named, Button::new("Save")).accessible_name("Save preset");
        let says = "Keeps all knobs under this name, as a file of your own.";
        let clicked = save.on_hover_text(says).on_disabled_hover_text("Write a name first.").clicked();
        if named && (entered || clicked) {
            outgoing.push(Action::SavePreset(name.trim().to_owned()));
            name.clear();
            ui.close();
        }
    });
    ui.data_mut(|data| data.insert_temp(id, name));
}
