//! The phrases that a VAE can answer with, their vectors, and the vectors of the units that spell all others.

use std::collections::HashMap;

mod format;

pub use format::BankError;

use super::word::Word;

/// Numbers in a phrase vector (melody2vec).
pub const DIMENSIONS: usize = 100;
/// Numbers in a latent (paper A).
pub const LATENT: usize = 10;

/// A phrase vector.
pub type Vector = [f32; DIMENSIONS];

/// Phrases with their vectors and places on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Bank {
    /// Shortest first.
    words: Vec<Word>,
    /// Their lengths in twelfths of a quarter.
    lengths: Vec<u16>,
    /// Which word is which.
    places: HashMap<Word, usize>,
    rows: Rows,
    /// The rows' numbers once more, as they are searched.
    wide: Vec<Wide>,
    units: Rows,
    /// Where each word lies on the map.
    points: Vec<[i8; 2]>,
    projection: Projection,
}

/// A vector's 8-bit numbers with zeros after them, so that processors take eight at once throughout.
type Wide = [i16; WIDTH];

const WIDTH: usize = DIMENSIONS.next_multiple_of(8);

fn dot(left: &Wide, right: &Wide) -> i32 {
    left.iter().zip(right).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
}

/// Vectors of 8-bit numbers, each with its own scale.
#[derive(Debug, Clone, Default, PartialEq)]
struct Rows {
    numbers: Vec<i8>,
    scales: Vec<f32>,
    /// One by each row's length, in its own numbers.
    inverse: Vec<f32>,
}

/// From latents to the map: what a principal component analysis found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Projection {
    /// The middle of the latents.
    pub mean: [f32; LATENT],
    /// The two axes; a point's places on them lie within -1 to 1 for the phrases of the bank.
    pub axes: [[f32; LATENT]; 2],
}

impl Projection {
    /// The place of a latent on the map, each coordinate within -1 to 1.
    pub fn place(&self, latent: &[f32; LATENT]) -> [f32; 2] {
        self.axes.map(|axis| {
            let along = axis.iter().zip(latent).zip(&self.mean);
            along.map(|((axis, latent), mean)| axis * (latent - mean)).sum::<f32>().clamp(-1.0, 1.0)
        })
    }
}

impl Projection {
    /// The latent that lies so far away on the map, and nowhere else off.
    pub fn moved(&self, latent: &[f32; LATENT], by: [f32; 2]) -> [f32; LATENT] {
        let mut moved = *latent;
        for (axis, by) in self.axes.iter().zip(by) {
            let length: f32 = axis.iter().map(|part| part * part).sum();
            if length > 0.0 {
                moved.iter_mut().zip(axis).for_each(|(number, part)| *number += by * part / length);
            }
        }
        moved
    }
}

/// A phrase of a bank being made.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The phrase.
    pub word: Word,
    /// Its vector, of any length but zero.
    pub vector: Vector,
    /// What the encoder makes of it.
    pub latent: [f32; LATENT],
}

impl Bank {
    /// A bank of these phrases, with the vectors of the units, one for each bucket that a unit's hash can fall in.
    ///
    /// # Errors
    /// [`BankError`] where there are too many or none, or one stands twice.
    pub fn new(mut entries: Vec<Entry>, units: &[Vector], projection: Projection) -> Result<Bank, BankError> {
        entries.sort_by(|a, b| (a.word.twelfths(), &a.word).cmp(&(b.word.twelfths(), &b.word)));
        let (mut rows, mut unit_rows) = (Rows::default(), Rows::default());
        entries.iter().for_each(|entry| rows.push(&entry.vector));
        units.iter().for_each(|unit| unit_rows.push(unit));
        let point =
            |entry: &Entry| projection.place(&entry.latent).map(|along| (along * 127.0).round() as i8);
        let points = entries.iter().map(point).collect();
        let words = entries.into_iter().map(|entry| entry.word).collect();
        Bank::of(words, rows, unit_rows, points, projection)
    }

    /// How many phrases there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Never true: a bank holds at least one phrase.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The phrases, shortest first.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The place of a phrase in the bank, if it is there.
    pub fn find(&self, word: &Word) -> Option<usize> {
        self.places.get(word).copied()
    }

    /// Where the phrase at a place of the bank lies on the map, each coordinate within -1 to 1.
    pub fn point(&self, place: usize) -> Option<[f32; 2]> {
        self.points.get(place).map(|point| point.map(|along| (f32::from(along) / 127.0).max(-1.0)))
    }

    /// From latents to the map.
    pub fn projection(&self) -> &Projection {
        &self.projection
    }

    /// The vector of any phrase, of length 1: the bank's own, or the mean of its units' vectors. All zeros where none
    /// of its units was ever heard.
    pub fn vector(&self, word: &Word) -> Vector {
        let mut vector = [0.0; DIMENSIONS];
        if let Some(place) = self.find(word) {
            self.rows.add(place, &mut vector);
        } else {
            let buckets = self.units.scales.len() as u64;
            word.units().iter().for_each(|unit| self.units.add((unit % buckets) as usize, &mut vector));
        }
        normalise(&mut vector);
        vector
    }

    /// The cosines of some vectors with each phrase of a range of places: all those of the first phrase, then of the
    /// second. Each phrase is read once, for reading takes longer than counting.
    pub(super) fn cosines(&self, targets: &[Vector], range: std::ops::Range<usize>, into: &mut Vec<f32>) {
        let round = |target: &Vector| -> (Wide, f32) {
            let scale = scale_of(target);
            let number = |at| target.get(at).map_or(0, |number: &f32| (number / scale).round() as i16);
            let rounded = std::array::from_fn(number);
            let square = dot(&rounded, &rounded) as f32;
            (rounded, if square > 0.0 { square.sqrt().recip() } else { 0.0 })
        };
        let rounded: Vec<(Wide, f32)> = targets.iter().map(round).collect();
        let (rows, inverse) = (self.wide.get(range.clone()), self.rows.inverse.get(range));
        into.clear();
        for (row, inverse) in rows.unwrap_or_default().iter().zip(inverse.unwrap_or_default()) {
            let cosine = |(target, other): &(Wide, f32)| dot(row, target) as f32 * inverse * other;
            into.extend(rounded.iter().map(|target| cosine(target).clamp(-1.0, 1.0)));
        }
    }

    /// How long each phrase sounds, in twelfths of a quarter.
    pub(super) fn lengths(&self) -> &[u16] {
        &self.lengths
    }

    /// The places of the phrases whose sounding length lies within a range of twelfths of a quarter.
    pub(super) fn lasting(&self, twelfths: std::ops::RangeInclusive<u16>) -> std::ops::Range<usize> {
        let start = self.lengths.partition_point(|length| length < twelfths.start());
        let end = self.lengths.partition_point(|length| length <= twelfths.end());
        start..end.max(start)
    }
}

impl Rows {
    fn push(&mut self, vector: &Vector) {
        let scale = scale_of(vector);
        self.numbers.extend(vector.iter().map(|number| (number / scale).round() as i8));
        self.scales.push(scale);
        self.inverse.push(inverse_length(&self.numbers[self.numbers.len() - DIMENSIONS..]));
    }

    /// Each row's numbers as they are searched.
    fn wide(&self) -> Vec<Wide> {
        let rows = self.numbers.chunks_exact(DIMENSIONS);
        rows.map(|row| std::array::from_fn(|at| row.get(at).copied().map_or(0, i16::from))).collect()
    }

    fn add(&self, place: usize, to: &mut Vector) {
        let row = self.numbers.chunks_exact(DIMENSIONS).nth(place);
        if let Some((row, scale)) = row.zip(self.scales.get(place)) {
            to.iter_mut().zip(row).for_each(|(sum, number)| *sum += scale * f32::from(*number));
        }
    }
}

/// What one step of a vector's 8-bit numbers stands for: its largest number becomes 127.
fn scale_of(vector: &Vector) -> f32 {
    let largest = vector.iter().fold(0.0_f32, |most, number| most.max(number.abs()));
    if largest > 0.0 { largest / 127.0 } else { 1.0 }
}

fn inverse_length(row: &[i8]) -> f32 {
    let square: i32 = row.iter().map(|number| i32::from(*number).pow(2)).sum();
    if square > 0 { (square as f32).sqrt().recip() } else { 0.0 }
}

/// Makes a vector 1 long, unless it is all zeros.
pub(super) fn normalise(vector: &mut Vector) {
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|number| *number /= length);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use melody::Token;

    use super::*;
    use crate::sampling::Dice;

    pub(crate) fn word(text: &str) -> Word {
        let tokens: Vec<Token> = text.split_whitespace().map(|token| token.parse().unwrap()).collect();
        Word::of(&tokens).unwrap()
    }

    pub(crate) fn random_vector(dice: &mut Dice) -> Vector {
        std::array::from_fn(|_| dice.throw() as f32 - 0.5)
    }

    /// A bank of all phrases of four notes from five pitches, some slow and some quick, spelled with random units.
    pub(crate) fn example() -> Bank {
        let mut dice = Dice::new(11);
        let units: Vec<Vector> = (0..512).map(|_| random_vector(&mut dice)).collect();
        let names = ["C4", "D4", "E4", "G4", "A4"];
        let mut entries = Vec::new();
        for number in 0..625_usize {
            let lengths = ["1.0", "0.5", "1.0", ["1.0", "2.0"][number % 2]];
            let spelled: Vec<String> = (0..4)
                .map(|at| format!("{}:{}", names[number / 5_usize.pow(at) % 5], lengths[at as usize]))
                .collect();
            let word = word(&spelled.join(" "));
            let mut vector = [0.0; DIMENSIONS];
            for unit in word.units() {
                let unit = &units[(unit % 512) as usize];
                vector.iter_mut().zip(unit).for_each(|(sum, number)| *sum += number);
            }
            entries.push(Entry { word, vector, latent: std::array::from_fn(|at| vector[at]) });
        }
        let axis = |at| std::array::from_fn(|other| if other == at { 0.05 } else { 0.0 });
        let projection = Projection { mean: [0.0; LATENT], axes: [axis(0), axis(1)] };
        Bank::new(entries, &units, projection).unwrap()
    }

    #[test]
    fn a_phrase_of_the_bank_is_nearest_to_itself() {
        let bank = example();
        let mut cosines = Vec::new();
        for place in [0, 17, 300, bank.len() - 1] {
            bank.cosines(&[bank.vector(&bank.words()[place])], 0..bank.len(), &mut cosines);
            let best = (0..cosines.len()).max_by(|a, b| cosines[*a].total_cmp(&cosines[*b])).unwrap();
            assert_eq!(best, place);
            assert!(cosines[place] > 0.9999, "{}", cosines[place]);
        }
    }

    #[test]
    fn a_stranger_is_spelled_out_and_lands_near_its_relatives() {
        let bank = example();
        let stranger = word("C5:1.0 D5:0.5 E5:1.0 G5:1.0");
        assert_eq!(bank.find(&stranger), None);
        let relative = bank.find(&word("C4:1.0 D4:0.5 E4:1.0 G4:1.0")).unwrap();
        let mut cosines = Vec::new();
        bank.cosines(&[bank.vector(&stranger)], 0..bank.len(), &mut cosines);
        let nearer = cosines.iter().filter(|cosine| **cosine > cosines[relative]).count();
        assert!(nearer < 10, "{nearer} phrases are nearer");
    }

    #[test]
    fn phrases_are_found_by_their_length() {
        let bank = example();
        let slow = bank.lasting(54..=54);
        assert!(!slow.is_empty() && bank.words()[slow].iter().all(|word| word.twelfths() == 54));
        assert!(bank.lasting(1..=20).is_empty());
        assert_eq!(bank.lasting(0..=u16::MAX), 0..bank.len());
    }

    #[test]
    fn eight_bits_are_near_enough() {
        let mut dice = Dice::new(5);
        let mut rows = Rows::default();
        for _ in 0..50 {
            let mut vector = random_vector(&mut dice);
            normalise(&mut vector);
            rows.push(&vector);
            let mut back = [0.0; DIMENSIONS];
            rows.add(rows.scales.len() - 1, &mut back);
            normalise(&mut back);
            let cosine: f32 = back.iter().zip(&vector).map(|(a, b)| a * b).sum();
            assert!(cosine > 0.9999, "{cosine}");
        }
    }
}
