//! Paper A's plain network at play: the last token in, the odds of the next one out.
//!
//! One graph: `token [rows]` (ids) to `scores [rows, vocabulary]`.

use melody::{Phrase, Prompt, Token, Vocabulary};

use crate::inference::{self, Holds, Input, Network, Runner};
use crate::next_token::{self, Lexicon, NextToken, Walk, canary};
use crate::pack::{self, Card, Pack, PackError};
use crate::request::Request;
use crate::{Cancel, Candidate, GenerateError, Generator, Score};

/// A plain network ready to say which note comes next.
pub struct Dnn {
    card: Card,
    lexicon: Lexicon,
    network: Network,
}

impl Dnn {
    /// Loads the model of a pack and asks it the card's canary.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn open(pack: &Pack) -> Result<Dnn, PackError> {
        let model = Dnn::load(pack)?;
        canary::ask(&model, pack::MODEL)?;
        Ok(model)
    }

    /// Loads the model of a pack that has no canary yet, to find one.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn load(pack: &Pack) -> Result<Dnn, PackError> {
        let card = pack.card.clone();
        let lexicon = Lexicon::read(pack)?;
        if card.window != 1 {
            return Err(PackError::Card(format!("its window is {}, and a DNN hears one note", card.window)));
        }
        let inputs: [Input<'_>; 1] = [("token", Holds::Ids, &[1])];
        let network = Network::load(pack.file(pack::MODEL)?, &inputs).map_err(|reason| {
            PackError::Network { id: card.id.clone(), file: pack::MODEL.to_owned(), reason }
        })?;
        Ok(Dnn { card, lexicon, network })
    }

    /// The tokens that the model takes to be likeliest after a prompt at home, as a canary holds them, each with
    /// its lead over the second likeliest in nats.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn likeliest(&self, prompt: &[Token], count: usize) -> Result<Vec<(Token, f32)>, String> {
        next_token::likeliest(self, prompt, count)
    }

    /// The network's scores of each token of a line after its first, given the one before it.
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

impl NextToken for Dnn {
    fn card(&self) -> &Card {
        &self.card
    }

    fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    fn begin(&self) -> Result<Box<dyn Walk>, String> {
        let words = self.lexicon.vocabulary().len();
        Ok(Box::new(Steps { words, runner: self.network.runner()?, scores: Vec::new() }))
    }

    fn sight(&self) -> String {
        "given the one before it".to_owned()
    }
}

impl Generator for Dnn {
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

/// One line's way through the graph; nothing goes from step to step.
struct Steps {
    words: usize,
    runner: Runner,
    scores: Vec<f32>,
}

impl Walk for Steps {
    fn next(&mut self, past: &[usize]) -> Result<&[f32], String> {
        let last = inference::known(*past.last().ok_or("the prompt is empty")?, self.words)?;
        let outputs = self.runner.run([inference::ids(&[last], &[1])?].into_iter().collect())?;
        let [scores] = outputs.as_slice() else {
            return Err("it has other outputs than its kind".to_owned());
        };
        inference::keep(scores, self.words, &mut self.scores)?;
        Ok(&self.scores)
    }
}
