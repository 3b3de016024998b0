//! The packs that are built into the program, each file deflated.

use std::io::Read;
use std::path::PathBuf;

use flate2::read::DeflateDecoder;

use crate::pack::{self, Card, Pack, PackError};

/// A file's name and its deflated bytes.
type File = (&'static str, &'static [u8]);

include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The ids of the packs on board, in the order in which a menu shows them.
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(id, _)| *id)
}

/// Unpacks the pack of this id, if it is on board.
pub(crate) fn pack(id: &str) -> Option<Result<Pack, PackError>> {
    let files = files(id)?;
    Some(Pack::from_files(|name| inflate(id, files, name)))
}

/// The card of the pack of this id, if it is on board; its other files stay packed.
pub(crate) fn card(id: &str) -> Option<Result<Card, PackError>> {
    let files = files(id)?;
    Some(inflate(id, files, pack::CARD).and_then(Card::from_bytes))
}

fn files(id: &str) -> Option<&'static [File]> {
    SHIPPED.iter().find(|(shipped, _)| *shipped == id).map(|(_, files)| *files)
}

fn inflate(id: &str, files: &[File], name: &str) -> Result<Vec<u8>, PackError> {
    let refuse = |reason: String| PackError::Unreadable { path: PathBuf::from(id).join(name), reason };
    let found = files.iter().find(|(file, _)| *file == name);
    let (_, deflated) = found.ok_or_else(|| refuse("it is not on board".to_owned()))?;
    let mut bytes = Vec::new();
    DeflateDecoder::new(*deflated).read_to_end(&mut bytes).map_err(|error| refuse(error.to_string()))?;
    Ok(bytes)
}
