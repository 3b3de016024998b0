//! Free running that gradients can flow through: the network is told what it has just said.
//!
//! A choice among words is hard on the way out and soft on the way back (straight-through Gumbel softmax; Jang, Gu and
//! Poole 2017): the critic sees ones and zeros as it does of real notes, and the odds behind them learn.

use burn::tensor::activation::{sigmoid, softmax};
use burn::tensor::{Device, Tensor, TensorData};
use generator::performer::words::{GAPS, LENGTHS, PITCHES, PLACES, VELOCITIES};
use generator::performer::{Manner, NOISE};
use melody::{Style, Ticks};
use rand_chacha::ChaCha8Rng;

use super::Performer;
use super::lesson::{Lesson, share};

/// How much the way back smoothes over the choices.
const WARMTH: f32 = 1.0;
/// What makes a choice impossible.
const NEVER: f32 = -1e4;
/// The bar that made lines keep, in ticks.
const BAR: Ticks = Ticks::quarters(4);
/// Ticks from one place of the bar to the next.
const STEP: i64 = 80;

/// Numbers of a note as the critic hears it.
pub(crate) fn heard(manner: Manner) -> usize {
    match manner {
        Manner::Words { .. } => {
            PITCHES + LENGTHS.len() + VELOCITIES + GAPS.len() + PLACES + Style::PERFORMED.len()
        }
        Manner::Numbers => NOISE,
    }
}

/// Real lines as the critic hears them, note by note, `[rows, heard]`.
pub(crate) fn real(lesson: &Lesson, manner: Manner, device: &Device) -> Vec<Tensor<2>> {
    let rows = lesson.rows.len();
    if manner == Manner::Numbers {
        let numbers = lesson.numbers(device);
        return (0..lesson.notes()).map(|place| numbers.clone().narrow(0, place * rows, rows)).collect();
    }
    let note = |place: usize| {
        let mut heard = Vec::new();
        for (row, style) in lesson.rows.iter().zip(&lesson.styles) {
            let word = row[place];
            let gap = (place > 0).then_some(word.gap);
            for (one, room) in [
                (Some(word.pitch), PITCHES),
                (Some(word.length), LENGTHS.len()),
                (Some(word.velocity), VELOCITIES),
                (gap, GAPS.len()),
                (Some(word.place), PLACES),
                (Some(style.index()), Style::PERFORMED.len()),
            ] {
                heard.extend((0..room).map(|place| if one == Some(place) { 1.0_f32 } else { 0.0 }));
            }
        }
        let width = heard.len() / rows.max(1);
        Tensor::from_data(TensorData::new(heard, [rows, width]), device)
    };
    (0..lesson.notes()).map(note).collect()
}

impl Performer {
    /// As many notes as the lesson has, made freely, as the critic hears them; rows begin in the place and the style
    /// of the lesson's.
    pub(crate) fn run(&self, lesson: &Lesson, manner: Manner, dice: &mut ChaCha8Rng) -> Vec<Tensor<2>> {
        match manner {
            Manner::Words { noise, .. } => self.run_in_words(lesson, noise, dice),
            Manner::Numbers => self.run_in_numbers(lesson, dice),
        }
    }

    fn run_in_numbers(&self, lesson: &Lesson, dice: &mut ChaCha8Rng) -> Vec<Tensor<2>> {
        let (rows, device) = (lesson.rows.len(), self.output.weights.val().device());
        let mut states = self.rested(rows);
        let mut before = Tensor::zeros([rows, NOISE], &device);
        let mut line = Vec::with_capacity(lesson.notes());
        for _ in 0..lesson.notes() {
            let noise: Vec<f32> = (0..rows * NOISE).map(|_| share(dice)).collect();
            let noise = Tensor::from_data(TensorData::new(noise, [rows, NOISE]), &device);
            let top = self.step(Tensor::cat(vec![before, noise], 1), &mut states);
            before = sigmoid(self.output.sums(top));
            line.push(before.clone());
        }
        line
    }

    fn run_in_words(&self, lesson: &Lesson, noise: usize, dice: &mut ChaCha8Rng) -> Vec<Tensor<2>> {
        let (rows, device) = (lesson.rows.len(), self.output.weights.val().device());
        let zeros = |width: usize| Tensor::<2>::zeros([rows, width], &device);
        let mut states = self.rested(rows);
        let mut before = [PITCHES, LENGTHS.len(), VELOCITIES, GAPS.len()].map(zeros);
        let mut onsets: Vec<i64> = lesson.rows.iter().map(|row| row[0].place as i64 * STEP).collect();
        // The key below the next note where it starts together with another.
        let mut below: Vec<Option<usize>> = vec![None; rows];
        let mut line = Vec::with_capacity(lesson.notes());
        for number in 0..lesson.notes() {
            let place = placed(&onsets, &lesson.styles, &device);
            let start = Tensor::<2>::full([rows, 1], if number == 0 { 1.0 } else { 0.0 }, &device);
            let noise: Vec<f32> = (0..rows * noise).map(|_| share(dice)).collect();
            let mut x = before.to_vec();
            x.extend([start, place.clone()]);
            if !noise.is_empty() {
                let width = noise.len() / rows;
                x.push(Tensor::from_data(TensorData::new(noise, [rows, width]), &device));
            }
            let said = self.output.sums(self.step(Tensor::cat(x, 1), &mut states));
            let [_, _, _, gap] = before;
            let note = self.choose(said, &below, dice);
            line.push(Tensor::cat(
                vec![note[0].soft.clone(), note[1].soft.clone(), note[2].soft.clone(), gap, place],
                1,
            ));
            for row in 0..rows {
                let gap = note[3].ids[row];
                onsets[row] += GAPS[gap];
                below[row] = (gap == 0).then_some(note[0].ids[row]);
            }
            before = note.map(|choice| choice.soft);
        }
        line
    }

    /// Pitch, length, velocity and the gap to the next note.
    fn choose(&self, said: Tensor<2>, below: &[Option<usize>], dice: &mut ChaCha8Rng) -> [Choice; 4] {
        // The highest key has nothing above it.
        let top = PITCHES - 1;
        let fits =
            |row: usize, key: usize| below[row].is_none_or(|below| key > below || below == top && key == top);
        let pitch = Choice::of(said.clone().narrow(1, 0, PITCHES), fits, dice);
        let mut given = said.clone().narrow(1, PITCHES, said.dims()[1] - PITCHES);
        if let Some(table) = self.given.first() {
            given = given + pitch.soft.clone().matmul(table.val());
        }
        let part = |from, count| given.clone().narrow(1, from, count);
        let length = Choice::of(part(0, LENGTHS.len()), |_, _| true, dice);
        let velocity = Choice::of(part(LENGTHS.len(), VELOCITIES), |_, _| true, dice);
        let gap = Choice::of(part(LENGTHS.len() + VELOCITIES, GAPS.len()), |_, _| true, dice);
        [pitch, length, velocity, gap]
    }
}

/// A choice for each row.
struct Choice {
    ids: Vec<usize>,
    /// Ones and zeros whose gradient is that of the odds.
    soft: Tensor<2>,
}

impl Choice {
    fn of(scores: Tensor<2>, fits: impl Fn(usize, usize) -> bool, dice: &mut ChaCha8Rng) -> Choice {
        let ([rows, words], device) = (scores.dims(), scores.device());
        let mut gumbel = |index: usize| {
            let luck = -(-(share(dice).max(1e-7)).ln()).ln();
            if fits(index / words, index % words) { luck } else { NEVER }
        };
        let luck: Vec<f32> = (0..rows * words).map(&mut gumbel).collect();
        let scores = scores + Tensor::from_data(TensorData::new(luck, [rows, words]), &device);
        let values: Vec<f32> = scores.clone().into_data().iter::<f32>().collect();
        let highest = |row: &[f32]| (0..words).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap_or(0);
        let ids: Vec<usize> = values.chunks(words).map(highest).collect();
        let mut hard = vec![0.0_f32; rows * words];
        ids.iter().enumerate().for_each(|(row, id)| hard[row * words + id] = 1.0);
        let hard = Tensor::from_data(TensorData::new(hard, [rows, words]), &device);
        let odds = softmax(scores.div_scalar(WARMTH), 1);
        Choice { ids, soft: hard + odds.clone() - odds.detach() }
    }
}

/// Place in the bar and style of each row, `[rows, 48 + 3]`.
fn placed(onsets: &[i64], styles: &[Style], device: &Device) -> Tensor<2> {
    let width = PLACES + Style::PERFORMED.len();
    let mut values = vec![0.0_f32; onsets.len() * width];
    for ((onset, style), row) in onsets.iter().zip(styles).zip(values.chunks_mut(width)) {
        row[generator::performer::words::place(Ticks(*onset), BAR)] = 1.0;
        row[PLACES + style.index()] = 1.0;
    }
    Tensor::from_data(TensorData::new(values, [onsets.len(), width]), device)
}

#[cfg(test)]
mod tests {
    use generator::performer::words::Word;
    use rand_core::SeedableRng;

    use super::*;
    use crate::performer::Shape;

    fn lesson() -> Lesson {
        let word = |pitch, gap| Word { pitch, length: 3, velocity: 9, gap, place: 24 };
        Lesson {
            rows: vec![vec![word(40, 0), word(44, 6), word(47, 0)]; 2],
            styles: vec![Style::Pop, Style::Jazz],
        }
    }

    fn performer(manner: Manner) -> Performer {
        Performer::new(&Shape { manner, layers: 2, dense: 0, hidden: 8 }, 3, &Device::flex().autodiff())
    }

    #[test]
    fn real_and_made_notes_are_ones_and_zeros_of_the_same_width() {
        let manner = Manner::Words { memory: 1, noise: NOISE };
        let mut dice = ChaCha8Rng::seed_from_u64(1);
        let made = performer(manner).run(&lesson(), manner, &mut dice);
        for (index, note) in made.iter().chain(&real(&lesson(), manner, &Device::flex())).enumerate() {
            assert_eq!(note.dims(), [2, heard(manner)]);
            // Pitch, length, velocity, gap, place and style; of a first note no gap is known.
            let ones = if index % 3 == 0 { 5.0 } else { 6.0 };
            let values: Vec<f32> = note.clone().into_data().iter::<f32>().collect();
            for row in values.chunks(heard(manner)) {
                assert!((row.iter().sum::<f32>() - ones).abs() < 1e-4);
                assert!(row.iter().all(|number| number.abs() < 1e-4 || (number - 1.0).abs() < 1e-4));
            }
        }
    }

    #[test]
    fn what_the_critic_feels_reaches_the_first_layer() {
        for manner in [Manner::Words { memory: 1, noise: NOISE }, Manner::Numbers] {
            let (network, mut dice) = (performer(manner), ChaCha8Rng::seed_from_u64(1));
            let line = network.run(&lesson(), manner, &mut dice);
            let last = line[2].clone();
            let weights = Tensor::<2>::ones([heard(manner), 1], &last.device());
            let skewed = last.powi_scalar(2).matmul(weights).sum();
            let gradients = skewed.backward();
            assert!(network.cells[0].input.val().grad(&gradients).is_some());
        }
    }
}
