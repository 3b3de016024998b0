//! Paper B's models at play: several notes at once, each with its length, pitch and velocity, from a chord or from what was played.
//!
//! One graph, one step a note: `x [rows, width]`, what is told before a note, and the states `h0`, `c0`, `h1`, ... of its
//! LSTM layers (`[rows, hidden]`), which come out again after what is said, so that any number of bars is one walk. Two
//! manners of speaking:
//!
//! - in [`words`]: `pitch [rows, 88]`, the scores of each key; `rest [rows, 57]`, those of length, velocity and the gap to
//!   the next onset; and `given [88, 57]`, always the same, what the key that is chosen adds to these. `x` holds
//!   [`words::TOLD`] numbers, then the noise; a model without states is told as many notes as fit into `x` instead, the
//!   latest last.
//! - in numbers, as in the paper: `x` is the note before as four numbers ([`melody::tones::Tone::numbers`]) and four numbers
//!   of noise; `tone [rows, 4]` is the note.

use melody::tones::Tone;
use melody::{Phrase, Style, Token};

use crate::inference::{Holds, Input, Network};
use crate::onnx;
use crate::pack::{self, Card, Pack, PackError};
use crate::request::{Request, Task};
use crate::{Cancel, Candidate, GenerateError, Generator};

mod numbers;
mod spoken;
mod stage;
mod walk;
mod wishes;
pub mod words;

use stage::Stage;
use walk::Walk;
use words::TOLD;

/// Numbers of noise at each step, each from 0 to 1 (paper B, "generator").
pub const NOISE: usize = 4;
/// The most notes that a model without states is told.
const MOST_TOLD: usize = 16;
/// The most layers of LSTMs.
const MOST_LAYERS: usize = 4;
/// The longest answer that a canary may have, in tokens.
const LONGEST_CANARY: usize = 64;
/// The most notes of a prompt that are heard, the latest ones.
const HEARD: usize = 256;

/// How a network speaks of notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// In choices among [`words`].
    Words {
        /// Notes that are told before each; 1 for a network with states.
        memory: usize,
        /// Numbers of noise, 0 or [`NOISE`].
        noise: usize,
    },
    /// In four numbers a note.
    Numbers,
}

impl Manner {
    /// The manner of a network that is told so many numbers at a step, with or without states.
    fn of(width: usize, has_states: bool) -> Option<Manner> {
        match (width, has_states) {
            (TOLD, true) => Some(Manner::Words { memory: 1, noise: 0 }),
            (_, true) if width == TOLD + NOISE => Some(Manner::Words { memory: 1, noise: NOISE }),
            (8, true) => Some(Manner::Numbers),
            (_, false) if width.is_multiple_of(TOLD) && width / TOLD <= MOST_TOLD => {
                Some(Manner::Words { memory: width / TOLD, noise: 0 })
            }
            _ => None,
        }
    }

    /// Numbers that a network of this manner is told at a step.
    pub fn width(self) -> usize {
        match self {
            Manner::Words { memory, noise } => memory * TOLD + noise,
            Manner::Numbers => 2 * NOISE,
        }
    }
}

/// A performer, ready to answer.
pub struct Performer {
    card: Card,
    network: Network,
    manner: Manner,
    /// Widths of the states, `h` and `c` of each layer.
    states: Vec<usize>,
    /// What each key adds to the scores of length, velocity and gap; nothing for a network that speaks in numbers.
    given: Vec<f32>,
}

impl Performer {
    /// Loads the model of a pack and asks it the card's canary: what it plays at temperature 0 without a prompt.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn open(pack: &Pack) -> Result<Performer, PackError> {
        let model = Performer::load(pack)?;
        model.ask_canary()?;
        Ok(model)
    }

    /// Loads the model of a pack that has no canary yet, to find one.
    ///
    /// # Errors
    /// [`PackError`] names the file and why it is refused.
    pub fn load(pack: &Pack) -> Result<Performer, PackError> {
        let (card, bytes) = (pack.card.clone(), pack.file(pack::MODEL)?);
        Performer::of_graph(card, bytes).map_err(|(card, reason)| PackError::Network {
            id: card.id.clone(),
            file: pack::MODEL.to_owned(),
            reason,
        })
    }

    fn of_graph(card: Card, bytes: &[u8]) -> Result<Performer, (Box<Card>, String)> {
        match built(bytes) {
            Ok((network, manner, states)) => {
                let model = Performer { card, network, manner, states, given: Vec::new() };
                match model.try_out() {
                    Ok(given) => Ok(Performer { given, ..model }),
                    Err(reason) => Err((Box::new(model.card), reason)),
                }
            }
            Err(reason) => Err((Box::new(card), reason)),
        }
    }

    /// How it speaks of notes.
    pub fn manner(&self) -> Manner {
        self.manner
    }

    /// What it plays at temperature 0 without a prompt, the noise in its middle: notes with pitch and length, each with
    /// the least lead in nats of any choice that was made for it.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn likeliest(&self, count: usize) -> Result<Vec<(Token, f32)>, String> {
        match self.manner {
            Manner::Words { .. } => spoken::likeliest(self, count),
            Manner::Numbers => numbers::likeliest(self, count),
        }
    }

    /// The scores that the network gives of each word of a line, all those before it being told and the noise in its
    /// middle: for each word those of the pitches, then those of what is given its pitch. For a network that speaks in
    /// numbers the numbers of each note.
    ///
    /// # Errors
    /// What tract says where the network does not run.
    pub fn teacher_forced(&self, line: &[words::Word], style: Style) -> Result<Vec<f32>, String> {
        match self.manner {
            Manner::Words { .. } => spoken::teacher_forced(self, line, style),
            Manner::Numbers => numbers::teacher_forced(self, line),
        }
    }

    /// Runs one step, to see that it gives what it should; gives what keys add.
    fn try_out(&self) -> Result<Vec<f32>, String> {
        let mut walk = Walk::begin(self)?;
        match self.manner {
            Manner::Words { .. } => {
                let told = words::Told { before: None, gap: 0, place: 0, style: Style::Pop };
                walk.try_out(&told)
            }
            Manner::Numbers => walk.tell_numbers([0.0; 4], &[0.5; NOISE]).map(|_| Vec::new()),
        }
    }

    fn ask_canary(&self) -> Result<(), PackError> {
        let id = || self.card.id.clone();
        let Some(canary) = &self.card.canary else {
            return Err(PackError::Card(
                "it has no canary, so nobody can tell whether the model works".to_owned(),
            ));
        };
        if !canary.prompt.is_empty() || !(1..=LONGEST_CANARY).contains(&canary.answer.len()) {
            return Err(PackError::Card("its canary is not 1 to 64 tokens made without a prompt".to_owned()));
        }
        let refuse = |reason| PackError::Network { id: id(), file: pack::MODEL.to_owned(), reason };
        let found = self.likeliest(canary.answer.len()).map_err(refuse)?;
        canary.hear(&self.card.id, found.into_iter().map(|(token, _)| token))
    }

    /// Refuses a style that the model was not taught; one that was taught none apart hears nothing of styles.
    fn check_style(&self, style: Option<Style>) -> Result<(), GenerateError> {
        let Some(style) =
            style.filter(|style| !self.card.styles.is_empty() && !self.card.styles.contains(style))
        else {
            return Ok(());
        };
        let able = self.card.styles.iter().map(Style::to_string).collect::<Vec<_>>().join(", ");
        Err(GenerateError::Style { model: self.card.name.clone(), style, able })
    }

    fn candidate(&self, stage: &Stage<'_>, seed: u64, cancel: &Cancel) -> Result<Candidate, GenerateError> {
        let fail = |reason| GenerateError::Network { model: self.card.name.clone(), reason };
        let played = match self.manner {
            Manner::Words { .. } => spoken::play(self, stage, seed, cancel).map_err(fail)?,
            Manner::Numbers => numbers::play(self, stage, seed, cancel).map_err(fail)?,
        };
        let (tones, probabilities) = played.ok_or(GenerateError::Cancelled)?;
        Ok(Candidate { phrase: stage.phrase(&tones), seed, probabilities, ..Candidate::default() })
    }
}

impl Generator for Performer {
    fn card(&self) -> &Card {
        &self.card
    }

    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Vec<Candidate>, GenerateError> {
        crate::check(&self.card, request, &[Task::Fresh, Task::Continue])?;
        self.check_style(request.style)?;
        let heard;
        let request = match request.task {
            // What a fresh piece takes over is the meter, the tempo and the key, not the notes.
            Task::Fresh => request,
            _ => {
                heard = Request { prompt: melody::grid::quantise(&request.prompt), ..request.clone() };
                &heard
            }
        };
        let stage = Stage::of(request);
        let seeds = (0..request.count).map(|number| request.seed.wrapping_add(u64::from(number)));
        seeds.map(|seed| self.candidate(&stage, seed, cancel)).collect()
    }
}

/// A note as it was made: when it starts, and its tone.
type Played = (melody::Ticks, Tone);

/// Notes with, where the network gives them, their probabilities; nothing where the run was cancelled.
type Answer = Option<(Vec<Played>, Vec<f32>)>;

fn built(bytes: &[u8]) -> Result<(Network, Manner, Vec<usize>), String> {
    let widths = onnx::inputs::widths(bytes).map_err(|error| error.to_string())?;
    let (x, states) = match widths.split_first() {
        Some(((name, x), states)) if name == "x" => (*x, states),
        _ => return Err("its first input is not \"x\"".to_owned()),
    };
    let fits = states.len().is_multiple_of(2)
        && states.len() <= 2 * MOST_LAYERS
        && states.iter().enumerate().all(|(place, (name, _))| *name == state_name(place));
    let manner = Manner::of(x, !states.is_empty()).filter(|_| fits);
    let manner = manner.ok_or_else(|| {
        format!("its inputs (x of {x} numbers, {} states) are of no kind that is known", states.len())
    })?;
    let shapes: Vec<(&str, [usize; 2])> =
        widths.iter().map(|(name, width)| (name.as_str(), [1, *width])).collect();
    let inputs: Vec<Input<'_>> =
        shapes.iter().map(|(name, shape)| (*name, Holds::Numbers, shape.as_slice())).collect();
    let network = Network::load(bytes, &inputs)?;
    Ok((network, manner, states.iter().map(|(_, width)| *width).collect()))
}

/// The name of a state by its place: `h0`, `c0`, `h1`, `c1` and so on.
pub fn state_name(place: usize) -> String {
    format!("{}{}", if place.is_multiple_of(2) { 'h' } else { 'c' }, place / 2)
}

/// The latest notes of a phrase, at home, each with its onset in ticks from the phrase's start.
fn heard(phrase: &Phrase) -> Vec<Played> {
    let mut onset = melody::Ticks::ZERO;
    let place = |tone: Tone| {
        onset += tone.since;
        (onset, tone)
    };
    let all: Vec<Played> = melody::tones::of_phrase(phrase).into_iter().map(place).collect();
    all[all.len().saturating_sub(HEARD)..].to_vec()
}

#[cfg(test)]
mod tests;
