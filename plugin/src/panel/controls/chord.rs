//! The chord seed: a switch, how much it counts, and a field for any chord's symbol or a progression.

use egui::{
    Align2, Checkbox, DragValue, Margin, Rect, Response, RichText, Stroke, TextEdit, Ui, UiBuilder, pos2,
    vec2,
};

use super::{Controls, field};
use crate::panel::button::IconButton;
use crate::panel::icon::Icon;
use crate::panel::theme;
use crate::panel::{Action, Control, Setting};

/// The longest text that can be written.
const LONGEST: usize = 512;
/// Width of the strength, in points.
const STRENGTH: f32 = 36.0;
/// Width of the button that takes what is played, in points.
const TAKE: f32 = 20.0;

impl Controls<'_> {
    pub(super) fn chord(&mut self, ui: &mut Ui) {
        let bad = self.model.settings.chord_problem().is_some();
        let (switch, text) = (self.chord_switch(ui), self.chord_text(ui, bad));
        self.chord_strength(ui);
        self.take_played(ui);
        let settings = &self.model.settings;
        if switch.changed() {
            self.outgoing.set(Setting::ChordOn(settings.chord_on));
        }
        if text.changed() {
            self.outgoing.set(Setting::Chord(settings.chord.clone()));
        }
        if bad {
            // A mark, too, for those who do not see the red.
            let centre = pos2(self.at.right() - TAKE - 8.0, field::below(self.at).center().y);
            Icon::Problem.paint(ui.painter(), centre, 12.0, self.palette.problem);
        }
        let says = "Start the answer on a chord: its first bar leans towards these notes. Write any chord: Cadd9, \
                    F#m7, Bb/D. Or write chords bar by bar, and the whole answer follows them: C | Am | F G | %.";
        switch.on_hover_text(says);
        text.on_hover_text(says).on_disabled_hover_text(format!("Tick Chord to use it. {says}"));
    }

    fn chord_switch(&mut self, ui: &mut Ui) -> Response {
        let place = Rect::from_min_size(self.at.min, vec2(self.at.width() - STRENGTH, field::LABEL));
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
        let place = place.with_max_x(place.right() - TAKE - 2.0);
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

    fn chord_strength(&mut self, ui: &mut Ui) {
        let corner = pos2(self.at.right() - STRENGTH, self.at.top());
        let at = Rect::from_min_size(corner, vec2(STRENGTH, field::LABEL));
        let mut percent = (self.model.settings.chord_strength * 100.0).round();
        let drag = DragValue::new(&mut percent)
            .range(0.0..=100.0)
            .speed(0.5)
            .max_decimals(0)
            .suffix("%")
            .update_while_editing(false)
            .min_size(at.size());
        let show = |ui: &mut Ui| {
            ui.spacing_mut().button_padding = vec2(2.0, 0.0);
            ui.spacing_mut().interact_size.y = field::LABEL;
            ui.style_mut().drag_value_text_style = egui::TextStyle::Small;
            ui.put(at, drag)
        };
        let response = ui.scope_builder(UiBuilder::new().max_rect(at), show).inner;
        let changed = response.changed().then(|| {
            self.model.settings.chord_strength = percent / 100.0;
            Setting::ChordStrength(percent / 100.0)
        });
        self.outgoing.turn(&response, Control::ChordStrength, changed);
        let says = "How much the chord counts. 0 %: a hint. 50 %: mostly chord notes where they matter. 100 %: nothing \
                    else begins on a beat.";
        response.accessible_name("Chord strength").on_hover_text(says);
    }

    fn take_played(&mut self, ui: &mut Ui) {
        let below = field::below(self.at);
        let at = below.with_min_x(below.right() - TAKE);
        let button = IconButton::new(Icon::Keys, "Use what I play", TAKE).tall(at.height());
        let show = |ui: &mut Ui| button.show(ui, self.palette, true);
        let response = ui.scope_builder(UiBuilder::new().max_rect(at), show).inner;
        if response.clicked() {
            self.outgoing.push(Action::UsePlayedChord);
        }
        response.on_hover_text(
            "Use what I play: takes the chord that you hold down, or the last that you played.",
        );
    }
}
