//! Paper A's random generation: uniform dice, or dice weighted by how often each token occurs in real melodies; thrown
//! again where a chord is wished and another note comes.

use melody::{Pitch, Prompt, Ticks, Token, Vocabulary};

use crate::answer::Answer;
use crate::next_token::lexicon;
use crate::pack::{self, Card, Pack, PackError};
use crate::request::{Request, Task};
use crate::sampling::Dice;
use crate::{Cancel, Candidate, GenerateError, Generator, steering, tonality};

/// Lengths from a sixteenth to a whole note, in sixteenths (paper A, "Random Generation").
const LENGTHS: [i64; 9] = [1, 2, 3, 4, 6, 8, 10, 12, 16];

/// Dice are thrown again at most so often: a vocabulary may hold no note of a chord.
const PATIENCE: u32 = 256;

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

    fn candidate(&self, request: &Request, prompt: &Prompt, seed: u64) -> Candidate {
        let mut dice = Dice::new(seed);
        let mut answer = Answer::new(prompt, request.bars);
        while !answer.is_full() {
            let (token, probability) = self.throw_leaning(request, prompt, answer.filled(), &mut dice);
            answer.push(token, probability);
        }
        answer.finish(seed)
    }

    /// A token at home for a time of the answer. Where chord notes are to gain g nats, any other is kept with
    /// probability e^-g and else thrown again: that gives the odds that [`steering`] gives a network.
    fn throw_leaning(
        &self,
        request: &Request,
        prompt: &Prompt,
        time: Ticks,
        dice: &mut Dice,
    ) -> (Token, f32) {
        let gain = steering::gain(request, time);
        let chord = tonality::chord_at(request, time).filter(|_| gain > 0.0);
        for _ in 0..PATIENCE {
            let (token, probability) = self.throw(dice);
            // Uniform dice mean the C4 octave as it sounds; corpus dice mean the player's key.
            let token = match self.dice {
                Weights::Uniform => prompt.home.enter_token(token),
                Weights::Corpus { .. } => token,
            };
            let played = prompt.home.leave(token).pitch;
            let fits = |chord: &melody::Chord| played.is_some_and(|pitch| chord.contains(pitch.class()));
            if chord.is_none_or(fits) || dice.throw() < f64::from(-gain).exp() {
                return (token, probability);
            }
        }
        self.throw(dice)
    }
}

impl Generator for Random {
    fn card(&self) -> &Card {
        &self.card
    }

    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        crate::check(&self.card, request, &[Task::Continue, Task::Fresh])?;
        let prompt = tonality::prompt(request);
        let one = |number: u32| {
            let seed = request.seed.wrapping_add(u64::from(number));
            if cancel.is_cancelled() {
                Err(GenerateError::Cancelled)
            } else {
                Ok(self.candidate(request, &prompt, seed))
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

    #[test]
    fn dice_follow_a_progression_as_strongly_as_they_are_told() {
        let chords: melody::Progression = "Dm | G7".parse().unwrap();
        let on_chord = |chord_strength| {
            let led = Request { progression: Some(chords.clone()), chord_strength, ..request(8, 32) };
            let candidates = uniform().generate(&led, &Cancel::never()).unwrap();
            let notes = candidates.iter().flat_map(|candidate| candidate.phrase.notes());
            let strong: Vec<bool> = notes
                .filter(|note| note.onset.0 % Ticks::quarters(2).0 == 0)
                .map(|note| {
                    chords.chord_at(note.onset, melody::Meter::COMMON).unwrap().contains(note.pitch.class())
                })
                .collect();
            strong.iter().filter(|fits| **fits).count() as f64 / strong.len() as f64
        };
        let shares = [0.0, 0.5, 1.0].map(on_chord);
        // 3 and 4 of 12 classes are chord notes: 0.29 by chance, 0.89 at 3 nats (20 to 1), then all.
        assert!(shares[0] < 0.45 && shares[1] > 0.8 && shares[2] == 1.0, "{shares:?}");
    }

    #[test]
    fn dice_without_a_note_of_the_chord_still_fill_their_bars() {
        let heard = melody::Note {
            onset: Ticks::ZERO,
            length: Ticks::QUARTER,
            pitch: Pitch::MIDDLE_C,
            velocity: 80,
            channel: 0,
        };
        let prompt = Phrase::new(vec![heard], melody::Meter::COMMON, melody::Tempo::DEFAULT);
        let led = Request { prompt, chord: "F#5".parse().ok(), ..request(2, 1) };
        let candidate = by_corpus().generate(&led, &Cancel::never()).unwrap().remove(0);
        assert_eq!(candidate.phrase.length(), Ticks::quarters(8));
    }
}
