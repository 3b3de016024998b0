//! The baseline that the house model has to beat: n-grams over the same notes, mixed with a cache of the piece so far.
//!
//! As the network does, they choose rest, pitch and length one after the other; each aspect has its own best orders and share
//! of the cache, found on the validation part.

use std::collections::HashMap;

use melody::Prompt;
use melody::steps::{Aspect, Step, Word};

use super::held_out::Surprises;
use super::pieces::Piece;
use crate::corpus::{Melody, Source};

mod answer;

/// The most notes back that the corpus's n-grams look.
const CORPUS_ORDERS: usize = 3;
/// The most notes back that the cache's n-grams look.
const CACHE_ORDERS: usize = 5;
/// The shares of the cache that are tried, in twentieths.
const SHARES: std::ops::RangeInclusive<usize> = 0..=19;

/// All that n-grams look at of a melody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The collection that holds it.
    pub source: Source,
    /// Its notes at home.
    pub words: Vec<Word>,
}

impl Line {
    /// Reads a melody; none where it has fewer than two notes.
    pub fn of(melody: &Melody) -> Option<Line> {
        let steps = Step::of_prompt(&Prompt::of(&melody.phrase));
        let words: Vec<Word> = steps.iter().map(|step| step.word).collect();
        (words.len() > 1).then_some(Line { source: melody.source, words })
    }
}

impl From<&Piece> for Line {
    fn from(piece: &Piece) -> Line {
        Line { source: piece.source, words: piece.moments.iter().map(|moment| moment.word).collect() }
    }
}

/// Counts of what followed each context, Witten and Bell's estimate for every order.
#[derive(Debug, Default)]
struct Counts {
    /// By context: how often it occurred, with how many values.
    contexts: HashMap<u64, (u32, u32)>,
    values: HashMap<(u64, u8), u32>,
}

impl Counts {
    fn count(&mut self, past: &[Word], word: &Word, orders: usize) {
        for aspect in Aspect::ALL {
            let value = word[aspect as usize];
            for context in contexts(aspect, past, word, orders) {
                let count = self.values.entry((context, value)).or_default();
                *count += 1;
                let (all, distinct) = self.contexts.entry(context).or_default();
                *all += 1;
                *distinct += u32::from(*count == 1);
            }
        }
    }

    /// The odds of what a word says of an aspect, looking no farther back than 0, 1, 2 ... notes.
    fn odds<const N: usize>(&self, aspect: Aspect, past: &[Word], word: &Word) -> [f64; N] {
        let mut odds = 1.0 / aspect.size() as f64;
        let mut by_order = [0.0; N];
        // The first context knows nothing at all, the second what is chosen already, the next one note more each.
        for (place, context) in contexts(aspect, past, word, N - 1).enumerate() {
            if let Some((all, distinct)) = self.contexts.get(&context) {
                let count = self.values.get(&(context, word[aspect as usize])).copied().unwrap_or_default();
                let distinct = f64::from(*distinct);
                odds = (f64::from(count) + distinct * odds) / (f64::from(*all) + distinct);
            }
            by_order[place.saturating_sub(1)..].fill(odds);
        }
        by_order
    }
}

/// The contexts of an aspect, each as a hash: nothing, what is chosen, that and the note before, and so on.
fn contexts<'a>(
    aspect: Aspect,
    past: &'a [Word],
    word: &'a Word,
    orders: usize,
) -> impl Iterator<Item = u64> + 'a {
    let chosen = &word[..aspect as usize];
    let start = mixed(0xCBF2_9CE4_8422_2325, &[aspect as u8]);
    let mut hash = mixed(start, chosen);
    let back = (1..=orders.min(past.len())).map(move |back| {
        hash = mixed(hash, &past[past.len() - back]);
        mixed(hash, &[back as u8])
    });
    [start, mixed(mixed(start, chosen), &[255])].into_iter().chain(back)
}

/// Fowler, Noll and Vo's hash, gone on with.
fn mixed(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ (u64::from(*byte) + 1)).wrapping_mul(0x0100_0000_01B3))
}

/// The n-grams of a corpus with the best mixture of orders and cache.
pub struct Ngrams {
    corpus: Counts,
    /// By aspect: orders of corpus and cache, and the cache's share.
    plain: [Mixture; 3],
    cached: [Mixture; 3],
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Mixture {
    corpus: usize,
    cache: usize,
    share: f64,
}

/// The odds of one aspect of one note by order: corpus, cache.
type Odds = ([f64; CORPUS_ORDERS + 1], [f64; CACHE_ORDERS + 1]);

impl Ngrams {
    /// Counts the training part and finds the best mixtures on the validation part.
    pub fn of(train: &[&Piece], validation: &[&Piece]) -> Ngrams {
        let lines = |pieces: &[&Piece]| pieces.iter().map(|piece| Line::from(*piece)).collect::<Vec<Line>>();
        Ngrams::of_lines(&lines(train), &lines(validation))
    }

    /// As [`Ngrams::of`], of lines.
    pub fn of_lines(train: &[Line], validation: &[Line]) -> Ngrams {
        let mut corpus = Counts::default();
        for Line { words, .. } in train {
            for place in 0..words.len() {
                corpus.count(&words[..place], &words[place], CORPUS_ORDERS);
            }
        }
        let nothing = Mixture { corpus: 0, cache: 0, share: 0.0 };
        let mut ngrams = Ngrams { corpus, plain: [nothing; 3], cached: [nothing; 3] };
        // Each source counts alike, as in the figures.
        let odds: Vec<(f64, Vec<[Odds; 3]>)> =
            validation.iter().map(|line| (weight(validation, line), ngrams.odds(&line.words))).collect();
        for aspect in 0..3 {
            let nats = |mixture: Mixture| -> f64 {
                let piece = |(weight, odds): &(f64, Vec<[Odds; 3]>)| {
                    weight * odds.iter().map(|odds| surprise(mixture, &odds[aspect])).sum::<f64>()
                };
                odds.iter().map(piece).sum()
            };
            let best = |mixtures: Vec<Mixture>| {
                let judged = mixtures.into_iter().map(|mixture| (nats(mixture), mixture));
                judged.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(nothing, |(_, mixture)| mixture)
            };
            let plain = (0..=CORPUS_ORDERS).map(|corpus| Mixture { corpus, cache: 0, share: 0.0 });
            ngrams.plain[aspect] = best(plain.collect());
            let cached = (0..=CORPUS_ORDERS).flat_map(|corpus| {
                let share = move |cache| SHARES.map(move |share| (corpus, cache, share as f64 / 20.0));
                (0..=CACHE_ORDERS).flat_map(share)
            });
            let cached = cached.map(|(corpus, cache, share)| Mixture { corpus, cache, share });
            ngrams.cached[aspect] = best(cached.collect());
        }
        ngrams
    }

    /// The surprise over these melodies without and with the cache, in nats by aspect.
    pub fn surprises(&self, pieces: &[&Piece]) -> [Surprises; 2] {
        let odds: Vec<Vec<[Odds; 3]>> =
            pieces.iter().map(|piece| self.odds(&Line::from(*piece).words)).collect();
        [self.plain, self.cached].map(|mixtures| {
            let note =
                |odds: &[Odds; 3]| std::array::from_fn(|aspect| surprise(mixtures[aspect], &odds[aspect]));
            odds.iter().map(|piece| piece.iter().map(note).collect()).collect()
        })
    }

    /// What the mixtures are, for people.
    pub fn describe(&self) -> String {
        let one = |(aspect, mixture): (Aspect, &Mixture)| {
            let Mixture { corpus, cache, share } = mixture;
            format!("{aspect:?}: corpus order {corpus}, cache order {cache}, its share {share:.2}")
        };
        Aspect::ALL.into_iter().zip(&self.cached).map(one).collect::<Vec<_>>().join("; ")
    }

    fn odds(&self, words: &[Word]) -> Vec<[Odds; 3]> {
        let mut cache = Counts::default();
        let note = |place: usize| {
            let (past, word) = (&words[..place], &words[place]);
            let odds = Aspect::ALL
                .map(|aspect| (self.corpus.odds(aspect, past, word), cache.odds(aspect, past, word)));
            cache.count(past, word, CACHE_ORDERS);
            odds
        };
        (0..words.len()).map(note).collect()
    }
}

fn surprise(mixture: Mixture, odds: &Odds) -> f64 {
    -mixture.of(odds).ln()
}

impl Mixture {
    fn of(self, (corpus, cache): &Odds) -> f64 {
        corpus[self.corpus] * (1.0 - self.share) + cache[self.cache] * self.share
    }
}

/// What makes each source count alike.
fn weight(lines: &[Line], line: &Line) -> f64 {
    let of_source = lines.iter().filter(|other| other.source == line.source);
    1.0 / of_source.map(|other| other.words.len()).sum::<usize>().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_odds_of_all_values_sum_to_one() {
        let line: Vec<Word> =
            (0..40_u16).map(|n| [n % 3, n * n % 7, n % 5].map(|value| value as u8)).collect();
        let mut counts = Counts::default();
        for place in 0..line.len() {
            counts.count(&line[..place], &line[place], 3);
        }
        for (aspect, past) in
            [(Aspect::Rest, 5), (Aspect::Pitch, 0), (Aspect::Length, 1), (Aspect::Pitch, 20)]
        {
            let mut sums = [0.0; 4];
            for value in 0..aspect.size() {
                let mut word = line[past];
                word[aspect as usize] = value as u8;
                let odds: [f64; 4] = counts.odds(aspect, &line[..past], &word);
                sums.iter_mut().zip(odds).for_each(|(sum, odds)| *sum += odds);
            }
            assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 1e-9), "{aspect:?}: {sums:?}");
        }
    }
}
