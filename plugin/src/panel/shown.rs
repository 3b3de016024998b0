//! What the panel shows beside the knobs: selections, marks, alternatives, the map, history, favourites, presets.

use std::sync::Arc;

use generator::{Candidate, Task};
use melody::{Phrase, Pitch, Ticks};

/// A stretch of whole bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// Its first bar line.
    pub from: Ticks,
    /// The bar line after it.
    pub to: Ticks,
}

impl Span {
    /// Whether there is nothing in it.
    pub fn is_empty(self) -> bool {
        self.to <= self.from
    }

    /// Its length in ticks.
    pub fn length(self) -> Ticks {
        self.to - self.from
    }

    /// Whether a time lies in it.
    pub fn contains(self, time: Ticks) -> bool {
        (self.from..self.to).contains(&time)
    }
}

/// Bars that the user drew over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// In what was heard, from its first bar line: what is to be answered, or the gap that is to be filled.
    Heard(Span),
    /// In the candidate that is shown, from its own first bar line: what is to be made anew.
    Answer(Span),
}

/// What the user thinks of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// It is among the favourites.
    pub favourite: bool,
    /// It is in the Keep track.
    pub kept: bool,
}

/// What could stand in the place of a note.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternatives {
    /// The note's place in the candidate that is shown.
    pub note: usize,
    /// The pitches, the likeliest first, with their probability, 0 to 1; empty while a model is still asked.
    pub choices: Vec<(Pitch, f32)>,
    /// The name of the model that was asked: the one that answered, or one that can be asked in its place.
    pub teller: String,
    /// Why there are none, as a sentence.
    pub problem: Option<String>,
}

/// The phrases that a model knows, laid out so that like ones lie together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Map {
    /// Where each phrase lies; coordinates from -1 to 1.
    pub points: Vec<[f32; 2]>,
    /// Where the phrases of what was played lie.
    pub places: Vec<[f32; 2]>,
}

/// One answer of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// What was asked for.
    pub task: Task,
    /// The name of the model that was asked.
    pub model: String,
    /// What it said; never empty.
    pub candidates: Arc<Vec<Candidate>>,
    /// The place of the one that was chosen.
    pub chosen: usize,
}

/// A phrase that the user liked or kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// What it is, in a few words: its model and its seed.
    pub title: String,
    /// Its notes.
    pub phrase: Phrase,
    /// The model that made it is not on this machine: it can be played, but no more like it be made.
    pub orphaned: bool,
}

/// A preset as the menu shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresetEntry {
    /// What it is called up by.
    pub id: String,
    /// Its name in the menu.
    pub name: String,
    /// What it is for, in a line; empty for the user's own.
    pub description: String,
    /// It ships with Continuo.
    pub factory: bool,
    /// Why it cannot be used, as a sentence.
    pub problem: Option<String>,
}

/// One of two sets of settings that can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// The first.
    #[default]
    A,
    /// The second.
    B,
}

/// What sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sounds {
    /// Nothing of ours.
    #[default]
    Nothing,
    /// The candidate that is shown.
    Answer,
    /// A favourite, by its place.
    Favourite(usize),
    /// The Keep track.
    Song,
}
