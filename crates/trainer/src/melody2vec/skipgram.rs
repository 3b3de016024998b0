//! Skip-gram with negative sampling (Mikolov et al., 2013) over phrases, in plain arrays on one thread.
//!
//! A phrase's vector `h` is the mean of its rows in the first table, a neighbour's `c` that of its rows in the second; the
//! loss of a pair is -ln sigmoid(h c), of a pair with a phrase drawn by chance -ln sigmoid(-h c). The strangers are shared
//! by all neighbours of a phrase, so that each is composed once. Steps of plain gradient descent fall linearly to zero.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use generator::sampling::Dice;
use generator::vae::{DIMENSIONS, Vector};

use super::spelling::{Spelling, mean};
use super::{Phrases, Spoken};
use crate::corpus::Source;
use crate::training::{Progress, Verdict};
use crate::windows::balance::Balance;

/// How to teach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// How many phrases to either side are neighbours (melody2vec: 3).
    pub window: usize,
    /// Strangers for each neighbour.
    pub strangers: usize,
    /// Times through the training part.
    pub epochs: u64,
    /// The first step's length.
    pub rate: f32,
    /// Decides first vectors, order and strangers.
    pub seed: u64,
}

/// The two tables, and how many epochs they have been taught.
#[derive(Debug, Clone, PartialEq)]
pub struct Tables {
    /// Rows that make up a phrase.
    pub phrases: Vec<Vector>,
    /// Rows that make up a neighbour.
    pub neighbours: Vec<Vector>,
    /// Epochs done.
    pub epochs: u64,
}

impl Tables {
    /// Random vectors about `length` long for phrases, zeros for neighbours. word2vec's first vectors are next to nothing
    /// (0.03 long); of units that is too little: see the recipe.
    pub fn new(phrases: usize, neighbours: usize, length: f32, seed: u64) -> Tables {
        let mut dice = Dice::new(seed);
        let scale = length * (12.0 / DIMENSIONS as f32).sqrt();
        let mut row = |_| std::array::from_fn(|_| (dice.throw() as f32 - 0.5) * scale);
        Tables {
            phrases: (0..phrases).map(&mut row).collect(),
            neighbours: vec![[0.0; DIMENSIONS]; neighbours],
            epochs: 0,
        }
    }
}

/// A corpus ready to be learnt from.
pub struct Lesson<'a> {
    /// The melodies; their number of words each.
    lines: &'a [Spoken],
    own: &'a Spelling,
    neighbour: &'a Spelling,
    /// Line and place of each phrase that has a neighbour, by source.
    centres: Vec<Vec<(u32, u32)>>,
    balance: Balance,
    /// Running sums of how often each word is drawn as a stranger: its count to the power 3/4.
    sums: Vec<f64>,
}

impl<'a> Lesson<'a> {
    /// The training part of a corpus, each source counting by its weight.
    pub fn of(
        phrases: &'a Phrases,
        own: &'a Spelling,
        neighbour: &'a Spelling,
        weights: &BTreeMap<Source, f64>,
    ) -> Lesson<'a> {
        let mut centres: BTreeMap<Source, Vec<(u32, u32)>> = BTreeMap::new();
        for (line, spoken) in phrases.train.iter().enumerate().filter(|(_, spoken)| spoken.words.len() > 1) {
            let places = (0..spoken.words.len() as u32).map(|place| (line as u32, place));
            centres.entry(spoken.source).or_default().extend(places);
        }
        let weight = |source: &Source| weights.get(source).copied().unwrap_or_default();
        let sizes: Vec<(usize, f64)> =
            centres.iter().map(|(source, items)| (items.len(), weight(source))).collect();
        let mut sum = 0.0;
        let sums = phrases.counts.iter().map(|count| {
            sum += f64::from(count.times).powf(0.75);
            sum
        });
        Lesson {
            lines: &phrases.train,
            own,
            neighbour,
            sums: sums.collect(),
            centres: centres.into_values().collect(),
            balance: Balance::new(&sizes),
        }
    }

    /// Phrases in an epoch.
    pub fn len(&self) -> usize {
        self.balance.len()
    }

    /// Whether no phrase has a neighbour.
    pub fn is_empty(&self) -> bool {
        self.balance.is_empty()
    }

    /// Teaches one more epoch; `watch` hears of it now and then and may break it off, which leaves the tables as they are
    /// in the middle of it: `false`.
    pub fn teach(
        &self,
        tables: &mut Tables,
        plan: &Plan,
        watch: &mut dyn FnMut(&Progress) -> Verdict,
    ) -> bool {
        const BETWEEN_LOOKS: usize = 2048;
        let mut dice = Dice::new(plan.seed ^ (tables.epochs + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut order = self.balance.draw(plan.seed, tables.epochs);
        for end in (1..order.len()).rev() {
            order.swap(end, dice.pick(end + 1));
        }
        let (began, all) = (Instant::now(), self.len() as u64 * plan.epochs);
        let mut work = Work::default();
        let mut loss = Smooth::default();
        for (index, (source, item)) in order.iter().enumerate() {
            let done = tables.epochs * self.len() as u64 + index as u64;
            if index % BETWEEN_LOOKS == 0 {
                let spent = began.elapsed();
                let progress = Progress {
                    step: done,
                    steps: all,
                    training_loss: loss.value,
                    validation_loss: None,
                    elapsed: spent,
                    remaining: spent.div_f64(index.max(1) as f64).mul_f64((all - done) as f64),
                };
                if watch(&progress) == Verdict::Pause {
                    return false;
                }
            }
            let rate = plan.rate * (1.0 - done as f32 / all as f32);
            let (line, place) = self.centres[*source][*item];
            loss.add(self.step(tables, (line as usize, place as usize), rate, plan, &mut dice, &mut work));
        }
        tables.epochs += 1;
        true
    }

    /// One phrase with its neighbours and as many strangers as the plan says; the mean loss of a pair.
    fn step(
        &self,
        tables: &mut Tables,
        (line, place): (usize, usize),
        rate: f32,
        plan: &Plan,
        dice: &mut Dice,
        work: &mut Work,
    ) -> f64 {
        let words = &self.lines[line].words;
        let (from, to) = (place.saturating_sub(plan.window), (place + plan.window + 1).min(words.len()));
        work.others.clear();
        work.others.extend((from..to).filter(|at| *at != place).map(|at| (words[at], 1.0)));
        let neighbours = work.others.len();
        // Strangers shared: a third of them, each weighing three times as much.
        let strangers = (neighbours * plan.strangers).div_ceil(3);
        for _ in 0..strangers {
            let stranger = self.stranger(dice);
            if !words[from..to].contains(&stranger) {
                work.others.push((stranger, 0.0));
            }
        }
        let rows = &self.own.words[words[place] as usize];
        let own = mean(&tables.phrases, rows);
        let mut pull = [0.0; DIMENSIONS];
        let mut loss = 0.0;
        for (other, wanted) in &work.others {
            let other_rows = &self.neighbour.words[*other as usize];
            let theirs = mean(&tables.neighbours, other_rows);
            let dot: f32 = own.iter().zip(&theirs).map(|(a, b)| a * b).sum();
            let odds = 1.0 / (1.0 + (-dot).exp());
            let weight = if *wanted > 0.5 { 1.0 } else { 3.0 };
            loss -= f64::from(weight * if *wanted > 0.5 { odds } else { 1.0 - odds }.max(1e-7).ln());
            let step = rate * weight * (wanted - odds);
            pull.iter_mut().zip(&theirs).for_each(|(pull, number)| *pull += step * number);
            for row in other_rows {
                let row = &mut tables.neighbours[*row as usize];
                row.iter_mut().zip(&own).for_each(|(number, own)| *number += step * own);
            }
        }
        for row in rows {
            let row = &mut tables.phrases[*row as usize];
            row.iter_mut().zip(&pull).for_each(|(number, pull)| *number += pull);
        }
        loss / neighbours.max(1) as f64
    }

    fn stranger(&self, dice: &mut Dice) -> u32 {
        let throw = dice.throw() * self.sums.last().copied().unwrap_or_default();
        self.sums.partition_point(|sum| *sum <= throw).min(self.sums.len().saturating_sub(1)) as u32
    }
}

/// Memory kept from step to step.
#[derive(Default)]
struct Work {
    /// Neighbours (1) and strangers (0).
    others: Vec<(u32, f32)>,
}

/// A running mean.
#[derive(Default)]
struct Smooth {
    value: f64,
    count: u64,
}

impl Smooth {
    fn add(&mut self, value: f64) {
        self.count += 1;
        self.value += (value - self.value) * (1.0 / self.count as f64).max(0.001);
    }
}

/// Teaches all epochs that are left; the time taken, or nothing where the watcher asked to stop. `keep` is given the tables
/// after each epoch.
pub fn teach<E>(
    lesson: &Lesson<'_>,
    tables: &mut Tables,
    plan: &Plan,
    watch: &mut dyn FnMut(&Progress) -> Verdict,
    keep: &mut dyn FnMut(&Tables) -> Result<(), E>,
) -> Result<Option<Duration>, E> {
    let began = Instant::now();
    while tables.epochs < plan.epochs {
        if !lesson.teach(tables, plan, watch) {
            return Ok(None);
        }
        keep(tables)?;
    }
    Ok(Some(began.elapsed()))
}

#[cfg(test)]
mod tests {
    use super::super::Count;
    use super::*;
    use generator::vae::Word;
    use melody::{Pitch, Ticks, Token};

    /// Forty words in two worlds that never meet: even ones follow even ones, odd ones odd ones.
    fn two_worlds() -> Phrases {
        let word = |number: u8| {
            let pitch = Pitch::new(40 + number).unwrap();
            Word::of(&[Token::note(pitch, Ticks::QUARTER)]).unwrap()
        };
        let mut dice = Dice::new(1);
        let line = |world: u32| {
            let words = (0..20).map(|_| 2 * dice.pick(20) as u32 + world).collect();
            Spoken { source: Source::Folder, song: 0, words }
        };
        let train: Vec<Spoken> = [0, 1].repeat(60).into_iter().map(line).collect();
        Phrases {
            lexicon: (0..40).map(word).collect(),
            train,
            counts: vec![Count { times: 60, songs: 1 }; 40],
            ..Phrases::default()
        }
    }

    fn taught(seed: u64) -> Tables {
        let phrases = two_worlds();
        let spelling = Spelling::by_word(&phrases);
        let weights = BTreeMap::from([(Source::Folder, 1.0)]);
        let lesson = Lesson::of(&phrases, &spelling, &spelling, &weights);
        let plan = Plan { window: 3, strangers: 5, epochs: 8, rate: 0.1, seed };
        let mut tables = Tables::new(40, 40, 0.03, seed);
        let done = teach::<()>(&lesson, &mut tables, &plan, &mut |_| Verdict::Continue, &mut |_| Ok(()));
        assert!(done.unwrap().is_some() && lesson.len() == 2400);
        tables
    }

    fn cosine(a: &Vector, b: &Vector) -> f32 {
        let dot = |a: &Vector, b: &Vector| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    #[test]
    fn words_of_one_world_come_to_lie_together() {
        let tables = taught(1).phrases;
        let mean = |same: bool| {
            let pairs =
                (0..40).flat_map(|a| (0..a).map(move |b| (a, b))).filter(|(a, b)| ((a + b) % 2 == 0) == same);
            let cosines: Vec<f32> = pairs.map(|(a, b)| cosine(&tables[a], &tables[b])).collect();
            cosines.iter().sum::<f32>() / cosines.len() as f32
        };
        assert!(mean(true) > mean(false) + 0.5, "{} and {}", mean(true), mean(false));
    }

    #[test]
    fn a_seed_gives_the_same_vectors_again() {
        assert_eq!(taught(4), taught(4));
        assert_ne!(taught(4), taught(5));
    }

    #[test]
    fn a_watcher_can_break_off() {
        let phrases = two_worlds();
        let spelling = Spelling::by_word(&phrases);
        let lesson = Lesson::of(&phrases, &spelling, &spelling, &BTreeMap::from([(Source::Folder, 1.0)]));
        let plan = Plan { window: 3, strangers: 5, epochs: 8, rate: 0.1, seed: 1 };
        let mut tables = Tables::new(40, 40, 0.03, 1);
        assert!(!lesson.teach(&mut tables, &plan, &mut |_| Verdict::Pause));
        assert_eq!(tables.epochs, 0);
    }
}
