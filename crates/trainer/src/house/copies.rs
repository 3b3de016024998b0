//! How long a run of notes may be that stands in the training songs: as long as songs share with one another anyway.

use generator::house::novelty::Runs;
use melody::steps::Word;

use super::pieces::Piece;

/// Lengths of runs that are tried, in notes.
const LENGTHS: [usize; 9] = [6, 8, 10, 12, 16, 20, 24, 32, 48];
/// Notes of a held-out song that are looked through at once: some eight bars.
const STRETCH: usize = 48;
/// The share of such stretches that may hold a known run.
const SHARED: f64 = 0.05;

/// The runs of the training songs, as short as they can be without that more than one in twenty stretches of songs that were
/// held out holds one; with that share.
pub fn of(train: &[&Piece], held_out: &[&Piece]) -> (Runs, f64) {
    let taught: Vec<Vec<Word>> = train.iter().map(|piece| words(piece)).collect();
    let others: Vec<Vec<Word>> = held_out.iter().map(|piece| words(piece)).collect();
    let mut tried = LENGTHS.into_iter().map(|length| {
        let runs = Runs::of(length, taught.iter().map(Vec::as_slice));
        let share = shared(&runs, &others);
        (runs, share)
    });
    let mut last = None;
    for (runs, share) in tried.by_ref() {
        let is_rare = share <= SHARED;
        last = Some((runs, share));
        if is_rare {
            break;
        }
    }
    last.unwrap_or_else(|| unreachable!("lengths are tried"))
}

fn words(piece: &Piece) -> Vec<Word> {
    piece.moments.iter().map(|moment| moment.word).collect()
}

/// The share of stretches that hold a known run which the song did not have before.
fn shared(runs: &Runs, songs: &[Vec<Word>]) -> f64 {
    let stretches = songs.iter().flat_map(|song| {
        let starts = (STRETCH..song.len()).step_by(STRETCH);
        starts.map(|start| (&song[..start], &song[start..(start + STRETCH).min(song.len())]))
    });
    let (mut all, mut copied) = (0_usize, 0_usize);
    for (heard, stretch) in stretches {
        all += 1;
        copied += usize::from(runs.are_copied(heard, stretch));
    }
    copied as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use melody::{Meter, Phrase, Pitch, Tempo, Ticks, Token, tokens};

    use super::*;
    use crate::corpus::{Melody, Source};

    fn song(seed: u64, notes: u64) -> Piece {
        let mut state = seed;
        let mut token = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            Token::note(
                Pitch::folded(60 + (state >> 60) as i32),
                Ticks::SIXTEENTH * (1 + (state >> 40 & 3) as i64),
            )
        };
        let line: Vec<Token> = (0..notes).map(|_| token()).collect();
        let phrase = Phrase::new(tokens::decode(&line, Ticks::ZERO, |_| 80), Meter::COMMON, Tempo::DEFAULT);
        Piece::of(&Melody { source: Source::Pop909, song: seed.to_string(), phrase, key: None }).unwrap()
    }

    #[test]
    fn runs_are_no_longer_than_what_other_songs_hold() {
        let taught: Vec<Piece> = (0..20).map(|seed| song(seed, 200)).collect();
        let new: Vec<Piece> = (100..110).map(|seed| song(seed, 200)).collect();
        let taught: Vec<&Piece> = taught.iter().collect();
        let (runs, share) = of(&taught, &new.iter().collect::<Vec<_>>());
        assert_eq!(runs.length(), LENGTHS[0]);
        assert!(share <= SHARED);
        // Of songs that were taught themselves every stretch is known, unless runs are as long as a stretch.
        assert_eq!(of(&taught, &taught).0.length(), STRETCH);
        let songs: Vec<Vec<Word>> = taught.iter().map(|piece| words(piece)).collect();
        // The last eight notes of each are no run.
        assert_eq!(shared(&Runs::of(20, songs.iter().map(Vec::as_slice)), &songs), 0.75);
    }
}
