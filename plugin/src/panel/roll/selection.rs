//! Bars that are drawn over with the mouse or the arrow keys, and what can be done with them.

use egui::{CornerRadius, Rect, Response, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2};
use generator::Task;
use melody::Ticks;

use super::scale::{Layout, Scale};
use super::{Roll, id};
use crate::panel::button::IconButton;
use crate::panel::gesture::Outgoing;
use crate::panel::icon::Icon;
use crate::panel::theme::{GRID, Palette};
use crate::panel::{Action, Selection, Span, ViewModel};

/// Height of the button over a selection, in points.
const CHIP: f32 = 24.0;
/// A mouse that moved less has clicked, in points.
const STILL: f32 = 6.0;

/// Which bars can be selected together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Those that were heard.
    Heard,
    /// Those of the shown candidate.
    Answer,
}

impl Field {
    /// All its bars, from the start of the roll; `None` where there are none.
    pub fn span(self, scale: &Scale, model: &ViewModel) -> Option<Span> {
        let span = match self {
            Field::Heard => Span { from: Ticks::ZERO, to: scale.heard_end },
            Field::Answer => {
                let length = model.answer()?.phrase.length().ceil_to(scale.meter.bar());
                Span { from: scale.answer_start, to: scale.answer_start + length }
            }
        };
        Some(span).filter(|span| !span.is_empty())
    }

    /// The selection of these bars, given from the start of the roll.
    pub fn select(self, span: Span, scale: &Scale) -> Selection {
        match self {
            Field::Heard => Selection::Heard(span),
            Field::Answer => Selection::Answer(shifted(span, -scale.answer_start)),
        }
    }

    /// The field of a selection.
    pub fn of(selection: Selection) -> Field {
        match selection {
            Selection::Heard(_) => Field::Heard,
            Selection::Answer(_) => Field::Answer,
        }
    }
}

/// Where a selection lies, from the start of the roll.
pub fn placed(selection: Selection, scale: &Scale) -> Span {
    match selection {
        Selection::Heard(span) => span,
        Selection::Answer(span) => shifted(span, scale.answer_start),
    }
}

fn shifted(span: Span, by: Ticks) -> Span {
    Span { from: span.from + by, to: span.to + by }
}

/// Follows the mouse over the bars; returns what it has drawn over so far, and sends it when it is let go.
pub fn drag(
    ui: &Ui,
    response: &Response,
    layout: Layout,
    scale: &Scale,
    model: &mut ViewModel,
    outgoing: &mut Outgoing,
) -> Option<Selection> {
    if !response.dragged() && !response.drag_stopped() {
        return None;
    }
    let (start, now) = ui.input(|input| (input.pointer.press_origin(), input.pointer.latest_pos()));
    let drawn = start.zip(now).filter(|(start, now)| start.distance(*now) > STILL);
    let drawn = drawn.filter(|(start, _)| start.x >= layout.lanes.left());
    let drawn = drawn.and_then(|(start, now)| {
        let first = scale.time(start.x);
        let on_ruler = start.y < layout.lanes.top();
        let fields = if on_ruler { [Field::Heard, Field::Answer] } else { [Field::Answer, Field::Heard] };
        let within = |field: &Field| field.span(scale, model).is_some_and(|span| span.contains(first));
        let field = fields.into_iter().find(within)?;
        let all = field.span(scale, model)?;
        let bar = scale.meter.bar();
        let other = scale.time(now.x);
        let (from, to) = (first.min(other).floor_to(bar), first.max(other).floor_to(bar) + bar);
        Some(field.select(Span { from: from.max(all.from), to: to.min(all.to) }, scale))
    });
    if !response.drag_stopped() {
        ui.data_mut(|data| data.insert_temp(id(), drawn));
        return drawn;
    }
    // The press is forgotten by now: what the last frame saw is what was meant.
    let drawn: Option<Selection> = ui.data_mut(|data| data.remove_temp(id())).flatten();
    if drawn.is_some() && drawn != model.selection {
        model.selection = drawn;
        outgoing.push(Action::Select(drawn));
    }
    drawn
}

impl Roll<'_> {
    /// Frames the selected bars.
    pub(super) fn selection(&self, selection: Option<Selection>) {
        let Some(selection) = selection else { return };
        let colour = match selection {
            Selection::Heard(_) if self.model.settings.task != Task::Fill => self.palette.prompt,
            _ => self.palette.answer,
        };
        let stretch = self.scale.stretch(placed(selection, self.scale));
        let frame = stretch.with_min_y(self.layout.numbers.top()).shrink2(vec2(0.0, 1.0));
        self.painter.rect_filled(frame, CornerRadius::same(4), colour.gamma_multiply(0.12));
        let line = Stroke::new(2.0, colour);
        self.painter.rect_stroke(frame, CornerRadius::same(4), line, StrokeKind::Inside);
    }
}

/// The button over the selected bars: makes them anew, or takes the last bars again.
pub fn chip(
    ui: &mut Ui,
    palette: &Palette,
    layout: Layout,
    scale: &Scale,
    model: &mut ViewModel,
    outgoing: &mut Outgoing,
) {
    let Some(selection) = model.selection else { return };
    let span = placed(selection, scale);
    let bar = scale.meter.bar().0;
    let (first, last) = (span.from.0 / bar + 1, (span.to.0 - 1) / bar + 1);
    let bars = if first == last { format!("bar {first}") } else { format!("bars {first}-{last}") };
    let (icon, name, says) = match selection {
        Selection::Answer(_) => (
            Icon::Dice,
            format!("Make {bars} anew"),
            "The rest of the answer stays as it is (R while the roll has the focus). Esc forgets the selection.",
        ),
        Selection::Heard(_) if model.settings.task == Task::Fill => {
            (Icon::Cross, "Forget the gap".to_owned(), "Forgets which bars are to be filled (Esc).")
        }
        Selection::Heard(_) => (
            Icon::Cross,
            format!("Use the last {}", counted(model.settings.listen_bars)),
            "Forgets the selection: the last bars that you played are answered again (Esc).",
        ),
    };
    let button = IconButton::new(icon, &name, CHIP).fitted(ui.painter());
    let stretch = scale.stretch(span);
    let lanes = layout.lanes.shrink(GRID / 2.0);
    let left = (stretch.center().x - button.width() / 2.0)
        .clamp(lanes.left(), (lanes.right() - button.width()).max(lanes.left()));
    let place = Rect::from_min_size(pos2(left, lanes.top()), vec2(button.width(), CHIP));
    let show = |ui: &mut Ui| button.raised().show(ui, palette, true);
    let response = ui.scope_builder(UiBuilder::new().max_rect(place), show).inner;
    if !response.on_hover_text(says).clicked() {
        return;
    }
    match selection {
        Selection::Answer(_) => outgoing.push(Action::Regenerate),
        Selection::Heard(_) => {
            model.selection = None;
            outgoing.push(Action::Select(None));
        }
    }
}

fn counted(bars: u32) -> String {
    if bars == 1 { "bar".to_owned() } else { format!("{bars} bars") }
}
