//! The models that a worker has at hand.

use std::sync::Arc;
use std::time::{Duration, Instant};

use generator::{Generator, Library, Listing, Task};
use parking_lot::Mutex;

/// How long what was found in the library is taken for true.
const FRESH: Duration = Duration::from_secs(30);

/// What the library holds, as this process last read it.
static KNOWN: Mutex<Option<(Instant, Arc<Vec<Listing>>)>> = Mutex::new(None);

/// How many models are kept open: the one that answers, and one that helps it out.
const OPEN: usize = 2;

/// The library, and the models that were last used from it.
pub struct Shelf {
    library: Library,
    /// The one that was used last comes last.
    open: Vec<(String, Arc<dyn Generator>)>,
    /// The model that was last tried in advance.
    warm: Option<String>,
}

impl Shelf {
    /// A shelf with nothing taken from it yet. Reads nothing.
    pub fn new(library: Library) -> Shelf {
        Shelf { library, open: Vec::new(), warm: None }
    }

    /// What the library holds, read at most once in half a minute for the whole process: a project with fifty
    /// instances need not look fifty times. `[worker]`
    pub fn listings(&self) -> Arc<Vec<Listing>> {
        let mut known = KNOWN.lock();
        match &*known {
            Some((read, listings)) if read.elapsed() < FRESH => listings.clone(),
            _ => {
                let listings = Arc::new(self.library.listings());
                *known = Some((Instant::now(), listings.clone()));
                listings
            }
        }
    }

    /// The model with this id, loaded if need be. `[worker]`
    ///
    /// # Errors
    /// A sentence that says why it cannot be used.
    pub fn take(&mut self, id: &str) -> Result<Arc<dyn Generator>, String> {
        if let Some(place) = self.open.iter().position(|(open, _)| open == id) {
            let used = self.open.remove(place);
            let model = used.1.clone();
            self.open.push(used);
            return Ok(model);
        }
        let model = self.library.open(id).map_err(|error| error.to_string())?;
        self.open.push((id.to_owned(), model.clone()));
        // The others' weights may be given back.
        self.open.drain(..self.open.len().saturating_sub(OPEN));
        Ok(model)
    }

    /// The model with this id if it does this task, or else the first that does. `[worker]`
    ///
    /// # Errors
    /// A sentence that says why none can be used.
    pub fn take_able(&mut self, id: &str, task: Task) -> Result<(String, Arc<dyn Generator>), String> {
        if let Ok(model) = self.take(id)
            && model.card().tasks.contains(&task)
        {
            return Ok((id.to_owned(), model));
        }
        let able = self.library.first_able(task).ok_or_else(|| {
            format!("No model that is installed can {task}: install one that can, and ask again.")
        })?;
        let model = self.take(&able)?;
        Ok((able, model))
    }

    /// The model with this id, if it is loaded.
    pub fn opened(&self, id: &str) -> Option<Arc<dyn Generator>> {
        self.open.iter().find(|(open, _)| open == id).map(|(_, model)| model.clone())
    }

    /// Loads the model with this id before it is needed. It tries once: should it fail, the request that needs the
    /// model says so. `[worker]`
    pub fn warm_up(&mut self, id: &str) {
        if self.warm.as_deref() != Some(id) {
            self.warm = Some(id.to_owned());
            let _ = self.take(id);
        }
    }

    /// Puts another model in the place of the one with this id.
    #[cfg(test)]
    pub fn put(&mut self, id: &str, model: Arc<dyn Generator>) {
        self.open.retain(|(open, _)| open != id);
        self.open.push((id.to_owned(), model));
    }

    /// Puts back what was taken.
    #[cfg(test)]
    pub fn put_back(&mut self) {
        self.open.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_loaded_once_and_a_missing_one_is_named() {
        let mut shelf = Shelf::new(Library::shipped());
        shelf.warm_up("random");
        let (one, other) = (shelf.take("random").unwrap(), shelf.take("random").unwrap());
        assert!(Arc::ptr_eq(&one, &other));
        assert!(shelf.take("gone").err().unwrap().contains("gone"));
        assert!(Arc::ptr_eq(&one, &shelf.take("random").unwrap()), "the one that works stays");
    }

    #[test]
    fn the_library_is_read_once_for_all() {
        let (one, other) = (Shelf::new(Library::shipped()), Shelf::new(Library::shipped()));
        assert!(Arc::ptr_eq(&one.listings(), &other.listings()));
    }
}
