//! What a pack says of itself: the file `pack.toml`.

use std::collections::BTreeMap;
use std::fmt;

use melody::{Style, Token};
use serde::{Deserialize, Serialize};

use super::PackError;
use crate::request::{Knob, Task};

/// The card of a pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The format of packs; this version reads [`Card::FORMAT`].
    pub format: u32,
    /// The name in commands and in projects: small letters, digits and hyphens.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// One sentence: what it is good for.
    pub description: String,
    /// Which code runs it.
    pub kind: Kind,
    /// What it can be asked to do.
    pub tasks: Vec<Task>,
    /// The controls that it honours.
    pub knobs: Vec<Knob>,
    /// The styles that it was taught; empty where it was taught none apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub styles: Vec<Style>,
    /// Where the model is described.
    pub source: String,
    /// The licence of the weights.
    pub licence: String,
    /// The notes that a prompt must have, 0 where it is not looked at.
    pub window: usize,
    /// SHA-256 of the vocabulary, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vocabulary: Option<String>,
    /// How it was trained, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<Training>,
    /// A question with its answer, to see that the model works here as it did when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<Canary>,
    /// SHA-256 of each file.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
}

/// Which code runs a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Dice ([`crate::random`]).
    Random,
    /// The last note decides ([`crate::dnn`]).
    Dnn,
    /// Encoder and decoder ([`crate::seq2seq`]).
    Seq2seq,
    /// Encoder and decoder with attention ([`crate::seq2seq`]).
    Seq2seqAttention,
    /// Phrases by their vectors ([`crate::vae`]).
    Vae,
    /// A melody from noise ([`crate::gan`]).
    Gan,
    /// Several notes at once from a chord, taught against a critic ([`crate::performer`]).
    LstmGan,
    /// The same without states, taught by the next note alone ([`crate::performer`]).
    Dense,
    /// The same, taught by the next note alone ([`crate::performer`]).
    BasicLstm,
    /// Bars from noise and chords ([`crate::midinet`]).
    #[serde(rename = "midinet-1d")]
    Midinet1d,
    /// Bars from noise, chords and the bar before ([`crate::midinet`]).
    #[serde(rename = "midinet-2d")]
    Midinet2d,
    /// Keys in time and in pitch ([`crate::biaxial`]).
    BiaxialLstm,
    /// Notes with the tune's own memory ([`crate::house`]).
    House,
}

impl Kind {
    /// Whether it hears all notes of a prompt, or else the highest at each time.
    pub fn hears_voices(self) -> bool {
        matches!(self, Kind::LstmGan | Kind::Dense | Kind::BasicLstm | Kind::BiaxialLstm)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Random => "random",
            Kind::Dnn => "dnn",
            Kind::Seq2seq => "seq2seq",
            Kind::Seq2seqAttention => "seq2seq-attention",
            Kind::Vae => "vae",
            Kind::Gan => "gan",
            Kind::LstmGan => "lstm-gan",
            Kind::Dense => "dense",
            Kind::BasicLstm => "basic-lstm",
            Kind::Midinet1d => "midinet-1d",
            Kind::Midinet2d => "midinet-2d",
            Kind::BiaxialLstm => "biaxial-lstm",
            Kind::House => "house",
        })
    }
}

/// How a pack was trained, and what it reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// The command that makes the pack again.
    pub command: String,
    /// The seed of weights and order.
    pub seed: u64,
    /// Numbers in the network.
    pub parameters: u64,
    /// Steps taken.
    pub steps: u64,
    /// Time taken in minutes.
    pub minutes: u64,
    /// Seconds that one time through the training part took, looks at the validation part included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds_per_epoch: Option<f64>,
    /// Melodies of each source that were read, all parts together.
    pub melodies: BTreeMap<String, usize>,
    /// Figures on the test part, by name; nats unless the name says otherwise.
    pub metrics: BTreeMap<String, f64>,
    /// How the losses fell: `(step, loss)` at each look, by what was lost (`training`, `validation`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub course: BTreeMap<String, Vec<(u64, f64)>>,
}

/// A prompt with the tokens that a model takes to be the likeliest to follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// What is heard, at home.
    pub prompt: Vec<Token>,
    /// What the model says next at temperature zero.
    pub answer: Vec<Token>,
}

impl Canary {
    /// Compares what the model of the pack `id` says with what it said when it was made: as many tokens as the answer has.
    ///
    /// # Errors
    /// [`PackError::Canary`] with both.
    pub(crate) fn hear(&self, id: &str, found: impl IntoIterator<Item = Token>) -> Result<(), PackError> {
        let found: Vec<Token> = found.into_iter().take(self.answer.len()).collect();
        if found == self.answer {
            return Ok(());
        }
        let write = |tokens: &[Token]| tokens.iter().map(Token::to_string).collect::<Vec<_>>().join(" ");
        Err(PackError::Canary { id: id.to_owned(), expected: write(&self.answer), found: write(&found) })
    }
}

impl Card {
    /// The format of packs that this version reads and writes.
    pub const FORMAT: u32 = 1;

    /// Reads a card from the bytes of its file.
    ///
    /// # Errors
    /// [`PackError::Format`] for another format, [`PackError::Card`] for what is no card.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Card, PackError> {
        let text = String::from_utf8(bytes).map_err(|_| PackError::Card("it is not text".to_owned()))?;
        Card::read(&text)
    }

    /// Reads a card.
    ///
    /// # Errors
    /// [`PackError::Format`] for another format, [`PackError::Card`] for what is no card.
    pub fn read(text: &str) -> Result<Card, PackError> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let refuse = |error: toml::de::Error| PackError::Card(error.message().to_owned());
        let Format { format } = toml::from_str(text).map_err(refuse)?;
        if format != Card::FORMAT {
            return Err(PackError::Format { found: format, known: Card::FORMAT });
        }
        let card: Card = toml::from_str(text).map_err(refuse)?;
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if card.id.is_empty() || card.id.len() > 64 || !card.id.chars().all(plain) {
            return Err(PackError::Card(format!(
                "its id \"{}\" must be small letters, digits and hyphens",
                card.id
            )));
        }
        Ok(card)
    }

    /// The card as [`Card::read`] reads it.
    pub fn text(&self) -> String {
        toml::to_string(self)
            .unwrap_or_else(|error| unreachable!("a card has only what TOML can hold: {error}"))
    }

    #[cfg(test)]
    pub(crate) fn example() -> Card {
        Card {
            format: Card::FORMAT,
            id: "example".to_owned(),
            name: "Example".to_owned(),
            description: "For tests.".to_owned(),
            kind: Kind::Random,
            tasks: vec![Task::Continue],
            knobs: vec![Knob::TopP],
            styles: Vec::new(),
            source: "none".to_owned(),
            licence: "MIT".to_owned(),
            window: 0,
            vocabulary: None,
            training: None,
            canary: None,
            files: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_read_as_it_is_written() {
        let card = Card {
            canary: Some(Canary {
                prompt: vec!["C4:1.0".parse().unwrap()],
                answer: vec!["R:0.5".parse().unwrap()],
            }),
            training: Some(Training {
                command: "make".to_owned(),
                seed: 1,
                parameters: 2,
                steps: 3,
                minutes: 4,
                seconds_per_epoch: Some(0.5),
                melodies: BTreeMap::from([("pop".to_owned(), 5)]),
                metrics: BTreeMap::from([("nats_per_token".to_owned(), 2.5)]),
                course: BTreeMap::from([("training".to_owned(), vec![(1, 3.5), (2, 3.0)])]),
            }),
            ..Card::example()
        };
        assert_eq!(Card::read(&card.text()).unwrap(), card);
    }

    #[test]
    fn other_formats_and_bad_names_are_refused() {
        let text = Card::example().text();
        let newer = text.replace("format = 1", "format = 2");
        assert!(matches!(Card::read(&newer), Err(PackError::Format { found: 2, known: 1 })));
        assert!(matches!(Card::read(&text.replace("\"example\"", "\"../x\"")), Err(PackError::Card(_))));
        assert!(matches!(Card::read("format = \"x\""), Err(PackError::Card(_))));
        assert!(matches!(Card::read("tune = 1"), Err(PackError::Card(_))));
    }
}
