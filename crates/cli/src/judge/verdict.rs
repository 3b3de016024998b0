//! What is found of a set of answers: can they be told from real ones, by what, and how do the usual figures compare?

use std::collections::BTreeMap;

use anyhow::Result;
use melody::metrics::copying::Runs;
use melody::metrics::judge::{self, Feature};
use melody::metrics::{Histogram, area, bars, bars::Sameness, means, pitches, rhythm};
use melody::{Key, Phrase};
use serde::Serialize;

use super::answers::{Set, side_by_side};
use super::cases::Case;
use super::classifier::{self, Auc, Opinions, Sample};

/// So many features that tell a set from real music are named.
const NAMED: usize = 10;

/// What is found of a set.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// Who made the answers.
    pub name: String,
    /// Whether it shows what the figures are worth, and is not what is judged.
    pub is_anchor: bool,
    pub answers: usize,
    /// How well classifiers tell it from real music by the melody alone.
    pub alone: Option<Auc>,
    /// The same with what relates an answer to its prompt.
    pub related: Option<Auc>,
    /// The means of [`FIGURES`], by name.
    pub figures: Means,
    /// How much of the distributions is the same as that of real music, by name: overlapped areas, 0 to 1.
    pub areas: BTreeMap<&'static str, f64>,
    /// Mean share of runs of so many notes that stand in songs that were learnt from.
    pub copied: BTreeMap<usize, Option<f64>>,
    /// The features that tell it best from real music, the clearest first.
    pub tells: Vec<Tell>,
    /// By collection, where that is known.
    pub by_source: BTreeMap<&'static str, Share>,
}

/// Means by name; none where no answer has the figure.
pub type Means = BTreeMap<&'static str, Option<f64>>;

/// A feature that tells a set from real music.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tell {
    pub name: &'static str,
    /// The means of real and of generated answers.
    pub real: f64,
    pub made: f64,
    /// The area under the curve by this feature alone; below 0.5 where generated answers have less of it.
    pub auc: f64,
}

/// What is found of the part of a set that belongs to one collection.
#[derive(Debug, Clone, Serialize)]
pub struct Share {
    pub answers: usize,
    /// By the opinions that were formed on all collections together.
    pub alone: Option<f64>,
    pub related: Option<f64>,
    pub figures: Means,
}

/// A figure of an answer to a prompt, where there is one.
type Figure = fn(Option<&Phrase>, &Phrase) -> Option<f64>;

/// The figures that are shown, with their names and heads.
pub const FIGURES: [(&str, &str, Figure); 11] = [
    ("bars_taken_up_as_rhythm", "rhythm", |prompt, answer| {
        bars::taken_up_in(Sameness::Rhythm, prompt?, answer)
    }),
    ("bars_taken_up_as_shape", "shape", |prompt, answer| bars::taken_up_in(Sameness::Shape, prompt?, answer)),
    ("bars_taken_up", "exact", |prompt, answer| bars::taken_up(prompt?, answer)),
    ("pitch_class_entropy", "entropy", |_, answer| pitches::class_entropy(answer.notes())),
    ("bar_self_similarity", "alike", |_, answer| bars::self_similarity(answer)),
    ("density", "density", |_, answer| rhythm::density(answer)),
    ("share_in_key", "in key", |prompt, answer| {
        let key = Key::estimate(prompt.unwrap_or(answer).notes())?;
        pitches::share_in_key(answer.notes(), key)
    }),
    ("rest_share", "rests", |_, answer| rhythm::rest_share(answer)),
    ("repeated_notes", "repeats", |_, answer| pitches::repeated_share(answer.notes())),
    ("off_beat_share", "off beat", |_, answer| rhythm::off_beat_share(answer)),
    ("range", "range", |_, answer| pitches::range(answer.notes()).map(f64::from)),
];

/// Who judges.
pub struct Jury {
    seed: u64,
    runs: Vec<Runs>,
}

/// An answer with its case.
type Answered<'a> = (&'a Case, &'a Phrase);

impl Jury {
    /// Judges whose folds and forests begin with a seed.
    pub fn new(seed: u64) -> Jury {
        Jury { seed, runs: Vec::new() }
    }

    /// The same with runs of notes that count as copied.
    pub fn looking_for(self, runs: Vec<Runs>) -> Jury {
        Jury { runs, ..self }
    }

    /// What there is to say of real continuations.
    pub fn of_real(&self, cases: &[Case]) -> Verdict {
        let real: Vec<Answered> = cases.iter().map(|case| (case, &case.real)).collect();
        Verdict {
            name: "real".to_owned(),
            is_anchor: true,
            answers: real.len(),
            alone: None,
            related: None,
            figures: means_of(&real),
            areas: BTreeMap::new(),
            copied: self.copied(&real),
            tells: Vec::new(),
            by_source: by_source(&real),
        }
    }

    /// Judges sets side by side.
    ///
    /// # Errors
    /// A set has too few answers to learn from.
    pub fn of_sets(&self, cases: &[Case], sets: &[Set]) -> Result<Vec<Verdict>> {
        side_by_side(sets, |_, set| self.of_set(cases, set))
    }

    fn of_set(&self, cases: &[Case], set: &Set) -> Result<Verdict> {
        let made: Vec<Answered> =
            set.answers.iter().map(|(place, answer)| (&cases[*place], answer)).collect();
        let beside: Vec<&Case> = match &set.beside {
            Some(places) => places.iter().map(|place| &cases[*place]).collect(),
            None => cases.iter().collect(),
        };
        let real: Vec<Answered> = beside.into_iter().map(|case| (case, &case.real)).collect();
        let alone = self.opinions(&real, &made, false)?;
        let is_related = cases.iter().all(|case| case.prompt.is_some());
        let related = is_related.then(|| self.opinions(&real, &made, true)).transpose()?;
        let mut by_source = by_source(&made);
        for (name, share) in &mut by_source {
            let of = |answered: &[Answered], place: usize| source(answered[place].0) == Some(*name);
            let auc = |opinions: &Opinions| {
                opinions.auc(|place| of(&real, place), |place| of(&made, place)).harsher
            };
            (share.alone, share.related) = (Some(auc(&alone)), related.as_ref().map(auc));
        }
        Ok(Verdict {
            name: set.name.clone(),
            is_anchor: set.is_anchor,
            answers: made.len(),
            alone: Some(alone.auc(|_| true, |_| true)),
            related: related.map(|related| related.auc(|_| true, |_| true)),
            figures: means_of(&made),
            areas: areas(&real, &made),
            copied: if set.is_learnt { BTreeMap::new() } else { self.copied(&made) },
            tells: tells(&real, &made, is_related),
            by_source,
        })
    }

    fn opinions(&self, real: &[Answered], made: &[Answered], related: bool) -> Result<Opinions> {
        let samples = |answered: &[Answered]| -> Vec<Sample> {
            let sample = |one: &Answered| {
                let figures = features(one, related).into_iter().map(|(_, figure)| figure).collect();
                Sample { group: one.0.song, figures }
            };
            answered.iter().map(sample).collect()
        };
        Opinions::of(&samples(real), &samples(made), self.seed)
    }

    fn copied(&self, answered: &[Answered]) -> BTreeMap<usize, Option<f64>> {
        let share = |runs: &Runs| {
            let shares: Vec<f64> = answered.iter().filter_map(|(_, answer)| runs.share(answer)).collect();
            (runs.notes(), means::mean(&shares))
        };
        self.runs.iter().map(share).collect()
    }
}

/// The features of a melody, with those of how it goes on from its prompt.
fn features((case, answer): &Answered, related: bool) -> Vec<Feature> {
    let mut features = judge::of_melody(answer);
    if let Some(prompt) = case.prompt.as_ref().filter(|_| related) {
        features.extend(judge::of_answer(prompt, answer));
    }
    features
}

fn tells(real: &[Answered], made: &[Answered], related: bool) -> Vec<Tell> {
    let all = |answered: &[Answered]| -> Vec<Vec<Feature>> {
        answered.iter().map(|one| features(one, related)).collect()
    };
    let (real, made) = (all(real), all(made));
    let names: Vec<&'static str> = real.iter().take(1).flatten().map(|(name, _)| *name).collect();
    let tell = |(column, name): (usize, &'static str)| {
        let figures = |rows: &[Vec<Feature>]| rows.iter().map(|row| row[column].1).collect::<Vec<f64>>();
        let (real, made) = (figures(&real), figures(&made));
        let mean = |figures: &[f64]| means::mean(figures).unwrap_or_default();
        Tell { name, real: mean(&real), made: mean(&made), auc: classifier::auc(&real, &made) }
    };
    let mut tells: Vec<Tell> = names.into_iter().enumerate().map(tell).collect();
    tells.sort_by(|left, right| (right.auc - 0.5).abs().total_cmp(&(left.auc - 0.5).abs()));
    tells.truncate(NAMED);
    tells
}

fn means_of(answered: &[Answered]) -> Means {
    let mean = |figure: Figure| {
        let figures: Vec<f64> =
            answered.iter().filter_map(|(case, answer)| figure(case.prompt.as_ref(), answer)).collect();
        means::mean(&figures)
    };
    FIGURES.iter().map(|(name, _, figure)| (*name, mean(*figure))).collect()
}

fn by_source(answered: &[Answered]) -> BTreeMap<&'static str, Share> {
    let mut parts: BTreeMap<&'static str, Vec<Answered>> = BTreeMap::new();
    for one in answered {
        if let Some(name) = source(one.0) {
            parts.entry(name).or_default().push(*one);
        }
    }
    let share = |part: Vec<Answered>| Share {
        answers: part.len(),
        alone: None,
        related: None,
        figures: means_of(&part),
    };
    parts.into_iter().map(|(name, part)| (name, share(part))).collect()
}

fn source(case: &Case) -> Option<&'static str> {
    case.source.map(trainer::corpus::Source::name)
}

/// Overlaps of all notes' pitch classes, intervals, lengths and waits, and overlapped areas of figures of each melody.
fn areas(real: &[Answered], made: &[Answered]) -> BTreeMap<&'static str, f64> {
    let degrees = |answered: &[Answered]| -> Histogram<u8> {
        let of = |(case, answer): &Answered| {
            let key = Key::estimate(case.prompt.as_ref().unwrap_or(&case.real).notes());
            let tonic = key.unwrap_or(Key::C_MAJOR).tonic;
            answer.notes().iter().map(|note| note.pitch.class().above(tonic)).collect::<Vec<u8>>()
        };
        answered.iter().flat_map(of).collect()
    };
    let mut areas = BTreeMap::from([
        ("pitch classes", degrees(real).overlap(&degrees(made))),
        ("intervals", common(real, made, |line| pitches::intervals(line.notes()))),
        ("lengths", common(real, made, |line| rhythm::lengths(line.notes()))),
        ("waits", common(real, made, |line| rhythm::waits(line.notes()))),
        ("places", common(real, made, rhythm::places)),
    ]);
    for (name, _, figure) in &FIGURES[3..] {
        let figures = |answered: &[Answered]| -> Vec<f64> {
            answered.iter().filter_map(|(case, answer)| figure(case.prompt.as_ref(), answer)).collect()
        };
        if let Some(area) = area::overlapped(&figures(real), &figures(made)) {
            areas.insert(name, area);
        }
    }
    areas
}

/// The overlap of the histograms of all melodies together.
fn common<T: Ord + Copy>(real: &[Answered], made: &[Answered], of: impl Fn(&Phrase) -> Histogram<T>) -> f64 {
    let all = |answered: &[Answered]| -> Histogram<T> { answered.iter().map(|(_, line)| of(line)).sum() };
    all(real).overlap(&all(made))
}

#[cfg(test)]
mod tests {
    use super::super::answers::Asking;
    use super::super::cases::tests::line;
    use super::*;

    /// Steps up and down whose every bar but the last is like the first; `kind` moves it.
    fn case(song: usize) -> Case {
        let pitch =
            |place: i64| 60 + (song as i64 * 7 % 5 + [0, 2, 4, 5, 7, 5, 4, 2][place as usize % 8]) as u8;
        let bar = |from: i64| -> Vec<(u8, i64, i64)> {
            (0..8).map(|place| (pitch(place + from), from * 16 + place * 2, 2)).collect()
        };
        let phrase = |bars: [i64; 2]| {
            let notes: Vec<(u8, i64, i64)> = bars
                .iter()
                .enumerate()
                .flat_map(|(at, from)| {
                    bar(*from).into_iter().map(move |note| (note.0, note.1 - from * 16 + at as i64 * 16, 2))
                })
                .collect();
            line(&notes, 2)
        };
        Case {
            name: format!("{song:03}"),
            song,
            source: None,
            prompt: Some(phrase([0, (song % 4) as i64])),
            real: phrase([(song % 3) as i64, (song % 5) as i64]),
        }
    }

    fn asking() -> Asking {
        Asking { bars: 2, temperature: 1.0, top_p: 1.0, seed: 1, count: 1, gaps: false }
    }

    #[test]
    fn uniform_notes_are_told_from_real_ones_and_real_ones_are_not() {
        let cases: Vec<Case> = (0..40).map(case).collect();
        let mut sets = asking().anchors(&cases);
        sets.push(Set::judged(
            "real again",
            cases.iter().map(|case| case.real.clone()).enumerate().collect(),
        ));
        let verdicts = Jury::new(1).of_sets(&cases, &sets).unwrap();
        let auc = |name: &str| {
            let found = verdicts.iter().find(|verdict| verdict.name == name).unwrap();
            (found.alone.unwrap().harsher, found.related.unwrap().harsher)
        };
        assert!(auc("uniform random notes").0 > 0.98);
        assert!(auc("real again").0 < 0.6 && auc("real again").1 < 0.6);
        let again = verdicts.iter().find(|verdict| verdict.name == "real again").unwrap();
        assert!(again.areas.values().all(|area| *area > 0.98), "{:?}", again.areas);
        let twice = verdicts.iter().find(|verdict| verdict.name == "prompt played twice").unwrap();
        assert_eq!(twice.figures["bars_taken_up"], Some(1.0));
    }

    #[test]
    fn what_tells_a_set_is_named_with_both_means() {
        let cases: Vec<Case> = (0..20).map(case).collect();
        let higher = |case: &Case| {
            case.real.map_notes(|note| melody::Note {
                pitch: melody::Pitch::folded(i32::from(note.pitch.number()) + 24),
                ..note
            })
        };
        let set = Set::judged("higher", cases.iter().map(higher).enumerate().collect());
        let verdict = Jury::new(1).of_set(&cases, &set).unwrap();
        let tell = verdict.tells.iter().find(|tell| tell.name == "register").unwrap();
        assert!((tell.made - tell.real - 24.0).abs() < 1e-9 && tell.auc == 1.0);
        assert_eq!(verdict.tells.len(), NAMED);
    }

    #[test]
    fn copies_are_counted_beside_real_ones() {
        let cases: Vec<Case> = (0..20).map(case).collect();
        let mut runs = Runs::of_notes(8);
        runs.add(0, &cases[1].real);
        let jury = Jury::new(1).looking_for(vec![runs]);
        let set = Set::judged("copy", cases.iter().map(|_| cases[1].real.clone()).enumerate().collect());
        assert_eq!(jury.of_set(&cases, &set).unwrap().copied[&8], Some(1.0));
        assert!(jury.of_real(&cases).copied[&8].unwrap() < 1.0);
    }
}
