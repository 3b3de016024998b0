//! What lies behind the notes: lanes, bar lines with their numbers, the keyboard, and the play-heads over them.

use egui::{Align2, Color32, CornerRadius, Rect, Shape, Stroke, pos2, vec2};
use melody::Ticks;

use super::Roll;
use super::scale::Layout;
use crate::panel::keyboard::is_black;
use crate::panel::theme;

/// Between two white keys.
const KEY_EDGE: Color32 = Color32::from_gray(0x9A);

impl Roll<'_> {
    pub(super) fn lanes(&self) {
        let painter = self.painter.with_clip_rect(self.layout.lanes);
        for pitch in self.scale.pitches() {
            let lane = self.scale.lane(pitch);
            if is_black(pitch) {
                painter.rect_filled(lane, 0.0, self.palette.well_dark);
            } else if matches!(pitch.number() % 12, 4 | 11) {
                // E to F and B to C are the two places without a black key between.
                painter.hline(lane.x_range(), lane.top(), Stroke::new(1.0, self.palette.line));
            }
        }
    }

    pub(super) fn bars(&self) {
        let Layout { lanes, numbers, .. } = self.layout;
        let (bar, beat) = (self.scale.meter.bar(), self.scale.meter.beat());
        let every = self.scale.bars_between_numbers();
        for index in 0..=self.scale.bars() {
            let start = bar * index;
            let x = self.scale.x(start);
            let edge = start == self.scale.answer_start && self.scale.answer_end > start
                || start == self.scale.answer_end && self.scale.answer_end < self.scale.heard_end;
            let stroke = match () {
                () if edge => Stroke::new(2.0, self.palette.answer),
                () if index == 0 => Stroke::NONE,
                () => Stroke::new(1.0, self.palette.line_strong),
            };
            self.painter.vline(x, lanes.y_range(), stroke);
            if index == self.scale.bars() {
                break;
            }
            if index % every == 0 {
                let corner = pos2(x + 5.0, numbers.center().y);
                let number = (index + 1).to_string();
                self.painter.text(
                    corner,
                    Align2::LEFT_CENTER,
                    number,
                    theme::small(),
                    self.palette.text_weak,
                );
            }
            self.painter.vline(x, numbers.y_range(), Stroke::new(1.0, self.palette.line_strong));
            let beats = (1..bar.0 / beat.0).map(|count| start + beat * count);
            for time in beats.filter(|_| self.scale.width(beat) >= 10.0) {
                self.painter.vline(self.scale.x(time), lanes.y_range(), Stroke::new(1.0, self.palette.line));
            }
        }
        self.painter.hline(
            self.layout.lanes.x_range(),
            lanes.top(),
            Stroke::new(1.0, self.palette.line_strong),
        );
    }

    /// The keyboard at the left edge; what sounds is lit.
    pub(super) fn keys(&self) {
        let keys = self.layout.keys;
        let corner = CornerRadius { sw: 8, ..CornerRadius::ZERO };
        self.painter.rect_filled(keys, corner, self.palette.white_key);
        for pitch in self.scale.pitches() {
            let lane = self.scale.lane(pitch);
            let lit = self.model.pressed.contains(pitch);
            let key = Rect::from_x_y_ranges(keys.x_range(), lane.y_range());
            if is_black(pitch) {
                let short = Rect::from_min_size(key.min, vec2(key.width() * 0.5, key.height()));
                self.painter.rect_filled(short, 0.0, self.palette.black_key);
            }
            if lit {
                self.painter.rect_filled(key.shrink(1.0), 2.0, self.palette.prompt);
            }
            // Between B and C, and between E and F, two white keys touch; on thin lanes the names need the room.
            if matches!(pitch.number() % 12, 0 | 5) && key.height() >= 4.0 {
                self.painter.hline(keys.x_range(), key.bottom(), Stroke::new(1.0, KEY_EDGE));
            }
            if pitch.number().is_multiple_of(12) {
                let at = pos2(keys.right() - 3.0, key.center().y.min(keys.bottom() - 6.0));
                let ink = if lit { self.palette.on_colour } else { self.palette.black_key };
                self.painter.text(at, Align2::RIGHT_CENTER, pitch.to_string(), theme::tiny(), ink);
            }
        }
        self.painter.vline(keys.right(), keys.y_range(), Stroke::new(1.0, self.palette.line_strong));
    }

    /// Where the answer is played, or where the player is.
    pub(super) fn play_heads(&self) {
        if let Some(time) = self.model.play_head {
            self.head(self.scale.answer_start + time, self.palette.text);
        } else if let Some(time) = self.model.listen_head {
            self.head(time, self.palette.prompt);
        }
    }

    fn head(&self, time: Ticks, colour: Color32) {
        let x = self.scale.x(time);
        let Layout { lanes, numbers, .. } = self.layout;
        if !lanes.x_range().contains(x) {
            return;
        }
        self.painter.vline(x, lanes.y_range(), Stroke::new(2.0, colour));
        let cap = [(-6.0, -8.0), (6.0, -8.0), (0.0, 0.0)].map(|(dx, dy)| pos2(x + dx, numbers.bottom() + dy));
        self.painter.add(Shape::convex_polygon(cap.to_vec(), colour, Stroke::NONE));
    }
}
