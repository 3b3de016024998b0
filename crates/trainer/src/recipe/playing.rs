//! What a card reports of a model that plays freely: paper B's six metrics beside real music, chords, variety and pace.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use generator::{GenerateError, Generator};
use melody::metrics::Six;
use melody::{Phrase, Style};

use super::surprise::tidy;
use crate::performer::{chords, listening};

/// Pieces that are played, of the seeds 1 to 100.
pub const PIECES: u32 = 100;
/// Pieces that are played at a look during the teaching.
const LOOK: u32 = 8;

/// Figures over pieces of eight bars, with the knobs where a newcomer finds them.
#[derive(Debug, Clone, PartialEq)]
pub struct Playing {
    /// What is played.
    pub played: Six,
    /// Real music in stretches as long.
    pub real: Six,
    /// Different pieces among those played.
    pub different: usize,
    /// How much of the first bar lies in a chord.
    pub chords: chords::Share,
    /// Milliseconds that a piece takes on one thread, in the mean.
    pub milliseconds: f64,
}

impl Playing {
    /// Measures a model against stretches of real music.
    ///
    /// # Errors
    /// The model fails.
    pub fn of(model: &dyn Generator, real: &[Phrase]) -> Result<Playing, GenerateError> {
        let began = Instant::now();
        let played = listening::play(model, Style::Pop, PIECES)?;
        let milliseconds = began.elapsed().as_secs_f64() * 1e3 / f64::from(PIECES);
        let notes = played.iter().map(|phrase| format!("{:?}", phrase.notes()));
        Ok(Playing {
            played: mean(&played),
            real: mean(real),
            different: notes.collect::<BTreeSet<String>>().len(),
            chords: chords::measure(model, chords::SEEDS)?,
            milliseconds,
        })
    }

    /// The figures by name.
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        let mut metrics = BTreeMap::from([
            ("different_of_100".to_owned(), self.different as f64),
            ("first_bar_in_chord_share".to_owned(), tidy(self.chords.seeded)),
            ("first_bar_in_chord_unseeded_share".to_owned(), tidy(self.chords.unseeded)),
            ("milliseconds_for_8_bars".to_owned(), tidy(self.milliseconds)),
        ]);
        for (whose, six) in [("pop_", &self.played), ("real_pop_", &self.real)] {
            let named = |(name, figure): (String, f64)| (format!("{whose}{name}"), tidy(figure));
            metrics.extend(listening::figures(six).into_iter().map(named));
        }
        metrics
    }

    /// The figures for people.
    pub fn text(&self) -> String {
        let row = |whose: &str, six: &Six| {
            let cell = |(_, _, figure): &melody::metrics::six::Column| {
                figure(six).map_or_else(|| "-".to_owned(), |figure| format!("{figure:.2}"))
            };
            let cells: Vec<String> = Six::COLUMNS.iter().map(cell).collect();
            format!("| {whose} | {:.1} | {} |\n", six.notes, cells.join(" | "))
        };
        format!(
            "Paper B's six metrics: means over {PIECES} pieces of {bars} bars (seeds 1 to {PIECES}, knobs where a newcomer finds them)\n\
             beside stretches of the test part as long. Repetitions of real music are corrected to the length of what is played.\n\n\
             | | notes | {heads} |\n| --- | --- |{rules}\n{played}{real}\n\
             - Different pieces of {PIECES}: {different}.\n\
             - Of the first bar's notes {seeded:.2} lie in the chord that was wished, and {unseeded:.2} where nobody wished for it (24 chords,\n  \
               {seeds} seeds each).\n\
             - {bars} bars take {milliseconds:.1} ms on one thread of the machine that taught it.\n",
            bars = listening::BARS,
            heads = Six::COLUMNS.map(|(_, head, _)| head).join(" | "),
            rules = " --- |".repeat(Six::COLUMNS.len()),
            played = row("played", &self.played),
            real = row("real", &self.real.at_length(self.played.notes)),
            different = self.different,
            seeded = self.chords.seeded,
            unseeded = self.chords.unseeded,
            seeds = chords::SEEDS,
            milliseconds = self.milliseconds,
        )
    }
}

/// The six metrics of pieces that a model plays while it is taught, by name; nothing of a model that fails.
pub fn look(model: &dyn Generator) -> BTreeMap<String, f64> {
    let pieces = listening::play(model, Style::Pop, LOOK).unwrap_or_default();
    if pieces.is_empty() { BTreeMap::new() } else { listening::figures(&mean(&pieces)) }
}

fn mean(pieces: &[Phrase]) -> Six {
    Six::mean(&pieces.iter().map(Six::of).collect::<Vec<Six>>())
}

#[cfg(test)]
mod tests {
    use generator::{Cancel, Library, Request, Task};

    use super::*;

    #[test]
    fn dice_differ_and_do_not_know_what_real_music_is() {
        let dice = Library::shipped().open("random").unwrap();
        let question = Request { task: Task::Fresh, ..Request::to_continue(Phrase::default()) };
        let asked = dice.generate(&question, &Cancel::never()).unwrap();
        let playing = Playing::of(dice.as_ref(), &[asked[0].phrase.clone()]).unwrap();
        assert!(playing.different >= 95);
        assert!(playing.metrics()["pop_scale_consistency"] < 1.0);
        assert!(playing.text().contains("| real |"));
        assert!(!look(dice.as_ref()).is_empty());
    }
}
