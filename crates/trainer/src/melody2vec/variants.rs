//! Phrases that a listener takes for the same one played differently: made by rule, and found in real songs.

use std::collections::{BTreeMap, BTreeSet};

use generator::sampling::Dice;
use generator::vae::Word;
use melody::{Ticks, Token};

use super::{Phrases, Spoken};

/// How a variant comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The same an octave higher or lower.
    Octave,
    /// One note a tone higher or lower.
    OneNote,
    /// One note parted in two with the neighbouring tone as the second half.
    Ornament,
    /// Two neighbouring lengths exchanged for dotted ones.
    Dotted,
    /// Real: two phrases of one song, as many notes each, of which one differs in pitch, in length or both.
    SameSong,
    /// Real: a phrase and the one that follows it. No variant, but what skip-gram is taught to bring together.
    Next,
}

impl Kind {
    /// Those that are made by rule.
    pub const MADE: [Kind; 4] = [Kind::Octave, Kind::OneNote, Kind::Ornament, Kind::Dotted];

    /// The name in a card's figures.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Octave => "octave",
            Kind::OneNote => "one_note",
            Kind::Ornament => "ornament",
            Kind::Dotted => "dotted",
            Kind::SameSong => "same_song",
            Kind::Next => "next",
        }
    }
}

/// A variant of a word made by rule; `None` where the rule finds nothing to change.
pub fn vary(word: &Word, kind: Kind, dice: &mut Dice) -> Option<Word> {
    let mut tokens = word.tokens();
    let notes: Vec<usize> = (0..tokens.len()).filter(|at| !tokens[*at].is_rest()).collect();
    let at = notes[dice.pick(notes.len())];
    let tone = if dice.pick(2) == 0 { 2 } else { -2 };
    match kind {
        Kind::Octave => {
            let moved =
                |token: &Token| Token { pitch: token.pitch.and_then(|p| p.transposed(6 * tone)), ..*token };
            tokens = tokens.iter().map(moved).collect();
        }
        Kind::OneNote => tokens[at].pitch = Some(tokens[at].pitch?.transposed(tone)?),
        Kind::Ornament => {
            let half = Ticks(tokens[at].length.0 / 2);
            let neighbour = Token::note(tokens[at].pitch?.transposed(tone)?, half);
            tokens[at].length = half;
            tokens.insert(at + 1, neighbour);
            if half < Ticks(160) {
                return None;
            }
        }
        Kind::Dotted => {
            let equal = |from: &usize| {
                let pair = tokens.get(*from..from + 2)?;
                let fits = pair[0].length == pair[1].length && pair[0].length >= Ticks(480);
                fits.then_some(*from)
            };
            let from = notes.iter().cycle().skip(dice.pick(notes.len())).take(notes.len()).find_map(equal)?;
            let half = Ticks(tokens[from].length.0 / 2);
            tokens[from].length += half;
            tokens[from + 1].length -= half;
        }
        Kind::SameSong | Kind::Next => return None,
    }
    Word::of(&tokens).filter(|varied| varied != word && varied.notes() >= word.notes())
}

/// Pairs of phrases of one song that differ in one note, from these melodies; at most `most`, spread evenly.
pub fn found(phrases: &Phrases, melodies: &[Spoken], fewest_notes: usize, most: usize) -> Vec<(u32, u32)> {
    let mut by_song: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for melody in melodies {
        by_song.entry(melody.song).or_default().extend(&melody.words);
    }
    let mut pairs = Vec::new();
    for words in by_song.values() {
        let words: Vec<u32> = words.iter().copied().collect();
        for (index, left) in words.iter().enumerate() {
            let long = phrases.lexicon[*left as usize].notes() >= fewest_notes;
            let akin = |right: &&u32| {
                differ_in_one(&phrases.lexicon[*left as usize], &phrases.lexicon[**right as usize])
            };
            if long {
                pairs.extend(words[index + 1..].iter().filter(akin).map(|right| (*left, *right)));
            }
        }
    }
    let stride = pairs.len().div_ceil(most.max(1)).max(1);
    pairs.into_iter().step_by(stride).collect()
}

/// Pairs of different phrases of which the second follows the first; at most `most`, spread evenly.
pub fn following(
    phrases: &Phrases,
    melodies: &[Spoken],
    fewest_notes: usize,
    most: usize,
) -> Vec<(u32, u32)> {
    let long = |word: &u32| phrases.lexicon[*word as usize].notes() >= fewest_notes;
    let pairs = melodies.iter().flat_map(|melody| melody.words.windows(2));
    let pairs: Vec<(u32, u32)> = pairs
        .filter(|pair| pair[0] != pair[1] && pair.iter().all(long))
        .map(|pair| (pair[0], pair[1]))
        .collect();
    let stride = pairs.len().div_ceil(most.max(1)).max(1);
    pairs.into_iter().step_by(stride).collect()
}

fn differ_in_one(left: &Word, right: &Word) -> bool {
    let pairs = left.steps().iter().zip(right.steps());
    left.steps().len() == right.steps().len() && pairs.filter(|(a, b)| a != b).count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_changes_what_it_says() {
        let tokens: Vec<Token> =
            ["C4:1.0", "D4:1.0", "R:0.5", "E4:1.0", "G4:1.0"].map(|t| t.parse().unwrap()).to_vec();
        let word = Word::of(&tokens).unwrap();
        let length = |word: &Word| word.tokens().iter().map(|token| token.length).sum::<Ticks>();
        for seed in 0..50 {
            let mut dice = Dice::new(seed);
            for kind in Kind::MADE {
                let varied = vary(&word, kind, &mut dice).unwrap();
                assert_ne!(varied, word);
                assert_eq!(length(&varied), length(&word));
                assert_eq!(varied.notes(), word.notes() + usize::from(kind == Kind::Ornament));
                assert_eq!(differ_in_one(&varied, &word), kind == Kind::OneNote);
            }
        }
    }
}
