//! The house model at play: one step a note, with the tune's own memory mixed into the odds.
//!
//! An LSTM hears the notes one by one. For each aspect of the next note (rest before, pitch, length; each knows those before
//! it) it gives odds of its own and, by how well things speak for them, how far to trust the twelve witnesses of
//! [`melody::memory`] instead: the odds are the mixture of all.
//!
//! Four graphs. The body takes what is told before a note, `told [rows, `[`input::BODY`]`]`, with the states `h0`, `c0`, `h1`,
//! ... `[rows, hidden]` of its layers, and gives `rest`, `pitch`, `length` `[rows, inner]`, then the next states. The head of
//! each aspect takes its own of these as `inner` with what is told of the aspect, `told [rows, `[`input::HEADS`]`]`, and gives
//! `scores [rows, values]` and `gates [rows, 13]`: for the network itself, then for each witness.

use melody::steps::{Aspect, Step};
use melody::{Phrase, Prompt, Ticks, Token};

use crate::pack::{self, Card, Pack, PackError};
use crate::request::{Request, RequestError, Task};
use crate::{Cancel, Candidate, GenerateError, Generator, Score};

mod heard;
pub mod input;
mod kept;
mod mixture;
mod networks;
pub mod novelty;
mod ranking;
mod suggestions;
mod voice;
mod wishes;

use heard::Heard;
use kept::Kept;
use mixture::Mixture;
use networks::{Networks, ROWS, Walk};
use novelty::Runs;
use voice::Voice;
use wishes::Wishes;

/// The longest answer that a canary may have, in tokens.
const LONGEST_CANARY: usize = 64;
/// How often an answer is made until it is no copy.
const ATTEMPTS: u32 = 4;
/// How many seeds are tried for each answer that is asked for, until all are different.
const SEEDS: usize = 3;
/// After so many runs that brought nothing new there is nothing new.
const IN_VAIN: usize = 3;

/// The house model, ready to answer.
pub struct House {
    card: Card,
    networks: Networks,
    /// What it must not give back.
    runs: Option<Runs>,
}

impl House {
    /// Loads the model of a pack and asks it the card's canary.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn open(pack: &Pack) -> Result<House, PackError> {
        let model = House::load(pack)?;
        let Some(canary) = &model.card.canary else {
            return Err(PackError::Card(
                "it has no canary, so nobody can tell whether the model works".to_owned(),
            ));
        };
        if canary.prompt.is_empty() || canary.answer.len() > LONGEST_CANARY {
            return Err(PackError::Card("its canary is too short or too long".to_owned()));
        }
        let refuse =
            |reason| PackError::Network { id: model.card.id.clone(), file: pack::BODY.to_owned(), reason };
        let found = model.likeliest(&canary.prompt, canary.answer.len()).map_err(refuse)?;
        canary.hear(&model.card.id, found.into_iter().map(|(token, _)| token))?;
        Ok(model)
    }

    /// Loads the model of a pack that has no canary yet, to find one.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn load(pack: &Pack) -> Result<House, PackError> {
        let refuse = |reason| PackError::Runs { id: pack.card.id.clone(), reason };
        let runs = pack.file(pack::RUNS).ok().map(Runs::from_bytes).transpose().map_err(refuse)?;
        Ok(House { card: pack.card.clone(), networks: Networks::load(pack)?, runs })
    }

    /// The tokens that the model takes to be likeliest after a prompt at home in quarters of four to the bar, as a canary
    /// holds them, each with its lead over the second likeliest in nats.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn likeliest(&self, prompt: &[Token], count: usize) -> Result<Vec<(Token, f32)>, String> {
        let notes = melody::tokens::decode(prompt, Ticks::ZERO, |_| 80);
        let phrase = Phrase::new(notes, melody::Meter::COMMON, melody::Tempo::DEFAULT);
        let prompt = Prompt::of(&phrase);
        let mut walk = self.networks.walk()?;
        let mut voice = Voice::of(&Step::of_prompt(&prompt), prompt.meter, None);
        walk.hear(&voice)?;
        let mut answer = Vec::with_capacity(count + 1);
        while answer.len() < count {
            walk.go_on(&[&voice], None)?;
            let (mut step, mut lead) = (voice.begin(), f32::INFINITY);
            for aspect in Aspect::ALL {
                let mixture = walk.odds(aspect, &[(&voice, &step)])?.remove(0);
                let (value, ahead) = mixture.likeliest();
                step = voice.with(step, aspect, value);
                lead = lead.min(ahead);
            }
            let rest = step.onset - voice.end();
            if rest > Ticks::ZERO {
                answer.push((Token::rest(rest), lead));
            }
            answer.push((Token::note(step.pitch(), step.end - step.onset), lead));
            voice.sing(step, 1.0);
        }
        answer.truncate(count);
        Ok(answer)
    }

    /// The odds that the model gives to each note of a line at home, aspect by aspect, given those before it: what is measured
    /// when a model is compared with others.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn teacher_forced(&self, steps: &[Step], meter: melody::Meter) -> Result<Vec<[f32; 3]>, String> {
        let mut walk = self.networks.walk()?;
        let Some(first) = steps.first() else { return Ok(Vec::new()) };
        let mut voice = Voice::starting(first.onset.floor_to(meter.bar()), meter, None);
        let mut odds = Vec::with_capacity(steps.len());
        for step in steps {
            walk.go_on(&[&voice], None)?;
            let mut told = [0.0; 3];
            for aspect in Aspect::ALL {
                let mixture = walk.odds(aspect, &[(&voice, step)])?.remove(0);
                told[aspect as usize] = mixture.odds[usize::from(step.word[aspect as usize])];
            }
            odds.push(told);
            voice.sing(*step, 1.0);
        }
        Ok(odds)
    }

    fn fail(&self) -> impl Fn(String) -> GenerateError {
        let model = self.card.name.clone();
        move |reason| GenerateError::Network { model: model.clone(), reason }
    }

    /// As many answers as are asked for. A seed that gives what another gave already is passed over for a later one, as long
    /// as later ones bring something new: each answer is what its own seed gives.
    fn different(
        &self,
        request: &Request,
        heard: &Heard,
        begun: (&Walk<'_>, &Voice),
        cancel: &Cancel,
    ) -> Result<Vec<Candidate>, GenerateError> {
        let count = request.count as usize;
        let (mut all, mut twins) = (Vec::with_capacity(count), Vec::new());
        let (mut tried, mut vain) = (0, 0);
        while all.len() < count && tried < count * SEEDS && vain < IN_VAIN {
            // What is left to the count first, so that a request for few pays for no more.
            let rows = if tried < count { (count - tried).min(ROWS) } else { ROWS };
            let seeds: Vec<u64> =
                (tried..tried + rows).map(|number| request.seed.wrapping_add(number as u64)).collect();
            let before = all.len();
            for candidate in self.originals(request, heard, &seeds, begun, cancel)? {
                let is_twin = all.iter().any(|other: &Candidate| other.phrase == candidate.phrase);
                let place = if is_twin { &mut twins } else { &mut all };
                place.push(candidate);
            }
            tried += rows;
            vain = if all.len() == before { vain + 1 } else { 0 };
        }
        all.extend(twins);
        all.truncate(count);
        Ok(all)
    }

    /// The answers of up to [`ROWS`] seeds. What gives a known tune back is made again, with other dice.
    fn originals(
        &self,
        request: &Request,
        heard: &Heard,
        seeds: &[u64],
        (walk, voice): (&Walk<'_>, &Voice),
        cancel: &Cancel,
    ) -> Result<Vec<Candidate>, GenerateError> {
        let words = |steps: &[Step]| steps.iter().map(|step| step.word).collect::<Vec<_>>();
        let played = words(&heard.steps);
        let is_copy = |voice: &Voice| {
            self.runs
                .as_ref()
                .is_some_and(|runs| runs.are_copied(&played, &words(&voice.steps()[played.len()..])))
        };
        let kept: Vec<Kept> = seeds.iter().map(|seed| heard.kept(request, *seed)).collect();
        let mut sung: Vec<Option<Voice>> = vec![None; seeds.len()];
        for attempt in 0..ATTEMPTS {
            let open: Vec<usize> = (0..seeds.len()).filter(|place| sung[*place].is_none()).collect();
            if open.is_empty() {
                break;
            }
            let begin = |place: &usize| {
                let seed = seeds[*place] ^ u64::from(attempt) << 56;
                voice.answering(seed, heard.told, heard.length()).keeping(kept[*place].clone())
            };
            let voices = open.iter().map(begin).collect();
            let mut walk = walk.again().map_err(self.fail())?;
            for (place, voice) in open.into_iter().zip(self.sing(request, heard, voices, &mut walk, cancel)?)
            {
                // After so many copies the last one is let through: the player is not left without an answer.
                if attempt + 1 == ATTEMPTS || !is_copy(&voice) {
                    sung[place] = Some(voice);
                }
            }
        }
        let finish = |((voice, seed), kept): ((Voice, &u64), &Kept)| {
            heard.restore(voice.finish(&heard.prompt, heard.bars, *seed), kept, request)
        };
        Ok(sung.into_iter().flatten().zip(seeds).zip(&kept).map(finish).collect())
    }

    /// Lets up to [`ROWS`] voices answer side by side.
    fn sing(
        &self,
        request: &Request,
        heard: &Heard,
        mut voices: Vec<Voice>,
        walk: &mut Walk<'_>,
        cancel: &Cancel,
    ) -> Result<Vec<Voice>, GenerateError> {
        let fail = self.fail();
        let wishes = Wishes::of(request, &heard.prompt.home).thickened_to(heard.thickness);
        let length = heard.length();
        while voices.iter().any(|voice| !voice.is_done()) {
            if cancel.is_cancelled() {
                return Err(GenerateError::Cancelled);
            }
            let all: Vec<&Voice> = voices.iter().collect();
            walk.go_on(&all, Some(length)).map_err(&fail)?;
            let mut steps: Vec<Step> = voices.iter().map(Voice::begin).collect();
            let mut odds = vec![1.0_f32; voices.len()];
            for aspect in Aspect::ALL {
                let asked: Vec<(&Voice, &Step)> = voices.iter().zip(&steps).collect();
                let mixtures: Vec<Mixture> = walk.odds(aspect, &asked).map_err(&fail)?;
                for (((voice, step), odds), mixture) in
                    voices.iter_mut().zip(&mut steps).zip(&mut odds).zip(mixtures)
                {
                    let value = voice.choose(aspect, step, &mixture, &wishes, request);
                    *odds *= mixture.odds[usize::from(value)];
                    *step = voice.with(*step, aspect, value);
                }
            }
            for ((voice, step), odds) in voices.iter_mut().zip(steps).zip(odds) {
                voice.sing(step, odds);
            }
        }
        Ok(voices)
    }
}

impl Generator for House {
    fn card(&self) -> &Card {
        &self.card
    }

    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        crate::check(&self.card, request, &[Task::Continue, Task::Vary, Task::Fill, Task::Next])?;
        let heard = Heard::of(request)?;
        let fail = self.fail();
        let voice = Voice::of(&heard.steps, heard.prompt.meter, request.style);
        let mut walk = self.networks.walk().map_err(&fail)?;
        walk.hear(&voice).map_err(&fail)?;
        if request.task == Task::Next {
            return suggestions::ranked(request, &heard.prompt, (&mut walk, &voice)).map_err(&fail);
        }
        let mut all = self.different(request, &heard, (&walk, &voice), cancel)?;
        if request.task == Task::Vary {
            all.sort_by(|one, other| f32::total_cmp(&likeness(other), &likeness(one)));
            return Ok(all);
        }
        // Of a gap at the beginning what stands after it is all that was played.
        let played = request.goal.as_ref().filter(|_| request.prompt.is_empty()).unwrap_or(&request.prompt);
        Ok(ranking::ranked(all, played))
    }

    fn score(&self, melody: &Phrase) -> Result<Score, GenerateError> {
        let prompt = Prompt::of(melody);
        let steps = Step::of_prompt(&prompt);
        if steps.is_empty() {
            return Err(RequestError::EmptyPrompt.into());
        }
        let odds = self.teacher_forced(&steps, prompt.meter).map_err(self.fail())?;
        let surprise = |(place, odds): (usize, &[f32; 3])| -> f64 {
            // Where a melody starts is given.
            let counted = if place == 0 { &odds[1..] } else { &odds[..] };
            counted.iter().map(|odds| -f64::from(*odds).ln()).sum()
        };
        let counted = "the rest before, pitch and length of every note of the line, in C major or A minor, each given those \
                       before it; where the line starts in its bar is given";
        Ok(Score {
            nats: odds.iter().enumerate().map(surprise).sum(),
            notes: steps.len(),
            replaced: 0,
            counted: counted.to_owned(),
        })
    }
}

/// How much of the phrase a variation has.
fn likeness(variation: &Candidate) -> f32 {
    variation.similarity.unwrap_or_default()
}

#[cfg(test)]
mod tests;
