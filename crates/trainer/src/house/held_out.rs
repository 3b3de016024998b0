//! How surprised models are by melodies that they never saw: nats a note by source, of whole melodies and of their fifth to
//! twelfth bars.

use std::collections::BTreeMap;

use melody::steps::Aspect;

use super::batches::Batch;
use super::pieces::Piece;
use super::{House, State};
use crate::corpus::Source;

/// For each melody, for each note, the nats of each aspect.
pub type Surprises = Vec<Vec<[f64; 3]>>;

/// Melodies that are measured side by side.
const ROWS: usize = 32;
/// Notes that are measured at once.
const STEPS: usize = 64;
/// The bars that are foreseen when those before them are known, from 0.
const LATER: std::ops::Range<u32> = 4..12;

/// What one source gave.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Share {
    /// Notes.
    pub notes: usize,
    /// Nats a note.
    pub per_note: f64,
    /// Nats a note that each aspect takes.
    pub by_aspect: [f64; 3],
    /// Notes in bars 5 to 12.
    pub later_notes: usize,
    /// Nats a note of these, all before them being known.
    pub later: f64,
}

/// The surprise of a model, by source.
#[derive(Debug, Clone, PartialEq)]
pub struct Surprise(BTreeMap<Source, Share>);

impl Surprise {
    /// The means of each source over all its notes; where a melody starts is given and costs nothing.
    pub fn of(pieces: &[&Piece], surprises: &Surprises) -> Surprise {
        let mut shares: BTreeMap<Source, Share> = BTreeMap::new();
        for (piece, nats) in pieces.iter().zip(surprises) {
            let share = shares.entry(piece.source).or_default();
            for (place, (moment, nats)) in piece.moments.iter().zip(nats).enumerate() {
                let first = place == 0;
                let counted = Aspect::ALL
                    .map(|aspect| if first && aspect == Aspect::Rest { 0.0 } else { nats[aspect as usize] });
                share.notes += 1;
                share.by_aspect.iter_mut().zip(counted).for_each(|(sum, nats)| *sum += nats);
                if LATER.contains(&moment.bar) {
                    share.later_notes += 1;
                    share.later += counted.iter().sum::<f64>();
                }
            }
        }
        for share in shares.values_mut() {
            share.by_aspect = share.by_aspect.map(|nats| nats / share.notes.max(1) as f64);
            share.per_note = share.by_aspect.iter().sum();
            share.later /= share.later_notes.max(1) as f64;
        }
        Surprise(shares)
    }

    /// By source.
    pub fn by_source(&self) -> &BTreeMap<Source, Share> {
        &self.0
    }

    /// The mean over the sources, each counting alike: of whole melodies, and of bars 5 to 12.
    pub fn mean(&self) -> (f64, f64) {
        let mean =
            |figure: fn(&Share) -> f64| self.0.values().map(figure).sum::<f64>() / self.0.len().max(1) as f64;
        (mean(|share| share.per_note), mean(|share| share.later))
    }
}

/// The network's surprise over these melodies, or over their first `most` notes; it hears no conditions.
pub fn surprises(network: &House, pieces: &[&Piece], most: usize, witnesses: bool) -> Surprises {
    let length = |place: &usize| pieces[*place].moments.len().min(most);
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by_key(length);
    let mut all: Surprises = pieces.iter().map(|piece| Vec::with_capacity(piece.moments.len())).collect();
    for places in order.chunks(ROWS) {
        let rows: Vec<&Piece> = places.iter().map(|place| pieces[*place]).collect();
        let longest = places.iter().map(length).max().unwrap_or_default();
        let mut state: State = network.fresh_state(rows.len());
        for from in (0..longest).step_by(STEPS) {
            let batch = Batch::of(&rows, from, STEPS.min(longest - from), witnesses);
            let (nats, next) = network.surprise(&batch, state, None);
            state = next;
            let nats = nats.map(|nats| nats.into_data().iter::<f32>().collect::<Vec<f32>>());
            for (row, place) in places.iter().enumerate() {
                let left = length(place).saturating_sub(from).min(batch.steps);
                let note = |step: usize| {
                    std::array::from_fn(|aspect| f64::from(nats[aspect][step * batch.rows + row]))
                };
                all[*place].extend((0..left).map(note));
            }
        }
    }
    all
}

/// The first melodies of each source that together have so many notes.
pub fn some<'a>(pieces: &[&'a Piece], notes: usize) -> Vec<&'a Piece> {
    let mut taken: BTreeMap<Source, usize> = BTreeMap::new();
    let enough = |piece: &&&Piece| {
        let taken = taken.entry(piece.source).or_default();
        let wanted = *taken < notes;
        *taken += piece.moments.len();
        wanted
    };
    pieces.iter().filter(enough).copied().collect()
}
