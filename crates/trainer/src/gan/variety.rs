//! Whether a generator has collapsed: how many of its melodies differ, how much, and how alike they are to real ones.

use std::collections::{BTreeMap, BTreeSet};

use melody::metrics::{Histogram, mean_pairwise_distance};
use melody::{Pitch, Token};

/// Figures over some made melodies and as many or more real ones, all at home and of equal length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variety {
    /// Made melodies.
    pub made: usize,
    /// Different ones among them.
    pub different: usize,
    /// Mean distance of two made melodies ([`melody::metrics::distance`]), 0 to 1.
    pub distance: f64,
    /// The same of as many real ones.
    pub real_distance: f64,
    /// How much of the histogram of pitches is that of the real melodies, 0 to 1.
    pub pitches: f64,
    /// How much of the histogram of lengths is.
    pub lengths: f64,
    /// How much of the histogram of pitches with those that follow them is.
    pub pairs: f64,
    /// The same of the real melodies of which distances are taken, to compare with.
    pub real_pairs: f64,
}

impl Variety {
    /// Measures `made` melodies against `real` ones. Distances of real ones are taken between as many different ones as
    /// are made, picked at equal steps in order of their tokens; histograms are of all.
    pub fn of(made: &[Vec<Token>], real: &[Vec<Token>]) -> Variety {
        let different: BTreeSet<&Vec<Token>> = real.iter().collect();
        let step = different.len().div_ceil(made.len().max(1)).max(1);
        let picked: Vec<Vec<Token>> = different.into_iter().step_by(step).cloned().collect();
        let tokens = |melodies: &'_ [Vec<Token>]| melodies.concat();
        let (of_made, of_real) = (tokens(made), tokens(real));
        let overlap = |melodies: &[Vec<Token>]| pairs(melodies).overlap(&pairs(real));
        Variety {
            made: made.len(),
            different: made.iter().collect::<BTreeSet<_>>().len(),
            distance: mean_pairwise_distance(made),
            real_distance: mean_pairwise_distance(&picked),
            pitches: Histogram::of_pitches(&of_made).overlap(&Histogram::of_pitches(&of_real)),
            lengths: Histogram::of_lengths(&of_made).overlap(&Histogram::of_lengths(&of_real)),
            pairs: overlap(made),
            real_pairs: overlap(&picked),
        }
    }

    /// The made melodies' mean distance as a share of the real ones'.
    pub fn distance_share(&self) -> f64 {
        if self.real_distance == 0.0 { 0.0 } else { self.distance / self.real_distance }
    }

    /// Whether the generator has not collapsed: of 100 melodies at least 95 differ, they are at least 0.8 times as far
    /// from one another as real ones, and both histograms overlap by at least 0.8.
    pub fn holds(&self) -> bool {
        self.different * 100 >= self.made * 95
            && self.distance_share() >= 0.8
            && self.pitches >= 0.8
            && self.lengths >= 0.8
    }

    /// The figures by name, for a card.
    pub fn metrics(&self, when: &str) -> BTreeMap<String, f64> {
        let figures = [
            ("different_of_100", self.different as f64 * 100.0 / self.made.max(1) as f64),
            ("distance", self.distance),
            ("distance_of_real", self.real_distance),
            ("distance_share_of_real", self.distance_share()),
            ("pitch_overlap", self.pitches),
            ("length_overlap", self.lengths),
            ("pitch_pair_overlap", self.pairs),
            ("pitch_pair_overlap_of_real", self.real_pairs),
        ];
        figures.into_iter().map(|(name, figure)| (format!("{when}{name}"), figure)).collect()
    }
}

/// Pitches, or rests, with those that follow them.
fn pairs(melodies: &[Vec<Token>]) -> Histogram<(Option<Pitch>, Option<Pitch>)> {
    let in_one = |melody: &Vec<Token>| -> Vec<(Option<Pitch>, Option<Pitch>)> {
        melody.windows(2).map(|pair| (pair[0].pitch, pair[1].pitch)).collect()
    };
    melodies.iter().flat_map(in_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Token> {
        text.split(' ').map(|token| token.parse().unwrap()).collect()
    }

    fn real() -> Vec<Vec<Token>> {
        ["C4:1.0 D4:0.5 E4:1.0", "E4:1.0 D4:0.5 C4:1.0", "G4:0.5 C4:1.0 C4:1.0"].map(read).to_vec()
    }

    #[test]
    fn real_melodies_pass_and_one_melody_again_and_again_does_not() {
        let same = Variety::of(&real(), &real());
        assert_eq!((same.different, same.pitches, same.lengths), (3, 1.0, 1.0));
        assert!((same.distance_share() - 1.0).abs() < 1e-12);
        assert!(same.holds());
        let collapsed = Variety::of(&vec![read("C4:1.0 C4:1.0 C4:1.0"); 3], &real());
        assert_eq!((collapsed.different, collapsed.distance), (1, 0.0));
        assert!(!collapsed.holds());
    }

    #[test]
    fn foreign_pitches_or_lengths_fail_even_where_all_differ() {
        let long = Variety::of(&["C4:4.0 D4:4.0 E4:4.0", "G4:4.0 C4:4.0 D4:4.0"].map(read), &real());
        assert_eq!((long.different, long.lengths), (2, 0.0));
        assert!(!long.holds());
        let high = Variety::of(&["C6:1.0 D6:0.5 E6:1.0", "G6:1.0 C6:0.5 D6:1.0"].map(read), &real());
        assert_eq!(high.pitches, 0.0);
        assert!(!high.holds());
    }
}
