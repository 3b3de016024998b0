//! Where a time and a pitch lie in the roll.

use egui::{Rect, pos2};
use generator::Task;
use melody::{Meter, Note, Phrase, Pitch, Ticks};

use crate::panel::{Span, ViewModel};

/// The fewest semitones that a roll shows: two octaves.
const LEAST_SPAN: i32 = 24;
/// The highest that a lane gets, in points; a higher roll shows more pitches instead.
const TALLEST_LANE: f32 = 16.0;
/// The semitones that stay free above and below the notes.
const MARGIN: i32 = 2;

/// The parts of the roll.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Who plays.
    pub names: Rect,
    /// The bars' numbers.
    pub numbers: Rect,
    /// The keyboard.
    pub keys: Rect,
    /// The notes.
    pub lanes: Rect,
}

impl Layout {
    /// Divides the roll's rectangle.
    pub fn of(rect: Rect) -> Layout {
        let ruler = if rect.height() < 160.0 { 16.0 } else { 20.0 };
        let left = rect.left() + 40.0;
        let (first, second) = (rect.top() + ruler, rect.top() + 2.0 * ruler);
        let part = |left, top, right, bottom| Rect::from_min_max(pos2(left, top), pos2(right, bottom));
        Layout {
            names: part(left, rect.top(), rect.right(), first),
            numbers: part(left, first, rect.right(), second),
            keys: part(rect.left(), second, left, rect.bottom()),
            lanes: part(left, second, rect.right(), rect.bottom()),
        }
    }
}

/// The roll's two axes.
#[derive(Debug, Clone)]
pub struct Scale {
    lanes: Rect,
    lowest: i32,
    highest: i32,
    length: Ticks,
    /// The bar line after what was heard.
    pub heard_end: Ticks,
    /// Where the answer begins, from the start of the roll.
    pub answer_start: Ticks,
    /// The bar line at or after its end; all candidates have room before it.
    pub answer_end: Ticks,
    /// The time signature of the bar lines.
    pub meter: Meter,
}

impl Scale {
    /// Axes that show all that was heard and the answer, or the places where they will be.
    pub fn fit(lanes: Rect, model: &ViewModel) -> Scale {
        let meter = if model.heard.is_empty() { model.transport.meter } else { model.heard.meter };
        let heard_end = model.heard.whole_bars();
        let answer_start = answer_start(model, meter, heard_end);
        // All candidates have room, so that nothing moves while they are walked through.
        let longest = model.candidates.iter().map(|candidate| candidate.phrase.length()).max();
        let answered = match (longest, model.settings.task) {
            (Some(longest), _) => longest,
            (None, Task::Fill | Task::Vary) if !model.taken.is_empty() => model.taken.length(),
            (None, _) => meter.bar() * i64::from(model.settings.bars.max(1)),
        };
        // A gap that has not been drawn yet lies nowhere.
        let nowhere = model.settings.task == Task::Fill && longest.is_none() && model.taken.is_empty();
        let nowhere = nowhere && heard_end > Ticks::ZERO;
        let answered = if nowhere { Ticks::ZERO } else { answered.ceil_to(meter.bar()).max(meter.bar()) };
        let answer_end = answer_start + answered;
        let (lowest, highest) = span(lanes.height(), model);
        let length = heard_end.max(answer_end);
        Scale { lanes, lowest, highest, length, heard_end, answer_start, answer_end, meter }
    }

    /// Where the answer is, or will be.
    pub fn answer(&self) -> Span {
        Span { from: self.answer_start, to: self.answer_end }
    }

    /// The time at a place on the screen, within the roll.
    pub fn time(&self, x: f32) -> Ticks {
        let part = f64::from((x - self.lanes.left()) / self.lanes.width().max(1.0));
        Ticks((part.clamp(0.0, 1.0) * self.length.0 as f64) as i64)
    }

    /// Where a stretch of time lies, over all pitches.
    pub fn stretch(&self, span: Span) -> Rect {
        Rect::from_x_y_ranges(self.x(span.from)..=self.x(span.to), self.lanes.y_range())
    }

    /// How many bars the roll has.
    pub fn bars(&self) -> i64 {
        self.length.0 / self.meter.bar().0
    }

    /// Each how many bars there is room for a number: 1, 2, 4, 8 ...
    pub fn bars_between_numbers(&self) -> i64 {
        let mut every = 1;
        while self.width(self.meter.bar() * every) < 28.0 && every < self.bars() {
            every *= 2;
        }
        every
    }

    /// The pitches that have a lane, from the lowest.
    pub fn pitches(&self) -> impl Iterator<Item = Pitch> {
        (self.lowest..=self.highest).filter_map(|number| u8::try_from(number).ok().and_then(Pitch::new))
    }

    /// Width of a span of time, in points.
    pub fn width(&self, time: Ticks) -> f32 {
        (time.0 as f64 / self.length.0 as f64) as f32 * self.lanes.width()
    }

    /// Where a time from the start of the roll lies.
    pub fn x(&self, time: Ticks) -> f32 {
        self.lanes.left() + self.width(time)
    }

    /// Where a pitch lies, over the whole length.
    pub fn lane(&self, pitch: Pitch) -> Rect {
        let height = self.lanes.height() / (self.highest - self.lowest + 1) as f32;
        let bottom = self.lanes.bottom() - height * (i32::from(pitch.number()) - self.lowest) as f32;
        Rect::from_x_y_ranges(self.lanes.x_range(), bottom - height..=bottom)
    }

    /// Where a note lies; never too thin to be seen.
    pub fn note(&self, note: &Note) -> Rect {
        let lane = self.lane(note.pitch);
        let (left, right) = (self.x(note.onset), self.x(note.end()));
        let gap = if lane.height() >= 8.0 { 1.0 } else { 0.0 };
        let lane = lane.shrink2(egui::vec2(0.0, gap));
        Rect::from_x_y_ranges(left + 0.5..=(right - 0.5).max(left + 2.5), lane.y_range())
    }
}

/// Where the answer begins: for a gap inside what was heard, else after what is taken of it.
fn answer_start(model: &ViewModel, meter: Meter, heard_end: Ticks) -> Ticks {
    let line = if model.answer().is_some() {
        model.answer_at
    } else if model.taken.is_empty() {
        // Room for what is to be played.
        if heard_end > Ticks::ZERO {
            heard_end
        } else {
            meter.bar() * i64::from(model.settings.listen_bars.max(1))
        }
    } else if model.settings.task == Task::Fill {
        model.taken.from
    } else {
        model.taken.to
    };
    line.max(Ticks::ZERO)
}

/// The lowest and the highest pitch that a roll of this height shows.
fn span(height: f32, model: &ViewModel) -> (i32, i32) {
    let answers = model.candidates.iter().map(|candidate| &candidate.phrase);
    let notes = std::iter::once(&model.heard).chain(answers).flat_map(Phrase::notes);
    let pitches = notes.map(|note| i32::from(note.pitch.number()));
    let (low, high) =
        pitches.fold((i32::MAX, i32::MIN), |(low, high), pitch| (low.min(pitch), high.max(pitch)));
    let (low, high) = if low > high { (64, 64) } else { (low - MARGIN, high + MARGIN) };
    let wanted = LEAST_SPAN.max((height / TALLEST_LANE).ceil() as i32);
    let missing = (wanted - (high - low + 1)).max(0);
    let low = (low - missing / 2).clamp(0, 127);
    (low, (low + (high - low).max(wanted - 1)).min(127))
}
