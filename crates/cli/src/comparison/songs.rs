//! Real songs to compare with: those that were learnt from, and those that were held out.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use melody::metrics::copying::Runs;
use melody::{Phrase, grid};
use trainer::corpus::{self, Corpus, Source};
use trainer::dataset::Part;
use trainer::recipe::file::Recipe;

use super::{crowd, paper};
use crate::console::Console;

/// The collections, split as for the trainings.
pub struct Songs {
    /// All that was read.
    pub corpus: Arc<Corpus>,
    /// How many melodies were learnt from.
    pub learnt_from: usize,
    /// The melodies of songs in the test part, in the corpus's order.
    pub held_out: Vec<Phrase>,
    /// The runs of notes in the songs that were learnt from.
    pub runs: Vec<Runs>,
}

impl Songs {
    /// Reads every collection that a shipped recipe of a melody generator learns from.
    ///
    /// # Errors
    /// A collection is missing, damaged or empty.
    pub fn read(data: &Path, console: &Console) -> Result<Songs> {
        let mut sources = BTreeSet::new();
        for id in Recipe::ids() {
            let recipe = Recipe::shipped(id)?;
            if !paper::is_of_b(&recipe.kind) {
                sources.extend(recipe.sources());
            }
        }
        let sources: Vec<Source> = sources.into_iter().collect();
        console.remark(&format!("continuo: reading {} collections", sources.len()));
        let corpus = Arc::new(corpus::read(data, &sources, &mut |_| {})?);
        let mut songs = Songs {
            corpus: corpus.clone(),
            learnt_from: 0,
            held_out: Vec::new(),
            runs: [8, 12].map(Runs::of_notes).into(),
        };
        for (number, (name, melodies)) in (0..).zip(corpus.songs()) {
            let lines = melodies.iter().map(|melody| grid::quantise(&melody.phrase).skyline());
            match Part::of(name) {
                Part::Test => songs.held_out.extend(lines),
                Part::Validation => {}
                Part::Train => lines.for_each(|line| {
                    songs.learnt_from += 1;
                    songs.runs.iter_mut().for_each(|runs| runs.add(number, &line));
                }),
            }
        }
        Ok(songs)
    }

    /// The beginnings of up to a hundred held-out songs, evenly from all of them.
    pub fn excerpts(&self) -> Vec<Phrase> {
        let all: Vec<Phrase> = self.held_out.iter().filter_map(crowd::excerpt).collect();
        let wanted = all.len().min(crowd::SEEDS as usize);
        (0..wanted).map(|place| all[place * all.len() / wanted].clone()).collect()
    }
}
