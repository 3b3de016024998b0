//! Where each control goes in a panel of a given width.

use egui::{Rect, pos2, vec2};
use generator::Knob;

use crate::panel::ViewModel;
use crate::panel::theme::GRID;

/// Height of a control with its label, in points.
pub const HEIGHT: f32 = 6.0 * GRID;
/// Space between rows of controls.
const BETWEEN_ROWS: f32 = GRID;
/// Space between controls: at least, at most.
const BETWEEN: (f32, f32) = (GRID, 3.0 * GRID);

/// A control of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// How many bars are heard.
    Listen,
    /// How many bars are answered.
    Bars,
    /// How daring.
    Temperature,
    /// How much of the unlikely is left out.
    TopP,
    /// How far phrases may lie from what was played.
    Neighbourhood,
    /// The chord to start on.
    Chord,
    /// The style to play in.
    Style,
    /// The key to keep to.
    Key,
    /// The dice's number.
    Seed,
    /// When to come in.
    Start,
    /// The MIDI channel.
    Channel,
}

impl Place {
    /// Neighbourhood and style are there for the models that know of one; top-p, which draws single notes, gives way to it
    /// unless they heed both.
    fn is_shown(self, model: &ViewModel) -> bool {
        match self {
            Place::Neighbourhood => model.honours(Knob::Neighbourhood),
            Place::Style => model.honours(Knob::Style),
            Place::TopP => model.honours(Knob::TopP) || !model.honours(Knob::Neighbourhood),
            _ => true,
        }
    }
}

/// The controls from left to right with their widths in points.
const ROW: [(Place, f32); 11] = [
    (Place::Listen, 64.0),
    (Place::Bars, 64.0),
    (Place::Temperature, 120.0),
    (Place::TopP, 88.0),
    (Place::Neighbourhood, 104.0),
    (Place::Chord, 112.0),
    (Place::Style, 96.0),
    (Place::Key, 104.0),
    (Place::Seed, 144.0),
    (Place::Start, 96.0),
    (Place::Channel, 96.0),
];

/// Where each control goes in a panel of a given width.
pub struct Arrangement {
    /// The controls from left to right, row by row, from the upper left corner of them all.
    pub places: Vec<(Place, Rect)>,
    height: f32,
}

impl Arrangement {
    /// Fills rows of `width` points from the left.
    pub fn of(width: f32, model: &ViewModel) -> Arrangement {
        let controls: Vec<(Place, f32)> =
            ROW.into_iter().filter(|(place, _)| place.is_shown(model)).collect();
        let mut rows: Vec<Vec<(Place, f32)>> = vec![Vec::new()];
        let mut taken = 0.0;
        for (place, wide) in controls {
            if taken + wide > width {
                rows.push(Vec::new());
                taken = 0.0;
            }
            taken += wide + BETWEEN.0;
            rows.last_mut().into_iter().for_each(|row| row.push((place, wide)));
        }
        let mut places = Vec::new();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::{ModelEntry, Settings};

    fn model_with(knobs: &[Knob]) -> ViewModel {
        let text = || "m".to_owned();
        let entry = ModelEntry {
            id: text(),
            name: text(),
            description: text(),
            tasks: Vec::new(),
            knobs: knobs.to_vec(),
            styles: Vec::new(),
            problem: None,
        };
        let settings = Settings { model: text(), ..Settings::default() };
        ViewModel { models: vec![entry], settings, ..ViewModel::default() }
    }

    #[test]
    fn controls_never_overlap_nor_leave_the_panel() {
        let both = [Knob::TopP, Knob::Neighbourhood];
        let styled = [Knob::TopP, Knob::Style];
        for (width, knobs) in [608.0, 720.0, 968.0, 1400.0, 3800.0].into_iter().flat_map(|width| {
            [(width, &both[..0]), (width, &both[1..]), (width, &both[..]), (width, &styled[..])]
        }) {
            let arrangement = Arrangement::of(width, &model_with(knobs));
            let expected = if knobs.len() == 2 { ROW.len() - 1 } else { ROW.len() - 2 };
            assert_eq!(arrangement.places.len(), expected);
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
        for knobs in [&[][..], &[Knob::Neighbourhood]] {
            let model = model_with(knobs);
            assert_eq!(Arrangement::of(968.0, &model).height(), HEIGHT);
            assert_eq!(Arrangement::of(608.0, &model).height(), 2.0 * HEIGHT + BETWEEN_ROWS);
        }
    }
}
