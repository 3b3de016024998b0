//! Tasks as integers, so that a host can automate what Continue does; and what each task asks of a model.
//!
//! The range is fixed for good. Tasks may be added in the room that is left; nothing that has a number ever gets
//! another.

use generator::Task;

/// The highest number.
pub const MAX: i32 = 15;
/// What a newcomer finds.
pub const DEFAULT: i32 = 0;
/// The tasks by their numbers.
pub const TASKS: [Task; 6] = [Task::Continue, Task::Vary, Task::Next, Task::Fresh, Task::Morph, Task::Fill];

const RESERVED: &str = "reserved ";

/// What must be done before a morph, as a sentence.
pub const NO_GOAL: &str = "There is no answer yet to morph to: choose another task, or another model, and let it answer \
                           first. Then Morph leads from what you play to that answer.";

/// What must be done before a gap is filled, as a sentence.
pub const NO_GAP: &str = "There is no gap to fill: drag over the bars that are to be made anew, with some notes after \
                          them, or leave whole bars empty while you play.";

/// The task with this number; `None` for numbers that mean nothing yet.
pub fn task(number: i32) -> Option<Task> {
    TASKS.get(usize::try_from(number).ok()?).copied()
}

/// The number of a task; `None` for one that the plugin does not offer.
pub fn number(task: Task) -> Option<i32> {
    TASKS.iter().position(|known| *known == task).map(|number| number as i32)
}

/// A number as a host shows it.
pub fn text(number: i32) -> String {
    task(number).map_or_else(|| format!("{RESERVED}{number}"), |task| task.to_string())
}

/// Reads what [`text`] writes.
pub fn parse(text: &str) -> Option<i32> {
    let text = text.trim();
    if let Some(reserved) = text.strip_prefix(RESERVED) {
        return reserved.parse().ok().filter(|number| (0..=MAX).contains(number));
    }
    (0..=MAX).find(|number| task(*number).is_some_and(|task| task.to_string().eq_ignore_ascii_case(text)))
}

/// How many candidates a task asks for, where so many are wished for.
pub fn count(task: Task, wished: u32) -> u32 {
    match task {
        Task::Continue | Task::Fill | Task::Vary | Task::Fresh => wished,
        // A list to glance at, whatever else is wished.
        Task::Next => 8,
        // Odd, so that one lies in the middle of the way.
        Task::Morph => 7,
    }
}

/// Why a model does not do a task, and who does it.
pub fn refusal(model: &str, task: Task, able: &[&str]) -> String {
    let deed = match task {
        Task::Next => "say which note comes next".to_owned(),
        Task::Fresh => "make a fresh melody".to_owned(),
        task => task.to_string(),
    };
    match able {
        [] => format!("{model} cannot {deed}, and no other model here can: choose another task."),
        able => {
            format!("{model} cannot {deed}: choose another task, or a model that can ({}).", able.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_read_back_from_its_text() {
        for number in 0..=MAX {
            assert_eq!(parse(&text(number)), Some(number), "{}", text(number));
        }
        for text in ["", "guess", "reserved 16", "reserved -1"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_stay_what_they_are() {
        for (word, number) in
            [("continue", 0), ("vary", 1), ("next", 2), ("fresh", 3), ("morph", 4), ("fill", 5)]
        {
            assert_eq!((parse(word), text(number)), (Some(number), word.to_owned()));
        }
    }

    #[test]
    fn a_refusal_names_who_can() {
        let sentence = refusal("Dice", Task::Vary, &["VAE", "Other"]);
        assert!(sentence.starts_with("Dice cannot vary") && sentence.contains("VAE, Other"), "{sentence}");
        assert!(refusal("Dice", Task::Next, &[]).contains("which note comes next, and no other"));
    }
}
