//! The overlapped area of two distributions of a figure: how alike two sets of pieces are in it.

/// Places at which the densities are compared.
const PLACES: usize = 400;
/// How far beyond the outermost figures the densities are followed, in bandwidths.
const BEYOND: f64 = 4.0;
/// The least bandwidth as a share of the whole range, so that equal figures have a density too.
const LEAST: f64 = 0.005;

/// The area under both of two densities, each estimated from its figures by Gaussian kernels with Scott's bandwidth
/// (1992), 0 to 1: the overlapped area of Yang and Lerch, "On the evaluation of generative models in music" (2020).
/// `None` where a set is empty.
pub fn overlapped(left: &[f64], right: &[f64]) -> Option<f64> {
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let all = || left.iter().chain(right).copied();
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    if high <= low {
        return Some(1.0);
    }
    let (narrow, wide) = ((high - low) * LEAST, [bandwidth(left), bandwidth(right)]);
    let widths = wide.map(|width| width.max(narrow));
    let beyond = BEYOND * widths[0].max(widths[1]);
    let step = (high - low + 2.0 * beyond) / PLACES as f64;
    let at = |place: usize| {
        let x = low - beyond + (place as f64 + 0.5) * step;
        density(left, widths[0], x).min(density(right, widths[1], x))
    };
    Some(((0..PLACES).map(at).sum::<f64>() * step).min(1.0))
}

/// Scott's rule: the standard deviation over the fifth root of the count.
fn bandwidth(figures: &[f64]) -> f64 {
    let count = figures.len() as f64;
    let mean = figures.iter().sum::<f64>() / count;
    let variance = figures.iter().map(|figure| (figure - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    variance.sqrt() * count.powf(-0.2)
}

fn density(figures: &[f64], width: f64, x: f64) -> f64 {
    let kernel = |figure: &f64| (-0.5 * ((x - figure) / width).powi(2)).exp();
    figures.iter().map(kernel).sum::<f64>() / (figures.len() as f64 * width * std::f64::consts::TAU.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_figures_cover_one_another_and_far_ones_do_not() {
        let figures: Vec<f64> = (0..50).map(f64::from).collect();
        let far: Vec<f64> = figures.iter().map(|figure| figure + 1000.0).collect();
        assert!(overlapped(&figures, &figures).unwrap() > 0.99);
        assert!(overlapped(&figures, &far).unwrap() < 1e-3);
        assert_eq!(overlapped(&[2.0, 2.0], &[2.0]), Some(1.0));
        assert_eq!(overlapped(&[], &figures), None);
    }

    #[test]
    fn two_normal_distributions_one_deviation_apart_share_what_theory_says() {
        // Quantiles of the normal distribution by its logistic likeness are close enough: 2 Φ(-1/2) = 0.617.
        let quantile = |n: u32| {
            let share = (f64::from(n) + 0.5) / 500.0;
            (share / (1.0 - share)).ln() / 1.702
        };
        let left: Vec<f64> = (0..500).map(quantile).collect();
        let right: Vec<f64> = left.iter().map(|figure| figure + 1.0).collect();
        let shared = overlapped(&left, &right).unwrap();
        assert!((shared - 0.617).abs() < 0.04, "{shared}");
    }
}
