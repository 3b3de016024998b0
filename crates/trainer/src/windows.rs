//! Cutting lines of tokens into windows of so many tokens in and so many out.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

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

/// Every window of `inputs + targets` tokens in a set of lines.
#[derive(Debug, Clone)]
pub struct Windows<'a> {
    lines: Vec<&'a [u32]>,
    inputs: usize,
    targets: usize,
    /// Line and place of each window's first token.
    starts: Vec<(u32, u32)>,
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
        Windows { lines, inputs, targets, starts }
    }

    /// The same windows in the order that this seed and epoch give.
    pub fn shuffled(&self, seed: u64, epoch: u64) -> Windows<'a> {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        dice.set_stream(epoch);
        let mut starts = self.starts.clone();
        for end in (1..starts.len()).rev() {
            starts.swap(end, (dice.next_u64() % (end as u64 + 1)) as usize);
        }
        Windows { starts, lines: self.lines.clone(), ..*self }
    }

    /// How many windows there are.
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

    fn batch(&self, starts: &[(u32, u32)]) -> Batch {
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
}
