//! A mean with its confidence interval.

use serde::Serialize;

/// The 97.5 % quantiles of Student's t for 1 to 30 degrees of freedom.
const QUANTILES: [f64; 30] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
];
/// The normal distribution's 97.5 % quantile.
const NORMAL: f64 = 1.959_964;

/// A mean of several listeners' means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    pub mean: f64,
    /// Half the width of the 95 % confidence interval by Student's t; missing for one listener alone.
    pub half_width: Option<f64>,
}

impl Estimate {
    /// The estimate from one figure for each listener; `None` without any. One listener's answers hang together, so
    /// that the interval counts listeners and not answers.
    pub fn of(figures: &[f64]) -> Option<Estimate> {
        let count = figures.len() as f64;
        let mean = melody::metrics::means::mean(figures)?;
        let squares: f64 = figures.iter().map(|figure| (figure - mean).powi(2)).sum();
        let half_width = (figures.len() > 1)
            .then(|| quantile(figures.len() - 1) * (squares / (count - 1.0) / count).sqrt());
        Some(Estimate { mean, half_width })
    }
}

/// The 97.5 % quantile of Student's t; beyond the table by the first terms of Cornish and Fisher's expansion, which
/// there are right to three places.
fn quantile(freedom: usize) -> f64 {
    let expanded = || NORMAL + (NORMAL.powi(3) + NORMAL) / (4.0 * freedom as f64);
    QUANTILES.get(freedom - 1).copied().unwrap_or_else(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_worked_out_by_hand() {
        // Mean 3, variance (4 + 1 + 0 + 1 + 4) / 4 = 2.5, standard error sqrt(0.5), t of 4 degrees 2.776.
        let estimate = Estimate::of(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        assert_eq!(estimate.mean, 3.0);
        assert!((estimate.half_width.unwrap() - 2.776 * 0.5_f64.sqrt()).abs() < 1e-9);
        assert_eq!(Estimate::of(&[4.0]), Some(Estimate { mean: 4.0, half_width: None }));
        assert_eq!(Estimate::of(&[]), None);
    }

    #[test]
    fn beyond_the_table_the_quantiles_go_on_to_the_normal_one() {
        // From printed tables.
        for (freedom, printed) in [(30, 2.042), (40, 2.021), (60, 2.000), (120, 1.980), (100_000, 1.960)] {
            assert!((quantile(freedom) - printed).abs() < 2e-3, "{freedom}: {}", quantile(freedom));
        }
    }
}
