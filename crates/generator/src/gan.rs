//! Paper A's GAN at play: a hundred random numbers become a hundred notes and rests at one stroke.
//!
//! One graph: `z [rows, 100]` (each from -1 to 1) to `scores [rows, 100 x width]`, `width` scores for each place of the
//! melody. These are the scores of the vocabulary's tokens, or, where the vocabulary is every pitch (and the rest)
//! with every length, those of all pitches and then those of all lengths, which are chosen apart ([`Layout`]).
//!
//! A seed gives one melody at home (C major or A minor around G4). A melody that is too short for the bars that are
//! asked for is followed by that of the next hundred random numbers.

use melody::{Prompt, Token, Vocabulary};

use crate::answer::Answer;
use crate::inference::{self, Holds, Input, Network, Runner};
use crate::next_token::Lexicon;
use crate::pack::{self, Card, Pack, PackError};
use crate::request::{Request, Task};
use crate::sampling::{self, Dice};
use crate::steering::Steering;
use crate::{Cancel, Candidate, GenerateError, Generator, tonality};

mod layout;

pub use layout::Layout;

/// Random numbers that a melody is made from (paper A, "GAN").
pub const NOISE: usize = 100;
/// Notes and rests of one melody (paper A, "GAN").
pub const NOTES: usize = 100;
/// The longest answer that a canary may have, in tokens.
const LONGEST_CANARY: usize = 64;

/// A generator of melodies, ready to answer.
pub struct Gan {
    card: Card,
    lexicon: Lexicon,
    layout: Layout,
    network: Network,
}

impl Gan {
    /// Loads the model of a pack and asks it the card's canary: the likeliest tokens that it makes of seed 0, without
    /// a prompt.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn open(pack: &Pack) -> Result<Gan, PackError> {
        let model = Gan::load(pack)?;
        model.ask_canary()?;
        Ok(model)
    }

    /// Loads the model of a pack that has no canary yet, to find one.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn load(pack: &Pack) -> Result<Gan, PackError> {
        let card = pack.card.clone();
        let refuse =
            |reason| PackError::Network { id: card.id.clone(), file: pack::MODEL.to_owned(), reason };
        let lexicon = Lexicon::read(pack)?;
        let inputs: [Input<'_>; 1] = [("z", Holds::Numbers, &[1, NOISE])];
        let network = Network::load(pack.file(pack::MODEL)?, &inputs).map_err(refuse)?;
        let scores = run(&mut network.runner().map_err(refuse)?, &[0.0; NOISE]).map_err(refuse)?;
        let layout = Layout::of(lexicon.vocabulary(), scores.len(), NOTES).map_err(refuse)?;
        Ok(Gan { card, lexicon, layout, network })
    }

    /// The tokens that the model knows.
    pub fn vocabulary(&self) -> &Vocabulary {
        self.lexicon.vocabulary()
    }

    /// The likeliest token at each of the hundred places of a seed's melody at home, each with its lead over the
    /// second likeliest in nats.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn likeliest(&self, seed: u64) -> Result<Vec<(Token, f32)>, String> {
        let mut leading = Vec::with_capacity(NOTES);
        for mut scores in self.melody(&noise(&mut Dice::new(seed)))? {
            sampling::softmax(&mut scores);
            let mut ranked: Vec<(f32, usize)> = scores.into_iter().zip(0..).collect();
            ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let lead = ranked.get(1).map_or(f32::INFINITY, |second| (ranked[0].0 / second.0).ln());
            leading.push((self.vocabulary().tokens()[ranked[0].1], lead));
        }
        Ok(leading)
    }

    /// The hundred tokens at home that a seed gives at this temperature and top-p, without any other wish.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn tokens(&self, seed: u64, temperature: f32, top_p: f32) -> Result<Vec<Token>, String> {
        let (mut noises, mut dice) = dice(seed);
        let mut order = Vec::new();
        let mut draw = |scores: Vec<f32>| sampling::draw(&scores, temperature, top_p, &mut dice, &mut order);
        let places = self.melody(&noise(&mut noises))?.into_iter();
        Ok(places.map(|scores| self.vocabulary().tokens()[draw(scores)]).collect())
    }

    /// The scores of all tokens at each of the hundred places of the melody that 100 numbers from -1 to 1 give.
    ///
    /// # Errors
    /// What tract says where the network does not run, or that there are not 100 numbers.
    pub fn melody(&self, z: &[f32]) -> Result<Vec<Vec<f32>>, String> {
        let raw = run(&mut self.network.runner()?, z)?;
        Ok(raw.chunks(raw.len() / NOTES).map(|place| self.layout.tokens(place)).collect())
    }

    fn ask_canary(&self) -> Result<(), PackError> {
        let id = || self.card.id.clone();
        let Some(canary) = &self.card.canary else {
            return Err(PackError::Card(
                "it has no canary, so nobody can tell whether the model works".to_owned(),
            ));
        };
        if !canary.prompt.is_empty() || !(1..=LONGEST_CANARY).contains(&canary.answer.len()) {
            return Err(PackError::Card("its canary is not 1 to 64 tokens made without a prompt".to_owned()));
        }
        let refuse = |reason| PackError::Network { id: id(), file: pack::MODEL.to_owned(), reason };
        let found = self.likeliest(0).map_err(refuse)?;
        canary.hear(&self.card.id, found.into_iter().map(|(token, _)| token))
    }

    fn candidate(
        &self,
        request: &Request,
        prompt: &Prompt,
        seed: u64,
        cancel: &Cancel,
    ) -> Result<Candidate, GenerateError> {
        let fail = |reason| GenerateError::Network { model: self.card.name.clone(), reason };
        let steering = Steering::of(request, &prompt.home, self.vocabulary());
        let (mut noises, mut dice) = dice(seed);
        let (mut own, mut order) = (Vec::new(), Vec::new());
        let mut answer = Answer::new(prompt, request.bars);
        let mut begun = false;
        while !answer.is_full() {
            if cancel.is_cancelled() {
                return Err(GenerateError::Cancelled);
            }
            let places = self.melody(&noise(&mut noises)).map_err(fail)?;
            for mut scores in places {
                if answer.is_full() {
                    break;
                }
                own.clone_from(&scores);
                sampling::softmax(&mut own);
                steering.lean(answer.filled(), &mut scores);
                let id = sampling::draw(&scores, request.temperature, request.top_p, &mut dice, &mut order);
                let token = self.vocabulary().tokens()[id];
                // A melody may begin like the middle of a real one, with a rest: nobody waits for that.
                if begun || !token.is_rest() {
                    begun = true;
                    answer.push(token, own[id]);
                }
            }
            // A collapsed generator may give nothing but rests; even these fill the bars in the end.
            begun = true;
        }
        Ok(answer.finish(seed))
    }
}

impl Generator for Gan {
    fn card(&self) -> &Card {
        &self.card
    }

    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        crate::check(&self.card, request, &[Task::Fresh])?;
        let prompt = tonality::prompt(request);
        let seeds = (0..request.count).map(|number| request.seed.wrapping_add(u64::from(number)));
        seeds.map(|seed| self.candidate(request, &prompt, seed, cancel)).collect()
    }
}

/// The dice of a seed's noise and of its choices: apart, so that no knob changes which melody a seed means.
fn dice(seed: u64) -> (Dice, Dice) {
    (Dice::new(seed), Dice::new(!seed))
}

/// The next melody's random numbers, from -1 up to, not including, 1.
fn noise(dice: &mut Dice) -> Vec<f32> {
    (0..NOISE).map(|_| (dice.throw() * 2.0 - 1.0) as f32).collect()
}

fn run(runner: &mut Runner, z: &[f32]) -> Result<Vec<f32>, String> {
    let outputs = runner.run([inference::numbers(z, &[1, NOISE])?].into_iter().collect())?;
    let [scores] = outputs.as_slice() else {
        return Err("it has other outputs than its kind".to_owned());
    };
    Ok(inference::read(scores)?.to_vec())
}

#[cfg(test)]
mod tests;
