//! `cargo xtask install`: the bundles copied to where hosts look for the user's plugins.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::bundle;
use crate::process::target_folder;

/// Bundles the optimised plugin and copies it to the user's plugin folders, in place of an older one.
///
/// # Errors
/// Arguments are given, the bundling fails, or a folder cannot be written.
pub fn install(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!("install takes no arguments");
    }
    bundle::bundle(&[])?;
    let bundled = target_folder()?.join("bundled");
    for (name, folder) in bundle::NAMES.into_iter().zip(plugin_folders()?) {
        replace(&bundled.join(name), &folder.join(name))
            .with_context(|| format!("{name} is not installed; is {} yours to write?", folder.display()))?;
        eprintln!("Installed {}", folder.join(name).display());
    }
    eprintln!("Let your host scan its plugins again, then load Continuo as a MIDI (note) effect.");
    Ok(())
}

/// The user's folders for CLAP and for VST3 plugins, as the two formats' documents name them.
fn plugin_folders() -> Result<[PathBuf; 2]> {
    let variable = if cfg!(windows) { "LOCALAPPDATA" } else { "HOME" };
    let home = env::var_os(variable).filter(|home| !home.is_empty());
    let home = PathBuf::from(home.with_context(|| format!("{variable} is not set: where do you live?"))?);
    Ok(if cfg!(windows) {
        [home.join("Programs/Common/CLAP"), home.join("Programs/Common/VST3")]
    } else if cfg!(target_os = "macos") {
        [home.join("Library/Audio/Plug-Ins/CLAP"), home.join("Library/Audio/Plug-Ins/VST3")]
    } else {
        [home.join(".clap"), home.join(".vst3")]
    })
}

/// Puts a copy of a file or folder in another's place. A host that has the old one open keeps it until it closes it:
/// writing into the old file would crash that host.
fn replace(from: &Path, to: &Path) -> Result<()> {
    let beside = |suffix: &str| {
        let mut name = to.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let (new, old) = (beside(".new"), beside(".old"));
    remove(&new)?;
    remove(&old)?;
    copy(from, &new)?;
    if to.exists() {
        fs::rename(to, &old).with_context(|| format!("cannot move {} away", to.display()))?;
    }
    if let Err(error) = fs::rename(&new, to) {
        // Better the old plugin than none.
        let _ = fs::rename(&old, to);
        return Err(error).with_context(|| format!("cannot write {}", to.display()));
    }
    remove(&old)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let sentence = || format!("cannot copy {} to {}", from.display(), to.display());
    if !from.is_dir() {
        let folder = to.parent().with_context(sentence)?;
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        fs::copy(from, to).with_context(sentence)?;
        return Ok(());
    }
    fs::create_dir_all(to).with_context(|| format!("cannot make the folder {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(sentence)? {
        let entry = entry.with_context(sentence)?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn remove(path: &Path) -> Result<()> {
    let gone = if path.is_dir() {
        fs::remove_dir_all(path)
    } else if path.exists() {
        fs::remove_file(path)
    } else {
        Ok(())
    };
    gone.with_context(|| format!("cannot remove {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of this test's own under cargo's folder for tests.
    fn empty_folder(name: &str) -> PathBuf {
        let folder = env::temp_dir().join(format!("continuo-xtask-{name}-{}", std::process::id()));
        remove(&folder).unwrap();
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_bundle_takes_the_place_of_an_older_one_whole() {
        let home = empty_folder("install");
        let (from, to) = (home.join("Continuo.vst3"), home.join("plugins/Continuo.vst3"));
        fs::create_dir_all(from.join("Contents")).unwrap();
        fs::write(from.join("Contents/Continuo.so"), "new").unwrap();
        fs::create_dir_all(&to).unwrap();
        fs::write(to.join("left-over"), "old").unwrap();

        replace(&from, &to).unwrap();

        assert_eq!(fs::read_to_string(to.join("Contents/Continuo.so")).unwrap(), "new");
        assert!(!to.join("left-over").exists());
        assert_eq!(fs::read_dir(home.join("plugins")).unwrap().count(), 1);
        fs::remove_dir_all(home).unwrap();
    }

    #[test]
    fn a_missing_bundle_leaves_the_old_one_and_says_so() {
        let home = empty_folder("keep");
        let (from, to) = (home.join("no-such.clap"), home.join("Continuo.clap"));
        fs::write(&to, "old").unwrap();
        assert!(replace(&from, &to).unwrap_err().to_string().contains("no-such.clap"));
        assert_eq!(fs::read_to_string(&to).unwrap(), "old");
        fs::remove_dir_all(home).unwrap();
    }
}
