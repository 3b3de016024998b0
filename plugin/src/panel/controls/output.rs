//! The controls of where answers go, and of asking for them without the mouse.

use egui::Ui;
use melody::Pitch;

use super::Controls;
use super::field::{self, label};
use crate::panel::{Control, Mix, Setting, Start};

impl Controls<'_> {
    pub(super) fn mix(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Output");
        let before = self.model.settings.mix;
        let mut chosen = before;
        let choices = [
            (Mix::Beside, "You and Continuo"),
            (Mix::Instead, "Continuo alone"),
            (Mix::Through, "You alone"),
        ];
        let choices = choices.map(|(mix, name)| (mix, name.to_owned()));
        let response = field::menu(ui, self.at, "mix", choices, &mut chosen);
        if chosen != before {
            self.model.settings.mix = chosen;
            self.outgoing.set(Setting::Mix(chosen));
        }
        response.accessible_name("Output").on_hover_text(
            "What goes on to the instrument. You and Continuo: your playing and the answer. Continuo alone: the \
             answer, your playing is only listened to. You alone: answers are silent, to be saved or dragged out.",
        );
    }

    pub(super) fn start(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Start");
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

    pub(super) fn channel(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Channel");
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

    pub(super) fn looped(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Loop");
        let on = self.model.settings.looped;
        let response = field::switch(ui, self.at, "Loop", on);
        if response.clicked() {
            self.model.settings.looped = !on;
            self.outgoing.set(Setting::Looped(!on));
        }
        response.on_hover_text("Answers begin again at their end, until Stop or the next one.");
    }

    pub(super) fn responds(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Call and response");
        let on = self.model.settings.responds;
        let response = field::switch(ui, self.at, "Call and response", on);
        if response.clicked() {
            self.model.settings.responds = !on;
            self.outgoing.set(Setting::Responds(!on));
        }
        response.on_hover_text("Play a phrase, then pause: Continuo answers each pause, in tempo.");
    }

    pub(super) fn trigger_key(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Trigger key");
        let mut number = self.model.settings.trigger_key.map_or(-1, |pitch| i32::from(pitch.number()));
        let response = field::trigger_key(ui, self.at, &mut number);
        let changed = response.changed().then(|| {
            let key = u8::try_from(number).ok().and_then(Pitch::new);
            self.model.settings.trigger_key = key;
            Setting::TriggerKey(key)
        });
        self.outgoing.turn(&response, Control::TriggerKey, changed);
        response.accessible_name("Trigger key").on_hover_text(
            "A key that asks for an answer instead of sounding: one that you do not need, such as the lowest. Drag, \
             or click and type: C1. Type off for none.",
        );
    }

    pub(super) fn trigger_cc(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Trigger CC");
        let mut number = self.model.settings.trigger_cc.map_or(0, i32::from);
        let response = field::trigger_cc(ui, self.at, &mut number);
        let changed = response.changed().then(|| {
            let controller = u8::try_from(number).ok().filter(|number| *number > 0);
            self.model.settings.trigger_cc = controller;
            Setting::TriggerCc(controller)
        });
        self.outgoing.turn(&response, Control::TriggerCc, changed);
        response.accessible_name("Trigger CC").on_hover_text(
            "A MIDI controller, 1 to 119, that asks for an answer when it goes past its middle: a pedal is 64. Type \
             off for none. A VST3 hears no controllers: let the host automate Continue there.",
        );
    }
}
