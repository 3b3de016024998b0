//! A pack's vocabulary, checked against its card, with how often each token occurs in the corpus.

use melody::{Token, Vocabulary};

use crate::pack::{self, Pack, PackError};

/// The most tokens that a vocabulary may have.
const MOST: usize = 4096;

/// The tokens that a model knows, and their odds where nothing was heard yet.
#[derive(Debug, Clone)]
pub(crate) struct Lexicon {
    vocabulary: Vocabulary,
    /// Counts in the corpus by id, and their sum; `None` for a pack without them.
    counts: Option<(Vec<u64>, u64)>,
}

impl Lexicon {
    /// Reads a pack's vocabulary, which must be the one that its card names, and its frequencies if it has any.
    pub fn read(pack: &Pack) -> Result<Lexicon, PackError> {
        let refuse = |reason| PackError::Vocabulary { id: pack.card.id.clone(), reason };
        let vocabulary =
            Vocabulary::read(pack.text(pack::VOCABULARY)?).map_err(|error| refuse(error.to_string()))?;
        let hash = vocabulary.hash();
        if pack.card.vocabulary.as_ref() != Some(&hash) {
            return Err(refuse(format!("the hash of {} is {hash}", pack::VOCABULARY)));
        }
        if vocabulary.len() > MOST {
            return Err(refuse(format!("it has {} tokens, more than {MOST}", vocabulary.len())));
        }
        let counts = match pack.card.files.contains_key(pack::FREQUENCIES) {
            true => Some(counts(pack, vocabulary.len())?),
            false => None,
        };
        Ok(Lexicon { vocabulary, counts })
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The ids of tokens, or of their nearest relatives.
    pub fn ids(&self, tokens: &[Token]) -> Vec<usize> {
        tokens.iter().map(|token| self.vocabulary.nearest(*token)).collect()
    }

    /// How many of these tokens are known only by their nearest relatives.
    pub fn strangers(&self, tokens: &[Token]) -> usize {
        tokens.iter().filter(|token| self.vocabulary.id(**token).is_none()).count()
    }

    /// Whether the pack says how often tokens occur.
    pub fn has_counts(&self) -> bool {
        self.counts.is_some()
    }

    /// The surprise in nats of a token of which nothing is known: by its count in the corpus and one more, or as
    /// one of so many where the pack has no counts.
    pub fn surprise(&self, id: usize) -> f64 {
        let words = self.vocabulary.len() as f64;
        match &self.counts {
            Some((counts, sum)) => -((counts[id] as f64 + 1.0) / (*sum as f64 + words)).ln(),
            None => words.ln(),
        }
    }
}

/// A pack's frequencies, one for each of so many tokens, with their sum.
///
/// # Errors
/// [`PackError::Vocabulary`] where they do not fit the vocabulary or are all zero.
pub(crate) fn counts(pack: &Pack, words: usize) -> Result<(Vec<u64>, u64), PackError> {
    let refuse = |reason| PackError::Vocabulary { id: pack.card.id.clone(), reason };
    let counts: Result<Vec<u64>, _> = pack.text(pack::FREQUENCIES)?.lines().map(str::parse).collect();
    let counts = counts.map_err(|error| refuse(format!("{}: {error}", pack::FREQUENCIES)))?;
    let sum = counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
    if counts.len() != words || sum == 0 {
        return Err(refuse(format!("{} frequencies for {words} tokens", counts.len())));
    }
    Ok((counts, sum))
}
