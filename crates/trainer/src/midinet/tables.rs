//! Bars as tables of ones and zeros: real ones, made ones, and the chords and noise that these are made of.

use burn::tensor::activation::{sigmoid, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};
use generator::midinet::NOISE;
use generator::midinet::bar::{CHORD, ROWS};
use generator::sampling::Dice;

use super::bars::Known;
use super::{Conditions, Generator};

/// Normally distributed noise for so many bars, `[bars, 100]`.
pub fn noise(bars: usize, dice: &mut Dice, device: &Device) -> Tensor<2> {
    let values: Vec<f32> = (0..bars * NOISE).map(|_| dice.normal()).collect();
    Tensor::from_data(TensorData::new(values, [bars, NOISE]), device)
}

/// Bars as ones and zeros, step after step, `[bars x 16, 128]`.
pub fn real(bars: &[&Known], device: &Device) -> Tensor<2> {
    let rows: Vec<usize> = bars.iter().flat_map(|bar| bar.rows.map(usize::from)).collect();
    let mut values = vec![0.0_f32; rows.len() * ROWS];
    rows.iter().zip(values.chunks_mut(ROWS)).for_each(|(row, step)| step[*row] = 1.0);
    Tensor::from_data(TensorData::new(values, [rows.len(), ROWS]), device)
}

/// The chords of bars `[bars, 13]`, and the bars before them; a chord is left out where `told` says so.
pub fn conditions(
    bars: &[&Known],
    before: &[&Known],
    mut told: impl FnMut() -> bool,
    device: &Device,
) -> Conditions {
    let mut chord = |bar: &&Known| if told() { bar.numbers() } else { [0.0; CHORD] };
    let chords: Vec<f32> = bars.iter().flat_map(&mut chord).collect();
    Conditions {
        chord: Tensor::from_data(TensorData::new(chords, [bars.len(), CHORD]), device),
        before: real(before, device),
    }
}

/// Made bars of their scores `[bars x 16, 128]`. Sharp: ones where the scores are highest and zeros elsewhere, through
/// which gradients pass as if they were the odds (straight through; Bengio et al., 2013). Else sigmoids, as in the
/// original.
pub fn made(scores: Tensor<2>, sharp: bool) -> Tensor<2> {
    if !sharp {
        return sigmoid(scores);
    }
    let [steps, rows] = scores.dims();
    let odds = softmax(scores, 1);
    let highest = odds.clone().detach().argmax(1);
    let columns = Tensor::<1, Int>::arange(0..rows as i64, &odds.device()).unsqueeze::<2>();
    let chosen = highest.expand([steps, rows]).equal(columns.expand([steps, rows])).float();
    odds.clone() + (chosen - odds.detach())
}

/// The likeliest row at each step of bars, step after step.
pub fn likeliest(generator: &Generator, z: Tensor<2>, conditions: &Conditions) -> Vec<u8> {
    let rows = generator.scores(z, conditions).argmax(1).into_data();
    rows.iter::<i64>().map(|row| row as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(tensor: Tensor<2>) -> Vec<f32> {
        tensor.into_data().iter::<f32>().collect()
    }

    #[test]
    fn a_real_bar_has_one_row_a_step_and_its_chord() {
        let device = Device::flex();
        let bar = Known { rows: std::array::from_fn(|step| step as u8 + 60), chord: Some(21) };
        let table = values(real(&[&bar], &device));
        assert_eq!(table.iter().sum::<f32>(), 16.0);
        assert_eq!((table[60], table[ROWS + 61]), (1.0, 1.0));
        let told = |told: bool| values(conditions(&[&bar], &[&bar], || told, &device).chord);
        assert_eq!((told(true)[9], told(true)[12], told(false).iter().sum::<f32>()), (1.0, 1.0, 0.0));
    }

    #[test]
    fn a_made_bar_looks_like_a_real_one_and_can_be_learnt_through() {
        let device = Device::flex().autodiff();
        let scores: Vec<f32> = (0..16 * ROWS).map(|index| ((index * 7) % 11) as f32).collect();
        let scores = Tensor::<2>::from_data(TensorData::new(scores, [16, ROWS]), &device).require_grad();
        let bar = made(scores.clone(), true);
        let first = &values(bar.clone())[..ROWS];
        assert!((first.iter().sum::<f32>() - 1.0).abs() < 1e-4 && first.iter().any(|number| *number > 0.99));
        let gradients = bar.narrow(1, 3, 1).sum().backward();
        let gradient = values(scores.grad(&gradients).unwrap());
        assert!(gradient[3] > 0.0 && gradient[3 + ROWS] > 0.0 && gradient[4] <= 0.0);
        let soft = values(made(scores, false));
        assert!(soft.iter().filter(|number| **number > 0.5).count() > 16);
    }
}
