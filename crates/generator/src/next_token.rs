//! What all models have in common that give the odds of the next token: answers, suggestions, scores, canaries.

use melody::{Phrase, Prompt, Ticks, Token};

use crate::answer::{self, Answer};
use crate::pack::Card;
use crate::request::{Request, RequestError, Task};
use crate::sampling::{self, Dice};
use crate::steering::Steering;
use crate::{Cancel, Candidate, GenerateError, Look, Score};

pub(crate) mod canary;
pub(crate) mod lexicon;
mod surprise;

pub(crate) use lexicon::Lexicon;

/// A model that gives the odds of the token after those that it hears; it needs [`Card::window`] of them.
pub(crate) trait NextToken {
    /// What the model's pack says of itself.
    fn card(&self) -> &Card;

    /// The tokens that the model knows.
    fn lexicon(&self) -> &Lexicon;

    /// Starts on one line of tokens.
    fn begin(&self) -> Result<Box<dyn Walk>, String>;

    /// What it knows when it gives a token's odds, to follow the words "each later one".
    fn sight(&self) -> String;
}

/// A network on its way along one line of tokens.
pub(crate) trait Walk {
    /// The scores (logits) of the token after `past`, which has grown by one since the call before.
    fn next(&mut self, past: &[usize]) -> Result<&[f32], String>;

    /// Where the network looked during the last step.
    fn gaze(&self) -> Option<Gaze<'_>> {
        None
    }
}

/// Shares of attention, which sum to 1, on tokens that follow one another in the past.
pub(crate) struct Gaze<'a> {
    /// The place in the past of the first of them.
    pub first: usize,
    /// The share of each.
    pub shares: &'a [f32],
}

/// Answers a request to continue or for ranked next notes.
pub(crate) fn generate(
    model: &dyn NextToken,
    request: &Request,
    cancel: &Cancel,
) -> Result<Vec<Candidate>, GenerateError> {
    crate::check(model.card(), request, &[Task::Continue, Task::Next])?;
    let prompt = Prompt::of(&request.prompt);
    let (heard, needed) = (prompt.notes(), model.card().window);
    if heard < needed {
        return Err(RequestError::ShortPrompt { heard, needed }.into());
    }
    let steering = Steering::of(request, &prompt.home, model.lexicon().vocabulary());
    if request.task == Task::Next {
        return suggestions(model, request, &prompt, &steering);
    }
    let seeds = (0..request.count).map(|number| request.seed.wrapping_add(u64::from(number)));
    seeds.map(|seed| candidate(model, request, (&prompt, &steering), seed, cancel)).collect()
}

/// The tokens heard and proposed so far, with where they start in ticks from the answer's time zero.
struct Past {
    ids: Vec<usize>,
    onsets: Vec<Ticks>,
}

impl Past {
    fn of(lexicon: &Lexicon, prompt: &Prompt) -> Past {
        Past { ids: lexicon.ids(&prompt.tokens), onsets: prompt.onsets.clone() }
    }

    /// Leaves out the rest after the last note and moves time zero to that note's end.
    fn cut_after_its_last_note(mut self, prompt: &Prompt) -> Past {
        let last = prompt.tokens.iter().rposition(|token| !token.is_rest());
        let kept = last.map_or(0, |place| place + 1);
        let end = self.onsets.get(kept).copied().unwrap_or(Ticks::ZERO);
        self.ids.truncate(kept);
        self.onsets.truncate(kept);
        self.onsets.iter_mut().for_each(|onset| *onset -= end);
        self
    }

    fn push(&mut self, id: usize, onset: Ticks) {
        self.ids.push(id);
        self.onsets.push(onset);
    }

    fn looks(&self, gaze: Option<Gaze<'_>>) -> Vec<Look> {
        let Some(Gaze { first, shares }) = gaze else { return Vec::new() };
        let onsets = self.onsets.iter().skip(first);
        onsets.zip(shares).map(|(onset, weight)| Look { onset: *onset, weight: *weight }).collect()
    }
}

fn candidate(
    model: &dyn NextToken,
    request: &Request,
    (prompt, steering): (&Prompt, &Steering<'_>),
    seed: u64,
    cancel: &Cancel,
) -> Result<Candidate, GenerateError> {
    let fail = failure(model);
    let mut past = Past::of(model.lexicon(), prompt);
    let mut walk = model.begin().map_err(&fail)?;
    let mut dice = Dice::new(seed);
    let (mut leaned, mut order) = (Vec::new(), Vec::new());
    let mut answer = Answer::new(prompt, request.bars);
    while !answer.is_full() {
        if cancel.is_cancelled() {
            return Err(GenerateError::Cancelled);
        }
        let scores = walk.next(&past.ids).map_err(&fail)?;
        leaned.clear();
        leaned.extend_from_slice(scores);
        steering.lean(answer.filled(), &mut leaned);
        let id = sampling::draw(&leaned, request.temperature, request.top_p, &mut dice, &mut order);
        let own = sampling::probability(scores, id);
        let (token, looks) = (model.lexicon().vocabulary().tokens()[id], past.looks(walk.gaze()));
        past.push(id, answer.filled());
        answer.push_seen(token, own, looks);
    }
    Ok(answer.finish(seed))
}

/// The likeliest tokens right after the last note, each a candidate; a chord leans as on an answer's first note.
fn suggestions(
    model: &dyn NextToken,
    request: &Request,
    prompt: &Prompt,
    steering: &Steering<'_>,
) -> Result<Vec<Candidate>, GenerateError> {
    let fail = failure(model);
    let past = Past::of(model.lexicon(), prompt).cut_after_its_last_note(prompt);
    let mut walk = model.begin().map_err(&fail)?;
    let mut leaned = walk.next(&past.ids).map_err(&fail)?.to_vec();
    let looks = past.looks(walk.gaze());
    let mut own = leaned.clone();
    sampling::softmax(&mut own);
    steering.lean(Ticks::ZERO, &mut leaned);
    let mut ranked = ranked(&leaned);
    ranked.retain(|(score, _)| *score > f32::NEG_INFINITY);
    ranked.truncate(request.count as usize);
    let tokens = model.lexicon().vocabulary().tokens();
    let one = |(_, id): (f32, usize)| answer::single(prompt, tokens[id], own[id], &looks, request.seed);
    Ok(ranked.into_iter().map(one).collect())
}

/// Scores with their ids, the highest first.
fn ranked(scores: &[f32]) -> Vec<(f32, usize)> {
    let mut ranked: Vec<(f32, usize)> = scores.iter().copied().zip(0..).collect();
    ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked
}

/// The surprise of a model over a whole melody, as it would have met it while playing.
pub(crate) fn score(model: &dyn NextToken, melody: &Phrase) -> Result<Score, GenerateError> {
    let prompt = Prompt::of(melody);
    if prompt.notes() == 0 {
        return Err(RequestError::EmptyPrompt.into());
    }
    surprise::score(model, &prompt).map_err(failure(model))
}

/// The tokens that the model takes to be likeliest after a prompt at home, each with its lead over the second
/// likeliest in nats.
pub(crate) fn likeliest(
    model: &dyn NextToken,
    prompt: &[Token],
    count: usize,
) -> Result<Vec<(Token, f32)>, String> {
    let mut past = model.lexicon().ids(prompt);
    let mut walk = model.begin()?;
    let mut answer = Vec::with_capacity(count);
    for _ in 0..count {
        let ranked = ranked(walk.next(&past)?);
        let lead = ranked.get(1).map_or(f32::INFINITY, |second| ranked[0].0 - second.0);
        past.push(ranked[0].1);
        answer.push((model.lexicon().vocabulary().tokens()[ranked[0].1], lead));
    }
    Ok(answer)
}

/// The scores of each token of a line after the first window, given those before it.
pub(crate) fn teacher_forced(model: &dyn NextToken, line: &[usize]) -> Result<Vec<Vec<f32>>, String> {
    let mut walk = model.begin()?;
    (model.card().window..line.len()).map(|place| walk.next(&line[..place]).map(<[f32]>::to_vec)).collect()
}

fn failure(model: &dyn NextToken) -> impl Fn(String) -> GenerateError {
    move |reason| GenerateError::Network { model: model.card().name.clone(), reason }
}

#[cfg(test)]
mod tests;
