//! What each model needs and can be told.

use generator::{Knob, Task};
use maud::{Markup, html};

use super::super::Comparison;
use super::super::subject::Subject;
use crate::models::kilobytes;

/// The section.
pub fn section(comparison: &Comparison) -> Markup {
    html! {
        section #needs {
            h2 { "What each needs, and what it can be told" }
            p.weak { "The paper’s first comparison, by what can be stated without listening: data, parameters, whether the length can be \
                      asked for, and how much of the input counts." }
            div.card.scroll {
                table {
                    thead {
                        tr {
                            th { "model" }
                            th.number { "learnt from" br; "melodies" }
                            th.number { "parameters" }
                            th.number { "pack" }
                            th { "of the input it hears" }
                            th { "length" }
                            th { "can" }
                            th { "heeds" }
                        }
                    }
                    tbody { @for subject in &comparison.subjects { (row(subject)) } }
                }
            }
        }
    }
}

fn row(subject: &Subject) -> Markup {
    let parameters = subject.training.as_ref().map(|training| training.parameters);
    let count = |number: Option<u64>| number.map_or("–".to_owned(), super::thousands);
    let length = if subject.exact_length { "to the bar" } else { "as the phrases come" };
    html! {
        tr {
            th { (subject.name) br; small.weak { (subject.id) } }
            td.number { (count(subject.melodies().map(|melodies| melodies as u64))) }
            td.number { (count(parameters)) }
            td.number { (kilobytes(subject.bytes)) }
            td { (subject.hears) }
            td { (length) }
            td { (subject.tasks.iter().map(Task::to_string).collect::<Vec<_>>().join(", ")) }
            td { (controls(&subject.knobs)) }
        }
    }
}

fn controls(knobs: &[Knob]) -> String {
    let names: Vec<&str> = knobs
        .iter()
        .map(|knob| match knob {
            Knob::Temperature => "temperature",
            Knob::TopP => "top-p",
            Knob::Chord => "chord",
            Knob::KeyLock => "key lock",
            Knob::Neighbourhood => "neighbourhood",
            Knob::Style => "style",
            Knob::Progression => "progression",
            Knob::Density => "density",
            Knob::Range => "range",
            Knob::KeptBeats => "kept beats",
        })
        .collect();
    if names.is_empty() { "no control".to_owned() } else { names.join(", ") }
}
