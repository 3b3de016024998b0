//! From a model's tokens to the notes that the player hears: exact bars, the played key, the player's touch.

use melody::{Note, Phrase, Prompt, Ticks, Token, tokens};

use crate::{Candidate, Look};

/// Builds a candidate token by token until its bars are full.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    prompt: &'a Prompt,
    length: Ticks,
    filled: Ticks,
    tokens: Vec<Token>,
    probabilities: Vec<f32>,
    attention: Vec<Vec<Look>>,
}

impl<'a> Answer<'a> {
    /// An empty answer of so many bars to a prompt.
    pub fn new(prompt: &'a Prompt, bars: u32) -> Answer<'a> {
        let length = prompt.meter.bar() * i64::from(bars);
        let (tokens, probabilities, attention) = (Vec::new(), Vec::new(), Vec::new());
        Answer { prompt, length, filled: Ticks::ZERO, tokens, probabilities, attention }
    }

    /// Where the next token starts, in ticks from the answer's first bar line.
    pub fn filled(&self) -> Ticks {
        self.filled
    }

    /// Whether all bars are full.
    pub fn is_full(&self) -> bool {
        self.filled >= self.length
    }

    /// Adds a token at home with the probability that the network gave it; what reaches over the last bar line is
    /// cut off there.
    pub fn push(&mut self, token: Token, probability: f32) {
        self.push_seen(token, probability, Vec::new());
    }

    /// Adds a token as [`Answer::push`] does, with where the network looked; no looks for one without attention.
    pub fn push_seen(&mut self, token: Token, probability: f32, looks: Vec<Look>) {
        let length = token.length.min(self.length - self.filled);
        if length <= Ticks::ZERO {
            return;
        }
        self.filled += length;
        self.tokens.push(self.prompt.home.leave(Token { length, ..token }));
        if !token.is_rest() {
            self.probabilities.push(probability);
            if !looks.is_empty() {
                self.attention.push(looks);
            }
        }
    }

    /// The finished candidate, with velocities as the player accents the bar.
    pub fn finish(self, seed: u64) -> Candidate {
        let phrase = phrase(self.prompt, &self.tokens, self.length);
        let (probabilities, attention) = (self.probabilities, self.attention);
        Candidate { phrase, seed, probabilities, attention, ..Candidate::default() }
    }
}

/// A candidate of one note, or of silence that lasts as long as a rest, with its probability even so.
pub fn single(prompt: &Prompt, token: Token, probability: f32, looks: &[Look], seed: u64) -> Candidate {
    let phrase = phrase(prompt, &[prompt.home.leave(token)], token.length);
    let attention = if looks.is_empty() || token.is_rest() { Vec::new() } else { vec![looks.to_vec()] };
    Candidate { phrase, seed, probabilities: vec![probability], attention, ..Candidate::default() }
}

fn phrase(prompt: &Prompt, tokens: &[Token], length: Ticks) -> Phrase {
    let notes = tokens::decode(tokens, Ticks::ZERO, |onset| prompt.accents.velocity_at(onset));
    let notes: Vec<Note> = notes.into_iter().map(|note| Note { channel: prompt.channel, ..note }).collect();
    Phrase::new(notes, prompt.meter, prompt.tempo).lasting(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use melody::{Meter, Pitch, Tempo};

    #[test]
    fn an_answer_goes_to_the_channel_that_was_played() {
        let note = Note {
            onset: Ticks::ZERO,
            length: Ticks::QUARTER,
            pitch: Pitch::MIDDLE_C,
            velocity: 80,
            channel: 4,
        };
        let prompt = Prompt::of(&Phrase::new(vec![note], Meter::COMMON, Tempo::DEFAULT));
        let mut answer = Answer::new(&prompt, 1);
        answer.push("C4:1.0".parse().unwrap(), 0.5);
        assert_eq!(answer.finish(1).phrase.notes()[0].channel, 4);
    }

    #[test]
    fn an_answer_ends_exactly_at_its_bar_line() {
        let prompt = Prompt::of(&Phrase::default());
        let mut answer = Answer::new(&prompt, 1);
        for text in ["C4:1.5", "R:1.5", "E4:4.0", "G4:1.0"] {
            answer.push(text.parse().unwrap(), 0.5);
        }
        assert!(answer.is_full());
        let candidate = answer.finish(9);
        assert_eq!(candidate.phrase.length(), Ticks::quarters(4));
        let ends: Vec<i64> = candidate.phrase.notes().iter().map(|note| note.end().0).collect();
        assert_eq!(ends, [1440, 3840]);
        assert_eq!(candidate.probabilities.len(), 2);
    }
}
