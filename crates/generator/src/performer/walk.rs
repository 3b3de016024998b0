//! The network at work: told of a note, it says what may come.

use super::words::{GIVEN, PITCHES, TOLD, Told};
use super::{Manner, NOISE, Performer, state_name};
use crate::inference::{self, Kept, Runner};

/// One line's way through the network.
pub(super) struct Walk {
    runner: Runner,
    manner: Manner,
    /// What is told, the notes of a network without states in order.
    x: Vec<f32>,
    states: Vec<Vec<f32>>,
    /// The latest scores of the pitches.
    pub pitches: Vec<f32>,
    /// The latest scores of lengths, velocities and gaps for each pitch.
    given: Option<Kept>,
}

impl Walk {
    pub fn begin(performer: &Performer) -> Result<Walk, String> {
        Ok(Walk {
            runner: performer.network.runner()?,
            manner: performer.manner,
            x: vec![0.0; performer.manner.width()],
            states: performer.states.iter().map(|width| vec![0.0; *width]).collect(),
            pitches: Vec::new(),
            given: None,
        })
    }

    /// Tells what is before a note; then [`Walk::pitches`] and [`Walk::given`] are of that note.
    pub fn tell(&mut self, told: &Told, noise: &[f32; NOISE]) -> Result<(), String> {
        let Manner::Words { memory, noise: noises } = self.manner else {
            return Err("it speaks in numbers".to_owned());
        };
        let latest = (memory - 1) * TOLD;
        self.x.copy_within(TOLD.min(memory * TOLD - 1)..memory * TOLD, 0);
        self.x[latest..].fill(0.0);
        told.ones().for_each(|one| self.x[latest + one] = 1.0);
        self.x[latest + TOLD..].copy_from_slice(&noise[..noises]);
        let said = self.step()?;
        let [pitches, given, ..] = said.as_slice() else {
            return Err("it has too few outputs".to_owned());
        };
        inference::keep(pitches, PITCHES, &mut self.pitches)?;
        self.given = Some(given.clone());
        Ok(())
    }

    /// Tells the note before as numbers; gives the numbers of the next.
    pub fn tell_numbers(&mut self, before: [f32; 4], noise: &[f32; NOISE]) -> Result<[f32; 4], String> {
        self.x.clear();
        self.x.extend(before.iter().chain(noise));
        let said = self.step()?;
        let tone = said.first().map(|tone| inference::part(tone, NOISE, 0, NOISE)).transpose()?;
        let tone = tone.and_then(|tone| <[f32; 4]>::try_from(tone).ok());
        tone.ok_or_else(|| "it does not give four numbers a note".to_owned())
    }

    /// Scores of lengths, velocities and gaps for a pitch.
    pub fn given(&self, pitch: usize) -> Result<Vec<f32>, String> {
        let given = self.given.as_ref().ok_or_else(|| "it was told nothing yet".to_owned())?;
        inference::part(given, PITCHES * GIVEN, pitch * GIVEN, GIVEN)
    }

    /// Runs once; gives its outputs, those before the states first.
    fn step(&mut self) -> Result<Vec<Kept>, String> {
        let states = self.states.iter().map(|state| inference::numbers(state, &[1, state.len()]));
        let inputs = [inference::numbers(&self.x, &[1, self.x.len()])].into_iter().chain(states);
        let outputs = self.runner.run(inputs.collect::<Result<_, _>>()?)?;
        let said = match self.manner {
            Manner::Words { .. } => 2,
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
