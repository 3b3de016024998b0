//! Cutting lines of tokens into windows of so many tokens in and so many out.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

use crate::corpus::Source;
use crate::dataset::Line;
use balance::Balance;

pub mod balance;

/// A batch of windows, row after row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Rows.
    pub size: usize,
    /// Token ids that go in: `size` rows of the window's inputs.
    pub inputs: Vec<i32>,
    /// Token ids that are to come out: `size` rows of the window's targets.
    pub targets: Vec<i32>,
}

/// Line and place of a window's first token.
type Start = (u32, u32);

/// Windows of `inputs + targets` tokens in a set of lines: every one, or as many of each source as its weight asks for.
#[derive(Debug, Clone)]
pub struct Windows<'a> {
    lines: Vec<&'a [u32]>,
    inputs: usize,
    targets: usize,
    starts: Vec<Start>,
    /// All windows by source, with how many of each an epoch has; nothing where it has them all.
    pools: Option<(Vec<Vec<Start>>, Balance)>,
}

impl<'a> Windows<'a> {
    /// All windows of these lines that start `stride` tokens apart.
    pub fn of<L: AsRef<[u32]>>(lines: &'a [L], inputs: usize, targets: usize, stride: usize) -> Windows<'a> {
        let lines: Vec<&[u32]> = lines.iter().map(AsRef::as_ref).collect();
        let starts_in = |(index, line): (usize, &&[u32])| {
            let last = (line.len() + 1).saturating_sub(inputs + targets);
            (0..last).step_by(stride.max(1)).map(move |start| (index as u32, start as u32))
        };
        let starts = lines.iter().enumerate().flat_map(starts_in).collect();
        Windows { lines, inputs, targets, starts, pools: None }
    }

    /// Windows that start `stride` tokens apart, of each source as many as [`Balance`] gives to its weight: a small
    /// source repeats and a large one is drawn from, anew in each epoch of [`Windows::shuffled`]. A source without a
    /// weight is left out.
    pub fn weighted(
        lines: &'a [Line],
        inputs: usize,
        targets: usize,
        stride: usize,
        weights: &BTreeMap<Source, f64>,
    ) -> Windows<'a> {
        let all = Windows::of(lines, inputs, targets, stride);
        let mut pools: BTreeMap<Source, Vec<Start>> = BTreeMap::new();
        for start in &all.starts {
            pools.entry(lines[start.0 as usize].source).or_default().push(*start);
        }
        let weight = |source: &Source| weights.get(source).copied().unwrap_or_default();
        let sizes: Vec<(usize, f64)> =
            pools.iter().map(|(source, starts)| (starts.len(), weight(source))).collect();
        let pools = (pools.into_values().collect(), Balance::new(&sizes));
        Windows { starts: drawn(&pools, 0, 0), pools: Some(pools), ..all }
    }

    /// The windows of this epoch in the order that this seed gives.
    pub fn shuffled(&self, seed: u64, epoch: u64) -> Windows<'a> {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        dice.set_stream(epoch);
        let mut starts = match &self.pools {
            Some(pools) => drawn(pools, seed, epoch),
            None => self.starts.clone(),
        };
        balance::shuffle(&mut starts, &mut dice);
        Windows { starts, pools: None, lines: self.lines.clone(), ..*self }
    }

    /// How many windows there are in an epoch.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The batches of `size` windows from the `from`-th batch on; the last may be smaller.
    pub fn batches(&self, size: usize, from: usize) -> impl Iterator<Item = Batch> + '_ {
        self.starts.chunks(size.max(1)).skip(from).map(|starts| self.batch(starts))
    }

    fn batch(&self, starts: &[Start]) -> Batch {
        let mut batch = Batch { size: starts.len(), inputs: Vec::new(), targets: Vec::new() };
        for (line, start) in starts {
            let window = &self.lines[*line as usize][*start as usize..][..self.inputs + self.targets];
            let (inputs, targets) = window.split_at(self.inputs);
            batch.inputs.extend(inputs.iter().map(|id| *id as i32));
            batch.targets.extend(targets.iter().map(|id| *id as i32));
        }
        batch
    }
}

fn drawn((pools, balance): &(Vec<Vec<Start>>, Balance), seed: u64, epoch: u64) -> Vec<Start> {
    balance.draw(seed, epoch).into_iter().map(|(source, item)| pools[source][item]).collect()
}

impl Batch {
    /// This batch as up to `parts` smaller ones of near equal size.
    pub fn split(&self, parts: usize) -> Vec<Batch> {
        let rows = self.size.div_ceil(parts.max(1)).max(1);
        let (width_in, width_out) =
            (self.inputs.len() / self.size.max(1), self.targets.len() / self.size.max(1));
        let inputs = self.inputs.chunks(rows * width_in.max(1));
        let targets = self.targets.chunks(rows * width_out.max(1));
        let part = |(inputs, targets): (&[i32], &[i32])| Batch {
            size: targets.len() / width_out.max(1),
            inputs: inputs.to_vec(),
            targets: targets.to_vec(),
        };
        inputs.zip(targets).map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_walk_each_line_and_never_cross_into_the_next() {
        let lines = vec![vec![0, 1, 2, 3, 4], vec![5, 6], vec![7, 8, 9, 10]];
        let windows = Windows::of(&lines, 2, 2, 1);
        let batch = windows.batches(8, 0).next().unwrap();
        assert_eq!(batch.inputs, [0, 1, 1, 2, 7, 8]);
        assert_eq!(batch.targets, [2, 3, 3, 4, 9, 10]);
        assert_eq!(windows.len(), 3);
    }

    #[test]
    fn shuffling_repeats_with_the_seed_and_changes_with_the_epoch() {
        let lines = vec![(0..100).collect::<Vec<u32>>()];
        let windows = Windows::of(&lines, 1, 1, 1);
        let order = |seed, epoch| windows.shuffled(seed, epoch).batches(100, 0).next().unwrap().inputs;
        assert_eq!(order(1, 0), order(1, 0));
        assert_ne!(order(1, 0), order(1, 1));
        assert_ne!(order(1, 0), order(2, 0));
        let mut sorted = order(3, 4);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..99).collect::<Vec<i32>>());
    }

    #[test]
    fn a_batch_is_divided_without_loss() {
        let lines = vec![(0..12).collect::<Vec<u32>>()];
        let whole = Windows::of(&lines, 2, 1, 1).batches(5, 0).next().unwrap();
        let parts = whole.split(2);
        assert_eq!(parts.iter().map(|part| part.size).collect::<Vec<_>>(), [3, 2]);
        assert_eq!(parts.iter().flat_map(|part| part.inputs.clone()).collect::<Vec<_>>(), whole.inputs);
        assert_eq!(parts.iter().flat_map(|part| part.targets.clone()).collect::<Vec<_>>(), whole.targets);
    }

    #[test]
    fn sources_count_by_their_weight_in_every_epoch() {
        let line = |source, from: u32, length: u32| Line { source, tokens: (from..from + length).collect() };
        let lines = [
            line(Source::Pop909, 0, 1000),
            line(Source::CreIrish, 1000, 200),
            line(Source::OpenEwld, 2000, 41),
            line(Source::Folder, 3000, 50),
        ];
        let weights =
            BTreeMap::from([(Source::Pop909, 1.0), (Source::CreIrish, 1.0), (Source::OpenEwld, 0.5)]);
        let windows = Windows::weighted(&lines, 1, 1, 1, &weights);
        let heard = |epoch| windows.shuffled(1, epoch).batches(10_000, 0).next().unwrap().inputs;
        let share =
            |inputs: &[i32], from| inputs.iter().filter(|token| (from..from + 1000).contains(*token)).count();
        for epoch in 0..3 {
            let inputs = heard(epoch);
            assert_eq!(inputs.len(), windows.len());
            assert_eq!([0, 1000, 2000, 3000].map(|from| share(&inputs, from)), [199, 199, 100, 0]);
        }
        assert_eq!(heard(2), heard(2));
        assert_ne!(heard(0), heard(1));
    }
}
