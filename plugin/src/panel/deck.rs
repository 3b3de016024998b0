//! The deck: the button that does the task, Stop, Play again and Clear.

use egui::{Rect, Response, Ui, UiBuilder, pos2, vec2};
use generator::Task;

use super::button::IconButton;
use super::gesture::Outgoing;
use super::icon::Icon;
use super::notice::{model_problem, task_problem};
use super::theme::{GRID, Palette};
use super::{Action, Sounds, ViewModel, Work, tasks};
use crate::task_choice;

/// The width from which all buttons carry their names.
const ROOMY: f32 = 800.0;

/// Draws the buttons from the left edge of `rect`; returns where they end.
pub fn show(ui: &mut Ui, palette: &Palette, rect: Rect, model: &ViewModel, outgoing: &mut Outgoing) -> f32 {
    let mut deck = Deck { palette, rect, left: rect.left() };
    let roomy = rect.width() >= ROOMY;
    let answered = model.answer().is_some();
    let something = !model.heard.is_empty() || answered;
    let busy = matches!(model.work, Work::Generating { .. });
    let caption = |width: f32| roomy.then_some(width);

    let refusal = refusal(model);
    let task = model.settings.task;
    let says = tasks::explanation(task);
    let says = if model.standalone.is_some() { format!("{says} (Space or Enter)") } else { says.to_owned() };
    let button =
        IconButton::new(Icon::Continue, tasks::verb(task), rect.height()).captioned(144.0).prominent();
    let allowed = refusal.is_none();
    let go_on = deck.button(ui, button, allowed, &says, refusal.as_deref().unwrap_or_default());
    if go_on.clicked() || model.standalone.is_some() && allowed && asked_by_key(ui, &go_on, outgoing) {
        outgoing.push(Action::Answer);
    }
    for (icon, name, width, enabled, says, refusal, action) in [
        (
            Icon::Stop,
            "Stop",
            80.0,
            // What waits for its bar can be stopped as well.
            busy || answered || model.sounds != Sounds::Nothing,
            "Give up the answer that is being made, and silence the one that plays.",
            "Nothing is playing.",
            Action::Stop,
        ),
        (
            Icon::Again,
            "Play again",
            112.0,
            answered,
            "Play the answer once more, or the one of the list that you chose.",
            "There is no answer to play yet.",
            Action::PlayAgain,
        ),
        (
            Icon::Cross,
            "Clear",
            80.0,
            something,
            "Forget what you played, and the answer, and listen anew.",
            "There is nothing to forget.",
            Action::Clear,
        ),
    ] {
        let side = rect.height();
        let button = IconButton::new(icon, name, side);
        let button = match caption(width) {
            Some(width) => button.captioned(width),
            None => button,
        };
        let says = if roomy { says.to_owned() } else { format!("{name}: {says}") };
        if deck.button(ui, button, enabled, &says, refusal).clicked() {
            outgoing.push(action);
        }
    }
    deck.left
}

/// Why the task cannot be done now.
fn refusal(model: &ViewModel) -> Option<String> {
    let aimless = model.settings.task == Task::Morph && model.answer().is_none();
    let aimless = || aimless.then(|| task_choice::NO_GOAL.to_owned());
    let gapless = model.settings.task == Task::Fill && model.taken.is_empty();
    let gapless =
        || gapless.then(|| "Drag over the bars in the roll that are to be filled first.".to_owned());
    model_problem(model).or_else(|| task_problem(model)).or_else(aimless).or_else(gapless)
}

/// The buttons from left to right while they are drawn.
struct Deck<'a> {
    palette: &'a Palette,
    rect: Rect,
    left: f32,
}

impl Deck<'_> {
    fn button(
        &mut self,
        ui: &mut Ui,
        button: IconButton<'_>,
        enabled: bool,
        says: &str,
        refusal: &str,
    ) -> Response {
        let rest =
            Rect::from_min_size(pos2(self.left, self.rect.top()), vec2(f32::INFINITY, self.rect.height()));
        let show = |ui: &mut Ui| button.show(ui, self.palette, enabled);
        let response = ui.scope_builder(UiBuilder::new().max_rect(rest), show).inner;
        self.left = response.rect.right() + GRID;
        response.on_hover_text(says).on_disabled_hover_text(refusal)
    }
}

/// Whether Space or Enter was pressed while nothing has the focus that would take it for itself.
fn asked_by_key(ui: &Ui, go_on: &Response, outgoing: &Outgoing) -> bool {
    let focused = ui.memory(|memory| memory.focused());
    if focused.is_some() || outgoing.had_focus() || go_on.has_focus() || egui::Popup::is_any_open(ui.ctx()) {
        return false;
    }
    let pressed = |key| ui.input(|input| input.events.iter().any(|event| is_press(event, key)));
    pressed(egui::Key::Space) || pressed(egui::Key::Enter)
}

/// A fresh press without modifiers: a held key continues once.
fn is_press(event: &egui::Event, wanted: egui::Key) -> bool {
    matches!(event, egui::Event::Key { key, pressed: true, repeat: false, modifiers, .. }
        if *key == wanted && modifiers.is_none())
}
