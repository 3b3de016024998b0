//! Two sets of settings to compare: a switch between them, and a copy from one to the other.

use egui::{Align2, CornerRadius, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo};

use crate::panel::button::IconButton;
use crate::panel::gesture::Outgoing;
use crate::panel::icon::Icon;
use crate::panel::theme::{self, FIELD, Palette};
use crate::panel::{Action, Side, ViewModel};

/// Width of the switch, in points.
pub const WIDTH: f32 = 56.0;

/// Draws the switch into `rect`.
pub fn show(ui: &Ui, palette: &Palette, rect: Rect, model: &mut ViewModel, outgoing: &mut Outgoing) {
    ui.painter().rect_filled(rect, CornerRadius::same(6), palette.field);
    let middle = rect.center().x;
    for (side, name, place) in
        [(Side::A, "A", rect.with_max_x(middle)), (Side::B, "B", rect.with_min_x(middle))]
    {
        let chosen = model.side == side;
        let response = ui.interact(place, ui.scope_id().with(("side", name)), Sense::click());
        let spoken = format!("Settings {name}");
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, &spoken));
        let painter = ui.painter();
        let inner = place.shrink(3.0);
        if chosen {
            painter.rect_filled(inner, CornerRadius::same(4), palette.prompt);
        } else if response.hovered() {
            painter.rect_filled(inner, CornerRadius::same(4), palette.field_hovered);
        }
        let ink = if chosen { palette.on_colour } else { palette.text_weak };
        painter.text(place.center(), Align2::CENTER_CENTER, name, theme::strong(13.0), ink);
        if response.has_focus() {
            theme::focus_ring(painter, place, palette);
        }
        let says = format!("Settings {name}: two sets of knobs to compare. Both are saved in the project.");
        if response.on_hover_text(says).clicked() && !chosen {
            model.side = side;
            outgoing.push(Action::SwitchSide(side));
        }
    }
}

/// Draws the button that copies into `rect`.
pub fn copy(ui: &mut Ui, palette: &Palette, rect: Rect, model: &ViewModel, outgoing: &mut Outgoing) {
    let (from, to) = if model.side == Side::A { ("A", "B") } else { ("B", "A") };
    let name = format!("Copy settings {from} to {to}");
    let button = IconButton::new(Icon::Copy, &name, FIELD);
    let response =
        ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| button.show(ui, palette, true)).inner;
    if response.on_hover_text(format!("{name}: then change one, and compare.")).clicked() {
        outgoing.push(Action::CopySide);
    }
}
