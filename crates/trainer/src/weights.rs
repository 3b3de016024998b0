//! Weights of networks: drawn by a seed, read back as plain numbers, rounded for packing.

use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use half::f16;
use rand_chacha::ChaCha8Rng;
use rand_core::RngCore;

/// A matrix of weights between `-bound` and `bound`, on any machine the same.
pub fn uniform(dice: &mut ChaCha8Rng, dims: [usize; 2], bound: f32, device: &Device) -> Param<Tensor<2>> {
    let mut draw = || (dice.next_u32() as f32 / u32::MAX as f32 * 2.0 - 1.0) * bound;
    let values: Vec<f32> = (0..dims[0] * dims[1]).map(|_| draw()).collect();
    Param::from_data(TensorData::new(values, dims), device)
}

/// So many zeros.
pub fn zeros(count: usize, device: &Device) -> Param<Tensor<1>> {
    Param::from_data(TensorData::new(vec![0.0_f32; count], [count]), device)
}

/// A weight tensor's numbers, row after row.
pub fn numbers<const D: usize>(param: &Param<Tensor<D>>) -> Vec<f32> {
    param.val().into_data().iter::<f32>().collect()
}

/// The same weights with 12 significant bits each: as good, and half as large when packed.
pub fn rounded<const D: usize>(param: &Param<Tensor<D>>) -> Param<Tensor<D>> {
    // Of an f32's 23 stored bits of fraction the last 12 go, to the nearer side.
    let round = |number: f32| f32::from_bits(number.to_bits().wrapping_add(0x800) & !0xFFF);
    let values: Vec<f32> = numbers(param).into_iter().map(round).collect();
    Param::from_data(TensorData::new(values, param.dims()), &param.val().device())
}

/// The same weights as 16-bit floats hold them, a bit less exactly: a pack stores each in two bytes.
pub fn halved<const D: usize>(param: &Param<Tensor<D>>) -> Param<Tensor<D>> {
    let values: Vec<f32> = numbers(param).into_iter().map(|number| f16::from_f32(number).to_f32()).collect();
    Param::from_data(TensorData::new(values, param.dims()), &param.val().device())
}

/// A matrix's numbers, row after row, with its sizes.
pub struct Matrix {
    /// Its height.
    pub rows: usize,
    /// Its width.
    pub columns: usize,
    /// Its numbers.
    pub values: Vec<f32>,
}

impl Matrix {
    /// The numbers of a matrix of weights.
    pub fn of(param: &Param<Tensor<2>>) -> Matrix {
        let [rows, columns] = param.dims();
        Matrix { rows, columns, values: numbers(param) }
    }

    /// The same with rows and columns exchanged.
    pub fn transposed(&self) -> Matrix {
        let column = |column: usize| self.values.iter().skip(column).step_by(self.columns).copied();
        let values = (0..self.columns).flat_map(column).collect();
        Matrix { rows: self.columns, columns: self.rows, values }
    }

    /// The first `rows` rows, and the others.
    pub fn cut(&self, rows: usize) -> (Matrix, Matrix) {
        let (upper, lower) = self.values.split_at(rows * self.columns);
        let part = |values: &[f32]| Matrix {
            rows: values.len() / self.columns,
            columns: self.columns,
            values: values.to_vec(),
        };
        (part(upper), part(lower))
    }
}

#[cfg(test)]
mod tests {
    use rand_core::SeedableRng;

    use super::*;

    #[test]
    fn rounding_changes_little_and_halves_what_packing_takes() {
        let exact = uniform(&mut ChaCha8Rng::seed_from_u64(3), [512, 200], 0.04, &Device::flex());
        let (exact, rounded) = (numbers(&exact), numbers(&rounded(&exact)));
        for (a, b) in exact.iter().zip(&rounded) {
            assert!((a - b).abs() <= a.abs() / 4096.0);
        }
        let packed = |values: &[f32]| {
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
            std::io::Write::write_all(&mut packer, &bytes).unwrap();
            packer.finish().unwrap().len()
        };
        assert!(packed(&rounded) * 3 < packed(&exact) * 2);
    }

    #[test]
    fn a_matrix_is_cut_and_turned_without_loss() {
        let matrix = Matrix { rows: 3, columns: 2, values: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0] };
        assert_eq!(matrix.transposed().values, [1.0, 3.0, 5.0, 2.0, 4.0, 6.0]);
        assert_eq!(matrix.transposed().transposed().values, matrix.values);
        let (upper, lower) = matrix.cut(1);
        assert_eq!(
            (upper.rows, upper.values, lower.rows, lower.values),
            (1, vec![1.0, 2.0], 2, vec![3.0, 4.0, 5.0, 6.0])
        );
    }
}
