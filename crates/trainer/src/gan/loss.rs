//! What critics and generator strive for.

use burn::tensor::Tensor;
use burn::tensor::activation::log_sigmoid;

use super::Dense;

/// The rules of the contest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rules {
    /// As first described, and as plain as in paper A: a critic says how likely a melody is real, and the generator
    /// minimises the mean of log(1 - D(G(z))) (Goodfellow et al., 2014, equation 1).
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
            // The mean over both halves is half of what each half's own mean adds up to.
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
            Rules::Plain => log_sigmoid(judged.neg()).mean(),
            Rules::Paired => log_sigmoid(judged - critic.judge(real).0.detach()).mean().neg(),
        }
    }
}
