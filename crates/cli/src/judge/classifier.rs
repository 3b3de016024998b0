//! A two-sample test: how well a forest and a logistic regression tell two sets of figures apart, cross-validated.

use anyhow::{Result, anyhow};
use generator::sampling::Dice;
use serde::Serialize;
use smartcore::ensemble::random_forest_regressor::{RandomForestRegressor, RandomForestRegressorParameters};
use smartcore::error::Failed;
use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linear::logistic_regression::{LogisticRegression, LogisticRegressionParameters};

/// Parts of the data, each of which is asked about when the others were learnt from.
const FOLDS: usize = 10;
/// Trees of a forest, and the fewest samples of a leaf.
const FOREST: (usize, usize) = (200, 2);
/// How much the squares of the linear weights cost.
const RIDGE: f64 = 3.0;

/// The figures of one melody.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Samples of one group stay in one fold.
    pub group: usize,
    /// The figures, in the same order for all.
    pub figures: Vec<f64>,
}

/// How well two sets were told apart: the area under the curve of right against wrong alarms (AUC), 0.5 for not at all.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Auc {
    /// By a forest of trees.
    pub forest: f64,
    /// By a logistic regression.
    pub linear: f64,
    /// The larger of both.
    pub harsher: f64,
}

/// What each classifier thinks of each sample when it has not seen it: real's, then made's; more is likelier made.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinions {
    forest: [Vec<f64>; 2],
    linear: [Vec<f64>; 2],
}

impl Opinions {
    /// Learns to tell two sets of samples apart, fold by fold.
    ///
    /// # Errors
    /// A set has no samples, or one group alone.
    pub fn of(real: &[Sample], made: &[Sample], seed: u64) -> Result<Opinions> {
        let all: Vec<(&Sample, f64)> =
            real.iter().map(|sample| (sample, 0.0)).chain(made.iter().map(|sample| (sample, 1.0))).collect();
        let folds = folds(&all, seed);
        let mut opinions = [vec![0.0; all.len()], vec![0.0; all.len()]];
        for fold in 0..FOLDS {
            let asked: Vec<usize> = (0..all.len()).filter(|place| folds[*place] == fold).collect();
            let learnt: Vec<usize> = (0..all.len()).filter(|place| folds[*place] != fold).collect();
            if asked.is_empty() {
                continue;
            }
            let rows = |places: &[usize]| -> Vec<Vec<f64>> {
                places.iter().map(|place| all[*place].0.figures.clone()).collect()
            };
            let labels: Vec<f64> = learnt.iter().map(|place| all[*place].1).collect();
            if labels.iter().all(|label| *label == labels[0]) {
                return Err(anyhow!("there are too few melodies to learn what tells them apart"));
            }
            let (mut learnt, mut asked_rows) = (rows(&learnt), rows(&asked));
            standardise(&mut learnt, &mut asked_rows);
            let told = |error: Failed| anyhow!("the classifier failed: {error}");
            let by_forest = forest(&learnt, &labels, &asked_rows, seed).map_err(told)?;
            let by_line = linear(&learnt, &labels, &asked_rows).map_err(told)?;
            for ((place, by_forest), by_line) in asked.iter().zip(by_forest).zip(by_line) {
                (opinions[0][*place], opinions[1][*place]) = (by_forest, by_line);
            }
        }
        let [mut forest, mut linear] = opinions;
        let (made_forest, made_linear) = (forest.split_off(real.len()), linear.split_off(real.len()));
        Ok(Opinions { forest: [forest, made_forest], linear: [linear, made_linear] })
    }

    /// The area under the curve of both classifiers, over those samples of each set that fit by their places.
    pub fn auc(&self, real: impl Fn(usize) -> bool, made: impl Fn(usize) -> bool) -> Auc {
        let of = |[left, right]: &[Vec<f64>; 2]| {
            let chosen = |opinions: &[f64], fits: &dyn Fn(usize) -> bool| -> Vec<f64> {
                opinions.iter().enumerate().filter(|(place, _)| fits(*place)).map(|(_, one)| *one).collect()
            };
            auc(&chosen(left, &real), &chosen(right, &made))
        };
        let (forest, linear) = (of(&self.forest), of(&self.linear));
        Auc { forest, linear, harsher: forest.max(linear) }
    }
}

/// The chance that a figure of `made` is larger than one of `real`, equal ones counting half (Mann and Whitney, 1947); 0.5
/// where one is empty.
pub fn auc(real: &[f64], made: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> =
        real.iter().map(|one| (*one, false)).chain(made.iter().map(|one| (*one, true))).collect();
    all.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (mut below, mut won) = (0.0, 0.0);
    for equal in all.chunk_by(|left, right| left.0 == right.0) {
        let made = equal.iter().filter(|(_, is_made)| *is_made).count() as f64;
        let real = equal.len() as f64 - made;
        won += made * (below + real / 2.0);
        below += real;
    }
    let pairs = real.len() as f64 * made.len() as f64;
    if pairs == 0.0 { 0.5 } else { won / pairs }
}

/// The fold of each sample: groups shuffled, then dealt out.
fn folds(all: &[(&Sample, f64)], seed: u64) -> Vec<usize> {
    let mut groups: Vec<usize> = all.iter().map(|(sample, _)| sample.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let mut dice = Dice::new(seed);
    for last in (1..groups.len()).rev() {
        groups.swap(last, dice.pick(last + 1));
    }
    let mut fold_of = std::collections::HashMap::new();
    for (place, group) in groups.into_iter().enumerate() {
        fold_of.insert(group, place % FOLDS);
    }
    all.iter().map(|(sample, _)| fold_of.get(&sample.group).copied().unwrap_or_default()).collect()
}

/// Brings each figure to mean 0 and deviation 1 by what was learnt from.
fn standardise(learnt: &mut [Vec<f64>], asked: &mut [Vec<f64>]) {
    let columns = learnt.first().map_or(0, Vec::len);
    for column in 0..columns {
        let count = learnt.len() as f64;
        let mean = learnt.iter().map(|row| row[column]).sum::<f64>() / count;
        let variance = learnt.iter().map(|row| (row[column] - mean).powi(2)).sum::<f64>() / count;
        let deviation = if variance > 1e-12 { variance.sqrt() } else { 1.0 };
        for row in learnt.iter_mut().chain(asked.iter_mut()) {
            row[column] = (row[column] - mean) / deviation;
        }
    }
}

fn forest(learnt: &[Vec<f64>], labels: &[f64], asked: &[Vec<f64>], seed: u64) -> Result<Vec<f64>, Failed> {
    let parameters = RandomForestRegressorParameters::default()
        .with_n_trees(FOREST.0)
        .with_min_samples_leaf(FOREST.1)
        .with_seed(seed);
    // The mean label of the leaves is the share of made samples in them; a classifier would tell the majority alone.
    let forest = RandomForestRegressor::fit(&matrix(learnt)?, &labels.to_vec(), parameters)?;
    forest.predict(&matrix(asked)?)
}

fn linear(learnt: &[Vec<f64>], labels: &[f64], asked: &[Vec<f64>]) -> Result<Vec<f64>, Failed> {
    let labels: Vec<u32> = labels.iter().map(|label| u32::from(*label > 0.5)).collect();
    let parameters = LogisticRegressionParameters::default().with_alpha(RIDGE);
    let line = LogisticRegression::fit(&matrix(learnt)?, &labels, parameters)?;
    let (weights, start) = (line.coefficients(), line.intercept());
    let lean = |row: &Vec<f64>| {
        let sum: f64 = row.iter().enumerate().map(|(place, figure)| figure * weights.get((0, place))).sum();
        sum + start.get((0, 0))
    };
    Ok(asked.iter().map(lean).collect())
}

fn matrix(rows: &[Vec<f64>]) -> Result<DenseMatrix<f64>, Failed> {
    DenseMatrix::from_2d_vec(&rows.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(count: usize, seed: u64, shift: f64) -> Vec<Sample> {
        let mut dice = Dice::new(seed);
        let mut figures = || (0..6).map(|_| f64::from(dice.normal()) + shift).collect();
        (0..count).map(|group| Sample { group, figures: figures() }).collect()
    }

    fn judged(real: &[Sample], made: &[Sample], seed: u64) -> Auc {
        Opinions::of(real, made, seed).unwrap().auc(|_| true, |_| true)
    }

    #[test]
    fn the_area_is_the_share_of_pairs_in_order() {
        // 1 and 3 against 2 and 3: won, won (3 > 1), lost, half.
        assert_eq!(auc(&[1.0, 3.0], &[2.0, 3.0]), 2.5 / 4.0);
        assert_eq!(auc(&[0.0], &[1.0]), 1.0);
        assert_eq!(auc(&[], &[1.0]), 0.5);
    }

    #[test]
    fn two_samples_of_one_distribution_cannot_be_told_apart() {
        let found = judged(&samples(150, 1, 0.0), &samples(150, 2, 0.0), 1);
        assert!((found.forest - 0.5).abs() < 0.1 && (found.linear - 0.5).abs() < 0.1, "{found:?}");
    }

    #[test]
    fn two_distributions_are_told_apart() {
        let found = judged(&samples(60, 1, 0.0), &samples(60, 2, 2.0), 1);
        assert!(found.forest > 0.98 && found.linear > 0.98, "{found:?}");
    }

    #[test]
    fn a_forest_sees_what_no_line_does() {
        // Real on two opposite corners, made on the others.
        let corner = |number: usize, made: bool| {
            let (left, right) = (number.is_multiple_of(2), number.is_multiple_of(2) != made);
            let at = |side: bool, wobble: usize| f64::from(u8::from(side)) + wobble as f64 / 100.0;
            Sample { group: number, figures: vec![at(left, number % 7), at(right, number % 5)] }
        };
        let real: Vec<Sample> = (0..80).map(|number| corner(number, false)).collect();
        let made: Vec<Sample> = (0..80).map(|number| corner(number, true)).collect();
        let found = judged(&real, &made, 1);
        assert!(found.forest > 0.95 && found.linear < 0.7, "{found:?}");
        assert_eq!(found.harsher, found.forest);
    }

    #[test]
    fn a_seed_gives_the_same_figures_again() {
        let (real, made) = (samples(40, 1, 0.0), samples(40, 2, 0.5));
        assert_eq!(judged(&real, &made, 3), judged(&real, &made, 3));
    }

    #[test]
    fn too_few_are_refused() {
        let one = samples(1, 1, 0.0);
        assert!(Opinions::of(&one, &one, 1).is_err());
    }
}
