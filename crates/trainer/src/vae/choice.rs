//! Which phrases a bank holds.

use std::collections::{BTreeMap, BTreeSet};

use generator::vae::Word;

use crate::corpus::Source;
use crate::melody2vec::{Count, Phrases};

/// Notes in the shortest phrase of a bank.
pub const FEWEST_NOTES: usize = 4;
/// Notes in the longest phrase that only one song has: more of it would be that song.
pub const MOST_OF_ONE_SONG: usize = 12;

/// The numbers of up to `size` phrases of the training part: first those of many songs, then such as one song alone has and
/// that are no longer than [`MOST_OF_ONE_SONG`] notes, of each source by its weight and spread evenly over it. Phrases of one
/// pitch, and those shorter than [`FEWEST_NOTES`], stay out.
pub fn choose(phrases: &Phrases, size: usize, weights: &BTreeMap<Source, f64>) -> Vec<u32> {
    let counted = phrases.lexicon.iter().zip(&phrases.counts).zip(0..);
    let fit = counted.filter(|((word, count), _)| is_fit(word, **count)).map(|((_, count), id)| (count, id));
    let (mut shared, own): (Vec<(&Count, u32)>, Vec<_>) = fit.partition(|(count, _)| count.songs > 1);
    shared.sort_by_key(|(count, id)| (std::cmp::Reverse((count.songs, count.times)), *id));
    shared.truncate(size);
    let mut chosen: Vec<u32> = shared.into_iter().map(|(_, id)| id).collect();
    let mut pools: Vec<(f64, Vec<u32>)> = Vec::new();
    for (source, weight) in weights {
        let of_source = |(_, id): &(&Count, u32)| (phrases.sources[*id as usize] == *source).then_some(*id);
        pools.push((*weight, own.iter().filter_map(of_source).collect()));
    }
    // Small sources first: what they lack for their share goes to the others.
    pools.sort_by(|a, b| (a.1.len() as f64 / a.0).total_cmp(&(b.1.len() as f64 / b.0)));
    let mut left: f64 = pools.iter().map(|(weight, _)| weight).sum();
    for (weight, pool) in pools {
        let room = size - chosen.len();
        let share = ((room as f64 * weight / left).round() as usize).min(pool.len()).min(room);
        chosen.extend((0..share).map(|at| pool[at * pool.len() / share]));
        left -= weight;
    }
    chosen
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
        let mut phrases = phrases(&[(13, 1), (12, 1), (16, 2), (3, 9), (6, 5), (6, 0), (4, 1)]);
        phrases.sources = vec![Source::Folder; 7];
        let weights = BTreeMap::from([(Source::Folder, 1.0)]);
        assert_eq!(choose(&phrases, 10, &weights), [4, 2, 1, 6]);
        assert_eq!(choose(&phrases, 3, &weights), [4, 2, 1]);
        assert_eq!(choose(&phrases, 1, &weights), [4]);
    }

    #[test]
    fn sources_have_their_share_and_a_small_one_leaves_its_to_the_others() {
        let mut phrases = phrases(&[(5, 1); 40]);
        phrases.sources =
            [vec![Source::Lieder; 28], vec![Source::Pop909; 10], vec![Source::CreIrish; 2]].concat();
        let weights = BTreeMap::from([(Source::Lieder, 1.0), (Source::Pop909, 1.0), (Source::CreIrish, 1.0)]);
        let count = |size, source: Source| {
            let chosen = choose(&phrases, size, &weights);
            assert_eq!(chosen.len(), size);
            chosen.iter().filter(|id| phrases.sources[**id as usize] == source).count()
        };
        assert_eq!(
            [count(12, Source::CreIrish), count(12, Source::Pop909), count(12, Source::Lieder)],
            [2, 5, 5]
        );
        assert_eq!(
            [count(30, Source::CreIrish), count(30, Source::Pop909), count(30, Source::Lieder)],
            [2, 10, 18]
        );
    }
}
