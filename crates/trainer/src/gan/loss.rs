//! What critics and generator strive for.

use burn::tensor::Tensor;
use burn::tensor::activation::log_sigmoid;

use super::Dense;

/// The rules of the contest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rules {
    /// As first described, and as plain as paper A leaves it: a critic says how likely a melody is real, and the generator
    /// minimises the mean of -log D(G(z)) (Goodfellow et al., 2014, section 3). Their equation 1, log(1 - D(G(z))), was
    /// tried: the critic wins within a hundred steps, and from then on the generator is taught nothing at all.
    Plain,
    /// A critic compares a made melody with a real one, and only the difference counts (Jolicoeur-Martineau, 2019), while
    /// its gradient is kept small on both (Mescheder et al., 2018; Huang et al., 2024: "R1 + R2").
    Paired,
}

impl Rules {
    /// What a critic minimises over `real` and `made` stretches `[rows, inputs]`; `penalty` weighs its squared gradient.
    pub fn critic(self, critic: &Dense, real: Tensor<2>, made: Tensor<2>, penalty: f64) -> Tensor<1> {
        let rows = real.dims()[0];
        let (judged, gradient) = critic.judge(Tensor::cat(vec![real, made], 0));
        let (real, made) = (judged.clone().narrow(0, 0, rows), judged.narrow(0, rows, rows));
        match self {
            Rules::Plain => log_sigmoid(real).mean().neg() + log_sigmoid(made.neg()).mean().neg(),
            Rules::Paired => {
                let lost = log_sigmoid(real - made).mean().neg();
                if penalty > 0.0 { lost + gradient.mean_square().mul_scalar(penalty) } else { lost }
            }
        }
    }

    /// What the generator minimises over `made` stretches; `real` ones are for comparison.
    pub fn generator(self, critic: &Dense, real: Tensor<2>, made: Tensor<2>) -> Tensor<1> {
        let (judged, _) = critic.judge(made);
        match self {
            Rules::Plain => log_sigmoid(judged).mean().neg(),
            Rules::Paired => log_sigmoid(judged - critic.judge(real).0.detach()).mean().neg(),
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};
    use generator::gan::{Layout, NOTES};

    use super::*;
    use crate::gan::{Adversaries, Shape};
    use crate::parity;

    const RULES: [Rules; 2] = [Rules::Plain, Rules::Paired];

    fn critic() -> Dense {
        let shape = Shape::of(&parity::vocabulary(), Layout::Joint, 8, 8, 0);
        Adversaries::new(&shape, 3, &Device::flex()).critics.remove(0)
    }

    /// Two melodies of one token throughout.
    fn melodies(token: usize) -> Tensor<2> {
        let words = parity::vocabulary().len();
        let place = |place: usize| f32::from(u8::from(place % words == token));
        let values: Vec<f32> = (0..2 * NOTES * words).map(place).collect();
        Tensor::from_data(TensorData::new(values, [2, NOTES * words]), &Device::flex())
    }

    fn number(loss: Tensor<1>) -> f32 {
        loss.into_scalar::<f32>()
    }

    #[test]
    fn one_sides_gain_is_the_others_loss() {
        let critic = critic();
        let judged = |token| critic.judge(melodies(token)).0.mean().into_scalar::<f32>();
        let (better, worse) = if judged(1) > judged(2) { (1, 2) } else { (2, 1) };
        for rules in RULES {
            let critics = |real, made| number(rules.critic(&critic, melodies(real), melodies(made), 0.0));
            let generators = |real, made| number(rules.generator(&critic, melodies(real), melodies(made)));
            assert!(critics(better, worse) < critics(worse, better));
            assert!(generators(worse, better) < generators(better, worse));
        }
    }

    #[test]
    fn a_pair_that_cannot_be_told_apart_costs_a_coins_throw_and_the_slope_its_penalty() {
        let loss = |penalty| number(Rules::Paired.critic(&critic(), melodies(1), melodies(1), penalty));
        assert!((loss(0.0) - 2.0_f32.ln()).abs() < 1e-6);
        let slope = number(critic().judge(melodies(1)).1.mean_square());
        assert!((loss(0.5) - loss(0.0) - 0.5 * slope).abs() < 1e-4 * slope.max(1.0));
    }
}
