//! A hundred melodies of one maker, measured as a set: how they sound, how they differ, what they copy.

use std::collections::BTreeMap;

use anyhow::Result;
use cpu_time::ProcessTime;
use generator::{Generator, Request, Task};
use melody::metrics::{Histogram, Summary, bars, mean_pairwise_distance, means};
use melody::{Phrase, Prompt, Ticks, Token, grid};
use serde::Serialize;

use super::songs::Songs;
use super::trial;
use crate::answering;
use crate::metrics::COLUMNS;

/// How many melodies each model makes, with seeds that count up from 1.
pub const SEEDS: u32 = 100;

/// The measures of a set of melodies.
#[derive(Debug, Serialize)]
pub struct Crowd {
    pub melodies: usize,
    /// Mean processor time of one melody in milliseconds; missing for real songs.
    pub milliseconds: Option<f64>,
    /// How many differ from all before them.
    pub different: usize,
    /// Mean share of notes to change to make one of another.
    pub mean_pairwise_distance: f64,
    /// The means of `continuo metrics`, by name.
    pub means: BTreeMap<&'static str, Option<f64>>,
    /// Mean share of the tune's bars that are taken up again; for continuations.
    pub taken_up: Option<f64>,
    /// Shares of runs of 8 and of 12 notes that stand in the songs that were learnt from; needs collections.
    pub copied: BTreeMap<String, Option<f64>>,
    /// How much of the histograms of pitches, lengths and steps is the same as that of real songs, at home.
    pub overlap: Option<Overlap>,
}

/// Overlaps of histograms, 0 to 1.
#[derive(Debug, Serialize)]
pub struct Overlap {
    pub pitches: f64,
    pub lengths: f64,
    pub intervals: f64,
}

impl Crowd {
    /// A hundred melodies of a model.
    ///
    /// # Errors
    /// The model fails.
    pub fn of_model(
        model: &dyn Generator,
        task: Task,
        tune: &Phrase,
        songs: Option<&Songs>,
    ) -> Result<Crowd> {
        let begun = ProcessTime::now();
        let phrases = play(model, task, tune)?;
        let milliseconds = begun.elapsed().as_secs_f64() * 1e3 / f64::from(SEEDS);
        let copied = songs.map(|songs| {
            songs.runs.iter().map(|runs| {
                (runs.notes().to_string(), {
                    let shares: Vec<f64> = phrases.iter().filter_map(|phrase| runs.share(phrase)).collect();
                    means::mean(&shares)
                })
            })
        });
        let taken_up: Vec<f64> = phrases.iter().filter_map(|phrase| bars::taken_up(tune, phrase)).collect();
        let tokens = at_home(&phrases);
        Ok(Crowd {
            milliseconds: Some(milliseconds),
            taken_up: if task == Task::Continue { means::mean(&taken_up) } else { None },
            copied: copied.map(Iterator::collect).unwrap_or_default(),
            overlap: songs.map(|songs| Overlap::of(&tokens, &at_home(&songs.excerpts()))),
            ..Crowd::of_phrases(&phrases, &tokens)
        })
    }

    /// As many excerpts of songs that were held out.
    pub fn of_songs(songs: &Songs) -> Crowd {
        let excerpts = songs.excerpts();
        let share = |runs: &melody::metrics::copying::Runs| {
            let shares: Vec<f64> = excerpts.iter().filter_map(|phrase| runs.share(phrase)).collect();
            (runs.notes().to_string(), means::mean(&shares))
        };
        let copied = songs.runs.iter().map(share).collect();
        Crowd { copied, ..Crowd::of_phrases(&excerpts, &at_home(&excerpts)) }
    }

    fn of_phrases(phrases: &[Phrase], tokens: &[Vec<Token>]) -> Crowd {
        let summaries: Vec<Summary> = phrases.iter().map(|phrase| Summary::of(phrase, None)).collect();
        let mean = |figure: fn(&Summary) -> Option<f64>| {
            means::mean(&summaries.iter().filter_map(figure).collect::<Vec<f64>>())
        };
        let unlike = |(index, line): &(usize, &Vec<Token>)| !tokens[..*index].contains(line);
        Crowd {
            melodies: phrases.len(),
            milliseconds: None,
            different: tokens.iter().enumerate().filter(unlike).count(),
            mean_pairwise_distance: mean_pairwise_distance(tokens),
            means: COLUMNS.iter().map(|(name, _, _, figure)| (*name, mean(*figure))).collect(),
            taken_up: None,
            copied: BTreeMap::new(),
            overlap: None,
        }
    }
}

impl Overlap {
    fn of(made: &[Vec<Token>], real: &[Vec<Token>]) -> Overlap {
        let pitches = |lines: &[Vec<Token>]| Histogram::of_pitches(lines.iter().flatten());
        let lengths = |lines: &[Vec<Token>]| Histogram::of_lengths(lines.iter().flatten());
        Overlap {
            pitches: pitches(made).overlap(&pitches(real)),
            lengths: lengths(made).overlap(&lengths(real)),
            intervals: intervals(made).overlap(&intervals(real)),
        }
    }
}

/// Steps from note to note, rests passed over.
fn intervals(lines: &[Vec<Token>]) -> Histogram<i32> {
    let steps = |line: &Vec<Token>| {
        let pitches: Vec<i32> =
            line.iter().filter_map(|token| Some(i32::from(token.pitch?.number()))).collect();
        pitches.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<i32>>()
    };
    lines.iter().flat_map(steps).collect()
}

fn play(model: &dyn Generator, task: Task, tune: &Phrase) -> Result<Vec<Phrase>> {
    let candidates = if task == Task::Vary {
        // Variations are ranked within one answer: a seed of its own for each is what a hundred presses give.
        let one = |seed| model.generate(&trial::request(task, tune, seed), &generator::Cancel::never());
        let sets = (1..=u64::from(SEEDS)).map(one).collect::<Result<Vec<_>, _>>()?;
        sets.into_iter().flatten().collect()
    } else {
        answering::ask(model, &Request { ..trial::request(task, tune, 1) }, SEEDS)?
    };
    Ok(candidates.into_iter().map(|candidate| candidate.phrase).collect())
}

fn at_home(phrases: &[Phrase]) -> Vec<Vec<Token>> {
    phrases.iter().map(|phrase| Prompt::of(phrase).tokens).collect()
}

/// The first bars of a song on the grid, as long as the models' answers; none of a shorter song.
pub fn excerpt(song: &Phrase) -> Option<Phrase> {
    let length = Ticks(song.meter.bar().0 * i64::from(trial::BARS));
    let line = grid::quantise(song).skyline();
    let excerpt = line.between(Ticks::ZERO, length);
    (line.length() >= length && excerpt.notes().len() > 1).then_some(excerpt)
}
