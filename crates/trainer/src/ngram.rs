//! N-gram models with Witten-Bell smoothing: the baseline that a network has to beat to earn its place.

use std::collections::HashMap;

/// Counts of what followed each context of up to `order` tokens.
///
/// The probability of a token is the interpolated Witten-Bell estimate (Witten and Bell, 1991, method C): with `n`
/// tokens seen after a context, `t` of them distinct, the context's own counts weigh `n / (n + t)` and the next
/// shorter context the rest; the shortest falls back on all tokens alike.
#[derive(Debug, Clone)]
pub struct Ngram {
    order: usize,
    vocabulary: usize,
    followers: HashMap<Vec<u32>, Followers>,
}

#[derive(Debug, Clone, Default)]
struct Followers {
    total: u64,
    counts: HashMap<u32, u64>,
}

impl Ngram {
    /// Counts all lines; tokens are ids below `vocabulary`, and `order` is how many tokens back the model looks.
    pub fn count<L: AsRef<[u32]>>(lines: &[L], order: usize, vocabulary: usize) -> Ngram {
        let mut followers: HashMap<Vec<u32>, Followers> = HashMap::new();
        for line in lines.iter().map(AsRef::as_ref) {
            for (place, token) in line.iter().enumerate() {
                for back in 0..=order.min(place) {
                    let entry = followers.entry(line[place - back..place].to_vec()).or_default();
                    entry.total += 1;
                    *entry.counts.entry(*token).or_default() += 1;
                }
            }
        }
        Ngram { order, vocabulary, followers }
    }

    /// The probability of a token after what came before it.
    pub fn probability(&self, before: &[u32], token: u32) -> f64 {
        let mut probability = 1.0 / self.vocabulary as f64;
        for back in 0..=self.order.min(before.len()) {
            let Some(seen) = self.followers.get(&before[before.len() - back..]) else { break };
            let distinct = seen.counts.len() as f64;
            let count = seen.counts.get(&token).copied().unwrap_or(0) as f64;
            probability = (count + distinct * probability) / (seen.total as f64 + distinct);
        }
        probability
    }

    /// Mean surprise in nats a token over the tokens of each line from place `from` on.
    pub fn nats<L: AsRef<[u32]>>(&self, lines: &[L], from: usize) -> f64 {
        let (mut nats, mut tokens) = (0.0, 0_u64);
        for line in lines.iter().map(AsRef::as_ref) {
            for place in from..line.len() {
                nats -= self.probability(&line[..place], line[place]).ln();
                tokens += 1;
            }
        }
        nats / tokens.max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_sum_to_one_after_any_context() {
        let lines = vec![vec![0, 1, 2, 0, 1, 3], vec![2, 2, 1]];
        for order in 0..4 {
            let model = Ngram::count(&lines, order, 5);
            for before in [&[][..], &[0], &[0, 1], &[4, 4], &[2, 0, 1]] {
                let sum: f64 = (0..5).map(|token| model.probability(before, token)).sum();
                assert!((sum - 1.0).abs() < 1e-12, "order {order} after {before:?}: {sum}");
            }
        }
    }

    #[test]
    fn looking_further_back_helps_where_the_past_decides() {
        let line: Vec<u32> = (0..400).map(|place| [0, 1, 0, 2][place % 4]).collect();
        let nats =
            |order| Ngram::count(std::slice::from_ref(&line), order, 3).nats(std::slice::from_ref(&line), 4);
        assert!(nats(0) > 0.9);
        assert!(nats(1) < nats(0) - 0.3);
        assert!(nats(2) < 0.05);
    }
}
