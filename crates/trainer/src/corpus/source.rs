//! The collections that can be read, with what their makers ask of those who use them.

use serde::{Deserialize, Serialize};

use super::collection::Collection;
use super::fault::Fault;
use super::{
    Melody, cre_irish, fiddle_books, folder, freedoom, lieder, openewld, openhymnal, piano_midi, pop909,
    quartets, rs200, wjazzd,
};

/// A collection of music.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Source {
    /// POP909: Chinese pop songs, 1950s to 2010s, with the corrected grid, meter and keys of POP909-CL.
    Pop909,
    /// The Rock Corpus: rock, pop and soul songs, transcribed by ear.
    Rs200,
    /// Weimar Jazz Database: jazz solos, 1925 to 2009, transcribed by ear.
    WJazzD,
    /// OpenEWLD: lead sheets of US popular songs and early jazz.
    OpenEwld,
    /// Freedoom: game music.
    Freedoom,
    /// OpenScore Lieder: art songs of the 19th century.
    Lieder,
    /// OpenScore String Quartets: those of the long 19th century, each part a line.
    Quartets,
    /// Open Hymnal: hymns in four voices.
    OpenHymnal,
    /// Ceol Rince na hÉireann: Irish dance tunes.
    CreIrish,
    /// Ryan's Mammoth Collection: US fiddle tunes, 1883.
    RyansMammoth,
    /// O'Neill's Music of Ireland, 1903.
    ONeills,
    /// piano-midi.de: classical piano, the top line of the right hand.
    PianoMidi,
    /// GiantMIDI-Piano: transcribed recordings of classical piano, in seconds and without beats.
    GiantMidi,
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
    /// The collections that shipped models are trained on: those with stated licences that ask for no more than names.
    /// Left out are [`Source::RyansMammoth`] and [`Source::ONeills`], whose encoders state no terms,
    /// [`Source::PianoMidi`], whose licence binds adaptations, and what has no beats.
    pub const SHIPPED: [Source; 9] = [
        Source::Pop909,
        Source::Rs200,
        Source::WJazzD,
        Source::OpenEwld,
        Source::Freedoom,
        Source::Lieder,
        Source::Quartets,
        Source::OpenHymnal,
        Source::CreIrish,
    ];

    /// The collections of several notes at once, with velocities or chords, that paper B's shipped models are taught on.
    /// [`Source::PianoMidi`]'s licence (CC BY-SA 3.0 DE) binds adaptations: the cards of these models say so.
    pub const PERFORMED: [Source; 4] = [Source::Pop909, Source::WJazzD, Source::PianoMidi, Source::GiantMidi];

    /// All that are known.
    pub const ALL: [Source; 14] = [
        Source::Pop909,
        Source::Rs200,
        Source::WJazzD,
        Source::OpenEwld,
        Source::Freedoom,
        Source::Lieder,
        Source::Quartets,
        Source::OpenHymnal,
        Source::CreIrish,
        Source::RyansMammoth,
        Source::ONeills,
        Source::PianoMidi,
        Source::GiantMidi,
        Source::Folder,
    ];

    /// The name of its folder or archive, and the first part of its songs' ids.
    pub const fn name(self) -> &'static str {
        match self {
            Source::Pop909 => "pop909",
            Source::Rs200 => "rs200",
            Source::WJazzD => "wjazzd",
            Source::OpenEwld => "openewld",
            Source::Freedoom => "freedoom",
            Source::Lieder => "openscore-lieder",
            Source::Quartets => "openscore-quartets",
            Source::OpenHymnal => "openhymnal",
            Source::CreIrish => "cre-irish",
            Source::RyansMammoth => "ryans-mammoth",
            Source::ONeills => "oneills-1850",
            Source::PianoMidi => "piano-midi",
            Source::GiantMidi => "giantmidi",
            Source::Folder => "folder",
        }
    }

    /// What it is called in full.
    pub const fn title(self) -> &'static str {
        match self {
            Source::Pop909 => "POP909 and POP909-CL",
            Source::Rs200 => "Rock Corpus (RS 200)",
            Source::WJazzD => "Weimar Jazz Database",
            Source::OpenEwld => "OpenEWLD",
            Source::Freedoom => "Freedoom",
            Source::Lieder => "OpenScore Lieder Corpus",
            Source::Quartets => "OpenScore String Quartets",
            Source::OpenHymnal => "Open Hymnal",
            Source::CreIrish => "Ceol Rince na hÉireann corpus",
            Source::RyansMammoth => "Ryan's Mammoth Collection",
            Source::ONeills => "O'Neill's Music of Ireland",
            Source::PianoMidi => "piano-midi.de",
            Source::GiantMidi => "GiantMIDI-Piano",
            Source::Folder => "a folder of MIDI files",
        }
    }

    /// The licence of its files; for [`Source::Folder`] only its owner knows.
    pub const fn licence(self) -> &'static str {
        match self {
            Source::Pop909 | Source::OpenEwld => "MIT",
            Source::Rs200 | Source::CreIrish | Source::GiantMidi => "CC BY 4.0",
            Source::WJazzD => "ODbL 1.0",
            Source::Freedoom => "BSD 3-Clause",
            Source::Lieder | Source::Quartets => "CC0 1.0",
            Source::OpenHymnal => "public domain",
            Source::RyansMammoth | Source::ONeills => "public-domain music, encoders' terms not stated",
            Source::PianoMidi => "CC BY-SA 3.0 DE",
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
            Source::Rs200 => {
                "Trevor de Clercq and David Temperley, A Corpus Analysis of Rock Harmony (rockcorpus.midside.com)"
            }
            Source::WJazzD => {
                "contains information from the Weimar Jazz Database (jazzomat.hfm-weimar.de), Jazzomat Research Project, \
                 Liszt School of Music Weimar, which is made available under the Open Database License"
            }
            Source::OpenEwld => "OpenEWLD (github.com/00sapo/OpenEWLD), Copyright (c) 2018 00sapo",
            Source::Freedoom => {
                "Freedoom (github.com/freedoom/freedoom), Copyright (c) contributors to the Freedoom project"
            }
            Source::Lieder => {
                "OpenScore Lieder Corpus (github.com/OpenScore/Lieder), by the OpenScore community"
            }
            Source::Quartets => {
                "OpenScore String Quartets (github.com/OpenScore/StringQuartets), by the OpenScore community"
            }
            Source::OpenHymnal => {
                "Open Hymnal Project (github.com/mzealey/openhymnal), public-domain hymns only"
            }
            Source::CreIrish => {
                "Ceol Rince na hÉireann corpus, Polifonia project (github.com/polifonia-project/folk_ngram_analysis)"
            }
            Source::RyansMammoth | Source::ONeills => {
                "as distributed with music21 (github.com/cuthbertLab/music21)"
            }
            Source::PianoMidi => "Bernd Krueger (www.piano-midi.de)",
            Source::GiantMidi => "GiantMIDI-Piano (github.com/bytedance/GiantMIDI-Piano)",
            Source::Folder => "chosen by the user",
        }
    }

    /// Whether its times are in beats; a model that is to learn rhythm cannot use it otherwise.
    pub const fn has_beats(self) -> bool {
        !matches!(self, Source::GiantMidi)
    }

    pub(super) fn reader(self) -> Reader {
        let (below, beside) = match self {
            Source::Pop909 => (pop909::ORIGINALS, pop909::CORRECTED),
            Source::WJazzD => (wjazzd::NOTES, wjazzd::BEATS),
            _ => ("", ""),
        };
        let endings: &[&str] = match self {
            Source::Rs200 => &[".mel"],
            Source::WJazzD => &[".csv"],
            Source::OpenEwld | Source::Lieder | Source::Quartets => &[".mxl"],
            Source::OpenHymnal | Source::RyansMammoth | Source::ONeills => &[".abc"],
            Source::Pop909
            | Source::CreIrish
            | Source::Freedoom
            | Source::PianoMidi
            | Source::GiantMidi
            | Source::Folder => &[".mid", ".midi"],
        };
        let read: Read = match self {
            Source::Pop909 => pop909::read,
            Source::Rs200 => rs200::read,
            Source::WJazzD => wjazzd::read,
            Source::OpenEwld => openewld::read,
            Source::Freedoom => freedoom::read,
            Source::Lieder => lieder::read,
            Source::Quartets => quartets::read,
            Source::OpenHymnal => openhymnal::read,
            Source::CreIrish => cre_irish::read,
            Source::RyansMammoth => fiddle_books::read_ryan,
            Source::ONeills => fiddle_books::read_oneill,
            Source::PianoMidi => piano_midi::read,
            Source::GiantMidi | Source::Folder => folder::read,
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
