//! Which phrases a bank holds.

use std::collections::BTreeSet;

use generator::vae::Word;

use crate::melody2vec::{Count, Phrases};

/// Notes in the shortest phrase of a bank.
pub const FEWEST_NOTES: usize = 4;
/// Notes in the longest phrase that only one song has: more of it would be that song.
pub const MOST_OF_ONE_SONG: usize = 12;

/// The numbers of up to `size` phrases of the training part: first those of many songs, then such as one song alone has and
/// that are no longer than [`MOST_OF_ONE_SONG`] notes, spread evenly over the corpus. Phrases of one pitch, and such as all
/// lexicons are full of shorter than [`FEWEST_NOTES`], stay out.
pub fn choose(phrases: &Phrases, size: usize) -> Vec<u32> {
    let counted = phrases.lexicon.iter().zip(&phrases.counts).zip(0..);
    let fit = counted.filter(|((word, count), _)| is_fit(word, **count)).map(|((_, count), id)| (count, id));
    let (mut shared, own): (Vec<(&Count, u32)>, Vec<_>) = fit.partition(|(count, _)| count.songs > 1);
    shared.sort_by_key(|(count, id)| (std::cmp::Reverse((count.songs, count.times)), *id));
    shared.truncate(size);
    let left = size - shared.len();
    let evenly = (0..left.min(own.len())).map(|at| own[at * own.len() / left.min(own.len())]);
    shared.iter().copied().chain(evenly).map(|(_, id)| id).collect()
}

fn is_fit(word: &Word, count: Count) -> bool {
    let pitches: BTreeSet<_> = word.steps().iter().filter_map(|step| step.pitch).collect();
    let common = count.songs > 1 || (count.songs == 1 && word.notes() <= MOST_OF_ONE_SONG);
    common && word.notes() >= FEWEST_NOTES && pitches.len() > 1
}

#[cfg(test)]
mod tests {
    use melody::{Pitch, Ticks, Token};

    use super::*;

    fn phrases(sizes: &[(u8, u32)]) -> Phrases {
        let word = |(number, (notes, _)): (usize, &(u8, u32))| {
            let note = |at| Token::note(Pitch::new(40 + number as u8 + at).unwrap(), Ticks::QUARTER);
            Word::of(&(0..*notes).map(note).collect::<Vec<_>>()).unwrap()
        };
        Phrases {
            lexicon: sizes.iter().enumerate().map(word).collect(),
            counts: sizes.iter().map(|(_, songs)| Count { times: *songs, songs: *songs }).collect(),
            ..Phrases::default()
        }
    }

    #[test]
    fn what_many_songs_share_comes_first_and_long_stretches_of_one_song_never() {
        let phrases = phrases(&[(13, 1), (12, 1), (16, 2), (3, 9), (6, 5), (6, 0), (4, 1)]);
        assert_eq!(choose(&phrases, 10), [4, 2, 1, 6]);
        assert_eq!(choose(&phrases, 3), [4, 2, 1]);
        assert_eq!(choose(&phrases, 1), [4]);
    }
}
