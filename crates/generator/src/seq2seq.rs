//! Paper A's encoder-decoder at play: five tokens heard, five proposed, then the next five from those.
//!
//! Two graphs. The encoder takes `tokens [rows, window]` (ids) and gives `h [rows, hidden]`, and what the decoder
//! adds at every step: `gates [rows, 4 x hidden]` and `base [rows, vocabulary]`. The decoder takes `token [rows]`,
//! `h`, `c`, `gates`, `base` and gives `scores [rows, vocabulary]` and the next `h` and `c`.
//!
//! With attention the encoder also gives all its states, `states [rows, window, hidden]`; the decoder takes them too
//! and gives, last, the shares `weights [rows, window]` of its look at each.

use std::thread;

use melody::{Phrase, Prompt, Token, Vocabulary};

use crate::inference::{Holds, Input, Network};
use crate::next_token::{self, Lexicon, NextToken, canary};
use crate::pack::{self, Card, Kind, Pack, PackError};
use crate::request::Request;
use crate::{Cancel, Candidate, GenerateError, Generator, Score};

mod walk;

use walk::Walk;

/// Width of the LSTMs' state (paper A).
pub const HIDDEN: usize = 256;

/// A sequence-to-sequence model, with or without attention, ready to answer.
pub struct Seq2seq {
    card: Card,
    lexicon: Lexicon,
    encoder: Network,
    decoder: Network,
}

impl Seq2seq {
    /// Loads the model of a pack and asks it the card's canary.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn open(pack: &Pack) -> Result<Seq2seq, PackError> {
        let model = Seq2seq::load(pack)?;
        canary::ask(&model, pack::DECODER)?;
        Ok(model)
    }

    /// Loads the model of a pack that has no canary yet, to find one.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn load(pack: &Pack) -> Result<Seq2seq, PackError> {
        let card = pack.card.clone();
        let lexicon = Lexicon::read(pack)?;
        if !(1..=64).contains(&card.window) {
            return Err(PackError::Card(format!("its window is {}, not 1 to 64 notes", card.window)));
        }
        let refuse = |file: &str| {
            let (id, file) = (card.id.clone(), file.to_owned());
            move |reason| PackError::Network { id, file, reason }
        };
        let words = lexicon.vocabulary().len();
        let states = [1, card.window, HIDDEN];
        let encoder_in: [Input<'_>; 1] = [("tokens", Holds::Ids, &[1, card.window])];
        let mut decoder_in: Vec<Input<'_>> = vec![
            ("token", Holds::Ids, &[1]),
            ("h", Holds::Numbers, &[1, HIDDEN]),
            ("c", Holds::Numbers, &[1, HIDDEN]),
            ("gates", Holds::Numbers, &[1, 4 * HIDDEN]),
        ];
        let base = [1, words];
        decoder_in.push(("base", Holds::Numbers, &base));
        if attends(&card) {
            decoder_in.push(("states", Holds::Numbers, &states));
        }
        let graphs = (pack.file(pack::ENCODER)?, pack.file(pack::DECODER)?);
        // Side by side: somebody waits for the first answer.
        let load = || Network::load(graphs.0, &encoder_in);
        let (encoder, decoder) = thread::scope(|scope| {
            let beside = thread::Builder::new().spawn_scoped(scope, load);
            let decoder = Network::load(graphs.1, &decoder_in);
            // Without a thread to spare, one after the other.
            let encoder = beside.map_or_else(|_| load(), |thread| thread.join().unwrap_or_else(|_| load()));
            (encoder, decoder)
        });
        let encoder = encoder.map_err(refuse(pack::ENCODER))?;
        let decoder = decoder.map_err(refuse(pack::DECODER))?;
        Ok(Seq2seq { card, lexicon, encoder, decoder })
    }

    /// The tokens that the model takes to be likeliest after a prompt at home, as a canary holds them, each with
    /// its lead over the second likeliest in nats.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn likeliest(&self, prompt: &[Token], count: usize) -> Result<Vec<(Token, f32)>, String> {
        next_token::likeliest(self, prompt, count)
    }

    /// The network's scores of each token of a line after its first window, given those before it: what is measured
    /// when a model is compared with others.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn teacher_forced(&self, line: &[usize]) -> Result<Vec<Vec<f32>>, String> {
        next_token::teacher_forced(self, line)
    }

    /// The tokens that the model knows.
    pub fn vocabulary(&self) -> &Vocabulary {
        self.lexicon.vocabulary()
    }
}

fn attends(card: &Card) -> bool {
    card.kind == Kind::Seq2seqAttention
}

impl NextToken for Seq2seq {
    fn card(&self) -> &Card {
        &self.card
    }

    fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    fn begin(&self) -> Result<Box<dyn next_token::Walk>, String> {
        Ok(Box::new(Walk::begin(self)?))
    }

    fn sight(&self) -> String {
        let window = self.card.window;
        format!("given those before it in its block of {window} and the {window} before that block")
    }
}

impl Generator for Seq2seq {
    fn card(&self) -> &Card {
        &self.card
    }

    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        next_token::generate(self, request, cancel)
    }

    fn score(&self, melody: &Phrase) -> Result<Score, GenerateError> {
        next_token::score(self, melody)
    }

    fn strangers(&self, prompt: &Phrase) -> usize {
        self.lexicon.strangers(&Prompt::of(prompt).tokens)
    }
}
