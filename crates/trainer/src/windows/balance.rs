//! Drawing from several sources so that each counts by its weight, however much it holds.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// How much of each source an epoch holds.
///
/// An epoch is as long as lets the middle source, by items per weight, be seen just once: those with less for their
/// weight repeat, those with more are drawn from, and what one epoch leaves out comes in the next before anything repeats.
///
/// ```
/// use trainer::windows::balance::Balance;
/// let balance = Balance::new(&[(1000, 1.0), (200, 1.0), (50, 0.5)]);
/// let drawn = balance.draw(7, 0);
/// let share = |source| drawn.iter().filter(|(from, _)| *from == source).count();
/// assert_eq!([share(0), share(1), share(2)], [200, 200, 100]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Items that there are and items that an epoch has, by source.
    pools: Vec<(usize, usize)>,
}

impl Balance {
    /// Sources with their numbers of items and their weights; one without items or weight is left out.
    pub fn new(sources: &[(usize, f64)]) -> Balance {
        let known = |(items, weight): &(usize, f64)| *items > 0 && *weight > 0.0;
        let per_weight = |(items, weight): &(usize, f64)| *items as f64 / weight;
        let mut lengths: Vec<f64> = sources.iter().filter(|source| known(source)).map(per_weight).collect();
        lengths.sort_by(f64::total_cmp);
        let middle = lengths.get(lengths.len().saturating_sub(1) / 2).copied().unwrap_or_default();
        let pool = |source: &(usize, f64)| {
            let quota = if known(source) { ((middle * source.1).round() as usize).max(1) } else { 0 };
            (source.0, quota)
        };
        Balance { pools: sources.iter().map(pool).collect() }
    }

    /// How many items an epoch has.
    pub fn len(&self) -> usize {
        self.pools.iter().map(|(_, quota)| quota).sum()
    }

    /// Whether an epoch has no items at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The items of an epoch as `(source, item)`, source by source; the same for the same seed and epoch.
    pub fn draw(&self, seed: u64, epoch: u64) -> Vec<(usize, usize)> {
        let mut drawn = Vec::with_capacity(self.len());
        for (source, (items, quota)) in self.pools.iter().enumerate().filter(|(_, (_, quota))| *quota > 0) {
            // Each source is an endless row of its items in one random order after another; epochs cut it.
            let (mut place, mut left) = (epoch * *quota as u64, *quota);
            while left > 0 {
                let (round, from) = (place / *items as u64, (place % *items as u64) as usize);
                let taken = left.min(items - from);
                let order = order(*items, seed, source as u64, round);
                drawn.extend(order[from..from + taken].iter().map(|item| (source, *item)));
                place += taken as u64;
                left -= taken;
            }
        }
        drawn
    }
}

/// The order of a source's items in one round.
fn order(items: usize, seed: u64, source: u64, round: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items).collect();
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    // Apart from the streams that shuffle whole epochs, which are numbered from zero.
    dice.set_stream(1 << 63 | source << 40 | round);
    shuffle(&mut order, &mut dice);
    order
}

/// Fisher and Yates's shuffle.
pub(crate) fn shuffle<T>(items: &mut [T], dice: &mut ChaCha8Rng) {
    for end in (1..items.len()).rev() {
        items.swap(end, (dice.next_u64() % (end as u64 + 1)) as usize);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_an_epoch_leaves_out_comes_before_anything_repeats() {
        let balance = Balance::new(&[(30, 1.0), (10, 1.0), (4, 1.0)]);
        assert_eq!(balance.len(), 30);
        let of_first = |epoch| balance.draw(1, epoch).into_iter().filter(|(source, _)| *source == 0);
        let seen: BTreeSet<_> = (0..3).flat_map(of_first).collect();
        assert_eq!(seen.len(), 30, "three epochs of ten walk all thirty");
        let of_last = |item| balance.draw(1, 0).iter().filter(|drawn| **drawn == (2, item)).count();
        assert_eq!((0..4).map(of_last).sum::<usize>(), 10);
        assert!((0..4).all(|item| (2..=3).contains(&of_last(item))), "a small source repeats evenly");
    }

    #[test]
    fn a_draw_depends_on_seed_and_epoch_alone() {
        let balance = Balance::new(&[(100, 2.0), (20, 1.0), (10, 1.0)]);
        assert_eq!(balance.draw(1, 3), balance.draw(1, 3));
        assert_ne!(balance.draw(1, 3), balance.draw(1, 4));
        assert_ne!(balance.draw(1, 3), balance.draw(2, 3));
    }

    #[test]
    fn what_holds_nothing_or_weighs_nothing_is_left_out() {
        let balance = Balance::new(&[(0, 1.0), (10, 0.0), (5, 1.0)]);
        assert_eq!((balance.len(), balance.is_empty()), (5, false));
        assert!(balance.draw(1, 0).iter().all(|(source, _)| *source == 2));
        assert!(Balance::new(&[]).draw(1, 0).is_empty());
    }
}
