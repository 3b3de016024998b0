//! Stretches of real music as what a network is told and what it should have said.

use burn::tensor::{Device, Int, Tensor, TensorData};
use generator::performer::words::{Told, Word};
use generator::performer::{Manner, NOISE};
use melody::Style;
use rand_chacha::ChaCha8Rng;
use rand_core::RngCore;

use crate::windows::Batch;

/// Where a token holds its style, above the code of its [`Word`].
const STYLE: u32 = 26;

/// A note in words with its style as one token of a line.
pub fn token(word: &Word, style: Style) -> u32 {
    word.code() | (style.index() as u32) << STYLE
}

/// The word and the style of a token that [`token`] gave.
pub fn read(token: u32) -> (Word, Style) {
    let style = Style::PERFORMED[((token >> STYLE) as usize).min(Style::PERFORMED.len() - 1)];
    (Word::decode(token & ((1 << STYLE) - 1)), style)
}

/// Rows of notes of equal length.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// For each row its notes, the first as if none had been before it.
    pub rows: Vec<Vec<Word>>,
    /// The style of each row.
    pub styles: Vec<Style>,
}

impl Lesson {
    /// The first `notes` notes of each row of a batch, or all that it has.
    pub fn of(batch: &Batch, notes: usize) -> Lesson {
        let width = (batch.inputs.len() / batch.size.max(1)).max(1);
        let row = |row: &[i32]| row.iter().take(notes).map(|id| read(*id as u32).0).collect();
        let style = |row: &[i32]| row.first().map_or(Style::Pop, |id| read(*id as u32).1);
        Lesson {
            rows: batch.inputs.chunks(width).map(row).collect(),
            styles: batch.inputs.chunks(width).map(style).collect(),
        }
    }

    /// Notes in each row.
    pub fn notes(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    /// What a row is told before a note: all but its noise.
    pub fn told(&self, row: usize, place: usize) -> Told {
        let word = self.rows[row][place];
        let before = place.checked_sub(1).map(|place| self.rows[row][place]);
        Told { before, gap: word.gap, place: word.place, style: self.styles[row] }
    }

    /// What all rows are told before the note at a place, `[rows, width]`.
    pub fn x(&self, manner: Manner, place: usize, dice: &mut ChaCha8Rng, device: &Device) -> Tensor<2> {
        let width = manner.width();
        let mut x = vec![0.0_f32; self.rows.len() * width];
        for (row, x) in x.chunks_mut(width).enumerate() {
            match manner {
                Manner::Words { memory, noise } => {
                    let told = (width - noise) / memory;
                    // The latest note last; places before the first stay empty.
                    for (back, into) in (0..memory).rev().zip(x.chunks_mut(told)) {
                        let Some(place) = place.checked_sub(back) else { continue };
                        self.told(row, place).ones().for_each(|one| into[one] = 1.0);
                    }
                    x[width - noise..].fill_with(|| share(dice));
                }
                Manner::Numbers => {
                    let before = place.checked_sub(1).map(|place| self.rows[row][place].tone().numbers());
                    x[..NOISE].copy_from_slice(&before.unwrap_or_default());
                    x[NOISE..].fill_with(|| share(dice));
                }
            }
        }
        Tensor::from_data(TensorData::new(x, [self.rows.len(), width]), device)
    }

    /// A word's part of all rows at all places, place after place.
    pub fn ids(&self, places: std::ops::Range<usize>, part: impl Fn(&Word) -> usize) -> Vec<i32> {
        let column = |place: usize| self.rows.iter().map(move |row| row[place]);
        places.flat_map(column).map(|word| part(&word) as i32).collect()
    }

    /// The four numbers of all rows at all places, place after place, `[places x rows, 4]`.
    pub fn numbers(&self, device: &Device) -> Tensor<2> {
        let column = |place: usize| self.rows.iter().flat_map(move |row| row[place].tone().numbers());
        let numbers: Vec<f32> = (0..self.notes()).flat_map(column).collect();
        Tensor::from_data(TensorData::new(numbers, [self.notes() * self.rows.len(), NOISE]), device)
    }
}

/// A number from 0 to 1.
pub(super) fn share(dice: &mut ChaCha8Rng) -> f32 {
    (dice.next_u32() >> 8) as f32 / (1 << 24) as f32
}

/// Whole numbers as a tensor.
pub(super) fn ints(values: Vec<i32>, device: &Device) -> Tensor<1, Int> {
    let count = values.len();
    Tensor::from_data(TensorData::new(values, [count]), device)
}

#[cfg(test)]
mod tests {
    use generator::performer::words::TOLD;
    use rand_core::SeedableRng;

    use super::*;

    fn word(pitch: usize, gap: usize) -> Word {
        Word { pitch, length: 3, velocity: 10, gap, place: 12 }
    }

    fn lesson() -> Lesson {
        let tokens = [word(40, 0), word(44, 3), word(47, 0)].map(|word| token(&word, Style::Jazz) as i32);
        Lesson::of(&Batch { size: 1, inputs: tokens.to_vec(), targets: Vec::new() }, 2)
    }

    #[test]
    fn tokens_hold_a_word_and_its_style() {
        for style in Style::PERFORMED {
            assert_eq!(read(token(&word(87, 24), style)), (word(87, 24), style));
        }
        assert!(token(&word(87, 24), Style::Pop) < i32::MAX as u32);
    }

    #[test]
    fn a_row_is_cut_and_told_what_came_before() {
        let lesson = lesson();
        assert_eq!((lesson.notes(), lesson.styles[0]), (2, Style::Jazz));
        assert_eq!(lesson.told(0, 0).before, None);
        assert_eq!((lesson.told(0, 1).before, lesson.told(0, 1).gap), (Some(word(40, 0)), 3));
    }

    #[test]
    fn the_latest_note_is_told_last_and_noise_after_it() {
        let (device, mut dice) = (Device::flex(), ChaCha8Rng::seed_from_u64(1));
        let mut x = |memory, noise| {
            let manner = Manner::Words { memory, noise };
            lesson().x(manner, 1, &mut dice, &device).into_data().iter::<f32>().collect::<Vec<f32>>()
        };
        let ones =
            |x: &[f32]| x.iter().enumerate().filter(|(_, x)| **x == 1.0).map(|(place, _)| place).collect();
        let latest: Vec<usize> = lesson().told(0, 1).ones().collect();
        let two: Vec<usize> = ones(&x(2, 0));
        let first = lesson().told(0, 0).ones().collect::<Vec<usize>>();
        assert_eq!(two, first.into_iter().chain(latest.iter().map(|one| TOLD + one)).collect::<Vec<usize>>());
        let noisy = x(1, NOISE);
        assert_eq!(ones(&noisy[..TOLD]), latest);
        assert!(noisy[TOLD..].iter().all(|number| (0.0..1.0).contains(number) && *number > 0.0));
    }
}
