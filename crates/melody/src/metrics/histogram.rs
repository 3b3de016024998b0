//! How often each pitch and each length occurs, and how much of two such histograms is the same.

use std::collections::BTreeMap;

use crate::{Pitch, Ticks, Token};

/// Counts of things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram<T> {
    counts: BTreeMap<T, u64>,
}

impl<T: Ord> FromIterator<T> for Histogram<T> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Histogram<T> {
        let mut counts = BTreeMap::new();
        for thing in things {
            *counts.entry(thing).or_default() += 1;
        }
        Histogram { counts }
    }
}

/// Counted together.
impl<T: Ord> std::iter::Sum for Histogram<T> {
    fn sum<I: Iterator<Item = Histogram<T>>>(histograms: I) -> Histogram<T> {
        let mut counts = BTreeMap::new();
        for (thing, count) in histograms.flat_map(|histogram| histogram.counts) {
            *counts.entry(thing).or_default() += count;
        }
        Histogram { counts }
    }
}

impl Histogram<Pitch> {
    /// The pitches of all notes, each note counted once however long it is; rests are left out.
    pub fn of_pitches<'a>(tokens: impl IntoIterator<Item = &'a Token>) -> Histogram<Pitch> {
        tokens.into_iter().filter_map(|token| token.pitch).collect()
    }
}

impl Histogram<Ticks> {
    /// The lengths of all notes, in ticks; rests are left out.
    pub fn of_lengths<'a>(tokens: impl IntoIterator<Item = &'a Token>) -> Histogram<Ticks> {
        tokens.into_iter().filter(|token| !token.is_rest()).map(|token| token.length).collect()
    }
}

impl<T: Ord> Histogram<T> {
    /// How many things were counted.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Each thing that occurs with its share, in order of the things; the shares sum to 1.
    pub fn shares(&self) -> impl Iterator<Item = (&T, f64)> {
        let total = self.total();
        self.counts.iter().map(move |(thing, count)| (thing, *count as f64 / total as f64))
    }

    /// The share of one thing, 0 to 1.
    pub fn share(&self, thing: &T) -> f64 {
        let count = self.counts.get(thing).copied().unwrap_or(0);
        if count == 0 { 0.0 } else { count as f64 / self.total() as f64 }
    }

    /// How evenly the things that occur do, in bits: -Σ p log2 p. 0 for one thing alone; `None` of nothing.
    pub fn entropy(&self) -> Option<f64> {
        let bits: f64 = self.shares().map(|(_, share)| -share * share.log2()).sum();
        // A sole thing gives -0.
        (self.total() > 0).then_some(bits.max(0.0))
    }

    /// The overlap of two histograms as shares: the sum over all things of the smaller share (histogram
    /// intersection; Swain and Ballard, 1991). 1 where the shares agree, 0 where they have nothing in common.
    pub fn overlap(&self, other: &Histogram<T>) -> f64 {
        let (total, other_total) = (self.total(), other.total());
        let smaller = |(thing, count): (&T, &u64)| {
            let other_count = other.counts.get(thing).copied().unwrap_or(0);
            (*count as f64 / total as f64).min(other_count as f64 / other_total.max(1) as f64)
        };
        self.counts.iter().map(smaller).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Token> {
        text.split_whitespace().map(|token| token.parse().unwrap()).collect()
    }

    #[test]
    fn notes_are_counted_and_rests_are_not() {
        let tune = read("C4:1.0 C4:0.5 R:1.0 D4:1.0");
        let (pitches, lengths) = (Histogram::of_pitches(&tune), Histogram::of_lengths(&tune));
        assert_eq!((pitches.total(), lengths.total()), (3, 3));
        assert!((pitches.share(&Pitch::MIDDLE_C) - 2.0 / 3.0).abs() < 1e-12);
        assert!((lengths.share(&Ticks::QUARTER) - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn the_overlap_compares_shares_and_not_counts() {
        let once: Histogram<u8> = [1, 2].into_iter().collect();
        let thrice: Histogram<u8> = [1, 2, 1, 2, 1, 2].into_iter().collect();
        let lopsided: Histogram<u8> = [1, 1, 1, 3].into_iter().collect();
        assert!((once.overlap(&thrice) - 1.0).abs() < 1e-12);
        assert!((once.overlap(&lopsided) - 0.5).abs() < 1e-12);
        assert!((lopsided.overlap(&once) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn entropy_is_that_worked_out_by_hand() {
        let bits = |things: &[u8]| things.iter().copied().collect::<Histogram<u8>>().entropy();
        assert_eq!(bits(&[1, 1, 2, 3]), Some(1.5));
        assert_eq!(bits(&[1, 1]), Some(0.0));
        assert_eq!(bits(&[]), None);
    }

    #[test]
    fn a_sum_counts_all_together() {
        let one = |things: &[u8]| things.iter().copied().collect::<Histogram<u8>>();
        assert_eq!([one(&[1, 2]), one(&[2])].into_iter().sum::<Histogram<u8>>(), one(&[1, 2, 2]));
    }

    #[test]
    fn nothing_has_nothing_in_common() {
        let (nothing, something): (Histogram<u8>, Histogram<u8>) =
            ([].into_iter().collect(), [1].into_iter().collect());
        assert_eq!(nothing.overlap(&something), 0.0);
        assert_eq!(something.overlap(&nothing), 0.0);
    }
}
