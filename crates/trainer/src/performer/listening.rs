//! Listening to a performer while it is taught: paper B's six metrics of what it plays (Figures 3 and 4).

use std::collections::BTreeMap;

use generator::pack::{self, Pack};
use generator::{Cancel, Card, Generator, Request, Task};
use melody::metrics::Six;
use melody::{Phrase, Style};

use super::Performer;
use crate::corpus::performances::Performance;

/// Bars of a piece that is measured, played or real.
pub const BARS: u32 = 8;
/// Pieces that are played at each look.
const PIECES: u32 = 16;

/// The six metrics of pop pieces that a performer plays, by name, and how many notes such a piece has.
///
/// # Errors
/// The network does not run.
pub fn listen(performer: &Performer, card: &Card) -> Result<BTreeMap<String, f64>, String> {
    let files = BTreeMap::from([(pack::MODEL.to_owned(), performer.graph())]);
    let pack = Pack::new(card.clone(), files);
    let model = generator::performer::Performer::load(&pack).map_err(|error| error.to_string())?;
    let pieces = play(&model, Style::Pop, PIECES).map_err(|error| error.to_string())?;
    Ok(figures(&Six::mean(&pieces.iter().map(Six::of).collect::<Vec<Six>>())))
}

/// Pieces of a style from the seeds 1, 2, ..., with the knobs where a newcomer finds them.
///
/// # Errors
/// The model fails.
pub fn play(
    model: &dyn Generator,
    style: Style,
    pieces: u32,
) -> Result<Vec<Phrase>, generator::GenerateError> {
    let newcomer = Request::to_continue(Phrase::default());
    let ask = |seed| -> Result<Vec<Phrase>, generator::GenerateError> {
        let task = Task::Fresh;
        let request = Request { task, bars: BARS, style: Some(style), seed, ..newcomer.clone() };
        let candidates = model.generate(&request, &Cancel::never())?;
        Ok(candidates.into_iter().map(|candidate| candidate.phrase).collect())
    };
    let played = (1..=u64::from(pieces)).map(ask).collect::<Result<Vec<_>, _>>()?;
    Ok(played.into_iter().flatten().collect())
}

/// Stretches of real music of a style, as long as what is played, from bar lines [`BARS`] apart.
pub fn excerpts<'a>(performances: impl Iterator<Item = &'a Performance>, style: Style) -> Vec<Phrase> {
    let of_style = performances.filter(|performance| performance.style == style);
    let cut = |performance: &Performance| {
        let phrase = &performance.phrase;
        let length = phrase.meter.bar() * i64::from(BARS);
        let count = phrase.length().0 / length.0;
        let part = |index: i64| phrase.between(length * index, length * (index + 1));
        (0..count).map(part).filter(|part| part.notes().len() > 1).collect::<Vec<Phrase>>()
    };
    of_style.flat_map(cut).collect()
}

/// The metrics by name.
pub fn figures(six: &Six) -> BTreeMap<String, f64> {
    let columns =
        Six::COLUMNS.iter().filter_map(|(name, _, figure)| Some(((*name).to_owned(), figure(six)?)));
    columns.chain([("notes".to_owned(), six.notes)]).collect()
}
