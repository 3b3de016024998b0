//! Table 1, and how the losses fell.

use maud::{Markup, html};

use super::super::Comparison;
use super::super::pace::Pace;
use super::super::subject::Subject;
use super::chart::{self, Curve, Dots};

/// Table 1.
pub fn paces(comparison: &Comparison) -> Markup {
    let paces = &comparison.paces;
    let dots: Vec<Dots> = paces
        .rows
        .iter()
        .filter_map(|row| Some(Dots { name: row.id.clone(), ours: row.ratio?, theirs: row.papers_ratio }))
        .collect();
    html! {
        section #pace {
            h2 { "Table 1: time of one training epoch" }
            p.weak {
                "As a ratio to the DNN’s. "
                @if paces.timed_now {
                    "Timed now, one recipe after the other, in processor time: a stretch of steps after the first few, extrapolated to one \
                     time through the data. The VAE’s time is its network’s alone; the vectors that it learns from are melody2vec’s."
                } @else {
                    "From the packs’ cards: the mean over the epochs of each training, which may have shared the machine with others."
                }
            }
            @if paces.rows.is_empty() {
                (super::absent("No card at hand says how long an epoch took.", "continuo compare -o FOLDER --data DATA"))
            } @else {
                p { (verdict(paces.in_the_papers_order)) }
                @if !dots.is_empty() {
                    div.card {
                        (chart::dots(&dots))
                        p.key {
                            span { i style="background:var(--answer)" {} "ours" }
                            span { i style="background:var(--paper)" {} "the paper’s" }
                        }
                    }
                }
                div.card.scroll {
                    table {
                        thead { tr { th { "model" } th.number { "ours" } th.number { "the paper’s" } th.number { @if paces.timed_now { "processor seconds" } @else { "seconds" } " an epoch" } th.number { "steps timed" } } }
                        tbody { @for row in &paces.rows { (pace(row)) } }
                    }
                }
                @if !paces.timed_now && paces.in_the_papers_order.is_none() {
                    (super::absent("Not every pack’s card knows its epochs.", "continuo compare -o FOLDER --data DATA"))
                }
            }
        }
    }
}

fn verdict(in_order: Option<bool>) -> Markup {
    html! {
        @match in_order {
            Some(true) => span.mark.good { "the paper’s order holds: VAE < GAN < DNN < seq2seq < seq2seq with attention" },
            Some(false) => span.mark.bad { "the paper’s order does not hold" },
            None => span.mark.weak { "the order cannot be checked: not all five times are known" },
        }
    }
}

fn pace(row: &Pace) -> Markup {
    let ratio = |ratio: Option<f64>| ratio.map_or("–".to_owned(), shown);
    let timed = row.timed_steps.map_or("whole epochs".to_owned(), |(timed, steps)| {
        format!("{} of {}", super::thousands(timed), super::thousands(steps))
    });
    html! {
        tr {
            th { (row.id) }
            td.number { (ratio(row.ratio)) }
            td.number { (ratio(row.papers_ratio)) }
            td.number { (format!("{:.1}", row.seconds_per_epoch)) }
            td.number { (timed) }
        }
    }
}

/// A ratio with two figures that mean something.
fn shown(ratio: f64) -> String {
    let decimals = if ratio >= 1.0 { 2 } else { (1.0 - ratio.log10().floor()) as usize };
    format!("{ratio:.decimals$}")
}

/// The training curves.
pub fn courses(comparison: &Comparison) -> Markup {
    let known =
        |subject: &&Subject| subject.training.as_ref().is_some_and(|training| !training.course.is_empty());
    let unknown = |subject: &&Subject| {
        subject.training.as_ref().is_some_and(|training| training.course.is_empty() && training.steps > 0)
    };
    let silent: Vec<&str> =
        comparison.subjects.iter().filter(unknown).map(|subject| subject.id.as_str()).collect();
    html! {
        section #course {
            h2 { "How the losses fell" }
            p.weak { "As each training noted them; the figures are the kinds’ own and cannot be compared between models." }
            div.grid {
                @for subject in comparison.subjects.iter().filter(known) {
                    div.card { h3 { (subject.name) } (curves(subject)) }
                }
            }
            @if !silent.is_empty() {
                (super::absent(
                    &format!("The cards of {} do not hold the course of their training.", silent.join(", ")),
                    "continuo train ID --data DATA --out PACK",
                ))
            }
        }
    }
}

fn curves(subject: &Subject) -> Markup {
    let Some(training) = &subject.training else { return html! {} };
    let curves: Vec<Curve<'_>> =
        training.course.iter().map(|(name, points)| Curve { name, points: points.as_slice() }).collect();
    html! {
        (chart::curves(&curves))
        p.weak { small { (super::thousands(training.steps)) " steps in " (training.minutes) " minutes, seed " (training.seed) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ratios_keep_two_figures() {
        assert_eq!([0.0095, 0.072, 1.0, 5.8].map(shown), ["0.0095", "0.072", "1.00", "5.80"]);
    }
}
