//! What an empty part of the shelf says.

use egui::{CornerRadius, Rect, Stroke, StrokeKind, Ui, pos2};

use crate::panel::theme::{self, GRID, Palette};

/// Where the answers will be.
pub const ANSWERS: (&str, &str) = ("Answers come here", "As cards to listen to and to choose from.");
/// Before the first answer.
pub const HISTORY: (&str, &str) =
    ("Nothing answered yet", "Every answer of this project comes here. A click brings it back.");
/// Before the first favourite.
pub const FAVOURITES: (&str, &str) =
    ("No favourites yet: press F on a card", "They stay in the project, whatever is answered next.");
/// Before the first kept phrase.
pub const SONG: (&str, &str) = (
    "Nothing kept yet: press K on a card",
    "Kept phrases line up here as a song, to be saved or dragged out as a whole.",
);

/// Writes an emphasised line and an explanation into the middle of `rect`.
pub fn show(ui: &Ui, palette: &Palette, rect: Rect, (what, how): (&str, &str)) {
    let painter = ui.painter();
    painter.rect_filled(rect, CornerRadius::same(6), palette.well);
    painter.rect_stroke(rect, CornerRadius::same(6), Stroke::new(1.0, palette.line), StrokeKind::Inside);
    let width = rect.width() - 2.0 * GRID;
    let lay_out = |text: &str, font, colour| theme::centred(painter, text, font, colour, width);
    let what = lay_out(what, theme::strong(13.0), palette.text);
    let how = lay_out(how, theme::small(), palette.text_weak);
    let height = what.size().y + 4.0 + how.size().y;
    let both = height <= rect.height() - 4.0;
    let top = rect.center().y - if both { height } else { what.size().y } / 2.0;
    let lower = top + what.size().y + 4.0;
    painter.galley(pos2(rect.center().x, top), what, palette.text);
    if both {
        painter.galley(pos2(rect.center().x, lower), how, palette.text_weak);
    }
}
