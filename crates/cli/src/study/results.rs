//! The files that listeners saved.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use serde::Deserialize;

use crate::output;

/// The largest file of answers, in bytes.
const MAX_BYTES: usize = 4 << 20;
/// The format that the page writes.
const FORMAT: u32 = 1;

/// What one listener saved.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Sheet {
    format: u32,
    /// The study that it belongs to.
    study: String,
    listener: String,
    pub answers: Vec<Answer>,
}

/// A listener's judgement of one clip, each from 1 (not at all) to 5 (very).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Answer {
    /// The model's id, or `real`.
    pub model: String,
    /// Its name.
    pub name: String,
    pub real: u8,
    pub pleasing: u8,
    pub complicated: u8,
}

/// Reads the files of one study.
///
/// # Errors
/// One sentence that names the file that cannot be read, holds no answers, is of another study, or is of a listener
/// who is there already.
pub fn read(files: &[PathBuf]) -> Result<Vec<Sheet>> {
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut listeners: HashMap<String, &Path> = HashMap::new();
    for file in files {
        let sheet = sheet(file)?;
        if let Some(first) = sheets.first().filter(|first| first.study != sheet.study) {
            bail!(
                "{} answers the study {}, and {} another, {}: make a table of each",
                file.display(),
                sheet.study,
                files[0].display(),
                first.study
            );
        }
        if let Some(other) = listeners.insert(sheet.listener.clone(), file) {
            bail!("{} and {} are of the same listener: leave one out", other.display(), file.display());
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn sheet(file: &Path) -> Result<Sheet> {
    let named = |fault: &str| anyhow!("{}: {fault}; save it anew from the study's page", file.display());
    let bytes = output::read_capped(file, MAX_BYTES)?;
    if bytes.len() > MAX_BYTES {
        return Err(named("the file is larger than any answers are"));
    }
    let sheet: Sheet =
        serde_json::from_slice(&bytes).map_err(|error| named(&format!("no answers to a study ({error})")))?;
    if sheet.format != FORMAT {
        return Err(named(&format!("its format is {}, and this program reads {FORMAT}", sheet.format)));
    }
    if sheet.answers.is_empty() {
        return Err(named("there is not one answer in it"));
    }
    let sane = |answer: &Answer| {
        [answer.real, answer.pleasing, answer.complicated].iter().all(|points| (1..=5).contains(points))
    };
    match sheet.answers.iter().position(|answer| !sane(answer)) {
        Some(index) => Err(named(&format!("answer {} is not from 1 to 5", index + 1))),
        None => Ok(sheet),
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A listener's answers, each `(model, real, pleasing, complicated)`.
    pub fn sheet_of(listener: &str, answers: &[(&str, u8, u8, u8)]) -> Sheet {
        let answer = |(model, real, pleasing, complicated): &(&str, u8, u8, u8)| Answer {
            model: (*model).to_owned(),
            name: model.to_uppercase(),
            real: *real,
            pleasing: *pleasing,
            complicated: *complicated,
        };
        Sheet {
            format: FORMAT,
            study: "s".to_owned(),
            listener: listener.to_owned(),
            answers: answers.iter().map(answer).collect(),
        }
    }

    fn laid(folder: &Path, name: &str, study: &str, listener: &str, points: u8) -> PathBuf {
        let path = folder.join(name);
        let text = serde_json::json!({
            "format": 1, "study": study, "listener": listener, "finished": "2026-01-01T00:00:00Z",
            "answers": [{ "clip": "c1", "model": "gan", "name": "GAN", "real": points, "pleasing": 2, "complicated": 5, "place": 1 }],
        });
        std::fs::write(&path, text.to_string()).unwrap();
        path
    }

    #[test]
    fn what_cannot_be_counted_is_refused_by_its_files_name() {
        let folder = tempfile::tempdir().unwrap();
        let lay = |name, study, listener, points| laid(folder.path(), name, study, listener, points);
        let good = lay("a.json", "s", "x", 3);
        assert_eq!(read(&[good.clone(), lay("b.json", "s", "y", 5)]).unwrap().len(), 2);
        let letter = folder.path().join("letter.json");
        std::fs::write(&letter, "Dear Sir").unwrap();
        let empty = folder.path().join("empty.json");
        std::fs::write(&empty, r#"{"format":1,"study":"s","listener":"z","answers":[]}"#).unwrap();
        for (bad, fault) in [
            (lay("other.json", "t", "y", 3), "another, s"),
            (lay("again.json", "s", "x", 3), "of the same listener"),
            (lay("six.json", "s", "w", 6), "answer 1 is not from 1 to 5"),
            (letter, "no answers to a study"),
            (empty, "not one answer"),
            (folder.path().join("none.json"), "no such file"),
        ] {
            let sentence = read(&[good.clone(), bad.clone()]).unwrap_err().to_string();
            assert!(sentence.contains(fault) && sentence.contains(&bad.display().to_string()), "{sentence}");
        }
    }
}
