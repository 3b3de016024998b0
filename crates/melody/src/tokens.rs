//! Paper A's words: a pitch or a rest with its length in quarters, `C4:1.0`, `R:0.5`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Note, Phrase, Pitch, Ticks};

/// A note or a rest of some length (paper A, "melody representation").
///
/// ```
/// use melody::Token;
/// let token: Token = "D#5:0.5".parse().unwrap();
/// assert_eq!(token.to_string(), "D#5:0.5");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Token {
    /// The pitch, or `None` for a rest.
    pub pitch: Option<Pitch>,
    /// The length in ticks, above zero.
    pub length: Ticks,
}

impl Token {
    /// A note.
    pub const fn note(pitch: Pitch, length: Ticks) -> Token {
        Token { pitch: Some(pitch), length }
    }

    /// A rest.
    pub const fn rest(length: Ticks) -> Token {
        Token { pitch: None, length }
    }

    /// Whether it is a rest.
    pub const fn is_rest(&self) -> bool {
        self.pitch.is_none()
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pitch {
            Some(pitch) => write!(f, "{pitch}:{}", self.length),
            None => write!(f, "R:{}", self.length),
        }
    }
}

impl FromStr for Token {
    type Err = ParseTokenError;

    fn from_str(text: &str) -> Result<Token, ParseTokenError> {
        let refuse = || ParseTokenError(text.to_owned());
        let (pitch, length) = text.split_once(':').ok_or_else(refuse)?;
        let pitch = if pitch == "R" { None } else { Some(pitch.parse().map_err(|_| refuse())?) };
        let length: Ticks = length.parse().map_err(|_| refuse())?;
        if length > Ticks::ZERO { Ok(Token { pitch, length }) } else { Err(refuse()) }
    }
}

impl From<Token> for String {
    fn from(token: Token) -> String {
        token.to_string()
    }
}

impl TryFrom<String> for Token {
    type Error = ParseTokenError;
    fn try_from(text: String) -> Result<Token, ParseTokenError> {
        text.parse()
    }
}

/// A text that is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a token such as C4:1.0 or R:0.5")]
pub struct ParseTokenError(String);

/// A line of notes as tokens, from its first note to the phrase's end: gaps become rests, and a note is cut where
/// the next one starts. Chords must have been reduced to a line before ([`Phrase::skyline`]).
pub fn encode(line: &Phrase) -> Vec<Token> {
    let notes = line.notes();
    let mut tokens = Vec::with_capacity(notes.len());
    for (index, note) in notes.iter().enumerate() {
        let next = notes.get(index + 1).map_or(line.length(), |next| next.onset);
        let length = note.length.min(next - note.onset);
        if length > Ticks::ZERO {
            tokens.push(Token::note(note.pitch, length));
            let gap = next - (note.onset + length);
            if gap > Ticks::ZERO {
                tokens.push(Token::rest(gap));
            }
        }
    }
    tokens
}

/// Tokens as notes one after another from `start` on; `velocity` is asked for each note's onset.
///
/// Notes go to channel 0. The inverse of [`encode`] but for velocities and channels.
pub fn decode(tokens: &[Token], start: Ticks, mut velocity: impl FnMut(Ticks) -> u8) -> Vec<Note> {
    let mut onset = start;
    let mut notes = Vec::with_capacity(tokens.len());
    for token in tokens {
        if let Some(pitch) = token.pitch {
            notes.push(Note { onset, length: token.length, pitch, velocity: velocity(onset), channel: 0 });
        }
        onset += token.length;
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Meter, Tempo};

    #[test]
    fn tokens_are_read_as_they_are_written() {
        for text in ["C4:1.0", "R:0.25", "F#3:1/3", "A5:4.0"] {
            assert_eq!(text.parse::<Token>().unwrap().to_string(), text);
        }
        for text in ["", "C4", "C4:", "C4:0", "C4:-1.0", "X:1.0", "R4:1.0"] {
            assert!(text.parse::<Token>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_line_comes_back_from_its_tokens() {
        let tokens: Vec<Token> =
            ["C4:1.0", "R:0.5", "E4:0.5", "G4:2/3"].iter().map(|text| text.parse().unwrap()).collect();
        let notes = decode(&tokens, Ticks::ZERO, |_| 80);
        let phrase = Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT);
        assert_eq!(encode(&phrase), tokens);
    }

    #[test]
    fn silence_at_the_end_is_a_rest_and_at_the_start_is_not() {
        let notes = decode(&["C4:1.0".parse().unwrap()], Ticks::QUARTER, |_| 80);
        let phrase = Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT).lasting(Ticks::quarters(4));
        let texts: Vec<String> = encode(&phrase).iter().map(Token::to_string).collect();
        assert_eq!(texts, ["C4:1.0", "R:2.0"]);
    }
}
