//! The controls of what is played: how much, how dense, how high, how daring.

use egui::Ui;
use generator::Request;

use super::field::{self, label};
use super::{Controls, Dial, Knob};
use crate::panel::{Control, Setting, Settings};

impl Controls<'_> {
    pub(super) fn listen(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Listen to");
        let settings = &mut self.model.settings;
        let range = 1..=Settings::MAX_LISTEN_BARS;
        let response = field::counted(ui, self.at, &mut settings.listen_bars, range, "bar");
        let changed = response.changed().then_some(Setting::ListenBars(settings.listen_bars));
        self.outgoing.turn(&response, Control::ListenBars, changed);
        response.accessible_name("Listen to").on_hover_text(
            "How many of the last bars that you played are answered. Drag, or click and type. To take other bars, \
             drag over them in the roll.",
        );
    }

    pub(super) fn bars(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Answer");
        let settings = &mut self.model.settings;
        let response = field::counted(ui, self.at, &mut settings.bars, 1..=Request::MAX_BARS, "bar");
        let changed = response.changed().then_some(Setting::Bars(settings.bars));
        self.outgoing.turn(&response, Control::Bars, changed);
        response
            .accessible_name("Answer")
            .on_hover_text("How many bars Continuo plays. Drag, or click and type.");
    }

    pub(super) fn count(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Candidates");
        let settings = &mut self.model.settings;
        let response = field::number(ui, self.at, &mut settings.count, 1..=Settings::MAX_COUNT);
        let changed = response.changed().then_some(Setting::Count(settings.count));
        self.outgoing.turn(&response, Control::Count, changed);
        response
            .accessible_name("Candidates")
            .on_hover_text("How many answers you get to choose from, 1 to 16. Drag, or click and type.");
    }

    pub(super) fn kept(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Keep first");
        let settings = &mut self.model.settings;
        let response =
            field::counted(ui, self.at, &mut settings.kept_beats, 0..=Settings::MAX_KEPT_BEATS, "beat");
        let changed = response.changed().then_some(Setting::KeptBeats(settings.kept_beats));
        self.outgoing.turn(&response, Control::KeptBeats, changed);
        response
            .accessible_name("Keep first")
            .on_hover_text("How many beats from its start a variation leaves as you played them.");
    }

    pub(super) fn temperature(&mut self, ui: &mut Ui) {
        let knob = Knob {
            name: "Temperature",
            value: self.model.settings.temperature,
            range: 0.0..=Settings::MAX_TEMPERATURE,
            default: Settings::default().temperature,
            step: 0.01,
            dial: Dial::Linear,
            text: None,
        };
        let says = "How daring the answer is. Low: the expected next note, safe and repetitive. High: surprises, \
                    up to nonsense. Around 0.9 is a good start. Double-click for that, Shift for small steps.";
        if let Some(value) = self.knob(ui, knob, Setting::Temperature, says) {
            self.model.settings.temperature = value;
        }
    }

    pub(super) fn top_p(&mut self, ui: &mut Ui) {
        let knob = Knob {
            name: "Top-p",
            value: self.model.settings.top_p,
            range: Settings::MIN_TOP_P..=1.0,
            default: Settings::default().top_p,
            step: 0.01,
            dial: Dial::Linear,
            text: None,
        };
        let says = "How many of the unlikely notes are left out. 1: every note has its chance. Lower: wrong-sounding \
                    notes go first, then variety.";
        if let Some(value) = self.knob(ui, knob, Setting::TopP, says) {
            self.model.settings.top_p = value;
        }
    }

    pub(super) fn neighbourhood(&mut self, ui: &mut Ui) {
        let knob = Knob {
            name: "How far",
            value: self.model.settings.neighbourhood,
            range: 0.0..=1.0,
            default: Settings::default().neighbourhood,
            step: 0.01,
            dial: Dial::Linear,
            text: None,
        };
        let says =
            "How far the phrases may lie from yours. 0: the nearest that there are. 1: distant relatives.";
        if let Some(value) = self.knob(ui, knob, Setting::Neighbourhood, says) {
            self.model.settings.neighbourhood = value;
        }
    }

    pub(super) fn density(&mut self, ui: &mut Ui) {
        let value = self.model.settings.density;
        let knob = Knob {
            name: "Density",
            value,
            range: Request::DENSITIES,
            default: Settings::default().density,
            step: 0.01,
            dial: Dial::Logarithmic,
            text: (value == 1.0).then_some(("as the model likes", "free")),
        };
        let says = "How many notes there are, beside what you played. In the middle: as many as the model likes. To \
                    the left down to a quarter as many, to the right up to four times as many. Double-click for \
                    the middle.";
        if let Some(value) = self.knob(ui, knob, Setting::Density, says) {
            self.model.settings.density = value;
        }
    }

    /// Draws a knob; returns its new value if the user turned it.
    fn knob(&mut self, ui: &mut Ui, knob: Knob<'_>, setting: fn(f32) -> Setting, says: &str) -> Option<f32> {
        let (size, control) = (self.at.size(), setting(knob.value).control());
        let (response, turned) = knob.show(ui, self.palette, size);
        self.outgoing.turn(&response, control, turned.map(setting));
        response.on_hover_text(says);
        turned
    }

    pub(super) fn range(&mut self, ui: &mut Ui) {
        label(ui, self.palette, self.at, "Range");
        let halves = field::halves(self.at);
        let settings = &mut self.model.settings;
        let before = (settings.lowest, settings.highest);
        let lowest = field::pitch(ui, halves[0], &mut settings.lowest);
        let highest = field::pitch(ui, halves[1], &mut settings.highest);
        // One end pushes the other before it.
        if lowest.changed() {
            settings.highest = settings.highest.max(settings.lowest);
        }
        if highest.changed() {
            settings.lowest = settings.lowest.min(settings.highest);
        }
        let (low, high) = (settings.lowest, settings.highest);
        let low = (low != before.0).then_some(Setting::Lowest(low));
        let high = (high != before.1).then_some(Setting::Highest(high));
        self.outgoing.turn(&lowest, Control::Lowest, low);
        self.outgoing.turn(&highest, Control::Highest, high);
        lowest.accessible_name("Lowest note").on_hover_text(
            "The lowest note that may come, as for an instrument or a voice. Drag, or click and type: C3, F#2.",
        );
        highest
            .accessible_name("Highest note")
            .on_hover_text("The highest note that may come. Drag, or click and type: C6, Bb5.");
    }
}
