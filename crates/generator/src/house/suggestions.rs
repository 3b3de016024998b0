//! Ranked next notes: each pitch right after the last note, with its likeliest length.

use melody::steps::{Aspect, Step};
use melody::{Prompt, Ticks, Token};

use super::{ROWS, Voice, Walk, Wishes};
use crate::Candidate;
use crate::answer;
use crate::request::Request;

/// The likeliest pitches, each with its likeliest length and the probability of both.
pub fn ranked(
    request: &Request,
    prompt: &Prompt,
    (walk, voice): (&mut Walk<'_>, &Voice),
) -> Result<Vec<Candidate>, String> {
    walk.go_on(&[voice], None)?;
    let step = voice.begin();
    let pitches = walk.odds(Aspect::Pitch, &[(voice, &step)])?.remove(0);
    let mut leaned: Vec<f32> = pitches.odds.iter().map(|odds| odds.ln()).collect();
    // A chord leans as on an answer's first note.
    Wishes::of(request, &prompt.home).lean_pitches(&mut leaned, Ticks::ZERO, true);
    let mut ranked: Vec<(f32, u8)> =
        leaned.into_iter().zip(0..).filter(|(score, _)| score.is_finite()).collect();
    ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.truncate(request.count as usize);
    let mut candidates = Vec::with_capacity(ranked.len());
    for some in ranked.chunks(ROWS) {
        // Every row of the body heard this voice.
        let steps: Vec<Step> = some.iter().map(|(_, pitch)| Step { word: [0, *pitch, 0], ..step }).collect();
        let asked: Vec<(&Voice, &Step)> = steps.iter().map(|step| (voice, step)).collect();
        for ((step, (score, _)), lengths) in steps.iter().zip(some).zip(walk.odds(Aspect::Length, &asked)?) {
            let (length, _) = lengths.likeliest();
            let made = voice.with(*step, Aspect::Length, length);
            let odds = pitches.odds[usize::from(step.word[1])] * lengths.odds[usize::from(length)];
            let token = Token::note(made.pitch(), made.end - made.onset);
            let score = score + lengths.odds[usize::from(length)].ln();
            candidates.push((score, answer::single(prompt, token, odds, &[], request.seed)));
        }
    }
    candidates.sort_by(|one, other| f32::total_cmp(&other.0, &one.0));
    Ok(candidates.into_iter().map(|(_, candidate)| candidate).collect())
}
