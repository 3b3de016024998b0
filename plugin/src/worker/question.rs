//! What is asked of a model: a task and what it is about, with the knobs, once it is sure that the model can do it.

use generator::{Card, Request, RequestError, Task};
use melody::{Phrase, Progression};

use crate::model_choice::Models;
use crate::params::ContinuoParams;
use crate::state::Given;
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

/// What is asked about, before the knobs have their say.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What to do.
    pub task: Task,
    /// What was played.
    pub prompt: Phrase,
    /// Where a morph leads, or what stands after a gap.
    pub goal: Option<Phrase>,
    /// The length of the answer in bars where the knob does not say it: that of a gap.
    pub bars: Option<u32>,
}

impl Question {
    /// What was asked when this answer was given.
    pub fn again(given: &Given) -> Question {
        let bars = u32::try_from(given.candidate().phrase.bars()).ok();
        Question {
            task: given.task,
            prompt: given.prompt.clone(),
            goal: given.goal.clone(),
            bars: bars.filter(|_| given.task == Task::Fill),
        }
    }

    /// The way from one phrase to another.
    pub fn between(from: Phrase, to: Phrase) -> Question {
        Question { task: Task::Morph, prompt: from, goal: Some(to), bars: None }
    }

    /// Variations of a phrase.
    pub fn like(phrase: Phrase) -> Question {
        Question { task: Task::Vary, prompt: phrase, goal: None, bars: None }
    }

    /// Some bars of a tune, with what stands before and after them; where nothing stands after them, how it goes on.
    pub fn gap(before: Phrase, bars: u32, after: Phrase) -> Question {
        let task = if after.is_empty() { Task::Continue } else { Task::Fill };
        Question {
            task,
            prompt: before,
            goal: Some(after).filter(|after| !after.is_empty()),
            bars: Some(bars),
        }
    }
}

/// The request that the knobs make of a question; chords may be written as a progression. `[worker]`
///
/// # Errors
/// A sentence that says what to play, or to ask for, first.
pub fn request(
    params: &ContinuoParams,
    question: Question,
    written: &str,
    seed: u32,
) -> Result<Request, String> {
    let Question { task, prompt, goal, bars } = question;
    if matches!(task, Task::Vary | Task::Morph) && prompt.is_empty() {
        return Err(RequestError::EmptyPrompt.to_string());
    }
    if task == Task::Morph && goal.is_none() {
        return Err(task_choice::NO_GOAL.to_owned());
    }
    if task == Task::Fill && goal.is_none() {
        return Err(task_choice::NO_GAP.to_owned());
    }
    let unsigned = |value: i32| u32::try_from(value).unwrap_or(1);
    Ok(Request {
        task,
        goal,
        count: task_choice::count(task, unsigned(params.count.value())),
        neighbourhood: params.neighbourhood.value(),
        bars: bars.unwrap_or_else(|| unsigned(params.bars.value())).clamp(1, Request::MAX_BARS),
        temperature: params.temperature.value(),
        top_p: params.top_p.value(),
        chord: chord_choice::chord(params.chord_seed.value()),
        progression: progression(params, written),
        chord_strength: params.chord_strength.value(),
        style: style_choice::style(params.style.value()),
        key_lock: params.key_lock(),
        density: params.density(),
        range: params.range(),
        kept_beats: unsigned(params.kept_beats.value()),
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

/// Where a morph leads that starts at what was played: to the answer that is shown. A morph that is asked for again keeps its goal, else it would
/// shrink to the way to its own first step.
pub fn goal(shown: &Given) -> Phrase {
    let goal = shown.goal.as_ref().filter(|_| shown.task == Task::Morph);
    goal.unwrap_or(&shown.candidate().phrase).clone()
}
