//! Models as integers, so that a host can automate the model; a project keeps which model had which number.

use std::sync::Arc;

use generator::{Card, Listing};
use parking_lot::RwLock;

use crate::state::{MAX_MODELS, Memory};

/// The highest number.
pub const MAX: i32 = MAX_MODELS as i32 - 1;

const MISSING: &str = " (missing)";
const FREE: &str = "free ";

/// The models of one instance: the numbers as the project knows them, and what the library says of each.
#[derive(Debug, Clone)]
pub struct Models {
    memory: Memory,
    library: Arc<RwLock<Arc<Vec<Listing>>>>,
}

impl Models {
    /// The models that this memory numbers, before the library has been read. `[main-thread]`
    pub fn new(memory: Memory) -> Models {
        Models { memory, library: Arc::default() }
    }

    /// Takes in what the library holds; models without a number get the next free ones, in the library's order.
    /// `[worker]`
    pub fn learn(&self, listings: &Arc<Vec<Listing>>) {
        let numbered = &self.memory.get().models;
        let new = listings.iter().map(|listing| &listing.id).filter(|id| !numbered.contains(id));
        let new: Vec<String> = new.take(MAX_MODELS.saturating_sub(numbered.len())).cloned().collect();
        *self.library.write() = listings.clone();
        if !new.is_empty() {
            self.memory.change(|memory| memory.models.extend(new));
        }
    }

    /// The listings of the library as last read. `[main-thread, worker]`
    pub fn listings(&self) -> Arc<Vec<Listing>> {
        self.library.read().clone()
    }

    /// The id of the model with this number. `[main-thread, worker]`
    pub fn id(&self, number: i32) -> Option<String> {
        self.memory.get().models.get(usize::try_from(number).ok()?).cloned()
    }

    /// The number of the model with this id. `[main-thread, worker]`
    pub fn number(&self, id: &str) -> Option<i32> {
        self.memory.get().models.iter().position(|known| known == id).map(|number| number as i32)
    }

    /// What the pack of the model with this id says of itself. `[main-thread, worker]`
    pub fn card(&self, id: &str) -> Option<Card> {
        self.listings().iter().find(|listing| listing.id == id)?.card.clone().ok()
    }

    /// A number as a host shows it: the id, and whether the model is missing from this machine. `[main-thread]`
    pub fn text(&self, number: i32) -> String {
        let Some(id) = self.id(number) else { return format!("{FREE}{number}") };
        let library = self.listings();
        let missing = !library.is_empty() && !library.iter().any(|listing| listing.id == id);
        if missing { id + MISSING } else { id }
    }

    /// Reads what [`Models::text`] writes. `[main-thread]`
    pub fn parse(&self, text: &str) -> Option<i32> {
        let text = text.trim();
        let free = || text.strip_prefix(FREE)?.parse().ok().filter(|number| (0..=MAX).contains(number));
        self.number(text.strip_suffix(MISSING).unwrap_or(text)).or_else(free)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use generator::Library;

    #[test]
    fn models_keep_the_numbers_that_the_project_gave_them() {
        let memory = Memory::default();
        memory.change(|memory| memory.models = vec!["gone".to_owned(), "random".to_owned()]);
        let models = Models::new(memory);
        models.learn(&Arc::new(Library::shipped().listings()));
        assert_eq!(models.text(0), "gone (missing)");
        assert_eq!(models.id(1).as_deref(), Some("random"));
        assert!(models.number("random-corpus").is_some_and(|number| number >= 2));
    }

    #[test]
    fn every_number_is_read_back_from_its_text() {
        let models = Models::new(Memory::default());
        for _ in 0..2 {
            for number in 0..=MAX {
                assert_eq!(models.parse(&models.text(number)), Some(number));
            }
            models.learn(&Arc::new(Library::shipped().listings()));
        }
        for text in ["", "free 32", "free -1", "nobody"] {
            assert_eq!(models.parse(text), None, "{text}");
        }
    }

    #[test]
    fn more_models_than_numbers_are_left_out() {
        let memory = Memory::default();
        memory.change(|memory| memory.models = (0..MAX_MODELS).map(|number| format!("m{number}")).collect());
        let models = Models::new(memory.clone());
        models.learn(&Arc::new(Library::shipped().listings()));
        assert_eq!(memory.get().models.len(), MAX_MODELS);
    }
}
