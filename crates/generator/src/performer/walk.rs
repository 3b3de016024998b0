//! The network at work: told of a note, it says what may come.

use super::words::{GIVEN, PITCHES, TOLD, Told};
use super::{Manner, NOISE, Performer, state_name};
use crate::inference::{self, Kept, Runner};

/// One line's way through the network.
pub(super) struct Walk<'a> {
    runner: Runner,
    /// What each key adds to the scores of length, velocity and gap.
    added: &'a [f32],
    manner: Manner,
    /// What is told, the notes of a network without states in order.
    x: Vec<f32>,
    states: Vec<Vec<f32>>,
    /// The latest scores of the pitches.
    pub pitches: Vec<f32>,
    /// The latest scores of lengths, velocities and gaps, to which the key adds.
    rest: Vec<f32>,
}

impl<'a> Walk<'a> {
    pub fn begin(performer: &'a Performer) -> Result<Walk<'a>, String> {
        Ok(Walk {
            runner: performer.network.runner()?,
            added: &performer.given,
            manner: performer.manner,
            x: vec![0.0; performer.manner.width()],
            states: performer.states.iter().map(|width| vec![0.0; *width]).collect(),
            pitches: Vec::new(),
            rest: Vec::new(),
        })
    }

    /// Tells what is before a note; then [`Walk::pitches`] and [`Walk::given`] are of that note.
    pub fn tell(&mut self, told: &Told, noise: &[f32; NOISE]) -> Result<(), String> {
        self.prepare(told, noise)?;
        self.hear().map(|_| ())
    }

    fn prepare(&mut self, told: &Told, noise: &[f32; NOISE]) -> Result<(), String> {
        let Manner::Words { memory, noise: noises } = self.manner else {
            return Err("it speaks in numbers".to_owned());
        };
        let latest = (memory - 1) * TOLD;
        self.x.copy_within(TOLD.min(memory * TOLD - 1)..memory * TOLD, 0);
        self.x[latest..].fill(0.0);
        told.ones().for_each(|one| self.x[latest + one] = 1.0);
        self.x[latest + TOLD..].copy_from_slice(&noise[..noises]);
        Ok(())
    }

    /// Tells as [`Walk::tell`] does, the noise in its middle; gives what keys add.
    pub fn try_out(&mut self, told: &Told) -> Result<Vec<f32>, String> {
        self.prepare(told, &[0.5; NOISE])?;
        let given = self.hear()?;
        let mut added = Vec::new();
        inference::keep(&given, PITCHES * GIVEN, &mut added)?;
        Ok(added)
    }

    /// Runs once and keeps what is said; gives what keys add.
    fn hear(&mut self) -> Result<Kept, String> {
        let said = self.step()?;
        let [pitches, rest, given, ..] = said.as_slice() else {
            return Err("it has too few outputs".to_owned());
        };
        inference::keep(pitches, PITCHES, &mut self.pitches)?;
        inference::keep(rest, GIVEN, &mut self.rest)?;
        Ok(given.clone())
    }

    /// Tells the note before as numbers; gives the numbers of the next.
    pub fn tell_numbers(&mut self, before: [f32; 4], noise: &[f32; NOISE]) -> Result<[f32; 4], String> {
        self.x.clear();
        self.x.extend(before.iter().chain(noise));
        let said = self.step()?;
        let tone = said.first().ok_or_else(|| "it has no outputs".to_owned())?;
        let mut numbers = Vec::new();
        inference::keep(tone, NOISE, &mut numbers)?;
        <[f32; NOISE]>::try_from(numbers).map_err(|_| "it does not give four numbers a note".to_owned())
    }

    /// Scores of lengths, velocities and gaps for a pitch.
    pub fn given(&self, pitch: usize) -> Vec<f32> {
        self.rest.iter().zip(&self.added[pitch * GIVEN..]).map(|(rest, added)| rest + added).collect()
    }

    /// Runs once; gives its outputs, those before the states first.
    fn step(&mut self) -> Result<Vec<Kept>, String> {
        let states = self.states.iter().map(|state| inference::numbers(state, &[1, state.len()]));
        let inputs = [inference::numbers(&self.x, &[1, self.x.len()])].into_iter().chain(states);
        let outputs = self.runner.run(inputs.collect::<Result<_, _>>()?)?;
        let said = match self.manner {
            Manner::Words { .. } => 3,
            Manner::Numbers => 1,
        };
        if outputs.len() != said + self.states.len() {
            return Err("it has other outputs than its kind".to_owned());
        }
        for (place, state) in self.states.iter_mut().enumerate() {
            let width = state.len();
            inference::keep(&outputs[said + place], width, state)
                .map_err(|reason| format!("{}: {reason}", state_name(place)))?;
        }
        Ok(outputs.into_iter().collect())
    }
}
