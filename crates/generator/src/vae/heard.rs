//! A player's phrase as a row of words, each with the time that it takes, and the way back to notes.

use melody::{
    Accents, Home, Meter, Note, Phrase, Pitch, Prompt, Tempo, Ticks, Token, grid, grouping, tokens,
};

use super::word::Word;
use crate::Candidate;

/// The longest silence at a phrase's end over which a shorter answer's last note is held.
const HOLD: Ticks = Ticks::QUARTER;

/// What was heard.
#[derive(Debug, Clone)]
pub struct Heard {
    /// The phrases in order; none where there is no note.
    pub slots: Vec<Slot>,
    home: Home,
    accents: Accents,
    meter: Meter,
    tempo: Tempo,
    length: Ticks,
}

/// One phrase and the stretch of time that an answer to it may fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The phrase as played, at home.
    pub word: Word,
    /// When it begins, in ticks from the bar line at which everything does.
    onset: Ticks,
    /// From its first note to that of the next phrase, or to the last bar line.
    length: Ticks,
    /// Whether it sounds until the next one begins.
    is_held: bool,
}

impl Heard {
    /// Cuts what was played into phrases.
    pub fn of(played: &Phrase) -> Heard {
        let prompt = Prompt::of(played);
        let line = grid::quantise(played).skyline();
        let length = line.whole_bars().max(played.whole_bars());
        let mut onsets = line.notes().iter().map(|note| note.onset);
        let mut slots: Vec<Slot> = Vec::new();
        for group in grouping::phrases(&prompt.tokens) {
            let group = &prompt.tokens[group];
            let notes = group.iter().filter(|token| !token.is_rest()).count();
            // The prompt's tokens are the line's notes one for one.
            let (Some(onset), Some(word)) = (onsets.by_ref().take(notes).reduce(Ticks::min), Word::of(group))
            else {
                continue;
            };
            if let Some(before) = slots.last_mut() {
                before.length = onset - before.onset;
            }
            let is_held = group.last().is_some_and(|token| !token.is_rest());
            slots.push(Slot { word, onset, length: length - onset, is_held });
        }
        let Prompt { home, accents, meter, tempo, .. } = prompt;
        Heard { slots, home, accents, meter, tempo, length }
    }

    /// The same player, key and touch, saying something else.
    pub fn saying(&self, other: &Heard) -> Heard {
        let length = other.length.ceil_to(self.meter.bar());
        Heard { slots: other.slots.clone(), length, ..self.clone() }
    }

    /// A candidate that has these words in place of the phrases, in the key, octave and touch of the player; it lasts
    /// as many bars as what was heard.
    pub fn answer(&self, words: &[&Word], seed: u64, similarity: f32) -> Candidate {
        let mut notes: Vec<Note> = Vec::new();
        for (slot, word) in self.slots.iter().zip(words) {
            let played: Vec<Token> = slot.fit(word).into_iter().map(|token| self.home.leave(token)).collect();
            notes.extend(tokens::decode(&played, slot.onset, |onset| self.accents.velocity_at(onset)));
        }
        let phrase = Phrase::new(notes, self.meter, self.tempo).lasting(self.length);
        Candidate { phrase, seed, similarity: Some(similarity), ..Candidate::default() }
    }
}

impl Slot {
    /// A word's tokens, moved by octaves to where the player's phrase lies and cut where the slot ends; where they end a little earlier and the player's phrase went on, the
    /// last note is held.
    pub fn fit(&self, word: &Word) -> Vec<Token> {
        let octaves = ((self.word.mean_pitch() - word.mean_pitch()) / 12.0).round() as i32;
        let mut left = self.length;
        let mut fitted: Vec<Token> = Vec::with_capacity(word.steps().len());
        for token in word.tokens() {
            let length = token.length.min(left);
            if length <= Ticks::ZERO {
                break;
            }
            left -= length;
            let moved = |pitch: Pitch| Pitch::folded(i32::from(pitch.number()) + 12 * octaves);
            fitted.push(Token { length, pitch: token.pitch.map(moved) });
        }
        if let Some(last) = fitted.last_mut()
            && self.is_held
            && !last.is_rest()
            && left <= HOLD
        {
            last.length += left;
        }
        fitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(text: &str, start: Ticks, up: i32) -> Phrase {
        let tokens: Vec<Token> = text
            .split_whitespace()
            .map(|token| token.parse().unwrap())
            .map(|token: Token| Token { pitch: token.pitch.and_then(|pitch| pitch.transposed(up)), ..token })
            .collect();
        Phrase::new(tokens::decode(&tokens, start, |_| 70), Meter::COMMON, Tempo::DEFAULT)
    }

    const TWO: &str = "C4:1.0 D4:1.0 E4:1.0 F4:1.0 G4:3.0 R:1.0 A4:1.0 G4:1.0 F4:1.0 E4:1.0 C4:4.0";

    #[test]
    fn what_was_said_comes_back_when_it_is_its_own_answer() {
        for (start, up) in [(Ticks::ZERO, 0), (Ticks::QUARTER, 3), (Ticks::quarters(7), -14)] {
            let phrase = played(TWO, start, up);
            let heard = Heard::of(&phrase);
            assert_eq!(heard.slots.len(), 2);
            let own: Vec<&Word> = heard.slots.iter().map(|slot| &slot.word).collect();
            let answer = heard.answer(&own, 5, 1.0);
            assert_eq!(answer.phrase.notes(), phrase.notes());
            assert_eq!(answer.phrase.length(), phrase.whole_bars());
        }
    }

    #[test]
    fn silences_of_many_bars_stay_as_long() {
        let early = played(TWO, Ticks::ZERO, 0);
        let late = played(TWO, Ticks::quarters(42), 0);
        let both = early.notes().iter().chain(late.notes()).copied().collect();
        let heard = Heard::of(&Phrase::new(both, Meter::COMMON, Tempo::DEFAULT));
        let onsets: Vec<Ticks> = heard.slots.iter().map(|slot| slot.onset).collect();
        assert_eq!(onsets, [0, 8, 42, 50].map(Ticks::quarters));
    }

    #[test]
    fn longer_answers_are_cut_and_shorter_ones_held_or_followed_by_silence() {
        let heard = Heard::of(&played(TWO, Ticks::ZERO, 0));
        let text = |slot: &Slot, word: &str| {
            let tokens: Vec<Token> = word.split(' ').map(|token| token.parse().unwrap()).collect();
            let fitted = slot.fit(&Word::of(&tokens).unwrap());
            fitted.iter().map(Token::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(text(&heard.slots[0], "C4:4.0 D4:3.0 E4:3.0"), "C4:4.0 D4:3.0 E4:1.0");
        assert_eq!(text(&heard.slots[0], "C4:4.0 D4:3.0"), "C4:4.0 D4:3.0");
        assert_eq!(text(&heard.slots[1], "C4:4.0 D4:3.0"), "C4:4.0 D4:4.0");
        assert_eq!(text(&heard.slots[1], "C4:4.0 D4:1.0"), "C4:4.0 D4:1.0");
        assert_eq!(text(&heard.slots[1], "C6:4.0 D5:1.0"), "C4:4.0 D3:1.0");
    }

    #[test]
    fn silence_has_no_phrases() {
        assert!(Heard::of(&Phrase::default()).slots.is_empty());
        let high =
            Note { onset: Ticks::ZERO, length: Ticks(1), pitch: Pitch::folded(127), velocity: 1, channel: 3 };
        assert_eq!(Heard::of(&Phrase::new(vec![high], Meter::COMMON, Tempo::DEFAULT)).slots.len(), 1);
    }
}
