//! What the house model's networks are told at each note, as vectors of figures and of ones among zeros.
//!
//! The trainer makes its batches of these very vectors, so that what is played is what was learnt.

use std::fmt;

use melody::memory::{FEATURES, NOTABLE, Testimony, WITNESSES};
use melody::steps::{Aspect, LONGEST, PITCHES, Step, UNIT, Word};
use melody::{Meter, Ticks};

/// Figures that a head is told: what speaks for each witness.
pub const FIGURES: usize = FEATURES * WITNESSES;
/// The most ones that a vector has.
const MOST_ONES: usize = 16;

/// Sizes of one-of-many groups; where something may be missing, one more stands for that.
const RESTS: usize = LONGEST as usize + 2;
const LENGTHS: usize = LONGEST as usize + 1;
const PITCHES_OR_NONE: usize = PITCHES as usize + 1;
const CLASSES: usize = 13;
const INTERVALS: usize = 26;
const PLACES: usize = 97;
const PHASES: usize = 25;
const METERS: usize = 10;
const BAR_NUMBERS: usize = 8;
const AGES: usize = 8;
const GENRES: usize = Genre::ALL.len() + 1;
const BARS_TO_GO: usize = 11;
const DENSITIES: usize = 7;

/// Where the conditions begin in what the body is told.
const CONDITIONS: usize =
    RESTS + PITCHES_OR_NONE + CLASSES + LENGTHS + INTERVALS + PLACES + PHASES + METERS + BAR_NUMBERS + AGES;
/// The width of what the body is told at each note.
pub const BODY: usize = CONDITIONS + GENRES + BARS_TO_GO + DENSITIES + PITCHES_OR_NONE;
/// The width of what the head of each aspect is told.
pub const HEADS: [usize; 3] = [
    FIGURES + 4 * RESTS,
    FIGURES + 5 * PITCHES_OR_NONE + RESTS + PLACES + PHASES,
    FIGURES + 5 * LENGTHS + RESTS + PITCHES_OR_NONE + CLASSES + INTERVALS + PLACES + PHASES,
];

/// The kinds of music that the model can be told to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Genre {
    /// Pop songs.
    Pop,
    /// Rock songs.
    Rock,
    /// Jazz solos.
    Jazz,
    /// Popular songs of the first half of the 20th century, as lead sheets have them.
    Standard,
    /// Game music.
    Game,
    /// Art songs and string quartets.
    Classical,
    /// Irish dance tunes.
    Folk,
    /// Hymns.
    Hymn,
}

impl Genre {
    /// All, in the order in which the network counts them.
    pub const ALL: [Genre; 8] = [
        Genre::Pop,
        Genre::Rock,
        Genre::Jazz,
        Genre::Standard,
        Genre::Game,
        Genre::Classical,
        Genre::Folk,
        Genre::Hymn,
    ];
}

impl fmt::Display for Genre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Genre::Pop => "pop",
            Genre::Rock => "rock",
            Genre::Jazz => "jazz",
            Genre::Standard => "standard",
            Genre::Game => "game",
            Genre::Classical => "classical",
            Genre::Folk => "folk",
            Genre::Hymn => "hymn",
        })
    }
}

/// What may be told of what is to come; none where it is kept back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Conditions {
    /// The kind of music.
    pub genre: Option<Genre>,
    /// Bars after this one up to where the phrase ends, or up to the goal where there is one.
    pub bars_to_go: Option<u32>,
    /// How thick the notes are, see [`density`].
    pub density: Option<u8>,
    /// The number of the pitch that comes first after the bars to go: the phrase goes on there.
    pub goal: Option<u8>,
}

/// The class of so many notes a quarter, from 0 (sparse) to 5 (dense).
pub fn density(notes_per_quarter: f32) -> u8 {
    const FROM: [f32; DENSITIES - 2] = [0.5, 0.8, 1.15, 1.65, 2.4];
    FROM.iter().filter(|from| notes_per_quarter >= **from).count() as u8
}

/// A vector of ones among zeros, behind a few figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// What the vector begins with, each in 255ths; those of a body are empty.
    figures: [u8; FIGURES],
    has_figures: bool,
    ones: [u16; MOST_ONES],
    count: u8,
}

impl Input {
    /// Writes the vector over zeros.
    pub fn write(&self, into: &mut [f32]) {
        if self.has_figures {
            for (into, figure) in into.iter_mut().zip(self.figures) {
                *into = f32::from(figure) / 255.0;
            }
        }
        for place in &self.ones[..usize::from(self.count)] {
            into[usize::from(*place)] = 1.0;
        }
    }

    /// The same without what witnesses say: only what is chosen, and where.
    pub fn without_witnesses(&self, aspect: Aspect) -> Input {
        let told = notable(aspect).len() as u8;
        let mut alone = Input { has_figures: false, ..*self };
        alone.ones.rotate_left(usize::from(told));
        alone.count -= told;
        alone
    }

    /// The same with these conditions, which must not be set yet.
    pub fn with(&self, conditions: &Conditions) -> Input {
        let mut writer = Writer { input: *self, offset: CONDITIONS };
        let Conditions { genre, bars_to_go, density, goal } = conditions;
        writer.one(GENRES, genre.map_or(GENRES - 1, |genre| genre as usize));
        writer.one(BARS_TO_GO, bars_to_go.map_or(BARS_TO_GO - 1, |bars| (bars as usize).min(BARS_TO_GO - 2)));
        writer.one(DENSITIES, density.map_or(DENSITIES - 1, |class| usize::from(class).min(DENSITIES - 2)));
        writer.one(PITCHES_OR_NONE, goal.map_or(PITCHES_OR_NONE - 1, usize::from));
        writer.input
    }
}

/// Appends groups to a vector.
struct Writer {
    input: Input,
    offset: usize,
}

impl Writer {
    fn new(figures: Option<[u8; FIGURES]>) -> Writer {
        let (offset, has_figures) = if figures.is_some() { (FIGURES, true) } else { (0, false) };
        let figures = figures.unwrap_or([0; FIGURES]);
        Writer { input: Input { figures, has_figures, ones: [0; MOST_ONES], count: 0 }, offset }
    }

    /// A group of so many with a one at a place.
    fn one(&mut self, size: usize, place: usize) {
        self.input.ones[usize::from(self.input.count)] = (self.offset + place.min(size - 1)) as u16;
        self.input.count += 1;
        self.offset += size;
    }
}

/// What the body is told before the note after `past`, but for the conditions: the note before, where in the bar and the tune
/// it ends, the meter. `start` is the first bar line, in the ticks of the notes.
pub fn body(past: &[Step], start: Ticks, meter: Meter) -> Input {
    let mut writer = Writer::new(None);
    let last = past.last();
    let word = last.map(|step| step.word);
    writer.one(RESTS, word.map_or(RESTS - 1, |[rest, _, _]| rest.into()));
    pitch(&mut writer, word);
    writer.one(LENGTHS, word.map_or(LENGTHS - 1, |[_, _, length]| length.into()));
    let leap = past.len().checked_sub(2).map(|before| (past[before].word, past[before + 1].word));
    writer.one(INTERVALS, leap.map_or(INTERVALS - 1, |(from, to)| interval(from[1], to[1])));
    let now = last.map_or(start, |step| step.end);
    place(&mut writer, now, meter);
    writer.one(METERS, meter_number(meter));
    let bars = (now - start).0.div_euclid(meter.bar().0).max(0) as u64;
    writer.one(BAR_NUMBERS, (bars % BAR_NUMBERS as u64) as usize);
    writer.one(AGES, (u64::BITS - bars.leading_zeros()) as usize);
    writer.input
}

/// What the head of an aspect is told: the witnesses' first choices, what speaks for them, and what of the note is chosen.
pub fn head(
    aspect: Aspect,
    testimony: &Testimony,
    before: Option<&Step>,
    word: &Word,
    onset: Ticks,
    meter: Meter,
) -> Input {
    let mut figures = [0; FIGURES];
    for (figure, feature) in figures.iter_mut().zip(testimony.iter().flat_map(|said| said.features())) {
        *figure = (feature * 255.0).round() as u8;
    }
    let mut writer = Writer::new(Some(figures));
    for witness in notable(aspect) {
        let choice = testimony[*witness].choice();
        writer.one(aspect.size() + 1, choice.map_or(aspect.size(), usize::from));
    }
    if aspect == Aspect::Rest {
        return writer.input;
    }
    writer.one(RESTS, word[0].into());
    if aspect == Aspect::Length {
        pitch(&mut writer, Some(*word));
        writer.one(INTERVALS, before.map_or(INTERVALS - 1, |before| interval(before.word[1], word[1])));
    }
    place(&mut writer, onset, meter);
    writer.input
}

/// The witnesses whose first choices the head of an aspect is told.
fn notable(aspect: Aspect) -> &'static [usize] {
    const REST: [usize; 4] = [NOTABLE[0], NOTABLE[2], NOTABLE[4], NOTABLE[5]];
    const PITCH: [usize; 5] = [NOTABLE[0], NOTABLE[2], NOTABLE[3], NOTABLE[4], NOTABLE[5]];
    const LENGTH: [usize; 5] = [NOTABLE[0], NOTABLE[1], NOTABLE[2], NOTABLE[4], NOTABLE[5]];
    match aspect {
        Aspect::Rest => &REST,
        Aspect::Pitch => &PITCH,
        Aspect::Length => &LENGTH,
    }
}

fn pitch(writer: &mut Writer, word: Option<Word>) {
    writer.one(PITCHES_OR_NONE, word.map_or(PITCHES_OR_NONE - 1, |[_, pitch, _]| pitch.into()));
    writer.one(CLASSES, word.map_or(CLASSES - 1, |[_, pitch, _]| usize::from(pitch % 12)));
}

fn interval(from: u8, to: u8) -> usize {
    (i32::from(to) - i32::from(from)).clamp(-12, 12).abs_diff(-12) as usize
}

/// Where in the bar and in the beat a time is.
fn place(writer: &mut Writer, time: Ticks, meter: Meter) {
    let units = |cycle: Ticks| (time.0.rem_euclid(cycle.0) / UNIT.0) as usize;
    writer.one(PLACES, units(meter.bar()));
    writer.one(PHASES, units(meter.beat()));
}

fn meter_number(meter: Meter) -> usize {
    const KNOWN: [(u8, u8); METERS - 1] =
        [(4, 4), (3, 4), (2, 4), (6, 8), (9, 8), (12, 8), (2, 2), (3, 8), (3, 2)];
    KNOWN.iter().position(|known| *known == meter.into()).unwrap_or(METERS - 1)
}

#[cfg(test)]
mod tests {
    use melody::memory::Memory;

    use super::*;

    /// Notes of any kind, odd meters and long silences among them.
    fn tune() -> Vec<Word> {
        (0..60_u16).map(|n| [n % 49, n * 7 % 84, n * 5 % 48].map(|value| value as u8)).collect()
    }

    #[test]
    fn every_vector_fits_its_width_and_says_each_group_once() {
        for meter in [(4, 4), (6, 8), (7, 8), (64, 1)].map(|(over, under)| Meter::new(over, under).unwrap()) {
            let mut memory = Memory::new(meter);
            let start = Ticks::quarters(-9).floor_to(meter.bar());
            for word in tune() {
                let told = body(memory.steps(), start, meter);
                let mut vector = vec![0.0; BODY];
                let conditions = Conditions {
                    genre: Some(Genre::Hymn),
                    bars_to_go: Some(40),
                    density: Some(5),
                    goal: Some(83),
                };
                told.with(&conditions).write(&mut vector);
                assert_eq!(vector.iter().sum::<f32>(), 14.0);
                let end = memory.steps().last().map_or(start, |step| step.end);
                let step = Step::after(end, word);
                for (aspect, width) in Aspect::ALL.into_iter().zip(HEADS) {
                    let testimony = memory.testimony(aspect, &word, step.onset);
                    let told = head(aspect, &testimony, memory.steps().last(), &word, step.onset, meter);
                    let mut vector = vec![0.0; width];
                    told.write(&mut vector);
                    let ones = [4.0, 8.0, 11.0][aspect as usize];
                    assert_eq!(vector[FIGURES..].iter().sum::<f32>(), ones);
                    let mut alone = vec![0.0; width];
                    told.without_witnesses(aspect).write(&mut alone);
                    assert_eq!(alone.iter().sum::<f32>(), ones - notable(aspect).len() as f32);
                }
                memory.hear(step);
            }
        }
    }

    #[test]
    fn densities_are_told_apart_from_sparse_to_dense() {
        assert_eq!([0.0, 0.5, 1.0, 1.2, 2.0, 9.0].map(density), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn the_body_is_told_the_note_before_and_where_the_bar_is() {
        let first = Step::after(Ticks::ZERO, [0, 43, 11]);
        let told = |past: &[Step]| {
            let mut vector = vec![0.0; BODY];
            body(past, Ticks::ZERO, Meter::COMMON).with(&Conditions::default()).write(&mut vector);
            vector
        };
        let place = |vector: &[f32]| {
            let from = RESTS + PITCHES_OR_NONE + CLASSES + LENGTHS + INTERVALS;
            vector[from..from + PLACES].iter().position(|one| *one == 1.0)
        };
        assert_eq!(place(&told(&[])), Some(0));
        assert_eq!(place(&told(&[first])), Some(12));
        assert_eq!(told(&[first])[RESTS + 43], 1.0);
    }
}
