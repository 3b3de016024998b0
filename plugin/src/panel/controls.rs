//! The row of controls: what to listen to, how to answer, when to play it.

use egui::{Checkbox, ComboBox, DragValue, Rect, Response, Stroke, TextEdit, Ui, UiBuilder, pos2, vec2};
use generator::{KeyLock, Knob as Honoured, Request};
use melody::Key;

use super::button::IconButton;
use super::gesture::Outgoing;
use super::icon::Icon;
use super::knob::Knob;
use super::theme::{self, FIELD, GRID, Palette};
use super::{Action, Control, Setting, Settings, Start, ViewModel};

/// Height of a control with its label, in points.
pub const HEIGHT: f32 = 6.0 * GRID;
/// Space between rows of controls.
const BETWEEN_ROWS: f32 = GRID;
/// Space between controls: at least, at most.
const BETWEEN: (f32, f32) = (GRID, 3.0 * GRID);

/// A control of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Listen,
    Bars,
    Temperature,
    TopP,
    Chord,
    Key,
    Seed,
    Start,
    Channel,
}

/// The controls from left to right with their widths in points.
const ROW: [(Place, f32); 9] = [
    (Place::Listen, 64.0),
    (Place::Bars, 64.0),
    (Place::Temperature, 120.0),
    (Place::TopP, 88.0),
    (Place::Chord, 104.0),
    (Place::Key, 104.0),
    (Place::Seed, 144.0),
    (Place::Start, 96.0),
    (Place::Channel, 96.0),
];

/// Where each control goes in a panel of a given width.
pub struct Arrangement {
    places: Vec<(Place, Rect)>,
    height: f32,
}

impl Arrangement {
    /// Fills rows of `width` points from the left.
    pub fn of(width: f32) -> Arrangement {
        let mut rows: Vec<Vec<(Place, f32)>> = vec![Vec::new()];
        let mut taken = 0.0;
        for (place, wide) in ROW {
            if taken + wide > width {
                rows.push(Vec::new());
                taken = 0.0;
            }
            taken += wide + BETWEEN.0;
            rows.last_mut().into_iter().for_each(|row| row.push((place, wide)));
        }
        let mut places = Vec::with_capacity(ROW.len());
        let gap = gap(&rows, width);
        for (index, row) in rows.iter().enumerate() {
            let top = (HEIGHT + BETWEEN_ROWS) * index as f32;
            let mut left = 0.0;
            for (place, wide) in row {
                places.push((*place, Rect::from_min_size(pos2(left, top), vec2(*wide, HEIGHT))));
                left += wide + gap;
            }
        }
        let height = (HEIGHT + BETWEEN_ROWS) * rows.len() as f32 - BETWEEN_ROWS;
        Arrangement { places, height }
    }

    /// Height of all rows in points.
    pub fn height(&self) -> f32 {
        self.height
    }
}

/// The space between controls that spreads the fullest row over the width.
fn gap(rows: &[Vec<(Place, f32)>], width: f32) -> f32 {
    let spread = |row: &Vec<(Place, f32)>| {
        let taken: f32 = row.iter().map(|(_, wide)| wide).sum();
        (width - taken) / (row.len().max(2) - 1) as f32
    };
    rows.iter().map(spread).fold(BETWEEN.1, f32::min).max(BETWEEN.0).floor()
}

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
                Place::Chord => controls.chord(ui),
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
        self.label(ui, "Listen to", true);
        let settings = &mut self.model.settings;
        let range = 1..=Settings::MAX_LISTEN_BARS;
        let response = bars_field(ui, self.at, &mut settings.listen_bars, range);
        let changed = response.changed().then_some(Setting::ListenBars(settings.listen_bars));
        self.outgoing.turn(&response, Control::ListenBars, changed);
        response.accessible_name("Listen to").on_hover_text(
            "How many of the last bars that you played are answered. Drag, or click and type.",
        );
    }

    fn bars(&mut self, ui: &mut Ui) {
        self.label(ui, "Answer", true);
        let settings = &mut self.model.settings;
        let response = bars_field(ui, self.at, &mut settings.bars, 1..=Request::MAX_BARS);
        let changed = response.changed().then_some(Setting::Bars(settings.bars));
        self.outgoing.turn(&response, Control::Bars, changed);
        response
            .accessible_name("Answer")
            .on_hover_text("How many bars Continuo plays. Drag, or click and type.");
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
        let (response, turned) = self.knob(ui, knob, Honoured::Temperature, says);
        if let Some(value) = turned {
            self.model.settings.temperature = value;
        }
        self.outgoing.turn(&response, Control::Temperature, turned.map(Setting::Temperature));
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
        let (response, turned) = self.knob(ui, knob, Honoured::TopP, says);
        if let Some(value) = turned {
            self.model.settings.top_p = value;
        }
        self.outgoing.turn(&response, Control::TopP, turned.map(Setting::TopP));
    }

    fn knob(&self, ui: &mut Ui, knob: Knob<'_>, honoured: Honoured, says: &str) -> (Response, Option<f32>) {
        let enabled = self.model.honours(honoured);
        let size = self.at.size();
        let name = knob.name;
        let (response, turned) = ui.add_enabled_ui(enabled, |ui| knob.show(ui, self.palette, size)).inner;
        (self.explained(response, name, says), turned.filter(|_| enabled))
    }

    fn chord(&mut self, ui: &mut Ui) {
        let enabled = self.model.honours(Honoured::Chord);
        let says = "Start the answer on a chord: its first bar leans towards these notes. Write any chord: Cadd9, \
                    F#m7, Bb/D.";
        let ViewModel { settings, .. } = &mut *self.model;
        let bad = enabled && settings.chord_seed().is_err();
        let label = Rect::from_min_size(self.at.min, vec2(self.at.width(), LABEL));
        let (switch, text) = ui
            .add_enabled_ui(enabled, |ui| {
                ui.spacing_mut().icon_width = 14.0;
                ui.spacing_mut().icon_width_inner = 8.0;
                ui.spacing_mut().icon_spacing = 6.0;
                ui.spacing_mut().interact_size.y = LABEL;
                ui.spacing_mut().button_padding = vec2(0.0, 0.0);
                // An empty box needs an edge to be seen.
                ui.visuals_mut().widgets.inactive.bg_stroke = Stroke::new(1.0, self.palette.text_weak);
                let name = egui::RichText::new("Chord").font(theme::small()).color(self.palette.text_weak);
                let place = UiBuilder::new().max_rect(label);
                let switch = Checkbox::new(&mut settings.chord_on, name);
                let switch = ui.scope_builder(place, |ui| ui.add(switch)).inner;
                ui.visuals_mut().widgets.inactive.bg_stroke = Stroke::NONE;
                let ink = if bad { self.palette.problem } else { self.palette.text };
                let edit = TextEdit::singleline(&mut settings.chord)
                    .id_salt("chord")
                    .char_limit(32)
                    .text_color(ink)
                    .margin(egui::Margin::symmetric(8, 0))
                    .align(egui::Align2::LEFT_CENTER)
                    .min_size(field(self.at).size())
                    .desired_width(self.at.width() - 16.0);
                let on = settings.chord_on;
                let text = ui.add_enabled_ui(on, |ui| ui.put(field(self.at), edit)).inner;
                (switch, text)
            })
            .inner;
        if switch.changed() && enabled {
            self.outgoing.set(Setting::ChordOn(settings.chord_on));
        }
        if text.changed() && enabled {
            self.outgoing.set(Setting::Chord(settings.chord.clone()));
        }
        if bad {
            // A mark at the edge, too, for those who do not see the red.
            let centre = pos2(self.at.right() - 12.0, field(self.at).center().y);
            Icon::Problem.paint(ui.painter(), centre, 12.0, self.palette.problem);
        }
        self.explained(switch, "Chord", says);
        self.explained(text.accessible_name("Chord seed"), "Chord", says);
    }

    fn key(&mut self, ui: &mut Ui) {
        let enabled = self.model.honours(Honoured::KeyLock);
        self.label(ui, "Keep to key", enabled);
        let before = self.model.settings.key_lock;
        let mut chosen = before;
        let choices = [KeyLock::Off, KeyLock::Heard].into_iter().chain(Key::all().map(KeyLock::Fixed));
        let choices = choices.map(|lock| (lock, key_lock_name(lock)));
        let response = ui.add_enabled_ui(enabled, |ui| menu(ui, self.at, "key", choices, &mut chosen)).inner;
        if chosen != before && enabled {
            self.model.settings.key_lock = chosen;
            self.outgoing.set(Setting::KeyLock(chosen));
        }
        let says = "Only notes of this key may come. Off: any note. As heard: the key of what you played.";
        self.explained(response.accessible_name("Keep to key"), "the key", says);
    }

    fn seed(&mut self, ui: &mut Ui) {
        self.label(ui, "Seed", true);
        let field = field(self.at);
        let settings = &mut self.model.settings;
        let number = field.with_max_x(field.right() - 2.0 * (FIELD + 4.0));
        let drag = DragValue::new(&mut settings.seed)
            .range(0..=Settings::MAX_SEED)
            .speed(1.0)
            .update_while_editing(false)
            .min_size(number.size())
            .custom_formatter(|seed, _| format!("{seed:06.0}"));
        let response = ui.put(number, drag);
        let changed = response.changed().then_some(Setting::Seed(settings.seed));
        self.outgoing.turn(&response, Control::Seed, changed);
        response.accessible_name("Seed").on_hover_text(
            "The number behind the chance. The same seed, with the same playing and knobs, gives the same answer.",
        );
        self.dice(ui, Rect::from_min_size(pos2(number.right() + 4.0, field.top()), vec2(FIELD, FIELD)));
        self.seed_lock(
            ui,
            Rect::from_min_size(pos2(number.right() + FIELD + 8.0, field.top()), vec2(FIELD, FIELD)),
        );
    }

    fn dice(&mut self, ui: &mut Ui, at: Rect) {
        let palette = self.palette;
        let dice = |ui: &mut Ui| IconButton::new(Icon::Dice, "Roll the dice", FIELD).show(ui, palette, true);
        let dice = ui.scope_builder(UiBuilder::new().max_rect(at), dice).inner;
        if dice.on_hover_text("Another seed, another answer.").clicked() {
            self.outgoing.push(Action::RollDice);
        }
    }

    fn seed_lock(&mut self, ui: &mut Ui, at: Rect) {
        let palette = self.palette;
        let locked = self.model.settings.seed_locked;
        let icon = if locked { Icon::Locked } else { Icon::Unlocked };
        let lock = |ui: &mut Ui| {
            IconButton::new(icon, "Lock the seed", FIELD).staying(locked).show(ui, palette, true)
        };
        let lock = ui.scope_builder(UiBuilder::new().max_rect(at), lock).inner;
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

    fn start(&mut self, ui: &mut Ui) {
        self.label(ui, "Start", true);
        let before = self.model.settings.start;
        let mut chosen = before;
        let choices = [(Start::Now, "Now"), (Start::NextBeat, "Next beat"), (Start::NextBar, "Next bar")];
        let choices = choices.map(|(start, name)| (start, name.to_owned()));
        let response = menu(ui, self.at, "start", choices, &mut chosen);
        if chosen != before {
            self.model.settings.start = chosen;
            self.outgoing.set(Setting::Start(chosen));
        }
        let response = response.accessible_name("Start");
        response.on_hover_text("When the answer comes in, while the transport runs.");
    }

    fn channel(&mut self, ui: &mut Ui) {
        self.label(ui, "Channel", true);
        let before = self.model.settings.channel;
        let mut chosen = before;
        let name = |channel: u8| (Some(channel), channel.to_string());
        let choices = std::iter::once((None, "As played".to_owned())).chain((1..=16).map(name));
        let response = menu(ui, self.at, "channel", choices, &mut chosen);
        if chosen != before {
            self.model.settings.channel = chosen;
            self.outgoing.set(Setting::Channel(chosen));
        }
        response.accessible_name("Channel").on_hover_text(
            "The MIDI channel of the answer. Give it one of its own to send it to another instrument.",
        );
    }

    fn label(&self, ui: &Ui, text: &str, enabled: bool) {
        let colour = self.palette.text_weak;
        let colour = if enabled { colour } else { colour.gamma_multiply(ui.visuals().disabled_alpha()) };
        let text = theme::line(ui.painter(), text, theme::small(), colour, self.at.width());
        ui.painter().galley(self.at.min, text, colour);
    }

    /// The tooltip of a control that models may or may not honour.
    fn explained(&self, response: Response, name: &str, says: &str) -> Response {
        let model = self.model.chosen().map_or("The chosen model", |entry| &entry.name);
        let refusal = format!("{model} does not use {}. {says}", name.to_lowercase());
        response.on_hover_text(says).on_disabled_hover_text(refusal)
    }
}

/// Height of a label, in points.
const LABEL: f32 = HEIGHT - FIELD;

/// The place of the field under the label.
fn field(at: Rect) -> Rect {
    Rect::from_min_max(pos2(at.left(), at.top() + LABEL), at.max)
}

fn bars_field(ui: &mut Ui, at: Rect, value: &mut u32, range: std::ops::RangeInclusive<u32>) -> Response {
    let suffix = if *value == 1 { " bar" } else { " bars" };
    let drag = DragValue::new(value)
        .range(range)
        .speed(0.1)
        .update_while_editing(false)
        .suffix(suffix)
        .min_size(field(at).size());
    ui.put(field(at), drag)
}

fn menu<T: PartialEq + Copy>(
    ui: &mut Ui,
    at: Rect,
    salt: &str,
    choices: impl IntoIterator<Item = (T, String)>,
    chosen: &mut T,
) -> Response {
    let choices: Vec<(T, String)> = choices.into_iter().collect();
    let name = choices.iter().find(|(choice, _)| choice == chosen).map_or("", |(_, name)| name);
    let place = UiBuilder::new().max_rect(field(at));
    let combo = ComboBox::from_id_salt(salt).width(at.width()).truncate().selected_text(name);
    let show = |ui: &mut Ui| {
        combo.show_ui(ui, |ui| {
            for (choice, name) in &choices {
                ui.selectable_value(chosen, *choice, name);
            }
        })
    };
    ui.scope_builder(place, show).inner.response
}

fn key_lock_name(lock: KeyLock) -> String {
    match lock {
        KeyLock::Off => "Off".to_owned(),
        KeyLock::Heard => "As heard".to_owned(),
        KeyLock::Fixed(key) => key.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_never_overlap_nor_leave_the_panel() {
        for width in [608.0, 720.0, 968.0, 1400.0, 3800.0] {
            let arrangement = Arrangement::of(width);
            assert_eq!(arrangement.places.len(), ROW.len());
            for (index, (place, rect)) in arrangement.places.iter().enumerate() {
                assert!(
                    rect.right() <= width && rect.bottom() <= arrangement.height(),
                    "{place:?} at {width}"
                );
                let others = &arrangement.places[index + 1..];
                assert!(others.iter().all(|(_, other)| !rect.shrink(0.1).intersects(*other)), "{place:?}");
            }
        }
    }

    #[test]
    fn the_standard_window_has_one_row_and_the_smallest_two() {
        assert_eq!(Arrangement::of(968.0).height(), HEIGHT);
        assert_eq!(Arrangement::of(608.0).height(), 2.0 * HEIGHT + BETWEEN_ROWS);
    }
}
