//! Choosing a model that can do what is asked.

use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use generator::{Generator, Library, Listing, Task};

/// The model of this id, or the first in the library's order that can do the task, opened.
///
/// # Errors
/// There is no such model, it cannot be opened, or it cannot do the task: then those that can are named.
pub fn choose(library: &Library, id: Option<&str>, task: Task) -> Result<Arc<dyn Generator>> {
    let Some(id) = id else {
        let first = library.first_able(task).ok_or_else(|| anyhow!("{}", refusal(None, task, &[])))?;
        return Ok(library.open(&first)?);
    };
    let model = library.open(id)?;
    if !model.card().tasks.contains(&task) {
        bail!("{}", refusal(Some(id), task, &able(library, task)));
    }
    Ok(model)
}

/// The ids of the models that work and can do a task, in the library's order.
fn able(library: &Library, task: Task) -> Vec<String> {
    let can = |listing: &Listing| listing.card.as_ref().is_ok_and(|card| card.tasks.contains(&task));
    library.listings().into_iter().filter(can).map(|listing| listing.id).collect()
}

fn refusal(id: Option<&str>, task: Task, able: &[String]) -> String {
    let deed = deed(task);
    match (id, able) {
        (None, _) => format!("no model at hand can {deed}; `continuo models` says what each can do"),
        (Some(id), []) => {
            format!(
                "the model \"{id}\" cannot {deed}, nor can another; `continuo models` says what each can do"
            )
        }
        (Some(id), able) => {
            format!("the model \"{id}\" cannot {deed}; choose one that can: {}", able.join(", "))
        }
    }
}

/// A task as the end of a sentence.
fn deed(task: Task) -> &'static str {
    match task {
        Task::Continue => "continue a melody",
        Task::Vary => "vary a phrase",
        Task::Morph => "morph between two phrases",
        Task::Fresh => "make a melody from nothing",
        Task::Next => "rank next notes",
        Task::Fill => "fill a gap",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_cannot_is_answered_with_those_that_can() {
        let able = ["vae".to_owned(), "other".to_owned()];
        assert_eq!(
            refusal(Some("dnn"), Task::Morph, &able),
            "the model \"dnn\" cannot morph between two phrases; choose one that can: vae, other"
        );
        for id in [None, Some("dnn")] {
            assert!(refusal(id, Task::Fill, &[]).contains("`continuo models`"));
        }
    }

    #[test]
    fn a_model_is_refused_a_task_that_its_card_does_not_name() {
        let library = Library::shipped();
        let refusal = choose(&library, Some("random"), Task::Vary).err().unwrap().to_string();
        assert!(refusal.starts_with("the model \"random\" cannot vary a phrase"), "{refusal}");
    }

    #[test]
    fn without_a_name_the_first_that_can_is_taken() {
        let library = Library::shipped();
        for task in [Task::Continue, Task::Fresh] {
            assert_eq!(choose(&library, None, task).unwrap().card().id, able(&library, task)[0]);
        }
    }
}
