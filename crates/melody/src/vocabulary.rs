//! The tokens that a model knows, in a fixed order, with a hash that ties a model to them.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::{Pitch, Ticks, Token};

/// A sorted set of tokens; a token's place in it is its id.
///
/// ```
/// use melody::Vocabulary;
/// let vocabulary = Vocabulary::read("R:1.0\nC4:0.5\nC4:1.0\n").unwrap();
/// let longer = "C4:1.5".parse().unwrap();
/// assert_eq!(vocabulary.nearest(longer), vocabulary.id("C4:1.0".parse().unwrap()).unwrap());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vocabulary {
    tokens: Vec<Token>,
    ids: HashMap<Token, usize>,
}

/// Why a list of tokens is no vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VocabularyError {
    /// A line is no token.
    #[error("line {line} of the vocabulary: {source}")]
    Token {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        source: crate::tokens::ParseTokenError,
    },
    /// The tokens are not in rising order, or one stands twice.
    #[error("the vocabulary's tokens are not in order: \"{0}\" is out of place")]
    Order(Token),
    /// There is no note among them.
    #[error("the vocabulary holds no note")]
    Empty,
}

impl Vocabulary {
    /// The vocabulary of these tokens, in any order, repeats allowed.
    ///
    /// # Errors
    /// [`VocabularyError::Empty`] without a single note.
    pub fn new(tokens: impl IntoIterator<Item = Token>) -> Result<Vocabulary, VocabularyError> {
        let mut tokens: Vec<Token> = tokens.into_iter().collect();
        tokens.sort_unstable();
        tokens.dedup();
        if tokens.iter().all(Token::is_rest) {
            return Err(VocabularyError::Empty);
        }
        let ids = tokens.iter().enumerate().map(|(id, token)| (*token, id)).collect();
        Ok(Vocabulary { tokens, ids })
    }

    /// Reads what [`Vocabulary::text`] writes.
    ///
    /// # Errors
    /// [`VocabularyError`] names the line or token that is wrong.
    pub fn read(text: &str) -> Result<Vocabulary, VocabularyError> {
        let parse = |(index, line): (usize, &str)| {
            line.parse().map_err(|source| VocabularyError::Token { line: index + 1, source })
        };
        let tokens: Vec<Token> = text.lines().enumerate().map(parse).collect::<Result<_, _>>()?;
        if let Some(pair) = tokens.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(VocabularyError::Order(pair[1]));
        }
        Vocabulary::new(tokens)
    }

    /// One token a line, in order of their ids.
    pub fn text(&self) -> String {
        self.tokens.iter().map(|token| format!("{token}\n")).collect()
    }

    /// SHA-256 of [`Vocabulary::text`], in hexadecimal.
    pub fn hash(&self) -> String {
        Sha256::digest(self.text()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Never true: a vocabulary holds at least one note.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The token with this id.
    pub fn token(&self, id: usize) -> Option<Token> {
        self.tokens.get(id).copied()
    }

    /// All tokens in order of their ids.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The id of a token, if the vocabulary holds it.
    pub fn id(&self, token: Token) -> Option<usize> {
        self.ids.get(&token).copied()
    }

    /// The id of the token that a player would take for this one: itself; else the same pitch with the nearest
    /// length; else its pitch in another octave; else the nearest pitch. A rest becomes the nearest rest, or a
    /// note where there are no rests at all.
    pub fn nearest(&self, token: Token) -> usize {
        if let Some(id) = self.id(token) {
            return id;
        }
        let far = |other: &Token| (pitch_distance(token.pitch, other.pitch), length_distance(token, *other));
        let candidates = self.tokens.iter().enumerate();
        candidates.min_by_key(|(_, other)| far(other)).map_or(0, |(id, _)| id)
    }
}

/// Same pitch, then octaves of it, then other pitches; notes and rests are farthest from one another.
fn pitch_distance(left: Option<Pitch>, right: Option<Pitch>) -> u32 {
    match (left, right) {
        (None, None) => 0,
        (Some(left), Some(right)) => {
            let semitones = u32::from(left.number().abs_diff(right.number()));
            if semitones.is_multiple_of(12) { semitones } else { 200 + semitones }
        }
        _ => 1000,
    }
}

fn length_distance(left: Token, right: Token) -> Ticks {
    left.length.distance(right.length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::read("R:0.5\nR:1.0\nC4:0.5\nC4:1.0\nD4:1.0\n").unwrap()
    }

    fn nearest(text: &str) -> String {
        let vocabulary = vocabulary();
        vocabulary.token(vocabulary.nearest(text.parse().unwrap())).unwrap().to_string()
    }

    #[test]
    fn strangers_become_their_nearest_relatives() {
        for (stranger, relative) in [
            ("C4:0.75", "C4:0.5"),
            ("C5:1.5", "C4:1.0"),
            ("E4:0.25", "D4:1.0"),
            ("R:4.0", "R:1.0"),
            ("D4:1.0", "D4:1.0"),
        ] {
            assert_eq!(nearest(stranger), relative);
        }
    }

    #[test]
    fn the_hash_is_of_the_tokens() {
        let again = Vocabulary::read(&vocabulary().text()).unwrap();
        assert_eq!(again, vocabulary());
        assert_eq!(again.hash(), vocabulary().hash());
        let other = Vocabulary::read("R:0.5\nC4:0.5\n").unwrap();
        assert_ne!(other.hash(), vocabulary().hash());
    }

    #[test]
    fn lists_that_are_no_vocabulary_are_refused() {
        assert_eq!(Vocabulary::read("R:1.0\n"), Err(VocabularyError::Empty));
        assert!(matches!(Vocabulary::read("C4:1.0\nC4:1.0\n"), Err(VocabularyError::Order(_))));
        assert!(matches!(Vocabulary::read("C4:1.0\nx\n"), Err(VocabularyError::Token { line: 2, .. })));
    }
}
