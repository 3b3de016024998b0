//! One model in the comparison: what its card says, what it plays, what a hundred of its melodies are like.

use anyhow::Result;
use generator::pack::Kind;
use generator::pack::card::Training;
use generator::{Generator, Knob, Task};
use melody::Phrase;
use serde::Serialize;

use super::crowd::Crowd;
use super::paper;
use super::songs::Songs;
use super::trial::{self, Trial};

/// A model with all that was found of it.
#[derive(Debug, Serialize)]
pub struct Subject {
    pub id: String,
    pub name: String,
    pub description: String,
    pub kind: Kind,
    pub source: String,
    pub tasks: Vec<Task>,
    pub knobs: Vec<Knob>,
    /// How much of the input it uses, in words.
    pub hears: String,
    /// Whether the length of an answer can be asked for.
    pub exact_length: bool,
    /// Bytes of the pack.
    pub bytes: usize,
    pub training: Option<Training>,
    /// What it was asked.
    pub task: Task,
    pub trials: Vec<Trial>,
    pub crowd: Crowd,
}

impl Subject {
    /// Lets a model of this id and size in bytes play.
    ///
    /// # Errors
    /// The model fails.
    pub fn of(
        model: &dyn Generator,
        (id, bytes): (&str, usize),
        tune: &Phrase,
        songs: Option<&Songs>,
    ) -> Result<Subject> {
        let card = model.card();
        let task = trial::task(model)?;
        Ok(Subject {
            id: id.to_owned(),
            name: card.name.clone(),
            description: card.description.clone(),
            kind: card.kind,
            source: card.source.clone(),
            tasks: card.tasks.clone(),
            knobs: card.knobs.clone(),
            hears: hears(card.kind, task, card.window),
            exact_length: task != Task::Vary,
            bytes,
            training: card.training.clone(),
            task,
            trials: trial::trials(model, id, task, tune)?,
            crowd: Crowd::of_model(model, task, tune, songs)?,
        })
    }

    /// Which of the paper's figures shows what such a model made; a variant stands beside it.
    pub fn numeral(&self) -> Option<String> {
        let number = paper::figure(self.kind)?;
        let variant = if self.is_a_variant() { ", a variant" } else { "" };
        Some(format!("Figure {number}{variant}"))
    }

    /// Whether it is another model of its kind than the one that bears the kind's name.
    pub fn is_a_variant(&self) -> bool {
        self.id != self.kind.to_string()
    }

    /// A figure of the card by its name.
    pub fn figure(&self, name: &str) -> Option<f64> {
        self.training.as_ref().and_then(|training| training.metrics.get(name)).copied()
    }

    /// Melodies that it learnt from, of all sources.
    pub fn melodies(&self) -> Option<usize> {
        self.training.as_ref().map(|training| training.melodies.values().sum())
    }
}

fn hears(kind: Kind, task: Task, window: usize) -> String {
    match (task, window) {
        // Its window is what it needs, and it remembers all that came before.
        _ if kind == Kind::House => "all that was played".to_owned(),
        (Task::Vary | Task::Morph, _) => "every phrase".to_owned(),
        (_, 0) => "nothing but key and meter".to_owned(),
        (_, 1) => "the last note".to_owned(),
        (_, notes) => format!("the last {notes} notes"),
    }
}
