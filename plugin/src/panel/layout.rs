//! Where the parts of the panel go in a window of a given size.

use egui::{Rect, pos2, vec2};

use super::theme::GRID;

/// A window below this height gets flatter parts.
const FLAT: f32 = 560.0;
/// A body lower than this has its parts side by side.
const LOW: f32 = 304.0;
/// The same for a body from which notices have taken.
const LOWEST: f32 = 208.0;
/// A body below this height takes the line of the tasks.
const LEAST_BODY: f32 = 176.0;
/// The same for a body from which notices have taken.
const LEAST_TOLD: f32 = 128.0;

/// The rectangles of the panel's parts.
pub struct Parts {
    /// The top line.
    pub header: Rect,
    /// The line of the tasks; `None` where the roll needs the room and they go into the header.
    pub tasks: Option<Rect>,
    /// The roll, the shelf and the map.
    pub body: Rect,
    /// Whether it is so low that its parts stand side by side; notices that come and go do not change it.
    pub side_by_side: bool,
    /// What must be read.
    pub notices: Vec<Rect>,
    /// The knobs.
    pub controls: Rect,
    /// The buttons and the status.
    pub deck: Rect,
    /// The piano of the standalone.
    pub keyboard: Option<Rect>,
}

impl Parts {
    /// Stacks the parts from the window's edges; roll and shelf get what is left.
    pub fn of(window: Rect, controls: f32, notices: &[f32], keyboard: bool) -> Parts {
        let flat = is_flat(window);
        let inner = window.shrink2(vec2(margin(window), if flat { GRID } else { 1.5 * GRID }));
        let gap = if flat { GRID } else { 1.5 * GRID };
        let (mut top, mut bottom) = (inner.top(), inner.bottom());
        let strip = |top: f32, bottom: f32| {
            Rect::from_min_max(pos2(inner.left(), top.round()), pos2(inner.right(), bottom.round()))
        };
        let mut from_below = |height: f32, gap: f32| {
            let part = strip(bottom - height, bottom);
            bottom -= height + gap;
            part
        };
        let keyboard = keyboard.then(|| from_below(if flat { 56.0 } else { 96.0 }, gap));
        let deck = from_below(if flat { 40.0 } else { 48.0 }, gap);
        let controls = from_below(controls, gap);
        let mut notices: Vec<Rect> = notices.iter().rev().map(|height| from_below(*height, GRID)).collect();
        notices.reverse();
        let header = strip(top, top + if flat { 32.0 } else { 40.0 });
        top = header.bottom() + GRID;
        let line = if flat { 24.0 } else { 32.0 };
        let told: f32 = notices.iter().map(|notice| notice.height() + GRID).sum();
        let room = bottom - top - line - GRID;
        let tasks = (room + told >= LEAST_BODY && room >= LEAST_TOLD).then(|| strip(top, top + line));
        top = tasks.map_or(top, |tasks| tasks.bottom() + GRID);
        let body = strip(top, bottom.max(top + GRID));
        let side_by_side = body.height() + told < LOW || body.height() < LOWEST;
        Parts { header, tasks, body, side_by_side, notices, controls, deck, keyboard }
    }
}

/// Space at the left and right edge of a window.
pub fn margin(window: Rect) -> f32 {
    if window.width() >= 640.0 { 2.0 * GRID } else { GRID }
}

/// How many notices leave room for the rest.
pub fn most_notices(window: Rect) -> usize {
    if is_flat(window) { 1 } else { 3 }
}

/// Whether a window is so low that its parts have to be flat.
pub fn is_flat(window: Rect) -> bool {
    window.height() < FLAT
}
