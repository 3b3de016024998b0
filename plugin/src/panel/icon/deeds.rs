//! The icons of what is done with phrases, and of the places where they lie.

use std::f32::consts::TAU;

use egui::{Rect, Shape, Stroke, StrokeKind, vec2};

use super::pen::Pen;

impl Pen<'_> {
    /// A star with five points.
    pub fn star(&self, full: bool) {
        let point = |index: usize| {
            let angle = TAU * (index as f32 / 10.0 - 0.25);
            let radius = if index.is_multiple_of(2) { 7.2 } else { 3.1 };
            self.at((radius * angle.cos(), radius * angle.sin() + 0.6))
        };
        if full {
            let middle = self.at((0.0, 0.6));
            for tip in 0..5 {
                let corner = |index: usize| point(index % 10);
                let kite = vec![corner(2 * tip), corner(2 * tip + 1), middle, corner(2 * tip + 9)];
                self.painter.add(Shape::convex_polygon(kite, self.colour, Stroke::NONE));
            }
        }
        let line = Stroke::new(1.3 * self.unit, self.colour);
        self.painter.add(Shape::closed_line((0..10).map(point).collect(), line));
    }

    /// A box with a lid, for what is thrown away.
    pub fn bin(&self) {
        self.stroke(&[(-6.0, -4.0), (6.0, -4.0)]);
        self.stroke(&[(-2.0, -4.0), (-2.0, -6.5), (2.0, -6.5), (2.0, -4.0)]);
        self.stroke(&[(-4.5, -4.0), (-3.8, 6.5), (3.8, 6.5), (4.5, -4.0)]);
        self.stroke(&[(-1.4, -1.0), (-1.2, 3.8)]);
        self.stroke(&[(1.4, -1.0), (1.2, 3.8)]);
    }

    /// Two sheets, one over the other.
    pub fn sheets(&self) {
        let sheet = Rect::from_min_max(self.at((-2.5, -2.5)), self.at((6.5, 6.5)));
        self.painter.rect_stroke(sheet, 1.5 * self.unit, self.line(), StrokeKind::Inside);
        self.stroke(&[(-4.0, 3.0), (-6.0, 3.0), (-6.0, -6.0), (3.0, -6.0), (3.0, -4.0)]);
    }

    /// A bow with an arrow, to the left or to the right.
    pub fn bow(&self, side: f32) {
        let arc = (0..=14).map(|step| {
            let angle = TAU * (0.58 + 0.5 * step as f32 / 14.0);
            (side * (5.5 * angle.cos() + 0.5), 5.0 * angle.sin() + 3.0)
        });
        let points: Vec<(f32, f32)> = arc.collect();
        self.stroke(&points);
        self.stroke(&[(side * -7.0, -3.8), (side * -5.4, 1.4), (side * -0.4, -0.6)]);
    }

    /// One note with three that branch off.
    pub fn branches(&self) {
        for y in [-5.0, 0.0, 5.0] {
            self.stroke(&[(-3.5, 0.0), (0.0, 0.0), (1.5, y), (3.0, y)]);
            self.dot((5.0, y), 1.9);
        }
        self.dot((-5.5, 0.0), 2.2);
    }

    /// Two notes with steps between.
    pub fn between(&self) {
        self.dot((-6.0, 4.0), 2.0);
        self.dot((6.0, -4.0), 2.0);
        for part in [0.3, 0.5, 0.7] {
            self.dot((-6.0 + 12.0 * part, 4.0 - 8.0 * part), 1.0);
        }
    }

    /// Six dots to hold on to, and an arrow out.
    pub fn handle(&self) {
        for (x, y) in [(-6.0, -4.5), (-6.0, 0.0), (-6.0, 4.5), (-2.2, -4.5), (-2.2, 0.0), (-2.2, 4.5)] {
            self.dot((x, y), 1.1);
        }
        self.stroke(&[(1.5, 0.0), (7.0, 0.0)]);
        self.stroke(&[(4.2, -3.0), (7.2, 0.0), (4.2, 3.0)]);
    }

    /// A folder.
    pub fn folder(&self) {
        self.stroke(&[
            (-7.0, 5.5),
            (-7.0, -5.0),
            (-2.5, -5.0),
            (-0.8, -2.8),
            (7.0, -2.8),
            (7.0, 5.5),
            (-7.0, 5.5),
            (-7.0, 4.5),
        ]);
    }

    /// Half a disc in a ring: light and dark.
    pub fn halves(&self) {
        self.ring(6.0);
        let half = (0..=16).map(|step| {
            let angle = TAU * (0.25 + 0.5 * step as f32 / 16.0);
            self.at((6.0 * angle.cos(), 6.0 * angle.sin()))
        });
        self.painter.add(Shape::convex_polygon(half.collect(), self.colour, Stroke::NONE));
    }

    /// Three sliders.
    pub fn sliders(&self) {
        for (y, x) in [(-5.0, 2.5), (0.0, -3.0), (5.0, 1.0)] {
            self.stroke(&[(-6.5, y), (6.5, y)]);
            self.dot((x, y), 2.1);
        }
    }

    /// A clock.
    pub fn clock(&self) {
        self.ring(6.2);
        self.stroke(&[(0.0, -3.8), (0.0, 0.3), (2.8, 2.0)]);
    }

    /// Blocks one after the other on a line.
    pub fn track(&self) {
        for (left, right) in [(-7.0, -2.8), (-2.0, 2.2), (3.0, 7.0)] {
            let block = Rect::from_min_max(self.at((left, -3.0)), self.at((right, 3.0)));
            self.painter.rect_filled(block, self.unit, self.colour);
        }
        self.stroke(&[(-7.0, 6.0), (7.0, 6.0)]);
    }

    /// Four cards.
    pub fn cards(&self) {
        for corner in [(-6.5, -5.5), (0.8, -5.5), (-6.5, 0.8), (0.8, 0.8)] {
            let card = Rect::from_min_size(self.at(corner), vec2(5.7, 4.7) * self.unit);
            self.painter.rect_filled(card, self.unit, self.colour);
        }
    }

    /// Scattered dots, one of them ringed.
    pub fn scatter(&self) {
        for at in [(-5.5, 3.5), (-2.0, -5.0), (5.5, -4.0), (4.0, 5.5), (-6.0, -2.5)] {
            self.dot(at, 1.4);
        }
        self.painter.circle_stroke(self.at((0.6, 0.8)), 2.8 * self.unit, self.line());
    }

    /// A note with its stem.
    pub fn quaver(&self) {
        self.dot((-2.0, 4.5), 2.8);
        self.stroke(&[(0.2, 4.5), (0.2, -6.0), (4.5, -3.5), (4.5, -0.5)]);
    }

    /// Three notes at once, as a piano roll has them, and one after them.
    pub fn chord(&self) {
        for (left, right, y) in [(-6.5, 1.0, -5.0), (-6.5, 1.0, 0.0), (-6.5, 1.0, 5.0), (3.0, 6.5, 0.0)] {
            let note = Rect::from_min_max(self.at((left, y - 1.5)), self.at((right, y + 1.5)));
            self.painter.rect_filled(note, self.unit, self.colour);
        }
    }

    /// An arrow out of a box.
    pub fn way_out(&self) {
        self.stroke(&[(0.5, -6.0), (-6.0, -6.0), (-6.0, 6.0), (0.5, 6.0)]);
        self.stroke(&[(-2.0, 0.0), (6.5, 0.0)]);
        self.stroke(&[(3.5, -3.2), (6.8, 0.0), (3.5, 3.2)]);
    }

    /// Speech of two: a call and a response.
    pub fn two_voices(&self) {
        self.stroke(&[
            (-7.0, -5.0),
            (1.5, -5.0),
            (1.5, 0.0),
            (-3.0, 0.0),
            (-5.5, 2.4),
            (-5.5, 0.0),
            (-7.0, 0.0),
            (-7.0, -5.6),
        ]);
        self.stroke(&[
            (4.0, -1.5),
            (7.0, -1.5),
            (7.0, 4.0),
            (5.5, 4.0),
            (5.5, 6.4),
            (3.0, 4.0),
            (-1.0, 4.0),
            (-1.0, 2.2),
        ]);
    }
}
