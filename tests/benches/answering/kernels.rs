//! Two loops as fast as the processor goes: multiply-adds in registers, and reading memory.

use std::hint::black_box;

use crate::cpu;

/// Sums that are added to in turn, so that none waits for its own last addition.
const CHAINS: usize = 12;

/// Multiply-adds of f32 a second of one thread, measured over so many rounds.
pub fn multiply_adds(rounds: usize) -> f64 {
    let (lanes, seconds) = cpu::timed(|| wide::multiply(rounds));
    (rounds * CHAINS * lanes) as f64 / seconds
}

/// Reads all of a buffer.
pub fn sum(buffer: &[f32]) -> f32 {
    wide::sum(buffer)
}

/// The two loops in plain Rust, for processors without their own below.
mod plain {
    use super::{CHAINS, black_box};

    const LANES: usize = 4;

    pub fn multiply(rounds: usize) -> usize {
        let (scale, shift) = (black_box(0.999_f32), black_box(0.001_f32));
        let mut sums = [[1.0_f32; LANES]; CHAINS];
        for _ in 0..rounds {
            for sum in &mut sums {
                for lane in sum {
                    *lane = *lane * scale + shift;
                }
            }
        }
        black_box(sums);
        LANES
    }

    pub fn sum(buffer: &[f32]) -> f32 {
        let mut sums = [0.0; 32];
        for chunk in buffer.chunks_exact(sums.len()) {
            for (sum, number) in sums.iter_mut().zip(chunk) {
                *sum += number;
            }
        }
        sums.iter().sum()
    }
}

#[cfg(not(target_arch = "x86_64"))]
use plain as wide;

#[cfg(target_arch = "x86_64")]
mod wide {
    use std::arch::x86_64::{
        __m256, __m512, _mm256_add_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_set1_ps, _mm512_add_ps,
        _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_set1_ps,
    };

    use super::{CHAINS, black_box, plain};

    macro_rules! loops {
        ($multiply:ident, $sum:ident, $features:literal, $vector:ty, $set:ident, $madd:ident, $add:ident, $load:ident) => {
            #[target_feature(enable = $features)]
            fn $multiply(rounds: usize) -> usize {
                let (scale, shift) = ($set(black_box(0.999)), $set(black_box(0.001)));
                let mut sums = [$set(1.0); CHAINS];
                for _ in 0..rounds {
                    for sum in &mut sums {
                        *sum = $madd(*sum, scale, shift);
                    }
                }
                black_box(sums);
                size_of::<$vector>() / size_of::<f32>()
            }

            #[target_feature(enable = $features)]
            fn $sum(buffer: &[f32]) -> f32 {
                const LANES: usize = size_of::<$vector>() / size_of::<f32>();
                let mut sums = [$set(0.0); 8];
                for chunk in buffer.chunks_exact(8 * LANES) {
                    for (sum, part) in sums.iter_mut().zip(chunk.chunks_exact(LANES)) {
                        // SAFETY: the part is as long as the vector, and the load asks for no alignment.
                        *sum = $add(*sum, unsafe { $load(part.as_ptr()) });
                    }
                }
                black_box(sums);
                0.0
            }
        };
    }

    loops!(
        multiply_512,
        sum_512,
        "avx512f",
        __m512,
        _mm512_set1_ps,
        _mm512_fmadd_ps,
        _mm512_add_ps,
        _mm512_loadu_ps
    );
    loops!(
        multiply_256,
        sum_256,
        "avx2,fma",
        __m256,
        _mm256_set1_ps,
        _mm256_fmadd_ps,
        _mm256_add_ps,
        _mm256_loadu_ps
    );

    /// Which of the loops this processor knows, widest first.
    fn has_512() -> bool {
        is_x86_feature_detected!("avx512f")
    }

    fn has_256() -> bool {
        is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
    }

    pub fn multiply(rounds: usize) -> usize {
        match (has_512(), has_256()) {
            // SAFETY: the processor was just asked.
            (true, _) => unsafe { multiply_512(rounds) },
            // SAFETY: as above.
            (_, true) => unsafe { multiply_256(rounds) },
            _ => plain::multiply(rounds),
        }
    }

    pub fn sum(buffer: &[f32]) -> f32 {
        match (has_512(), has_256()) {
            // SAFETY: the processor was just asked.
            (true, _) => unsafe { sum_512(buffer) },
            // SAFETY: as above.
            (_, true) => unsafe { sum_256(buffer) },
            _ => plain::sum(buffer),
        }
    }
}
