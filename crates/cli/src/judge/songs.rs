//! Prompts with their real continuations from the collections, and what was learnt from.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use generator::sampling::Dice;
use melody::metrics::copying::Runs;
use melody::{Phrase, Ticks};
use trainer::corpus::{self, Corpus, Melody, Source};
use trainer::dataset::Part;
use trainer::house::ngram::{Line, Ngrams};

use super::answers::Set;
use super::cases::{Case, heard};
use crate::console::Console;

/// The collections that prompts come from.
const SOURCES: [Source; 8] = [
    Source::Pop909,
    Source::Rs200,
    Source::OpenEwld,
    Source::Freedoom,
    Source::CreIrish,
    Source::WJazzD,
    Source::Lieder,
    Source::OpenHymnal,
];
/// The fewest notes a bar of a prompt, and of what comes next.
const BUSY: (f64, f64) = (1.5, 1.0);
/// More songs than any collection has.
const MANY: usize = 1_000_000;
/// How often another song is looked for.
const TRIES: usize = 200;
/// Notes of each collection that the n-grams are mixed by.
const MIXED_BY: usize = 4000;
/// The lengths of runs of notes that count as copied.
pub const RUNS: [usize; 2] = [8, 12];

/// What was read.
pub struct Songs {
    corpus: Corpus,
    gaps: bool,
}

impl Songs {
    /// Reads those collections that are there.
    ///
    /// # Errors
    /// None is there, or one is damaged.
    pub fn read(data: &Path, gaps: bool, console: &Console) -> Result<Songs> {
        let there = |source: &Source| {
            let name = source.name();
            data.join(name).is_dir() || data.join(format!("{name}.tar.gz")).is_file()
        };
        let mut sources: Vec<Source> = SOURCES.into_iter().filter(there).collect();
        match sources.len() {
            // The error names the first.
            0 => sources.extend(SOURCES.first()),
            count => console.remark(&format!("continuo: reading {count} collections")),
        }
        Ok(Songs { corpus: corpus::read(data, &sources, &mut |_| {})?, gaps })
    }

    /// Prompts of so many bars with what comes next, evenly from all collections and from as many songs as there are. A
    /// prompt begins with a bar line that lies a multiple of its bars after the first whole bar.
    ///
    /// # Errors
    /// There are too few.
    pub fn cases(
        &self,
        part: Part,
        wanted: usize,
        bars: u32,
        seed: u64,
        console: &Console,
    ) -> Result<Vec<Case>> {
        let (mut cases, mut dice) = (Vec::new(), Dice::new(seed));
        let sources = &self.corpus.sources;
        for (number, source) in sources.iter().enumerate() {
            let share = (wanted * (number + 1) / sources.len()) - (wanted * number / sources.len());
            let found = self.of_source(*source, part, share, bars, (number * MANY, &mut dice));
            if found.len() < share {
                console.remark(&format!(
                    "continuo: {} has {} prompts of the {share} that were wanted",
                    source.name(),
                    found.len()
                ));
            }
            cases.extend(found);
        }
        if cases.len() < 10 {
            bail!("the songs that no model has learnt from hold {} prompts; ask for fewer bars", cases.len());
        }
        Ok(cases)
    }

    fn of_source(
        &self,
        source: Source,
        part: Part,
        wanted: usize,
        bars: u32,
        (first, dice): (usize, &mut Dice),
    ) -> Vec<Case> {
        let mut songs: BTreeMap<&str, Vec<(Phrase, Phrase)>> = BTreeMap::new();
        for melody in self.of_part(part).filter(|melody| melody.source == source) {
            songs.entry(&melody.song).or_default().extend(self.pairs(&melody.phrase, bars));
        }
        let mut songs: Vec<(&str, Vec<(Phrase, Phrase)>)> = songs.into_iter().collect();
        shuffle(&mut songs, dice);
        songs.iter_mut().for_each(|(_, pairs)| shuffle(pairs, dice));
        let mut cases: Vec<Case> = Vec::new();
        // Each song once, then each a second time, until there are enough.
        while cases.len() < wanted && songs.iter().any(|(_, pairs)| !pairs.is_empty()) {
            for (number, (_, pairs)) in songs.iter_mut().enumerate() {
                let Some((prompt, real)) = pairs.pop().filter(|_| cases.len() < wanted) else { continue };
                cases.push(Case {
                    name: format!("{}-{:03}", source.name(), cases.len() + 1),
                    song: first + number,
                    source: Some(source),
                    prompt: Some(prompt),
                    real,
                });
            }
        }
        cases
    }

    /// Stretches of a song that do not overlap, each as a prompt and what comes next.
    fn pairs(&self, song: &Phrase, bars: u32) -> Vec<(Phrase, Phrase)> {
        let line = heard(song, self.gaps);
        let length = line.meter.bar() * i64::from(bars);
        let busy = |part: &Phrase, least: f64| part.notes().len() as f64 >= least * f64::from(bars);
        let whole = |from: Ticks| {
            let prompt = line.between(from, from + length);
            let real = line.between(from + length, from + length * 2);
            let begins = prompt.notes().first().is_some_and(|note| note.onset < line.meter.bar());
            let good = begins && busy(&prompt, BUSY.0) && busy(&real, BUSY.1);
            good.then(|| (prompt, heard(&real, self.gaps)))
        };
        let (start, mut found) = (first_bar(&line), Vec::new());
        let mut from = start;
        while from + length * 2 <= line.whole_bars() {
            let pair = whole(from);
            from += if pair.is_some() { length * 2 } else { length };
            found.extend(pair);
        }
        found
    }

    /// For each case bars of another song of its collection and meter, from those that models learnt from.
    pub fn strangers(&self, cases: &[Case], bars: u32, seed: u64) -> Set {
        let train: Vec<&Melody> = self.of_part(Part::Train).collect();
        let mut dice = Dice::new(seed ^ 0x5eed);
        let mut answers = Vec::new();
        for (place, case) in cases.iter().enumerate() {
            let fits = |melody: &&&Melody| {
                Some(melody.source) == case.source && melody.phrase.meter == case.real.meter
            };
            let others: Vec<&&Melody> = train.iter().filter(fits).collect();
            let found = (0..TRIES).find_map(|_| {
                let melody = others.get(dice.pick(others.len()))?;
                let mut pairs = self.pairs(&melody.phrase, bars);
                (!pairs.is_empty()).then(|| pairs.swap_remove(dice.pick(pairs.len())).1)
            });
            answers.extend(found.map(|answer| (place, answer)));
        }
        Set { is_learnt: true, ..Set::anchor("bars of another song", answers) }
    }

    /// The runs of notes in all that was learnt from.
    pub fn runs(&self) -> Vec<Runs> {
        let mut all: Vec<Runs> = RUNS.map(Runs::of_notes).into();
        for (number, (name, melodies)) in (0..).zip(self.corpus.songs()) {
            if Part::of(name) == Part::Train {
                for line in melodies.iter().map(|melody| heard(&melody.phrase, true)) {
                    all.iter_mut().for_each(|runs| runs.add(number, &line));
                }
            }
        }
        all
    }

    /// N-grams with a cache, counted on what was learnt from and mixed by the validation part.
    pub fn ngrams(&self) -> Ngrams {
        let train: Vec<Line> = self.of_part(Part::Train).filter_map(Line::of).collect();
        let mut taken: BTreeMap<Source, usize> = BTreeMap::new();
        let enough = |line: &Line| {
            let taken = taken.entry(line.source).or_default();
            let wanted = *taken < MIXED_BY;
            *taken += line.words.len();
            wanted
        };
        let validation: Vec<Line> =
            self.of_part(Part::Validation).filter_map(Line::of).filter(enough).collect();
        Ngrams::of_lines(&train, &validation)
    }

    fn of_part(&self, part: Part) -> impl Iterator<Item = &Melody> {
        self.corpus.melodies.iter().filter(move |melody| Part::of(&melody.song) == part)
    }
}

/// The first bar line at or after which the tune is no upbeat any more.
fn first_bar(line: &Phrase) -> Ticks {
    let bar = line.meter.bar();
    let first = line.notes().first().map_or(Ticks::ZERO, |note| note.onset);
    let start = first.floor_to(bar);
    if (first - start) * 2 < bar { start } else { start + bar }
}

/// Fisher and Yates.
fn shuffle<T>(items: &mut [T], dice: &mut Dice) {
    for last in (1..items.len()).rev() {
        items.swap(last, dice.pick(last + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::super::cases::tests::line;
    use super::*;

    fn quarters(bars: i64, from: i64) -> Phrase {
        let notes: Vec<(u8, i64, i64)> =
            (from..bars * 4).map(|beat| (60 + (beat % 7) as u8, beat * 4, 4)).collect();
        line(&notes, bars)
    }

    #[test]
    fn prompts_begin_after_the_upbeat_and_do_not_overlap() {
        let songs = Songs { corpus: Corpus::default(), gaps: false };
        // 17 bars with an upbeat of a quarter: two stretches of 4 + 4 from the second bar on.
        let tune = quarters(17, 3);
        let pairs = songs.pairs(&tune, 4);
        assert_eq!(pairs.len(), 2);
        let bar = Ticks::quarters(4);
        assert_eq!(pairs[0].0.notes(), tune.between(bar, bar * 5).notes());
        assert_eq!(pairs[0].1.notes(), tune.between(bar * 5, bar * 9).notes());
        assert_eq!(pairs[1].0.notes(), tune.between(bar * 9, bar * 13).notes());
        // A song without a note in its fifth bar and after.
        assert!(songs.pairs(&quarters(4, 0).lasting(bar * 16), 4).is_empty());
    }

    #[test]
    fn cases_come_from_held_out_songs_and_from_as_many_as_there_are() {
        let melody = |number: usize| Melody {
            source: Source::Pop909,
            song: format!("pop909/{number}"),
            phrase: quarters(33, 0),
            key: None,
        };
        let melodies: Vec<Melody> = (0..200).map(melody).collect();
        let corpus = Corpus { sources: vec![Source::Pop909], melodies, skipped: Vec::new() };
        let songs = Songs { corpus, gaps: false };
        let held_out = songs.of_part(Part::Test).count();
        let cases = songs.cases(Part::Test, held_out + 3, 4, 1, &Console::new(false)).unwrap();
        let mut numbers: Vec<usize> = cases.iter().map(|case| case.song).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!((cases.len(), numbers.len()), (held_out + 3, held_out));
        let strangers = songs.strangers(&cases, 4, 1);
        assert_eq!(strangers.answers.len(), cases.len());
    }
}
