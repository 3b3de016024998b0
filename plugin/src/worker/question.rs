//! What is asked of a model: the chosen task with the knobs, once it is sure that the model can do it.

use generator::{Card, Request, RequestError, Task};
use melody::{Phrase, Progression};

use crate::model_choice::Models;
use crate::params::ContinuoParams;
use crate::state::{Given, Remembered};
use crate::{chord_choice, style_choice, task_choice};

/// The task that the knob shows. `[worker]`
///
/// # Errors
/// A sentence for a number that means nothing yet.
pub fn task(params: &ContinuoParams) -> Result<Task, String> {
    let number = params.task.value();
    let known = || task_choice::TASKS.map(|task| task.to_string()).join(", ");
    task_choice::task(number)
        .ok_or_else(|| format!("The task {number} means nothing yet: choose one of {}.", known()))
}

/// Refuses a task that the model does not do, with the names of those that do. `[worker]`
///
/// # Errors
/// That sentence.
pub fn check(task: Task, card: &Card, models: &Models) -> Result<(), String> {
    if card.tasks.contains(&task) {
        return Ok(());
    }
    let listings = models.listings();
    let able = listings.iter().filter_map(|listing| listing.card.as_ref().ok());
    let able: Vec<&str> =
        able.filter(|card| card.tasks.contains(&task)).map(|card| card.name.as_str()).collect();
    Err(task_choice::refusal(&card.name, task, &able))
}

/// The request that the knobs make of a prompt, with what the project remembers: a morph leads to the answer that is
/// shown, and chords may be written as a progression. `[worker]`
///
/// # Errors
/// A sentence that says what to play, or to ask for, first.
pub fn request(
    params: &ContinuoParams,
    task: Task,
    prompt: Phrase,
    remembered: &Remembered,
    seed: u32,
) -> Result<Request, String> {
    if matches!(task, Task::Vary | Task::Morph) && prompt.is_empty() {
        return Err(RequestError::EmptyPrompt.to_string());
    }
    let goal = match task {
        Task::Morph => {
            Some(remembered.answer.as_ref().map(goal).ok_or_else(|| task_choice::NO_GOAL.to_owned())?)
        }
        _ => None,
    };
    Ok(Request {
        task,
        goal,
        count: task_choice::count(task),
        neighbourhood: params.neighbourhood.value(),
        bars: u32::try_from(params.bars.value()).unwrap_or(1),
        temperature: params.temperature.value(),
        top_p: params.top_p.value(),
        chord: chord_choice::chord(params.chord_seed.value()),
        progression: progression(params, &remembered.chord),
        chord_strength: params.chord_strength.value(),
        style: style_choice::style(params.style.value()),
        key_lock: params.key_lock(),
        seed: u64::from(seed),
        ..Request::to_continue(prompt)
    })
}

/// The progression that is written, as long as the chord parameter shows its first chord: a host that automates the
/// chord means that chord alone.
fn progression(params: &ContinuoParams, written: &str) -> Option<Progression> {
    let shows = chord_choice::first(written) == Some(params.chord_seed.value());
    shows.then(|| chord_choice::progression(written)).flatten()
}

/// Where a morph leads: to the answer that is shown. A morph that is asked for again keeps its goal, else it would
/// shrink to the way to its own first step.
fn goal(shown: &Given) -> Phrase {
    shown.goal.as_ref().unwrap_or(&shown.candidate().phrase).clone()
}
