//! The files of one collection, from a folder or straight from a `.tar.gz` archive.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use flate2::read::GzDecoder;
use walkdir::WalkDir;

use super::fault::Fault;
use super::source::Reader;
use super::{CorpusError, Source};

/// No single file of music is larger, in bytes: what is larger is left out with a reason.
const MAX_FILE: u64 = 16 << 20;

/// A collection's files by their paths, which have `/` between folders and leave out the collection's own folder.
pub struct Collection {
    path: PathBuf,
    files: BTreeMap<String, Content>,
}

enum Content {
    /// What an archive held, already unpacked.
    Bytes(Vec<u8>),
    /// Where the file lies.
    File(PathBuf),
    /// Above [`MAX_FILE`].
    TooBig,
}

impl Collection {
    /// Finds a source below `root`: its folder, or else its archive.
    pub fn open(root: &Path, source: Source) -> Result<Collection, CorpusError> {
        let name = source.name();
        let folder = if source == Source::Folder { root.to_owned() } else { root.join(name) };
        let archive = root.join(format!("{name}.tar.gz"));
        let (path, files) = if folder.is_dir() {
            (folder.clone(), list(&folder, &source.reader()))
        } else if source != Source::Folder && archive.is_file() {
            (archive.clone(), unpack(&archive, &source.reader()))
        } else {
            return Err(CorpusError::Missing { root: root.to_owned(), name });
        };
        match files {
            Ok(files) => Ok(Collection { path, files }),
            Err(error) => Err(CorpusError::Unreadable { path, error }),
        }
    }

    /// The folder or the archive.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The files' paths in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// A file's bytes.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>, Fault> {
        match self.files.get(path) {
            Some(Content::Bytes(bytes)) => Ok(bytes.clone()),
            Some(Content::File(file)) => match fs::metadata(file) {
                Ok(metadata) if metadata.len() > MAX_FILE => Err(Fault::TooBig(MAX_FILE)),
                _ => fs::read(file).map_err(Fault::File),
            },
            Some(Content::TooBig) => Err(Fault::TooBig(MAX_FILE)),
            None => Err(Fault::NoPartner(path.to_owned())),
        }
    }
}

fn list(folder: &Path, reader: &Reader) -> io::Result<BTreeMap<String, Content>> {
    let mut files = BTreeMap::new();
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        let Ok(inside) = entry.path().strip_prefix(folder) else { continue };
        let path = slashed(inside, 0);
        if entry.file_type().is_file() && reader.is_needed(&path) {
            files.insert(path, Content::File(entry.into_path()));
        }
    }
    Ok(files)
}

fn unpack(archive: &Path, reader: &Reader) -> io::Result<BTreeMap<String, Content>> {
    let mut files = BTreeMap::new();
    let mut archive = tar::Archive::new(GzDecoder::new(BufReader::new(File::open(archive)?)));
    for entry in archive.entries()? {
        let mut entry = entry?;
        // The first folder is the collection's own.
        let path = slashed(&entry.path()?, 1);
        if !entry.header().entry_type().is_file() || !reader.is_needed(&path) {
            continue;
        }
        let content = if entry.size() > MAX_FILE {
            Content::TooBig
        } else {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            Content::Bytes(bytes)
        };
        files.insert(path, content);
    }
    Ok(files)
}

/// A path's names with `/` between them, without the first `skip` of them and without `.`.
fn slashed(path: &Path, skip: usize) -> String {
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    names.skip(skip).collect::<Vec<_>>().join("/")
}
