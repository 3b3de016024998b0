//! Changes of chord by time made a progression by bars.

use melody::{Chord, Meter, Progression, Ticks};

/// The chords of so many bars from their changes, in order of time; each beat has the chord in force where it begins,
/// and a bar is written with as few chords as say the same. `None` without changes, and beyond what a progression
/// holds.
pub fn bar_by_bar(changes: &[(Ticks, Option<Chord>)], meter: Meter, bars: usize) -> Option<Progression> {
    if changes.is_empty() {
        return None;
    }
    let beats = usize::try_from(meter.bar().0 / meter.beat().0).ok()?;
    let at = |time: Ticks| {
        let known = changes.partition_point(|(start, _)| *start <= time);
        known.checked_sub(1).and_then(|last| changes[last].1.clone())
    };
    let beat = |bar: usize, beat: usize| meter.bar() * bar as i64 + meter.beat() * beat as i64;
    let bar = |bar: usize| shortest((0..beats).map(|place| at(beat(bar, place))).collect());
    Progression::new((0..bars).map(bar).collect())
}

/// The same bar with the fewest equal shares.
fn shortest(bar: Vec<Option<Chord>>) -> Vec<Option<Chord>> {
    let shares = (1..bar.len()).filter(|shares| bar.len().is_multiple_of(*shares));
    let says_the_same = |shares: &usize| {
        bar.chunks(bar.len() / shares).all(|share| share.iter().all(|chord| *chord == share[0]))
    };
    let fewest = shares.into_iter().find(says_the_same).unwrap_or(bar.len());
    let step = (bar.len() / fewest.max(1)).max(1);
    bar.into_iter().step_by(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progression(changes: &[(i64, &str)], meter: Meter, bars: usize) -> Option<String> {
        let change = |(quarter, symbol): &(i64, &str)| (Ticks::quarters(*quarter), symbol.parse().ok());
        let changes: Vec<_> = changes.iter().map(change).collect();
        bar_by_bar(&changes, meter, bars).map(|chords| chords.to_string())
    }

    #[test]
    fn bars_are_written_with_as_few_chords_as_say_the_same() {
        let changes = [(0, "C"), (4, "F"), (6, "G"), (11, "Am")];
        assert_eq!(progression(&changes, Meter::COMMON, 4).unwrap(), "C | F G | G G G Am | Am");
        let waltz = Meter::new(3, 4).unwrap();
        assert_eq!(progression(&changes, waltz, 3).unwrap(), "C | C F F | G");
    }

    #[test]
    fn before_the_first_change_there_is_no_chord_and_without_one_no_progression() {
        assert_eq!(progression(&[(6, "C")], Meter::COMMON, 2).unwrap(), "NC | NC C");
        assert_eq!(progression(&[], Meter::COMMON, 2), None);
        assert_eq!(progression(&[(0, "C")], Meter::COMMON, 0), None);
    }
}
