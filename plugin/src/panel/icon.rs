//! Small pictures drawn with lines, so that they are sharp at every size and need no font.

use std::f32::consts::TAU;

use egui::{Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

/// A picture on a button or before a line of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// Go on: notes, then an arrow.
    Continue,
    /// The transport runs.
    Play,
    /// A square.
    Stop,
    /// Once more from the start.
    Again,
    /// Into a file.
    Save,
    /// A die that shows five.
    Dice,
    /// A closed padlock.
    Locked,
    /// An open padlock.
    Unlocked,
    /// A cross.
    Cross,
    /// A tick.
    Done,
    /// A triangle with an exclamation mark.
    Problem,
    /// A minus: an octave down.
    Lower,
    /// A plus: an octave up.
    Higher,
    /// A ring: nothing going on.
    Quiet,
    /// A filled ring: hearing something.
    Hearing,
    /// Three white keys with two black ones: what is played.
    Keys,
}

impl Icon {
    /// Draws the icon into a square of 16 by 16 points (or any other size) around `centre`.
    pub fn paint(self, painter: &Painter, centre: Pos2, size: f32, colour: Color32) {
        let pen = Pen { painter, centre, unit: size / 16.0, colour };
        match self {
            Icon::Continue => pen.go_on(),
            Icon::Play => pen.fill(&[(-4.0, -6.0), (6.0, 0.0), (-4.0, 6.0)]),
            Icon::Stop => pen.block(vec2(10.0, 10.0), 1.5),
            Icon::Again => pen.circling_arrow(),
            Icon::Save => pen.tray(),
            Icon::Dice => pen.die(),
            Icon::Locked => pen.padlock(true),
            Icon::Unlocked => pen.padlock(false),
            Icon::Cross => {
                pen.stroke(&[(-4.0, -4.0), (4.0, 4.0)]);
                pen.stroke(&[(-4.0, 4.0), (4.0, -4.0)]);
            }
            Icon::Done => pen.stroke(&[(-5.0, 0.5), (-1.5, 4.0), (5.5, -4.0)]),
            Icon::Problem => pen.warning(),
            Icon::Lower => pen.stroke(&[(-4.0, 0.0), (4.0, 0.0)]),
            Icon::Higher => {
                pen.stroke(&[(-4.0, 0.0), (4.0, 0.0)]);
                pen.stroke(&[(0.0, -4.0), (0.0, 4.0)]);
            }
            Icon::Quiet => pen.ring(4.5),
            Icon::Hearing => {
                pen.ring(6.5);
                pen.dot((0.0, 0.0), 3.5);
            }
            Icon::Keys => pen.keys(),
        }
    }
}

/// Draws around a centre in units of a sixteenth of the icon.
struct Pen<'a> {
    painter: &'a Painter,
    centre: Pos2,
    unit: f32,
    colour: Color32,
}

impl Pen<'_> {
    fn at(&self, (x, y): (f32, f32)) -> Pos2 {
        self.centre + vec2(x, y) * self.unit
    }

    fn line(&self) -> Stroke {
        Stroke::new(1.6 * self.unit, self.colour)
    }

    fn stroke(&self, points: &[(f32, f32)]) {
        self.painter.line(points.iter().map(|point| self.at(*point)).collect(), self.line());
    }

    fn fill(&self, points: &[(f32, f32)]) {
        let points = points.iter().map(|point| self.at(*point)).collect();
        self.painter.add(Shape::convex_polygon(points, self.colour, Stroke::NONE));
    }

    fn dot(&self, at: (f32, f32), radius: f32) {
        self.painter.circle_filled(self.at(at), radius * self.unit, self.colour);
    }

    fn ring(&self, radius: f32) {
        self.painter.circle_stroke(self.centre, radius * self.unit, self.line());
    }

    fn block(&self, size: Vec2, radius: f32) {
        let rect = Rect::from_center_size(self.centre, size * self.unit);
        self.painter.rect_filled(rect, radius * self.unit, self.colour);
    }

    /// Three white keys, two black.
    fn keys(&self) {
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
    fn go_on(&self) {
        for (x, y) in [(-8.0, 3.5), (-4.0, 0.0)] {
            let rect = Rect::from_min_size(self.at((x, y - 1.25)), vec2(3.4, 2.8) * self.unit);
            self.painter.rect_filled(rect, self.unit, self.colour);
        }
        self.stroke(&[(0.5, -2.5), (6.5, -2.5)]);
        self.stroke(&[(3.5, -6.0), (7.0, -2.5), (3.5, 1.0)]);
    }

    fn circling_arrow(&self) {
        let turn = |part: f32| {
            let angle = TAU * part;
            (5.5 * angle.cos(), 5.5 * angle.sin() + 0.5)
        };
        let arc: Vec<(f32, f32)> = (0..=20).map(|step| turn(-0.17 + 0.80 * step as f32 / 20.0)).collect();
        self.stroke(&arc);
        let (x, y) = turn(-0.17);
        self.fill(&[(x - 4.0, y + 0.6), (x + 1.8, y - 4.2), (x + 2.4, y + 2.4)]);
    }

    fn tray(&self) {
        self.stroke(&[(0.0, -7.0), (0.0, 1.5)]);
        self.stroke(&[(-3.5, -2.0), (0.0, 1.8), (3.5, -2.0)]);
        self.stroke(&[(-6.5, 2.0), (-6.5, 6.0), (6.5, 6.0), (6.5, 2.0)]);
    }

    fn die(&self) {
        let rect = Rect::from_center_size(self.centre, Vec2::splat(13.0) * self.unit);
        let radius = CornerRadius::from(3.0 * self.unit);
        self.painter.rect_stroke(rect, radius, self.line(), StrokeKind::Inside);
        for at in [(-3.0, -3.0), (3.0, -3.0), (0.0, 0.0), (-3.0, 3.0), (3.0, 3.0)] {
            self.dot(at, 1.2);
        }
    }

    fn padlock(&self, closed: bool) {
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

    fn warning(&self) {
        let outline = [(0.0, -6.5), (7.0, 6.0), (-7.0, 6.0)].map(|point| self.at(point));
        self.painter.add(Shape::closed_line(outline.to_vec(), self.line()));
        self.stroke(&[(0.0, -2.0), (0.0, 2.0)]);
        self.dot((0.0, 4.2), 0.9);
    }
}

/// A mark of the product beside its name: two notes that were played and two that go on.
pub fn paint_mark(painter: &Painter, left_centre: Pos2, played: Color32, answered: Color32) {
    for (index, (height, colour)) in
        [(3.0, played), (-1.0, played), (-5.0, answered), (-1.0, answered)].into_iter().enumerate()
    {
        let corner = left_centre + vec2(6.0 * index as f32, height);
        painter.rect_filled(Rect::from_min_max(corner, pos2(corner.x + 5.0, corner.y + 4.0)), 1.5, colour);
    }
}
