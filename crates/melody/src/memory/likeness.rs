//! How many notes before each place of a tune are like those before its end.

use super::Proposal;
use crate::steps::{self, Aspect, Step, Word};

/// In what notes are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Rest, pitch and length.
    Same,
    /// Rest, length, and the interval from the note before.
    Moved,
    /// Rest and length.
    Rhythm,
    /// Pitch.
    Pitch,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Same, Kind::Moved, Kind::Rhythm, Kind::Pitch];
}

/// The longest likeness that is counted, in notes.
const MOST: u8 = 32;
/// The longest likeness that a blend tells from shorter ones, in notes.
const ORDERS: usize = 5;
/// The most values that an aspect has.
const VALUES: usize = steps::PITCHES as usize;

/// For each note so far, how many notes before it are like the last ones.
#[derive(Debug, Clone)]
pub struct Likeness {
    kind: Kind,
    runs: Vec<u8>,
}

impl Likeness {
    pub fn new(kind: Kind) -> Likeness {
        Likeness { kind, runs: Vec::new() }
    }

    /// How many notes before this one are like the last ones.
    pub fn run(&self, place: usize) -> u8 {
        self.runs[place]
    }

    /// Takes in that the last of these notes is new.
    pub fn grow(&mut self, steps: &[Step]) {
        let last = steps.len() - 1;
        self.runs.push(0);
        for place in (1..=last).rev() {
            let alike = alike(self.kind, steps, place - 1, last);
            self.runs[place] = if alike { (self.runs[place - 1] + 1).min(MOST) } else { 0 };
        }
        self.runs[0] = 0;
    }

    /// What followed where the past was alike: a blend of all places of the last `reach` notes, and the longest likeness, of
    /// equals the latest. Places that differ in what is already chosen do not count.
    pub fn proposals(&self, steps: &[Step], reach: usize, aspect: Aspect, word: &Word) -> [Proposal; 2] {
        let mut counts = [[0_u16; VALUES]; ORDERS + 1];
        let mut longest: Option<(u8, usize, u8)> = None;
        for place in steps.len().saturating_sub(reach)..steps.len() {
            if !agrees(self.kind, steps, place, aspect, word) {
                continue;
            }
            let Some(value) = value(self.kind, steps, place, aspect) else { continue };
            let run = self.runs[place];
            counts[usize::from(run).min(ORDERS)][usize::from(value)] += 1;
            if run > 0 && longest.is_none_or(|(best, _, _)| run >= best) {
                longest = Some((run, place, value));
            }
        }
        let pointer = longest.map_or_else(Proposal::silent, |(run, place, value)| {
            Proposal::pointing(value, run, steps.len() - place)
        });
        [blend(counts, aspect.size()), pointer]
    }
}

fn alike(kind: Kind, steps: &[Step], one: usize, other: usize) -> bool {
    let ([rest, pitch, length], [other_rest, other_pitch, other_length]) =
        (steps[one].word, steps[other].word);
    let rhythm = rest == other_rest && length == other_length;
    match kind {
        Kind::Same => rhythm && pitch == other_pitch,
        Kind::Moved => rhythm && interval(steps, one).is_some_and(|i| Some(i) == interval(steps, other)),
        Kind::Rhythm => rhythm,
        Kind::Pitch => pitch == other_pitch,
    }
}

/// The interval that leads to a note.
fn interval(steps: &[Step], place: usize) -> Option<i32> {
    let before = steps.get(place.checked_sub(1)?)?;
    Some(i32::from(steps[place].word[1]) - i32::from(before.word[1]))
}

/// What the note at a place says of the next one.
pub fn value(kind: Kind, steps: &[Step], place: usize, aspect: Aspect) -> Option<u8> {
    if kind != Kind::Moved || aspect != Aspect::Pitch {
        return Some(steps[place].word[aspect as usize]);
    }
    let moved = i32::from(steps.last()?.word[1]) + interval(steps, place)?;
    u8::try_from(moved).ok().filter(|number| *number < steps::PITCHES)
}

/// Whether the note at a place has what is already chosen for the next one.
fn agrees(kind: Kind, steps: &[Step], place: usize, aspect: Aspect, word: &Word) -> bool {
    let told = steps[place].word;
    match (kind, aspect) {
        (_, Aspect::Rest) | (Kind::Pitch, _) => true,
        (_, Aspect::Pitch) | (Kind::Rhythm, Aspect::Length) => told[0] == word[0],
        (Kind::Same | Kind::Moved, Aspect::Length) => {
            told[0] == word[0] && value(kind, steps, place, Aspect::Pitch) == Some(word[1])
        }
    }
}

/// Witten and Bell's interpolation from all places to those of the longest likeness; `counts` are by length of likeness.
fn blend(mut counts: [[u16; VALUES]; ORDERS + 1], size: usize) -> Proposal {
    for order in (0..ORDERS).rev() {
        let (shorter, longer) = counts.split_at_mut(order + 1);
        shorter[order].iter_mut().zip(longer[0]).for_each(|(count, more)| *count += more);
    }
    let total = |counts: &[u16]| counts.iter().map(|count| u32::from(*count)).sum::<u32>();
    let distinct = |counts: &[u16]| counts.iter().filter(|count| **count > 0).count() as u32;
    let mut odds = [0.0_f32; VALUES];
    let mut highest = None;
    for (order, counts) in counts.iter().enumerate() {
        let (all, kinds) = (total(counts), distinct(counts));
        if all == 0 {
            break;
        }
        highest = Some((order, all, kinds));
        let escape = if order == 0 { 0.0 } else { kinds as f32 };
        for (odds, count) in odds.iter_mut().zip(counts) {
            *odds = (f32::from(*count) + escape * *odds) / (all as f32 + escape);
        }
    }
    let Some((order, all, kinds)) = highest else { return Proposal::silent() };
    let named = (0..size).filter(|value| odds[*value] > 0.0).map(|value| (value as u8, odds[value]));
    Proposal::blended(named.collect(), order, ORDERS, all, kinds)
}
