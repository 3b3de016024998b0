//! melody2vec (Hirai and Sawada, JIP 27:278, 2019): phrases as words, and vectors that tell which go with which.
//!
//! Melodies are cut into phrases by [`melody::grouping`]; a phrase at home is a word ([`generator::vae::Word`]);
//! [`skipgram`] teaches each word to tell its neighbours from words drawn by chance. Most phrases occur once, and of such a
//! one the words alone say next to nothing: so words are also spelled in runs of notes ([`spelling`]), which is ours.
//! [`evaluation`] asks whether variants of a phrase lie nearer to it than strangers.

use std::collections::HashMap;

use generator::vae::Word;
use melody::{Prompt, grouping};

use crate::corpus::{Melody, Source};
use crate::dataset::Part;

pub mod evaluation;
pub mod skipgram;
pub mod spelling;
pub mod variants;

/// A melody in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// The collection that holds it.
    pub source: Source,
    /// The number of its song.
    pub song: u32,
    /// Its phrases, as numbers of words in the lexicon.
    pub words: Vec<u32>,
}

/// Every phrase of a corpus, and the melodies made of them.
#[derive(Debug, Clone, Default)]
pub struct Phrases {
    /// All different phrases, those of the training part first.
    pub lexicon: Vec<Word>,
    /// What to learn from.
    pub train: Vec<Spoken>,
    /// What decides when to stop.
    pub validation: Vec<Spoken>,
    /// What is reported.
    pub test: Vec<Spoken>,
    /// Of the training part, by word: how often it occurs, and in how many songs.
    pub counts: Vec<Count>,
    /// Of each word, the collection in which it occurs first.
    pub sources: Vec<Source>,
}

/// How often a word occurs in the training part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// How often.
    pub times: u32,
    /// In how many songs.
    pub songs: u32,
}

impl Phrases {
    /// Cuts melodies into phrases and splits them by song as [`Part::of`] does.
    pub fn of(melodies: &[Melody]) -> Phrases {
        let mut phrases = Phrases::default();
        let mut ids: HashMap<Word, u32> = HashMap::new();
        let mut songs: HashMap<&str, u32> = HashMap::new();
        for part in [Part::Train, Part::Validation, Part::Test] {
            for melody in melodies.iter().filter(|melody| Part::of(&melody.song) == part) {
                let next = songs.len() as u32;
                let song = *songs.entry(&melody.song).or_insert(next);
                let words = words_of(melody)
                    .into_iter()
                    .map(|word| phrases.id(word, melody.source, &mut ids))
                    .collect();
                let spoken = Spoken { source: melody.source, song, words };
                match part {
                    Part::Train => phrases.train.push(spoken),
                    Part::Validation => phrases.validation.push(spoken),
                    Part::Test => phrases.test.push(spoken),
                }
            }
        }
        phrases.count();
        phrases
    }

    fn id(&mut self, word: Word, source: Source, ids: &mut HashMap<Word, u32>) -> u32 {
        *ids.entry(word).or_insert_with_key(|word| {
            self.lexicon.push(word.clone());
            self.sources.push(source);
            self.lexicon.len() as u32 - 1
        })
    }

    fn count(&mut self) {
        self.counts = vec![Count::default(); self.lexicon.len()];
        let mut last_song = vec![u32::MAX; self.lexicon.len()];
        // Melodies of one song stand together in no corpus for certain: sorted, they do.
        let mut order: Vec<&Spoken> = self.train.iter().collect();
        order.sort_by_key(|spoken| spoken.song);
        for spoken in order {
            for word in &spoken.words {
                let place = *word as usize;
                self.counts[place].times += 1;
                self.counts[place].songs += u32::from(last_song[place] != spoken.song);
                last_song[place] = spoken.song;
            }
        }
    }

    /// How many words occur in the training part; they come first in the lexicon.
    pub fn known(&self) -> usize {
        self.counts.iter().filter(|count| count.times > 0).count()
    }
}

fn words_of(melody: &Melody) -> Vec<Word> {
    let tokens = Prompt::of(&melody.phrase).tokens;
    grouping::phrases(&tokens).into_iter().filter_map(|phrase| Word::of(&tokens[phrase])).collect()
}

#[cfg(test)]
mod tests {
    use melody::{Meter, Phrase, Tempo, Ticks, Token, tokens};

    use super::*;

    fn song(name: &str, text: &str) -> Melody {
        let tokens: Vec<Token> = text.split_whitespace().map(|token| token.parse().unwrap()).collect();
        let notes = tokens::decode(&tokens, Ticks::ZERO, |_| 80);
        let phrase = Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT);
        Melody { source: Source::Folder, song: name.to_owned(), phrase, key: None }
    }

    #[test]
    fn a_phrase_is_one_word_wherever_it_stands() {
        let twice = "C4:1.0 D4:1.0 E4:2.0 R:4.0 C4:1.0 D4:1.0 E4:2.0 R:4.0 G4:1.0 F4:1.0 C4:2.0";
        let names: Vec<String> =
            (0..).map(|n| format!("s{n}")).filter(|n| Part::of(n) == Part::Train).take(2).collect();
        let tested: Vec<String> =
            (0..).map(|n| format!("s{n}")).filter(|n| Part::of(n) == Part::Test).take(1).collect();
        let melodies =
            [song(&tested[0], "C4:1.0 E4:1.0 G4:2.0"), song(&names[0], twice), song(&names[1], twice)];
        let phrases = Phrases::of(&melodies);
        assert_eq!((phrases.lexicon.len(), phrases.known()), (3, 2));
        assert_eq!(phrases.train[0].words, [0, 0, 1]);
        assert_eq!(phrases.counts[0], Count { times: 4, songs: 2 });
        assert_eq!(phrases.test[0].words, [2]);
    }
}
