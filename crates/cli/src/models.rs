//! `continuo models`: what can be chosen with `--model`.

use anyhow::Result;
use generator::library::Origin;
use generator::{Knob, Library, Listing, Task};
use melody::Style;
use serde::Serialize;

use crate::console::Console;

/// List the models at hand, those that cannot be used with the reason
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print {"models": [...]} instead of words
    #[arg(long)]
    pub json: bool,
}

/// A model as programs see it.
#[derive(Debug, Serialize)]
struct Entry {
    id: String,
    name: Option<String>,
    description: Option<String>,
    tasks: Vec<Task>,
    knobs: Vec<Knob>,
    /// Those that can be told apart; none for a model that knows music alone.
    styles: Vec<Style>,
    licence: Option<String>,
    source: Option<String>,
    from: String,
    bytes: usize,
    problem: Option<String>,
}

/// Lists the models.
///
/// # Errors
/// The list cannot be printed.
pub fn run(_args: &Args, console: &Console) -> Result<()> {
    let library = Library::standard();
    let entries: Vec<Entry> = library.listings().into_iter().map(Entry::of).collect();
    for entry in &entries {
        console.say(&entry.words())?;
    }
    if let Some(folder) = library.folder() {
        console.say(&format!(
            "Packs of your own go into {}, each a folder whose name is not one of those above.",
            folder.display()
        ))?;
    }
    console.document(&serde_json::json!({ "models": entries, "folder": library.folder() }))
}

impl Entry {
    fn of(listing: Listing) -> Entry {
        let from = match listing.origin {
            Origin::Shipped => "built in".to_owned(),
            Origin::Folder(folder) => folder.display().to_string(),
        };
        let (card, problem) = match listing.card {
            Ok(card) => (Some(card), None),
            Err(problem) => (None, Some(problem)),
        };
        let (tasks, knobs) =
            card.as_ref().map(|card| (card.tasks.clone(), card.knobs.clone())).unwrap_or_default();
        Entry {
            id: listing.id,
            name: card.as_ref().map(|card| card.name.clone()),
            description: card.as_ref().map(|card| card.description.clone()),
            tasks,
            knobs,
            styles: card.as_ref().map(|card| card.styles.clone()).unwrap_or_default(),
            licence: card.as_ref().map(|card| card.licence.clone()),
            source: card.map(|card| card.source),
            from,
            bytes: listing.bytes,
            problem,
        }
    }

    fn words(&self) -> String {
        let Entry { id, from, .. } = self;
        if let Some(problem) = &self.problem {
            return format!("{id}: cannot be used: {problem} ({from})");
        }
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let (name, description, licence) = (text(&self.name), text(&self.description), text(&self.licence));
        let tasks = joined(&self.tasks);
        let knobs = joined(&self.knobs);
        let styles = match self.styles.as_slice() {
            [] => String::new(),
            styles => format!("; plays {}", joined(styles)),
        };
        let size = kilobytes(self.bytes);
        format!(
            "{id}: {name}. {description}\n    can {tasks}; heeds {knobs}{styles}; {size}, {licence}, {from}"
        )
    }
}

/// Tasks or knobs as JSON spells them, parted by commas.
pub fn joined(words: &[impl Serialize]) -> String {
    let spelled = words.iter().filter_map(|word| serde_json::to_value(word).ok());
    let spelled: Vec<String> = spelled.filter_map(|word| Some(word.as_str()?.replace('_', "-"))).collect();
    if spelled.is_empty() { "no control".to_owned() } else { spelled.join(", ") }
}

/// A size for people.
pub fn kilobytes(bytes: usize) -> String {
    if bytes < 1_000_000 {
        format!("{:.1} kB", bytes as f64 / 1e3)
    } else {
        format!("{:.1} MB", bytes as f64 / 1e6)
    }
}
