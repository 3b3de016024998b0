//! The transport in the header: in a host what the host's does, in the standalone our own with its buttons.

use egui::pos2;
use egui::{
    Align2, ComboBox, DragValue, Key, Modifiers, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo,
};
use melody::{Meter, Tempo};

use super::button::IconButton;
use super::devices;
use super::gesture::Outgoing;
use super::icon::Icon;
use super::theme::{self, FIELD, GRID, Palette};
use super::{Action, Metronome, Place, Standalone, StandaloneAction, Transport, ViewModel};

/// The width from which the way to the start, the place and the click have a place of their own.
const ROOMY: f32 = 760.0;
/// Space between buttons, in points.
const GAP: f32 = 4.0;
/// Width of the tempo.
const TEMPO: f32 = 52.0;
/// Width of the meter's menu.
const METER: f32 = 56.0;
/// Width of the bar and the beat.
const PLACE: f32 = 56.0;

/// Draws it at the right edge of the header `rect`; returns where it begins.
pub fn show(
    ui: &mut Ui,
    palette: &Palette,
    rect: Rect,
    model: &mut ViewModel,
    outgoing: &mut Outgoing,
) -> f32 {
    let ViewModel { standalone, transport, .. } = model;
    match standalone {
        Some(standalone) => Own { palette, rect, standalone, transport, outgoing }.show(ui),
        None => reported(ui, palette, rect, transport),
    }
}

/// Draws what the host says.
fn reported(ui: &mut Ui, palette: &Palette, rect: Rect, transport: &Transport) -> f32 {
    let middle = rect.center().y;
    let bpm = format!("{:.1}", transport.tempo.bpm());
    let bpm = bpm.trim_end_matches('0').trim_end_matches('.');
    let painter = ui.painter();
    let mut right = rect.right();
    for (text, gap, colour) in [
        (transport.meter.to_string(), 1.5 * GRID, palette.text),
        ("bpm".to_owned(), 4.0, palette.text_weak),
        (bpm.to_owned(), 0.0, palette.text),
    ] {
        let place = painter.text(pos2(right, middle), Align2::RIGHT_CENTER, text, theme::body(), colour);
        right = place.left() - gap;
    }
    let (icon, colour, says) = if transport.playing {
        (Icon::Play, palette.prompt, "The transport runs: the answer comes in time with it.")
    } else {
        (
            Icon::Stop,
            palette.text_weak,
            "The song stands: its bars are counted from your first note, at this tempo.",
        )
    };
    icon.paint(painter, pos2(right - 12.0, middle), 12.0, colour);
    let left = right - 24.0;
    let place = Rect::from_min_max(pos2(left, rect.top()), pos2(rect.right(), rect.bottom()));
    ui.allocate_rect(place, Sense::hover()).on_hover_text(says);
    left
}

/// The standalone's own transport while it is drawn.
struct Own<'a> {
    palette: &'a Palette,
    rect: Rect,
    standalone: &'a mut Standalone,
    transport: &'a mut Transport,
    outgoing: &'a mut Outgoing,
}

impl Own<'_> {
    /// Draws from the right edge to the left; returns where it begins.
    fn show(mut self, ui: &mut Ui) -> f32 {
        let roomy = self.rect.width() >= ROOMY;
        let mut right = self.rect.right();
        let (top, bottom) = (self.rect.center().y - FIELD / 2.0, self.rect.center().y + FIELD / 2.0);
        let mut take = |width: f32| {
            let place = Rect::from_min_max(pos2(right - width, top), pos2(right, bottom));
            right = place.left() - GAP;
            place
        };
        let (sliders, click) = (take(FIELD), roomy.then(|| take(FIELD)));
        let (meter, tempo) = (take(METER), take(TEMPO));
        let (place, play, start) = (roomy.then(|| take(PLACE)), take(FIELD), roomy.then(|| take(FIELD)));
        if let Some(at) = start {
            self.start_button(ui, at);
        }
        self.play(ui, play);
        if let Some(at) = place {
            self.place(ui, at);
        }
        self.tempo(ui, tempo);
        self.meter(ui, meter);
        if let Some(at) = click {
            self.click(ui, at);
        }
        devices::show(ui, self.palette, sliders, self.standalone, self.outgoing);
        start.unwrap_or(play).left() - GAP
    }

    fn send(&mut self, action: StandaloneAction) {
        self.outgoing.push(Action::Standalone(action));
    }

    fn button(&self, ui: &mut Ui, at: Rect, button: IconButton<'_>) -> Response {
        ui.scope_builder(UiBuilder::new().max_rect(at), |ui| button.show(ui, self.palette, true)).inner
    }

    fn start_button(&mut self, ui: &mut Ui, at: Rect) {
        let button = self.button(ui, at, IconButton::new(Icon::Return, "Return to start", FIELD));
        if button.on_hover_text("To the song's first bar.").clicked() {
            self.standalone.place = None;
            self.send(StandaloneAction::Return);
        }
    }

    fn play(&mut self, ui: &mut Ui, at: Rect) {
        let playing = self.transport.playing;
        let (icon, says) = if playing {
            (Icon::Stop, "The song runs: answers come in on its bars. Stop it (Ctrl+Space).")
        } else {
            (Icon::Play, "The song stands: your first note makes the bar. Start it (Ctrl+Space).")
        };
        let name = if playing { "Stop the song" } else { "Play the song" };
        let clicked = self.button(ui, at, IconButton::new(icon, name, FIELD)).on_hover_text(says).clicked();
        // Consumed, so that nothing that has the focus takes it for a click.
        let typed = ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Space));
        if clicked || typed {
            self.transport.playing = !playing;
            self.send(StandaloneAction::Play(!playing));
        }
    }

    fn place(&self, ui: &mut Ui, at: Rect) {
        let (text, spoken) = match self.standalone.place {
            None => ("1.1".to_owned(), "Bar 1, beat 1".to_owned()),
            Some(Place::Song { bar, beat }) => (format!("{bar}.{beat}"), format!("Bar {bar}, beat {beat}")),
            Some(Place::CountIn { beat }) => (format!("\u{2212}{beat}"), format!("Count-in, beat {beat}")),
        };
        let counting = matches!(self.standalone.place, Some(Place::CountIn { .. }));
        let palette = self.palette;
        let ink = match (self.transport.playing, counting) {
            (true, true) => palette.answer,
            (true, false) => palette.text,
            (false, _) => palette.text_weak,
        };
        let text = theme::line(ui.painter(), &text, theme::strong(13.0), ink, at.width());
        ui.painter().galley(at.center() - text.size() / 2.0, text, ink);
        let response = ui.allocate_rect(at, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken.clone()));
        response.on_hover_text("Where the song is: bar and beat.");
    }

    fn tempo(&mut self, ui: &mut Ui, at: Rect) {
        let before = self.transport.tempo.bpm();
        let mut bpm = before;
        let drag = DragValue::new(&mut bpm)
            .range(Standalone::TEMPOS)
            .speed(0.5)
            .update_while_editing(false)
            .min_size(at.size())
            .custom_formatter(|bpm, _| {
                let text = format!("{bpm:.1}");
                text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
            });
        let response = ui.put(at, drag).accessible_name("Tempo");
        if response.lost_focus() {
            // The Enter that ends typing is not one for Continue.
            ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
        }
        if response.changed() {
            // A tenth is as exact as it is shown.
            let bpm = (bpm * 10.0).round() / 10.0;
            self.transport.tempo = Tempo::from_bpm(bpm);
            self.send(StandaloneAction::SetTempo(bpm));
        }
        response.on_hover_text("Quarters a minute, 20 to 300: drag, or click and type.");
    }

    fn meter(&mut self, ui: &mut Ui, at: Rect) {
        let mut chosen = None;
        let now = self.transport.meter;
        let menu = |ui: &mut Ui| {
            let combo = ComboBox::from_id_salt("meter").width(at.width()).selected_text(now.to_string());
            combo.show_ui(ui, |ui| {
                ui.set_min_width(at.width());
                for meter in
                    Standalone::METERS.into_iter().filter_map(|(upper, lower)| Meter::new(upper, lower))
                {
                    if ui.selectable_label(meter == now, meter.to_string()).clicked() {
                        chosen = Some(meter);
                    }
                }
            })
        };
        let response = ui.scope_builder(UiBuilder::new().max_rect(at), menu).inner.response;
        response.accessible_name("Meter").on_hover_text("The time signature.");
        if let Some(meter) = chosen.filter(|meter| *meter != now) {
            self.transport.meter = meter;
            self.send(StandaloneAction::SetMeter(meter));
        }
    }

    fn click(&mut self, ui: &mut Ui, at: Rect) {
        let metronome = self.standalone.metronome;
        let button = IconButton::new(Icon::Metronome, "Metronome", FIELD).staying(metronome.on);
        let response = self.button(ui, at, button);
        if metronome.on {
            ui.painter().hline(at.shrink(6.0).x_range(), at.bottom() - 2.0, (2.0, self.palette.prompt));
        }
        let says = if metronome.on {
            "The click is heard while the song runs. Its volume and the count-in are under the sliders beside it."
        } else {
            "No click. Switch it on to hear the beats while the song runs; the first of a bar is higher."
        };
        if response.on_hover_text(says).clicked() {
            self.standalone.metronome = Metronome { on: !metronome.on, ..metronome };
            self.send(StandaloneAction::SetMetronome(self.standalone.metronome));
        }
    }
}
