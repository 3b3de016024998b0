//! How a line repeats itself from bar to bar, and how it takes up the bars of another.

use std::collections::BTreeSet;

use super::means;
use crate::{Phrase, Pitch, Ticks};

/// What starts in a bar: places in ticks from the bar line, with their pitches.
type Bar = BTreeSet<(Ticks, Pitch)>;

/// How alike the bars are, 0 to 1: over all pairs of bars in which notes start, the mean of the notes that both have
/// at the same place and pitch over the notes that either has (Jaccard's index). `None` with fewer than two such bars.
pub fn self_similarity(phrase: &Phrase) -> Option<f64> {
    let bars = filled(phrase);
    let mut alike = Vec::new();
    for (index, left) in bars.iter().enumerate() {
        let index_of =
            |right: &Bar| left.intersection(right).count() as f64 / left.union(right).count() as f64;
        alike.extend(bars[..index].iter().map(index_of));
    }
    means::mean(&alike)
}

/// The share of bars in which notes start that are played before in the same phrase, note for note. The first such
/// bar has nothing before it and is not counted; `None` with fewer than two.
pub fn repeated(phrase: &Phrase) -> Option<f64> {
    let bars = filled(phrase);
    let again = (1..bars.len()).filter(|index| bars[..*index].contains(&bars[*index])).count();
    (bars.len() > 1).then(|| again as f64 / (bars.len() - 1) as f64)
}

/// The share of the prompt's different bars that the answer takes up again, note for note; bars without a beginning
/// note are passed over. `None` where the prompt has no others.
pub fn taken_up(prompt: &Phrase, answer: &Phrase) -> Option<f64> {
    let (asked, answered): (BTreeSet<Bar>, BTreeSet<Bar>) =
        (filled(prompt).into_iter().collect(), filled(answer).into_iter().collect());
    let again = asked.intersection(&answered).count();
    (!asked.is_empty()).then(|| again as f64 / asked.len() as f64)
}

/// The bars in which notes start, in order.
fn filled(phrase: &Phrase) -> Vec<Bar> {
    let length = phrase.meter.bar();
    let mut bars: Vec<(Ticks, Bar)> = Vec::new();
    for note in phrase.notes() {
        let start = note.onset.floor_to(length);
        if bars.last().is_none_or(|(last, _)| *last != start) {
            bars.push((start, Bar::new()));
        }
        if let Some((_, bar)) = bars.last_mut() {
            bar.insert((note.onset - start, note.pitch));
        }
    }
    bars.into_iter().map(|(_, bar)| bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::means::testing::line;

    /// Bars of two halves; the last repeats the first and the second has one note of it.
    const TUNE: &str = "C4:2.0 E4:2.0 C4:2.0 G4:2.0 D4:4.0 C4:2.0 E4:2.0";

    #[test]
    fn similarity_is_the_mean_over_pairs_of_bars() {
        // 1-2: one of three, 1-3: none, 1-4: all, 2-3: none, 2-4: one of three, 3-4: none.
        let expected = (1.0 / 3.0 + 1.0 + 1.0 / 3.0) / 6.0;
        assert!((self_similarity(&line(TUNE)).unwrap() - expected).abs() < 1e-12);
        assert_eq!(self_similarity(&line("C4:4.0 R:4.0 C4:4.0")), Some(1.0));
        assert_eq!(self_similarity(&line("C4:4.0")), None);
    }

    #[test]
    fn a_bar_played_before_counts_as_repeated() {
        assert_eq!(repeated(&line(TUNE)), Some(1.0 / 3.0));
        assert_eq!(repeated(&line("C4:4.0")), None);
    }

    #[test]
    fn bars_taken_up_are_counted_once_however_often_they_come() {
        assert_eq!(taken_up(&line(TUNE), &line("D4:4.0 D4:4.0 E4:4.0")), Some(1.0 / 3.0));
        assert_eq!(taken_up(&line("R:4.0"), &line(TUNE)), None);
    }
}
