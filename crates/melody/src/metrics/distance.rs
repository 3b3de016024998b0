//! How far two melodies are from one another: the share of notes that must be changed.

use crate::Token;

/// The normalised edit distance of two melodies at home ([`crate::Home`]), 0 for the same and 1 where nothing can stay.
///
/// Counted are the fewest notes and rests to insert, delete or replace until pitches and lengths agree
/// (Levenshtein), divided by the longer melody's count. Two empty melodies are the same.
///
/// ```
/// use melody::{Token, metrics::distance};
/// let read = |text: &str| text.split(' ').map(|token| token.parse().unwrap()).collect::<Vec<Token>>();
/// assert_eq!(distance(&read("C4:1.0 D4:1.0 E4:1.0 C4:1.0"), &read("D4:1.0 E4:1.0 C4:0.5")), 0.5);
/// ```
pub fn distance(left: &[Token], right: &[Token]) -> f64 {
    let longer = left.len().max(right.len());
    if longer == 0 { 0.0 } else { edits(left, right) as f64 / longer as f64 }
}

/// The mean [`distance`] over all pairs of different places in `melodies`; 0 where there is no pair.
pub fn mean_pairwise_distance(melodies: &[Vec<Token>]) -> f64 {
    let (mut sum, mut pairs) = (0.0, 0_u32);
    for (place, left) in melodies.iter().enumerate() {
        for right in &melodies[place + 1..] {
            sum += distance(left, right);
            pairs += 1;
        }
    }
    if pairs == 0 { 0.0 } else { sum / f64::from(pairs) }
}

/// The fewest insertions, deletions and replacements (Wagner and Fischer, 1974), one row kept at a time.
fn edits(left: &[Token], right: &[Token]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (place, token) in left.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = place + 1;
        for (other_place, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(token != other);
            diagonal = row[other_place + 1];
            row[other_place + 1] = replaced.min(diagonal + 1).min(row[other_place] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Token> {
        text.split_whitespace().map(|token| token.parse().unwrap()).collect()
    }

    #[test]
    fn a_melody_is_nought_from_itself_and_one_from_a_stranger() {
        let tune = read("C4:1.0 C4:1.0 G4:1.0 R:0.5");
        assert_eq!(distance(&tune, &tune), 0.0);
        assert_eq!(distance(&tune, &read("C4:0.5 D4:1.0 G3:1.0 R:1.0")), 1.0);
        assert_eq!(distance(&tune, &[]), 1.0);
        assert_eq!(distance(&[], &[]), 0.0);
    }

    #[test]
    fn a_shift_costs_its_edges_only_and_both_ways_cost_the_same() {
        let (tune, later) = (read("C4:1.0 D4:1.0 E4:1.0 F4:1.0"), read("G4:1.0 C4:1.0 D4:1.0 E4:1.0"));
        assert_eq!(distance(&tune, &later), 0.5);
        assert_eq!(distance(&later, &tune), 0.5);
        assert_eq!(distance(&tune, &tune[1..]), 0.25);
    }

    #[test]
    fn the_mean_is_over_pairs() {
        let melodies = [read("C4:1.0"), read("C4:1.0"), read("D4:1.0")];
        assert!((mean_pairwise_distance(&melodies) - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(mean_pairwise_distance(&melodies[..1]), 0.0);
    }
}
