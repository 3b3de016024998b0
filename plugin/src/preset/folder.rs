//! The presets at hand: those that ship inside the program, and the user's own as files in one folder.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::file::{PresetFile, Refusal};
use super::{Preset, factory, is_held};
use crate::panel::PresetEntry;

/// A file of more bytes than this is no preset: twenty times what a full one needs.
const MAX_BYTES: u64 = 64 << 10;
/// The most files that are looked at.
const MAX_FILES: usize = 1000;
/// The longest name, in letters.
const MAX_NAME: usize = 60;
const SUFFIX: &str = ".json";
/// What the ids of the user's own begin with.
const USERS: &str = "user/";
/// What the ids of those that ship begin with.
const FACTORY: &str = "factory/";

/// Where presets are found and kept.
#[derive(Debug, Clone)]
pub struct Presets {
    folder: Option<PathBuf>,
}

/// A file of the user's folder, usable or not.
struct Found {
    stem: String,
    file: Result<PresetFile, Refusal>,
}

impl Presets {
    /// Those that ship, and those in the user's folder (`continuo/presets` under the system's folder for settings).
    pub fn standard() -> Presets {
        let folders = directories::ProjectDirs::from("", "", "continuo");
        Presets { folder: folders.map(|folders| folders.config_dir().join("presets")) }
    }

    /// Those that ship, and those in `folder`, which need not be there yet.
    pub fn in_folder(folder: &Path) -> Presets {
        Presets { folder: Some(folder.to_owned()) }
    }

    /// All presets, those that ship first, then the user's own by name; those that cannot be used with the reason. Reads
    /// files. `[main-thread]`, when the menu opens and not in each frame.
    pub fn list(&self) -> Vec<PresetEntry> {
        let mut own: Vec<PresetEntry> = self.found().into_iter().map(Found::entry).collect();
        own.sort_by_key(|entry| (entry.name.to_lowercase(), entry.id.clone()));
        let shipped = factory::presets().map(|(stem, file)| entry(FACTORY, stem, file));
        shipped.chain(own).collect()
    }

    /// The preset of this id. Reads a file. `[main-thread]`
    ///
    /// # Errors
    /// A sentence that names the preset or its file.
    pub fn read(&self, id: &str) -> Result<Preset, String> {
        let gone = || format!("There is no preset {id} any more: choose another.");
        if let Some(stem) = id.strip_prefix(FACTORY) {
            let (_, file) = factory::presets().find(|(known, _)| *known == stem).ok_or_else(gone)?;
            return Ok(preset(id, true, file));
        }
        let stem = id.strip_prefix(USERS).ok_or_else(gone)?;
        let found = self.found().into_iter().find(|found| found.stem == stem).ok_or_else(gone)?;
        let problem = found.problem();
        found.file.map(|file| preset(id, false, file)).map_err(|_| problem.unwrap_or_default())
    }

    /// Keeps settings under a name, and returns the preset's id; the user's own preset of that name is written over, but
    /// what it says of settings that are not known here stays. `[main-thread]`
    ///
    /// # Errors
    /// A sentence that names the preset or the place.
    pub fn save(&self, name: &str, values: &BTreeMap<String, String>) -> Result<String, String> {
        let name: String =
            name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_NAME).collect();
        if name.is_empty() {
            return Err("A preset needs a name: write one, then save it.".to_owned());
        }
        let folder = self.folder()?;
        let values: BTreeMap<String, String> = values
            .iter()
            .filter(|(id, _)| is_held(id))
            .map(|(id, text)| (id.clone(), text.clone()))
            .collect();
        let found = self.found();
        let of_that_name = |found: &&Found| found.name() == name && !found.is_damaged();
        let (stem, file) = match found.iter().find(of_that_name) {
            Some(Found { stem, file: Ok(file) }) => (stem.clone(), file.clone().with(values)),
            Some(Found { stem, file: Err(_) }) => {
                return Err(format!(
                    "The preset \"{name}\" was saved by a newer Continuo and is not written over ({stem}{SUFFIX}): \
                     choose another name."
                ));
            }
            None => (free_stem(&name, &found), PresetFile::new(&name, values)),
        };
        write(folder, &stem, &file.text()).map_err(|error| {
            format!(
                "The preset was not saved: {} cannot be written to ({error}). Change its permissions, or free some space.",
                folder.display()
            )
        })?;
        Ok(USERS.to_owned() + &stem)
    }

    /// Deletes one of the user's own. `[main-thread]`
    ///
    /// # Errors
    /// A sentence that names the preset or its file.
    pub fn delete(&self, id: &str) -> Result<(), String> {
        let Some(stem) = id.strip_prefix(USERS) else {
            return Err("This preset ships with Continuo and stays: only your own can be deleted.".to_owned());
        };
        let folder = self.folder()?;
        // Asked of the list, so that an id leads nowhere else.
        if !self.found().iter().any(|found| found.stem == stem) {
            return Err(format!("There is no preset {id} any more."));
        }
        let path = folder.join(format!("{stem}{SUFFIX}"));
        fs::remove_file(&path).map_err(|error| {
            format!("{} cannot be deleted ({error}): change its permissions.", path.display())
        })
    }

    fn folder(&self) -> Result<&Path, String> {
        self.folder
            .as_deref()
            .ok_or_else(|| "This system names no folder for settings, so presets cannot be kept.".to_owned())
    }

    /// The files of the user's folder; one that is missing holds none.
    fn found(&self) -> Vec<Found> {
        let entries = self.folder.as_ref().and_then(|folder| fs::read_dir(folder).ok());
        let names = entries.into_iter().flatten().flatten().filter_map(|entry| {
            let stem = entry.file_name().to_str()?.strip_suffix(SUFFIX)?.to_owned();
            // Our own half-written files, and what other programs hide, begin with a dot.
            (!stem.is_empty() && !stem.starts_with('.')).then(|| (stem, entry.path()))
        });
        names.take(MAX_FILES).map(|(stem, path)| Found { stem, file: read(&path) }).collect()
    }
}

impl Found {
    fn name(&self) -> &str {
        match &self.file {
            Ok(file) => &file.name,
            Err(Refusal::Newer(name)) if !name.is_empty() => name,
            Err(_) => &self.stem,
        }
    }

    fn is_damaged(&self) -> bool {
        matches!(self.file, Err(Refusal::Damaged(_)))
    }

    fn problem(&self) -> Option<String> {
        let name = format!("{}{SUFFIX}", self.stem);
        Some(match self.file.as_ref().err()? {
            Refusal::Newer(_) => {
                format!("The preset {name} was saved by a newer Continuo: update this one to use it.")
            }
            Refusal::Damaged(why) => {
                format!("The preset {name} cannot be read ({why}): save it again, or delete it.")
            }
        })
    }

    fn entry(self) -> PresetEntry {
        let (name, problem) = (self.name().to_owned(), self.problem());
        let description = self.file.map(|file| file.description).unwrap_or_default();
        PresetEntry { id: USERS.to_owned() + &self.stem, name, description, factory: false, problem }
    }
}

fn entry(family: &str, stem: &str, file: PresetFile) -> PresetEntry {
    let PresetFile { name, description, .. } = file;
    PresetEntry { id: format!("{family}{stem}"), name, description, factory: true, problem: None }
}

fn preset(id: &str, factory: bool, file: PresetFile) -> Preset {
    let PresetFile { name, description, settings, .. } = file;
    Preset { id: id.to_owned(), name, description, factory, values: settings }
}

fn read(path: &Path) -> Result<PresetFile, Refusal> {
    let damaged = |error: io::Error| Refusal::Damaged(error.to_string());
    let known = fs::metadata(path).map_err(damaged)?;
    // A pipe would be waited for without end.
    if !known.is_file() || known.len() > MAX_BYTES {
        return Err(Refusal::Damaged("it is no small file".to_owned()));
    }
    let mut text = String::new();
    File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text)).map_err(damaged)?;
    PresetFile::read(&text)
}

/// Writes a file whole or not at all: under another name first, then in its place.
fn write(folder: &Path, stem: &str, text: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let fresh = folder.join(format!(".{stem}-{}.part", std::process::id()));
    let written = File::create(&fresh)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&fresh, folder.join(format!("{stem}{SUFFIX}"))));
    if written.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    written
}

/// A file's name for a preset's, of letters, digits and dashes, that no file has yet.
fn free_stem(name: &str, found: &[Found]) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    // The word before keeps names apart that a system reserves, such as con.
    let stem = if words.is_empty() { "preset".to_owned() } else { format!("preset-{words}") };
    let taken = |stem: &str| found.iter().any(|found| found.stem.eq_ignore_ascii_case(stem));
    let numbered = (2..).map(|number| format!("{stem}-{number}"));
    std::iter::once(stem.clone()).chain(numbered).find(|stem| !taken(stem)).unwrap_or(stem)
}

#[cfg(test)]
mod tests;
