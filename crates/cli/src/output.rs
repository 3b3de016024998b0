//! Writing files whole or not at all, and saying why not.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, anyhow};

/// Writes a file: first under another name beside it, then in its place, so that a full disk leaves what was there.
///
/// The folders on the way are made where they are missing.
///
/// # Errors
/// One sentence that names the file and the reason.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let refuse = |error: io::Error| anyhow!("cannot write {}: {}", path.display(), reason(&error));
    // A pipe or a device is written to, not replaced; a link is followed.
    let target = match fs::metadata(path) {
        Ok(known) if !known.is_file() && !known.is_dir() => {
            let mut device = File::options().write(true).open(path).map_err(refuse)?;
            return device.write_all(bytes).map_err(refuse);
        }
        Ok(known) if known.is_dir() => return Err(refuse(ErrorKind::IsADirectory.into())),
        Ok(_) => fs::canonicalize(path).map_err(refuse)?,
        Err(_) => path.to_owned(),
    };
    let folder = folder_of(&target);
    fs::create_dir_all(&folder).map_err(refuse)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".continuo-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut fresh = builder.tempfile_in(&folder).map_err(refuse)?;
    fresh.write_all(bytes).and_then(|()| fresh.as_file().sync_all()).map_err(refuse)?;
    fresh.persist(&target).map_err(|error| refuse(error.error))?;
    Ok(())
}

/// Refuses to write over the file that was read.
///
/// # Errors
/// One sentence that names the file.
pub fn keep_input(input: &Path, outputs: &[&Path]) -> Result<()> {
    let Ok(input_place) = fs::canonicalize(input) else { return Ok(()) };
    let same = |output: &&&Path| {
        let place = fs::canonicalize(output).or_else(|_| fs::canonicalize(without_detours(output)));
        place.is_ok_and(|place| place == input_place)
    };
    match outputs.iter().find(same) {
        Some(output) => Err(anyhow!(
            "{} is the input, which is never written over; choose another with -o",
            output.display()
        )),
        None => Ok(()),
    }
}

/// Why a file cannot be read or written, and what helps, in words.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder; check its name".to_owned(),
        ErrorKind::PermissionDenied => {
            "the system does not permit it; choose another place, or change its owner or mode".to_owned()
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::WriteZero => {
            "the disk is full; free some space or choose another place".to_owned()
        }
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only; choose another place".to_owned(),
        ErrorKind::IsADirectory => "it is a folder; name a file in it".to_owned(),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "a file stands where a folder should be; choose another place".to_owned()
        }
        ErrorKind::InvalidFilename => "the system takes no such name; choose another".to_owned(),
        _ => error.to_string(),
    }
}

/// The path without `folder/..`, where the folder is yet to be made.
fn without_detours(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut way, part| {
        match part {
            Component::ParentDir if matches!(way.components().next_back(), Some(Component::Normal(_))) => {
                way.pop();
            }
            part => way.push(part),
        }
        way
    })
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Reads a file of at most `most` bytes; one byte more is read where it is larger, so that it is noticed.
///
/// # Errors
/// One sentence that names the file and the reason.
pub fn read_capped(path: &Path, most: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes));
    file.map_err(|error| anyhow!("cannot read {}: {}", path.display(), reason(&error)))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_and_nothing_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/down/tune.mid");
        write(&path, b"old").unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_named_and_a_device_is_not_replaced() {
        let error = write(Path::new("/dev/full"), b"tune").unwrap_err();
        assert!(error.to_string().contains("/dev/full: the disk is full"), "{error}");
        write(Path::new("/dev/null"), b"tune").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    fn a_place_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "x").unwrap();
        let error = write(&folder.path().join("file/tune.mid"), b"tune").unwrap_err();
        assert!(error.to_string().contains("a file stands where a folder should be"), "{error}");
        let error = write(folder.path(), b"tune").unwrap_err();
        assert!(error.to_string().contains("it is a folder"), "{error}");
    }

    #[test]
    fn the_input_is_kept_by_any_of_its_names() {
        let folder = tempfile::tempdir().unwrap();
        let tune = folder.path().join("tune.mid");
        fs::write(&tune, "x").unwrap();
        let other_name = folder.path().join("./tune.mid");
        assert!(keep_input(&tune, &[&other_name]).is_err());
        assert!(keep_input(&tune, &[&folder.path().join("new.mid")]).is_ok());
    }
}
