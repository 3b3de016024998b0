//! All answers of the project, the newest first.

use egui::{Key, Modifiers, Rect, Role, Sense, Ui, Vec2, WidgetInfo, vec2};

use super::{list::List, vacancy};
use crate::panel::gesture::Outgoing;
use crate::panel::grid::Grid;
use crate::panel::miniature::Axes;
use crate::panel::theme::Palette;
use crate::panel::tile::Tile;
use crate::panel::{Action, Answered, ViewModel, tasks};

/// The biggest card, in points.
const MOST: Vec2 = vec2(200.0, 112.0);

/// Draws them into `rect`; a click on one, or the arrow keys, bring it back.
pub fn show(
    ui: &mut Ui,
    palette: &Palette,
    rect: Rect,
    least: Vec2,
    model: &mut ViewModel,
    outgoing: &mut Outgoing,
) {
    if model.history.is_empty() {
        return vacancy::show(ui, palette, rect, vacancy::HISTORY);
    }
    let count = model.history.len();
    let list = List::begin(ui, rect, "history", &format!("{count} earlier answers"));
    let grid = Grid::fit(rect.size(), count, vec2(least.x.max(96.0), least.y), MOST);
    // The newest comes first.
    let shown = model.recalled.filter(|recalled| *recalled < count).map(|recalled| count - 1 - recalled);
    let mut asked = list.walked(ui, grid, shown.unwrap_or(0), count);
    if list.pressed(ui, Modifiers::NONE, Key::Enter) + list.pressed(ui, Modifiers::NONE, Key::Space) > 0 {
        asked = asked.or(Some(shown.unwrap_or(0)));
    }
    let follow = asked;
    let history = model.history.clone();
    list.cards(ui, grid, count, follow, |ui, place, rect| {
        let answer = count - 1 - place;
        let Some(answered) = history.get(answer) else { return };
        if card(ui, palette, rect, answered, (answer, shown == Some(place))) {
            asked = Some(place);
        }
    });
    list.end(ui, palette);
    if let Some(place) = asked {
        let answer = count - 1 - place;
        model.recalled = Some(answer);
        outgoing.push(Action::Recall { answer });
    }
}

/// Draws one answer; whether it was clicked.
fn card(
    ui: &Ui,
    palette: &Palette,
    rect: Rect,
    answered: &Answered,
    (number, chosen): (usize, bool),
) -> bool {
    let Some(candidate) = answered.candidates.get(answered.chosen).or(answered.candidates.first()) else {
        return false;
    };
    let response = ui.interact(rect, ui.scope_id().with(("answered", number)), Sense::CLICK);
    let (task, several) = (tasks::name(answered.task), answered.candidates.len());
    let spoken = format!("Answer {}: {task} by {}, {several} of them", number + 1, answered.model);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, &spoken));
    Tile {
        palette,
        axes: &Axes::around(std::iter::once(&candidate.phrase)),
        phrase: &candidate.phrase,
        probabilities: &candidate.probabilities,
        title: &format!("{task} · {}", answered.model),
        figure: "",
        marks: &[],
        chosen,
        sounds: false,
        hovered: response.hovered(),
    }
    .paint(ui.painter(), rect);
    response.on_hover_text(format!("{spoken}\nClick to bring it back.")).clicked()
}
