//! Where each control goes in a panel of a given size, and on which page where not all find room.

use egui::{Rect, pos2, vec2};
use generator::{Knob, Task};

use super::pages::{self, Page};
use crate::panel::ViewModel;
use crate::panel::theme::GRID;

/// Height of a control with its label, in points.
pub const HEIGHT: f32 = 6.0 * GRID;
/// Space between rows of controls.
const BETWEEN_ROWS: f32 = GRID;
/// A panel of this width has room for all that shapes a phrase in one row, in points.
const WIDE: f32 = 1_720.0;
/// Space between the tabs and the controls.
const GAP: f32 = 1.5 * GRID;
/// Space between controls: at least, at most.
const BETWEEN: (f32, f32) = (GRID, 3.0 * GRID);

/// A control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// How many bars are heard.
    Listen,
    /// How many bars are answered.
    Bars,
    /// How many candidates.
    Count,
    /// How daring.
    Temperature,
    /// How much of the unlikely is left out.
    TopP,
    /// How far phrases may lie from what was played.
    Neighbourhood,
    /// How many notes.
    Density,
    /// How much of the beginning stays.
    Kept,
    /// The chord to start on.
    Chord,
    /// The style to play in.
    Style,
    /// The key to keep to.
    Key,
    /// The lowest and the highest note.
    Range,
    /// The dice's number.
    Seed,
    /// What goes on to the next device.
    Mix,
    /// The MIDI channel.
    Channel,
    /// When to come in.
    Start,
    /// Whether answers begin again.
    Looped,
    /// Whether pauses are answered.
    Responds,
    /// The key that asks.
    TriggerKey,
    /// The controller that asks.
    TriggerCc,
}

/// The controls from left to right with their widths in points: in a flat panel, in others.
const NOTES: [(Place, f32, f32); 8] = [
    (Place::Listen, 64.0, 64.0),
    (Place::Bars, 64.0, 64.0),
    (Place::Count, 64.0, 72.0),
    (Place::Temperature, 120.0, 120.0),
    (Place::TopP, 80.0, 88.0),
    (Place::Neighbourhood, 88.0, 104.0),
    (Place::Density, 88.0, 152.0),
    (Place::Kept, 72.0, 72.0),
];
const HARMONY: [(Place, f32, f32); 5] = [
    (Place::Chord, 112.0, 136.0),
    (Place::Style, 88.0, 96.0),
    (Place::Key, 96.0, 104.0),
    (Place::Range, 112.0, 128.0),
    (Place::Seed, 132.0, 144.0),
];
const OUTPUT: [(Place, f32, f32); 4] = [
    (Place::Mix, 144.0, 160.0),
    (Place::Channel, 96.0, 104.0),
    (Place::Start, 96.0, 104.0),
    (Place::Looped, 80.0, 80.0),
];
const HANDS_FREE: [(Place, f32, f32); 3] =
    [(Place::Responds, 128.0, 136.0), (Place::TriggerKey, 88.0, 96.0), (Place::TriggerCc, 88.0, 96.0)];

impl Place {
    /// Only what the chosen model honours, and what means something for the task, is there.
    fn is_shown(self, model: &ViewModel) -> bool {
        let task = model.settings.task;
        match self {
            // A gap lies where it lies, and what was played before a fresh melody gives no more than its key.
            Place::Listen => !matches!(task, Task::Fill | Task::Fresh),
            // Phrases that are found, and single notes, are as long as they are.
            Place::Bars => matches!(task, Task::Continue | Task::Fresh),
            // A way has as many steps as it has, and the list of next notes as many lines.
            Place::Count => !matches!(task, Task::Morph | Task::Next),
            Place::Temperature => model.honours(Knob::Temperature),
            Place::TopP => model.honours(Knob::TopP),
            Place::Neighbourhood => model.honours(Knob::Neighbourhood) && task == Task::Vary,
            Place::Density => model.honours(Knob::Density) && task != Task::Next,
            Place::Kept => model.honours(Knob::KeptBeats) && task == Task::Vary,
            Place::Chord => model.honours(Knob::Chord),
            Place::Style => model.honours(Knob::Style),
            Place::Key => model.honours(Knob::KeyLock),
            Place::Range => model.honours(Knob::Range),
            _ => true,
        }
    }
}

/// Where each control goes in a panel of a given size.
pub struct Arrangement {
    /// The controls of the page that is shown, from the upper left corner of them all.
    pub places: Vec<(Place, Rect)>,
    /// The pages; none where all controls are seen at once.
    pub pages: Vec<Page>,
    /// The place of the pages' tabs, from the same corner.
    pub tabs: Rect,
    height: f32,
}

type Row = Vec<(Place, f32)>;

impl Arrangement {
    /// Fills rows of `width` points from the left; in a flat panel each page has one row. `chosen` is the page that is
    /// shown, by its name.
    pub fn of(width: f32, flat: bool, model: &ViewModel, chosen: &str) -> Arrangement {
        let narrow = flat && width < 960.0;
        let shown = |part: &[(Place, f32, f32)]| -> Row {
            let shown = part.iter().filter(|(place, ..)| place.is_shown(model));
            shown.map(|(place, least, wide)| (*place, if narrow { *least } else { *wide })).collect()
        };
        let parts = [shown(&NOTES), shown(&HARMONY), shown(&OUTPUT), shown(&HANDS_FREE)];
        let all = parts.concat();
        if let [row] = &rows(&all, width)[..] {
            return Arrangement::laid_out(std::slice::from_ref(row), width, Rect::ZERO, Vec::new(), 1);
        }
        let at = |tabs: f32| (tabs, paged(&parts, width - tabs - GAP, flat || width >= WIDE));
        let most = |paged: &[(Page, Vec<Row>)]| paged.iter().map(|(_, rows)| rows.len()).max().unwrap_or(1);
        // Names in a line or in a column; icons where there is room for neither.
        let (tabs, paged) = match (at(pages::LINE), width >= WIDE) {
            (line, true) if line.1.len() == 3 && most(&line.1) == 1 => line,
            _ if flat => at(pages::BLOCK),
            _ => at(pages::COLUMN),
        };
        let (most, left) = (most(&paged), tabs + GAP);
        let shown = paged.iter().position(|(page, _)| page.name == chosen).unwrap_or(0);
        let rows = paged.get(shown).map(|(_, rows)| rows.clone()).unwrap_or_default();
        let pages = paged.into_iter().enumerate();
        let pages = pages.map(|(index, (page, _))| Page { chosen: index == shown, ..page }).collect();
        let room = Rect::from_min_size(pos2(0.0, 0.0), vec2(tabs, height(most)));
        let mut arrangement = Arrangement::laid_out(&rows, width - left, room, pages, most);
        arrangement.places.iter_mut().for_each(|(_, rect)| *rect = rect.translate(vec2(left, 0.0)));
        arrangement
    }

    fn laid_out(rows: &[Row], width: f32, tabs: Rect, pages: Vec<Page>, most: usize) -> Arrangement {
        let gap = gap(rows, width);
        let mut places = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let top = (HEIGHT + BETWEEN_ROWS) * index as f32;
            let mut left = 0.0;
            for (place, wide) in row {
                places.push((*place, Rect::from_min_size(pos2(left, top), vec2(*wide, HEIGHT))));
                left += wide + gap;
            }
        }
        Arrangement { places, pages, tabs, height: height(most) }
    }

    /// Height of all rows of the highest page in points.
    pub fn height(&self) -> f32 {
        self.height
    }
}

fn height(rows: usize) -> f32 {
    (HEIGHT + BETWEEN_ROWS) * rows as f32 - BETWEEN_ROWS
}

/// Each part on a page of its own, with one row or, in a flat panel, on as many pages as it needs; other panels have
/// notes and harmony in rows of their own, whatever the model honours, so that nothing moves when another is chosen.
fn paged(parts: &[Row; 4], width: f32, single: bool) -> Vec<(Page, Vec<Row>)> {
    let [notes, harmony, output, hands_free] = parts.each_ref().map(|part| rows(part, width));
    let both = rows(&[&parts[0][..], &parts[1][..]].concat(), width);
    let notes = if single && both.len() == 1 { both } else { [notes, harmony].concat() };
    let notes: Vec<Vec<Row>> =
        if single { notes.into_iter().map(|row| vec![row]).collect() } else { vec![notes] };
    let notes = pages::NOTES.into_iter().zip(notes);
    notes.chain([(pages::OUTPUT, output), (pages::HANDS_FREE, hands_free)]).collect()
}

/// Controls in rows of at most this width.
fn rows(controls: &Row, width: f32) -> Vec<Row> {
    let mut rows: Vec<Row> = vec![Vec::new()];
    let mut taken = 0.0;
    for (place, wide) in controls {
        if taken + wide > width {
            rows.push(Vec::new());
            taken = 0.0;
        }
        taken += wide + BETWEEN.0;
        rows.last_mut().into_iter().for_each(|row| row.push((*place, *wide)));
    }
    rows
}

/// The space between controls that spreads the fullest row over the width.
fn gap(rows: &[Row], width: f32) -> f32 {
    let spread = |row: &Row| {
        let taken: f32 = row.iter().map(|(_, wide)| wide).sum();
        (width - taken) / (row.len().max(2) - 1) as f32
    };
    rows.iter().map(spread).fold(BETWEEN.1, f32::min).max(BETWEEN.0).floor()
}

#[cfg(test)]
mod tests;
