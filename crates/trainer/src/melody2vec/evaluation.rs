//! Do variants of a phrase lie nearer to it than strangers do?

use std::collections::BTreeMap;

use generator::sampling::Dice;
use generator::vae::{Vector, Word};

use super::Phrases;
use super::variants::{Kind, following, found, vary};

/// Strangers among which each variant has to be found.
pub const STRANGERS: usize = 999;
/// Questions of each kind, at most.
const QUESTIONS: usize = 1000;
/// Phrases asked about have at least this many notes.
const FEWEST_NOTES: usize = 4;

/// Where variants stood among strangers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// The mean of one by the variant's place, 1 being the nearest of [`STRANGERS`] + 1.
    pub reciprocal_rank: f64,
    /// The share of strangers that are farther than the variant (area under the curve): 0.5 is chance.
    pub nearer: f64,
    /// Questions asked.
    pub asked: usize,
}

/// Questions of every kind: a phrase, its variant, strangers.
pub struct Questions {
    asked: BTreeMap<Kind, Vec<(Word, Word)>>,
    strangers: Vec<Word>,
}

impl Questions {
    /// Questions about phrases of the test part, in songs that no vector was learnt from; strangers come from the training
    /// part.
    pub fn held_out(phrases: &Phrases, seed: u64) -> Questions {
        let mut dice = Dice::new(seed);
        let word = |id: u32| &phrases.lexicon[id as usize];
        let mut ids: Vec<u32> = phrases.test.iter().flat_map(|spoken| &spoken.words).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        ids.retain(|id| word(*id).notes() >= FEWEST_NOTES);
        let stride = ids.len().div_ceil(QUESTIONS).max(1);
        let mut asked: BTreeMap<Kind, Vec<(Word, Word)>> = BTreeMap::new();
        for id in ids.into_iter().step_by(stride) {
            for kind in Kind::MADE {
                let varied = vary(word(id), kind, &mut dice);
                asked.entry(kind).or_default().extend(varied.map(|varied| (word(id).clone(), varied)));
            }
        }
        for (kind, real) in [
            (Kind::SameSong, found(phrases, &phrases.test, FEWEST_NOTES, QUESTIONS)),
            (Kind::Next, following(phrases, &phrases.test, FEWEST_NOTES, QUESTIONS)),
        ] {
            let real = real.into_iter().map(|(left, right)| (word(left).clone(), word(right).clone()));
            asked.insert(kind, real.collect());
        }
        Questions { asked, strangers: strangers(phrases, &mut dice) }
    }

    /// Questions about these pairs of phrases that occur in one song each.
    pub fn known(phrases: &Phrases, pairs: &[(u32, u32)], seed: u64) -> Questions {
        let word = |id: u32| phrases.lexicon[id as usize].clone();
        let pairs = pairs.iter().map(|(left, right)| (word(*left), word(*right))).collect();
        Questions {
            asked: BTreeMap::from([(Kind::SameSong, pairs)]),
            strangers: strangers(phrases, &mut Dice::new(seed)),
        }
    }

    /// Where the variants stand by cosine, kind by kind; `vector` gives vectors of any length but zero.
    pub fn ask(&self, vector: &dyn Fn(&Word) -> Vector) -> BTreeMap<Kind, Standing> {
        let strangers: Vec<Vector> = self.strangers.iter().map(vector).collect();
        let stand = |pairs: &Vec<(Word, Word)>| {
            let (mut rank, mut nearer) = (0.0, 0.0);
            for (word, varied) in pairs {
                let own = vector(word);
                let wanted = cosine(&own, &vector(varied));
                let before = strangers.iter().filter(|stranger| cosine(&own, stranger) >= wanted).count();
                rank += 1.0 / (before + 1) as f64;
                nearer += 1.0 - before as f64 / strangers.len().max(1) as f64;
            }
            let asked = pairs.len();
            let mean = |sum: f64| sum / asked.max(1) as f64;
            Standing { reciprocal_rank: mean(rank), nearer: mean(nearer), asked }
        };
        self.asked.iter().map(|(kind, pairs)| (*kind, stand(pairs))).collect()
    }
}

/// Phrases of the training part drawn by chance.
fn strangers(phrases: &Phrases, dice: &mut Dice) -> Vec<Word> {
    let known = phrases.lexicon[..phrases.known()].iter();
    let known: Vec<&Word> = known.filter(|word| word.notes() >= FEWEST_NOTES).collect();
    (0..STRANGERS.min(known.len())).map(|_| known[dice.pick(known.len())].clone()).collect()
}

/// The cosine of two vectors; 0 where one is all zeros.
pub fn cosine(left: &Vector, right: &Vector) -> f32 {
    let dot = |a: &Vector, b: &Vector| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let lengths = (dot(left, left) * dot(right, right)).sqrt();
    if lengths > 0.0 { dot(left, right) / lengths } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use generator::vae::DIMENSIONS;
    use melody::{Pitch, Ticks, Token};

    use super::super::{Count, Spoken};
    use super::*;
    use crate::corpus::Source;

    fn phrases() -> Phrases {
        let mut dice = Dice::new(4);
        let mut word = |_| {
            let mut note = |_| {
                Token::note(Pitch::folded(60 + dice.pick(12) as i32), Ticks(480 * (1 + dice.pick(2) as i64)))
            };
            Word::of(&(0..6).map(&mut note).collect::<Vec<Token>>()).unwrap()
        };
        Phrases {
            lexicon: (0..900).map(&mut word).collect(),
            counts: (0..900).map(|id| Count { times: u32::from(id < 800), songs: 1 }).collect(),
            test: vec![Spoken { source: Source::Folder, song: 0, words: (800..900).collect() }],
            ..Phrases::default()
        }
    }

    #[test]
    fn vectors_by_pitch_find_variants_and_vectors_by_chance_do_not() {
        let questions = Questions::held_out(&phrases(), 1);
        let by_pitch = |word: &Word| {
            let mut vector = [0.0; DIMENSIONS];
            word.steps()
                .iter()
                .filter_map(|step| step.pitch)
                .for_each(|p| vector[usize::from(p.number() % 100)] += 1.0);
            vector
        };
        let by_chance = |word: &Word| {
            let mut dice = Dice::new(word.units().into_iter().fold(0, u64::wrapping_add));
            std::array::from_fn(|_| dice.normal())
        };
        let (good, poor) =
            (questions.ask(&by_pitch)[&Kind::OneNote], questions.ask(&by_chance)[&Kind::OneNote]);
        assert!(good.nearer > 0.9 && good.asked > 90, "{good:?}");
        assert!((poor.nearer - 0.5).abs() < 0.1 && poor.reciprocal_rank < 0.05, "{poor:?}");
    }
}
