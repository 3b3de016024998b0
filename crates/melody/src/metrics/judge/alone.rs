//! Figures of a melody alone: its pitches, intervals, rhythm, bars and how it ends.

use super::{Feature, deviation, mean};
use crate::metrics::bars::{self, Sameness};
use crate::metrics::{Histogram, motifs, pitches, rhythm, spans};
use crate::{Key, Note, Phrase, Ticks};

/// What is measured of a monophonic line on the grid whose bars all count, empty ones too.
pub fn of_melody(line: &Phrase) -> Vec<Feature> {
    let mut features = of_pitches(line.notes());
    features.extend(of_steps(line.notes()));
    features.extend(of_rhythm(line));
    features.extend(of_times(line.notes()));
    features.extend(of_bars(line));
    features.extend(of_the_end(line));
    features
}

fn of_pitches(notes: &[Note]) -> Vec<Feature> {
    let key = Key::estimate(notes).unwrap_or(Key::C_MAJOR);
    let degree = |note: &Note| note.pitch.class().above(key.tonic);
    let on = |degrees: &[u8]| share(notes, |note| degrees.contains(&degree(note)));
    let numbers: Vec<f64> = notes.iter().map(|note| f64::from(note.pitch.number())).collect();
    vec![
        ("pitch class entropy", pitches::class_entropy(notes).unwrap_or_default()),
        ("share in key", pitches::share_in_key(notes, key).unwrap_or_default()),
        ("range", pitches::range(notes).map(f64::from).unwrap_or_default()),
        ("different pitches", spans::unique_tones(notes) as f64),
        ("mean pitch", mean(&numbers)),
        ("spread of pitch", deviation(&numbers)),
        ("share on the tonic", on(&[0])),
        ("share on third and fifth", on(&[3, 4, 7])),
        ("share on the second", on(&[2])),
        ("share on fourth and sixth", on(&[5, 8, 9])),
        ("share on the leading note", on(&[11])),
        ("minor", f64::from(u8::from(key.mode == crate::Mode::Minor))),
    ]
}

fn of_steps(notes: &[Note]) -> Vec<Feature> {
    let intervals = pitches::intervals(notes);
    let between = |low: i32, high: i32| {
        intervals
            .shares()
            .filter(|(step, _)| (low..=high).contains(&step.abs()))
            .map(|(_, share)| share)
            .sum()
    };
    let steps: Vec<i32> = notes
        .windows(2)
        .map(|pair| i32::from(pair[1].pitch.number()) - i32::from(pair[0].pitch.number()))
        .collect();
    let moves: Vec<i32> = steps.iter().copied().filter(|step| *step != 0).collect();
    let turns = moves.windows(2).filter(|pair| pair[0].signum() != pair[1].signum()).count();
    let sizes: Vec<f64> = steps.iter().map(|step| f64::from(step.abs())).collect();
    let runs = notes.chunk_by(|left, right| left.pitch == right.pitch).map(<[Note]>::len);
    vec![
        ("repeated notes", pitches::repeated_share(notes).unwrap_or_default()),
        ("steps", between(1, 2)),
        ("thirds", between(3, 4)),
        ("fourths and fifths", between(5, 7)),
        ("leaps", between(8, 127)),
        ("rising", part(steps.iter().filter(|step| **step > 0).count(), steps.len())),
        ("turns", part(turns, moves.len().saturating_sub(1))),
        ("mean interval", mean(&sizes)),
        ("spread of intervals", deviation(&sizes)),
        ("largest interval", sizes.iter().copied().fold(0.0, f64::max)),
        ("interval entropy", intervals.entropy().unwrap_or_default()),
        ("longest run on a pitch", runs.max().unwrap_or_default() as f64),
    ]
}

fn of_rhythm(line: &Phrase) -> Vec<Feature> {
    let notes = line.notes();
    let off = |grid: Ticks| share(notes, |note| note.onset.floor_to(grid) != note.onset);
    let triplets = share(notes, |note| note.onset.floor_to(Ticks::SIXTEENTH) != note.onset);
    let waits: Vec<Ticks> = notes.windows(2).map(|pair| pair[1].onset - pair[0].onset).collect();
    let runs = waits.chunk_by(|left, right| left == right).map(<[Ticks]>::len);
    let equal = waits.windows(2).filter(|pair| pair[0] == pair[1]).count();
    vec![
        ("notes a bar", rhythm::density(line).unwrap_or_default()),
        ("rests", rhythm::rest_share(line).unwrap_or_default()),
        ("off the beat", rhythm::off_beat_share(line).unwrap_or_default()),
        ("off the eighth", off(Ticks::ratio(1, 2))),
        ("triplets", triplets),
        ("length entropy", rhythm::lengths(notes).entropy().unwrap_or_default()),
        ("wait entropy", rhythm::waits(notes).entropy().unwrap_or_default()),
        ("place entropy", rhythm::places(line).entropy().unwrap_or_default()),
        ("waits as the one before", part(equal, waits.len().saturating_sub(1))),
        ("longest run of equal waits", runs.max().unwrap_or_default() as f64),
        ("rests between notes", part(gaps(notes), notes.len().saturating_sub(1))),
    ]
}

fn of_times(notes: &[Note]) -> Vec<Feature> {
    let lengths = rhythm::lengths(notes);
    let waits = rhythm::waits(notes);
    let octaves = |times: &mut dyn Iterator<Item = Ticks>| -> Vec<f64> {
        times.map(|time| time.as_quarters().max(1.0 / 64.0).log2()).collect()
    };
    let held = octaves(&mut notes.iter().map(|note| note.length));
    let waited = octaves(&mut notes.windows(2).map(|pair| pair[1].onset - pair[0].onset));
    let longest = notes.iter().map(|note| note.length).max().unwrap_or(Ticks::ZERO);
    vec![
        ("mean length", mean(&held)),
        ("spread of lengths", deviation(&held)),
        ("longest note", longest.as_quarters()),
        ("mean wait", mean(&waited)),
        ("spread of waits", deviation(&waited)),
        ("sixteenths", up_to(&lengths, Ticks(0), Ticks::SIXTEENTH)),
        ("eighths", up_to(&lengths, Ticks::SIXTEENTH, Ticks::ratio(1, 2))),
        ("dotted eighths", up_to(&lengths, Ticks::ratio(1, 2), Ticks::ratio(3, 4))),
        ("quarters", up_to(&lengths, Ticks::ratio(3, 4), Ticks::QUARTER)),
        ("dotted quarters", up_to(&lengths, Ticks::QUARTER, Ticks::ratio(3, 2))),
        ("halves", up_to(&lengths, Ticks::ratio(3, 2), Ticks::quarters(2))),
        ("waits of a sixteenth", up_to(&waits, Ticks(0), Ticks::SIXTEENTH)),
        ("waits of an eighth", up_to(&waits, Ticks::SIXTEENTH, Ticks::ratio(1, 2))),
        ("waits of a quarter", up_to(&waits, Ticks::ratio(3, 4), Ticks::QUARTER)),
        ("waits over a half", up_to(&waits, Ticks::quarters(2), Ticks(i64::MAX))),
    ]
}

fn of_bars(line: &Phrase) -> Vec<Feature> {
    let bar = line.meter.bar();
    let starts = |place: usize| {
        let from = bar * place as i64;
        line.notes().iter().filter(|note| note.onset >= from && note.onset < from + bar).collect::<Vec<_>>()
    };
    let all: Vec<Vec<&Note>> = (0..line.bars()).map(starts).collect();
    let counts: Vec<f64> = all.iter().map(|notes| notes.len() as f64).collect();
    let begins =
        |notes: &&Vec<&Note>| notes.first().is_some_and(|note| note.onset.floor_to(bar) == note.onset);
    vec![
        ("bar self-similarity", bars::self_similarity(line).unwrap_or_default()),
        ("bars repeated", bars::repeated(line).unwrap_or_default()),
        ("rhythm as one bar ago", back(Sameness::Rhythm, line, 1)),
        ("rhythm as two bars ago", back(Sameness::Rhythm, line, 2)),
        ("notes as two bars ago", back(Sameness::Notes, line, 2)),
        ("variety of two steps", motifs::variety(line, 2).unwrap_or_default()),
        ("variety of three steps", motifs::variety(line, 3).unwrap_or_default()),
        ("empty bars", part(all.iter().filter(|notes| notes.is_empty()).count(), all.len())),
        ("bars begun on the first beat", part(all.iter().filter(begins).count(), all.len())),
        ("spread of notes a bar", deviation(&counts)),
    ]
}

fn of_the_end(line: &Phrase) -> Vec<Feature> {
    let notes = line.notes();
    let key = Key::estimate(notes).unwrap_or(Key::C_MAJOR);
    let (first, last) = (notes.first(), notes.last());
    let length = line.whole_bars();
    let stable = last.is_some_and(|note| [0, 3, 4, 7].contains(&note.pitch.class().above(key.tonic)));
    vec![
        ("rest at the start", first.map_or(0.0, |note| note.onset.as_quarters())),
        ("last length", last.map_or(0.0, |note| note.length.as_quarters())),
        ("rest at the end", last.map_or(0.0, |note| (length - note.end()).as_quarters())),
        ("place of the last note", last.map_or(0.0, |note| (length - note.onset).as_quarters())),
        ("ends on the triad", f64::from(u8::from(stable))),
        (
            "first to last",
            match first.zip(last) {
                Some((first, last)) => f64::from(last.pitch.number()) - f64::from(first.pitch.number()),
                None => 0.0,
            },
        ),
    ]
}

fn back(sameness: Sameness, line: &Phrase, bars: usize) -> f64 {
    bars::likeness_back(sameness, line, bars, bars).unwrap_or_default()
}

/// How many notes end before the next begins.
fn gaps(notes: &[Note]) -> usize {
    notes.windows(2).filter(|pair| pair[0].end() < pair[1].onset).count()
}

/// The share of times longer than one and as long as the other at most.
fn up_to(times: &Histogram<Ticks>, above: Ticks, most: Ticks) -> f64 {
    times.shares().filter(|(time, _)| **time > above && **time <= most).map(|(_, share)| share).sum()
}

fn share(notes: &[Note], fits: impl Fn(&Note) -> bool) -> f64 {
    part(notes.iter().filter(|note| fits(note)).count(), notes.len())
}

fn part(some: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { some as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::means::testing::line;

    fn of(features: &[Feature], name: &str) -> f64 {
        features.iter().find(|(known, _)| *known == name).map(|(_, figure)| *figure).unwrap()
    }

    #[test]
    fn the_figures_of_a_small_tune_are_those_worked_out_by_hand() {
        // Two bars: C C G G | A . (half rest) E, an eighth late.
        let features = of_melody(&line("C4:1.0 C4:1.0 G4:1.0 G4:1.0 A4:1.0 R:1.5 E4:1.5"));
        for (name, figure) in [
            ("notes a bar", 3.0),
            ("range", 9.0),
            ("different pitches", 4.0),
            // 0 7 0 2 -5
            ("repeated notes", 0.4),
            ("steps", 0.2),
            ("fourths and fifths", 0.4),
            ("leaps", 0.0),
            ("turns", 0.5),
            ("rising", 0.4),
            ("off the beat", 1.0 / 6.0),
            ("rests", 1.5 / 8.0),
            ("rests between notes", 0.2),
            ("quarters", 5.0 / 6.0),
            ("dotted quarters", 1.0 / 6.0),
            ("bars begun on the first beat", 1.0),
            ("last length", 1.5),
            ("rest at the end", 0.0),
            ("first to last", 4.0),
            ("longest run of equal waits", 4.0),
        ] {
            assert!((of(&features, name) - figure).abs() < 1e-9, "{name}: {}", of(&features, name));
        }
    }

    #[test]
    fn all_melodies_have_the_same_figures_in_the_same_order_and_none_is_missing() {
        let names = |text: &str| of_melody(&line(text)).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let mut all = names("C4:1.0 D4:1.0 E4:4.0");
        for text in ["", "R:4.0", "C4:1.0", "C4:1.0 C4:1.0"] {
            assert_eq!(names(text), all, "{text}");
            assert!(of_melody(&line(text)).iter().all(|(_, figure)| figure.is_finite()), "{text}");
        }
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), of_melody(&line("")).len(), "a name stands twice");
    }
}
