//! Files that are dragged out: they lie in a folder of this process, under the system's temporary one.

use std::fs::{self, DirBuilder};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;

use super::{MidiFile, placing};

/// What the folders' names begin with; then come the process's number and letters that nobody can guess.
const PREFIX: &str = "continuo-drag-";
/// How long the folder of a process that is gone stays: a program may still point to what was dropped on it.
const GONE_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a folder stays of which nobody can say whether its process is gone.
const UNKNOWN_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The folder of this process, once there was something to lend.
static FOLDER: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Writes a file for another program to read, and says where; the same notes always lie in the same place. At the first
/// call, folders of processes that are long gone are swept. `[main-thread]`, for it touches the disk.
///
/// # Errors
/// A sentence.
pub fn lend(file: &MidiFile) -> Result<PathBuf, String> {
    let parent = std::env::temp_dir();
    lend_within(&parent, &mut FOLDER.lock(), file).map_err(|error| {
        format!(
            "{} cannot be written to ({error}): free some space there, or save the notes instead.",
            parent.display()
        )
    })
}

fn lend_within(parent: &Path, folder: &mut Option<PathBuf>, file: &MidiFile) -> io::Result<PathBuf> {
    // Whoever cleans the temporary folder may have taken ours along.
    let folder = match folder.take().filter(|folder| folder.is_dir()) {
        Some(there) => folder.insert(there),
        None => {
            sweep(parent, SystemTime::now());
            folder.insert(fresh(parent)?)
        }
    };
    placing::place(folder, file)
}

/// A new folder for this user alone. Its name is new too: others may write to the temporary folder, and could have laid a
/// folder or a link of theirs where ours was expected.
fn fresh(parent: &Path) -> io::Result<PathBuf> {
    // The standard library's hash keys are the system's random numbers.
    let drawn = RandomState::new().build_hasher().finish();
    let folder = parent.join(format!("{PREFIX}{}-{drawn:016x}", std::process::id()));
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder)?;
    Ok(folder)
}

/// Removes what processes left behind that are long gone; what cannot be removed stays.
fn sweep(parent: &Path, now: SystemTime) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let Some(process) = process_of(&entry.file_name().to_string_lossy()) else { continue };
        // Links are not followed: of such a name only a folder is ours.
        let Ok(known) = entry.metadata() else { continue };
        let kept_for = match lives(process) {
            Some(true) => continue,
            Some(false) => GONE_FOR,
            None => UNKNOWN_FOR,
        };
        let age = known.modified().ok().and_then(|changed| now.duration_since(changed).ok());
        if known.is_dir() && age.is_some_and(|age| age > kept_for) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// The process that a folder of this name belongs to.
fn process_of(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.split_once('-')?.0.parse().ok()
}

/// Whether a process runs; `None` where that cannot be seen.
fn lives(process: u32) -> Option<bool> {
    let processes = Path::new("/proc");
    processes.join("self").exists().then(|| processes.join(process.to_string()).exists())
}

#[cfg(test)]
mod tests {
    use super::super::tests::phrase;
    use super::*;

    fn file(keys: &[u8]) -> MidiFile {
        MidiFile::of(&phrase(keys), "VAE 1")
    }

    #[test]
    fn the_same_notes_lie_in_the_same_place_and_others_elsewhere() {
        let parent = tempfile::tempdir().unwrap();
        let mut folder = None;
        let mut lend = |keys: &[u8]| lend_within(parent.path(), &mut folder, &file(keys)).unwrap();
        let (first, other) = (lend(&[60]), lend(&[62]));
        assert_ne!(first, other);
        assert_eq!(lend(&[60]), first);
        assert_eq!(fs::read(&other).unwrap(), file(&[62]).bytes());
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_look_in() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let folder = fresh(parent.path()).unwrap();
        assert_eq!(fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_folder_that_was_cleaned_away_is_made_again() {
        let parent = tempfile::tempdir().unwrap();
        let mut folder = None;
        lend_within(parent.path(), &mut folder, &file(&[60])).unwrap();
        fs::remove_dir_all(folder.as_ref().unwrap()).unwrap();
        assert!(lend_within(parent.path(), &mut folder, &file(&[60])).unwrap().is_file());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn folders_of_processes_that_are_long_gone_are_swept_and_no_others() {
        let parent = tempfile::tempdir().unwrap();
        let ours = fresh(parent.path()).unwrap();
        // No Linux gives numbers as high as this one.
        let gone = parent.path().join(format!("{PREFIX}4294967295-00"));
        let foreign = parent.path().join(format!("{PREFIX}notes"));
        let outside = tempfile::tempdir().unwrap();
        let link = parent.path().join(format!("{PREFIX}4294967294-00"));
        std::os::unix::fs::symlink(outside.path(), &link).unwrap();
        for folder in [&gone, &foreign] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("a.mid"), "x").unwrap();
        }
        sweep(parent.path(), SystemTime::now());
        assert!(gone.is_dir(), "it may still be read");
        sweep(parent.path(), SystemTime::now() + 2 * GONE_FOR);
        assert!(!gone.exists());
        assert!(ours.is_dir() && foreign.is_dir() && link.exists() && outside.path().is_dir());
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_is_an_error() {
        let parent = tempfile::tempdir().unwrap();
        assert!(lend_within(&parent.path().join("gone"), &mut None, &file(&[60])).is_err());
    }
}
