//! Paper A's variational autoencoder over melody2vec at play: similar phrases, and the way between two.
//!
//! What was played is cut into phrases ([`melody::grouping`]); each phrase has a vector of 100 numbers ([`Bank`]); the
//! encoder makes 10 of them, the decoder 100 again; and the bank's phrase with the highest cosine is the answer. Two
//! graphs: `encoder.onnx` takes `phrase [1, 100]` and gives `latent [1, 10]`, the middle of the posterior;
//! `decoder.onnx` takes `latent` and gives `phrase`.
//!
//! Ten numbers do not hold all that a hundred say. The paper searches with what the decoder gives
//! ([`Vae::reconstruction`]); here what was lost on the way is added again, the less of it the farther the request
//! strays: at neighbourhood 0 the search is for the phrase itself, which is found first, with similarity 1, where the
//! bank has it; at neighbourhood 1 it is for what the decoder makes of a latent some way off.

use std::collections::HashMap;

use melody::Phrase;

mod bank;
mod heard;
mod search;
mod word;

pub use bank::{Bank, BankError, DIMENSIONS, Entry, LATENT, Projection, Vector};
pub use word::{Step, Word};

use crate::inference::{self, Holds, Network, Runner};
use crate::pack::{self, Card, Pack, PackError};
use crate::request::{Request, RequestError, Task};
use crate::sampling::Dice;
use crate::{Cancel, Candidate, GenerateError, Generator};
use heard::Heard;
use search::Search;

/// A latent: 10 numbers, spread over the phrases of the corpus about as a standard normal is.
pub type Latent = [f32; LATENT];

/// How far a latent strays at neighbourhood 1, in standard deviations of the prior.
const STRAY: f32 = 1.0;

/// A variational autoencoder with its phrases, ready to answer.
pub struct Vae {
    card: Card,
    bank: Bank,
    encoder: Network,
    decoder: Network,
}

/// A phrase of the prompt as the model sees it.
#[derive(Clone, Copy)]
struct Theme {
    vector: Vector,
    latent: Latent,
    /// What the way through the latent loses of the vector.
    lost: Vector,
}

impl Vae {
    /// Loads the model of a pack and asks it the card's canary.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn open(pack: &Pack) -> Result<Vae, PackError> {
        let model = Vae::load(pack)?;
        model.ask_canary()?;
        Ok(model)
    }

    /// Loads the model of a pack that has no canary yet, to find one.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn load(pack: &Pack) -> Result<Vae, PackError> {
        let card = pack.card.clone();
        let refuse = |file: &str| {
            let (id, file) = (card.id.clone(), file.to_owned());
            move |reason| PackError::Network { id, file, reason }
        };
        let bank = Bank::read(pack.file(pack::BANK)?)
            .map_err(|error| PackError::Bank { id: card.id.clone(), reason: error.to_string() })?;
        let graph = |file: &str, input, width: usize| {
            Network::load(pack.file(file)?, &[(input, Holds::Numbers, &[1, width])]).map_err(refuse(file))
        };
        let encoder = graph(pack::ENCODER, "phrase", DIMENSIONS)?;
        let decoder = graph(pack::DECODER, "latent", LATENT)?;
        Ok(Vae { card, bank, encoder, decoder })
    }

    /// The phrases that the model answers with.
    pub fn bank(&self) -> &Bank {
        &self.bank
    }

    /// Where each phrase of the bank lies on the map, in the bank's order, each coordinate within -1 to 1: the two
    /// principal components of the latents.
    pub fn map(&self) -> impl ExactSizeIterator<Item = [f32; 2]> {
        (0..self.bank.len()).map(|place| self.bank.point(place).unwrap_or([0.0; 2]))
    }

    /// Where the phrases of what was played lie on the map. `[worker]`
    ///
    /// # Errors
    /// [`GenerateError::Network`] where the encoder does not run.
    pub fn places(&self, played: &Phrase) -> Result<Vec<[f32; 2]>, GenerateError> {
        let mut walk = Walk::begin(self).map_err(|reason| self.failed(reason))?;
        let place = |slot: &heard::Slot| {
            let latent = walk.encode(&self.bank.vector(&slot.word)).map_err(|reason| self.failed(reason))?;
            Ok(self.bank.projection().place(&latent))
        };
        Heard::of(played).slots.iter().map(place).collect()
    }

    /// The phrase of the bank that is nearest to what the decoder makes of the encoded phrase, as in the paper, with
    /// the cosine, and its lead over the next.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn reconstruction(&self, word: &Word) -> Result<(&Word, f32, f32), String> {
        let mut walk = Walk::begin(self)?;
        let latent = walk.encode(&self.bank.vector(word))?;
        let target = walk.decode(&latent)?;
        let mut cosines = Vec::new();
        self.bank.cosines(&[target], 0..self.bank.len(), &mut cosines);
        let (mut best, mut first, mut second) = (0, f32::NEG_INFINITY, f32::NEG_INFINITY);
        for (place, cosine) in cosines.into_iter().enumerate() {
            if cosine > first {
                (best, second, first) = (place, first, cosine);
            } else {
                second = second.max(cosine);
            }
        }
        Ok((&self.bank.words()[best], first, first - second))
    }

    fn ask_canary(&self) -> Result<(), PackError> {
        let Some(canary) = &self.card.canary else {
            let reason = "it has no canary, so nobody can tell whether the model works";
            return Err(PackError::Card(reason.to_owned()));
        };
        let Some(word) = Word::of(&canary.prompt) else {
            return Err(PackError::Card("its canary has no note".to_owned()));
        };
        let id = || self.card.id.clone();
        let refuse = |reason| PackError::Network { id: id(), file: pack::DECODER.to_owned(), reason };
        let found = self.reconstruction(&word).map_err(refuse)?.0.tokens();
        canary.hear(&self.card.id, found)
    }

    fn failed(&self, reason: String) -> GenerateError {
        GenerateError::Network { model: self.card.name.clone(), reason }
    }

    /// Similar phrases, the most similar first. Phrases that are the same in the prompt are the same in each answer,
    /// and no two answers have the same phrase in the same place.
    fn vary(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        let heard = listen(&request.prompt)?;
        let mut walk = Walk::begin(self).map_err(|reason| self.failed(reason))?;
        let mut picks: HashMap<&Word, Vec<(usize, f32)>> = HashMap::new();
        for (number, slot) in heard.slots.iter().enumerate() {
            if picks.contains_key(&slot.word) {
                continue;
            }
            let theme = walk.theme(&self.bank.vector(&slot.word)).map_err(|reason| self.failed(reason))?;
            let latent = match request.shift {
                Some(by) => self.bank.projection().moved(&theme.latent, by),
                None => theme.latent,
            };
            // Whoever has gone away on the map does not want what was left behind.
            let lost = 1.0 - request.neighbourhood.max(distance(request.shift));
            let mut targets = Vec::new();
            for candidate in 0..request.count {
                if cancel.is_cancelled() {
                    return Err(GenerateError::Cancelled);
                }
                let mut dice = Dice::new(request.seed.wrapping_add(u64::from(candidate)));
                let strayed = strayed(&latent, request.neighbourhood * STRAY, &mut dice, number);
                let target = walk.target(&strayed, &theme.lost, lost);
                targets.push(target.map_err(|reason| self.failed(reason))?);
                if request.neighbourhood == 0.0 {
                    break;
                }
            }
            let mut search = Search::new(&self.bank, slot, &targets);
            let pick = |candidate: u32| {
                // Without a neighbourhood all candidates search for the same.
                let place = search.pick((candidate as usize).min(targets.len() - 1));
                (place, self.likeness(&theme.vector, place))
            };
            let picked: Vec<(usize, f32)> = (0..request.count).map(pick).collect();
            picks.insert(&slot.word, picked);
        }
        let answer = |candidate: usize| {
            let picked: Vec<(usize, f32)> =
                heard.slots.iter().map(|slot| picks[&slot.word][candidate]).collect();
            self.answer(&heard, &picked, request.seed)
        };
        let mut candidates: Vec<Candidate> = (0..request.count as usize).map(answer).collect();
        candidates.sort_by(|a, b| b.similarity.unwrap_or(0.0).total_cmp(&a.similarity.unwrap_or(0.0)));
        Ok(candidates)
    }

    /// The steps from the prompt to the goal. Both ends are there as they were played, and between them stand phrases of
    /// the bank, within each half another at every step: the first half keeps the prompt's division into
    /// phrases, the second half the goal's; each phrase moves towards the one at the same part of the other melody.
    fn morph(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        let from = listen(&request.prompt)?;
        let goal = request.goal.as_ref().ok_or(RequestError::NoGoal)?;
        let to = listen(goal)?;
        let fail = |reason| self.failed(reason);
        let mut walk = Walk::begin(self).map_err(fail)?;
        let mut themes = |heard: &Heard| -> Result<Vec<Theme>, String> {
            heard.slots.iter().map(|slot| walk.theme(&self.bank.vector(&slot.word))).collect()
        };
        let (starts, ends) = (themes(&from).map_err(fail)?, themes(&to).map_err(fail)?);
        let along = |step: u32| step as f32 / (request.count - 1).max(1) as f32;
        let (near, far): (Vec<u32>, Vec<u32>) = (0..request.count).partition(|step| along(*step) < 0.5);
        let mut candidates = Vec::with_capacity(request.count as usize);
        for (steps, frame) in [(near, from.clone()), (far, from.saying(&to))] {
            let count = frame.slots.len();
            let mut picked = vec![Vec::with_capacity(count); steps.len()];
            for (index, slot) in frame.slots.iter().enumerate() {
                if cancel.is_cancelled() {
                    return Err(GenerateError::Cancelled);
                }
                let (start, end) = (&starts[index * starts.len() / count], &ends[index * ends.len() / count]);
                let target = |step: &u32| {
                    let latent = search::on_the_arc(&start.latent, &end.latent, along(*step));
                    let lost = search::on_the_line(&start.lost, &end.lost, along(*step));
                    walk.target(&latent, &lost, 1.0)
                };
                let targets: Result<Vec<Vector>, String> = steps.iter().map(target).collect();
                let mut search = Search::new(&self.bank, slot, &targets.map_err(fail)?);
                for (number, picked) in picked.iter_mut().enumerate() {
                    let place = search.pick(number);
                    picked.push((place, self.likeness(&start.vector, place)));
                }
            }
            candidates.extend(picked.iter().map(|picked| self.answer(&frame, picked, request.seed)));
        }
        if let [first, .., last] = candidates.as_mut_slice() {
            let alike = last.similarity;
            *first = Candidate { similarity: Some(1.0), ..as_played(&request.prompt, request.seed) };
            *last = Candidate { similarity: alike, ..as_played(goal, request.seed) };
        }
        Ok(candidates)
    }

    /// The cosine between a phrase's vector and that of a phrase of the bank: 1 where they are the same.
    fn likeness(&self, vector: &Vector, place: usize) -> f32 {
        let mut cosine = Vec::new();
        self.bank.cosines(std::slice::from_ref(vector), place..place + 1, &mut cosine);
        cosine.first().copied().unwrap_or(0.0)
    }

    /// The candidate of these picks; its similarity is the mean of theirs, each weighing as many notes as the phrase
    /// that it answers.
    fn answer(&self, frame: &Heard, picked: &[(usize, f32)], seed: u64) -> Candidate {
        let words: Vec<&Word> = picked.iter().map(|(place, _)| &self.bank.words()[*place]).collect();
        let notes = frame.slots.iter().map(|slot| slot.word.notes() as f32);
        let (sum, weight) = notes.zip(picked).fold((0.0, 0.0), |(sum, weight), (notes, (_, likeness))| {
            (sum + notes * likeness, weight + notes)
        });
        frame.answer(&words, seed, sum / f32::max(weight, 1.0))
    }
}

/// An end of a way: what was played, to the bar line.
fn as_played(played: &Phrase, seed: u64) -> Candidate {
    Candidate { phrase: played.clone().lasting(played.whole_bars()), seed, ..Candidate::default() }
}

/// The phrases of what was played.
fn listen(played: &Phrase) -> Result<Heard, RequestError> {
    let heard = Heard::of(played);
    if heard.slots.is_empty() { Err(RequestError::EmptyPrompt) } else { Ok(heard) }
}

/// How far a shift leads away on the map, at most 1.
fn distance(shift: Option<[f32; 2]>) -> f32 {
    shift.map_or(0.0, |[x, y]| x.hypot(y).min(1.0))
}

/// A latent moved by normal dice of this spread; another phrase of the prompt throws other dice.
fn strayed(latent: &Latent, spread: f32, dice: &mut Dice, number: usize) -> Latent {
    // Phrases throw in turn: the dice of the second are those after the first's.
    (0..number * LATENT).for_each(|_| {
        dice.normal();
    });
    latent.map(|number| number + spread * dice.normal())
}

impl Generator for Vae {
    fn card(&self) -> &Card {
        &self.card
    }

    /// [`Task::Vary`] answers as a set, ranked by similarity: each answer keeps away from the phrases of those before
    /// it, and the set comes again with the request's seed and count. [`Task::Morph`] uses no dice; its candidates are
    /// the steps in order.
    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        crate::check(&self.card, request, &[Task::Vary, Task::Morph])?;
        match request.task {
            Task::Morph => self.morph(request, cancel),
            _ => self.vary(request, cancel),
        }
    }

    fn as_vae(&self) -> Option<&Vae> {
        Some(self)
    }
}

/// The two graphs at work on one thread.
struct Walk {
    encoder: Runner,
    decoder: Runner,
}

impl Walk {
    fn begin(model: &Vae) -> Result<Walk, String> {
        Ok(Walk { encoder: model.encoder.runner()?, decoder: model.decoder.runner()? })
    }

    fn theme(&mut self, vector: &Vector) -> Result<Theme, String> {
        let latent = self.encode(vector)?;
        let decoded = self.decode(&latent)?;
        Ok(Theme { vector: *vector, latent, lost: std::array::from_fn(|at| vector[at] - decoded[at]) })
    }

    /// What to search for: what the decoder makes of a latent, and a share of what was lost.
    fn target(&mut self, latent: &Latent, lost: &Vector, share: f32) -> Result<Vector, String> {
        let decoded = self.decode(latent)?;
        Ok(std::array::from_fn(|at| decoded[at] + share * lost[at]))
    }

    fn encode(&mut self, vector: &Vector) -> Result<Latent, String> {
        run(&mut self.encoder, vector)
    }

    fn decode(&mut self, latent: &Latent) -> Result<Vector, String> {
        run(&mut self.decoder, latent)
    }
}

fn run<const IN: usize, const OUT: usize>(
    runner: &mut Runner,
    given: &[f32; IN],
) -> Result<[f32; OUT], String> {
    let outputs = runner.run([inference::numbers(given, &[1, IN])?].into_iter().collect())?;
    let [output] = outputs.as_slice() else { return Err("it has other outputs than its kind".to_owned()) };
    let numbers = inference::read(output)?;
    numbers.try_into().map_err(|_| format!("it gives {} numbers instead of {OUT}", numbers.len()))
}

#[cfg(test)]
mod tests;
