//! The four graphs of the house model, and a way along one tune with them.

use melody::Ticks;
use melody::memory::WITNESSES;
use melody::steps::{Aspect, Step};

use super::input::{self, HEADS};
use super::{Mixture, Voice};
use crate::inference::{self, Holds, Input, Network, Runner};
use crate::onnx;
use crate::pack::{self, BODY, Pack, PackError};

/// Answers that are made side by side. A lone one is made in the company of empty rows, so that it is the same note for note
/// as among others: other numbers of rows are summed in another order.
pub const ROWS: usize = 4;

/// The most layers of LSTMs.
const MOST_LAYERS: usize = 4;

/// The graphs, loaded.
pub struct Networks {
    /// The body for one row, to hear with, and for [`ROWS`].
    listening: Network,
    body: Network,
    heads: [Network; 3],
    layers: usize,
    hidden: usize,
    inner: usize,
}

impl Networks {
    /// Loads the graphs of a pack; their sizes are what the files say.
    pub fn load(pack: &Pack) -> Result<Networks, PackError> {
        let refuse = |file: &str| {
            let (id, file) = (pack.card.id.clone(), file.to_owned());
            move |reason: String| PackError::Network { id, file, reason }
        };
        let widths =
            onnx::inputs::widths(pack.file(BODY)?).map_err(|error| refuse(BODY)(error.to_string()))?;
        let (layers, hidden) = sizes(&widths).map_err(refuse(BODY))?;
        let mut heads = Vec::with_capacity(3);
        let mut inner = 0;
        for (file, told) in pack::HEADS.iter().zip(HEADS) {
            let widths =
                onnx::inputs::widths(pack.file(file)?).map_err(|error| refuse(file)(error.to_string()))?;
            inner = widths.iter().find(|(name, _)| name == "inner").map_or(0, |(_, width)| *width);
            let inputs: [Input<'_>; 2] =
                [("inner", Holds::Numbers, &[ROWS, inner]), ("told", Holds::Numbers, &[ROWS, told])];
            heads.push(Network::load(pack.file(file)?, &inputs).map_err(refuse(file))?);
        }
        let body = |rows: usize| -> Result<Network, PackError> {
            let names: Vec<String> =
                (0..layers).flat_map(|layer| [format!("h{layer}"), format!("c{layer}")]).collect();
            let (told, state) = ([rows, input::BODY], [rows, hidden]);
            let mut inputs: Vec<Input<'_>> = vec![("told", Holds::Numbers, &told)];
            inputs.extend(names.iter().map(|name| (name.as_str(), Holds::Numbers, &state[..])));
            Network::load(pack.file(BODY)?, &inputs).map_err(refuse(BODY))
        };
        let heads = heads.try_into().unwrap_or_else(|_| unreachable!("there are three files"));
        Ok(Networks { listening: body(1)?, body: body(ROWS)?, heads, layers, hidden, inner })
    }

    /// A way that begins before the first note.
    pub fn walk(&self) -> Result<Walk<'_>, String> {
        let silence = vec![0.0; self.hidden];
        Ok(Walk {
            networks: self,
            listening: self.listening.runner()?,
            body: self.body.runner()?,
            heads: [self.heads[0].runner()?, self.heads[1].runner()?, self.heads[2].runner()?],
            heard: vec![silence; 2 * self.layers],
            states: Vec::new(),
            inner: [const { Vec::new() }; 3],
        })
    }
}

/// Layers and width of a body with these inputs.
fn sizes(widths: &[(String, usize)]) -> Result<(usize, usize), String> {
    let layers = widths.len().saturating_sub(1) / 2;
    let hidden = widths.iter().find(|(name, _)| name == "h0").map_or(0, |(_, width)| *width);
    if (1..=MOST_LAYERS).contains(&layers) && (1..=1024).contains(&hidden) {
        return Ok((layers, hidden));
    }
    Err(format!("it has {layers} layers of {hidden} numbers; 1 to {MOST_LAYERS} of up to 1024 are known"))
}

/// A way along a tune: heard in one row, then gone on with in several.
pub struct Walk<'a> {
    networks: &'a Networks,
    listening: Runner,
    body: Runner,
    heads: [Runner; 3],
    /// The states after what was heard, `h0`, `c0`, `h1`, ...
    heard: Vec<Vec<f32>>,
    /// The same of all rows, once they go on.
    states: Vec<Vec<f32>>,
    /// What the body gave each head, all rows.
    inner: [Vec<f32>; 3],
}

impl Walk<'_> {
    /// Another way from where this one heard up to.
    pub fn again(&self) -> Result<Self, String> {
        let mut walk = self.networks.walk()?;
        walk.heard.clone_from(&self.heard);
        Ok(walk)
    }

    /// Hears all notes of a voice but what it says of the next one.
    pub fn hear(&mut self, voice: &Voice) -> Result<(), String> {
        for count in 0..voice.steps().len() {
            let mut told = vec![0.0; input::BODY];
            voice.told(count, None).write(&mut told);
            let mut inputs = vec![inference::numbers(&told, &[1, input::BODY])?];
            for state in &self.heard {
                inputs.push(inference::numbers(state, &[1, self.networks.hidden])?);
            }
            let outputs = self.listening.run(inputs.into_iter().collect())?;
            if outputs.len() != 3 + self.heard.len() {
                return Err("it has other outputs than its kind".to_owned());
            }
            for (state, output) in self.heard.iter_mut().zip(&outputs[3..]) {
                inference::keep(output, self.networks.hidden, state)?;
            }
        }
        Ok(())
    }

    /// Tells the body the latest note of each voice, the first one's in rows that are left, and how many bars are left of an
    /// answer that ends at `end`.
    pub fn go_on(&mut self, voices: &[&Voice], end: Option<Ticks>) -> Result<(), String> {
        let (hidden, inner) = (self.networks.hidden, self.networks.inner);
        if self.states.is_empty() {
            self.states = self.heard.iter().map(|state| state.repeat(ROWS)).collect();
        }
        let mut told = vec![0.0; ROWS * input::BODY];
        for (row, told) in told.chunks_mut(input::BODY).enumerate() {
            let voice = voices.get(row).or(voices.first()).ok_or("nobody sings")?;
            voice.told(voice.steps().len(), end).write(told);
        }
        let mut inputs = vec![inference::numbers(&told, &[ROWS, input::BODY])?];
        for state in &self.states {
            inputs.push(inference::numbers(state, &[ROWS, hidden])?);
        }
        let outputs = self.body.run(inputs.into_iter().collect())?;
        if outputs.len() != 3 + self.states.len() {
            return Err("it has other outputs than its kind".to_owned());
        }
        for (into, output) in self.inner.iter_mut().zip(&outputs) {
            inference::keep(output, ROWS * inner, into)?;
        }
        for (state, output) in self.states.iter_mut().zip(&outputs[3..]) {
            inference::keep(output, ROWS * hidden, state)?;
        }
        Ok(())
    }

    /// The odds of an aspect of each voice's next note, of which the aspects before it are chosen.
    pub fn odds(&mut self, aspect: Aspect, asked: &[(&Voice, &Step)]) -> Result<Vec<Mixture>, String> {
        let (place, width) = (aspect as usize, HEADS[aspect as usize]);
        let mut told = vec![0.0; ROWS * width];
        let mut said = Vec::with_capacity(asked.len());
        for ((voice, step), told) in asked.iter().zip(told.chunks_mut(width)) {
            let testimony = voice.testimony(aspect, step);
            voice.told_of(aspect, &testimony, step).write(told);
            said.push(testimony);
        }
        let inner = inference::numbers(&self.inner[place], &[ROWS, self.networks.inner])?;
        let told = inference::numbers(&told, &[ROWS, width])?;
        let outputs = self.heads[place].run([inner, told].into_iter().collect())?;
        let (mut scores, mut gates) = (Vec::new(), Vec::new());
        let [first, second] = outputs.as_slice() else {
            return Err("it has other outputs than its kind".to_owned());
        };
        inference::keep(first, ROWS * aspect.size(), &mut scores)?;
        inference::keep(second, ROWS * (1 + WITNESSES), &mut gates)?;
        let rows = scores.chunks(aspect.size()).zip(gates.chunks(1 + WITNESSES)).zip(said);
        Ok(rows.map(|((scores, gates), said)| Mixture::of(scores, gates, said)).collect())
    }
}
