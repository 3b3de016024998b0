//! The controls: what to listen to, how to answer, where the answer goes, on as many pages as they need.

mod arrangement;
mod chord;
mod field;
mod output;
mod pages;
mod seed;
mod shape;

use egui::{Rect, Ui, UiBuilder, vec2};
use generator::KeyLock;
use melody::{Key, Style};

pub use arrangement::Arrangement;
use arrangement::Place;
use field::label;
pub use pages::chosen as chosen_page;

use super::gesture::Outgoing;
use super::knob::{Dial, Knob};
use super::theme::Palette;
use super::{Setting, ViewModel};

/// Draws the tabs of the pages and the controls of the one that is shown, from the upper left corner of `rect`.
pub fn show(
    ui: &mut Ui,
    palette: &Palette,
    rect: Rect,
    arrangement: &Arrangement,
    model: &mut ViewModel,
    outgoing: &mut Outgoing,
) {
    pages::show(ui, palette, rect, arrangement);
    pages::explain(ui, palette, rect, arrangement);
    for (place, at) in &arrangement.places {
        let at = at.translate(rect.min.to_vec2());
        ui.scope_builder(UiBuilder::new().max_rect(at), |ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 0.0);
            Controls { palette, at, model, outgoing }.show(ui, *place);
        });
    }
}

/// One control while it is drawn.
struct Controls<'a> {
    palette: &'a Palette,
    at: Rect,
    model: &'a mut ViewModel,
    outgoing: &'a mut Outgoing,
}

impl Controls<'_> {
    fn show(&mut self, ui: &mut Ui, place: Place) {
        match place {
            Place::Listen => self.listen(ui),
            Place::Bars => self.bars(ui),
            Place::Count => self.count(ui),
            Place::Temperature => self.temperature(ui),
            Place::TopP => self.top_p(ui),
            Place::Neighbourhood => self.neighbourhood(ui),
            Place::Density => self.density(ui),
            Place::Kept => self.kept(ui),
            Place::Chord => self.chord(ui),
            Place::Style => self.style(ui),
            Place::Key => self.key(ui),
            Place::Range => self.range(ui),
            Place::Seed => self.seed(ui),
            Place::Mix => self.mix(ui),
            Place::Channel => self.channel(ui),
            Place::Start => self.start(ui),
            Place::Looped => self.looped(ui),
            Place::Responds => self.responds(ui),
            Place::TriggerKey => self.trigger_key(ui),
            Place::TriggerCc => self.trigger_cc(ui),
        }
    }

    fn key(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Keep to key");
        let before = self.model.settings.key_lock;
        let mut chosen = before;
        let choices = [KeyLock::Off, KeyLock::Heard].into_iter().chain(Key::all().map(KeyLock::Fixed));
        let choices = choices.map(|lock| (lock, key_lock_name(lock)));
        let response = field::menu(ui, self.at, "key", choices, &mut chosen);
        if chosen != before {
            self.model.settings.key_lock = chosen;
            self.outgoing.set(Setting::KeyLock(chosen));
        }
        response.accessible_name("Keep to key").on_hover_text(
            "Only notes of this key may come. Off: any note. As heard: the key of what you played.",
        );
    }

    fn style(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Style");
        let before = self.model.settings.style;
        let mut chosen = before;
        let known = self.model.chosen().map(|entry| entry.styles.clone()).unwrap_or_default();
        // Chosen for another model, or by the host: what makes this one refuse has to be seen.
        let stranger = before.filter(|style| !known.contains(style));
        let stranger = stranger.map(|style| (Some(style), format!("{} (not taught)", style_name(style))));
        let named = known.into_iter().map(|style| (Some(style), style_name(style).to_owned()));
        let choices = std::iter::once((None, "Any".to_owned())).chain(named).chain(stranger);
        let response = field::menu(ui, self.at, "style", choices, &mut chosen);
        if chosen != before {
            self.model.settings.style = chosen;
            self.outgoing.set(Setting::Style(chosen));
        }
        response
            .accessible_name("Style")
            .on_hover_text("The kind of music to play. Any: the model's own choice.");
    }
}

fn style_name(style: Style) -> &'static str {
    match style {
        Style::Classical => "Classical",
        Style::Jazz => "Jazz",
        Style::Pop => "Pop",
        Style::Rock => "Rock",
        Style::Game => "Game",
        Style::Folk => "Folk",
        Style::Hymn => "Hymn",
    }
}

fn key_lock_name(lock: KeyLock) -> String {
    match lock {
        KeyLock::Off => "Off".to_owned(),
        KeyLock::Heard => "As heard".to_owned(),
        KeyLock::Fixed(key) => key.to_string(),
    }
}
