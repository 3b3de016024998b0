//! Table 1: how long one time through the data takes to learn, as a ratio to the DNN's.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use cpu_time::ProcessTime;
use serde::Serialize;
use trainer::corpus::Corpus;
use trainer::recipe::file::Recipe;
use trainer::recipe::{self, News, Order, RecipeError};
use trainer::training::{Progress, TrainingError, Verdict};

use super::paper;
use super::subject::Subject;
use crate::console::Console;

/// The kind that all others are a ratio to.
const UNIT: &str = "dnn";
/// What the recipe is called that follows the paper to the letter, where the shipped one does not.
const TO_THE_LETTER: &str = "-paper";
/// Steps that are not timed: memory is still being found.
const WARM_UP: u64 = 3;
/// The fewest steps that are timed, however long they take.
const FEWEST: u64 = 8;
/// Trainings before the one that counts, by kind: the VAE's phrase vectors are melody2vec's, which the paper takes as
/// given.
const PRELUDES: [(&str, usize); 1] = [("vae", 1)];

/// The paces of all models.
#[derive(Debug, Serialize)]
pub struct Paces {
    /// Whether they were timed now, one after the other, in seconds of processor time, and not by the clock when each
    /// pack was made.
    pub timed_now: bool,
    pub rows: Vec<Pace>,
    /// Whether our ratios rise in the order in which the paper's do; missing where not all are known. A kind counts
    /// with the recipe that follows the paper to the letter, where it has one.
    pub in_the_papers_order: Option<bool>,
}

/// The pace of one model.
#[derive(Debug, Clone, Serialize)]
pub struct Pace {
    pub id: String,
    pub kind: String,
    pub seconds_per_epoch: f64,
    /// Steps that were timed, of so many in an epoch; missing where the card says it of whole epochs.
    pub timed_steps: Option<(u64, u64)>,
    pub ratio: Option<f64>,
    pub papers_ratio: Option<f64>,
}

impl Paces {
    /// What the packs' cards say.
    pub fn of_cards(subjects: &[Subject]) -> Paces {
        let pace = |subject: &Subject| {
            let seconds_per_epoch = subject.training.as_ref()?.seconds_per_epoch?;
            Some(Pace::of(subject.id.clone(), subject.kind.to_string(), seconds_per_epoch, None))
        };
        Paces::of(false, subjects.iter().filter_map(pace).collect())
    }

    /// Teaches each shipped recipe for a stretch and extrapolates it to an epoch; `corpus` is what of the collections
    /// was read before.
    ///
    /// # Errors
    /// A recipe cannot be followed with this data.
    pub fn timed(data: &Path, corpus: &Arc<Corpus>, stretch: Duration, console: &Console) -> Result<Paces> {
        let mut rows = Vec::new();
        for id in Recipe::ids() {
            let recipe = Recipe::shipped(id)?;
            if recipe.epochs == 0 || paper::is_of_b(&recipe.kind) {
                continue;
            }
            console.remark(&format!("continuo: timing {id}"));
            if let Some((seconds, timed, steps)) = time(&once(&recipe)?, data, corpus, stretch)? {
                rows.push(Pace::of(id.to_owned(), recipe.kind.clone(), seconds, Some((timed, steps))));
            }
        }
        Ok(Paces::of(true, rows))
    }

    fn of(timed_now: bool, mut rows: Vec<Pace>) -> Paces {
        let unit = rows.iter().find(|row| row.id == UNIT).map(|row| row.seconds_per_epoch);
        for row in &mut rows {
            row.ratio = unit.map(|unit| row.seconds_per_epoch / unit);
        }
        rows.sort_by(|a, b| a.seconds_per_epoch.total_cmp(&b.seconds_per_epoch));
        Paces { timed_now, in_the_papers_order: in_order(&rows), rows }
    }
}

impl Pace {
    fn of(id: String, kind: String, seconds_per_epoch: f64, timed_steps: Option<(u64, u64)>) -> Pace {
        let papers_ratio = paper::epoch_ratio(&kind);
        Pace { papers_ratio, id, kind, seconds_per_epoch, timed_steps, ratio: None }
    }
}

/// Whether rows of rising time have rising ratios in the paper; all five kinds must be there.
fn in_order(rows: &[Pace]) -> Option<bool> {
    let faithful = |row: &&Pace| {
        let wanted = format!("{}{TO_THE_LETTER}", row.kind);
        let wanted = if rows.iter().any(|other| other.id == wanted) { &wanted } else { &row.kind };
        row.id == *wanted
    };
    let papers: Vec<f64> = rows.iter().filter(faithful).filter_map(|row| row.papers_ratio).collect();
    (papers.len() == 5).then(|| papers.is_sorted())
}

/// The recipe for one time through the data, the trainings before it as short.
fn once(recipe: &Recipe) -> Result<Recipe> {
    let mut said = serde_json::to_value(recipe).context("the recipe cannot be read back")?;
    if let Some(sizes) = said.get_mut("sizes").and_then(|sizes| sizes.as_object_mut()) {
        let epochs = sizes.iter_mut().filter(|(name, _)| name.ends_with("_epochs"));
        epochs.for_each(|(_, epochs)| *epochs = 1.into());
    }
    let mut recipe: Recipe = serde_json::from_value(said).context("the recipe cannot be read back")?;
    recipe.epochs = 1;
    Ok(recipe)
}

/// Seconds an epoch, steps timed, steps in an epoch; nothing where the recipe has too few steps to be timed.
fn time(
    recipe: &Recipe,
    data: &Path,
    corpus: &Arc<Corpus>,
    stretch: Duration,
) -> Result<Option<(f64, u64, u64)>> {
    let folder = tempfile::tempdir().context("there is no room for a trial training")?;
    let order = Order {
        data: data.to_owned(),
        pack: folder.path().join("pack"),
        checkpoints: folder.path().join("checkpoints"),
        resume: false,
        workers: 2,
        read: Some(corpus.clone()),
    };
    let prelude = PRELUDES.iter().find(|(kind, _)| *kind == recipe.kind).map_or(0, |(_, stages)| *stages);
    let mut watch = Stopwatch::new(prelude, stretch);
    match recipe::make(recipe, &order, &mut |news: &News| watch.hear(news, ProcessTime::now().as_duration()))
    {
        Ok(_) | Err(RecipeError::Training(TrainingError::Paused { .. })) => Ok(watch.pace()),
        Err(error) => Err(error.into()),
    }
}

/// Times the stage of a training that counts.
struct Stopwatch {
    prelude: usize,
    stretch: Duration,
    stage: usize,
    /// Step, and steps of the stage.
    last: Option<(u64, u64)>,
    /// Step and processor time where the timing began, and where it is.
    begun: Option<(u64, Duration)>,
    now: (u64, Duration),
}

impl Stopwatch {
    fn new(prelude: usize, stretch: Duration) -> Stopwatch {
        Stopwatch { prelude, stretch, stage: 0, last: None, begun: None, now: (0, Duration::ZERO) }
    }

    /// Hears of a step; `spent` is the processor time of the whole program so far.
    fn hear(&mut self, news: &News, spent: Duration) -> Verdict {
        let News::Teaching(Progress { step, steps, .. }) = news else { return Verdict::Continue };
        if self.last.is_some_and(|(last, of)| last > *step || of != *steps) {
            self.stage += 1;
        }
        self.last = Some((*step, *steps));
        if self.stage < self.prelude || *step < WARM_UP {
            return Verdict::Continue;
        }
        self.now = (*step, spent);
        let (first, begun) = *self.begun.get_or_insert(self.now);
        let over = spent.saturating_sub(begun) >= self.stretch && step - first >= FEWEST;
        if over { Verdict::Pause } else { Verdict::Continue }
    }

    fn pace(&self) -> Option<(f64, u64, u64)> {
        let ((_, steps), (first, begun)) = (self.last?, self.begun?);
        let timed = self.now.0.checked_sub(first).filter(|timed| *timed > 0)?;
        let seconds = (self.now.1 - begun).as_secs_f64() / timed as f64 * steps as f64;
        Some((seconds, timed, steps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(step: u64, steps: u64) -> News {
        News::Teaching(Progress {
            step,
            steps,
            training_loss: 1.0,
            validation_loss: None,
            elapsed: Duration::ZERO,
            remaining: Duration::ZERO,
        })
    }

    #[test]
    fn a_stretch_after_the_prelude_is_extrapolated_to_an_epoch() {
        let mut watch = Stopwatch::new(1, Duration::from_secs(10));
        let seconds = Duration::from_secs;
        for (step, steps, spent) in [(1, 2, 50), (2, 2, 99), (1, 40, 100), (3, 40, 103), (8, 40, 123)] {
            assert_eq!(watch.hear(&at(step, steps), seconds(spent)), Verdict::Continue);
        }
        assert_eq!(watch.hear(&at(13, 40), seconds(123)), Verdict::Pause);
        // Ten steps in twenty seconds, forty in an epoch.
        assert_eq!(watch.pace(), Some((80.0, 10, 40)));
    }

    #[test]
    fn the_order_is_checked_where_all_five_are_there() {
        let row = |kind: &str, seconds: f64| Pace::of(kind.to_owned(), kind.to_owned(), seconds, None);
        let rows = || {
            vec![
                row("dnn", 10.0),
                row("vae", 1.0),
                row("seq2seq-attention", 60.0),
                row("gan", 2.0),
                row("seq2seq", 20.0),
            ]
        };
        let paces = Paces::of(true, rows());
        assert_eq!(paces.in_the_papers_order, Some(true));
        let ratios: Vec<f64> = paces.rows.iter().filter_map(|row| row.ratio).collect();
        assert_eq!(ratios, [0.1, 0.2, 1.0, 2.0, 6.0]);
        let slow = Paces::of(
            true,
            rows()
                .into_iter()
                .map(|row| match row.kind.as_str() {
                    "gan" => Pace { seconds_per_epoch: 90.0, ..row },
                    _ => row,
                })
                .collect(),
        );
        assert_eq!(slow.in_the_papers_order, Some(false));
        assert_eq!(Paces::of(false, rows()[..3].to_vec()).in_the_papers_order, None);
        let faithful = Pace { id: "gan-paper".to_owned(), ..row("gan", 2.0) };
        let with_both = Paces::of(true, slow.rows.into_iter().chain([faithful]).collect());
        assert_eq!(with_both.in_the_papers_order, Some(true));
    }

    #[test]
    fn a_recipe_is_cut_down_to_one_epoch() {
        for id in Recipe::ids() {
            let cut = once(&Recipe::shipped(id).unwrap()).unwrap();
            assert_eq!((cut.epochs, cut.id.as_str()), (1, id));
        }
    }
}
