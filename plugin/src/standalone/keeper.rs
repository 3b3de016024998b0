//! Remembers settings and session in two files, a moment after each change and at the end.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, Thread};
use std::time::Duration;

use parking_lot::Mutex;

use super::notices::{Matter, Notices};
use super::settings::Settings;
use super::{file, session};
use crate::instance::Instance;

/// How soon after a change of the settings they are written.
const SOON: Duration = Duration::from_millis(500);
/// Each so often the session is looked at too; it may be large.
const SESSION_EVERY: u32 = 4;
/// The settings' file.
const SETTINGS: &str = "standalone.json";
/// The session's file.
const SESSION: &str = "session.json";
/// The file that whoever writes there holds.
const LOCK: &str = "standalone.lock";

/// What the standalone remembers.
pub struct Keeper {
    /// Where the files are; `None` where there is no place for them.
    folder: Option<PathBuf>,
    settings: Mutex<Settings>,
    instance: Arc<Instance>,
    notices: Arc<Notices>,
    written: Mutex<Written>,
}

/// What the files hold, as far as we know.
#[derive(Default)]
struct Written {
    settings: Option<Settings>,
    session: Option<String>,
    /// They could not be written, which was said.
    failed: bool,
    /// Who writes there.
    writer: Writer,
}

/// Who writes the files.
#[derive(Default)]
enum Writer {
    /// Nobody has yet.
    #[default]
    Unknown,
    /// We do, as long as this file is open; `None` where the system knows no locks.
    Us(#[expect(dead_code, reason = "it is held")] Option<File>),
    /// Another Continuo, which was said.
    Another,
}

/// Where the files are, unless the user says otherwise; `None` where the system has no such place.
pub fn usual_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "continuo").map(|folders| folders.config_dir().to_owned())
}

/// The settings of a folder; a file that cannot be used is put aside, and a sentence says so. `[main-thread]`
pub fn read_settings(folder: Option<&PathBuf>, notices: &Notices) -> Settings {
    read(folder, SETTINGS, "settings", notices, Settings::parse).unwrap_or_default()
}

impl Keeper {
    /// Gives an instance its session back, and remembers from now on. `[main-thread]`
    pub fn open(
        folder: Option<PathBuf>,
        settings: Settings,
        instance: Arc<Instance>,
        notices: Arc<Notices>,
    ) -> Arc<Keeper> {
        if let Some(state) = read(folder.as_ref(), SESSION, "session", &notices, session::parse) {
            session::give(&instance, state);
        }
        let written = Written {
            settings: Some(settings.clone()),
            session: session::text(&session::take(&instance)),
            failed: false,
            writer: Writer::Unknown,
        };
        Arc::new(Keeper {
            folder,
            settings: Mutex::new(settings),
            instance,
            notices,
            written: Mutex::new(written),
        })
    }

    /// Lets a thread write what has changed, now and then, as long as the keeper is there. `[main-thread]`
    pub fn keep(self: &Arc<Keeper>) -> Option<Thread> {
        let keeper = Arc::downgrade(self);
        let watch = move || {
            for turn in 1_u32.. {
                thread::sleep(SOON);
                let Some(keeper) = keeper.upgrade() else { return };
                keeper.write_settings();
                if turn.is_multiple_of(SESSION_EVERY) {
                    keeper.write_session();
                }
            }
        };
        let started = thread::Builder::new().name("continuo keeper".to_owned()).spawn(watch);
        started.ok().map(|handle| handle.thread().clone())
    }

    /// The settings as they stand. `[main-thread]`
    pub fn settings(&self) -> Settings {
        self.settings.lock().clone()
    }

    /// Changes the settings. `[main-thread]`
    pub fn change(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings.lock());
    }

    /// Writes all that has changed now. `[main-thread]`
    pub fn write(&self) {
        self.write_settings();
        self.write_session();
    }

    fn write_settings(&self) {
        let settings = self.settings();
        let mut written = self.written.lock();
        if written.settings.as_ref() != Some(&settings) && self.put(SETTINGS, &settings.text(), &mut written)
        {
            written.settings = Some(settings);
        }
    }

    fn write_session(&self) {
        let Some(text) = session::text(&session::take(&self.instance)) else { return };
        let mut written = self.written.lock();
        if written.session.as_ref() != Some(&text) && self.put(SESSION, &text, &mut written) {
            written.session = Some(text);
        }
    }

    fn put(&self, name: &str, text: &str, written: &mut Written) -> bool {
        let Some(folder) = &self.folder else { return false };
        if matches!(written.writer, Writer::Unknown) {
            written.writer = match lock(folder) {
                Ok(lock) => Writer::Us(Some(lock)),
                Err(TryLockError::WouldBlock) => {
                    self.notices.say(Matter::Memory, ANOTHER);
                    Writer::Another
                }
                // Then whoever writes last is remembered, if writing works at all.
                Err(TryLockError::Error(_)) => Writer::Us(None),
            };
        }
        if matches!(written.writer, Writer::Another) {
            return false;
        }
        match file::write(&folder.join(name), text) {
            Ok(()) => {
                if std::mem::take(&mut written.failed) {
                    self.notices.clear(Matter::Memory);
                }
                true
            }
            Err(error) => {
                // Once, or the sentence would come back as soon as it was put away.
                if !std::mem::replace(&mut written.failed, true) {
                    let says = format!(
                        "Settings and session cannot be saved in {} ({error}): make room there, or see that you may \
                         write to it. Everything else goes on.",
                        folder.display()
                    );
                    self.notices.say(Matter::Memory, says);
                }
                false
            }
        }
    }
}

/// What is said to the second of two who would write to the same files.
const ANOTHER: &str = "Another Continuo is open and remembers its own session: what you do in this window is not kept \
                       when it closes. Save what you like, or close the other one first and begin again.";

/// The folder's lock, made if need be.
fn lock(folder: &Path) -> Result<File, TryLockError> {
    fs::create_dir_all(folder).map_err(TryLockError::Error)?;
    let file = File::create(folder.join(LOCK)).map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}

fn read<T>(
    folder: Option<&PathBuf>,
    name: &str,
    what: &str,
    notices: &Notices,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Option<T> {
    let path = folder?.join(name);
    let reason = match file::read(&path) {
        Ok(None) => return None,
        Ok(Some(text)) => match parse(&text) {
            Ok(read) => return Some(read),
            Err(reason) => reason,
        },
        Err(error) => error.to_string(),
    };
    let rescued = match file::put_aside(&path) {
        Ok(aside) => format!("It is kept as {}", aside.display()),
        Err(error) => format!("It cannot be put aside either ({error})"),
    };
    notices.say(
        Matter::Memory,
        format!(
            "The {what} of the last time in {} cannot be used ({reason}). {rescued}; Continuo begins anew.",
            path.display()
        ),
    );
    None
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Instant;

    use super::*;

    fn opened(folder: &tempfile::TempDir) -> (Arc<Keeper>, Arc<Notices>) {
        let notices = Arc::new(Notices::default());
        let folder = folder.path().join("continuo");
        let settings = read_settings(Some(&folder), &notices);
        let instance = Arc::new(Instance::new());
        (Keeper::open(Some(folder), settings, instance, notices.clone()), notices)
    }

    #[test]
    fn the_second_of_two_leaves_the_firsts_files_alone_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let (first, _) = opened(&folder);
        first.change(|settings| settings.tempo = 91.0);
        first.write();
        let (second, notices) = opened(&folder);
        assert_eq!((second.settings().tempo, notices.text()), (91.0, None));
        second.change(|settings| settings.tempo = 180.0);
        second.write();
        assert!(notices.text().is_some_and(|says| says.contains("Another Continuo")));
        drop((first, second));
        let (third, notices) = opened(&folder);
        assert_eq!((third.settings().tempo, notices.text()), (91.0, None));
    }

    #[test]
    fn nothing_is_written_before_something_changes() {
        let folder = tempfile::tempdir().unwrap();
        let (keeper, notices) = opened(&folder);
        keeper.write();
        assert!(!folder.path().join("continuo").exists());
        assert_eq!(notices.text(), None);
    }

    #[test]
    fn what_was_changed_is_there_the_next_time() {
        let folder = tempfile::tempdir().unwrap();
        let (keeper, _) = opened(&folder);
        keeper.change(|settings| settings.tempo = 88.0);
        keeper.instance.memory.change(|memory| memory.chord = "Am".to_owned());
        keeper.write();
        let (again, notices) = opened(&folder);
        assert_eq!(again.settings().tempo, 88.0);
        assert_eq!(again.instance.memory.get().chord, "Am");
        assert_eq!(notices.text(), None);
    }

    #[test]
    fn a_change_is_written_a_moment_later_without_being_asked() {
        let folder = tempfile::tempdir().unwrap();
        let (keeper, _) = opened(&folder);
        keeper.keep();
        keeper.change(|settings| settings.octave = 2);
        keeper.instance.memory.change(|memory| memory.chord = "G7".to_owned());
        let deadline = Instant::now() + Duration::from_secs(20);
        while opened(&folder).0.instance.memory.get().chord != "G7" {
            assert!(Instant::now() < deadline, "nothing was written");
            thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(opened(&folder).0.settings().octave, 2);
    }

    #[test]
    fn damaged_files_are_put_aside_and_that_is_said() {
        for (name, text) in
            [(SETTINGS, "{"), (SETTINGS, r#"{"version": 99}"#), (SESSION, "[1, 2"), (SESSION, "\u{0}")]
        {
            let folder = tempfile::tempdir().unwrap();
            let inner = folder.path().join("continuo");
            fs::create_dir(&inner).unwrap();
            fs::write(inner.join(name), text).unwrap();
            let (keeper, notices) = opened(&folder);
            assert_eq!(keeper.settings(), Settings::default());
            let stem = name.trim_end_matches(".json");
            let aside = inner.join(format!("{stem}.unread-1.json"));
            assert_eq!(fs::read_to_string(&aside).unwrap(), text);
            assert!(!inner.join(name).exists());
            let says = notices.text().unwrap();
            assert!(says.contains(&aside.display().to_string()), "{says}");
        }
    }

    #[test]
    fn a_folder_that_takes_no_file_is_said_once_and_all_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("continuo"), "a file in the folder's place").unwrap();
        let (keeper, notices) = opened(&folder);
        notices.dismiss();
        keeper.change(|settings| settings.octave = 2);
        keeper.write();
        assert!(notices.text().unwrap().contains("cannot be saved"));
        notices.dismiss();
        keeper.write();
        assert_eq!(notices.text(), None);
        fs::remove_file(folder.path().join("continuo")).unwrap();
        keeper.write();
        assert_eq!(opened(&folder).0.settings().octave, 2);
    }
}
