//! What the paper could not give: surprise, metrics, copying, variety.

use maud::{Markup, html};

use super::super::Comparison;
use super::super::crowd::Crowd;
use super::cell;
use super::chart::{self, Bar};
use crate::metrics::COLUMNS;

/// Held-out nats per note, beside the n-grams.
pub fn surprise(comparison: &Comparison) -> Markup {
    let bars: Vec<Bar> = comparison
        .subjects
        .iter()
        .filter_map(|subject| {
            let figure = subject.figure("nats_per_note")?;
            Some(Bar {
                name: subject.name.clone(),
                figure,
                beside: subject.figure("best_ngram_nats_per_note"),
            })
        })
        .collect();
    html! {
        section #surprise {
            h2 { "Surprise: held-out nats per note" }
            p.weak {
                "How surprised a model is by songs it never saw, in nats a note: less is better. Beside it the best of the n-grams of \
                 order 0 to 3 on the very same tokens; a network that does not beat it has not earned its place. Models that give \
                 no probabilities of notes have no such figure."
            }
            @if bars.is_empty() {
                (super::absent("No card at hand has the figure.", "continuo train ID --data DATA --out PACK"))
            } @else {
                div.card {
                    (chart::bars(&bars))
                    p.key {
                        span { i style="background:var(--answer)" {} "the model" }
                        span { i style="background:var(--line-strong)" {} "best n-gram" }
                    }
                }
            }
        }
    }
}

/// The means of the metrics over all seeds.
pub fn sound(comparison: &Comparison) -> Markup {
    let measures = || COLUMNS.iter().filter(|(name, ..)| !matches!(*name, "bars"));
    let row = |name: &str, crowd: &Crowd, real: bool| {
        html! {
            tr.real[real] {
                th { (name) }
                @for (name, ..) in measures() { (cell(crowd.means.get(name).copied().flatten(), decimals(name))) }
                (cell(crowd.taken_up, 2))
            }
        }
    };
    html! {
        section #sound {
            h2 { "Metrics over " (comparison.seeds) " seeds" }
            p.weak {
                "Means over " (comparison.seeds) " melodies of each model. Entropy in bits of the pitch classes’ shares; range in semitones; density in notes a \
                 bar; alike: the mean share of notes that two bars have in common; again: the share of bars played before; \
                 taken up: the share of the tune’s own bars that come again."
            }
            div.card.scroll {
                table {
                    thead { tr { th { "model" } @for (_, head, ..) in measures() { th.number { (head) } } th.number { "taken up" } } }
                    tbody {
                        @if let Some(real) = &comparison.real { (row("real songs", &real.crowd, true)) }
                        @for subject in &comparison.subjects { (row(&subject.name, &subject.crowd, false)) }
                    }
                }
            }
            @match &comparison.real {
                Some(real) => p.weak { small {
                    "Real songs: the first " (comparison.bars) " bars of " (real.crowd.melodies) " of the " (super::thousands(real.held_out as u64)) " melodies that no model has learnt from."
                } },
                None => (super::absent("What real songs measure is missing here.", "continuo compare -o FOLDER --data DATA")),
            }
        }
    }
}

/// How finely a measure is worth reading.
fn decimals(name: &str) -> usize {
    if matches!(name, "notes" | "range") { 1 } else { 2 }
}

/// Runs of notes that stand in the songs that were learnt from.
pub fn copying(comparison: &Comparison) -> Markup {
    let row = |name: &str, crowd: &Crowd, real: bool| {
        html! {
            tr.real[real] {
                th { (name) }
                @for notes in ["8", "12"] { (cell(crowd.copied.get(notes).copied().flatten(), 3)) }
            }
        }
    };
    html! {
        section #copying {
            h2 { "Copying, against what real songs share" }
            p.weak {
                "The share of runs of 8 and of 12 notes, by interval and rhythm, that stand in the songs that were learnt from. Songs share \
                 runs with one another, too: a model should not share more than they do. The VAE answers with real phrases by design."
            }
            @match &comparison.real {
                None => (super::absent("This needs the songs.", "continuo compare -o FOLDER --data DATA")),
                Some(real) => div.card.scroll {
                    table {
                        thead { tr { th { "model" } th.number { "runs of 8 notes" } th.number { "runs of 12 notes" } } }
                        tbody {
                            (row("real songs, held out", &real.crowd, true))
                            @for subject in &comparison.subjects { (row(&subject.name, &subject.crowd, false)) }
                        }
                    }
                    p.weak { small { "Looked for in " (super::thousands(real.learnt_from as u64)) " melodies." } }
                },
            }
        }
    }
}

/// How different a hundred answers are.
pub fn variety(comparison: &Comparison) -> Markup {
    let row = |name: &str, crowd: &Crowd, real: bool| {
        let overlap = |share: fn(&super::super::crowd::Overlap) -> f64| crowd.overlap.as_ref().map(share);
        html! {
            tr.real[real] {
                th { (name) }
                td.number { (crowd.different) " of " (crowd.melodies) }
                (cell(Some(crowd.mean_pairwise_distance), 3))
                @if comparison.real.is_some() {
                    (cell(overlap(|overlap| overlap.pitches), 2))
                    (cell(overlap(|overlap| overlap.lengths), 2))
                    (cell(overlap(|overlap| overlap.intervals), 2))
                }
                (cell(crowd.milliseconds, 2))
            }
        }
    };
    html! {
        section #variety {
            h2 { "Variety over " (comparison.seeds) " seeds" }
            p.weak {
                "The paper’s GAN gave the same melody for every seed. Different: how many melodies differ from all before them. Distance: the mean \
                 share of notes that must change to make one melody of another. "
                @if comparison.real.is_some() { "Overlap: how much of the histogram is the same as that of real songs, 0 to 1. " }
                "Time: processor time of one answer on this machine."
            }
            div.card.scroll {
                table {
                    thead {
                        tr {
                            th { "model" } th.number { "different" } th.number { "distance" }
                            @if comparison.real.is_some() {
                                th.number { "overlap" br; "pitches" } th.number { "overlap" br; "lengths" } th.number { "overlap" br; "steps" }
                            }
                            th.number { "ms of CPU" }
                        }
                    }
                    tbody {
                        @if let Some(real) = &comparison.real { (row("real songs", &real.crowd, true)) }
                        @for subject in &comparison.subjects { (row(&subject.name, &subject.crowd, false)) }
                    }
                }
            }
            @if comparison.real.is_none() {
                (super::absent("How real songs differ, and how far the histograms overlap with theirs, is missing here.", "continuo compare -o FOLDER --data DATA"))
            }
        }
    }
}
