//! Files that remember: written whole or not at all, and put aside, never overwritten, when they cannot be read.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// A file of more bytes than this is not ours.
const MAX_BYTES: u64 = 64 << 20;
/// Damaged files that are kept.
const MOST_ASIDE: u32 = 100;

/// Reads a file; `None` when there is none.
///
/// # Errors
/// The system's, or one for a file that is too large to be ours.
pub fn read(path: &Path) -> io::Result<Option<String>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too large"));
    }
    String::from_utf8(bytes).map(Some).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Puts a text in the place of a file in one go: whoever reads it sees the old or the new one, even after a crash.
///
/// # Errors
/// The system's.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    // A file that the user has linked to elsewhere stays a link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let draft = folder.join(name);
    let written = File::create(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&draft, &path));
    if moved.is_err() {
        let _ = fs::remove_file(&draft);
    }
    moved
}

/// Renames a file that cannot be used; returns its new name.
///
/// # Errors
/// The system's, or that there are too many already.
pub fn put_aside(path: &Path) -> io::Result<PathBuf> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    for number in 1..=MOST_ASIDE {
        let aside = path.with_file_name(format!("{stem}.unread-{number}.json"));
        if !aside.try_exists()? {
            return fs::rename(path, &aside).map(|()| aside);
        }
    }
    Err(io::Error::other("too many were put aside before"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_no_draft_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("one.json");
        assert_eq!(read(&path).unwrap(), None);
        for text in ["first", "second"] {
            write(&path, text).unwrap();
            assert_eq!(read(&path).unwrap().as_deref(), Some(text));
        }
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn each_file_that_is_put_aside_keeps_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.json");
        for (text, name) in [("a", "one.unread-1.json"), ("b", "one.unread-2.json")] {
            write(&path, text).unwrap();
            let aside = put_aside(&path).unwrap();
            assert_eq!(aside, folder.path().join(name));
            assert_eq!(read(&aside).unwrap().as_deref(), Some(text));
            assert_eq!(read(&path).unwrap(), None);
        }
    }

    #[test]
    fn a_folder_in_the_files_place_is_an_error_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.json");
        fs::create_dir(&path).unwrap();
        assert!(write(&path, "text").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(read(&path).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.json"), folder.path().join("link.json"));
        write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write(&link, "new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(read(&real).unwrap().as_deref(), Some("new"));
    }
}
