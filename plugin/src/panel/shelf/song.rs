//! The Keep track: kept phrases side by side as one long roll.

use egui::{
    CornerRadius, Key, Modifiers, Rect, Response, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo,
    pos2, vec2,
};
use melody::{Phrase, Ticks};

use super::{list::List, vacancy};
use crate::panel::gesture::{self, Outgoing};
use crate::panel::icon::Icon;
use crate::panel::miniature::Axes;
use crate::panel::row::Row;
use crate::panel::theme::Palette;
use crate::panel::tile::Tile;
use crate::panel::{Action, Export, Piece, Sounds, ViewModel};

/// The narrowest piece, in points.
const NARROWEST: f32 = 72.0;
/// Width of a bar: at most, in points.
const BAR: f32 = 48.0;
/// Space between two pieces.
const GAP: f32 = 2.0;

/// Draws the pieces into `rect`, and the buttons into `bar`.
pub fn show(
    ui: &mut Ui,
    palette: &Palette,
    rect: Rect,
    bar: Rect,
    model: &ViewModel,
    outgoing: &mut Outgoing,
) {
    let count = model.song.len();
    let list = List::begin(ui, rect, "song", &format!("{count} kept phrases"));
    let Some(chosen) = list.chosen(ui, count) else {
        return vacancy::show(ui, palette, rect, vacancy::SONG);
    };
    let widths = widths(&model.song, rect.width());
    let track = Track { palette, model, widths: &widths, chosen };
    let walked = keys(ui, &list, chosen, count, outgoing);
    let used = ui
        .scope_builder(UiBuilder::new().max_rect(rect), |ui| {
            ScrollArea::horizontal()
                .auto_shrink(false)
                .show(ui, |ui| track.show(ui, rect.height(), walked))
                .inner
        })
        .inner;
    if let Some(place) = walked.or(used.clicked) {
        list.choose(ui, place);
    }
    if let Some((from, to)) = used.moved {
        list.choose(ui, to);
        outgoing.push(Action::MovePiece { from, to });
    }
    list.end(ui, palette);
    buttons(ui, palette, bar, &list, chosen, model, outgoing);
}

fn length(phrase: &Phrase) -> Ticks {
    phrase.length().ceil_to(phrase.meter.bar()).max(phrase.meter.bar())
}

/// How wide each piece is: by its length, filling the room as far as a bar's width allows.
fn widths(song: &[Piece], room: f32) -> Vec<f32> {
    let bars: Vec<f32> =
        song.iter().map(|piece| length(&piece.phrase).0 as f32 / piece.phrase.meter.bar().0 as f32).collect();
    let room = room - GAP * song.len().saturating_sub(1) as f32;
    let at = |bar: f32| bars.iter().map(move |bars| (bars * bar).max(NARROWEST).floor());
    // Short pieces need more than their share: the others give it, as long as there is any.
    let mut bar = BAR;
    while bar > 1.0 && at(bar).sum::<f32>() > room {
        bar -= 0.5;
    }
    at(bar).collect()
}

/// Arrow keys choose, with Shift they move; Delete drops. Returns the piece that they lead to.
fn keys(ui: &Ui, list: &List, chosen: usize, count: usize, outgoing: &mut Outgoing) -> Option<usize> {
    let pressed = |modifiers, key| list.pressed(ui, modifiers, key) as i64;
    let step = |modifiers| {
        let right = pressed(modifiers, Key::ArrowRight) + pressed(modifiers, Key::ArrowDown);
        let left = pressed(modifiers, Key::ArrowLeft) + pressed(modifiers, Key::ArrowUp);
        (chosen as i64 + right - left).clamp(0, count as i64 - 1) as usize
    };
    let moved = step(Modifiers::SHIFT);
    if moved != chosen {
        outgoing.push(Action::MovePiece { from: chosen, to: moved });
        return Some(moved);
    }
    Some(step(Modifiers::NONE)).filter(|place| *place != chosen)
}

/// What the mouse did with the pieces.
#[derive(Default)]
struct Used {
    clicked: Option<usize>,
    /// From where, to where.
    moved: Option<(usize, usize)>,
}

/// The pieces while they are drawn.
struct Track<'a> {
    palette: &'a Palette,
    model: &'a ViewModel,
    widths: &'a [f32],
    chosen: usize,
}

impl Track<'_> {
    fn show(&self, ui: &mut Ui, height: f32, follow: Option<usize>) -> Used {
        let whole: f32 = self.widths.iter().map(|width| width + GAP).sum::<f32>() - GAP;
        let (all, _) = ui.allocate_exact_size(vec2(whole, height), Sense::hover());
        let axes = Axes::around(self.model.song.iter().map(|piece| &piece.phrase));
        let (mut used, mut left) = (Used::default(), all.left());
        let mut bar = 1;
        for (index, (piece, width)) in self.model.song.iter().zip(self.widths).enumerate() {
            let place = Rect::from_min_size(pos2(left, all.top()), vec2(*width, height));
            let response = self.piece(ui, &axes, place, index, bar);
            bar += length(&piece.phrase).0 / piece.phrase.meter.bar().0;
            left += width + GAP;
            if follow == Some(index) {
                ui.scroll_to_rect(place, None);
            }
            if response.clicked() {
                used.clicked = Some(index);
            }
            if response.dragged() || response.drag_stopped() {
                let to = response.interact_pointer_pos().map(|at| self.place_at(all.left(), at.x, index));
                self.insertion(ui, all, to.filter(|_| response.dragged()), index);
                used.moved = to.filter(|to| response.drag_stopped() && *to != index).map(|to| (index, to));
            }
        }
        used
    }

    fn piece(&self, ui: &Ui, axes: &Axes, rect: Rect, index: usize, bar: i64) -> Response {
        let response = ui.interact(rect, ui.scope_id().with(("piece", index)), Sense::CLICK | Sense::DRAG);
        let Some(piece) = self.model.song.get(index) else { return response };
        let chosen = index == self.chosen;
        let spoken = format!("Piece {} of the song: {}", index + 1, piece.title);
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, &spoken));
        Tile {
            palette: self.palette,
            axes: &axes.lasting(length(&piece.phrase)),
            phrase: &piece.phrase,
            probabilities: &[],
            title: &piece.title,
            figure: &bar.to_string(),
            marks: &[],
            chosen,
            sounds: false,
            hovered: response.hovered(),
        }
        .paint(ui.painter(), rect);
        let keys =
            "Drag it to another place. With the focus: Shift with the arrow keys moves it, Delete drops it.";
        response.on_hover_text(format!("{spoken}, from bar {bar}\n{keys}"))
    }

    /// The place that a piece takes when it is let go at `x`.
    fn place_at(&self, left: f32, x: f32, dragged: usize) -> usize {
        let mut edge = left;
        let others = self.widths.iter().enumerate();
        let passed = others.filter(|(index, width)| {
            let middle = edge + **width / 2.0;
            edge += **width + GAP;
            *index != dragged && middle < x
        });
        passed.count()
    }

    /// A line where the dragged piece would go.
    fn insertion(&self, ui: &Ui, all: Rect, to: Option<usize>, from: usize) {
        let Some(to) = to else { return };
        let before = if to > from { to + 1 } else { to };
        let x =
            all.left() + self.widths.iter().take(before).map(|width| width + GAP).sum::<f32>() - GAP / 2.0;
        let line = Rect::from_x_y_ranges(x - 2.0..=x + 2.0, all.y_range());
        ui.painter().rect(
            line,
            CornerRadius::same(2),
            self.palette.prompt,
            Stroke::NONE,
            egui::StrokeKind::Inside,
        );
    }
}

/// The buttons for the song and the chosen piece, and the keys of the same meaning.
fn buttons(
    ui: &mut Ui,
    palette: &Palette,
    bar: Rect,
    list: &List,
    chosen: usize,
    model: &ViewModel,
    outgoing: &mut Outgoing,
) {
    let mut row = Row::new(palette, bar);
    if model.can_drag_out {
        let handle =
            row.handle(ui, "Drag song to DAW", "Drag the whole song from here into a track of your DAW.");
        if gesture::dragged_out(ui, &handle) {
            outgoing.push(Action::DragOut(Export::Song));
        }
    }
    let last = model.song.len().saturating_sub(1);
    let playing = model.sounds == Sounds::Song;
    let play = if playing {
        "Play it from its start again (Enter)."
    } else {
        "Play the song from its start (Enter)."
    };
    for (icon, name, says, keys, enabled, action) in [
        (
            Icon::Copy,
            "Copy song",
            "Copy the song, to paste it into another Continuo.",
            &[][..],
            true,
            Action::Copy(Export::Song),
        ),
        (
            Icon::Save,
            "Save song",
            "Save the whole song as a .mid file (S).",
            &[Key::S],
            true,
            Action::Save(Export::Song),
        ),
        (
            Icon::Bin,
            "Drop piece",
            "Take the chosen piece out of the song (Delete). Undo brings it back.",
            &[Key::Delete, Key::Backspace],
            true,
            Action::DropPiece { index: chosen },
        ),
        (
            Icon::Right,
            "Move later",
            "Move the chosen piece a place later (Shift and the right arrow).",
            &[],
            chosen < last,
            Action::MovePiece { from: chosen, to: chosen + 1 },
        ),
        (
            Icon::Left,
            "Move earlier",
            "Move the chosen piece a place earlier (Shift and the left arrow).",
            &[],
            chosen > 0,
            Action::MovePiece { from: chosen, to: chosen.saturating_sub(1) },
        ),
        (Icon::Play, "Play song", play, &[Key::Enter, Key::Space], true, Action::PlaySong),
    ] {
        let by_key = keys.iter().any(|key| list.pressed(ui, Modifiers::NONE, *key) > 0);
        if !(row.button(ui, icon, name, says, enabled, palette.text).clicked() || by_key) {
            continue;
        }
        if let Action::MovePiece { to, .. } = action {
            list.choose(ui, to);
        }
        outgoing.push(action);
    }
    row.gap();
}
