//! Melodies as bars with their chords: what MidiNet learns from.
//!
//! A melody's chords are those that its source tells, where the same song is also read as a performance
//! ([`corpus::performances`](crate::corpus::performances)). Elsewhere a bar's chord is the triad that holds most of what
//! sounds in it, if that is [`CLEAR`] or more: how people harmonise a tune that has none, roughly.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use generator::midinet::bar::{self, CHORD, HOLD, LOWEST, STEPS};
use melody::{Chord, Meter, Note, Phrase, Prompt, Ticks, Token};

use crate::corpus::Melody;
use crate::corpus::performances::Performance;
use crate::dataset::{Line, Lines, Part};

/// The least share of a bar's sound that a triad must hold to be taken for its chord.
const CLEAR: f64 = 0.6;
/// The least share of a melody's notes that its performance must have, too.
const ALIKE: f64 = 0.8;
/// A melody begins at most so many bars after its performance.
const LATEST: usize = 64;

/// A bar with its chord: root, and 12 more for a minor third.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Known {
    /// Which row is on at each step.
    pub rows: [u8; STEPS],
    /// The chord at home, 0 to 23, where it is known.
    pub chord: Option<u8>,
}

impl Known {
    /// A bar of silence.
    pub const SILENCE: Known = Known { rows: [bar::REST as u8; STEPS], chord: None };

    /// The chord as the network is told it.
    pub fn numbers(&self) -> [f32; CHORD] {
        let mut numbers = [0.0; CHORD];
        if let Some(chord) = self.chord {
            numbers[usize::from(chord % 12)] = 1.0;
            numbers[CHORD - 1] = f32::from(chord / 12);
        }
        numbers
    }

    /// Whether nothing is struck in it.
    pub fn is_still(&self) -> bool {
        self.rows.iter().all(|row| usize::from(*row) < LOWEST)
    }
}

/// All bars of a set of melodies, and the melodies as lines of their places in that list.
#[derive(Debug, Clone, Default)]
pub struct Bars {
    /// The different bars; silence comes first.
    pub known: Vec<Known>,
    /// What to learn from. Each line begins with silence, and no bar in it is still.
    pub train: Lines,
    /// What decides when to stop.
    pub validation: Lines,
    /// What is reported.
    pub test: Lines,
    /// How many melodies of each source were used, by the source's name.
    pub melodies: BTreeMap<String, usize>,
    /// How many notes are in these.
    pub notes: BTreeMap<String, usize>,
    /// The share of bars whose chord the source tells, and of those whose chord was guessed.
    pub told: (f64, f64),
}

impl Bars {
    /// The bars of all melodies in bars as long as 4/4, at home as they are heard.
    pub fn of(melodies: &[Melody], performances: &[Performance]) -> Bars {
        let mut songs: HashMap<&str, Vec<&Performance>> = HashMap::new();
        performances.iter().for_each(|played| songs.entry(&played.song).or_default().push(played));
        let mut bars = Bars { known: vec![Known::SILENCE], ..Bars::default() };
        let mut ids = HashMap::from([(Known::SILENCE, 0)]);
        let (mut all, mut told, mut guessed) = (0_usize, 0, 0);
        for melody in melodies.iter().filter(|melody| melody.phrase.meter.bar() == Meter::COMMON.bar()) {
            let candidates = songs.get(melody.song.as_str()).map(Vec::as_slice).unwrap_or_default();
            let accompanied = candidates.iter().find_map(|played| accompaniment(melody, played));
            let line = bars_of(&melody.phrase, |bar, shift| chord_of(accompanied.as_ref()?, bar, shift));
            all += line.len();
            told += line.iter().filter(|(_, is_told)| *is_told).count();
            guessed += line.iter().filter(|(bar, is_told)| !is_told && bar.chord.is_some()).count();
            let part = match Part::of(&melody.song) {
                Part::Train => &mut bars.train,
                Part::Validation => &mut bars.validation,
                Part::Test => &mut bars.test,
            };
            for sounding in line.split(|(bar, _)| bar.is_still()).filter(|sounding| !sounding.is_empty()) {
                let mut id = |bar: &Known| {
                    *ids.entry(*bar).or_insert_with(|| {
                        bars.known.push(*bar);
                        bars.known.len() as u32 - 1
                    })
                };
                let tokens = [0].into_iter().chain(sounding.iter().map(|(bar, _)| id(bar))).collect();
                part.push(Line { source: melody.source, tokens });
            }
            let name = melody.source.name().to_owned();
            *bars.melodies.entry(name.clone()).or_default() += 1;
            *bars.notes.entry(name).or_default() += melody.phrase.notes().len();
        }
        let share = |count: usize| count as f64 / all.max(1) as f64;
        bars.told = (share(told), share(guessed));
        bars
    }

    /// Notes in a bar of the training part, in the mean.
    pub fn notes_a_bar(&self) -> f64 {
        let bars: Vec<&Known> = self
            .train
            .iter()
            .flat_map(|line| &line.tokens[1..])
            .map(|id| &self.known[*id as usize])
            .collect();
        let notes = bars.iter().flat_map(|bar| bar.rows).filter(|row| usize::from(*row) >= LOWEST).count();
        notes as f64 / bars.len().max(1) as f64
    }
}

/// A melody's bars at home, each with whether its chord was told; `told` knows the chord of a bar, moved by so many
/// semitones.
fn bars_of(phrase: &Phrase, told: impl Fn(usize, i32) -> Option<u8>) -> Vec<(Known, bool)> {
    let prompt = Prompt::of(phrase);
    let Some(start) = prompt.onsets.first() else { return Vec::new() };
    // The line without what the phrase has before its first note.
    let first_bar = start.floor_to(phrase.meter.bar());
    let bars_before = (phrase.whole_bars() + first_bar).0 / phrase.meter.bar().0;
    let note = |(token, onset): (&Token, &Ticks)| {
        let onset = *onset - first_bar;
        token.pitch.map(|pitch| Note { onset, length: token.length, pitch, velocity: 1, channel: 0 })
    };
    let line = prompt.tokens.iter().zip(&prompt.onsets).filter_map(note).collect();
    let line = Phrase::new(line, phrase.meter, phrase.tempo);
    let rows = bar::bars(&line).into_iter().map(|rows| rows.map(|row| row as u8)).enumerate();
    rows.map(|(number, rows)| {
        let told =
            usize::try_from(bars_before).ok().and_then(|before| told(before + number, prompt.home.shift));
        (Known { rows, chord: told.or_else(|| guess(&rows)) }, told.is_some())
    })
    .collect()
}

/// A performance with where in it a melody begins, in bars.
struct Accompaniment<'a> {
    performance: &'a Performance,
    from: usize,
    /// Semitones from the melody as it stands to the performance.
    shift: i32,
}

/// Where in a performance a melody is found, if it is.
fn accompaniment<'a>(melody: &Melody, performance: &'a Performance) -> Option<Accompaniment<'a>> {
    performance.chords.as_ref()?;
    let shift = i32::from(12 - performance.key.tonic.semitones() % 12)
        + if performance.key.mode == melody::Mode::Minor { 9 } else { 0 };
    let class = |note: &Note, shift: i32| (i32::from(note.pitch.number()) + shift).rem_euclid(12);
    let sounding: BTreeSet<(Ticks, i32)> =
        performance.phrase.notes().iter().map(|note| (note.onset, class(note, 0))).collect();
    let notes = melody.phrase.notes();
    let found = |from: usize| {
        let moved = |note: &&Note| {
            let onset = (note.onset + Meter::COMMON.bar() * from as i64).round_to(Ticks::SIXTEENTH);
            sounding.contains(&(onset, class(note, shift)))
        };
        notes.iter().filter(moved).count()
    };
    let (found, from) =
        (0..LATEST).map(|from| (found(from), from)).max_by_key(|(found, from)| (*found, LATEST - from))?;
    (found as f64 >= ALIKE * notes.len() as f64).then_some(Accompaniment { performance, from, shift })
}

/// The chord of a melody's bar, for a melody that is moved by so many semitones.
fn chord_of(accompaniment: &Accompaniment<'_>, bar: usize, shift: i32) -> Option<u8> {
    let Accompaniment { performance, from, shift: to_performance } = accompaniment;
    let time = performance.phrase.meter.bar() * (bar + from) as i64;
    let chord = performance.chords.as_ref()?.chord_at(time, performance.phrase.meter)?;
    Some(named(chord, shift - to_performance))
}

/// A chord moved by so many semitones, as root and third.
fn named(chord: &Chord, shift: i32) -> u8 {
    let numbers = bar::thirteen(Some(chord), shift);
    let root = numbers[..12].iter().position(|number| *number == 1.0).unwrap_or(0);
    root as u8 + if numbers[12] == 1.0 { 12 } else { 0 }
}

/// The triad that holds most of what sounds in a bar, the first in the order of C, Am, F, G and the others where several
/// do.
fn guess(rows: &[u8; STEPS]) -> Option<u8> {
    let mut sounding = [0.0_f64; 12];
    let mut class = None;
    for (step, row) in rows.iter().enumerate() {
        match usize::from(*row) {
            LOWEST.. => class = Some(usize::from(row % 12)),
            HOLD => {}
            _ => class = None,
        }
        // What is struck on a beat is heard as harmony rather than what passes.
        let weight = if step % 4 == 0 { 2.0 } else { 1.0 };
        if let Some(class) = class {
            sounding[class] += weight;
        }
    }
    let all: f64 = sounding.iter().sum();
    let share = |chord: u8| {
        let third = if chord < 12 { 4 } else { 3 };
        [0, third, 7].map(|interval| sounding[usize::from((chord + interval) % 12)]).iter().sum::<f64>() / all
    };
    let usual = [0, 12 + 9, 5, 7, 12 + 2, 12 + 4];
    let others = (0..24).filter(|chord| !usual.contains(chord));
    let better = |best: u8, chord: u8| if share(chord) > share(best) { chord } else { best };
    let best = usual.into_iter().chain(others).reduce(better)?;
    (all > 0.0 && share(best) >= CLEAR).then_some(best)
}

#[cfg(test)]
mod tests {
    use melody::{Key, Pitch, Style, Tempo};

    use super::*;
    use crate::corpus::Source;

    fn note(quarter: i64, length: i64, pitch: u8) -> Note {
        Note {
            onset: Ticks::quarters(quarter),
            length: Ticks::quarters(length),
            pitch: Pitch::new(pitch).unwrap(),
            velocity: 80,
            channel: 0,
        }
    }

    fn phrase(notes: Vec<Note>) -> Phrase {
        Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT)
    }

    /// Two bars in D with silence of two bars between them.
    fn melody() -> Melody {
        let notes = [(0, 62), (1, 66), (2, 69), (3, 66), (12, 67), (13, 71), (14, 74), (15, 69)];
        let notes = notes.map(|(quarter, pitch)| note(quarter, 1, pitch)).to_vec();
        Melody { source: Source::Pop909, song: "pop909/1".to_owned(), phrase: phrase(notes), key: None }
    }

    fn performance() -> Performance {
        // The same two semitones lower with three bars before it, and other voices below.
        let sung = melody()
            .phrase
            .notes()
            .iter()
            .map(|sung| note(sung.onset.0 / 960 + 12, 1, sung.pitch.number() - 2))
            .collect::<Vec<_>>();
        let bass = (0..28).map(|quarter| note(quarter, 1, 36));
        Performance {
            style: Style::Pop,
            source: Source::Pop909,
            song: "pop909/1".to_owned(),
            part: Part::Train,
            phrase: phrase(sung.into_iter().chain(bass).collect()),
            chords: "G | G | G | Am | C | C | Em".parse().ok(),
            key: "D".parse::<Key>().unwrap(),
        }
    }

    #[test]
    fn a_melody_takes_its_chords_from_its_performance() {
        let bars = Bars::of(&[melody()], &[performance()]);
        let lines = [&bars.train, &bars.validation, &bars.test].into_iter().flatten();
        let chords = |line: &Line| -> Vec<Option<u8>> {
            line.tokens.iter().map(|id| bars.known[*id as usize].chord).collect()
        };
        let found: Vec<Vec<Option<u8>>> = lines.map(chords).collect();
        assert_eq!(found, [vec![None, Some(21)], vec![None, Some(16)]]);
        assert_eq!(bars.told, (1.0, 0.0));
    }

    #[test]
    fn without_a_performance_the_triad_that_holds_most_is_the_chord() {
        let bars = Bars::of(&[melody()], &[]);
        let chords: BTreeSet<Option<u8>> = bars.known.iter().map(|bar| bar.chord).collect();
        // D major at home is C major: the bars are on C and, but for the last note, on F.
        assert_eq!(chords, BTreeSet::from([None, Some(0), Some(5)]));
        assert_eq!(guess(&Known::SILENCE.rows), None);
        let chromatic: [u8; STEPS] = std::array::from_fn(|step| 60 + (step % 12) as u8);
        assert_eq!(guess(&chromatic), None);
    }

    #[test]
    fn another_song_gives_no_chords() {
        let other = Performance {
            phrase: phrase((0..40).map(|quarter| note(quarter, 1, 61)).collect()),
            ..performance()
        };
        assert!(accompaniment(&melody(), &other).is_none());
        let mut silent = performance();
        silent.chords = None;
        assert!(accompaniment(&melody(), &silent).is_none());
    }

    #[test]
    fn a_chord_is_told_as_root_and_third() {
        let bar = Known { chord: Some(21), ..Known::SILENCE };
        assert_eq!((bar.numbers()[9], bar.numbers()[12]), (1.0, 1.0));
        assert_eq!(named(&"Em7".parse().unwrap(), 3), 19);
    }
}
