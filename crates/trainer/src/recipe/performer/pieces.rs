//! The performances that a recipe asks for, as lines of words, split by song.

use std::collections::{BTreeMap, BTreeSet};

use generator::performer::words::Word;
use melody::{Style, tones};

use super::super::file::Recipe;
use super::super::{News, Order, RecipeError, Watch};
use crate::corpus::performances::{self, Performance};
use crate::dataset::{DatasetError, Line, Lines, Part};
use crate::performer::lesson;

/// What a performer learns from and is measured on.
pub struct Pieces {
    /// Lines of [`lesson::token`]s.
    pub train: Lines,
    pub validation: Lines,
    pub test: Lines,
    /// The performances of the test part.
    pub held_out: Vec<Performance>,
    /// Performances and notes in use, by the source's name.
    pub melodies: BTreeMap<String, usize>,
    pub notes: BTreeMap<String, usize>,
    styles: BTreeSet<Style>,
}

impl Pieces {
    /// Reads the collections and keeps the performances of at least `shortest` notes.
    ///
    /// # Errors
    /// [`RecipeError`] where a collection cannot be read or there is too little music.
    pub fn read(
        recipe: &Recipe,
        order: &Order,
        shortest: usize,
        watch: Watch<'_>,
    ) -> Result<Pieces, RecipeError> {
        let mut report = |progress| {
            watch(&News::Reading(progress));
        };
        let read = performances::read(&order.data, &recipe.sources(), &mut report)?;
        let skipped = read.skipped.len();
        let pieces = Pieces::of(read.performances, shortest)?;
        watch(&News::Read {
            melodies: pieces.melodies.values().sum(),
            tokens: pieces.train.iter().map(|line| line.tokens.len()).sum(),
            vocabulary: generator::performer::words::PITCHES,
            skipped,
        });
        Ok(pieces)
    }

    fn of(performances: Vec<Performance>, shortest: usize) -> Result<Pieces, RecipeError> {
        let mut pieces = Pieces {
            train: Vec::new(),
            validation: Vec::new(),
            test: Vec::new(),
            held_out: Vec::new(),
            melodies: BTreeMap::new(),
            notes: BTreeMap::new(),
            styles: BTreeSet::new(),
        };
        let songs = performances.len();
        for performance in performances {
            let notes = performance.phrase.notes().len();
            if notes < shortest {
                continue;
            }
            let name = performance.source.name().to_owned();
            *pieces.melodies.entry(name.clone()).or_default() += 1;
            *pieces.notes.entry(name).or_default() += notes;
            let line = line(&performance);
            match performance.part {
                Part::Train => {
                    pieces.styles.insert(performance.style);
                    pieces.train.push(line);
                }
                Part::Validation => pieces.validation.push(line),
                Part::Test => {
                    pieces.test.push(line);
                    pieces.held_out.push(performance);
                }
            }
        }
        if pieces.train.is_empty() {
            return Err(DatasetError::NothingToLearn { needed: shortest }.into());
        }
        if pieces.validation.is_empty() || pieces.test.is_empty() {
            return Err(DatasetError::NothingToMeasure { songs }.into());
        }
        Ok(pieces)
    }

    /// The styles that there is something to learn of.
    pub fn styles(&self) -> Vec<Style> {
        self.styles.iter().copied().collect()
    }
}

fn line(performance: &Performance) -> Line {
    let (bar, mut onset) = (performance.phrase.meter.bar(), melody::Ticks::ZERO);
    let token = |tone: &tones::Tone| {
        onset += tone.since;
        lesson::token(&Word::of(tone, onset, bar), performance.style)
    };
    let tokens = tones::of_phrase(&performance.phrase).iter().map(token).collect();
    Line { source: performance.source, tokens }
}
