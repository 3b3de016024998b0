//! The models at hand: those shipped inside the program and those in the user's folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Weak};

use parking_lot::Mutex;

use crate::biaxial::Biaxial;
use crate::dnn::Dnn;
use crate::gan::Gan;
use crate::house::House;
use crate::midinet::Midinet;
use crate::pack::{Card, Kind, Pack, PackError};
use crate::performer::Performer;
use crate::random::Random;
use crate::seq2seq::Seq2seq;
use crate::vae::Vae;
use crate::{Generator, Task, shipped};

/// The order in which menus show the models that we know; others follow by name.
const ORDER: [&str; 14] = [
    "continuo",
    "seq2seq",
    "seq2seq-attention",
    "dnn",
    "vae",
    "gan",
    "lstm-gan",
    "midinet-2d",
    "midinet-1d",
    "biaxial-lstm",
    "basic-lstm",
    "dense",
    "random-corpus",
    "random",
];

/// Models that somebody holds, by the hash of their pack: one copy of the weights for the whole process.
static OPEN: LazyLock<Mutex<HashMap<String, Weak<dyn Generator>>>> = LazyLock::new(Mutex::default);

/// Where models are looked for.
#[derive(Debug, Clone, Default)]
pub struct Library {
    folder: Option<PathBuf>,
}

/// A model in the library, usable or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// The name in commands and projects.
    pub id: String,
    /// What the pack says of itself, or why it cannot be read, in a sentence.
    pub card: Result<Card, String>,
    /// Where it comes from.
    pub origin: Origin,
    /// Bytes of all its files, before they are deflated.
    pub bytes: usize,
}

/// Where a model comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Built into the program.
    Shipped,
    /// This folder.
    Folder(PathBuf),
}

/// Why a model cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No model of this name.
    #[error("there is no model \"{id}\"; choose one of: {known}")]
    Unknown {
        /// The name asked for.
        id: String,
        /// The names that there are.
        known: String,
    },
    /// Its pack is refused.
    #[error(transparent)]
    Pack(#[from] PackError),
}

impl Library {
    /// The shipped models and those in the user's folder (`continuo/models` under the system's data folder).
    pub fn standard() -> Library {
        let folders = directories::ProjectDirs::from("", "", "continuo");
        Library { folder: folders.map(|folders| folders.data_dir().join("models")) }
    }

    /// The shipped models alone.
    pub fn shipped() -> Library {
        Library { folder: None }
    }

    /// The shipped models and those in `folder`.
    pub fn with_folder(folder: &Path) -> Library {
        Library { folder: Some(folder.to_owned()) }
    }

    /// The user's folder of packs, which need not be there; `None` where the system names no such place.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// All models, those that cannot be used with the reason, in the order of a menu. Reads files. `[worker]`
    pub fn listings(&self) -> Vec<Listing> {
        let shipped = shipped::ids().filter_map(|id| Some((id, shipped::pack(id)?, Origin::Shipped)));
        let mut listings: Vec<Listing> =
            shipped.map(|(id, pack, origin)| Listing::of(id.to_owned(), pack, origin)).collect();
        for folder in self.folders() {
            let id = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            listings.push(Listing::of(id, Pack::from_folder(&folder), Origin::Folder(folder)));
        }
        listings.sort_by(|a, b| place(&a.id).cmp(&place(&b.id)).then_with(|| a.id.cmp(&b.id)));
        listings.dedup_by(|later, first| later.id == first.id);
        listings
    }

    /// The first model, in the order of a menu, that was made for a task, or that can do it. Of the shipped ones only the
    /// cards are unpacked. `[worker]`
    pub fn first_able(&self, task: Task) -> Option<String> {
        let mut shipped: Vec<&str> = shipped::ids().collect();
        shipped.sort_by_key(|id| place(id));
        let able = |card: Card| card.tasks.contains(&task);
        let made_for = |card: Card| card.tasks.first() == Some(&task);
        let find = |fits: &dyn Fn(Card) -> bool| {
            shipped.iter().copied().find(|id| shipped::card(id).is_some_and(|card| card.is_ok_and(fits)))
        };
        let first = find(&made_for).or_else(|| find(&able));
        let in_folders = || self.listings().into_iter().find(|listing| listing.card.clone().is_ok_and(able));
        first.map(str::to_owned).or_else(|| in_folders().map(|listing| listing.id))
    }

    /// The model of this id, loaded and checked, or the copy that somebody in this process already holds. `[worker]`
    ///
    /// # Errors
    /// [`OpenError`] says which models there are, or what is wrong with this one.
    pub fn open(&self, id: &str) -> Result<Arc<dyn Generator>, OpenError> {
        let pack = match shipped::pack(id) {
            Some(pack) => pack?,
            None => Pack::from_folder(&self.find(id)?)?,
        };
        open(&pack)
    }

    /// The pack of this id, unopened.
    ///
    /// # Errors
    /// [`OpenError`] says which models there are, or what is wrong with this one.
    pub fn pack(&self, id: &str) -> Result<Pack, OpenError> {
        match shipped::pack(id) {
            Some(pack) => Ok(pack?),
            None => Ok(Pack::from_folder(&self.find(id)?)?),
        }
    }

    fn find(&self, id: &str) -> Result<PathBuf, OpenError> {
        let named = |folder: &PathBuf| folder.file_name().is_some_and(|name| name == id);
        let unknown = || {
            let known = self.listings().into_iter().map(|listing| listing.id).collect::<Vec<_>>().join(", ");
            OpenError::Unknown { id: id.to_owned(), known }
        };
        self.folders().into_iter().find(named).ok_or_else(unknown)
    }

    /// The folders of packs in the user's folder; a folder that is missing holds none.
    fn folders(&self) -> Vec<PathBuf> {
        let entries = self.folder.as_ref().and_then(|folder| std::fs::read_dir(folder).ok());
        let mut folders: Vec<PathBuf> =
            entries.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        folders.retain(|folder| folder.is_dir());
        folders.sort();
        folders
    }
}

/// The place of a model in a menu; those that we do not know come last.
fn place(id: &str) -> usize {
    ORDER.iter().position(|known| *known == id).unwrap_or(ORDER.len())
}

impl Listing {
    fn of(id: String, pack: Result<Pack, PackError>, origin: Origin) -> Listing {
        let bytes = pack.as_ref().map_or(0, |pack| pack.sizes().map(|(_, bytes)| bytes).sum());
        Listing { id, card: pack.map(|pack| pack.card).map_err(|error| error.to_string()), origin, bytes }
    }
}

/// Loads and checks the model of a pack, or gives the copy that this process already holds. `[worker]`
///
/// # Errors
/// [`PackError`] says what is wrong with the pack.
pub fn open(pack: &Pack) -> Result<Arc<dyn Generator>, OpenError> {
    // Held while loading: whoever asks for the same model meanwhile waits for this copy instead of making another.
    let mut held = OPEN.lock();
    held.retain(|_, model| model.strong_count() > 0);
    if let Some(model) = held.get(pack.content()).and_then(Weak::upgrade) {
        return Ok(model);
    }
    let model: Arc<dyn Generator> = match pack.card.kind {
        Kind::Random => Arc::new(Random::open(pack)?),
        Kind::Dnn => Arc::new(Dnn::open(pack)?),
        Kind::Seq2seq | Kind::Seq2seqAttention => Arc::new(Seq2seq::open(pack)?),
        Kind::Vae => Arc::new(Vae::open(pack)?),
        Kind::Gan => Arc::new(Gan::open(pack)?),
        Kind::LstmGan | Kind::Dense | Kind::BasicLstm => Arc::new(Performer::open(pack)?),
        Kind::Midinet1d | Kind::Midinet2d => Arc::new(Midinet::open(pack)?),
        Kind::BiaxialLstm => Arc::new(Biaxial::open(pack)?),
        Kind::House => Arc::new(House::open(pack)?),
    };
    held.insert(pack.content().to_owned(), Arc::downgrade(&model));
    Ok(model)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_model_opens_and_is_opened_once() {
        let library = Library::shipped();
        let listings = library.listings();
        assert!(listings.iter().any(|listing| listing.id == "random"));
        for listing in listings {
            let card = listing.card.unwrap();
            assert_eq!(card.id, listing.id);
            let (first, second) = (library.open(&card.id).unwrap(), library.open(&card.id).unwrap());
            assert!(Arc::ptr_eq(&first, &second));
        }
    }

    #[test]
    fn the_first_that_is_able_is_the_first_of_the_menu() {
        let library = Library::shipped();
        for task in [Task::Continue, Task::Fill, Task::Next] {
            let can = |listing: &Listing| listing.card.as_ref().is_ok_and(|card| card.tasks.contains(&task));
            let first = library.listings().into_iter().find(can).map(|listing| listing.id);
            assert_eq!(library.first_able(task), first);
        }
        // The house model varies too, but the VAE was made for it.
        assert_eq!(library.first_able(Task::Vary).as_deref(), Some("vae"));
    }

    #[test]
    fn an_unknown_model_is_answered_with_those_there_are() {
        let refusal =
            Library::shipped().open("mozart").err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refusal.contains("mozart") && refusal.contains("random"), "{refusal}");
    }

    #[test]
    fn a_broken_pack_is_listed_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("broken")).unwrap();
        let listings = Library::with_folder(folder.path()).listings();
        let broken = listings.iter().find(|listing| listing.id == "broken").unwrap();
        assert!(broken.card.as_ref().unwrap_err().contains("pack.toml"));
        assert_eq!(broken.origin, Origin::Folder(folder.path().join("broken")));
    }
}
