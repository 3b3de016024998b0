//! What the house model is told of what is to come while it learns: now this, now that, often nothing.

use generator::house::input::Conditions;
use rand_chacha::ChaCha8Rng;
use rand_core::RngCore;

use super::pieces::{Moment, Piece};

/// Of the stretches that know how long they have, the share that is led to a goal instead of a phrase's end.
const LED: f64 = 0.4;
/// The farthest goal, in bars.
const FARTHEST: u32 = 8;

/// The conditions of `steps` notes of a piece from `from` on. Each of kind of music, length and density is kept back in a
/// share `deaf` of all stretches; at 1 nothing is ever told.
pub fn thrown(piece: &Piece, from: usize, steps: usize, deaf: f64, dice: &mut ChaCha8Rng) -> Vec<Conditions> {
    let mut throw = || f64::from(dice.next_u32()) / f64::from(u32::MAX);
    let [genre, ending, density] = [(); 3].map(|()| throw() >= deaf);
    let led = throw() < LED;
    let moments = piece.moments.iter().skip(from).take(steps);
    let mut all: Vec<Conditions> = moments
        .map(|moment| Conditions {
            genre: piece.genre().filter(|_| genre),
            bars_to_go: ending.then_some(u32::from(moment.bars_to_go)),
            density: density.then_some(moment.density),
            goal: None,
        })
        .collect();
    if ending && led {
        lead(&piece.moments, from, &mut all, dice);
    }
    all
}

/// Leads from bar line to bar line, each at most [`FARTHEST`] bars from the one before; what is behind the last one goes to
/// its phrase's end.
fn lead(moments: &[Moment], from: usize, all: &mut [Conditions], dice: &mut ChaCha8Rng) {
    let mut goal: Option<(u32, u8)> = None;
    for (moment, told) in moments[from..].iter().zip(all) {
        if goal.is_none_or(|(bar, _)| bar <= moment.bar_before) {
            let bar = moment.bar_before + 1 + dice.next_u32() % FARTHEST;
            let next = moments.partition_point(|moment| moment.bar < bar);
            goal = moments.get(next).map(|next| (bar, next.word[1]));
        }
        let Some((bar, pitch)) = goal else { return };
        told.bars_to_go = Some(bar - moment.bar_before - 1);
        told.goal = Some(pitch);
    }
}

#[cfg(test)]
mod tests {
    use melody::{Meter, Phrase, Tempo, Ticks, Token, tokens};
    use rand_core::SeedableRng;

    use super::*;
    use crate::corpus::{Melody, Source};

    /// Forty bars of quarters, the pitch of each beat telling the bar.
    fn piece() -> Piece {
        let token = |beat: i32| Token::note(melody::Pitch::folded(40 + beat / 4), Ticks::QUARTER);
        let line: Vec<Token> = (0..160).map(token).collect();
        let phrase = Phrase::new(tokens::decode(&line, Ticks::ZERO, |_| 80), Meter::COMMON, Tempo::DEFAULT);
        Piece::of(&Melody { source: Source::Pop909, song: "x".to_owned(), phrase, key: None }).unwrap()
    }

    #[test]
    fn a_goal_is_what_comes_first_after_the_bars_to_go() {
        let piece = piece();
        let mut led = 0;
        for seed in 0..40 {
            let all = thrown(&piece, 8, 100, 0.0, &mut ChaCha8Rng::seed_from_u64(seed));
            assert_eq!(all.len(), 100);
            for (told, moment) in all.iter().zip(&piece.moments[8..]) {
                assert!(told.genre.is_some() && told.density == Some(2));
                let Some(goal) = told.goal else { continue };
                led += 1;
                let bar = moment.bar_before + 1 + told.bars_to_go.unwrap();
                assert_eq!(goal, piece.moments[bar as usize * 4].word[1]);
            }
        }
        assert!((1000..2400).contains(&led), "{led} of 4000 moments are led");
    }

    #[test]
    fn who_is_deaf_is_told_nothing() {
        let all = thrown(&piece(), 0, 160, 1.0, &mut ChaCha8Rng::seed_from_u64(3));
        assert!(all.iter().all(|told| *told == Conditions::default()));
    }
}
