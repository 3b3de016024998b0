//! How a GAN's scores stand for tokens: one for each token, or some for the pitch and some for the length.

use std::collections::BTreeSet;

use melody::{Pitch, Ticks, Vocabulary};

/// What the scores of one place of a melody are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Of each token of the vocabulary, in order of their ids (paper A's one-hot vectors).
    Joint,
    /// First of each pitch, the rest before them all, then of each length. Every pitch with every length is a token.
    Apart {
        /// How many pitches there are, the rest being one.
        pitches: usize,
        /// How many lengths there are.
        lengths: usize,
    },
}

impl Layout {
    /// The layout in which pitch and length are chosen apart, if the vocabulary has every pitch (and the rest, if it has
    /// one) with every length.
    pub fn apart(vocabulary: &Vocabulary) -> Option<Layout> {
        let tokens = vocabulary.tokens();
        let pitches: BTreeSet<Option<Pitch>> = tokens.iter().map(|token| token.pitch).collect();
        let lengths: BTreeSet<Ticks> = tokens.iter().map(|token| token.length).collect();
        let (pitches, lengths) = (pitches.len(), lengths.len());
        (pitches * lengths == tokens.len()).then_some(Layout::Apart { pitches, lengths })
    }

    /// The layout of a network with so many scores for so many places.
    ///
    /// # Errors
    /// Where no layout has so many.
    pub(super) fn of(vocabulary: &Vocabulary, scores: usize, places: usize) -> Result<Layout, String> {
        let words = vocabulary.len();
        let layouts = [Some(Layout::Joint), Layout::apart(vocabulary)];
        let fits = |layout: &Layout| layout.width(words) * places == scores;
        let found = layouts.into_iter().flatten().find(fits);
        found.ok_or_else(|| format!("it gives {scores} scores for {places} notes of {words} tokens"))
    }

    /// Scores for one place, of a vocabulary of so many tokens.
    pub fn width(self, words: usize) -> usize {
        match self {
            Layout::Joint => words,
            Layout::Apart { pitches, lengths } => pitches + lengths,
        }
    }

    /// The scores of one place as those of all tokens, in order of their ids.
    pub fn tokens(self, scores: &[f32]) -> Vec<f32> {
        match self {
            Layout::Joint => scores.to_vec(),
            // Tokens are in order of their pitches, those of one pitch in order of their lengths.
            Layout::Apart { pitches, .. } => {
                let (pitches, lengths) = scores.split_at(pitches.min(scores.len()));
                pitches.iter().flat_map(|pitch| lengths.iter().map(move |length| pitch + length)).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vocabulary {
        Vocabulary::read(text).unwrap()
    }

    #[test]
    fn pitch_and_length_are_apart_only_where_all_go_together() {
        let all = read("R:0.5\nR:1.0\nR:2.0\nC4:0.5\nC4:1.0\nC4:2.0\n");
        assert_eq!(Layout::apart(&all), Some(Layout::Apart { pitches: 2, lengths: 3 }));
        assert_eq!(Layout::apart(&read("R:0.5\nC4:0.5\nC4:1.0\n")), None);
        assert_eq!(Layout::of(&all, 60, 10), Ok(Layout::Joint));
        assert_eq!(Layout::of(&all, 50, 10), Ok(Layout::Apart { pitches: 2, lengths: 3 }));
        assert!(Layout::of(&all, 40, 10).unwrap_err().contains("40 scores"));
    }

    #[test]
    fn a_token_scores_what_its_pitch_and_its_length_score() {
        let all = read("R:0.5\nR:1.0\nC4:0.5\nC4:1.0\nD4:0.5\nD4:1.0\n");
        let layout = Layout::apart(&all).unwrap();
        assert_eq!(layout.tokens(&[0.0, 1.0, 2.0, 10.0, 20.0]), [10.0, 20.0, 11.0, 21.0, 12.0, 22.0]);
        assert_eq!(Layout::Joint.tokens(&[1.0, 2.0]), [1.0, 2.0]);
    }
}
