//! The file `bank.bin`: a bank as bytes, read with every size capped and every number checked.
//!
//! All numbers are little-endian. In order: eight letters `CNTOBANK`; the format (u32); the number of phrases and of
//! units (u32 each); the projection (mean, first axis, second axis: 10 x f32 each); for each phrase its number of
//! steps (u8) and for each step pitch (u8, 255 for a rest) and length in twelfths of a quarter (u8); for each phrase
//! its place on the map (2 x i8); for each phrase and then for each unit the scale (f32) and 100 numbers (i8).

use std::collections::HashMap;

use melody::Pitch;

use super::{Bank, DIMENSIONS, LATENT, Projection, Rows, inverse_length};
use crate::vae::word::{Step, Word};

const LETTERS: &[u8; 8] = b"CNTOBANK";
const FORMAT: u32 = 1;
/// The most phrases, and the most units, of a bank: 6.8 MB each.
const MOST: usize = 65_536;
const REST: u8 = 255;

/// Why bytes are no bank.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// They do not begin as a bank does.
    #[error("it is not a phrase bank of the format that this version reads")]
    Format,
    /// They end too early or go on after the end.
    #[error("it is {0} than its counts say")]
    Length(&'static str),
    /// There are none or too many of something.
    #[error("it has {found} {what}, not 1 to {most}")]
    Count {
        /// What there is too little or too much of.
        what: &'static str,
        /// How many.
        found: usize,
        /// The most that is taken.
        most: usize,
    },
    /// A number makes no sense.
    #[error("{0}")]
    Broken(&'static str),
}

impl Bank {
    /// The bank as [`Bank::read`] reads it.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = LETTERS.to_vec();
        let mut put = |number: usize| bytes.extend((number as u32).to_le_bytes());
        put(FORMAT as usize);
        put(self.words.len());
        put(self.units.scales.len());
        let Projection { mean, axes } = &self.projection;
        let floats = mean.iter().chain(axes.iter().flatten());
        bytes.extend(floats.flat_map(|number| number.to_le_bytes()));
        for word in &self.words {
            bytes.push(word.steps().len() as u8);
            let letters = |step: &Step| [step.pitch.map_or(REST, Pitch::number), step.length];
            bytes.extend(word.steps().iter().flat_map(letters));
        }
        bytes.extend(self.points.iter().flatten().map(|along| along.cast_unsigned()));
        for rows in [&self.rows, &self.units] {
            for (numbers, scale) in rows.numbers.chunks_exact(DIMENSIONS).zip(&rows.scales) {
                bytes.extend(scale.to_le_bytes());
                bytes.extend(numbers.iter().map(|number| number.cast_unsigned()));
            }
        }
        bytes
    }

    /// Reads a bank. Nothing in the bytes can make this panic or take more memory than a few times their length.
    ///
    /// # Errors
    /// [`BankError`] says what is wrong with them.
    pub fn read(bytes: &[u8]) -> Result<Bank, BankError> {
        let mut reader = Reader(bytes);
        if reader.take(LETTERS.len()) != Ok(LETTERS.as_slice()) || reader.number()? != FORMAT {
            return Err(BankError::Format);
        }
        let (words, units) = (reader.number()? as usize, reader.number()? as usize);
        counted("phrases", words)?;
        counted("units", units)?;
        let projection = Projection { mean: reader.floats()?, axes: [reader.floats()?, reader.floats()?] };
        let words = (0..words).map(|_| reader.word()).collect::<Result<Vec<Word>, _>>()?;
        let point = |point: &[u8]| [point[0].cast_signed(), point[1].cast_signed()];
        let points = reader.take(2 * words.len())?.chunks_exact(2).map(point).collect();
        let rows = reader.rows(words.len())?;
        let units = reader.rows(units)?;
        if !reader.0.is_empty() {
            return Err(BankError::Length("longer"));
        }
        Bank::of(words, rows, units, points, projection)
    }

    pub(super) fn of(
        words: Vec<Word>,
        rows: Rows,
        units: Rows,
        points: Vec<[i8; 2]>,
        projection: Projection,
    ) -> Result<Bank, BankError> {
        counted("phrases", words.len())?;
        counted("units", units.scales.len())?;
        let lengths: Vec<u16> = words.iter().map(Word::twelfths).collect();
        if !lengths.is_sorted() {
            return Err(BankError::Broken("its phrases are not in order of their length"));
        }
        let places: HashMap<Word, usize> = words.iter().cloned().zip(0..).collect();
        if places.len() != words.len() {
            return Err(BankError::Broken("a phrase stands in it twice"));
        }
        Ok(Bank { words, lengths, places, wide: rows.wide(), rows, units, points, projection })
    }
}

fn counted(what: &'static str, found: usize) -> Result<(), BankError> {
    if (1..=MOST).contains(&found) { Ok(()) } else { Err(BankError::Count { what, found, most: MOST }) }
}

/// Bytes not read yet.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], BankError> {
        let (taken, left) = self.0.split_at_checked(count).ok_or(BankError::Length("shorter"))?;
        self.0 = left;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], BankError> {
        let (taken, left) = self.0.split_first_chunk().ok_or(BankError::Length("shorter"))?;
        self.0 = left;
        Ok(*taken)
    }

    fn number(&mut self) -> Result<u32, BankError> {
        self.array().map(u32::from_le_bytes)
    }

    fn float(&mut self) -> Result<f32, BankError> {
        let number = f32::from_le_bytes(self.array()?);
        // Far above anything that training gives, and far below where sums overflow.
        if number.abs() <= 1e6 {
            Ok(number)
        } else {
            Err(BankError::Broken("it holds a number beyond all bounds"))
        }
    }

    fn floats(&mut self) -> Result<[f32; LATENT], BankError> {
        let mut floats = [0.0; LATENT];
        for number in &mut floats {
            *number = self.float()?;
        }
        Ok(floats)
    }

    fn word(&mut self) -> Result<Word, BankError> {
        let [steps] = self.array()?;
        let letters = self.take(2 * usize::from(steps))?.chunks_exact(2);
        let step = |letters: &[u8]| {
            let pitch = if letters[0] == REST { None } else { Some(Pitch::new(letters[0])?) };
            Some(Step { pitch, length: letters[1] })
        };
        let steps: Option<Vec<Step>> = letters.map(step).collect();
        steps.and_then(Word::checked).ok_or(BankError::Broken("a phrase in it has notes that no phrase has"))
    }

    fn rows(&mut self, count: usize) -> Result<Rows, BankError> {
        let mut rows = Rows::default();
        // The bytes are all there before memory is asked for.
        let mut bytes = Reader(self.take(count.saturating_mul(4 + DIMENSIONS))?);
        for _ in 0..count {
            rows.scales.push(bytes.float()?);
            let row = bytes.take(DIMENSIONS)?;
            rows.numbers.extend(row.iter().map(|number| number.cast_signed()));
            rows.inverse.push(inverse_length(&rows.numbers[rows.numbers.len() - DIMENSIONS..]));
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::example;
    use super::*;

    #[test]
    fn a_bank_is_read_as_it_is_written() {
        let bank = example();
        assert_eq!(Bank::read(&bank.bytes()), Ok(bank));
    }

    #[test]
    fn a_cut_lengthened_or_foreign_bank_is_refused_with_a_sentence() {
        let bytes = example().bytes();
        for length in (0..bytes.len()).step_by(997).chain([7, 8, 12, 20, bytes.len() - 1]) {
            let refusal = Bank::read(&bytes[..length]).unwrap_err();
            assert!(matches!(refusal, BankError::Format | BankError::Length("shorter")), "{refusal}");
        }
        assert_eq!(Bank::read(&[&bytes[..], b"x"].concat()), Err(BankError::Length("longer")));
        assert_eq!(Bank::read(b"CNTOBONK"), Err(BankError::Format));
    }

    #[test]
    fn counts_beyond_the_cap_are_refused_before_memory_is_taken() {
        for (place, count) in [(12, 0_u32), (12, u32::MAX), (16, 0), (16, 65_537)] {
            let mut bytes = example().bytes();
            bytes[place..place + 4].copy_from_slice(&count.to_le_bytes());
            assert!(matches!(Bank::read(&bytes), Err(BankError::Count { .. })));
        }
    }

    #[test]
    fn numbers_that_are_none_and_phrases_that_are_none_are_refused() {
        let good = example().bytes();
        let with = |place: usize, patch: &[u8]| {
            let mut bytes = good.clone();
            bytes[place..place + patch.len()].copy_from_slice(patch);
            Bank::read(&bytes)
        };
        assert!(matches!(with(20, &f32::NAN.to_le_bytes()), Err(BankError::Broken(_))));
        let first_word = 20 + 3 * LATENT * 4;
        for (offset, byte) in [(1, 128), (1, REST), (2, 0), (2, 49), (0, 0)] {
            assert!(with(first_word + offset, &[byte]).is_err(), "{offset} {byte}");
        }
        let words = example().words().iter().map(|word| 1 + 2 * word.steps().len()).sum::<usize>();
        let first_scale = first_word + words + 2 * example().len();
        assert!(matches!(with(first_scale, &f32::INFINITY.to_le_bytes()), Err(BankError::Broken(_))));
    }

    proptest! {
        #[test]
        fn no_damage_makes_the_reader_panic(place in 0_usize..4000, byte: u8, more in 0_usize..4000) {
            let mut bytes = example().bytes();
            let end = bytes.len();
            bytes[place] = byte;
            bytes[end - 1 - more] ^= byte;
            if let Ok(bank) = Bank::read(&bytes) {
                let vector = bank.vector(&bank.words()[0]);
                prop_assert!(vector.iter().all(|number| number.is_finite()));
            }
        }
    }
}
