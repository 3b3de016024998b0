//! Cutting a line into phrases by the local grouping preference rules of Lerdahl and Jackendoff.
//!
//! Which rules of "A Generative Theory of Tonal Music" (1983, chapter 3) speak here, for a transition from note 2 to
//! note 3 among four consecutive notes, and how loudly (the shapes follow Frankland and Cohen, "Parsing of melody",
//! Music Perception 21:499, 2004):
//!
//! | rule | says | strength, 0 to 1 | weight |
//! | --- | --- | --- | --- |
//! | GPR 1 | no tiny groups | groups of 3 to 16 notes; 8 are free, half and twice as many cost 0.15 | |
//! | GPR 2a | a rest ends a group | the rest in half notes | 1.0 |
//! | GPR 2b | a long time between onsets ends a group | 1 - (t1 + t3) / 2 t2, where t2 is the longest | 1.0 |
//! | GPR 3a | a leap among smaller intervals parts groups | 1 - (i1 + i3) / 2 i2, where i2 is the widest | 0.4 |
//! | GPR 3d | a change of note length parts groups | 1 - shorter / longer, where the lengths are a a b b | 0.3 |
//!
//! Rule 3b (loudness) and 3c (articulation) are left out, for most sources have neither. Each cut costs 0.3; of all
//! ways to cut a line the one with the highest sum wins, so that weak places are passed over and a long even run is
//! divided where it hurts least. Bar lines are not heard: the rules know none.

use std::ops::Range;

use crate::{Ticks, Token};

/// Notes in the smallest group, unless the line itself is shorter.
pub const FEWEST: usize = 3;
/// Notes in the largest group.
pub const MOST: usize = 16;

const WEIGHT_2A: f64 = 1.0;
const WEIGHT_2B: f64 = 1.0;
const WEIGHT_3A: f64 = 0.4;
const WEIGHT_3D: f64 = 0.3;
/// What a cut must be worth.
const COST: f64 = 0.3;
/// The size in notes that costs nothing.
const EASY: f64 = 8.0;
/// What half or twice that size costs.
const UNEASE: f64 = 0.15;

/// The phrases of a line, each a range of its tokens; together they are the whole line. A rest goes with the note
/// before it.
///
/// ```
/// use melody::{Token, grouping};
/// let twinkle = "C4:1.0 C4:1.0 G4:1.0 G4:1.0 A4:1.0 A4:1.0 G4:2.0 \
///                F4:1.0 F4:1.0 E4:1.0 E4:1.0 D4:1.0 D4:1.0 C4:2.0";
/// let tokens: Vec<Token> = twinkle.split_whitespace().map(|token| token.parse().unwrap()).collect();
/// assert_eq!(grouping::phrases(&tokens), [0..7, 7..14]);
/// ```
pub fn phrases(tokens: &[Token]) -> Vec<Range<usize>> {
    let notes = Sounding::of(tokens);
    if notes.is_empty() {
        return Vec::new();
    }
    let strengths: Vec<f64> = (0..notes.len()).map(|first| strength(&notes, first)).collect();
    let starts = best_starts(&strengths);
    let token_of = |note: usize| if note == 0 { 0 } else { notes[note].place };
    let ends = starts.iter().skip(1).map(|note| token_of(*note)).chain([tokens.len()]);
    starts.iter().zip(ends).map(|(note, end)| token_of(*note)..end).collect()
}

/// A note of the line with the silence after it.
struct Sounding {
    /// Which token it is.
    place: usize,
    pitch: u8,
    length: Ticks,
    rest: Ticks,
}

impl Sounding {
    fn of(tokens: &[Token]) -> Vec<Sounding> {
        let mut notes: Vec<Sounding> = Vec::with_capacity(tokens.len());
        for (place, token) in tokens.iter().enumerate() {
            match (token.pitch, notes.last_mut()) {
                (Some(pitch), _) => notes.push(Sounding {
                    place,
                    pitch: pitch.number(),
                    length: token.length,
                    rest: Ticks::ZERO,
                }),
                (None, Some(note)) => note.rest += token.length,
                (None, None) => {}
            }
        }
        notes
    }

    /// Time to the next onset, in ticks.
    fn step(&self) -> f64 {
        (self.length + self.rest).0 as f64
    }
}

/// How much speaks for a phrase to begin at this note: the sum of the rules, weighed.
fn strength(notes: &[Sounding], first: usize) -> f64 {
    let Some(second) = first.checked_sub(1) else { return 0.0 };
    let rest = (notes[second].rest.0 as f64 / Ticks::quarters(2).0 as f64).min(1.0);
    let step = |note: usize| notes.get(note).map(Sounding::step);
    let leap = |from: usize| {
        let pair = notes.get(from).zip(notes.get(from + 1))?;
        Some(f64::from(pair.0.pitch.abs_diff(pair.1.pitch)))
    };
    let before = second.checked_sub(1);
    let steps = peak(before.and_then(step), step(second), step(first));
    let leaps = peak(before.and_then(leap), leap(second), leap(first));
    WEIGHT_2A * rest + WEIGHT_2B * steps + WEIGHT_3A * leaps + WEIGHT_3D * change(notes, first)
}

/// How far the middle one stands out above both its neighbours, 0 to 1; at an end of the line there is one neighbour.
fn peak(left: Option<f64>, middle: Option<f64>, right: Option<f64>) -> f64 {
    let Some(middle) = middle else { return 0.0 };
    let (left, right) = match (left, right) {
        (Some(left), Some(right)) => (left, right),
        (Some(only), None) | (None, Some(only)) => (only, only),
        (None, None) => return 0.0,
    };
    if middle > left && middle > right { 1.0 - (left + right) / (2.0 * middle) } else { 0.0 }
}

/// Rule 3d: two notes of one length, then two of another.
fn change(notes: &[Sounding], first: usize) -> f64 {
    let four = first.checked_sub(2).and_then(|from| notes.get(from..first + 2));
    let Some([a, b, c, d]) = four else { return 0.0 };
    if a.length != b.length || c.length != d.length {
        return 0.0;
    }
    1.0 - b.length.min(c.length).0 as f64 / b.length.max(c.length).0 as f64
}

/// The notes at which the phrases begin in the way of cutting whose strengths, less the costs, sum highest.
fn best_starts(strengths: &[f64]) -> Vec<usize> {
    let count = strengths.len();
    // For each end the best sum of a division up to it, and where its last phrase begins.
    let mut best = vec![(f64::NEG_INFINITY, 0); count + 1];
    best[0] = (0.0, 0);
    for end in 1..=count {
        for size in FEWEST.min(count)..=MOST.min(end) {
            let start = end - size;
            let gain = if start == 0 { 0.0 } else { strengths[start] - COST };
            let sum = best[start].0 + gain - UNEASE * (size as f64 / EASY).log2().powi(2);
            if sum > best[end].0 {
                best[end] = (sum, start);
            }
        }
    }
    let mut starts = vec![best[count].1];
    while starts[starts.len() - 1] > 0 {
        starts.push(best[starts[starts.len() - 1]].1);
    }
    starts.reverse();
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Vec<Token> {
        text.split_whitespace().map(|token| token.parse().unwrap()).collect()
    }

    #[test]
    fn a_rest_ends_a_phrase_and_belongs_to_it() {
        let tokens = line("C4:1.0 D4:1.0 E4:1.0 R:1.0 C4:1.0 D4:1.0 E4:1.0 F4:1.0");
        assert_eq!(phrases(&tokens), [0..4, 4..8]);
    }

    #[test]
    fn a_leap_parts_what_moves_in_steps() {
        let tokens =
            line("C4:1.0 D4:1.0 E4:1.0 D4:1.0 E4:1.0 C4:1.0 C5:1.0 B4:1.0 A4:1.0 B4:1.0 C5:1.0 B4:1.0");
        assert_eq!(phrases(&tokens), [0..6, 6..12]);
    }

    #[test]
    fn a_change_of_length_parts_where_nothing_else_does() {
        let slow = "C4:1.0 D4:1.0 E4:1.0 F4:1.0 G4:1.0 A4:1.0 ";
        let tokens = line(&(slow.to_owned() + &slow.replace("1.0", "0.25")));
        assert_eq!(phrases(&tokens), [0..6, 6..12]);
    }

    #[test]
    fn a_melody_played_twice_is_cut_alike_both_times() {
        let once = "C4:0.5 D4:0.5 E4:1.0 G4:2.0 A4:0.5 G4:0.5 E4:1.0 D4:2.0 ";
        let cuts = phrases(&line(&once.repeat(2)));
        assert_eq!(cuts, [0..4, 4..8, 8..12, 12..16]);
    }

    #[test]
    fn any_line_is_cut_completely_into_phrases_of_fitting_size() {
        for count in 0..80_usize {
            let tokens: Vec<Token> = (0..count)
                .map(|index| match index % 5 {
                    3 => "R:0.5".parse().unwrap(),
                    other => format!("{}4:{}", ["C", "E", "G", "", "A"][other], [1.0, 0.5][index % 2])
                        .parse()
                        .unwrap(),
                })
                .collect();
            let cuts = phrases(&tokens);
            assert!(cuts.iter().map(Range::len).sum::<usize>() == count);
            assert!(cuts.windows(2).all(|pair| pair[0].end == pair[1].start));
            for cut in &cuts {
                let notes = tokens[cut.clone()].iter().filter(|token| !token.is_rest()).count();
                assert!(notes <= MOST && (notes >= FEWEST || cuts.len() == 1), "{notes} of {count}");
            }
        }
        assert!(phrases(&line("R:1.0 R:2.0")).is_empty());
    }
}
