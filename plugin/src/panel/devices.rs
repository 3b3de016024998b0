//! Behind the sliders in the header: the metronome, the instrument, and the devices for sound and MIDI.

use egui::{ComboBox, Grid, Id, Key, Order, Rect, ScrollArea, Sense, Slider, Ui, UiBuilder, Window, pos2};

use super::button::IconButton;
use super::gesture::Outgoing;
use super::icon::Icon;
use super::theme::{self, FIELD, GRID, Palette};
use super::{Action, DeviceChoice, MidiChoice, Standalone, StandaloneAction};

/// Width of the window's fields, in points.
const FIELDS: f32 = 224.0;

/// Draws the button into `at`, and the window below it while it is open.
pub fn show(ui: &mut Ui, palette: &Palette, at: Rect, standalone: &mut Standalone, outgoing: &mut Outgoing) {
    let id = Id::unique("continuo: sound and devices");
    let mut open = ui.data(|data| data.get_temp(id)).unwrap_or(false);
    let button = IconButton::new(Icon::Presets, "Sound and devices", FIELD).staying(open);
    let button = ui.scope_builder(UiBuilder::new().max_rect(at), |ui| button.show(ui, palette, true)).inner;
    if button.on_hover_text("Metronome, instrument, audio and MIDI devices.").clicked() {
        open = !open;
        if open {
            outgoing.push(Action::Standalone(StandaloneAction::LookForDevices));
        }
    }
    if open {
        window(ui, palette, at, &mut open, standalone, outgoing);
        let menus = egui::Popup::is_any_open(ui.ctx());
        if !menus && ui.input(|input| input.key_pressed(Key::Escape)) {
            open = false;
        }
    }
    ui.data_mut(|data| data.insert_temp(id, open));
}

fn window(
    ui: &Ui,
    palette: &Palette,
    button: Rect,
    open: &mut bool,
    standalone: &mut Standalone,
    outgoing: &mut Outgoing,
) {
    let screen = ui.ctx().content_rect();
    let window = Window::new("Sound and devices")
        .open(open)
        .order(Order::Foreground)
        .collapsible(false)
        .default_height(screen.height())
        .resizable(false)
        .pivot(egui::Align2::RIGHT_TOP)
        .fixed_pos(pos2(button.right(), button.bottom() + 4.0));
    window.show(ui.ctx(), |ui| {
        let room = screen.bottom() - button.bottom() - 8.0 * GRID;
        // On a window's ground the marks of boxes and sliders are as dark as it.
        ui.visuals_mut().widgets.inactive.bg_fill = palette.line_strong;
        ScrollArea::vertical().max_height(room).show(ui, |ui| {
            let mut rows = Rows { palette, standalone, outgoing };
            Grid::new("sound and devices").num_columns(2).spacing([2.0 * GRID, GRID]).show(ui, |ui| {
                rows.metronome(ui);
                rows.instrument(ui);
                rows.audio(ui);
                rows.midi(ui);
            });
            rows.footer(ui);
        });
    });
}

/// The window's rows while they are drawn.
struct Rows<'a> {
    palette: &'a Palette,
    standalone: &'a mut Standalone,
    outgoing: &'a mut Outgoing,
}

impl Rows<'_> {
    fn send(&mut self, action: StandaloneAction) {
        self.outgoing.push(Action::Standalone(action));
    }

    fn label(&self, ui: &mut Ui, text: &str) {
        // Painted, for the field beside it has the same name already.
        let text = theme::line(ui.painter(), text, theme::body(), self.palette.text_weak, FIELDS);
        let (place, _) = ui.allocate_exact_size(text.size(), Sense::hover());
        ui.painter().galley(place.min, text, self.palette.text_weak);
    }

    fn metronome(&mut self, ui: &mut Ui) {
        let mut set = self.standalone.metronome;
        self.label(ui, "Metronome");
        ui.horizontal(|ui| {
            ui.checkbox(&mut set.on, "Click")
                .on_hover_text("Whether the beats are heard while the song runs.");
            ui.checkbox(&mut set.count_in, "Count-in")
                .on_hover_text("Counts a bar before the song starts, even where the click is off.");
        });
        ui.end_row();
        self.label(ui, "Click volume");
        volume(ui, &mut set.volume, "Click volume");
        ui.end_row();
        if set != self.standalone.metronome {
            self.standalone.metronome = set;
            self.send(StandaloneAction::SetMetronome(set));
        }
    }

    fn instrument(&mut self, ui: &mut Ui) {
        self.label(ui, "Instrument");
        let chosen = self.standalone.instruments.get(self.standalone.instrument).cloned().unwrap_or_default();
        let names = &self.standalone.instruments;
        let options = names.iter().enumerate().map(|(place, name)| (name.clone(), place));
        let picked = menu(ui, "Instrument", &chosen, options);
        ui.end_row();
        if let Some(place) = picked.filter(|place| *place != self.standalone.instrument) {
            self.standalone.instrument = place;
            self.send(StandaloneAction::SetInstrument(place));
        }
        self.label(ui, "Volume");
        let mut level = self.standalone.volume;
        if volume(ui, &mut level, "Volume") {
            self.standalone.volume = level;
            self.send(StandaloneAction::SetVolume(level));
        }
        ui.end_row();
    }

    fn audio(&mut self, ui: &mut Ui) {
        let devices = &self.standalone.devices;
        let chosen = &devices.chosen;
        let mut next = chosen.clone();
        self.label(ui, "Sound through");
        automatic(ui, "Sound through", chosen.system.clone(), devices.systems.iter().cloned(), |name| {
            name.clone()
        })
        .into_iter()
        .for_each(|system| next.system = system);
        ui.end_row();
        // A JACK server has one output, rate and block of its own.
        if !self.standalone.backend.starts_with("JACK") {
            self.label(ui, "Audio output");
            automatic(ui, "Audio output", chosen.output.clone(), devices.outputs.iter().cloned(), |name| {
                name.clone()
            })
            .into_iter()
            .for_each(|output| next.output = output);
            ui.end_row();
            self.label(ui, "Sample rate");
            let kilohertz = |rate: &u32| format!("{} kHz", f64::from(*rate) / 1000.0);
            automatic(ui, "Sample rate", chosen.rate, devices.rates.iter().copied(), kilohertz)
                .into_iter()
                .for_each(|rate| next.rate = rate);
            ui.end_row();
            self.label(ui, "Block");
            let samples = |block: &u32| format!("{block} samples");
            automatic(ui, "Block", chosen.block, devices.blocks.iter().copied(), samples)
                .into_iter()
                .for_each(|block| next.block = block);
            ui.end_row();
        }
        self.choose(next);
    }

    fn midi(&mut self, ui: &mut Ui) {
        let devices = &self.standalone.devices;
        let mut next = devices.chosen.clone();
        self.label(ui, "MIDI in");
        let one = |name: &String| (name.clone(), MidiChoice::One(name.clone()));
        let options = [("All".to_owned(), MidiChoice::All), ("None".to_owned(), MidiChoice::None)];
        let options = options.into_iter().chain(devices.midi_inputs.iter().map(one));
        let shown = match &next.midi_input {
            MidiChoice::All => "All",
            MidiChoice::None => "None",
            MidiChoice::One(name) => name,
        };
        if let Some(input) = menu(ui, "MIDI in", shown, options) {
            next.midi_input = input;
        }
        ui.end_row();
        self.label(ui, "MIDI out");
        let options = devices.midi_outputs.iter().map(|name| (name.clone(), Some(name.clone())));
        let options = std::iter::once(("None".to_owned(), None)).chain(options);
        if let Some(output) = menu(ui, "MIDI out", next.midi_output.as_deref().unwrap_or("None"), options) {
            next.midi_output = output;
        }
        ui.end_row();
        self.choose(next);
    }

    fn choose(&mut self, next: DeviceChoice) {
        if next != self.standalone.devices.chosen {
            self.standalone.devices.chosen = next.clone();
            self.send(StandaloneAction::SetDevices(next));
        }
    }

    fn footer(&mut self, ui: &mut Ui) {
        ui.add_space(GRID);
        ui.horizontal(|ui| {
            let says = "Closes the window and opens it again with the sound started anew; nothing is lost.";
            if ui.button("Restart the sound").on_hover_text(says).clicked() {
                self.send(StandaloneAction::RestartSound);
            }
            let text = theme::line(
                ui.painter(),
                &self.standalone.backend,
                theme::small(),
                self.palette.text_weak,
                FIELDS,
            );
            ui.label(text);
        });
    }
}

/// A level from 0 to 100; `true` when it was changed.
fn volume(ui: &mut Ui, level: &mut u8, name: &str) -> bool {
    ui.spacing_mut().slider_width = FIELDS - 56.0;
    ui.add(Slider::new(level, 0..=100)).accessible_name(name).changed()
}

/// A menu with a first entry that leaves the choice to Continuo; returns another choice.
fn automatic<T: PartialEq>(
    ui: &mut Ui,
    name: &str,
    chosen: Option<T>,
    options: impl Iterator<Item = T>,
    text: impl Fn(&T) -> String,
) -> Option<Option<T>> {
    let shown = chosen.as_ref().map_or_else(|| "Automatic".to_owned(), &text);
    let options = options.map(|option| (text(&option), Some(option)));
    let picked = menu(ui, name, &shown, std::iter::once(("Automatic".to_owned(), None)).chain(options));
    picked.filter(|picked| *picked != chosen)
}

/// A menu of named options; returns the one that was picked.
fn menu<T>(ui: &mut Ui, name: &str, chosen: &str, options: impl Iterator<Item = (String, T)>) -> Option<T> {
    let mut picked = None;
    let combo = ComboBox::from_id_salt(name).width(FIELDS).truncate().selected_text(chosen);
    let response = combo.show_ui(ui, |ui| {
        ui.set_min_width(FIELDS);
        for (text, option) in options {
            if ui.selectable_label(text == chosen, text).clicked() {
                picked = Some(option);
            }
        }
    });
    response.response.accessible_name(name);
    picked
}
