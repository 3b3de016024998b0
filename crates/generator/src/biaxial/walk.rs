//! One performance's way through the two graphs.

use melody::Pitch;
use melody::roll::Step;

use super::keys::{self, FEATURES, Harmony, KEYS};
use super::pitch::{Layers, State};
use super::{Biaxial, PITCH, TIME};
use crate::Cancel;
use crate::inference::{self, Kept, Runner};

/// What the model says of a key, in log odds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Odds {
    /// That it is played.
    pub played: f32,
    /// That it is struck, if it is played.
    pub struck: f32,
}

impl Odds {
    /// How probable it is that the key is struck; one that does not sound yet is struck whenever it is played.
    pub fn probability(self, sounds: bool) -> f32 {
        let struck = if sounds { probability(self.struck) } else { 1.0 };
        probability(self.played) * struck
    }
}

/// The probability that log odds stand for.
pub(super) fn probability(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// The graphs at work.
pub(super) struct Walk<'a> {
    /// The layers along pitch where they are worked out without their graph.
    worked: Option<&'a Layers>,
    along_time: Runner,
    along_pitch: Runner,
    /// The states along time after the step before.
    states: Vec<Kept>,
    /// What they were before that, to try a step again.
    states_before: Vec<Kept>,
    /// The states along pitch before the lowest key.
    low: Vec<Kept>,
    /// The last step, and the one before it.
    steps: [Step; 2],
    seen: Vec<f32>,
}

impl<'a> Walk<'a> {
    pub fn begin(model: &'a Biaxial) -> Result<Walk<'a>, String> {
        Walk::with(model, model.worked.as_ref())
    }

    /// A walk that works the layers along pitch out by `worked`, or runs their graph.
    pub fn with(model: &'a Biaxial, worked: Option<&'a Layers>) -> Result<Walk<'a>, String> {
        let zeros = |rows: usize, width: usize| inference::numbers(&vec![0.0; rows * width], &[rows, width]);
        let states: Vec<Kept> = (0..4).map(|_| zeros(KEYS, TIME)).collect::<Result<_, _>>()?;
        let low = [PITCH[0], PITCH[0], PITCH[1], PITCH[1]].map(|width| zeros(1, width));
        Ok(Walk {
            worked,
            along_time: model.along_time.runner()?,
            along_pitch: model.along_pitch.runner()?,
            states_before: states.clone(),
            states,
            low: low.into_iter().collect::<Result<_, _>>()?,
            steps: [Step::default(); 2],
            seen: Vec::with_capacity(KEYS * FEATURES),
        })
    }

    /// The last step.
    pub fn before(&self) -> Step {
        self.steps[0]
    }

    /// Takes the last step back.
    pub fn back(&mut self) {
        self.states.clone_from(&self.states_before);
        self.steps[0] = self.steps[1];
    }

    /// Hears a step that was played, at its place in the bar.
    pub fn hear(&mut self, step: Step, place: usize, chord: Option<Harmony>) -> Result<(), String> {
        self.pass_time(place, chord)?;
        self.steps = [step, self.steps[0]];
        Ok(())
    }

    /// Hears steps with their places in the bar, until cancelled.
    pub fn hear_all(&mut self, steps: &[(usize, Step)], cancel: &Cancel) -> Result<(), String> {
        steps
            .iter()
            .take_while(|_| !cancel.is_cancelled())
            .try_for_each(|(place, step)| self.hear(*step, *place, None))
    }

    /// Plays the next step: `choose` is asked for each key from the lowest, and says nothing for a silent one, else whether
    /// it is struck.
    pub fn play(
        &mut self,
        place: usize,
        chord: Option<Harmony>,
        choose: &mut dyn FnMut(Pitch, Odds) -> Option<bool>,
    ) -> Result<Step, String> {
        let gates = self.pass_time(place, chord)?;
        let gates = inference::read(&gates)?;
        if gates.len() != KEYS * 4 * PITCH[0] {
            return Err("it has other outputs than its kind".to_owned());
        }
        let (mut step, mut below) = (Step::default(), [0.0; 2]);
        let (mut states, mut state) = (self.low.clone(), State::low());
        for (pitch, gates) in keys::pitches().zip(gates.chunks_exact(4 * PITCH[0])) {
            let [played, struck] = match self.worked {
                Some(worked) => worked.step(gates, below, &mut state),
                None => self.run_pitch(gates, below, &mut states)?,
            };
            let odds = Odds { played, struck };
            below = match choose(pitch, odds) {
                None => [0.0, 0.0],
                Some(true) => {
                    step.strike(pitch);
                    [1.0, 1.0]
                }
                Some(false) => {
                    step.hold(pitch);
                    [1.0, 0.0]
                }
            };
        }
        self.steps = [step, self.steps[0]];
        Ok(step)
    }

    /// One key through the graph along pitch.
    fn run_pitch(
        &mut self,
        gates: &[f32],
        below: [f32; 2],
        states: &mut Vec<Kept>,
    ) -> Result<[f32; 2], String> {
        let mut inputs =
            vec![inference::numbers(gates, &[1, 4 * PITCH[0]])?, inference::numbers(&below, &[1, 2])?];
        inputs.append(states);
        let mut outputs = self.along_pitch.run(inputs.into_iter().collect())?.into_iter();
        let scores = outputs.next().ok_or("it has no output")?;
        *states = outputs.collect();
        let scores = inference::read(&scores)?;
        scores.try_into().map_err(|_| "it has other outputs than its kind".to_owned())
    }

    /// One step along time for all keys: what the layers along pitch get to hear.
    fn pass_time(&mut self, place: usize, chord: Option<Harmony>) -> Result<Kept, String> {
        self.seen.clear();
        keys::features(&self.steps[0], place, chord, &mut self.seen);
        let seen = inference::numbers(&self.seen, &[KEYS, FEATURES])?;
        self.states_before.clone_from(&self.states);
        let inputs = [seen].into_iter().chain(self.states.drain(..)).collect();
        let mut outputs = self.along_time.run(inputs)?.into_iter();
        let gates = outputs.next().ok_or("it has no output")?;
        self.states = outputs.collect();
        Ok(gates)
    }
}
