//! Drawing the next token from a network's scores: temperature, top-p, a seed.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// The dice of one candidate: the same seed throws the same numbers on every machine.
#[derive(Debug, Clone)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice that this seed gives.
    pub fn new(seed: u64) -> Dice {
        Dice(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number from 0 up to, not including, 1.
    pub fn throw(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number from the standard normal distribution (Box and Muller, 1958).
    pub fn normal(&mut self) -> f32 {
        // One minus the throw is never zero, so that its logarithm is finite.
        let radius = (-2.0 * (1.0 - self.throw()).ln()).sqrt();
        (radius * (std::f64::consts::TAU * self.throw()).cos()) as f32
    }

    /// A whole number from 0 up to, not including, `sides`; 0 where there are no sides.
    pub fn pick(&mut self, sides: usize) -> usize {
        (self.throw() * sides as f64) as usize
    }
}

/// A score that lies so many nats below the highest has no weight: it would be lost in the sum of a thousand others, and
/// numbers this small are a hundred times as slow to calculate with.
const LOST: f32 = -30.0;

/// The weight of a score that lies this far below the highest, 0 to 1.
fn weight(below: f32) -> f32 {
    if below < LOST { 0.0 } else { below.exp() }
}

/// The probability that scores (logits) give to one of them; where all are minus infinity, all are equal.
pub fn probability(scores: &[f32], index: usize) -> f32 {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if highest == f32::NEG_INFINITY {
        return 1.0 / scores.len().max(1) as f32;
    }
    let sum: f32 = scores.iter().map(|score| weight(score - highest)).sum();
    weight(scores[index] - highest) / sum
}

/// Turns scores (logits) into probabilities in place. A score of minus infinity becomes zero; where all are, all
/// become equal.
pub fn softmax(scores: &mut [f32]) {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if highest == f32::NEG_INFINITY {
        let equal = 1.0 / scores.len().max(1) as f32;
        scores.fill(equal);
        return;
    }
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = weight(*score - highest);
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}

/// Draws an index by its score: scores are divided by the temperature (0 takes the highest), then only the likeliest
/// that together reach `top_p` stay in.
///
/// `order` is working space that keeps its memory from draw to draw.
pub fn draw(
    scores: &[f32],
    temperature: f32,
    top_p: f32,
    dice: &mut Dice,
    order: &mut Vec<(f32, usize)>,
) -> usize {
    let throw = dice.throw();
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if temperature <= 0.0 || highest == f32::NEG_INFINITY {
        return scores.iter().position(|score| *score == highest).unwrap_or(0);
    }
    order.clear();
    let weigh = |(index, score): (usize, &f32)| (weight((score - highest) / temperature), index);
    order.extend(scores.iter().enumerate().map(weigh).filter(|(weight, _)| *weight > 0.0));
    let sum: f64 = order.iter().map(|(weight, _)| f64::from(*weight)).sum();
    let kept = likeliest(order, f64::from(top_p) * sum);
    let total: f64 = order[..kept].iter().map(|(weight, _)| f64::from(*weight)).sum();
    let mut left = throw * total;
    for (weight, index) in &order[..kept] {
        left -= f64::from(*weight);
        if left < 0.0 {
            return *index;
        }
    }
    order[kept - 1].1
}

/// Brings the fewest of the heaviest entries whose weights reach `mass` to the front, sorted, and counts them. Sorts
/// only as much as it must: a handful of notes carries nearly all the weight.
fn likeliest(order: &mut [(f32, usize)], mass: f64) -> usize {
    const FIRST_LOOK: usize = 16;
    let heavier = |a: &(f32, usize), b: &(f32, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    let mut sorted = 0;
    let mut reached = 0.0;
    while sorted < order.len() {
        let look = if sorted == 0 { FIRST_LOOK } else { sorted * 4 }.min(order.len());
        let rest = &mut order[sorted..];
        let wanted = look - sorted;
        if wanted < rest.len() {
            rest.select_nth_unstable_by(wanted - 1, heavier);
        }
        rest[..wanted].sort_unstable_by(heavier);
        for (index, (weight, _)) in order.iter().enumerate().take(look).skip(sorted) {
            reached += f64::from(*weight);
            if reached >= mass {
                return index + 1;
            }
        }
        sorted = look;
    }
    order.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(scores: &[f32], temperature: f32, top_p: f32) -> Vec<f64> {
        const DRAWS: usize = 20_000;
        let (mut dice, mut order) = (Dice::new(3), Vec::new());
        let mut counts = vec![0_usize; scores.len()];
        for _ in 0..DRAWS {
            counts[draw(scores, temperature, top_p, &mut dice, &mut order)] += 1;
        }
        counts.iter().map(|count| *count as f64 / DRAWS as f64).collect()
    }

    #[test]
    fn draws_follow_the_softmax() {
        let scores = [0.0, 1.0, 2.0, f32::NEG_INFINITY];
        let mut expected = scores;
        softmax(&mut expected);
        for (share, expected) in shares(&scores, 1.0, 1.0).iter().zip(expected) {
            assert!((share - f64::from(expected)).abs() < 0.015);
        }
    }

    #[test]
    fn the_probability_of_one_is_its_part_of_the_softmax() {
        let scores = [0.0, 1.0, -200.0, f32::NEG_INFINITY];
        let mut all = scores;
        softmax(&mut all);
        for (index, expected) in all.into_iter().enumerate() {
            assert!((probability(&scores, index) - expected).abs() < 1e-6);
        }
        assert_eq!(probability(&[f32::NEG_INFINITY; 4], 2), 0.25);
    }

    #[test]
    fn temperature_zero_takes_the_highest_and_a_high_one_flattens() {
        let scores = [0.0, 3.0, 1.0];
        assert_eq!(shares(&scores, 0.0, 1.0), [0.0, 1.0, 0.0]);
        assert!(shares(&scores, 2.0, 1.0)[0] > shares(&scores, 1.0, 1.0)[0]);
    }

    #[test]
    fn top_p_keeps_the_fewest_that_reach_it() {
        let scores: Vec<f32> = [0.5_f32, 0.3, 0.15, 0.05].iter().map(|p| p.ln()).collect();
        let shares = shares(&scores, 1.0, 0.75);
        assert_eq!(&shares[2..], [0.0, 0.0]);
        assert!((shares[0] - 0.625).abs() < 0.015);
    }

    #[test]
    fn partial_selection_agrees_with_a_full_sort() {
        let mut dice = Dice::new(1);
        for round in 0..200 {
            let weights: Vec<(f32, usize)> =
                (0..300).map(|i| ((dice.throw() as f32).powi(round % 9), i)).collect();
            let mass = dice.throw() * weights.iter().map(|(w, _)| f64::from(*w)).sum::<f64>();
            let mut sorted = weights.clone();
            sorted.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let mut reached = 0.0;
            let expected = sorted.iter().position(|(w, _)| {
                reached += f64::from(*w);
                reached >= mass
            });
            let mut order = weights;
            let kept = likeliest(&mut order, mass);
            assert_eq!(kept, expected.map_or(300, |place| place + 1));
            assert_eq!(order[..kept], sorted[..kept]);
        }
    }

    #[test]
    fn a_seed_throws_the_same_numbers_for_ever() {
        let mut dice = Dice::new(7);
        let throws: Vec<u64> = (0..3).map(|_| (dice.throw() * 1e6) as u64).collect();
        let mut again = Dice::new(7);
        assert_eq!(throws, (0..3).map(|_| (again.throw() * 1e6) as u64).collect::<Vec<_>>());
        assert_ne!(throws[0], (Dice::new(8).throw() * 1e6) as u64);
        assert_eq!(Dice::new(1).pick(0), 0);
    }
}
