//! The nearest phrases of a bank, and the ways between latents.

use std::ops::Range;

use melody::Token;

use super::bank::{Bank, LATENT, Vector};
use super::heard::Slot;

/// What a phrase loses in the search that lasts twice as long as the player's, or half as long, in cosine: so much
/// nearer it must be, that the answer keeps time. (In the paper the length is left to chance.)
const MISFIT: f32 = 0.2;
/// Phrases of two thirds to three halves of the player's length are looked at, if there are as many as this.
const ENOUGH: usize = 512;

/// A search for answers to one phrase by several targets at once.
pub struct Search<'a> {
    bank: &'a Bank,
    slot: &'a Slot,
    /// The places that are looked at.
    range: Range<usize>,
    /// How many targets there are.
    targets: usize,
    /// How near each phrase is to each target: a row for a phrase.
    scores: Vec<f32>,
    taken: Vec<usize>,
    sounding: Vec<Vec<Token>>,
}

impl<'a> Search<'a> {
    /// Compares the phrases of about the slot's length with each of the targets.
    pub fn new(bank: &'a Bank, slot: &'a Slot, targets: &[Vector]) -> Search<'a> {
        let length = slot.word.twelfths();
        let near = bank.lasting((2 * length).div_ceil(3)..=3 * length / 2);
        let range = if near.len() >= ENOUGH { near } else { 0..bank.len() };
        let mut scores = Vec::new();
        bank.cosines(targets, range.clone(), &mut scores);
        // Phrases stand in order of their length: the misfit changes seldom.
        let (mut last, mut misfit) = (0, 0.0);
        for (row, length) in scores.chunks_exact_mut(targets.len().max(1)).zip(&bank.lengths()[range.clone()])
        {
            if *length != last {
                last = *length;
                misfit = MISFIT * (f32::from(last) / f32::from(slot.word.twelfths())).log2().abs();
            }
            row.iter_mut().for_each(|score| *score -= misfit);
        }
        let (taken, sounding) = (Vec::new(), Vec::new());
        Search { bank, slot, range, targets: targets.len(), scores, taken, sounding }
    }

    /// The place of the phrase that is nearest to a target and keeps the time, apart from those picked before and those
    /// that would sound like one of them in this slot. Where all are taken, the first again.
    pub fn pick(&mut self, target: usize) -> usize {
        while let Some(place) = self.best(target) {
            let row = (place - self.range.start) * self.targets;
            self.scores[row..row + self.targets].fill(f32::NEG_INFINITY);
            self.taken.push(place);
            let sound = self.slot.fit(&self.bank.words()[place]);
            if !self.sounding.contains(&sound) {
                self.sounding.push(sound);
                return place;
            }
        }
        self.taken.first().copied().unwrap_or(self.range.start)
    }

    fn best(&self, target: usize) -> Option<usize> {
        let column = self.scores.iter().skip(target).step_by(self.targets.max(1)).zip(self.range.clone());
        let better = |best: (f32, Option<usize>), (score, place): (&f32, usize)| {
            if *score > best.0 { (*score, Some(place)) } else { best }
        };
        column.fold((f32::NEG_INFINITY, None), better).1
    }
}

/// The point so far along the arc between two latents (spherical interpolation: Shoemake, 1985), on which a normal
/// distribution's points keep their usual distance from the middle; the straight line where they are nearly parallel.
pub fn on_the_arc(from: &[f32; LATENT], to: &[f32; LATENT], along: f32) -> [f32; LATENT] {
    let dot = |a: &[f32; LATENT], b: &[f32; LATENT]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let lengths = (dot(from, from) * dot(to, to)).sqrt();
    let angle = if lengths > 0.0 { (dot(from, to) / lengths).clamp(-1.0, 1.0).acos() } else { 0.0 };
    // Of opposite latents no arc is the shortest one.
    if !(1e-3..3.1).contains(&angle) {
        return on_the_line(from, to, along);
    }
    let (near, far) = (((1.0 - along) * angle).sin() / angle.sin(), (along * angle).sin() / angle.sin());
    std::array::from_fn(|at| near * from[at] + far * to[at])
}

/// The point so far along the straight line between two vectors.
pub fn on_the_line<const N: usize>(from: &[f32; N], to: &[f32; N], along: f32) -> [f32; N] {
    std::array::from_fn(|at| from[at] + along * (to[at] - from[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_begin_and_end_where_they_should() {
        let (mut from, mut to) = ([0.0; LATENT], [0.0; LATENT]);
        (from[0], to[1]) = (2.0, 2.0);
        for (along, end) in [(0.0, from), (1.0, to)] {
            for point in [on_the_arc(&from, &to, along), on_the_line(&from, &to, along)] {
                assert!(point.iter().zip(&end).all(|(a, b)| (a - b).abs() < 1e-6));
            }
        }
        let length = |point: [f32; LATENT]| point.iter().map(|x| x * x).sum::<f32>().sqrt();
        assert!((length(on_the_arc(&from, &to, 0.5)) - 2.0).abs() < 1e-5);
        assert!(length(on_the_line(&from, &to, 0.5)) < 1.5);
    }

    #[test]
    fn opposite_and_empty_latents_have_a_way_too() {
        let one = [1.0; LATENT];
        for to in [[-1.0; LATENT], [0.0; LATENT], one] {
            assert!(on_the_arc(&one, &to, 0.3).iter().all(|number| number.is_finite()));
        }
    }
}
