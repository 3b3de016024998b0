//! What the n-grams with a cache would play: an answer to a prompt, drawn note by note from their odds.

use generator::answer::Answer;
use generator::sampling::Dice;
use melody::steps::{Aspect, LONGEST, Step, UNIT, Word};
use melody::{Phrase, Prompt, Ticks, Token};

use super::{CACHE_ORDERS, CORPUS_ORDERS, Counts, Ngrams};

impl Ngrams {
    /// Goes on from a prompt for so many bars; the cache knows the prompt, and learns what is played.
    pub fn answer(&self, prompt: &Prompt, bars: u32, dice: &mut Dice) -> Phrase {
        let (mut words, mut cache) = (Vec::new(), Counts::default());
        let mut end = Ticks::ZERO;
        for step in Step::of_prompt(prompt) {
            cache.count(&words, &step.word, CACHE_ORDERS);
            words.push(step.word);
            // After a long silence the first note still has to be in reach.
            end = step.end.max(-UNIT * i64::from(LONGEST));
        }
        let length = prompt.meter.bar() * i64::from(bars);
        let mut answer = Answer::new(prompt, bars);
        while end < length {
            let step = Step::after(end, self.word(&words, &cache, end, dice));
            if step.onset >= length {
                break;
            }
            if step.onset > answer.filled() {
                answer.push(Token::rest(step.onset - answer.filled()), 1.0);
            }
            answer.push(Token::note(step.pitch(), step.end - step.onset), 1.0);
            cache.count(&words, &step.word, CACHE_ORDERS);
            words.push(step.word);
            end = step.end;
        }
        answer.finish(0).phrase.lasting(length)
    }

    /// Draws the next note after one that ended at `end`, in ticks from the answer's start, before which it may not begin.
    fn word(&self, past: &[Word], cache: &Counts, end: Ticks, dice: &mut Dice) -> Word {
        let mut word = [0; 3];
        for aspect in Aspect::ALL {
            let mixture = self.cached[aspect as usize];
            let odds = |value: usize| {
                let mut told = word;
                told[aspect as usize] = value as u8;
                let early = aspect == Aspect::Rest && end + UNIT * (value as i64) < Ticks::ZERO;
                let corpus = self.corpus.odds::<{ CORPUS_ORDERS + 1 }>(aspect, past, &told);
                let cache = cache.odds::<{ CACHE_ORDERS + 1 }>(aspect, past, &told);
                if early { 0.0 } else { mixture.of(&(corpus, cache)) }
            };
            let odds: Vec<f64> = (0..aspect.size()).map(odds).collect();
            let mut left = dice.throw() * odds.iter().sum::<f64>();
            let drawn = odds.iter().position(|odds| {
                left -= odds;
                left < 0.0
            });
            // Rounding may leave a crumb: it goes to the likeliest.
            let likeliest = || (0..odds.len()).max_by(|a, b| odds[*a].total_cmp(&odds[*b])).unwrap_or(0);
            word[aspect as usize] = drawn.unwrap_or_else(likeliest) as u8;
        }
        word
    }
}

#[cfg(test)]
mod tests {
    use melody::{Meter, Tempo, tokens};

    use super::super::Line;
    use super::*;
    use crate::corpus::Source;

    fn prompt(text: &str) -> Prompt {
        let tokens: Vec<Token> = text.split(' ').map(|token| token.parse().unwrap()).collect();
        let notes = tokens::decode(&tokens, Ticks::ZERO, |_| 80);
        Prompt::of(&Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT))
    }

    fn line(text: &str) -> Line {
        let words = Step::of_prompt(&prompt(text)).iter().map(|step| step.word).collect();
        Line { source: Source::Folder, words }
    }

    const TUNE: &str = "C4:1.0 D4:1.0 E4:1.0 F4:1.0 G4:2.0 R:1.0 E4:1.0 C4:4.0";

    #[test]
    fn an_answer_fills_its_bars_and_a_seed_gives_it_again() {
        let lines = vec![line(TUNE); 20];
        let ngrams = Ngrams::of_lines(&lines, &lines);
        for text in [TUNE, "C4:1.0 R:3.0", "R:3.0 G4:1.0"] {
            let play = |seed| ngrams.answer(&prompt(text), 4, &mut Dice::new(seed));
            for seed in 0..8 {
                let answer = play(seed);
                assert_eq!((answer.bars(), answer.whole_bars()), (4, Ticks::quarters(16)));
                assert!(
                    answer.is_monophonic() && answer.notes().iter().all(|note| note.onset >= Ticks::ZERO)
                );
                assert_eq!(answer, play(seed));
            }
            assert_ne!(play(1), play(2));
        }
    }

    #[test]
    fn what_always_follows_follows_mostly() {
        let lines = vec![line(TUNE); 200];
        let ngrams = Ngrams::of_lines(&lines, &lines);
        let heard = prompt(TUNE);
        let after_d = (0..20).flat_map(|seed| {
            let answer = ngrams.answer(&heard, 8, &mut Dice::new(seed));
            let pairs = answer.notes().windows(2).map(|pair| [0, 1].map(|place| pair[place].pitch.number()));
            pairs.filter(|pair| pair[0] % 12 == 2).map(|pair| pair[1] % 12 == 4).collect::<Vec<bool>>()
        });
        let followed: Vec<bool> = after_d.collect();
        let right = followed.iter().filter(|right| **right).count();
        assert!(right * 4 > followed.len() * 3, "{right} of {}", followed.len());
    }
}
