//! One line's way through encoder and decoder.

use super::{HIDDEN, Seq2seq, attends};
use crate::inference::{self, Runner};
use crate::next_token::{self, Gaze};

/// Shares of attention may miss 1 by so much: they are rounded numbers.
const SHARES_TOLERANCE: f32 = 1e-3;

/// The two graphs at work; the encoder looks anew every `window` steps.
pub(super) struct Walk {
    window: usize,
    words: usize,
    attends: bool,
    encoder: Runner,
    decoder: Runner,
    /// Steps since the walk began.
    step: usize,
    /// The place in the past of the first token that the encoder heard.
    heard_from: usize,
    state: State,
}

/// What goes from step to step.
#[derive(Default)]
struct State {
    h: Vec<f32>,
    c: Vec<f32>,
    gates: Vec<f32>,
    base: Vec<f32>,
    /// The encoder's states, for a model with attention.
    heard: Vec<f32>,
    shares: Vec<f32>,
    scores: Vec<f32>,
}

impl Walk {
    pub fn begin(model: &Seq2seq) -> Result<Walk, String> {
        Ok(Walk {
            window: model.card.window,
            words: model.lexicon.vocabulary().len(),
            attends: attends(&model.card),
            encoder: model.encoder.runner()?,
            decoder: model.decoder.runner()?,
            step: 0,
            heard_from: 0,
            state: State::default(),
        })
    }

    fn encode(&mut self, past: &[usize]) -> Result<(), String> {
        let short = "the prompt is shorter than the model's window";
        self.heard_from = past.len().checked_sub(self.window).ok_or(short)?;
        let window = past[self.heard_from..].iter();
        let window: Vec<i64> =
            window.map(|id| inference::known(*id, self.words)).collect::<Result<_, _>>()?;
        let outputs =
            self.encoder.run([inference::ids(&window, &[1, self.window])?].into_iter().collect())?;
        let state = &mut self.state;
        match outputs.as_slice() {
            [h, gates, base, states @ ..] if states.len() == usize::from(self.attends) => {
                inference::keep(h, HIDDEN, &mut state.h)?;
                inference::keep(gates, 4 * HIDDEN, &mut state.gates)?;
                inference::keep(base, self.words, &mut state.base)?;
                for states in states {
                    inference::keep(states, self.window * HIDDEN, &mut state.heard)?;
                }
            }
            _ => return Err("it has other outputs than its kind".to_owned()),
        }
        state.c.clear();
        state.c.resize(HIDDEN, 0.0);
        Ok(())
    }

    fn decode(&mut self, last: i64) -> Result<(), String> {
        let state = &mut self.state;
        let mut inputs = vec![
            inference::ids(&[last], &[1])?,
            inference::numbers(&state.h, &[1, HIDDEN])?,
            inference::numbers(&state.c, &[1, HIDDEN])?,
            inference::numbers(&state.gates, &[1, 4 * HIDDEN])?,
            inference::numbers(&state.base, &[1, self.words])?,
        ];
        if self.attends {
            inputs.push(inference::numbers(&state.heard, &[1, self.window, HIDDEN])?);
        }
        let outputs = self.decoder.run(inputs.into_iter().collect())?;
        match outputs.as_slice() {
            [scores, h, c, shares @ ..] if shares.len() == usize::from(self.attends) => {
                inference::keep(scores, self.words, &mut state.scores)?;
                inference::keep(h, HIDDEN, &mut state.h)?;
                inference::keep(c, HIDDEN, &mut state.c)?;
                shares.iter().try_for_each(|shares| inference::keep(shares, self.window, &mut state.shares))
            }
            _ => Err("it has other outputs than its kind".to_owned()),
        }
    }
}

impl next_token::Walk for Walk {
    fn next(&mut self, past: &[usize]) -> Result<&[f32], String> {
        if self.step.is_multiple_of(self.window) {
            self.encode(past)?;
        }
        self.step += 1;
        let last = inference::known(*past.last().ok_or("the prompt is empty")?, self.words)?;
        self.decode(last)?;
        let shares = &self.state.shares;
        let whole = (shares.iter().sum::<f32>() - 1.0).abs() <= SHARES_TOLERANCE;
        if self.attends && !(whole && shares.iter().all(|share| *share >= 0.0)) {
            return Err("its shares of attention do not sum to 1".to_owned());
        }
        Ok(&self.state.scores)
    }

    fn gaze(&self) -> Option<Gaze<'_>> {
        self.attends.then_some(Gaze { first: self.heard_from, shares: &self.state.shares })
    }
}
