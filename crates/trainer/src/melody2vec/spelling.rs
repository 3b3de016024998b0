//! Which rows of the tables of vectors make up a word.

use generator::vae::{DIMENSIONS, Vector, Word};

use super::Phrases;

/// For each word of a lexicon the rows whose mean is its vector.
///
/// The units of a word share `buckets` rows by their hash; after these come the rows of the words' own.
#[derive(Debug, Clone)]
pub struct Spelling {
    /// Rows in the table.
    pub rows: usize,
    /// The rows of each word.
    pub words: Vec<Vec<u32>>,
}

impl Spelling {
    /// Each word one row of its own: skip-gram as the melody2vec paper has it.
    pub fn by_word(phrases: &Phrases) -> Spelling {
        let words = (0..phrases.lexicon.len() as u32).map(|row| vec![row]).collect();
        Spelling { rows: phrases.lexicon.len(), words }
    }

    /// Each word its units, and a row of its own where it occurs at least `often` times in the training part.
    pub fn by_units(phrases: &Phrases, buckets: usize, often: u32) -> Spelling {
        let mut rows = buckets;
        let mut spell = |(word, count): (&Word, &super::Count)| {
            let mut spelled = units(word, buckets);
            if count.times >= often {
                spelled.push(rows as u32);
                rows += 1;
            }
            spelled
        };
        let words = phrases.lexicon.iter().zip(&phrases.counts).map(&mut spell).collect();
        Spelling { rows, words }
    }
}

/// The rows of a word's units.
pub fn units(word: &Word, buckets: usize) -> Vec<u32> {
    word.units().into_iter().map(|unit| (unit % buckets.max(1) as u64) as u32).collect()
}

/// The mean of rows of a table.
pub fn mean(table: &[Vector], rows: &[u32]) -> Vector {
    let mut mean = [0.0; DIMENSIONS];
    for row in rows {
        mean.iter_mut().zip(&table[*row as usize]).for_each(|(sum, number)| *sum += number);
    }
    let share = 1.0 / rows.len().max(1) as f32;
    mean.map(|sum| sum * share)
}

/// Moves a table so that the mean over all words that occur, each as often as it does, is zero: else all phrases look
/// somewhat alike.
pub fn centre(table: &mut [Vector], spelling: &Spelling, phrases: &Phrases) {
    let mut middle = [0.0_f64; DIMENSIONS];
    let mut weight = 0.0;
    for (rows, count) in spelling.words.iter().zip(&phrases.counts) {
        let times = f64::from(count.times);
        let vector = if count.times > 0 { mean(table, rows) } else { continue };
        middle.iter_mut().zip(vector).for_each(|(sum, number)| *sum += times * f64::from(number));
        weight += times;
    }
    let middle: Vector = middle.map(|sum| (sum / f64::max(weight, 1.0)) as f32);
    for row in table {
        row.iter_mut().zip(&middle).for_each(|(number, middle)| *number -= middle);
    }
}
