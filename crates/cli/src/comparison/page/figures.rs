//! Figures 1 to 6: what each model made from Twinkle.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use generator::Task;
use maud::{Markup, html};
use melody::Phrase;

use super::super::subject::Subject;
use super::super::trial::{NEIGHBOURHOOD, Trial};
use super::super::{Comparison, paper};
use super::roll::Roll;

/// The section, in the order of the paper's figures.
pub fn section(comparison: &Comparison, tune: &Phrase) -> Markup {
    let mut subjects: Vec<&Subject> = comparison.subjects.iter().collect();
    subjects.sort_by_key(|subject| (paper::figure(subject.kind), subject.is_a_variant()));
    html! {
        section #figures {
            h2 { "Figures 1–6: what each made of Twinkle" }
            p.weak {
                "The first of three trials each, as in the paper, not the best of them; the seed gives it again. Blue is what was \
                 heard, amber the answer: the stronger, the surer the network was of the note. Play is a plain \
                 synthesiser voice; the .mid files are for a better one."
            }
            @for subject in subjects { (figure(subject, tune)) }
        }
    }
}

fn figure(subject: &Subject, tune: &Phrase) -> Markup {
    let Some(trial) = subject.trials.first() else { return html! {} };
    let roll = match subject.task {
        Task::Vary => Roll::over(&trial.candidate, tune),
        Task::Continue => Roll::after(&trial.candidate, tune),
        _ => Roll::alone(&trial.candidate),
    };
    html! {
        figure id=(format!("figure-{}", subject.id)) {
            div.top {
                div {
                    @if let Some(numeral) = subject.numeral() { div.numeral { (numeral) } }
                    h3 { (subject.name) }
                    p.weak { (subject.description) }
                }
                button.play type="button" data-tune=(roll.playable()) { "Play" }
            }
            div.roll { (roll.draw()) }
            figcaption {
                span { (deed(subject.task)) }
                span { "seed " (trial.seed) }
                span { (trial.notes.len()) " notes" }
                @if let Some(similarity) = trial.similarity { span { "similarity " (format!("{similarity:.2}")) } }
                @if !trial.candidate.attention.is_empty() { span { "violet arcs: where the network looked while it chose the note" } }
                span { "trials: " @for trial in &subject.trials { (link(trial)) " " } }
            }
        }
    }
}

fn deed(task: Task) -> String {
    match task {
        Task::Vary => format!("phrases like the tune’s own, neighbourhood {NEIGHBOURHOOD}"),
        Task::Fresh => "a melody from nothing".to_owned(),
        _ => "a continuation".to_owned(),
    }
}

fn link(trial: &Trial) -> Markup {
    let name = trial.file.rsplit('/').next().unwrap_or(&trial.file);
    let data = format!("data:audio/midi;base64,{}", STANDARD.encode(&trial.midi));
    html! { a href=(data) download=(name) { (trial.seed) ".mid" } }
}
