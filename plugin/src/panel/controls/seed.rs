//! The seed with its dice and its lock.

use egui::{DragValue, Rect, Response, Ui, UiBuilder, pos2, vec2};

use super::{Controls, field};
use crate::panel::button::IconButton;
use crate::panel::icon::Icon;
use crate::panel::theme::FIELD;
use crate::panel::{Action, Control, Setting, Settings};

/// Space between the number and its buttons, in points.
const GAP: f32 = 4.0;

impl Controls<'_> {
    pub(super) fn seed(&mut self, ui: &mut Ui) {
        field::label(ui, self.palette, self.at, "Seed");
        let below = field::below(self.at);
        let side = if self.at.width() < 140.0 { 28.0 } else { FIELD };
        let square = vec2(side, FIELD);
        let lock = Rect::from_min_size(pos2(below.right() - side, below.top()), square);
        let dice = lock.translate(vec2(-side - GAP, 0.0));
        self.number(ui, below.with_max_x(dice.left() - GAP));
        self.dice(ui, dice);
        self.seed_lock(ui, lock);
    }

    fn number(&mut self, ui: &mut Ui, at: Rect) {
        let seed = &mut self.model.settings.seed;
        let drag = DragValue::new(seed)
            .range(0..=Settings::MAX_SEED)
            .speed(1.0)
            .update_while_editing(false)
            .min_size(at.size())
            .custom_formatter(|seed, _| format!("{seed:06.0}"));
        let response = ui.put(at, drag);
        let changed = response.changed().then_some(Setting::Seed(*seed));
        self.outgoing.turn(&response, Control::Seed, changed);
        response.accessible_name("Seed").on_hover_text(
            "The number behind the chance. The same seed, with the same playing and knobs, gives the same answer.",
        );
    }

    fn dice(&mut self, ui: &mut Ui, at: Rect) {
        let dice = self.square(ui, at, IconButton::new(Icon::Dice, "Roll the dice", at.width()).tall(FIELD));
        if dice.on_hover_text("Another seed, another answer.").clicked() {
            self.outgoing.push(Action::RollDice);
        }
    }

    fn seed_lock(&mut self, ui: &mut Ui, at: Rect) {
        let locked = self.model.settings.seed_locked;
        let icon = if locked { Icon::Locked } else { Icon::Unlocked };
        let lock = self.square(
            ui,
            at,
            IconButton::new(icon, "Lock the seed", at.width()).tall(FIELD).staying(locked),
        );
        let says = if locked {
            "Locked: Continue keeps this seed, so that only your playing and the knobs change the answer."
        } else {
            "Open: each Continue takes a new seed. Click to keep this one."
        };
        if lock.on_hover_text(says).clicked() {
            self.model.settings.seed_locked = !locked;
            self.outgoing.set(Setting::SeedLocked(!locked));
        }
    }

    fn square(&self, ui: &mut Ui, at: Rect, button: IconButton<'_>) -> Response {
        let show = |ui: &mut Ui| button.show(ui, self.palette, true);
        ui.scope_builder(UiBuilder::new().max_rect(at), show).inner
    }
}
