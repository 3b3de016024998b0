//! What can be wrong with one file of a collection.

use std::io;
use std::path::Path;

use melody::MidiError;

use super::{MIN_NOTES, Skipped};

/// Why a file gives no melody; reads on after the file's name and a colon.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("{0}")]
    File(io::Error),
    #[error("it is larger than {} MiB, which no piece of music should be", .0 >> 20)]
    TooBig(u64),
    #[error("the file {0}, which belongs to it, is not there")]
    NoPartner(String),
    #[error(transparent)]
    Midi(#[from] MidiError),
    #[error(transparent)]
    Line(#[from] melody::line::LineError),
    #[error("it is no table of notes ({0})")]
    Table(#[from] csv::Error),
    #[error("it has more than {0} bars, which no solo should")]
    TooManyBars(i32),
    #[error("no track of it is one voice above the bass")]
    NoLine,
    #[error("it is no compressed MusicXML file ({0})")]
    Zip(#[from] zip::result::ZipError),
    #[error("its score is not in UTF-8")]
    NotUtf8,
    #[error("there is no score in it")]
    NoScore,
    #[error("its XML is damaged ({0})")]
    Xml(#[from] roxmltree::Error),
    #[error("it has no track named {0}")]
    NoTrack(&'static str),
    #[error("no part of it has words to sing")]
    NoWords,
    #[error("it states no time signature")]
    NoMeter,
    #[error(
        "only {matched} of its {notes} melody notes are found in the corrected file, however it is shifted"
    )]
    NoGrid { matched: usize, notes: usize },
    #[error("{odd} of its {bars} bars do not last as long as its time signature says")]
    OddBars { odd: usize, bars: usize },
    #[error("it has no melody of at least {MIN_NOTES} notes in one meter and key")]
    TooShort,
}

impl Fault {
    /// The report of a file of a collection.
    pub fn of(&self, collection: &Path, file: &str) -> Skipped {
        Skipped { path: collection.join(file), reason: self.to_string() }
    }
}
