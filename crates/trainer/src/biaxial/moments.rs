//! Performances as lines of sixteenths with their chords and their places in the bar.

use std::collections::{BTreeMap, HashMap};

use generator::biaxial::keys::{self, BAR, Harmony, KEYS};
use melody::roll::{Roll, Step};
use melody::{Meter, Ticks};

use crate::corpus::performances::Performance;
use crate::dataset::{Line, Lines, Part};

/// One sixteenth of a performance at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The keys, all in range.
    pub step: Step,
    /// Its place in the bar.
    pub place: usize,
    /// The chord that the source tells.
    pub chord: Option<Harmony>,
}

impl Moment {
    /// What comes before the first step of a performance.
    pub const SILENCE: Moment = Moment { step: Step::SILENT, place: BAR - 1, chord: None };
}

/// All moments of a set of performances, and these as lines of their places in that list.
#[derive(Debug, Clone, Default)]
pub struct Moments {
    /// The different moments; silence comes first.
    pub known: Vec<Moment>,
    /// What to learn from; each line begins with silence.
    pub train: Lines,
    /// What decides when to stop.
    pub validation: Lines,
    /// What is reported.
    pub test: Lines,
    /// How many performances of each source were used, by the source's name.
    pub performances: BTreeMap<String, usize>,
    /// How many notes are in these.
    pub notes: BTreeMap<String, usize>,
}

impl Moments {
    /// The moments of all performances in 4/4 and 2/2.
    pub fn of(performances: &[Performance]) -> Moments {
        let mut moments = Moments { known: vec![Moment::SILENCE], ..Moments::default() };
        let mut ids = HashMap::from([(Moment::SILENCE, 0)]);
        let whole = |played: &&Performance| played.phrase.meter.bar() == Meter::COMMON.bar();
        for played in performances.iter().filter(whole) {
            let mut id = |moment: Moment| {
                *ids.entry(moment).or_insert_with(|| {
                    moments.known.push(moment);
                    moments.known.len() as u32 - 1
                })
            };
            let tokens = [0].into_iter().chain(line(played).map(&mut id)).collect();
            let part = match played.part {
                Part::Train => &mut moments.train,
                Part::Validation => &mut moments.validation,
                Part::Test => &mut moments.test,
            };
            part.push(Line { source: played.source, tokens });
            let name = played.source.name().to_owned();
            *moments.performances.entry(name.clone()).or_default() += 1;
            *moments.notes.entry(name).or_default() += played.phrase.notes().len();
        }
        moments
    }

    /// How surprising lines are, in nats a step, where each key's odds of sounding hang on whether it sounded before, and
    /// those of being struck anew on whether it goes on; counted in the training part. A network must do better.
    pub fn baseline(&self, lines: &Lines) -> f64 {
        let mut counts = [[[1.0_f64; 3]; 2]; KEYS];
        self.each_key(&self.train, |key, before, what| counts[key][before][what] += 1.0);
        let (mut nats, mut keys) = (0.0, 0_usize);
        self.each_key(lines, |key, before, what| {
            let counts = counts[key][before];
            nats -= (counts[what] / counts.iter().sum::<f64>()).ln();
            keys += 1;
        });
        nats / (keys as f64 / KEYS as f64).max(1.0)
    }

    /// Every key of every step after the first: its number, whether it sounded before, and whether it is silent, struck or
    /// held.
    fn each_key(&self, lines: &Lines, mut note: impl FnMut(usize, usize, usize)) {
        for pair in lines.iter().flat_map(|line| line.tokens.windows(2)) {
            let [before, now] = [pair[0], pair[1]].map(|id| self.known[id as usize].step);
            for (key, pitch) in keys::pitches().enumerate() {
                let what = usize::from(now.sounds(pitch)) + usize::from(now.holds(pitch));
                note(key, usize::from(before.sounds(pitch)), what);
            }
        }
    }
}

fn line(played: &Performance) -> impl Iterator<Item = Moment> {
    let chords = played.chords.as_ref();
    let moment = move |(place, step): (usize, &Step)| {
        let time = Ticks(Step::LENGTH.0 * place as i64);
        let chord = chords.and_then(|chords| chords.chord_at(time, played.phrase.meter));
        Moment {
            step: keys::folded(step),
            place: place % BAR,
            chord: chord.map(|chord| Harmony::of(chord, 0)),
        }
    };
    Roll::of(&played.phrase).steps().iter().enumerate().map(moment).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use melody::{Key, Note, Phrase, Pitch, Style, Tempo};

    use super::*;
    use crate::corpus::Source;

    fn performance(meter: Meter) -> Performance {
        let note = |step: i64| Note {
            onset: Ticks::QUARTER * step,
            length: Ticks::QUARTER,
            pitch: Pitch::new(60 + (step % 5) as u8).unwrap(),
            velocity: 80,
            channel: 0,
        };
        Performance {
            style: Style::Pop,
            source: Source::Pop909,
            song: "pop909/1".to_owned(),
            part: Part::Train,
            phrase: Phrase::new((0..40).map(note).collect(), meter, Tempo::DEFAULT),
            chords: "C | F".parse().ok(),
            key: Key::C_MAJOR,
        }
    }

    #[test]
    fn a_performance_is_a_line_of_moments_after_silence() {
        let moments = Moments::of(&[performance(Meter::COMMON)]);
        let line = &moments.train[0].tokens;
        assert_eq!((line.len(), line[0]), (161, 0));
        let at = |step: usize| moments.known[line[step + 1] as usize];
        assert_eq!((at(17).place, at(16).chord), (1, Some(Harmony::of(&"F".parse().unwrap(), 0))));
        assert!(at(16).step.strikes(Pitch::new(64).unwrap()) && at(17).step.holds(Pitch::new(64).unwrap()));
        assert_eq!(moments.performances["pop909"], 1);
    }

    #[test]
    fn other_meters_are_left_out() {
        assert!(Moments::of(&[performance(Meter::new(3, 4).unwrap())]).train.is_empty());
    }

    #[test]
    fn what_was_counted_surprises_less_than_a_throw_of_coins() {
        let moments = Moments::of(&[performance(Meter::COMMON)]);
        let baseline = moments.baseline(&moments.train);
        assert!(baseline > 0.1 && baseline < 10.0, "{baseline}");
    }
}
