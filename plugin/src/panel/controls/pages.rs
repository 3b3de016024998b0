//! The tabs of the controls' pages: names in a column, or icons in a block where there is one row.

use egui::{CornerRadius, Id, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::arrangement::{Arrangement, HEIGHT};
use crate::panel::icon::Icon;
use crate::panel::theme::{self, GRID, Palette};

/// Width of a column of names, in points.
pub const COLUMN: f32 = 112.0;
/// Width of a line of names.
pub const LINE: f32 = 3.0 * COLUMN + 8.0;
/// Width of a block of icons: three abreast, two rows.
pub const BLOCK: f32 = 76.0;
/// A row that is free, in points.
const FREE: f32 = 40.0;
/// Side of an icon in the block.
const SIDE: f32 = 24.0;

/// A page of controls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Page {
    /// What its tab is called.
    pub name: &'static str,
    /// Its tab's picture.
    pub icon: Icon,
    /// What is on it.
    pub says: &'static str,
    /// Whether it is the one that is shown.
    pub chosen: bool,
}

/// The pages of what is played, as many of them as are needed.
pub const NOTES: [Page; 4] = [
    page("Notes", Icon::Note, "What is played: how much, how daring, how long."),
    page("Harmony", Icon::Chord, "What it is played in: chords, key, style, seed."),
    page("More", Icon::More, "The rest of what shapes the answer."),
    page("Yet more", Icon::More, "The rest of what shapes the answer."),
];
/// The page of where answers go.
pub const OUTPUT: Page = page(
    "Output",
    Icon::Out,
    "Where the answer goes: beside or instead of what you play, when, on which channel.",
);
/// The page of asking without the mouse.
pub const HANDS_FREE: Page =
    page("Hands-free", Icon::HandsFree, "Asking while you play: by a pause, a key or a controller.");

const fn page(name: &'static str, icon: Icon, says: &'static str) -> Page {
    Page { name, icon, says, chosen: false }
}

fn id() -> Id {
    Id::unique("continuo: the page of the controls")
}

/// The name of the page that was chosen last.
pub fn chosen(ui: &Ui) -> &'static str {
    ui.data(|data| data.get_temp(id())).unwrap_or(NOTES[0].name)
}

/// Draws the tabs at their place in `rect`.
pub fn show(ui: &Ui, palette: &Palette, rect: Rect, arrangement: &Arrangement) {
    let room = arrangement.tabs.translate(rect.min.to_vec2());
    let iconic = room.width() <= BLOCK;
    let in_line = room.width() >= LINE;
    let step =
        if iconic { SIDE + 2.0 } else { (room.height() + 4.0) / arrangement.pages.len().max(1) as f32 };
    let top = if iconic { room.center().y - HEIGHT / 2.0 } else { room.top() };
    let abreast = if arrangement.pages.len() <= 4 { 2 } else { 3 };
    for (index, page) in arrangement.pages.iter().enumerate() {
        let place = if iconic {
            let (column, row) = ((index % abreast) as f32, (index / abreast) as f32);
            Rect::from_min_size(pos2(room.left() + step * column, top + SIDE * row), vec2(SIDE, SIDE))
        } else if in_line {
            let left = room.left() + (COLUMN + 4.0) * index as f32;
            Rect::from_min_size(pos2(left, room.bottom() - theme::FIELD), vec2(COLUMN, theme::FIELD))
        } else {
            let height = (step - 4.0).min(28.0);
            let top = top + (height + 4.0) * index as f32;
            Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), height))
        };
        if tab(ui, palette, place, page, iconic).clicked() {
            ui.data_mut(|data| data.insert_temp(id(), page.name));
        }
    }
}

fn tab(ui: &Ui, palette: &Palette, rect: Rect, page: &Page, iconic: bool) -> Response {
    let response = ui.interact(rect, ui.scope_id().with(("page", page.name)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, page.chosen, page.name));
    let painter = ui.painter();
    let ink = if page.chosen { palette.text } else { palette.text_weak };
    if page.chosen || response.hovered() {
        painter.rect_filled(rect, CornerRadius::same(6), palette.field);
    }
    if iconic {
        page.icon.paint(painter, rect.center(), 14.0, ink);
    } else {
        page.icon.paint(painter, pos2(rect.left() + 2.0 * GRID, rect.center().y), 14.0, ink);
        let font = if page.chosen { theme::strong(13.0) } else { theme::body() };
        let left = rect.left() + 3.5 * GRID;
        let name = theme::line(painter, page.name, font, ink, rect.right() - left);
        painter.galley(pos2(left, rect.center().y - name.size().y / 2.0), name, ink);
    }
    if response.has_focus() {
        theme::focus_ring(painter, rect, palette);
    }
    response.on_hover_text(if iconic {
        format!("{}: {}", page.name, page.says)
    } else {
        page.says.to_owned()
    })
}

/// Says what the shown page is for, where it leaves a row free.
pub fn explain(ui: &Ui, palette: &Palette, rect: Rect, arrangement: &Arrangement) {
    let bottom = arrangement.places.iter().map(|(_, rect)| rect.bottom()).fold(0.0, f32::max);
    let Some(page) = arrangement.pages.iter().find(|page| page.chosen) else { return };
    let Some((_, first)) = arrangement.places.first() else { return };
    if arrangement.height() - bottom < FREE {
        return;
    }
    let corner = pos2(rect.left() + first.left(), rect.top() + bottom + 2.0 * GRID);
    let line =
        theme::line(ui.painter(), page.says, theme::body(), palette.text_weak, rect.right() - corner.x);
    ui.painter().galley(corner, line, palette.text_weak);
}
