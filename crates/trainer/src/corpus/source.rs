//! The collections that can be read, with what their makers ask of those who use them.

use serde::{Deserialize, Serialize};

use super::collection::Collection;
use super::fault::Fault;
use super::{Melody, cre_irish, folder, lieder, openewld, openhymnal, pop909};

/// A collection of music.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Source {
    /// POP909: Chinese pop songs, 1950s to 2010s, with the corrected grid, meter and keys of POP909-CL.
    Pop909,
    /// OpenEWLD: lead sheets of US popular songs and early jazz.
    OpenEwld,
    /// OpenScore Lieder: art songs of the 19th century.
    Lieder,
    /// Open Hymnal: hymns in four voices.
    OpenHymnal,
    /// Ceol Rince na hÉireann: Irish dance tunes.
    CreIrish,
    /// Any user's folder of `.mid` files.
    Folder,
}

/// Reads the piece with this path.
type Read = fn(&Collection, &str) -> Result<Vec<Melody>, Fault>;

/// How a collection's files become melodies.
pub(super) struct Reader {
    /// Which folders below the collection's own hold the pieces; empty for all.
    pub below: &'static str,
    /// How the pieces' names end, in lower case.
    pub endings: &'static [&'static str],
    /// Where files that belong to the pieces lie; empty if there are none.
    pub beside: &'static str,
    /// Reads one piece.
    pub read: Read,
}

impl Reader {
    /// Whether a path in the collection is a piece's.
    pub fn is_piece(&self, path: &str) -> bool {
        path.starts_with(self.below) && self.has_ending(path)
    }

    /// Whether a path in the collection is needed to read its pieces.
    pub fn is_needed(&self, path: &str) -> bool {
        self.is_piece(path) || (!self.beside.is_empty() && path.starts_with(self.beside))
    }

    fn has_ending(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
        !name.starts_with('.') && self.endings.iter().any(|ending| name.ends_with(ending))
    }
}

impl Source {
    /// The collections that are free to train shipped models on; all but [`Source::Folder`].
    pub const SHIPPED: [Source; 5] =
        [Source::Pop909, Source::OpenEwld, Source::Lieder, Source::OpenHymnal, Source::CreIrish];

    /// All that can be read.
    pub const ALL: [Source; 6] = [
        Source::Pop909,
        Source::OpenEwld,
        Source::Lieder,
        Source::OpenHymnal,
        Source::CreIrish,
        Source::Folder,
    ];

    /// The name of its folder or archive, and the first part of its songs' ids.
    pub const fn name(self) -> &'static str {
        match self {
            Source::Pop909 => "pop909",
            Source::OpenEwld => "openewld",
            Source::Lieder => "openscore-lieder",
            Source::OpenHymnal => "openhymnal",
            Source::CreIrish => "cre-irish",
            Source::Folder => "folder",
        }
    }

    /// What it is called in full.
    pub const fn title(self) -> &'static str {
        match self {
            Source::Pop909 => "POP909 and POP909-CL",
            Source::OpenEwld => "OpenEWLD",
            Source::Lieder => "OpenScore Lieder Corpus",
            Source::OpenHymnal => "Open Hymnal",
            Source::CreIrish => "Ceol Rince na hÉireann corpus",
            Source::Folder => "a folder of MIDI files",
        }
    }

    /// The licence of its files; for [`Source::Folder`] only its owner knows.
    pub const fn licence(self) -> &'static str {
        match self {
            Source::Pop909 | Source::OpenEwld => "MIT",
            Source::Lieder => "CC0 1.0",
            Source::OpenHymnal => "public domain",
            Source::CreIrish => "CC BY 4.0",
            Source::Folder => "not known",
        }
    }

    /// The line that its licence asks for, or that courtesy does.
    pub const fn attribution(self) -> &'static str {
        match self {
            Source::Pop909 => {
                "POP909 (github.com/music-x-lab/POP909-Dataset), Copyright (c) 2020 Music X Lab; \
                 POP909-CL (github.com/AndyWeasley2004/POP909-CL-Dataset), Copyright (c) 2025 AndyWeasley2004"
            }
            Source::OpenEwld => "OpenEWLD (github.com/00sapo/OpenEWLD), Copyright (c) 2018 00sapo",
            Source::Lieder => {
                "OpenScore Lieder Corpus (github.com/OpenScore/Lieder), by the OpenScore community"
            }
            Source::OpenHymnal => {
                "Open Hymnal Project (github.com/mzealey/openhymnal), public-domain hymns only"
            }
            Source::CreIrish => {
                "Ceol Rince na hÉireann corpus, Polifonia project (github.com/polifonia-project/folk_ngram_analysis)"
            }
            Source::Folder => "chosen by the user",
        }
    }

    pub(super) fn reader(self) -> Reader {
        let (below, beside) = match self {
            Source::Pop909 => (pop909::ORIGINALS, pop909::CORRECTED),
            _ => ("", ""),
        };
        let endings: &[&str] = match self {
            Source::Pop909 | Source::CreIrish | Source::Folder => &[".mid", ".midi"],
            Source::OpenEwld | Source::Lieder => &[".mxl"],
            Source::OpenHymnal => &[".abc"],
        };
        let read: Read = match self {
            Source::Pop909 => pop909::read,
            Source::OpenEwld => openewld::read,
            Source::Lieder => lieder::read,
            Source::OpenHymnal => openhymnal::read,
            Source::CreIrish => cre_irish::read,
            Source::Folder => folder::read,
        };
        Reader { below, endings, beside, read }
    }
}

/// Reads what [`Source::name`] says.
impl TryFrom<String> for Source {
    type Error = String;

    fn try_from(name: String) -> Result<Source, String> {
        Source::ALL.into_iter().find(|source| source.name() == name).ok_or_else(|| {
            let known = Source::ALL.map(Source::name).join(", ");
            format!("there is no collection \"{name}\": choose one of {known}")
        })
    }
}

impl From<Source> for String {
    fn from(source: Source) -> String {
        source.name().to_owned()
    }
}
