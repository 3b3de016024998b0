//! How wrong a network's next notes are: nats a note, or squared error where it speaks in numbers.

use burn::tensor::Tensor;
use burn::tensor::activation::sigmoid;
use generator::performer::Manner;
use generator::performer::words::{GAPS, LENGTHS, PITCHES, VELOCITIES};
use rand_chacha::ChaCha8Rng;

use super::Performer;
use super::lesson::{Lesson, ints};
use crate::training::nats;

impl Performer {
    /// The mean loss over the notes of a lesson, the right ones being told: the surprise in nats a note, or the mean
    /// squared error of a note's four numbers. Of the last note the gap that follows is not known and not asked for.
    pub(crate) fn loss(&self, lesson: &Lesson, manner: Manner, dice: &mut ChaCha8Rng) -> Tensor<1> {
        let said = self.said(lesson, manner, dice);
        let device = said.device();
        match manner {
            Manner::Numbers => (sigmoid(said) - lesson.numbers(&device)).powi_scalar(2).mean(),
            Manner::Words { .. } => self.surprise(said, lesson),
        }
    }

    /// What is said at all places, place after place, `[places x rows, said]`: scores, or numbers before their sigmoid.
    pub(crate) fn said(&self, lesson: &Lesson, manner: Manner, dice: &mut ChaCha8Rng) -> Tensor<2> {
        let device = self.output.weights.val().device();
        let mut states = self.rested(lesson.rows.len());
        let tops =
            (0..lesson.notes()).map(|place| self.step(lesson.x(manner, place, dice, &device), &mut states));
        self.output.sums(Tensor::cat(tops.collect(), 0))
    }

    fn surprise(&self, said: Tensor<2>, lesson: &Lesson) -> Tensor<1> {
        let (notes, rows, device) = (lesson.notes(), lesson.rows.len(), said.device());
        let pitches = lesson.ids(0..notes, |word| word.pitch);
        let given = self.given_pitch(&said, ints(pitches.clone(), &device));
        let part = |from, count| given.clone().narrow(1, from, count);
        let pitch = nats(said.narrow(1, 0, PITCHES), &pitches);
        let length = nats(part(0, LENGTHS.len()), &lesson.ids(0..notes, |word| word.length));
        let velocity = nats(part(LENGTHS.len(), VELOCITIES), &lesson.ids(0..notes, |word| word.velocity));
        let sum = pitch + length + velocity;
        if notes < 2 {
            return sum;
        }
        let gaps = part(LENGTHS.len() + VELOCITIES, GAPS.len()).narrow(0, 0, (notes - 1) * rows);
        sum + nats(gaps, &lesson.ids(1..notes, |word| word.gap))
    }

    /// The scores of length, velocity and gap for rows whose pitches are known.
    pub(crate) fn given_pitch(&self, said: &Tensor<2>, pitches: Tensor<1, burn::tensor::Int>) -> Tensor<2> {
        let base = said.clone().narrow(1, PITCHES, said.dims()[1] - PITCHES);
        match self.given.first() {
            Some(given) => base + given.val().select(0, pitches),
            None => base,
        }
    }
}
