//! What a project remembers beside the parameters: the captured phrase, the last answer, and which model stood where.

mod given;
mod memory;

use melody::{Note, Phrase, Tempo, Ticks};
use nice_plug::plugin::{ParamValue, PluginState};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

pub use given::Given;
pub use memory::Memory;

use crate::crossing::MAX_NOTES;
use crate::params;

/// The version that is written.
const VERSION: u64 = 1;
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
    /// The last answer.
    pub answer: Option<Given>,
    /// The ids of the models by their number in the model parameter.
    pub models: Vec<String>,
    /// The chord seed, or the progression, as it was last written, kept while it is off.
    pub chord: String,
    /// What could not be read, to be saved back as it was.
    pub foreign: Option<Value>,
    /// Why it could not be read, as a sentence.
    pub problem: Option<String>,
}

/// Version 1 as it is written.
#[derive(Serialize, Deserialize)]
struct Version1 {
    version: u64,
    phrase: Phrase,
    answer: Option<Given>,
    models: Vec<String>,
    chord: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    foreign: Option<Value>,
}

impl Remembered {
    fn read(value: Value) -> Remembered {
        let version = value.get("version").and_then(Value::as_u64);
        let problem = match version {
            Some(VERSION) => match Version1::deserialize(&value) {
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
        self.foreign.is_some() && self.phrase.is_empty() && self.answer.is_none()
    }
}

impl From<Version1> for Remembered {
    fn from(saved: Version1) -> Remembered {
        let mut models = saved.models;
        models.truncate(MAX_MODELS);
        Remembered {
            phrase: sane(&saved.phrase),
            answer: saved.answer,
            models,
            chord: saved.chord.chars().take(MAX_CHORDS).collect(),
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
            _ => Version1 {
                version: VERSION,
                phrase: self.phrase.clone(),
                answer: self.answer.clone(),
                models: self.models.clone(),
                chord: self.chord.clone(),
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
