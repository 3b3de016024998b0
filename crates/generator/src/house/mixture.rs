//! The odds of one aspect of a note: those of the network and of the witnesses, each as far as it is trusted.

use melody::memory::{Testimony, WITNESSES};

use crate::sampling;

/// What is added to the gate of a witness who has nothing to say.
const SILENCE: f32 = -30.0;

/// Odds that sum to 1, with what they are mixed of.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    /// The odds of each value.
    pub odds: Vec<f32>,
    /// The network's scores of each value.
    scores: Vec<f32>,
    /// The gates' scores: of the network, then of each witness.
    gates: [f32; 1 + WITNESSES],
    /// What the witnesses say.
    said: Testimony,
}

impl Mixture {
    /// The mixture of a network's `scores` of all values and of what the witnesses say, by the `gates` of both.
    pub fn of(scores: &[f32], gates: &[f32], said: Testimony) -> Mixture {
        let mut trust = [0.0; 1 + WITNESSES];
        trust.copy_from_slice(&gates[..1 + WITNESSES]);
        for (trust, said) in trust[1..].iter_mut().zip(&said) {
            *trust += if said.is_silent() { SILENCE } else { 0.0 };
        }
        let mut mixture = Mixture { odds: Vec::new(), scores: scores.to_vec(), gates: trust, said };
        let mut own = scores.to_vec();
        sampling::softmax(&mut own);
        sampling::softmax(&mut trust);
        mixture.odds = mixture.mixed(&own, &trust);
        mixture
    }

    /// The odds when `own` are the network's and `trust` is how far each is trusted.
    fn mixed(&self, own: &[f32], trust: &[f32; 1 + WITNESSES]) -> Vec<f32> {
        let mut odds: Vec<f32> = own.iter().map(|odds| odds * trust[0]).collect();
        for (trust, said) in trust[1..].iter().zip(&self.said) {
            for (value, share) in said.odds() {
                odds[usize::from(*value)] += trust * share;
            }
        }
        odds
    }

    /// Draws a value: first who is believed, then what they say. `wishes` are what each value's odds are multiplied by.
    ///
    /// `whim`, from 0 to 1, decides who is believed, the network where it is low: who keeps it for a while copies in one go or
    /// invents in one go, as tunes do, and each value is as likely as the mixture says all the same. `throw` decides the rest.
    /// Heat and cut act on what the network makes up, and heat on whom it trusts; what a witness remembers is left as it is:
    /// cooled as a whole, the mixture would repeat its likeliest note for ever.
    pub fn draw(&self, wishes: &[f32], (temperature, top_p): (f32, f32), whim: f64, throw: f64) -> u8 {
        if temperature <= 0.0 {
            return highest(&times(&self.odds, wishes));
        }
        let own = times(&self.own(temperature, top_p), wishes);
        let mut trust = self.gates.map(|gate| gate / temperature);
        sampling::softmax(&mut trust);
        let said = |witness: usize| self.said[witness].odds().iter();
        let mut shares = [0.0; 1 + WITNESSES];
        shares[0] = trust[0] * own.iter().sum::<f32>();
        for witness in 0..WITNESSES {
            let wished: f32 = said(witness).map(|(value, odds)| odds * wishes[usize::from(*value)]).sum();
            shares[1 + witness] = trust[1 + witness] * wished;
        }
        match picked(shares.iter().copied(), whim) {
            // What is wished was cut away, and nobody remembers it.
            None => picked(times(&self.odds, wishes).into_iter(), throw).unwrap_or(0) as u8,
            Some(0) => picked(own.into_iter(), throw).unwrap_or(0) as u8,
            Some(believed) => {
                let odds = said(believed - 1).map(|(value, odds)| odds * wishes[usize::from(*value)]);
                let place = picked(odds, throw).unwrap_or(0);
                self.said[believed - 1].odds()[place].0
            }
        }
    }

    /// The network's own odds at a temperature, cut to the likeliest that together have `top_p`.
    fn own(&self, temperature: f32, top_p: f32) -> Vec<f32> {
        let mut own: Vec<f32> = self.scores.iter().map(|score| score / temperature).collect();
        sampling::softmax(&mut own);
        let mut ranked: Vec<usize> = (0..own.len()).collect();
        ranked.sort_unstable_by(|a, b| own[*b].total_cmp(&own[*a]).then(a.cmp(b)));
        let (mut reached, mut kept) = (0.0, 0);
        while kept < ranked.len() && reached < top_p {
            reached += own[ranked[kept]];
            kept += 1;
        }
        ranked[kept..].iter().for_each(|value| own[*value] = 0.0);
        own.iter_mut().for_each(|odds| *odds /= reached);
        own
    }

    /// The likeliest value, with its lead over the second likeliest in nats.
    pub fn likeliest(&self) -> (u8, f32) {
        let mut ranked: Vec<(f32, usize)> = self.odds.iter().copied().zip(0..).collect();
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let second = ranked.get(1).map_or(0.0, |second| second.0);
        (ranked[0].1 as u8, (ranked[0].0 / second.max(f32::MIN_POSITIVE)).ln())
    }
}

fn times(odds: &[f32], wishes: &[f32]) -> Vec<f32> {
    odds.iter().zip(wishes).map(|(odds, wish)| odds * wish).collect()
}

/// The place of the highest number, of equals the first.
fn highest(numbers: &[f32]) -> u8 {
    let best = numbers.iter().zip(0..).max_by(|a, b| a.0.total_cmp(b.0).then(b.1.cmp(&a.1)));
    best.map_or(0, |(_, place)| place)
}

/// The place that a throw from 0 to 1 falls on when each has its share; none where all are nothing.
fn picked(shares: impl Iterator<Item = f32> + Clone, throw: f64) -> Option<usize> {
    let sum: f64 = shares.clone().map(f64::from).sum();
    let mut left = throw * sum;
    let mut last = None;
    for (place, share) in shares.enumerate().filter(|(_, share)| *share > 0.0) {
        left -= f64::from(share);
        last = Some(place);
        if left < 0.0 {
            break;
        }
    }
    last
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
        let even = Mixture::of(&scores, &gates, testimony.clone());
        assert!((sum(&even) - 1.0).abs() < 1e-5);
        // The longest likeness: after 36 came 38.
        gates[1 + 3] = 9.0;
        let trusting = Mixture::of(&scores, &gates, testimony.clone());
        assert_eq!(trusting.likeliest().0, 38);
        assert!(trusting.odds[38] > 0.99);
        // Nothing stood eight bars ago.
        gates[1 + 9] = 20.0;
        assert!((sum(&Mixture::of(&scores, &gates, testimony.clone())) - 1.0).abs() < 1e-5);
        assert!(Mixture::of(&scores, &gates, testimony.clone()).odds[38] > 0.99);
    }

    #[test]
    fn draws_follow_the_mixture_and_a_cut_leaves_what_is_remembered() {
        let mut memory = Memory::new(Meter::COMMON);
        let mut end = Ticks::ZERO;
        for pitch in [36, 38, 40, 36] {
            let step = Step::after(end, [0, pitch, 11]);
            end = step.end;
            memory.hear(step);
        }
        let testimony = memory.testimony(Aspect::Pitch, &[0; 3], end);
        let mut scores = vec![0.0; Aspect::Pitch.size()];
        scores[50] = 8.0;
        let mut gates = [-9.0; 1 + WITNESSES];
        (gates[0], gates[1 + 3]) = (2.0, 0.0);
        let mixture = Mixture::of(&scores, &gates, testimony);
        let drawn = |knobs: (f32, f32), wishes: &[f32]| {
            let mut counts = [0.0; 84];
            for whim in 0..100 {
                for throw in 0..100 {
                    let throw = (f64::from(throw) + 0.5) / 100.0;
                    let value = mixture.draw(wishes, knobs, (f64::from(whim) + 0.5) / 100.0, throw);
                    counts[usize::from(value)] += 1e-4;
                }
            }
            counts
        };
        let free = vec![1.0; 84];
        let warm = drawn((1.0, 1.0), &free);
        assert!(warm.iter().zip(&mixture.odds).all(|(drawn, odds)| (drawn - f64::from(*odds)).abs() < 0.01));
        let cut = drawn((1.0, 0.5), &free);
        assert!(cut[10] == 0.0 && (cut[38] - warm[38]).abs() < 0.01);
        assert!(drawn((2.0, 1.0), &free)[50] < warm[50] - 0.02);
        assert_eq!(drawn((0.0, 1.0), &free)[50].round(), 1.0);
        // Only what is wished comes, also where the cut left none of it.
        let mut wishes = vec![0.0; 84];
        wishes[7] = 1.0;
        assert_eq!(drawn((1.0, 0.5), &wishes)[7].round(), 1.0);
    }
}
