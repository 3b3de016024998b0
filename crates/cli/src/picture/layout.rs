//! Where everything is, in points: the size of the picture, and time and pitch as places in it.

use melody::{Note, Phrase, Ticks};

use super::canvas::Area;

/// Around everything.
pub const MARGIN: f32 = 24.0;
/// Width of the keyboard at the left.
pub const KEYS: f32 = 52.0;
/// Room for headline, facts and bar numbers.
const ABOVE: f32 = 104.0;
/// Room for the key to the colours.
const BELOW: f32 = 48.0;
/// The lanes' width aimed at, and the narrowest that the header fits over.
const WIDTH: f32 = 1200.0;
const NARROWEST: f32 = 880.0;
const BAR_WIDTHS: (f32, f32) = (24.0, 150.0);
/// The lanes' height aimed at.
const HEIGHT: f32 = 400.0;
const LANE_HEIGHTS: (f32, f32) = (7.0, 16.0);
/// The most bars of the prompt that are drawn, beside a short and a long answer; the last ones count.
const PROMPT_BARS: (i64, i64) = (16, 32);
/// The most bars after a gap that are drawn.
const AFTER_BARS: i64 = 8;
/// The fewest pitches shown, and how many are shown beyond the notes.
const PITCHES: u8 = 18;
const BEYOND: u8 = 2;

/// The measures of one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    pub width: f32,
    pub height: f32,
    /// Where notes are.
    pub lanes: Area,
    /// The first time shown: a bar line.
    pub start: Ticks,
    /// Where the answer begins.
    pub turn: Ticks,
    /// The last time shown.
    pub end: Ticks,
    bar: Ticks,
    lowest: u8,
    highest: u8,
    lane_height: f32,
}

impl Layout {
    /// Fits the picture to what it shows.
    pub fn of(prompt: &Phrase, answer: &Phrase, after: Option<&Phrase>) -> Layout {
        let bar = prompt.meter.bar();
        let turn = prompt.whole_bars();
        let answered = answer.whole_bars();
        let heard = bar * (answered.0 / bar.0 * 2).clamp(PROMPT_BARS.0, PROMPT_BARS.1);
        let start = (turn - heard).max(Ticks::ZERO);
        let following = after.map_or(Ticks::ZERO, Phrase::whole_bars).min(bar * AFTER_BARS);
        let end = (turn + answered + following).max(start + bar);
        let bars = ((end - start).0 / bar.0) as f32;
        let shown = prompt.notes().iter().filter(|note| note.end() > start);
        let (lowest, highest) =
            range(shown.chain(answer.notes()).chain(after.iter().flat_map(|after| after.notes())));
        let rows = f32::from(highest - lowest + 1);
        let lane_height = (HEIGHT / rows).clamp(LANE_HEIGHTS.0, LANE_HEIGHTS.1).floor();
        let lanes = Area {
            x: MARGIN + KEYS,
            y: ABOVE,
            width: (bars * (WIDTH / bars).clamp(BAR_WIDTHS.0, BAR_WIDTHS.1)).max(NARROWEST),
            height: rows * lane_height,
        };
        let (width, height) = (lanes.x + lanes.width + MARGIN, lanes.y + lanes.height + BELOW);
        Layout { width, height, lanes, start, turn, end, bar, lowest, highest, lane_height }
    }

    /// The place of a time.
    pub fn x(&self, time: Ticks) -> f32 {
        let share = (time - self.start).as_quarters() / (self.end - self.start).as_quarters();
        self.lanes.x + self.lanes.width * share as f32
    }

    /// The lane of a MIDI key.
    pub fn lane(&self, pitch: u8) -> Area {
        let y = self.lanes.y + f32::from(self.highest.saturating_sub(pitch)) * self.lane_height;
        Area { y, height: self.lane_height, ..self.lanes }
    }

    /// The MIDI keys shown, from the lowest.
    pub fn pitches(&self) -> impl Iterator<Item = u8> + use<> {
        self.lowest..=self.highest
    }

    /// The bar lines shown, with how many bars of the prompt or answer are before them.
    pub fn bar_lines(&self) -> impl Iterator<Item = (i64, Ticks)> + use<> {
        let bar = self.bar;
        (self.start.0 / bar.0..=self.end.0 / bar.0).map(move |index| (index, bar * index))
    }

    /// Every how many bars a number fits.
    pub fn bars_between_numbers(&self) -> i64 {
        let width = self.x(self.start + self.bar) - self.x(self.start);
        if width >= 24.0 { 1 } else { 4 }
    }
}

/// Whether a MIDI key is a black one.
pub fn is_black(pitch: u8) -> bool {
    matches!(pitch % 12, 1 | 3 | 6 | 8 | 10)
}

/// The lowest and the highest key to show.
fn range<'a>(notes: impl Iterator<Item = &'a Note>) -> (u8, u8) {
    let pitches = notes.map(|note| note.pitch.number());
    let (low, high) = pitches.fold((u8::MAX, 0), |(low, high), pitch| (low.min(pitch), high.max(pitch)));
    let (low, high) = if low > high { (60, 72) } else { (low, high) };
    let (mut low, mut high) = (low.saturating_sub(BEYOND), (high + BEYOND).min(127));
    while high - low < PITCHES {
        (low, high) = (low.saturating_sub(1), (high + 1).min(127));
    }
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use melody::{Meter, Pitch, Tempo};

    fn phrase(onsets: &[i64], pitch: u8) -> Phrase {
        let note = |onset: &i64| Note {
            onset: Ticks::quarters(*onset),
            length: Ticks::QUARTER,
            pitch: Pitch::new(pitch).unwrap(),
            velocity: 80,
            channel: 0,
        };
        Phrase::new(onsets.iter().map(note).collect(), Meter::COMMON, Tempo::DEFAULT)
    }

    #[test]
    fn time_goes_right_and_pitch_goes_up() {
        let layout = Layout::of(&phrase(&[0, 4], 60), &phrase(&[0], 64), None);
        assert_eq!(layout.x(Ticks::ZERO), layout.lanes.x);
        assert_eq!(layout.x(layout.end), layout.lanes.x + layout.lanes.width);
        assert_eq!((layout.turn, layout.end), (Ticks::quarters(8), Ticks::quarters(12)));
        assert!(layout.lane(64).y < layout.lane(60).y);
        assert_eq!(layout.lane(layout.pitches().next().unwrap()).y + layout.lane_height, {
            layout.lanes.y + layout.lanes.height
        });
    }

    #[test]
    fn a_long_prompt_shows_its_end() {
        let layout = Layout::of(&phrase(&[0, 4 * 99], 60), &phrase(&[0], 60), None);
        assert_eq!(layout.start, Ticks::quarters(4 * 84));
        assert_eq!(layout.bar_lines().next(), Some((84, Ticks::quarters(4 * 84))));
    }

    #[test]
    fn every_range_of_pitches_has_room() {
        for pitch in [0, 1, 60, 126, 127] {
            let layout = Layout::of(&phrase(&[0], pitch), &phrase(&[], 60), None);
            assert!(layout.pitches().count() > usize::from(PITCHES));
            let lane = layout.lane(pitch);
            assert!(lane.y >= layout.lanes.y && lane.y < layout.lanes.y + layout.lanes.height);
        }
    }
}
