//! Never giving a tune back: which runs of notes stand in the music that a model was taught.
//!
//! A run is so many notes by their intervals, lengths and the rests between them, in whatever key. The trainer notes down all
//! runs of its songs that are longer than what songs share with one another; they are kept as a Bloom filter, which takes
//! some ten bits a run and errs for one in a hundred. An answer is a copy where two runs in a row are known, which chance
//! brings about once in ten thousand places. What the player played already is nobody's copy.

use fastbloom::BloomFilter;
use melody::steps::Word;

/// What the file begins with.
const MAGIC: [u8; 8] = *b"CoRuns01";
/// How often the filter errs.
const ERRS: f64 = 0.01;
/// So many runs there is always room for: a filter for fewer would look at more bits than it has.
const FEWEST: usize = 256;
/// Notes that a run may have.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=64;
/// The most bits that are looked at for a run.
const MOST_LOOKS: u32 = 32;

/// The runs that are known.
#[derive(Debug, Clone)]
pub struct Runs {
    length: usize,
    known: BloomFilter,
}

impl Runs {
    /// Those of so many notes in these melodies.
    pub fn of<'a>(length: usize, melodies: impl Iterator<Item = &'a [Word]>) -> Runs {
        let mut all: Vec<u64> =
            melodies.flat_map(|words| hashes(length, words).collect::<Vec<u64>>()).collect();
        all.sort_unstable();
        all.dedup();
        let mut known = BloomFilter::with_false_pos(ERRS).expected_items(all.len().max(FEWEST));
        all.iter().for_each(|hash| _ = known.insert_hash(*hash));
        Runs { length, known }
    }

    /// As a file: the magic, the length of a run, how many bits each run has, the bits.
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = [self.length as u32, self.known.num_hashes()];
        let words = self.known.iter().flat_map(u64::to_le_bytes);
        MAGIC.into_iter().chain(head.into_iter().flat_map(u32::to_le_bytes)).chain(words).collect()
    }

    /// Reads what [`Runs::to_bytes`] writes; an explanation where it is something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Runs, String> {
        let refuse = || "it holds no runs of notes".to_owned();
        let (head, words) =
            bytes.strip_prefix(&MAGIC).and_then(|rest| rest.split_at_checked(8)).ok_or_else(refuse)?;
        let number = |place: usize| u32::from_le_bytes([0, 1, 2, 3].map(|byte| head[place * 4 + byte]));
        let (length, looks) = (number(0) as usize, number(1));
        if !LENGTHS.contains(&length)
            || !(1..=MOST_LOOKS).contains(&looks)
            || words.is_empty()
            || words.len() % 8 != 0
        {
            return Err(refuse());
        }
        let word = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
        let known = BloomFilter::from_vec(words.chunks_exact(8).map(word).collect()).hashes(looks);
        Ok(Runs { length, known })
    }

    /// How many notes a run has.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Whether an answer holds a known tune that the player did not play before.
    pub fn are_copied(&self, heard: &[Word], answer: &[Word]) -> bool {
        if answer.len() <= self.length {
            return false;
        }
        let played: Vec<u64> = hashes(self.length, heard).collect();
        let is_known = |hash: u64| self.known.contains_hash(hash) && !played.contains(&hash);
        let known: Vec<bool> = hashes(self.length, answer).map(is_known).collect();
        known.windows(2).any(|pair| pair[0] && pair[1])
    }
}

/// A number for each run of so many notes: of the first its length alone counts, of the others rest, interval and length.
fn hashes(length: usize, words: &[Word]) -> impl Iterator<Item = u64> {
    words.windows(length).map(|run| {
        let firsts = [run[0][2]].into_iter();
        let others = run.windows(2).flat_map(|pair| {
            let ([_, from, _], [rest, to, long]) = (pair[0], pair[1]);
            [rest, to.wrapping_sub(from), long]
        });
        spread(firsts.chain(others).fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        }))
    })
}

/// FNV's hash with its bits mixed (as SplitMix64 ends), for the filter takes its places from the high ones.
fn spread(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::Dice;

    fn melody(seed: u64, notes: usize, shift: u8) -> Vec<Word> {
        let mut dice = Dice::new(seed);
        (0..notes).map(|_| [0, 30 + shift + dice.pick(12) as u8, 2 + dice.pick(4) as u8]).collect()
    }

    fn known() -> Runs {
        let songs: Vec<Vec<Word>> = (0..200).map(|seed| melody(seed, 60, 0)).collect();
        Runs::of(8, songs.iter().map(Vec::as_slice))
    }

    #[test]
    fn a_stretch_of_a_known_song_is_a_copy_in_any_key_unless_it_was_played() {
        let runs = Runs::from_bytes(&known().to_bytes()).unwrap();
        assert_eq!(runs.length(), 8);
        let mut answer = melody(999, 10, 0);
        answer.extend(&melody(7, 60, 5)[20..30]);
        assert!(runs.are_copied(&[], &answer));
        assert!(!runs.are_copied(&melody(7, 60, 2), &answer), "the player played it");
        assert!(!runs.are_copied(&[], &answer[..17]), "seven notes are nobody's");
    }

    #[test]
    fn new_melodies_are_hardly_ever_taken_for_copies() {
        let runs = known();
        let wrong = (1000..2000).filter(|seed| runs.are_copied(&[], &melody(*seed, 60, 0))).count();
        assert!(wrong < 20, "{wrong} of 1000");
    }

    #[test]
    fn broken_files_are_refused_and_never_panic() {
        let good = known().to_bytes();
        for end in 0..24 {
            assert!(Runs::from_bytes(&good[..end]).is_err() || end == 24);
        }
        for place in 0..16 {
            let mut bad = good.clone();
            bad[place] = 255;
            assert!(Runs::from_bytes(&bad).is_err(), "byte {place}");
        }
    }
}
