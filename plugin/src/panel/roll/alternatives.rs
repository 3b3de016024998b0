//! What could stand in the place of a note: a list beside it, and ghosts of the notes in the roll.

use egui::{
    Align2, Area, CornerRadius, Frame, Id, Key, Modifiers, Order, Pos2, Rect, Role, ScrollArea, Sense,
    Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};
use melody::{Note, Pitch};

use super::scale::Scale;
use super::{Roll, id};
use crate::panel::button::IconButton;
use crate::panel::gesture::Outgoing;
use crate::panel::icon::Icon;
use crate::panel::theme::{self, GRID, Palette};
use crate::panel::{Action, Alternatives, ViewModel};

/// Width of the list, in points.
const WIDTH: f32 = 208.0;
/// Height of a line of it.
const LINE: f32 = 24.0;
/// The most lines that are seen at once.
const MOST: usize = 12;

/// The place in the list that the arrow keys, or the mouse, have reached.
pub fn pointed(ui: &Ui, model: &ViewModel) -> usize {
    let Some(alternatives) = &model.alternatives else { return 0 };
    let reached: Option<(usize, usize)> = ui.data(|data| data.get_temp(key()));
    reached.filter(|(note, _)| *note == alternatives.note).map_or(0, |(_, place)| place)
}

fn point(ui: &Ui, note: usize, place: usize) {
    ui.data_mut(|data| data.insert_temp(key(), (note, place)));
}

fn key() -> Id {
    Id::unique("continuo: the alternative that was reached")
}

/// Arrow keys and Enter choose from the open list, unless a control has the focus. Takes the keys that it uses.
pub fn choose_by_key(ui: &Ui, model: &ViewModel, outgoing: &mut Outgoing) {
    let Some(Alternatives { note, choices, .. }) = &model.alternatives else { return };
    let focused = ui.memory(|memory| memory.focused());
    if focused.is_some_and(|focused| focused != id()) || egui::Popup::is_any_open(ui.ctx()) {
        return;
    }
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
    let (down, up) = (pressed(Key::ArrowDown), pressed(Key::ArrowUp));
    let (enter, space) = (pressed(Key::Enter), pressed(Key::Space));
    let place = (pointed(ui, model) + down).min(choices.len().saturating_sub(1)).saturating_sub(up);
    if down + up > 0 {
        point(ui, *note, place);
    }
    if let Some((pitch, _)) = choices.get(place).filter(|_| enter + space > 0) {
        outgoing.push(Action::Swap { note: *note, pitch: *pitch });
    }
}

/// The note that is asked about, from the start of the roll.
fn asked(scale: &Scale, model: &ViewModel) -> Option<Note> {
    let alternatives = model.alternatives.as_ref()?;
    let note = model.answer()?.phrase.notes().get(alternatives.note)?;
    Some(note.shifted(scale.answer_start))
}

/// The ghost at a place on the screen: the note, and the pitch that it would get.
pub fn ghost_at(scale: &Scale, model: &ViewModel, at: Pos2) -> Option<(usize, Pitch)> {
    let (note, alternatives) = (asked(scale, model)?, model.alternatives.as_ref()?);
    let mut pitches =
        alternatives.choices.iter().map(|(pitch, _)| *pitch).filter(|pitch| *pitch != note.pitch);
    let pitch = pitches.find(|pitch| scale.note(&Note { pitch: *pitch, ..note }).contains(at))?;
    Some((alternatives.note, pitch))
}

impl Roll<'_> {
    /// Draws the other pitches as ghosts, the one that was reached strongest.
    pub(super) fn ghosts(&self, reached: usize) {
        let Some((note, alternatives)) = asked(self.scale, self.model).zip(self.model.alternatives.as_ref())
        else {
            return;
        };
        let round = |rect: Rect| CornerRadius::from((rect.height() / 4.0).min(4.0));
        let painter = self.painter.with_clip_rect(self.layout.lanes);
        for (place, (pitch, probability)) in alternatives.choices.iter().enumerate() {
            let rect = self.scale.note(&Note { pitch: *pitch, ..note });
            let colour = self.palette.answered(*probability);
            let strength = if place == reached { 0.8 } else { 0.25 };
            if *pitch != note.pitch {
                painter.rect_filled(rect, round(rect), colour.gamma_multiply(strength));
                painter.rect_stroke(rect, round(rect), Stroke::new(1.0, colour), StrokeKind::Inside);
            }
        }
        let rect = self.scale.note(&note);
        painter.rect_stroke(rect, round(rect), Stroke::new(2.0, self.palette.text), StrokeKind::Outside);
    }
}

/// Draws the list beside the note that it is about.
pub fn show(ui: &mut Ui, palette: &Palette, scale: &Scale, model: &mut ViewModel, outgoing: &mut Outgoing) {
    let Some((note, alternatives)) = asked(scale, model).zip(model.alternatives.as_ref()) else { return };
    let rect = scale.note(&note);
    let lines = alternatives.choices.len().clamp(1, MOST) as f32;
    let height = LINE * (lines + 1.0) + 4.0 * GRID;
    let window = ui.ctx().content_rect().shrink(GRID);
    // Far enough away that the ghosts above and below stay in sight.
    let right = rect.right() + 2.0 * GRID;
    let left =
        if right + WIDTH + 2.0 * GRID <= window.right() { right } else { rect.left() - WIDTH - 4.0 * GRID };
    let corner = pos2(
        left.max(window.left()),
        (rect.center().y - height / 2.0).clamp(window.top(), (window.bottom() - height).max(window.top())),
    );
    let reached = pointed(ui, model);
    let frame = Frame::popup(ui.style()).inner_margin(GRID);
    let area = Area::new(Id::unique("continuo: alternatives")).order(Order::Foreground).fixed_pos(corner);
    let mut done = false;
    area.constrain_to(window).fade_in(false).show(ui.ctx(), |ui| {
        frame.show(ui, |ui| {
            ui.set_width(WIDTH);
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            done = title(ui, palette, note.pitch, alternatives);
            lines_of(ui, palette, alternatives, reached, note.pitch, outgoing);
        })
    });
    if done {
        model.alternatives = None;
        outgoing.push(Action::CloseAlternatives);
    }
}

/// Says what the list is about; whether it was closed.
fn title(ui: &mut Ui, palette: &Palette, pitch: Pitch, alternatives: &Alternatives) -> bool {
    ui.horizontal(|ui| {
        let text = format!("In the place of {pitch}");
        let line = theme::line(ui.painter(), &text, theme::strong(13.0), palette.text, WIDTH - LINE - GRID);
        let (rect, response) = ui.allocate_exact_size(vec2(WIDTH - LINE, LINE), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
        ui.painter().galley(pos2(rect.left(), rect.center().y - line.size().y / 2.0), line, palette.text);
        response.on_hover_text(format!("{} was asked.", alternatives.teller));
        let close = IconButton::new(Icon::Cross, "Close the list", LINE).show(ui, palette, true);
        close.on_hover_text("Leave the note as it is (Esc).").clicked()
    })
    .inner
}

fn lines_of(
    ui: &mut Ui,
    palette: &Palette,
    alternatives: &Alternatives,
    reached: usize,
    stands: Pitch,
    outgoing: &mut Outgoing,
) {
    if alternatives.choices.is_empty() {
        let (text, colour) = match &alternatives.problem {
            Some(problem) => (problem.clone(), palette.problem),
            None => (format!("Asking {} ...", alternatives.teller), palette.text_weak),
        };
        ui.colored_label(colour, text);
        return;
    }
    let most = alternatives.choices.iter().map(|(_, chance)| *chance).fold(0.0, f32::max).max(0.01);
    let show = |ui: &mut Ui| {
        for (place, (pitch, chance)) in alternatives.choices.iter().enumerate() {
            let line = Line {
                pitch: *pitch,
                chance: *chance,
                part: chance / most,
                reached: place == reached,
                palette,
            };
            let response = line.show(ui, *pitch == stands);
            if response.hovered() && ui.input(|input| input.pointer.is_moving()) {
                point(ui, alternatives.note, place);
            }
            if response.clicked() {
                outgoing.push(Action::Swap { note: alternatives.note, pitch: *pitch });
            }
        }
    };
    let height = LINE * alternatives.choices.len().min(MOST) as f32;
    ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, show);
}

/// One pitch of the list while it is drawn.
struct Line<'a> {
    pitch: Pitch,
    chance: f32,
    /// Its chance in proportion to the likeliest.
    part: f32,
    reached: bool,
    palette: &'a Palette,
}

impl Line<'_> {
    fn show(&self, ui: &mut Ui, stands: bool) -> egui::Response {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::click());
        let percent = theme::percent(self.chance);
        let spoken = format!("{} instead, chance {percent}", self.pitch);
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, self.reached, &spoken));
        let (painter, palette) = (ui.painter(), self.palette);
        if self.reached || response.has_focus() {
            painter.rect_filled(rect, CornerRadius::same(4), palette.field_hovered);
        }
        let middle = rect.center().y;
        let font = if stands { theme::strong(13.0) } else { theme::body() };
        painter.text(
            pos2(rect.left() + GRID, middle),
            Align2::LEFT_CENTER,
            self.pitch.to_string(),
            font,
            palette.text,
        );
        let bar =
            Rect::from_x_y_ranges(rect.left() + 48.0..=rect.right() - 56.0, middle - 3.0..=middle + 3.0);
        painter.rect_filled(bar, 3.0, palette.line);
        let filled = bar.with_max_x(bar.left() + (bar.width() * self.part).max(2.0));
        painter.rect_filled(filled, 3.0, palette.answered(self.chance));
        painter.text(
            pos2(rect.right() - GRID, middle),
            Align2::RIGHT_CENTER,
            percent,
            theme::small(),
            palette.text,
        );
        response
    }
}
