//! Melodies as sequences of token ids, split by song, with the vocabulary that the training part needs.

use std::collections::{BTreeMap, HashMap};

use melody::{Prompt, Token, Vocabulary};
use sha2::{Digest, Sha256};

use crate::corpus::{Melody, Source};

/// Which part of the data a song belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Nine songs in ten: the model learns from them.
    Train,
    /// One in twenty: decides when to stop.
    Validation,
    /// One in twenty: seen only by the figures that a card reports.
    Test,
}

impl Part {
    /// The part of a song, by a hash of its name: all its melodies go together, on every machine alike.
    pub fn of(song: &str) -> Part {
        match Sha256::digest(song)[0] % 20 {
            0 => Part::Validation,
            1 => Part::Test,
            _ => Part::Train,
        }
    }
}

/// A melody as token ids, with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The collection that holds it.
    pub source: Source,
    /// Its tokens' ids.
    pub tokens: Vec<u32>,
}

impl AsRef<[u32]> for Line {
    fn as_ref(&self) -> &[u32] {
        &self.tokens
    }
}

/// The melodies of one part.
pub type Lines = Vec<Line>;

/// What a token model learns from and is measured on.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// The tokens in use.
    pub vocabulary: Vocabulary,
    /// What to learn from.
    pub train: Lines,
    /// What decides when to stop.
    pub validation: Lines,
    /// What is reported.
    pub test: Lines,
    /// How many melodies of each source were used, by the source's name.
    pub melodies: BTreeMap<String, usize>,
    /// How many notes are in these, rests not counted, by the source's name.
    pub notes: BTreeMap<String, usize>,
    /// The share of test tokens that are in the vocabulary as they stand.
    pub coverage: f64,
}

/// A collection too small to learn from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatasetError {
    /// No melody is long enough.
    #[error("the collection holds no melody of at least {needed} notes: add music, or check the folder")]
    NothingToLearn {
        /// The shortest melody that can be used, in tokens.
        needed: usize,
    },
    /// A part of the split is empty.
    #[error("with {songs} songs none is left to measure the model on: add music")]
    NothingToMeasure {
        /// Songs in the collection.
        songs: usize,
    },
}

impl Dataset {
    /// Makes each melody a line of tokens at home, splits by song, and keeps as vocabulary the tokens that occur at
    /// least `rarest` times in the training part; a rarer token is replaced by its nearest relative.
    ///
    /// # Errors
    /// [`DatasetError`] where there is too little music.
    pub fn of(melodies: &[Melody], shortest: usize, rarest: usize) -> Result<Dataset, DatasetError> {
        let mut lines: HashMap<Part, Vec<Spelt>> = HashMap::new();
        let mut used: BTreeMap<String, usize> = BTreeMap::new();
        let mut notes: BTreeMap<String, usize> = BTreeMap::new();
        for melody in melodies {
            // At home by the key that is heard, even where the source states one: so it is at play, and n-grams that
            // learnt in stated keys need 4.07 nats a note there instead of 4.05.
            let tokens = Prompt::of(&melody.phrase).tokens;
            if tokens.len() >= shortest {
                let name = melody.source.name();
                *used.entry(name.to_owned()).or_default() += 1;
                *notes.entry(name.to_owned()).or_default() +=
                    tokens.iter().filter(|token| !token.is_rest()).count();
                lines.entry(Part::of(&melody.song)).or_default().push((melody.source, tokens));
            }
        }
        let mut take = |part| lines.remove(&part).unwrap_or_default();
        let (train, validation, test) = (take(Part::Train), take(Part::Validation), take(Part::Test));
        let vocabulary =
            common_tokens(&train, rarest).ok_or(DatasetError::NothingToLearn { needed: shortest })?;
        if validation.is_empty() || test.is_empty() {
            return Err(DatasetError::NothingToMeasure { songs: melodies.len() });
        }
        let tokens = || test.iter().flat_map(|(_, line)| line);
        let known = tokens().filter(|token| vocabulary.id(**token).is_some()).count();
        let coverage = known as f64 / tokens().count().max(1) as f64;
        let ids = |lines: Vec<Spelt>| lines.iter().map(|line| encode(&vocabulary, line)).collect::<Lines>();
        let (train, validation, test) = (ids(train), ids(validation), ids(test));
        Ok(Dataset { train, validation, test, melodies: used, notes, coverage, vocabulary })
    }

    /// How often each token stands in a million tokens of the training part, by id, where each source counts by its
    /// weight; at least once.
    pub fn frequencies(&self, weights: &BTreeMap<Source, f64>) -> Vec<u64> {
        let mut counts: BTreeMap<Source, Vec<u64>> = BTreeMap::new();
        for line in &self.train {
            let counts = counts.entry(line.source).or_insert_with(|| vec![0; self.vocabulary.len()]);
            line.tokens.iter().for_each(|id| counts[*id as usize] += 1);
        }
        let weight = |source: &Source| weights.get(source).copied().unwrap_or_default();
        let all: f64 = counts.keys().map(weight).sum();
        let mut shares = vec![0.0; self.vocabulary.len()];
        for (source, counts) in &counts {
            let tokens = counts.iter().sum::<u64>() as f64;
            for (share, count) in shares.iter_mut().zip(counts) {
                *share += weight(source) / all * *count as f64 / tokens;
            }
        }
        shares.into_iter().map(|share| ((share * 1e6).round() as u64).max(1)).collect()
    }
}

/// A melody in tokens, before there is a vocabulary.
type Spelt = (Source, Vec<Token>);

fn encode(vocabulary: &Vocabulary, (source, line): &Spelt) -> Line {
    Line { source: *source, tokens: line.iter().map(|token| vocabulary.nearest(*token) as u32).collect() }
}

fn common_tokens(lines: &[Spelt], rarest: usize) -> Option<Vocabulary> {
    let mut counts: HashMap<Token, usize> = HashMap::new();
    for token in lines.iter().flat_map(|(_, line)| line) {
        *counts.entry(*token).or_default() += 1;
    }
    Vocabulary::new(counts.into_iter().filter(|(_, count)| *count >= rarest).map(|(token, _)| token)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_split_is_fixed_by_the_song_alone_and_near_ninety_five_five() {
        let songs: Vec<String> = (0..4000).map(|number| format!("source/{number}")).collect();
        let count = |part| songs.iter().filter(|song| Part::of(song) == part).count();
        assert!((150..250).contains(&count(Part::Validation)));
        assert!((150..250).contains(&count(Part::Test)));
        assert_eq!(Part::of("pop909/001"), Part::of("pop909/001"));
    }

    #[test]
    fn rare_tokens_stay_out_of_the_vocabulary() {
        let line: Vec<Token> =
            ["C4:1.0", "C4:1.0", "D4:1.0"].iter().map(|text| text.parse().unwrap()).collect();
        let line = (Source::Folder, line);
        let vocabulary = common_tokens(std::slice::from_ref(&line), 2).unwrap();
        assert_eq!(vocabulary.text(), "C4:1.0\n");
        assert_eq!(encode(&vocabulary, &line).tokens, [0, 0, 0]);
    }

    #[test]
    fn a_weighted_source_counts_by_its_weight_and_not_by_its_size() {
        let line = |source, id, length| Line { source, tokens: vec![id; length] };
        let dataset = Dataset {
            vocabulary: Vocabulary::read("C4:1.0\nD4:1.0\nE4:1.0\n").unwrap(),
            train: vec![line(Source::Pop909, 0, 900), line(Source::CreIrish, 1, 10)],
            validation: Vec::new(),
            test: Vec::new(),
            melodies: BTreeMap::new(),
            notes: BTreeMap::new(),
            coverage: 1.0,
        };
        let weights = BTreeMap::from([(Source::Pop909, 1.0), (Source::CreIrish, 3.0)]);
        assert_eq!(dataset.frequencies(&weights), [250_000, 750_000, 1]);
    }
}
