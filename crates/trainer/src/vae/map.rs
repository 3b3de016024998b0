//! The map of a bank: the plane on which its latents lie widest apart.

use generator::vae::{LATENT, Latent, Projection};

/// The two principal components of latents (Pearson, 1901), scaled alike so that all but the outermost in a hundred lie
/// within -1 to 1 along both.
pub fn projection(latents: &[Latent]) -> Projection {
    let count = latents.len().max(1) as f32;
    let mean: Latent = std::array::from_fn(|at| latents.iter().map(|latent| latent[at]).sum::<f32>() / count);
    let mut spread = [[0.0_f64; LATENT]; LATENT];
    for latent in latents {
        let away: [f64; LATENT] = std::array::from_fn(|at| f64::from(latent[at] - mean[at]));
        for (row, a) in spread.iter_mut().zip(away) {
            row.iter_mut().zip(away).for_each(|(cell, b)| *cell += a * b / f64::from(count));
        }
    }
    let first = widest(&spread);
    let along = stretch(&spread, &first);
    for (row, a) in spread.iter_mut().zip(first) {
        row.iter_mut().zip(first).for_each(|(cell, b)| *cell -= along * a * b);
    }
    let axes = [first, widest(&spread)].map(|axis| axis.map(|number| number as f32));
    let unscaled = Projection { mean, axes };
    let mut reach: Vec<f32> = latents.iter().map(|latent| farthest(&unscaled, latent)).collect();
    reach.sort_by(f32::total_cmp);
    let edge = reach.get(reach.len() * 99 / 100).copied().unwrap_or(1.0).max(1e-6);
    Projection { mean, axes: axes.map(|axis| axis.map(|number| number / edge)) }
}

/// The axis of the largest variance, by power iteration.
fn widest(spread: &[[f64; LATENT]; LATENT]) -> [f64; LATENT] {
    // No axis of real data is exactly at a right angle to this one.
    let mut axis: [f64; LATENT] = std::array::from_fn(|at| 1.0 + 0.1 * at as f64);
    for _ in 0..500 {
        let turned: [f64; LATENT] =
            std::array::from_fn(|at| spread[at].iter().zip(axis).map(|(a, b)| a * b).sum());
        let length = turned.iter().map(|number| number * number).sum::<f64>().sqrt();
        if length < 1e-12 {
            break;
        }
        axis = turned.map(|number| number / length);
    }
    axis
}

fn stretch(spread: &[[f64; LATENT]; LATENT], axis: &[f64; LATENT]) -> f64 {
    let turned = spread.iter().map(|row| row.iter().zip(axis).map(|(a, b)| a * b).sum::<f64>());
    turned.zip(axis).map(|(a, b)| a * b).sum()
}

/// The larger of a latent's two places, unbounded.
fn farthest(projection: &Projection, latent: &Latent) -> f32 {
    let along = |axis: &Latent| {
        axis.iter().zip(latent).zip(&projection.mean).map(|((a, l), m)| a * (l - m)).sum::<f32>().abs()
    };
    along(&projection.axes[0]).max(along(&projection.axes[1]))
}

#[cfg(test)]
mod tests {
    use generator::sampling::Dice;

    use super::*;

    #[test]
    fn the_map_shows_the_two_widest_directions() {
        let mut dice = Dice::new(2);
        let mut latent = |_| {
            let mut latent: Latent = std::array::from_fn(|_| 0.1 * dice.normal());
            let (wide, narrower) = (3.0 * dice.normal(), 2.0 * dice.normal());
            (latent[4], latent[7], latent[8]) = (5.0 + 0.6 * wide, 0.8 * wide, narrower);
            latent
        };
        let latents: Vec<Latent> = (0..2000).map(&mut latent).collect();
        let Projection { axes: [first, second], .. } = projection(&latents);
        let share = |axis: Latent, on: &[usize]| {
            let all: f32 = axis.iter().map(|x| x * x).sum();
            on.iter().map(|at| axis[*at].powi(2)).sum::<f32>() / all
        };
        assert!(share(first, &[4, 7]) > 0.99 && (first[4] / first[7] - 0.75).abs() < 0.02);
        assert!(share(second, &[8]) > 0.99);
        let places: Vec<[f32; 2]> =
            latents.iter().map(|latent| projection(&latents).place(latent)).take(1).collect();
        assert!(places[0].iter().all(|along| along.abs() <= 1.0));
    }
}
