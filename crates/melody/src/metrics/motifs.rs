//! Motifs, runs of steps by interval and rhythm: how many a line has, and how many of another's it takes up.

use std::collections::HashSet;

use super::copying;
use crate::{Phrase, Ticks};

/// From note to note: semitones, and the time between their beginnings.
type Step = (i16, Ticks);

/// The share of the prompt's different motifs of so many steps that the answer takes up, in any key and octave and at
/// any place; `None` where the prompt has none. A step is an interval and the time from onset to onset, to a twelfth of
/// a quarter; three of them are four notes.
pub fn taken_up(prompt: &Phrase, answer: &Phrase, steps: usize) -> Option<f64> {
    let (asked, answered) = (path(prompt), path(answer));
    let (asked, answered) = (different(&asked, steps), different(&answered, steps));
    let again = asked.intersection(&answered).count();
    (!asked.is_empty()).then(|| again as f64 / asked.len() as f64)
}

/// The share of a line's motifs of so many steps that differ from one another, above 0 up to 1; `None` without any.
pub fn variety(line: &Phrase, steps: usize) -> Option<f64> {
    let path = path(line);
    let all = path.windows(steps.max(1)).count();
    (all > 0).then(|| different(&path, steps).len() as f64 / all as f64)
}

/// The steps of the longest motif that both lines have.
pub fn longest_shared(prompt: &Phrase, answer: &Phrase) -> usize {
    let (asked, answered) = (path(prompt), path(answer));
    // The longest common run that ends at each step of the prompt (dynamic programming, one row kept).
    let (mut row, mut longest) = (vec![0; asked.len() + 1], 0);
    for step in &answered {
        for place in (0..asked.len()).rev() {
            row[place + 1] = if asked[place] == *step { row[place] + 1 } else { 0 };
            longest = longest.max(row[place + 1]);
        }
    }
    longest
}

fn path(line: &Phrase) -> Vec<Step> {
    copying::steps(line.notes()).collect()
}

fn different(path: &[Step], steps: usize) -> HashSet<&[Step]> {
    path.windows(steps.max(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::means::testing::line;

    /// Steps up by 2 quarters, 2 quarters, then down 4: motifs of two steps (2 2) (2 -4) (-4 2) (2 2).
    const TUNE: &str = "C4:1.0 D4:1.0 E4:1.0 C4:1.0 D4:1.0 E4:1.0";

    #[test]
    fn motifs_are_taken_up_in_any_key() {
        // Two whole tones up from F; then down 1, which the tune has not.
        let answer = line("F4:1.0 G4:1.0 A4:1.0 G#4:1.0");
        assert_eq!(taken_up(&line(TUNE), &answer, 2), Some(1.0 / 3.0));
        assert_eq!(taken_up(&line(TUNE), &line("F4:0.5 G4:0.5 A4:0.5"), 2), Some(0.0));
        assert_eq!(taken_up(&line("C4:1.0 D4:1.0"), &answer, 2), None);
    }

    #[test]
    fn variety_counts_different_motifs() {
        assert_eq!(variety(&line(TUNE), 2), Some(0.75));
        assert_eq!(variety(&line("C4:1.0"), 2), None);
    }

    #[test]
    fn the_longest_shared_motif_is_found_wherever_it_stands() {
        let answer = line("B4:1.0 G4:1.0 A4:1.0 B4:1.0 G4:1.0");
        // -4 2 2 -4 against 2 2 -4 2 2: three steps.
        assert_eq!(longest_shared(&line(TUNE), &answer), 3);
        assert_eq!(longest_shared(&line(TUNE), &line("C4:1.0")), 0);
    }
}
