//! The phrases that the user likes.

use egui::{Key, Modifiers, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, vec2};

use super::{list::List, vacancy};
use crate::panel::gesture::{self, Outgoing};
use crate::panel::grid::Grid;
use crate::panel::icon::Icon;
use crate::panel::miniature::Axes;
use crate::panel::row::Row;
use crate::panel::theme::Palette;
use crate::panel::tile::Tile;
use crate::panel::{Action, Export, Piece, Sounds, ViewModel};

/// The biggest card, in points.
const MOST: Vec2 = vec2(240.0, 112.0);
/// What is said of a phrase whose model is gone.
const ORPHANED: &str = "Its model is not installed: it can be played and kept, but no more like it be made.";

/// Draws them into `rect`, and the buttons for the chosen one into `bar`.
pub fn show(
    ui: &mut Ui,
    palette: &Palette,
    rect: Rect,
    bar: Rect,
    least: Vec2,
    model: &ViewModel,
    outgoing: &mut Outgoing,
) {
    let count = model.favourites.len();
    let list = List::begin(ui, rect, "favourites", &format!("{count} favourite phrases"));
    let Some(chosen) = list.chosen(ui, count) else {
        return vacancy::show(ui, palette, rect, vacancy::FAVOURITES);
    };
    let grid = Grid::fit(rect.size(), count, least, MOST);
    let walked = list.walked(ui, grid, chosen, count);
    let mut played = walked;
    list.cards(ui, grid, count, walked, |ui, index, rect| {
        let Some(piece) = model.favourites.get(index) else { return };
        let sounds = model.sounds == Sounds::Favourite(index);
        let response = card(ui, palette, rect, piece, (index, index == chosen, sounds));
        if model.can_drag_out && gesture::dragged_out(ui, &response) {
            outgoing.push(Action::DragOut(Export::Favourite(index)));
        }
        if response.clicked() {
            played = Some(index);
        }
    });
    list.end(ui, palette);
    if let Some(index) = played {
        list.choose(ui, index);
        outgoing.push(Action::PlayFavourite { index });
    }
    buttons(ui, palette, bar, &list, chosen, model, outgoing);
}

/// Draws one; returns what the mouse does with it.
fn card(
    ui: &Ui,
    palette: &Palette,
    rect: Rect,
    piece: &Piece,
    (index, chosen, sounds): (usize, bool, bool),
) -> Response {
    let response = ui.interact(rect, ui.scope_id().with(("favourite", index)), Sense::CLICK | Sense::DRAG);
    let spoken = format!("Favourite phrase {}: {}", index + 1, piece.title);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, &spoken));
    let orphaned = [(Icon::Problem, palette.problem)];
    Tile {
        palette,
        axes: &Axes::around(std::iter::once(&piece.phrase)),
        phrase: &piece.phrase,
        probabilities: &[],
        title: &piece.title,
        figure: "",
        marks: if piece.orphaned { &orphaned } else { &[] },
        chosen,
        sounds,
        hovered: response.hovered(),
    }
    .paint(ui.painter(), rect);
    let keys = "Click to hear it. U takes it as what was played, K keeps it, Delete drops it.";
    let says =
        if piece.orphaned { format!("{spoken}\n{ORPHANED}\n{keys}") } else { format!("{spoken}\n{keys}") };
    response.on_hover_text(says)
}

/// The buttons for the chosen one, and the keys of the same meaning.
fn buttons(
    ui: &mut Ui,
    palette: &Palette,
    bar: Rect,
    list: &List,
    index: usize,
    model: &ViewModel,
    outgoing: &mut Outgoing,
) {
    let mut row = Row::new(palette, bar);
    if model.can_drag_out {
        let handle = row.handle(ui, "Drag to DAW", "Drag the favourite from here into a track of your DAW.");
        if gesture::dragged_out(ui, &handle) {
            outgoing.push(Action::DragOut(Export::Favourite(index)));
        }
    }
    let export = Export::Favourite(index);
    for (icon, name, says, keys, action) in [
        (
            Icon::Copy,
            "Copy",
            "Copy its notes, to paste them into another Continuo.",
            &[][..],
            Action::Copy(export),
        ),
        (Icon::Save, "Save", "Save it as a .mid file (S).", &[Key::S], Action::Save(export)),
        (
            Icon::Bin,
            "Like it no more",
            "Take it off the favourites (Delete). Undo brings it back.",
            &[Key::Delete, Key::Backspace],
            Action::DropFavourite { index },
        ),
        (
            Icon::Higher,
            "Keep",
            "Put it at the end of the Keep track (K).",
            &[Key::K],
            Action::KeepFavourite { index },
        ),
        (
            Icon::Keys,
            "Use as what was played",
            "Take it as what was played, to continue or to vary it (U).",
            &[Key::U],
            Action::UseFavourite { index },
        ),
        (
            Icon::Play,
            "Play the favourite",
            "Play it, over and over (Enter).",
            &[Key::Enter, Key::Space],
            Action::PlayFavourite { index },
        ),
    ] {
        let by_key = keys.iter().any(|key| list.pressed(ui, Modifiers::NONE, *key) > 0);
        if row.button(ui, icon, name, says, true, palette.text).clicked() || by_key {
            outgoing.push(action);
        }
    }
}
