//! One candidate as a card.

use egui::{Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use generator::{Candidate, Task};

use super::deed::Deed;
use crate::panel::button::IconButton;
use crate::panel::icon::Icon;
use crate::panel::miniature::Axes;
use crate::panel::theme::{self, Palette};
use crate::panel::tile::Tile;
use crate::panel::{Mark, Sounds, ViewModel};

/// Side of a button on a card, in points.
const BUTTON: f32 = 20.0;

/// One candidate while it is drawn.
pub struct Card<'a> {
    /// Its place in the list.
    pub index: usize,
    /// What it is.
    pub candidate: &'a Candidate,
    /// The panel's colours.
    pub palette: &'a Palette,
    /// The axes of all cards.
    pub axes: &'a Axes,
    /// What else the panel shows.
    pub model: &'a ViewModel,
}

impl Card<'_> {
    /// Draws it into `rect`; returns what the mouse does with it, and the button of its own that was pressed.
    pub fn show(&self, ui: &mut Ui, rect: Rect) -> (Response, Option<Deed>) {
        // Not focusable: the list is, and the arrow keys walk through it.
        let response =
            ui.interact(rect, ui.scope_id().with(("card", self.index)), Sense::CLICK | Sense::DRAG);
        let chosen = self.index == self.model.auditioned;
        let spoken = self.spoken();
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, &spoken));
        if !ui.is_rect_visible(rect) {
            return (response, None);
        }
        let hovered = response.contains_pointer();
        self.paint(ui, rect, chosen, hovered);
        let choosing = self.model.between.is_some();
        let deed = if hovered && !choosing { self.buttons(ui, rect) } else { None };
        let says = if choosing {
            "Click to make a way to this one.".to_owned()
        } else {
            let keys = "F favourite, K keep, M more like this, B between two, Delete throws away.";
            format!("{spoken}\nClick to hear it, or walk with the arrow keys.\n{keys}")
        };
        (response.on_hover_text(says), deed)
    }

    fn paint(&self, ui: &Ui, rect: Rect, chosen: bool, hovered: bool) {
        let (palette, mark) = (self.palette, self.mark());
        let marks: Vec<_> = [
            (mark.favourite, Icon::Starred, palette.answer),
            (mark.kept, Icon::Song, palette.prompt),
            (self.model.between == Some(self.index), Icon::Between, palette.text),
        ]
        .into_iter()
        .filter(|(there, ..)| *there)
        .map(|(_, icon, colour)| (icon, colour))
        .collect();
        let figure = self.figure();
        Tile {
            palette,
            axes: self.axes,
            phrase: &self.candidate.phrase,
            // A note's only probability is its chance, which the figure tells already.
            probabilities: if self.model.answered == Task::Next {
                &[]
            } else {
                &self.candidate.probabilities
            },
            title: &self.name(),
            figure: if hovered || rect.height() < 44.0 { "" } else { &figure },
            marks: if hovered { &[] } else { &marks },
            chosen,
            sounds: chosen && self.model.sounds == Sounds::Answer,
            hovered,
        }
        .paint(ui.painter(), rect);
    }

    /// The buttons over the card under the mouse.
    fn buttons(&self, ui: &mut Ui, rect: Rect) -> Option<Deed> {
        let count = Deed::ON_CARD.len() as f32;
        let corner = pos2(rect.right() - 4.0 - BUTTON * count, rect.top() + 3.0);
        let mark = self.mark();
        let mut pressed = None;
        for (place, deed) in Deed::ON_CARD.into_iter().enumerate() {
            let at = Rect::from_min_size(corner + vec2(BUTTON * place as f32, 0.0), vec2(BUTTON, BUTTON));
            let name = format!("{} {}", deed.name(), self.index + 1);
            let button = IconButton::new(deed.icon(mark), &name, BUTTON);
            let show = |ui: &mut Ui| button.show(ui, self.palette, true);
            let response = ui.scope_builder(UiBuilder::new().max_rect(at), show).inner;
            if response.on_hover_text(deed.says(mark)).clicked() {
                pressed = Some(deed);
            }
        }
        pressed
    }

    fn mark(&self) -> Mark {
        self.model.marks.get(self.index).copied().unwrap_or_default()
    }

    /// Its number, or the name of a next note.
    fn name(&self) -> String {
        match self.model.answered {
            Task::Next => self.note().unwrap_or_else(|| "rest".to_owned()),
            _ => (self.index + 1).to_string(),
        }
    }

    fn note(&self) -> Option<String> {
        self.candidate.phrase.notes().first().map(|note| note.pitch.to_string())
    }

    /// What sets it apart in a number: its chance, its likeness, or else its seed.
    fn figure(&self) -> String {
        match (self.model.answered, self.candidate.probabilities.first(), self.candidate.similarity) {
            (Task::Next, Some(chance), _) => theme::percent(*chance),
            (Task::Vary | Task::Morph, _, Some(similarity)) => format!("{similarity:.2}"),
            _ => format!("{:06}", self.candidate.seed),
        }
    }

    /// The card in words.
    fn spoken(&self) -> String {
        let (number, figure) = (self.index + 1, self.figure());
        let notes = self.candidate.phrase.notes().len();
        match (self.model.answered, self.candidate.similarity) {
            (Task::Next, _) => {
                let length = self.candidate.phrase.length();
                format!("{} for {length} quarters, chance {figure}", self.name())
            }
            (Task::Vary, Some(_)) => format!("Phrase {number}: {notes} notes, likeness {figure} of 1"),
            (Task::Morph, Some(_)) => {
                let all = self.model.candidates.len();
                format!("Step {number} of {all}: {notes} notes, likeness {figure} of 1")
            }
            _ => format!("Melody {number}: {notes} notes, seed {figure}"),
        }
    }
}
