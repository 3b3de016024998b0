//! Paper A's random generation: uniform dice, or dice weighted by how often each token occurs in real melodies.

use melody::{Pitch, Prompt, Ticks, Token, Vocabulary};

use crate::answer::Answer;
use crate::next_token::lexicon;
use crate::pack::{self, Card, Pack, PackError};
use crate::request::{Request, Task};
use crate::sampling::Dice;
use crate::{Cancel, Candidate, GenerateError, Generator};

/// Lengths from a sixteenth to a whole note, in sixteenths (paper A, "Random Generation").
const LENGTHS: [i64; 9] = [1, 2, 3, 4, 6, 8, 10, 12, 16];

/// A model that ignores the prompt but for its key, meter, tempo and touch.
pub struct Random {
    card: Card,
    dice: Weights,
}

enum Weights {
    /// Twelve names of the C4 octave and a rest, each as likely, as is each length.
    Uniform,
    /// The vocabulary's tokens with the running sums of their counts.
    Corpus { vocabulary: Vocabulary, sums: Vec<u64> },
}

impl Random {
    /// The model of a pack: by the corpus where it has frequencies, uniform where it has none.
    ///
    /// # Errors
    /// [`PackError`] where vocabulary and frequencies do not belong together.
    pub fn open(pack: &Pack) -> Result<Random, PackError> {
        let card = pack.card.clone();
        if !card.files.contains_key(pack::FREQUENCIES) {
            return Ok(Random { card, dice: Weights::Uniform });
        }
        let refuse = |reason: String| PackError::Vocabulary { id: card.id.clone(), reason };
        let vocabulary =
            Vocabulary::read(pack.text(pack::VOCABULARY)?).map_err(|error| refuse(error.to_string()))?;
        let (counts, _) = lexicon::counts(pack, vocabulary.len())?;
        let mut sum = 0_u64;
        let sums: Vec<u64> = counts
            .iter()
            .map(|count| {
                sum = sum.saturating_add(*count);
                sum
            })
            .collect();
        Ok(Random { card, dice: Weights::Corpus { vocabulary, sums } })
    }

    fn throw(&self, dice: &mut Dice) -> (Token, f32) {
        match &self.dice {
            Weights::Uniform => {
                let class = dice.pick(13) as i32;
                let length = Ticks::SIXTEENTH * LENGTHS[dice.pick(LENGTHS.len())];
                let pitch = (class < 12).then(|| Pitch::folded(i32::from(Pitch::MIDDLE_C.number()) + class));
                (Token { pitch, length }, 1.0 / (13.0 * LENGTHS.len() as f32))
            }
            Weights::Corpus { vocabulary, sums } => {
                let total = sums.last().copied().unwrap_or(0);
                let throw = (dice.throw() * total as f64) as u64;
                let id = sums.partition_point(|sum| *sum <= throw).min(sums.len() - 1);
                let count = sums[id] - if id == 0 { 0 } else { sums[id - 1] };
                (vocabulary.tokens()[id], count as f32 / total as f32)
            }
        }
    }

    fn candidate(&self, prompt: &Prompt, bars: u32, seed: u64) -> Candidate {
        let mut dice = Dice::new(seed);
        let mut answer = Answer::new(prompt, bars);
        while !answer.is_full() {
            let (token, probability) = self.throw(&mut dice);
            // Uniform dice mean the C4 octave as it sounds; corpus dice mean the player's key.
            let token = match self.dice {
                Weights::Uniform => prompt.home.enter_token(token),
                Weights::Corpus { .. } => token,
            };
            answer.push(token, probability);
        }
        answer.finish(seed)
    }
}

impl Generator for Random {
    fn card(&self) -> &Card {
        &self.card
    }

    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        crate::check(&self.card, request, &[Task::Continue, Task::Fresh])?;
        let prompt = Prompt::of(&request.prompt);
        let one = |number: u32| {
            let seed = request.seed.wrapping_add(u64::from(number));
            if cancel.is_cancelled() {
                Err(GenerateError::Cancelled)
            } else {
                Ok(self.candidate(&prompt, request.bars, seed))
            }
        };
        (0..request.count).map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    use melody::Phrase;

    fn uniform() -> Random {
        Random::open(&Pack::new(
            Card { tasks: vec![Task::Continue, Task::Fresh], ..Card::example() },
            BTreeMap::new(),
        ))
        .unwrap()
    }

    fn by_corpus() -> Random {
        let files = BTreeMap::from([
            (pack::VOCABULARY.to_owned(), b"C4:1.0\nD4:1.0\nE4:1.0\n".to_vec()),
            (pack::FREQUENCIES.to_owned(), b"8\n0\n2\n".to_vec()),
        ]);
        Random::open(&Pack::new(Card::example(), files)).unwrap()
    }

    fn request(bars: u32, count: u32) -> Request {
        Request { bars, count, seed: 1, ..Request::to_continue(Phrase::default()) }
    }

    #[test]
    fn uniform_dice_stay_in_the_octave_of_c4_and_fill_the_bars() {
        let answers = uniform().generate(&request(4, 50), &Cancel::never()).unwrap();
        let notes: Vec<u8> =
            answers.iter().flat_map(|a| a.phrase.notes()).map(|n| n.pitch.number()).collect();
        assert_eq!(notes.iter().copied().collect::<BTreeSet<u8>>(), (60..72).collect());
        assert!(answers.iter().all(|answer| answer.phrase.length() == Ticks::quarters(16)));
    }

    #[test]
    fn corpus_dice_follow_the_counts() {
        let answers = by_corpus().generate(&request(64, 16), &Cancel::never()).unwrap();
        let notes: Vec<u8> =
            answers.iter().flat_map(|a| a.phrase.notes()).map(|n| n.pitch.class().semitones()).collect();
        let share = notes.iter().filter(|class| **class == 0).count() as f64 / notes.len() as f64;
        assert!((share - 0.8).abs() < 0.03, "{share}");
        assert!(!notes.contains(&2));
    }

    #[test]
    fn each_candidate_is_what_its_seed_alone_gives() {
        let together = uniform().generate(&request(2, 4), &Cancel::never()).unwrap();
        for candidate in &together {
            let alone = Request { seed: candidate.seed, ..request(2, 1) };
            assert_eq!(uniform().generate(&alone, &Cancel::never()).unwrap()[0], *candidate);
        }
        assert_ne!(together[0].phrase, together[1].phrase);
    }

    #[test]
    fn frequencies_must_fit_the_vocabulary() {
        let files = BTreeMap::from([
            (pack::VOCABULARY.to_owned(), b"C4:1.0\n".to_vec()),
            (pack::FREQUENCIES.to_owned(), b"8\n1\n".to_vec()),
        ]);
        assert!(matches!(
            Random::open(&Pack::new(Card::example(), files)),
            Err(PackError::Vocabulary { .. })
        ));
    }
}
