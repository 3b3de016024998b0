//! A preset as JSON: what is written, and what is made of what is read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What the file says it is.
const FORMAT: &str = "continuo preset";
/// The version that is written, and the latest that is read.
const VERSION: u64 = 1;

/// A preset's file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PresetFile {
    format: String,
    version: u64,
    /// The preset's name.
    pub name: String,
    /// What it is for, in a line.
    #[serde(default)]
    pub description: String,
    /// The text of each parameter, by its id.
    pub settings: BTreeMap<String, String>,
    /// What we do not know is kept as it is.
    #[serde(flatten)]
    foreign: Map<String, Value>,
}

/// Why a file is no preset that can be used. The sentences do not name the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It says that it was written by a later version, under this name.
    Newer(String),
    /// Something else, as half a sentence.
    Damaged(String),
}

impl PresetFile {
    /// A new file.
    pub fn new(name: &str, settings: BTreeMap<String, String>) -> PresetFile {
        let (format, name) = (FORMAT.to_owned(), name.to_owned());
        PresetFile {
            format,
            version: VERSION,
            name,
            description: String::new(),
            settings,
            foreign: Map::new(),
        }
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn read(text: &str) -> Result<PresetFile, Refusal> {
        let value: Value = serde_json::from_str(text).map_err(|error| Refusal::Damaged(error.to_string()))?;
        if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return Err(Refusal::Damaged(format!("it does not say \"format\": \"{FORMAT}\"")));
        }
        if value.get("version").and_then(Value::as_u64).is_some_and(|version| version > VERSION) {
            let name = value.get("name").and_then(Value::as_str).unwrap_or_default();
            return Err(Refusal::Newer(name.to_owned()));
        }
        PresetFile::deserialize(value).map_err(|error| Refusal::Damaged(error.to_string()))
    }

    /// The file's text.
    pub fn text(&self) -> String {
        // A map of texts always has its JSON.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The same preset with other settings; what they do not speak of stays.
    pub fn with(mut self, settings: BTreeMap<String, String>) -> PresetFile {
        self.settings.extend(settings);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_do_not_know_survives() {
        let text = r#"{"format": "continuo preset", "version": 1, "name": "A", "settings": {"x": "1", "bars": "2"},
            "author": {"name": "me"}}"#;
        let changed = BTreeMap::from([("bars".to_owned(), "4".to_owned())]);
        let file = PresetFile::read(text).unwrap().with(changed);
        let again: Value = serde_json::from_str(&file.text()).unwrap();
        assert_eq!(again["author"]["name"], "me");
        assert_eq!((&again["settings"]["x"], &again["settings"]["bars"]), (&"1".into(), &"4".into()));
        assert_eq!(PresetFile::read(&file.text()), Ok(file));
    }

    #[test]
    fn what_is_no_preset_is_refused() {
        let newer = r#"{"format": "continuo preset", "version": 2, "name": "Later", "settings": [1]}"#;
        assert_eq!(PresetFile::read(newer), Err(Refusal::Newer("Later".to_owned())));
        let damaged = [
            "",
            "[]",
            "{}",
            r#"{"format": "another", "version": 1, "name": "A", "settings": {}}"#,
            r#"{"format": "continuo preset", "version": 1, "settings": {}}"#,
            r#"{"format": "continuo preset", "version": 1, "name": "A", "settings": {"bars": 4}}"#,
            r#"{"format": "continuo preset", "name": "A", "settings": {}}"#,
        ];
        for text in damaged {
            assert!(matches!(PresetFile::read(text), Err(Refusal::Damaged(_))), "{text}");
        }
    }
}
