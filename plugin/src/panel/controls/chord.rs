//! The chord seed: a switch, and a field for any chord's symbol.

use egui::{Align2, Checkbox, Margin, Rect, Response, RichText, Stroke, TextEdit, Ui, UiBuilder, pos2, vec2};
use generator::Knob;

use super::{Controls, field};
use crate::panel::Setting;
use crate::panel::icon::Icon;
use crate::panel::theme;

/// The longest symbol that can be written.
const LONGEST: usize = 32;

impl Controls<'_> {
    pub(super) fn chord(&mut self, ui: &mut Ui) {
        let enabled = self.model.honours(Knob::Chord);
        let bad = enabled && self.model.settings.chord_seed().is_err();
        let (switch, text) =
            ui.add_enabled_ui(enabled, |ui| (self.chord_switch(ui), self.chord_text(ui, bad))).inner;
        let settings = &self.model.settings;
        if switch.changed() && enabled {
            self.outgoing.set(Setting::ChordOn(settings.chord_on));
        }
        if text.changed() && enabled {
            self.outgoing.set(Setting::Chord(settings.chord.clone()));
        }
        if bad {
            // A mark, too, for those who do not see the red.
            let centre = pos2(self.at.right() - 12.0, field::below(self.at).center().y);
            Icon::Problem.paint(ui.painter(), centre, 12.0, self.palette.problem);
        }
        let says = "Start the answer on a chord: its first bar leans towards these notes. Write any chord: Cadd9, \
                    F#m7, Bb/D.";
        self.explained(switch, "Chord", says);
        self.explained(text, "Chord", says);
    }

    fn chord_switch(&mut self, ui: &mut Ui) -> Response {
        let place = Rect::from_min_size(self.at.min, vec2(self.at.width(), field::LABEL));
        let name = RichText::new("Chord").font(theme::small()).color(self.palette.text_weak);
        let switch = Checkbox::new(&mut self.model.settings.chord_on, name);
        let show = |ui: &mut Ui| {
            let spacing = ui.spacing_mut();
            (spacing.icon_width, spacing.icon_width_inner, spacing.icon_spacing) = (14.0, 8.0, 6.0);
            (spacing.interact_size.y, spacing.button_padding) = (field::LABEL, vec2(0.0, 0.0));
            // An empty box needs an edge to be seen.
            ui.visuals_mut().widgets.inactive.bg_stroke = Stroke::new(1.0, self.palette.text_weak);
            ui.add(switch)
        };
        ui.scope_builder(UiBuilder::new().max_rect(place), show).inner
    }

    fn chord_text(&mut self, ui: &mut Ui, bad: bool) -> Response {
        let place = field::below(self.at);
        let settings = &mut self.model.settings;
        let edit = TextEdit::singleline(&mut settings.chord)
            .id_salt("chord")
            .char_limit(LONGEST)
            .text_color(if bad { self.palette.problem } else { self.palette.text })
            .margin(Margin::symmetric(8, 0))
            .align(Align2::LEFT_CENTER)
            .min_size(place.size())
            .desired_width(place.width() - 16.0);
        let on = settings.chord_on;
        ui.add_enabled_ui(on, |ui| ui.put(place, edit)).inner.accessible_name("Chord seed")
    }
}
