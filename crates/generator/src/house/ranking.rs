//! Putting candidates in order: the most usual first, and none beside its twin.
//!
//! A candidate loses for surprising the model more or less than its fellows do in the mean, note by note: a bland one surprises
//! it less, a wild one more, and by the note, long ones and short ones are alike. It also loses a little for playing more or
//! fewer notes a bar than the prompt. Of two that are alike the second goes behind others.

use melody::metrics::rhythm;
use melody::{Note, Phrase};

use crate::Candidate;

/// How far the surprise of a candidate usually is from its fellows', in nats a note.
const SURPRISE: f64 = 0.6;
/// How far the logarithm of its notes a bar usually is from the prompt's, and what that counts beside the surprise.
const DENSITY: (f64, f64) = (0.4, 0.3);
/// What a full likeness to one that is before it costs.
const TWIN: f64 = 6.0;

/// The candidates in order, best first.
pub fn ranked(candidates: Vec<Candidate>, prompt: &Phrase) -> Vec<Candidate> {
    let surprises: Vec<f64> = candidates.iter().map(surprise).collect();
    let usual = surprises.iter().sum::<f64>() / surprises.len().max(1) as f64;
    let faults: Vec<f64> = candidates
        .iter()
        .zip(surprises)
        .map(|(candidate, surprise)| ((surprise - usual) / SURPRISE).powi(2) + thickness(candidate, prompt))
        .collect();
    let mut left: Vec<(f64, Candidate)> = faults.into_iter().zip(candidates).collect();
    let mut order: Vec<Candidate> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let cost = |(fault, candidate): &(f64, Candidate)| {
            let likest =
                order.iter().map(|better| likeness(&better.phrase, &candidate.phrase)).fold(0.0, f64::max);
            fault + TWIN * likest * likest
        };
        let costs: Vec<f64> = left.iter().map(cost).collect();
        let best = (0..left.len()).min_by(|a, b| costs[*a].total_cmp(&costs[*b])).unwrap_or(0);
        order.push(left.remove(best).1);
    }
    order
}

/// How surprised the model is by its own notes, in nats a note.
fn surprise(candidate: &Candidate) -> f64 {
    let nats = candidate.probabilities.iter().map(|odds| -f64::from(odds.max(1e-9)).ln());
    nats.sum::<f64>() / candidate.probabilities.len().max(1) as f64
}

/// What playing more or fewer notes than the prompt costs; silence costs most.
fn thickness(candidate: &Candidate, prompt: &Phrase) -> f64 {
    let (Some(played), Some(made)) = (rhythm::density(prompt), rhythm::density(&candidate.phrase)) else {
        return f64::MAX;
    };
    let (usual, weight) = DENSITY;
    weight * ((made.max(0.1) / played.max(0.1)).ln() / usual).powi(2)
}

/// The share of notes that two phrases have in common, by time and pitch, 0 to 1.
fn likeness(one: &Phrase, other: &Phrase) -> f64 {
    let same = |note: &&Note| other.notes().iter().any(|o| (o.onset, o.pitch) == (note.onset, note.pitch));
    let common = one.notes().iter().filter(same).count();
    common as f64 / one.notes().len().max(other.notes().len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use melody::{Meter, Tempo, Ticks, Token, tokens};

    use super::*;

    fn candidate(text: &str, seed: u64, odds: f32) -> Candidate {
        let tokens: Vec<Token> = text.split(' ').map(|token| token.parse().unwrap()).collect();
        let notes = tokens::decode(&tokens, Ticks::ZERO, |_| 80);
        let probabilities = vec![odds; notes.len()];
        let phrase = Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT).lasting(Ticks::quarters(8));
        Candidate { phrase, seed, probabilities, ..Candidate::default() }
    }

    fn order(all: Vec<Candidate>) -> Vec<u64> {
        let prompt = candidate("C4:1.0 E4:1.0 G4:1.0 F4:1.0 E4:1.0 D4:1.0 C4:2.0", 9, 1.0).phrase;
        ranked(all, &prompt).into_iter().map(|candidate| candidate.seed).collect()
    }

    const NEAR: &str = "D4:1.0 F4:1.0 A4:1.0 G4:1.0 F4:1.0 E4:1.0 D4:2.0";
    const OTHER: &str = "G4:1.0 E4:1.0 C4:1.0 D4:1.0 E4:1.0 F4:1.0 G4:2.0";
    const THIRD: &str = "A4:1.0 G4:1.0 F4:1.0 E4:1.0 D4:1.0 C4:1.0 D4:2.0";

    #[test]
    fn the_bland_and_the_wild_come_after_the_usual() {
        let all = vec![candidate(NEAR, 0, 0.9), candidate(OTHER, 1, 0.2), candidate(THIRD, 2, 0.01)];
        assert_eq!(order(all)[0], 1);
    }

    #[test]
    fn what_is_as_thick_as_the_prompt_comes_first() {
        let all = vec![candidate("C4:4.0 G4:4.0", 0, 0.2), candidate(NEAR, 1, 0.2)];
        assert_eq!(order(all), [1, 0]);
    }

    #[test]
    fn a_twin_goes_behind_what_is_different() {
        let all = vec![candidate(NEAR, 0, 0.2), candidate(NEAR, 1, 0.2), candidate(OTHER, 2, 0.2)];
        let ranks = order(all);
        assert!(ranks[0] == 2 || ranks[1] == 2, "{ranks:?}");
    }

    #[test]
    fn an_empty_candidate_comes_last() {
        let empty = Candidate { seed: 7, ..Candidate::default() };
        assert_eq!(order(vec![empty, candidate(NEAR, 3, 0.2)]), [3, 7]);
    }
}
