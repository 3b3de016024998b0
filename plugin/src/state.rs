//! What a project remembers beside the parameters: the captured phrase, all ideas with their history, and which model
//! stood where.

mod given;
mod history;
mod memory;
mod piece;

use std::collections::BTreeMap;
use std::sync::Arc;

use melody::{Note, Phrase, Tempo, Ticks};
use nice_plug::plugin::{ParamValue, PluginState};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

pub use given::Given;
pub use history::{History, Ideas, MAX_PIECE_NOTES, MAX_PIECES};
pub use memory::Memory;
pub use piece::Piece;

use crate::crossing::MAX_NOTES;
use crate::params;

/// The version that is written.
const VERSION: u64 = 2;
/// The name of the field in the project.
const FIELD: &str = "memory";
/// A memory of more bytes than this is not read: twice what a full one needs.
const MAX_BYTES: usize = 16 << 20;
/// No phrase of a project is longer than this.
const LONGEST: Ticks = Ticks::quarters(1 << 20);
/// The longest text that is kept where chords are written, in characters.
pub const MAX_CHORDS: usize = 512;
/// The most models that have a number.
pub const MAX_MODELS: usize = 32;

/// What one instance remembers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Remembered {
    /// What was played, as it was played; time zero is a bar line.
    pub phrase: Phrase,
    /// The answers and what became of them.
    pub history: Arc<History>,
    /// The ids of the models by their number in the model parameter.
    pub models: Vec<String>,
    /// The chord seed, or the progression, as it was last written, kept while it is off.
    pub chord: String,
    /// The settings of the other side of the panel, as parameter ids and what a host shows for them.
    pub other_side: Option<BTreeMap<String, String>>,
    /// Whether the settings in use are those of side B.
    pub side_b: bool,
    /// The panel's size, width and height in points.
    pub window: Option<(u32, u32)>,
    /// What could not be read, to be saved back as it was.
    pub foreign: Option<Value>,
    /// Why it could not be read, as a sentence.
    pub problem: Option<String>,
}

/// Versions 1 and 2 as they are written; the first had one answer and no history.
#[derive(Serialize, Deserialize)]
struct Saved {
    version: u64,
    phrase: Phrase,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<Given>,
    #[serde(default)]
    history: History,
    models: Vec<String>,
    chord: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    other_side: Option<BTreeMap<String, String>>,
    #[serde(default)]
    side_b: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    window: Option<(u32, u32)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    foreign: Option<Value>,
}

impl Remembered {
    /// The answer that is shown.
    pub fn answer(&self) -> Option<&Arc<Given>> {
        self.history.answer()
    }

    /// Changes the ideas.
    pub fn change_history(&mut self, change: impl FnOnce(&mut History)) {
        change(Arc::make_mut(&mut self.history));
    }

    fn read(value: Value) -> Remembered {
        let version = value.get("version").and_then(Value::as_u64);
        let problem = match version {
            Some(1..=VERSION) => match Saved::deserialize(&value) {
                Ok(saved) => return Remembered::from(saved),
                Err(error) => format!("What this project remembers of Continuo is damaged ({error}); it is kept."),
            },
            Some(version) if version > VERSION => {
                "This project was saved by a newer Continuo: what was played and answered is kept, but needs that \
                 version to be shown."
                    .to_owned()
            }
            _ => "What this project remembers of Continuo cannot be read; it is kept as it is.".to_owned(),
        };
        Remembered { foreign: Some(value), problem: Some(problem), ..Remembered::default() }
    }

    /// Whether nothing of our own would be lost by writing the foreign part alone.
    fn is_foreign_only(&self) -> bool {
        self.foreign.is_some() && self.phrase.is_empty() && self.history.answers().is_empty()
    }
}

impl From<Saved> for Remembered {
    fn from(saved: Saved) -> Remembered {
        let mut models = saved.models;
        models.truncate(MAX_MODELS);
        Remembered {
            phrase: sane(&saved.phrase),
            history: match saved.answer {
                Some(answer) => Arc::new(History::of(Some(answer))),
                None => Arc::new(saved.history),
            },
            models,
            chord: saved.chord.chars().take(MAX_CHORDS).collect(),
            other_side: saved.other_side,
            side_b: saved.side_b,
            window: saved.window,
            foreign: saved.foreign,
            problem: None,
        }
    }
}

impl<'de> Deserialize<'de> for Remembered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Remembered, D::Error> {
        Value::deserialize(deserializer).map(Remembered::read)
    }
}

impl Serialize for Remembered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.foreign {
            Some(foreign) if self.is_foreign_only() => foreign.serialize(serializer),
            _ => Saved {
                version: VERSION,
                phrase: self.phrase.clone(),
                answer: None,
                history: History::clone(&self.history),
                models: self.models.clone(),
                chord: self.chord.clone(),
                other_side: self.other_side.clone(),
                side_b: self.side_b,
                window: self.window,
                foreign: self.foreign.clone(),
            }
            .serialize(serializer),
        }
    }
}

/// The same phrase with every number in its range, whatever the project said.
fn sane(phrase: &Phrase) -> Phrase {
    let in_range = |note: &&Note| {
        (Ticks::ZERO..=LONGEST).contains(&note.onset)
            && (Ticks(1)..=LONGEST).contains(&note.length)
            && note.channel < 16
    };
    let notes = phrase.notes().iter().filter(in_range).take(MAX_NOTES);
    let notes = notes.map(|note| Note { velocity: note.velocity.clamp(1, 127), ..*note }).collect();
    let tempo = Tempo::from_micros(phrase.tempo.micros());
    Phrase::new(notes, phrase.meter, tempo).lasting(phrase.length().clamp(Ticks::ZERO, LONGEST))
}

/// Brings a state that a host hands over into shape before it is taken: every parameter within its range, the
/// trigger up, and a memory that cannot be parsed wrapped so that it survives the next save. `[main-thread]`
pub fn filter(state: &mut PluginState) {
    for (id, value) in &mut state.params {
        params::clamp(id, value);
    }
    state.params.insert("continue".to_owned(), ParamValue::Bool(false));
    let Some(memory) = state.fields.get_mut(FIELD) else { return };
    if memory.len() > MAX_BYTES {
        let note = format!("a memory of {} bytes was left out", memory.len());
        *memory = Value::String(note).to_string();
    } else if serde_json::from_str::<serde::de::IgnoredAny>(memory).is_err() {
        *memory = Value::String(std::mem::take(memory)).to_string();
    }
}

#[cfg(test)]
mod tests;
