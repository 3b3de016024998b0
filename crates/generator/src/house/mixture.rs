//! The odds of one aspect of a note: those of the network and of the witnesses, each as far as it is trusted.

use melody::memory::{Testimony, WITNESSES};

use crate::sampling;

/// What is added to the gate of a witness who has nothing to say.
const SILENCE: f32 = -30.0;

/// Odds that sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    /// The odds of each value.
    pub odds: Vec<f32>,
}

impl Mixture {
    /// The mixture of a network's `scores` of all values and of what the witnesses say, by the `gates` of both.
    pub fn of(scores: &[f32], gates: &[f32], testimony: &Testimony) -> Mixture {
        let mut odds = scores.to_vec();
        sampling::softmax(&mut odds);
        let mut trust = [0.0; 1 + WITNESSES];
        trust.copy_from_slice(&gates[..1 + WITNESSES]);
        for (trust, said) in trust[1..].iter_mut().zip(testimony) {
            *trust += if said.is_silent() { SILENCE } else { 0.0 };
        }
        sampling::softmax(&mut trust);
        odds.iter_mut().for_each(|odds| *odds *= trust[0]);
        for (trust, said) in trust[1..].iter().zip(testimony) {
            for (value, share) in said.odds() {
                odds[usize::from(*value)] += trust * share;
            }
        }
        Mixture { odds }
    }

    /// The likeliest value, with its lead over the second likeliest in nats.
    pub fn likeliest(&self) -> (u8, f32) {
        let mut ranked: Vec<(f32, usize)> = self.odds.iter().copied().zip(0..).collect();
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let second = ranked.get(1).map_or(0.0, |second| second.0);
        (ranked[0].1 as u8, (ranked[0].0 / second.max(f32::MIN_POSITIVE)).ln())
    }

    /// The logarithms of the odds.
    pub fn logarithms(&self) -> Vec<f32> {
        self.odds.iter().map(|odds| odds.ln()).collect()
    }
}

#[cfg(test)]
mod tests {
    use melody::memory::Memory;
    use melody::steps::{Aspect, Step};
    use melody::{Meter, Ticks};

    use super::*;

    #[test]
    fn a_trusted_witness_is_believed_and_a_silent_one_cannot_be() {
        let mut memory = Memory::new(Meter::COMMON);
        let mut end = Ticks::ZERO;
        for pitch in [36, 38, 40, 36] {
            let step = Step::after(end, [0, pitch, 11]);
            end = step.end;
            memory.hear(step);
        }
        let testimony = memory.testimony(Aspect::Pitch, &[0; 3], end);
        let scores = vec![0.0; Aspect::Pitch.size()];
        let mut gates = [0.0; 1 + WITNESSES];
        let sum = |mixture: &Mixture| mixture.odds.iter().sum::<f32>();
        let even = Mixture::of(&scores, &gates, &testimony);
        assert!((sum(&even) - 1.0).abs() < 1e-5);
        // The longest likeness: after 36 came 38.
        gates[1 + 3] = 9.0;
        let trusting = Mixture::of(&scores, &gates, &testimony);
        assert_eq!(trusting.likeliest().0, 38);
        assert!(trusting.odds[38] > 0.99);
        // Nothing stood eight bars ago.
        gates[1 + 9] = 20.0;
        assert!((sum(&Mixture::of(&scores, &gates, &testimony)) - 1.0).abs() < 1e-5);
        assert!(Mixture::of(&scores, &gates, &testimony).odds[38] > 0.99);
    }
}
