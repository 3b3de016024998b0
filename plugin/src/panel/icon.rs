//! Small pictures drawn with lines, so that they are sharp at every size and need no font.

mod deeds;
mod pen;

use egui::{Color32, Painter, Pos2, Rect, pos2, vec2};

use pen::Pen;

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
    /// A star, empty.
    Star,
    /// A star, full: liked.
    Starred,
    /// A bin.
    Bin,
    /// Two sheets.
    Copy,
    /// A bow to the left.
    Undo,
    /// A bow to the right.
    Redo,
    /// One that becomes several.
    MoreLike,
    /// Steps from one to another.
    Between,
    /// Something to hold and drag out.
    Drag,
    /// A folder.
    Open,
    /// Light and dark.
    Look,
    /// Sliders.
    Presets,
    /// A clock.
    History,
    /// Blocks on a line.
    Song,
    /// Cards.
    Cards,
    /// Scattered dots.
    Map,
    /// Three dots: more.
    More,
    /// An arrow to the left.
    Left,
    /// An arrow to the right.
    Right,
    /// A note.
    Note,
    /// A chord.
    Chord,
    /// Out of a box.
    Out,
    /// A call and a response.
    HandsFree,
    /// A bar and a triangle that points to it: to the start.
    Return,
    /// A pyramid with a hand: the metronome.
    Metronome,
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
            Icon::Star => pen.star(false),
            Icon::Starred => pen.star(true),
            Icon::Bin => pen.bin(),
            Icon::Copy => pen.sheets(),
            Icon::Undo => pen.bow(1.0),
            Icon::Redo => pen.bow(-1.0),
            Icon::MoreLike => pen.branches(),
            Icon::Between => pen.between(),
            Icon::Drag => pen.handle(),
            Icon::Open => pen.folder(),
            Icon::Look => pen.halves(),
            Icon::Presets => pen.sliders(),
            Icon::History => pen.clock(),
            Icon::Song => pen.track(),
            Icon::Cards => pen.cards(),
            Icon::Map => pen.scatter(),
            Icon::More => [-5.0, 0.0, 5.0].into_iter().for_each(|x| pen.dot((x, 0.0), 1.6)),
            Icon::Left => pen.stroke(&[(2.5, -5.0), (-2.5, 0.0), (2.5, 5.0)]),
            Icon::Right => pen.stroke(&[(-2.5, -5.0), (2.5, 0.0), (-2.5, 5.0)]),
            Icon::Note => pen.quaver(),
            Icon::Chord => pen.chord(),
            Icon::Out => pen.way_out(),
            Icon::HandsFree => pen.two_voices(),
            Icon::Return => {
                pen.stroke(&[(-5.0, -5.5), (-5.0, 5.5)]);
                pen.fill(&[(5.5, -5.5), (5.5, 5.5), (-3.0, 0.0)]);
            }
            Icon::Metronome => {
                pen.stroke(&[(-2.2, -6.5), (2.2, -6.5), (5.5, 6.5), (-5.5, 6.5), (-2.2, -6.5)]);
                pen.stroke(&[(0.0, 3.0), (5.0, -5.0)]);
            }
        }
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
