//! How a line repeats itself from bar to bar, and how it takes up the bars of another.

use std::collections::{BTreeMap, BTreeSet};

use super::means;
use crate::{Phrase, Pitch, Ticks};

/// What starts in a bar: places in ticks from the bar line, with their pitches.
type Bar = BTreeSet<(Ticks, Pitch)>;

/// In what bars must agree to be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// Where notes start.
    Rhythm,
    /// Where notes start, and the intervals between them: a bar that is moved higher is the same.
    Shape,
    /// Where notes start, and their pitches.
    Notes,
}

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
    taken_up_in(Sameness::Notes, prompt, answer)
}

/// As [`taken_up`], where bars need agree in no more than this.
pub fn taken_up_in(sameness: Sameness, prompt: &Phrase, answer: &Phrase) -> Option<f64> {
    let bars = |phrase: &Phrase| -> BTreeSet<_> {
        filled(phrase).iter().map(|bar| likeness(sameness, bar)).collect()
    };
    let (asked, answered) = (bars(prompt), bars(answer));
    let again = asked.intersection(&answered).count();
    (!asked.is_empty()).then(|| again as f64 / asked.len() as f64)
}

/// How alike the bars from number `from` on, counted from 0, are to the bars so many before them, 0 to 1: the mean of
/// Jaccard's index over those in which notes start, all places and pitches counting or, for [`Sameness::Rhythm`], the
/// places alone. `None` where there is no such bar.
pub fn likeness_back(sameness: Sameness, phrase: &Phrase, from: usize, back: usize) -> Option<f64> {
    let bars = by_number(phrase);
    let places = |bar: &Bar| -> BTreeSet<(Ticks, u8)> {
        let pitch = |pitch: &Pitch| if sameness == Sameness::Rhythm { 0 } else { pitch.number() };
        bar.iter().map(|(place, at)| (*place, pitch(at))).collect()
    };
    let index = |(number, bar): (&i64, &Bar)| {
        let (left, right) = (places(bar), bars.get(&(number - back as i64)).map(places).unwrap_or_default());
        left.intersection(&right).count() as f64 / left.union(&right).count() as f64
    };
    means::mean(&bars.range(from as i64..).map(index).collect::<Vec<f64>>())
}

/// What must be equal for two bars to be the same: places in ticks, with pitches as far as they count.
fn likeness(sameness: Sameness, bar: &Bar) -> Vec<(Ticks, i16)> {
    let first = bar.first().map_or(0, |(_, pitch)| i16::from(pitch.number()));
    let pitch = |pitch: &Pitch| match sameness {
        Sameness::Rhythm => 0,
        Sameness::Shape => i16::from(pitch.number()) - first,
        Sameness::Notes => i16::from(pitch.number()),
    };
    bar.iter().map(|(place, at)| (*place, pitch(at))).collect()
}

/// The bars in which notes start, in order.
fn filled(phrase: &Phrase) -> Vec<Bar> {
    by_number(phrase).into_values().collect()
}

/// The bars in which notes start, by their numbers from 0.
fn by_number(phrase: &Phrase) -> BTreeMap<i64, Bar> {
    let length = phrase.meter.bar();
    let mut bars: BTreeMap<i64, Bar> = BTreeMap::new();
    for note in phrase.notes() {
        let start = note.onset.floor_to(length);
        bars.entry(start.0 / length.0).or_default().insert((note.onset - start, note.pitch));
    }
    bars
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

    #[test]
    fn a_bar_moved_higher_has_the_same_shape_and_other_notes_the_same_rhythm() {
        // Of the tune's three different bars C-E, C-G, D: the first is moved up a fourth, the third has its rhythm.
        let answer = line("F4:2.0 A4:2.0 G4:4.0");
        assert_eq!(taken_up_in(Sameness::Notes, &line(TUNE), &answer), Some(0.0));
        assert_eq!(taken_up_in(Sameness::Shape, &line(TUNE), &answer), Some(2.0 / 3.0));
        // The tune has two rhythms: two halves, and a whole.
        assert_eq!(taken_up_in(Sameness::Rhythm, &line(TUNE), &answer), Some(1.0));
        assert_eq!(taken_up_in(Sameness::Rhythm, &line(TUNE), &line("C4:4.0")), Some(0.5));
    }

    #[test]
    fn likeness_looks_so_many_bars_back() {
        // Bar 4 after bar 1: the same; bar 3 after bar 0, of the tune: D against C-E.
        assert_eq!(likeness_back(Sameness::Notes, &line(TUNE), 3, 3), Some(1.0));
        assert_eq!(likeness_back(Sameness::Notes, &line(TUNE), 2, 2), Some((0.0 + 1.0 / 3.0) / 2.0));
        assert_eq!(likeness_back(Sameness::Rhythm, &line(TUNE), 2, 2), Some((0.5 + 1.0) / 2.0));
        assert_eq!(likeness_back(Sameness::Notes, &line(TUNE), 9, 1), None);
    }
}
