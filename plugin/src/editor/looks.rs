//! Which colours the user likes, for all panels: a small file beside the presets, read when a window opens.

use std::path::PathBuf;

use super::PanelApp;
use crate::panel::Look;

/// The file's name in the user's folder for settings.
const FILE: &str = "look";

/// What the user chose last. Reads a file of a few bytes. `[main-thread]`
pub fn read() -> Option<Look> {
    match std::fs::read_to_string(path()?).ok()?.trim() {
        "light" => Some(Look::Light),
        "dark" => Some(Look::Dark),
        _ => None,
    }
}

impl PanelApp {
    /// Other colours, here and in all windows that open from now on. `[main-thread]`
    pub(super) fn set_look(&mut self, look: Look) {
        self.model.look = look;
        let word = match look {
            Look::Light => "light",
            Look::Dark => "dark",
        };
        let Some(path) = path() else { return };
        let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        if let Err(error) = folder.and_then(|()| std::fs::write(&path, word)) {
            self.instance.say_problem(format!(
                "{} cannot be written ({error}): the colours last until this window closes.",
                path.display()
            ));
        }
    }
}

fn path() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "continuo")?;
    Some(folders.config_dir().join(FILE))
}
