//! The row of controls: what to listen to, how to answer, when to play it.

mod arrangement;
mod chord;
mod field;
mod seed;

use egui::{Rect, Response, Ui, UiBuilder, vec2};
use generator::{KeyLock, Knob as Honoured, Request, Task};
use melody::{Key, Style};

pub use arrangement::Arrangement;
use arrangement::Place;
use field::label;

use super::gesture::Outgoing;
use super::knob::Knob;
use super::theme::Palette;
use super::{Control, Setting, Settings, Start, ViewModel};

/// Draws all controls, the first at the upper left corner of `rect`.
pub fn show(
    ui: &mut Ui,
    palette: &Palette,
    rect: Rect,
    arrangement: &Arrangement,
    model: &mut ViewModel,
    outgoing: &mut Outgoing,
) {
    for (place, at) in &arrangement.places {
        let at = at.translate(rect.min.to_vec2());
        ui.scope_builder(UiBuilder::new().max_rect(at), |ui| {
            ui.spacing_mut().item_spacing = vec2(4.0, 0.0);
            let mut controls = Controls { palette, at, model, outgoing };
            match place {
                Place::Listen => controls.listen(ui),
                Place::Bars => controls.bars(ui),
                Place::Temperature => controls.temperature(ui),
                Place::TopP => controls.top_p(ui),
                Place::Neighbourhood => controls.neighbourhood(ui),
                Place::Chord => controls.chord(ui),
                Place::Style => controls.style(ui),
                Place::Key => controls.key(ui),
                Place::Seed => controls.seed(ui),
                Place::Start => controls.start(ui),
                Place::Channel => controls.channel(ui),
            }
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
    fn listen(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Listen to", true);
        let settings = &mut self.model.settings;
        let range = 1..=Settings::MAX_LISTEN_BARS;
        let response = field::bars(ui, self.at, &mut settings.listen_bars, range);
        let changed = response.changed().then_some(Setting::ListenBars(settings.listen_bars));
        self.outgoing.turn(&response, Control::ListenBars, changed);
        response.accessible_name("Listen to").on_hover_text(
            "How many of the last bars that you played are answered. Drag, or click and type.",
        );
    }

    fn bars(&mut self, ui: &mut Ui) {
        let settings = &mut self.model.settings;
        // Phrases that are found, and single notes, are as long as they are.
        let enabled = matches!(settings.task, Task::Continue | Task::Fresh);
        label(ui, self.palette, self.at, "Answer", enabled);
        let show = |ui: &mut Ui| field::bars(ui, self.at, &mut settings.bars, 1..=Request::MAX_BARS);
        let response = ui.add_enabled_ui(enabled, show).inner;
        let changed = response.changed().then_some(Setting::Bars(settings.bars)).filter(|_| enabled);
        self.outgoing.turn(&response, Control::Bars, changed);
        let says = "How many bars Continuo plays. Drag, or click and type.";
        let refusal = format!("This task's answers are as long as they are. {says}");
        response.accessible_name("Answer").on_hover_text(says).on_disabled_hover_text(refusal);
    }

    fn temperature(&mut self, ui: &mut Ui) {
        let knob = Knob {
            name: "Temperature",
            value: self.model.settings.temperature,
            range: 0.0..=Settings::MAX_TEMPERATURE,
            default: Settings::default().temperature,
            step: 0.01,
        };
        let says = "How daring the answer is. Low: the expected next note, safe and repetitive. High: surprises, \
                    up to nonsense. Around 0.9 is a good start. Double-click for that, Shift for small steps.";
        if let Some(value) = self.knob(ui, knob, Honoured::Temperature, Setting::Temperature, says) {
            self.model.settings.temperature = value;
        }
    }

    fn top_p(&mut self, ui: &mut Ui) {
        let knob = Knob {
            name: "Top-p",
            value: self.model.settings.top_p,
            range: Settings::MIN_TOP_P..=1.0,
            default: Settings::default().top_p,
            step: 0.01,
        };
        let says = "How many of the unlikely notes are left out. 1: every note has its chance. Lower: wrong-sounding \
                    notes go first, then variety.";
        if let Some(value) = self.knob(ui, knob, Honoured::TopP, Setting::TopP, says) {
            self.model.settings.top_p = value;
        }
    }

    fn neighbourhood(&mut self, ui: &mut Ui) {
        let knob = Knob {
            name: "How far",
            value: self.model.settings.neighbourhood,
            range: 0.0..=1.0,
            default: Settings::default().neighbourhood,
            step: 0.01,
        };
        let says =
            "How far the phrases may lie from yours. 0: the nearest that there are. 1: distant relatives.";
        if let Some(value) = self.knob(ui, knob, Honoured::Neighbourhood, Setting::Neighbourhood, says) {
            self.model.settings.neighbourhood = value;
        }
    }

    /// Draws a knob; returns its new value if the user turned it.
    fn knob(
        &mut self,
        ui: &mut Ui,
        knob: Knob<'_>,
        honoured: Honoured,
        setting: fn(f32) -> Setting,
        says: &str,
    ) -> Option<f32> {
        // The way of a morph has no neighbourhood.
        let varies = honoured != Honoured::Neighbourhood || self.model.settings.task == Task::Vary;
        let enabled = self.model.honours(honoured) && varies;
        let (size, name, control) = (self.at.size(), knob.name, setting(knob.value).control());
        let (response, turned) = ui.add_enabled_ui(enabled, |ui| knob.show(ui, self.palette, size)).inner;
        let turned = turned.filter(|_| enabled);
        self.outgoing.turn(&response, control, turned.map(setting));
        if varies {
            self.explained(response, name, says);
        } else {
            response.on_disabled_hover_text(format!("Only Vary uses it. {says}"));
        }
        turned
    }

    fn key(&mut self, ui: &mut Ui) {
        let enabled = self.model.honours(Honoured::KeyLock);
        label(ui, self.palette, self.at, "Keep to key", enabled);
        let before = self.model.settings.key_lock;
        let mut chosen = before;
        let choices = [KeyLock::Off, KeyLock::Heard].into_iter().chain(Key::all().map(KeyLock::Fixed));
        let choices = choices.map(|lock| (lock, key_lock_name(lock)));
        let response =
            ui.add_enabled_ui(enabled, |ui| field::menu(ui, self.at, "key", choices, &mut chosen)).inner;
        if chosen != before && enabled {
            self.model.settings.key_lock = chosen;
            self.outgoing.set(Setting::KeyLock(chosen));
        }
        let says = "Only notes of this key may come. Off: any note. As heard: the key of what you played.";
        self.explained(response.accessible_name("Keep to key"), "the key", says);
    }

    fn style(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Style", true);
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

    fn start(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Start", true);
        let before = self.model.settings.start;
        let mut chosen = before;
        let choices = [(Start::Now, "Now"), (Start::NextBeat, "Next beat"), (Start::NextBar, "Next bar")];
        let choices = choices.map(|(start, name)| (start, name.to_owned()));
        let response = field::menu(ui, self.at, "start", choices, &mut chosen);
        if chosen != before {
            self.model.settings.start = chosen;
            self.outgoing.set(Setting::Start(chosen));
        }
        let response = response.accessible_name("Start");
        response.on_hover_text("When the answer comes in, while the transport runs.");
    }

    fn channel(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Channel", true);
        let before = self.model.settings.channel;
        let mut chosen = before;
        let name = |channel: u8| (Some(channel), channel.to_string());
        let choices = std::iter::once((None, "As played".to_owned())).chain((1..=16).map(name));
        let response = field::menu(ui, self.at, "channel", choices, &mut chosen);
        if chosen != before {
            self.model.settings.channel = chosen;
            self.outgoing.set(Setting::Channel(chosen));
        }
        response.accessible_name("Channel").on_hover_text(
            "The MIDI channel of the answer. Give it one of its own to send it to another instrument.",
        );
    }

    /// The tooltip of a control that models may or may not honour.
    fn explained(&self, response: Response, name: &str, says: &str) -> Response {
        let model = self.model.chosen().map_or("The chosen model", |entry| &entry.name);
        let refusal = format!("{model} does not use {}. {says}", name.to_lowercase());
        response.on_hover_text(says).on_disabled_hover_text(refusal)
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
