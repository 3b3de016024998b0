//! Stretches of melodies as batches for the house model.

use std::collections::BTreeMap;

use generator::house::input::{BODY, Conditions, HEADS};
use melody::memory::WITNESSES;
use melody::steps::Aspect;
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

use super::conditions;
use super::pieces::{Moment, NEVER, Piece};
use crate::corpus::Source;
use crate::windows::balance::{self, Balance};

/// Notes side by side: `rows` melodies over `steps` notes. Vectors that are not by step go step by step, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Melodies.
    pub rows: usize,
    /// Notes of each.
    pub steps: usize,
    /// By step, what the body is told: `[rows, BODY]`.
    pub body: Vec<Vec<f32>>,
    /// By aspect, what its head is told: `[steps x rows, HEADS[aspect]]`.
    pub heads: [Vec<f32>; 3],
    /// By aspect, what is right: `[steps x rows]`.
    pub values: [Vec<i32>; 3],
    /// By aspect, the logarithms of the witnesses' odds: `[steps x rows, WITNESSES]`.
    pub odds: [Vec<f32>; 3],
    /// By aspect, what is added to the gates so that nobody listens to who is silent: `[steps x rows, 1 + WITNESSES]`.
    pub silence: [Vec<f32>; 3],
    /// By aspect, 1 where it counts: `[steps x rows]`.
    pub weights: [Vec<f32>; 3],
}

/// What the network may know.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ears {
    /// Whether it hears the witnesses.
    pub witnesses: bool,
    /// How often a condition is kept back, 0 to 1; at 1 it is never told.
    pub deaf: f64,
}

/// A melody's place in a batch: the notes from `from` on, and what is told of what is to come, for those that it is told for.
#[derive(Debug, Clone)]
struct Row<'a> {
    piece: &'a Piece,
    from: usize,
    told: Vec<Conditions>,
}

impl Batch {
    /// Notes `from..from + steps` of these melodies, without conditions; those that are over do not count.
    pub fn of(pieces: &[&Piece], from: usize, steps: usize, witnesses: bool) -> Batch {
        let rows: Vec<Row<'_>> = pieces.iter().map(|piece| Row { piece, from, told: Vec::new() }).collect();
        Batch::of_rows(&rows, steps, witnesses)
    }

    /// How many notes count.
    pub fn notes(&self) -> usize {
        self.weights[1].iter().filter(|weight| **weight > 0.0).count()
    }

    fn of_rows(rows: &[Row<'_>], steps: usize, witnesses: bool) -> Batch {
        let all = rows.len() * steps;
        let mut batch = Batch {
            rows: rows.len(),
            steps,
            body: vec![vec![0.0; rows.len() * BODY]; steps],
            heads: HEADS.map(|width| vec![0.0; all * width]),
            values: [(); 3].map(|()| vec![0; all]),
            odds: [(); 3].map(|()| vec![NEVER; all * WITNESSES]),
            silence: [(); 3].map(|()| vec![0.0; all * (1 + WITNESSES)]),
            weights: [(); 3].map(|()| vec![0.0; all]),
        };
        for step in 0..steps {
            for (number, row) in rows.iter().enumerate() {
                if let Some(moment) = row.piece.moments.get(row.from + step) {
                    batch.put(step, number, row, moment, witnesses);
                }
            }
        }
        batch
    }

    fn put(&mut self, step: usize, number: usize, row: &Row<'_>, moment: &Moment, witnesses: bool) {
        let conditions = row.told.get(step).copied().unwrap_or_default();
        moment.body.with(&conditions).write(&mut self.body[step][number * BODY..][..BODY]);
        let place = step * self.rows + number;
        for aspect in Aspect::ALL {
            let (index, width) = (aspect as usize, HEADS[aspect as usize]);
            let told = moment.heads[index];
            let told = if witnesses { told } else { told.without_witnesses(aspect) };
            told.write(&mut self.heads[index][place * width..][..width]);
            self.values[index][place] = i32::from(moment.word[index]);
            if witnesses {
                self.odds[index][place * WITNESSES..][..WITNESSES].copy_from_slice(&moment.odds[index]);
            }
            let silent = if witnesses { moment.silent[index] } else { u16::MAX };
            let silence = &mut self.silence[index][place * (1 + WITNESSES) + 1..][..WITNESSES];
            for (witness, silence) in silence.iter_mut().enumerate() {
                *silence = if silent >> witness & 1 == 1 { NEVER } else { 0.0 };
            }
            // Where a melody starts is given, not foreseen.
            let first = row.from + step == 0 && aspect == Aspect::Rest;
            self.weights[index][place] = if first { 0.0 } else { 1.0 };
        }
    }
}

/// Stretches of so many notes, of each source as many as its weight asks for.
pub struct Stretches<'a> {
    pieces: Vec<&'a Piece>,
    pools: Vec<Vec<(usize, usize)>>,
    balance: Balance,
    steps: usize,
}

impl<'a> Stretches<'a> {
    /// Those of these melodies that start half a stretch apart.
    pub fn new(pieces: Vec<&'a Piece>, steps: usize, weights: &BTreeMap<Source, f64>) -> Stretches<'a> {
        let mut pools: BTreeMap<Source, Vec<(usize, usize)>> = BTreeMap::new();
        for (number, piece) in pieces.iter().enumerate() {
            let last = piece.moments.len().saturating_sub(steps / 2).max(1);
            let starts = (0..last).step_by((steps / 2).max(1)).map(|start| (number, start));
            pools.entry(piece.source).or_default().extend(starts);
        }
        let weight = |source: &Source| weights.get(source).copied().unwrap_or_default();
        let sizes: Vec<(usize, f64)> =
            pools.iter().map(|(source, starts)| (starts.len(), weight(source))).collect();
        Stretches { pieces, pools: pools.into_values().collect(), balance: Balance::new(&sizes), steps }
    }

    /// How many there are in an epoch.
    pub fn len(&self) -> usize {
        self.balance.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.balance.is_empty()
    }

    /// The stretches of an epoch in the order that this seed gives.
    pub fn order(&self, seed: u64, epoch: u64) -> Vec<(usize, usize)> {
        let drawn = self.balance.draw(seed, epoch).into_iter();
        let mut order: Vec<(usize, usize)> = drawn.map(|(source, item)| self.pools[source][item]).collect();
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        dice.set_stream(epoch);
        balance::shuffle(&mut order, &mut dice);
        order
    }

    /// A batch of some of an epoch's stretches, as up to `parts` smaller ones; dice throw which conditions are told and, by a
    /// few notes, where a stretch starts.
    pub fn batch(
        &self,
        starts: &[(usize, usize)],
        ears: Ears,
        parts: usize,
        dice: &mut ChaCha8Rng,
    ) -> Vec<Batch> {
        let mut rows = Vec::with_capacity(starts.len());
        for (number, start) in starts {
            let is_shifted = dice.next_u32() % 2 == 1;
            let from = if is_shifted { start.saturating_sub(self.steps / 4) } else { *start };
            let piece = self.pieces[*number];
            let told = conditions::thrown(piece, from, self.steps, ears.deaf, dice);
            rows.push(Row { piece, from, told });
        }
        let part = rows.len().div_ceil(parts.max(1)).max(1);
        rows.chunks(part).map(|rows| Batch::of_rows(rows, self.steps, ears.witnesses)).collect()
    }
}

#[cfg(test)]
mod tests {
    use melody::{Meter, Phrase, Tempo, Ticks, Token, tokens};

    use super::*;
    use crate::corpus::Melody;

    fn piece(source: Source, notes: usize) -> Piece {
        let token = |n: usize| {
            let pitch = melody::Pitch::folded(60 + (n * n % 7) as i32);
            Token::note(pitch, Ticks::SIXTEENTH * (1 + n as i64 % 3))
        };
        let line: Vec<Token> = (0..notes).map(token).collect();
        let phrase = Phrase::new(tokens::decode(&line, Ticks::ZERO, |_| 80), Meter::COMMON, Tempo::DEFAULT);
        Piece::of(&Melody { source, song: "x".to_owned(), phrase, key: None }).unwrap()
    }

    #[test]
    fn a_batch_counts_each_note_once_and_none_after_the_end() {
        let pieces = [piece(Source::Pop909, 10), piece(Source::CreIrish, 5)];
        let batch = Batch::of(&[&pieces[0], &pieces[1]], 0, 8, true);
        assert_eq!(batch.notes(), 13);
        assert_eq!(batch.weights[0].iter().sum::<f32>(), 11.0, "the two first rests are given");
        let rest = Batch::of(&[&pieces[0], &pieces[1]], 8, 8, true);
        assert_eq!((rest.notes(), rest.weights[0].iter().sum::<f32>()), (2, 2.0));
        assert_eq!(batch.values[1][1], i32::from(pieces[1].moments[0].word[1]));
        let deaf = Batch::of(&[&pieces[0]], 0, 8, false);
        assert!(deaf.odds.iter().flatten().all(|odds| *odds == NEVER));
    }

    #[test]
    fn stretches_are_drawn_by_weight_and_conditions_are_thrown() {
        let pieces = [piece(Source::Pop909, 400), piece(Source::CreIrish, 100)];
        let weights = BTreeMap::from([(Source::Pop909, 1.0), (Source::CreIrish, 1.0)]);
        let stretches = Stretches::new(pieces.iter().collect(), 20, &weights);
        let order = stretches.order(1, 0);
        assert_eq!(order.iter().filter(|(piece, _)| *piece == 0).count() * 2, order.len());
        assert_ne!(order, stretches.order(1, 1));
        let mut dice = ChaCha8Rng::seed_from_u64(1);
        let ears = Ears { witnesses: true, deaf: 0.5 };
        let parts = stretches.batch(&order[..8], ears, 2, &mut dice);
        assert_eq!(parts.iter().map(|part| part.rows).collect::<Vec<_>>(), [4, 4]);
        assert_eq!(parts[0].notes() + parts[1].notes(), 160);
    }
}
