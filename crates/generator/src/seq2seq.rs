//! Paper A's encoder-decoder at play: five tokens heard, five proposed, then the next five from those.
//!
//! Two graphs. The encoder takes `tokens [rows, window]` (ids) and gives `h [rows, hidden]`, and what the decoder
//! adds at every step: `gates [rows, 4 x hidden]` and `base [rows, vocabulary]`. The decoder takes `token [rows]`,
//! `h`, `c`, `gates`, `base` and gives `scores [rows, vocabulary]` and the next `h` and `c`.

use melody::{Prompt, Token, Vocabulary};

use crate::answer::Answer;
use crate::inference::{self, Holds, Input, Network, Runner};
use crate::pack::{self, Card, Pack, PackError};
use crate::request::{Request, RequestError, Task};
use crate::sampling::{self, Dice};
use crate::steering::Steering;
use crate::{Cancel, Candidate, GenerateError, Generator};

/// Width of the LSTMs' state (paper A).
pub const HIDDEN: usize = 256;

/// A sequence-to-sequence model ready to answer.
pub struct Seq2seq {
    card: Card,
    vocabulary: Vocabulary,
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
        model.ask_canary()?;
        Ok(model)
    }

    /// Loads the model of a pack that has no canary yet, to find one.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn load(pack: &Pack) -> Result<Seq2seq, PackError> {
        let card = pack.card.clone();
        let vocabulary = read_vocabulary(pack)?;
        if !(1..=64).contains(&card.window) {
            return Err(PackError::Card(format!("its window is {}, not 1 to 64 notes", card.window)));
        }
        let refuse = |file: &str| {
            let (id, file) = (card.id.clone(), file.to_owned());
            move |reason| PackError::Network { id, file, reason }
        };
        let words = vocabulary.len();
        let encoder_in: [Input<'_>; 1] = [("tokens", Holds::Ids, &[1, card.window])];
        let decoder_in: [Input<'_>; 5] = [
            ("token", Holds::Ids, &[1]),
            ("h", Holds::Numbers, &[1, HIDDEN]),
            ("c", Holds::Numbers, &[1, HIDDEN]),
            ("gates", Holds::Numbers, &[1, 4 * HIDDEN]),
            ("base", Holds::Numbers, &[1, words]),
        ];
        let encoder = Network::load(pack.file(pack::ENCODER)?, &encoder_in).map_err(refuse(pack::ENCODER))?;
        let decoder = Network::load(pack.file(pack::DECODER)?, &decoder_in).map_err(refuse(pack::DECODER))?;
        Ok(Seq2seq { card, vocabulary, encoder, decoder })
    }

    /// The tokens that the model takes to be likeliest after a prompt at home, as a canary holds them, each with
    /// its lead over the second likeliest in nats.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn likeliest(&self, prompt: &[Token], count: usize) -> Result<Vec<(Token, f32)>, String> {
        let mut past = self.ids(prompt);
        let mut walk = Walk::begin(self)?;
        let mut answer = Vec::with_capacity(count);
        for _ in 0..count {
            let mut ranked: Vec<(f32, usize)> = walk.next(&past)?.iter().copied().zip(0..).collect();
            ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let lead = ranked.get(1).map_or(f32::INFINITY, |second| ranked[0].0 - second.0);
            past.push(ranked[0].1);
            answer.push((self.vocabulary.tokens()[ranked[0].1], lead));
        }
        Ok(answer)
    }

    /// The network's scores of each token of a line after its first window, given those before it: what is measured
    /// when a model is compared with others.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn teacher_forced(&self, line: &[usize]) -> Result<Vec<Vec<f32>>, String> {
        let mut walk = Walk::begin(self)?;
        (self.card.window..line.len()).map(|place| walk.next(&line[..place]).map(<[f32]>::to_vec)).collect()
    }

    /// The tokens that the model knows.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    fn ids(&self, tokens: &[Token]) -> Vec<usize> {
        tokens.iter().map(|token| self.vocabulary.nearest(*token)).collect()
    }

    fn ask_canary(&self) -> Result<(), PackError> {
        let id = || self.card.id.clone();
        let Some(canary) = &self.card.canary else {
            return Err(PackError::Card(
                "it has no canary, so nobody can tell whether the model works".to_owned(),
            ));
        };
        if canary.prompt.len() < self.card.window || canary.answer.len() > 64 {
            return Err(PackError::Card("its canary is too short or too long".to_owned()));
        }
        let refuse = |reason| PackError::Network { id: id(), file: pack::DECODER.to_owned(), reason };
        let found = self.likeliest(&canary.prompt, canary.answer.len()).map_err(refuse)?;
        let found: Vec<Token> = found.into_iter().map(|(token, _)| token).collect();
        if found == canary.answer {
            return Ok(());
        }
        let write = |tokens: &[Token]| tokens.iter().map(Token::to_string).collect::<Vec<_>>().join(" ");
        Err(PackError::Canary { id: id(), expected: write(&canary.answer), found: write(&found) })
    }

    fn candidate(
        &self,
        request: &Request,
        prompt: &Prompt,
        seed: u64,
        cancel: &Cancel,
    ) -> Result<Candidate, GenerateError> {
        let fail = |reason| GenerateError::Network { model: self.card.name.clone(), reason };
        let steering = Steering::of(request, &prompt.home, &self.vocabulary);
        let mut past = self.ids(&prompt.tokens);
        let mut walk = Walk::begin(self).map_err(fail)?;
        let mut dice = Dice::new(seed);
        let (mut leaned, mut own, mut order) = (Vec::new(), Vec::new(), Vec::new());
        let mut answer = Answer::new(prompt, request.bars);
        while !answer.is_full() {
            if cancel.is_cancelled() {
                return Err(GenerateError::Cancelled);
            }
            let scores = walk.next(&past).map_err(fail)?;
            leaned.clear();
            leaned.extend_from_slice(scores);
            own.clone_from(&leaned);
            sampling::softmax(&mut own);
            steering.lean(answer.filled(), &mut leaned);
            let id = sampling::draw(&leaned, request.temperature, request.top_p, &mut dice, &mut order);
            past.push(id);
            answer.push(self.vocabulary.tokens()[id], own[id]);
        }
        Ok(answer.finish(seed))
    }
}

impl Generator for Seq2seq {
    fn card(&self) -> &Card {
        &self.card
    }

    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        crate::check(&self.card, request, &[Task::Continue])?;
        let prompt = Prompt::of(&request.prompt);
        let (heard, needed) = (prompt.notes(), self.card.window);
        if heard < needed {
            return Err(RequestError::ShortPrompt { heard, needed }.into());
        }
        let seeds = (0..request.count).map(|number| request.seed.wrapping_add(u64::from(number)));
        seeds.map(|seed| self.candidate(request, &prompt, seed, cancel)).collect()
    }
}

fn read_vocabulary(pack: &Pack) -> Result<Vocabulary, PackError> {
    let refuse = |reason| PackError::Vocabulary { id: pack.card.id.clone(), reason };
    let vocabulary =
        Vocabulary::read(pack.text(pack::VOCABULARY)?).map_err(|error| refuse(error.to_string()))?;
    let hash = vocabulary.hash();
    if pack.card.vocabulary.as_ref() != Some(&hash) {
        return Err(refuse(format!("the hash of {} is {hash}", pack::VOCABULARY)));
    }
    if vocabulary.len() > 4096 {
        return Err(refuse(format!("it has {} tokens, more than 4096", vocabulary.len())));
    }
    Ok(vocabulary)
}

/// One candidate's way through the two graphs.
struct Walk {
    window: usize,
    words: usize,
    encoder: Runner,
    decoder: Runner,
    /// Steps since the encoder last looked; it looks anew every `window` steps.
    step: usize,
    state: State,
}

/// What goes from step to step.
#[derive(Default)]
struct State {
    h: Vec<f32>,
    c: Vec<f32>,
    gates: Vec<f32>,
    base: Vec<f32>,
    scores: Vec<f32>,
}

impl Walk {
    fn begin(model: &Seq2seq) -> Result<Walk, String> {
        Ok(Walk {
            window: model.card.window,
            words: model.vocabulary.len(),
            encoder: model.encoder.runner()?,
            decoder: model.decoder.runner()?,
            step: 0,
            state: State::default(),
        })
    }

    /// The scores of the token after `past`, which has grown by one since the call before.
    fn next(&mut self, past: &[usize]) -> Result<&[f32], String> {
        if self.step.is_multiple_of(self.window) {
            self.encode(past)?;
        }
        self.step += 1;
        let last = self.known(past.last().copied().ok_or("the prompt is empty")?)?;
        let state = &mut self.state;
        let outputs = self.decoder.run(
            [
                inference::ids(&[last], &[1])?,
                inference::numbers(&state.h, &[1, HIDDEN])?,
                inference::numbers(&state.c, &[1, HIDDEN])?,
                inference::numbers(&state.gates, &[1, 4 * HIDDEN])?,
                inference::numbers(&state.base, &[1, self.words])?,
            ]
            .into_iter()
            .collect(),
        )?;
        let [scores, h, c] = outputs.as_slice() else {
            return Err("it has other outputs than its kind".to_owned());
        };
        keep(scores, self.words, &mut state.scores)?;
        keep(h, HIDDEN, &mut state.h)?;
        keep(c, HIDDEN, &mut state.c)?;
        Ok(&state.scores)
    }

    fn encode(&mut self, past: &[usize]) -> Result<(), String> {
        let heard =
            past.len().checked_sub(self.window).ok_or("the prompt is shorter than the model's window")?;
        let window: Vec<i64> = past[heard..].iter().map(|id| self.known(*id)).collect::<Result<_, _>>()?;
        let outputs =
            self.encoder.run([inference::ids(&window, &[1, self.window])?].into_iter().collect())?;
        let [h, gates, base] = outputs.as_slice() else {
            return Err("it has other outputs than its kind".to_owned());
        };
        let state = &mut self.state;
        keep(h, HIDDEN, &mut state.h)?;
        keep(gates, 4 * HIDDEN, &mut state.gates)?;
        keep(base, self.words, &mut state.base)?;
        state.c.clear();
        state.c.resize(HIDDEN, 0.0);
        Ok(())
    }

    /// A token out of range would make tract panic: it never gets there.
    fn known(&self, id: usize) -> Result<i64, String> {
        if id < self.words { Ok(id as i64) } else { Err(format!("token {id} of {}", self.words)) }
    }
}

fn keep(value: &inference::Value, length: usize, into: &mut Vec<f32>) -> Result<(), String> {
    let numbers = inference::read(value)?;
    if numbers.len() != length {
        return Err(format!("it gives {} numbers instead of {length}", numbers.len()));
    }
    into.clear();
    into.extend_from_slice(numbers);
    Ok(())
}
