//! The strokes that icons are drawn with, in units of a sixteenth of the icon.

use std::f32::consts::TAU;

use egui::{Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, vec2};

/// Draws around a centre in units of a sixteenth of the icon.
pub struct Pen<'a> {
    /// Where it draws.
    pub painter: &'a Painter,
    /// The icon's middle.
    pub centre: Pos2,
    /// A sixteenth of the icon, in points.
    pub unit: f32,
    /// Its ink.
    pub colour: Color32,
}

impl Pen<'_> {
    /// A place of the icon on the screen.
    pub fn at(&self, (x, y): (f32, f32)) -> Pos2 {
        self.centre + vec2(x, y) * self.unit
    }

    /// The stroke of its lines.
    pub fn line(&self) -> Stroke {
        Stroke::new(1.6 * self.unit, self.colour)
    }

    /// A line through these places.
    pub fn stroke(&self, points: &[(f32, f32)]) {
        self.painter.line(points.iter().map(|point| self.at(*point)).collect(), self.line());
    }

    /// A filled shape with these corners.
    pub fn fill(&self, points: &[(f32, f32)]) {
        let points = points.iter().map(|point| self.at(*point)).collect();
        self.painter.add(Shape::convex_polygon(points, self.colour, Stroke::NONE));
    }

    /// A filled circle.
    pub fn dot(&self, at: (f32, f32), radius: f32) {
        self.painter.circle_filled(self.at(at), radius * self.unit, self.colour);
    }

    /// A circle around the middle.
    pub fn ring(&self, radius: f32) {
        self.painter.circle_stroke(self.centre, radius * self.unit, self.line());
    }

    /// A filled rectangle around the middle.
    pub fn block(&self, size: Vec2, radius: f32) {
        let rect = Rect::from_center_size(self.centre, size * self.unit);
        self.painter.rect_filled(rect, radius * self.unit, self.colour);
    }

    /// Three white keys, two black.
    pub fn keys(&self) {
        let case = Rect::from_center_size(self.centre, vec2(13.0, 12.0) * self.unit);
        let line = Stroke::new(1.2 * self.unit, self.colour);
        self.painter.rect_stroke(case, self.unit, line, StrokeKind::Middle);
        for x in [-2.2, 2.2] {
            self.painter.line_segment([self.at((x, 1.0)), self.at((x, 6.0))], line);
            let black = Rect::from_min_max(self.at((x - 1.3, -6.0)), self.at((x + 1.3, 1.5)));
            self.painter.rect_filled(black, 0.0, self.colour);
        }
    }

    /// Two notes of a line, then an arrow onwards.
    pub fn go_on(&self) {
        for (x, y) in [(-8.0, 3.5), (-4.0, 0.0)] {
            let rect = Rect::from_min_size(self.at((x, y - 1.25)), vec2(3.4, 2.8) * self.unit);
            self.painter.rect_filled(rect, self.unit, self.colour);
        }
        self.stroke(&[(0.5, -2.5), (6.5, -2.5)]);
        self.stroke(&[(3.5, -6.0), (7.0, -2.5), (3.5, 1.0)]);
    }

    /// An arrow that goes around.
    pub fn circling_arrow(&self) {
        let turn = |part: f32| {
            let angle = TAU * part;
            (5.5 * angle.cos(), 5.5 * angle.sin() + 0.5)
        };
        let arc: Vec<(f32, f32)> = (0..=20).map(|step| turn(-0.17 + 0.80 * step as f32 / 20.0)).collect();
        self.stroke(&arc);
        let (x, y) = turn(-0.17);
        self.fill(&[(x - 4.0, y + 0.6), (x + 1.8, y - 4.2), (x + 2.4, y + 2.4)]);
    }

    /// An arrow into a tray.
    pub fn tray(&self) {
        self.stroke(&[(0.0, -7.0), (0.0, 1.5)]);
        self.stroke(&[(-3.5, -2.0), (0.0, 1.8), (3.5, -2.0)]);
        self.stroke(&[(-6.5, 2.0), (-6.5, 6.0), (6.5, 6.0), (6.5, 2.0)]);
    }

    /// A die that shows five.
    pub fn die(&self) {
        let rect = Rect::from_center_size(self.centre, Vec2::splat(13.0) * self.unit);
        let radius = CornerRadius::from(3.0 * self.unit);
        self.painter.rect_stroke(rect, radius, self.line(), StrokeKind::Inside);
        for at in [(-3.0, -3.0), (3.0, -3.0), (0.0, 0.0), (-3.0, 3.0), (3.0, 3.0)] {
            self.dot(at, 1.2);
        }
    }

    /// A padlock.
    pub fn padlock(&self, closed: bool) {
        let body = Rect::from_min_max(self.at((-5.0, -0.5)), self.at((5.0, 6.5)));
        if closed {
            self.painter.rect_filled(body, 1.5 * self.unit, self.colour);
        } else {
            self.painter.rect_stroke(body, 1.5 * self.unit, self.line(), StrokeKind::Inside);
        }
        let lift = if closed { 0.0 } else { -1.0 };
        let arch = (0..=12).map(|step| {
            let angle = TAU * 0.5 * (1.0 + step as f32 / 12.0);
            (3.2 * angle.cos(), 3.2 * angle.sin() - 3.0 + lift)
        });
        let foot = if closed { (3.2, -0.5) } else { (3.2, -2.5) };
        let points: Vec<(f32, f32)> =
            std::iter::once((-3.2, -0.5)).chain(arch).chain(std::iter::once(foot)).collect();
        self.stroke(&points);
    }

    /// A triangle with an exclamation mark.
    pub fn warning(&self) {
        let outline = [(0.0, -6.5), (7.0, 6.0), (-7.0, 6.0)].map(|point| self.at(point));
        self.painter.add(Shape::closed_line(outline.to_vec(), self.line()));
        self.stroke(&[(0.0, -2.0), (0.0, 2.0)]);
        self.dot((0.0, 4.2), 0.9);
    }
}
