//! What a performer's card reports: how surprised it is by held-out music, and paper B's metrics of what it plays.

use std::collections::{BTreeMap, BTreeSet};

use generator::{GenerateError, Generator};
use melody::metrics::Six;
use melody::{Phrase, Style};

use super::super::surprise::tidy;
use super::pieces::Pieces;
use crate::performer::{chords, listening};

/// Pieces that are played of each style, from the seeds 1 to 100.
pub const PIECES: u32 = 100;

/// What was measured.
pub struct Figures {
    /// On the test part: nats a note, or squared error.
    pub loss: f64,
    /// By style: what is played, and what is real.
    pub six: BTreeMap<Style, (Six, Six)>,
    /// Of the pop pieces, how many differ from all before them.
    pub different: usize,
    /// How much of the first bar lies in a chord.
    pub chords: chords::Share,
}

impl Figures {
    /// Measures a model.
    ///
    /// # Errors
    /// The model fails.
    pub fn of(model: &dyn Generator, pieces: &Pieces, loss: f64) -> Result<Figures, GenerateError> {
        let mean = |phrases: &[Phrase]| Six::mean(&phrases.iter().map(Six::of).collect::<Vec<Six>>());
        let (mut six, mut different) = (BTreeMap::new(), 0);
        for style in pieces.styles() {
            let played = listening::play(model, style, PIECES)?;
            let real = listening::excerpts(pieces.held_out.iter(), style);
            six.insert(style, (mean(&played), mean(&real)));
            if style == Style::Pop {
                different = {
                    let notes = played.iter().map(|phrase| format!("{:?}", phrase.notes()));
                    notes.collect::<BTreeSet<String>>().len()
                };
            }
        }
        Ok(Figures { loss, six, different, chords: chords::measure(model, chords::SEEDS)? })
    }

    /// All figures by name.
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        let mut metrics = BTreeMap::from([
            ("test_loss_per_note".to_owned(), tidy(self.loss)),
            ("different_of_100".to_owned(), self.different as f64),
            ("first_bar_in_chord_share".to_owned(), tidy(self.chords.seeded)),
            ("first_bar_in_chord_unseeded_share".to_owned(), tidy(self.chords.unseeded)),
        ]);
        for (style, (played, real)) in &self.six {
            for (whose, six) in [("", played), ("real_", real)] {
                let named = |(name, figure): (String, f64)| (format!("{whose}{style}_{name}"), tidy(figure));
                metrics.extend(listening::figures(six).into_iter().map(named));
            }
        }
        metrics
    }
}
