//! Paper B's comparison as one HTML page that needs nothing beside itself.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use melody::metrics::Six;
use melody::metrics::six::Column;

use super::chart::{self, Curve};
use super::{Real, Report, System};
use crate::comparison::page::{absent, cell, thousands};
use crate::comparison::paper;
use crate::models::kilobytes;

/// Other ways of teaching the LSTM-GAN, as curves are called in its card.
const WAYS: [(&str, &str); 4] = [
    ("", "as shipped"),
    (" without freezing", "without freezing"),
    (" without feature matching", "without feature matching"),
    (" without both", "without both"),
];

/// Draws the page.
pub fn draw(report: &Report) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Six systems that play several notes at once, compared anew" }
                style { (PreEscaped(include_str!("../page/style.css"))) }
            }
            body {
                (header(report))
                main {
                    (metrics(report))
                    (training(report))
                    (switches(report))
                    (chord(report))
                    (goals(report))
                    (costs(report))
                    (listeners())
                    @for (id, reason) in &report.refused { p.absent { strong { (id) } " is left out: " (reason) } }
                }
                footer { p {
                    "Made by " code { "continuo compare --paper b" @if report.quick { " --quick" } } ", Continuo " (report.version)
                    ". Every number is in " a href="compare.json" { "compare.json" } " beside this page."
                } }
            }
        }
    }
}

fn header(report: &Report) -> Markup {
    let links = [
        ("metrics", "Six metrics"),
        ("training", "Figures 3 and 4"),
        ("switches", "Freezing, matching"),
        ("chord", "The chord"),
        ("goals", "Variety"),
        ("costs", "Costs"),
        ("listeners", "Table II"),
    ];
    html! {
        header {
            h1 { "Six systems, compared anew" }
            p.lead {
                "The second paper let an LSTM-GAN play classical, jazz and pop from a chord, and set it beside five rivals. Here all six are \
                 taught on the same performances, and measured by the paper's six metrics beside real music, at equal length."
            }
            dl.facts {
                div { dt { "systems" } dd { (report.systems.len()) } }
                div { dt { "pieces of each" } dd { (report.pieces) " × " (report.bars) " bars" } }
                div { dt { "all packs, unpacked" } dd { (kilobytes(report.systems.iter().map(|system| system.bytes).sum())) } }
            }
            nav { @for (place, name) in links { a href=(format!("#{place}")) { (name) } } }
        }
    }
}

/// How finely a metric is worth reading.
fn decimals(name: &str) -> usize {
    if matches!(name, "scale_consistency" | "polyphony") { 2 } else { 1 }
}

fn row(name: &str, six: &Six, real: bool, repetitions_of_real: Option<f64>) -> Markup {
    html! {
        tr.real[real] {
            th { (name) }
            (cell(Some(six.notes), 0))
            @for (metric, _, figure) in Six::COLUMNS { (cell(figure(six), decimals(metric))) }
            (cell(repetitions_of_real, 1))
        }
    }
}

fn head(first: &str) -> Markup {
    html! { thead { tr {
        th { (first) } th.number { "notes" }
        @for (_, head, _) in Six::COLUMNS { th.number { (head) } }
        th.number { "real repetitions" br; "at its length" }
    } } }
}

fn metrics(report: &Report) -> Markup {
    let corrected =
        |six: &Six| report.real.as_ref().and_then(|real| real.six.at_length(six.notes).repetitions);
    html! {
        section #metrics {
            h2 { "Six metrics over " (report.pieces) " pieces" }
            p.weak {
                "Means over pop pieces of " (report.bars) " bars. Scale consistency: the largest share of notes in one scale. Spans in semitones and in \
                 velocities. Polyphony: the share of onsets at which two or more notes start. Repetitions of three tones grow with the \
                 length: beside each stands what real music would have at that system's number of notes."
            }
            div.card.scroll { table {
                (head("system"))
                tbody {
                    @if let Some(real) = &report.real { (row("real pop", &real.six, true, None)) }
                    @for system in &report.systems { (row(&system.name, &system.alone, false, corrected(&system.alone))) }
                }
            } }
            (source(report.real.as_ref(), report.bars))
        }
    }
}

fn source(real: Option<&Real>, bars: u32) -> Markup {
    html! {
        @match real {
            Some(Real { stretches: Some(stretches), .. }) => p.weak { small {
                "Real music: " (thousands(*stretches as u64)) " stretches of " (bars) " bars from songs that no system has learnt from."
            } },
            Some(_) => p.weak { small { "Real music: as measured when the packs were made, on songs that no system has learnt from." } },
            None => (absent("What real music measures is missing here.", "continuo compare --paper b -o FOLDER --data DATA")),
        }
    }
}

fn level(report: &Report, column: &Column) -> Option<f64> {
    report.real.as_ref().and_then(|real| (column.2)(&real.six))
}

/// Figures 3 and 4.
fn training(report: &Report) -> Markup {
    let known: Vec<&System> =
        report.systems.iter().filter(|system| system.course("polyphony", "").is_some()).collect();
    let curves = |metric: &str| -> Vec<Curve> {
        let curve =
            |system: &&System| Curve::of(&system.name, system.course(metric, "").unwrap_or_default(), 100.0);
        known.iter().map(curve).collect()
    };
    html! {
        section #training {
            h2 { "Figures 3 and 4: the metrics over training" }
            p.weak { "What each system played at looks during its own training, 16 pieces a look, from its beginning to its end. Repetitions as counted." }
            @if known.is_empty() { (absent("No card at hand holds them.", "continuo train lstm-gan --data DATA --out PACK")) }
            @else {
                (chart::key(known.iter().map(|system| system.name.as_str()), report.real.is_some()))
                div.grid { @for column in &Six::COLUMNS {
                    div.card { h3 { (column.1) } (chart::bundle(&curves(column.0), level(report, column), "end of training")) }
                } }
            }
        }
    }
}

/// With and without freezing and feature matching.
fn switches(report: &Report) -> Markup {
    let gan = report.systems.iter().find(|system| system.course("polyphony", WAYS[1].0).is_some());
    html! {
        section #switches {
            h2 { "With and without freezing and feature matching" }
            @match gan {
                None => (absent("No card at hand holds such trainings.", "continuo train lstm-gan --data DATA --out PACK")),
                Some(gan) => {
                    p.weak { "The contests of " (gan.name) " with its critic, each from the same pre-training; other steps are left aside." }
                    (chart::key(WAYS.iter().map(|(_, name)| *name), report.real.is_some()))
                    div.grid { @for column in &Six::COLUMNS {
                        div.card { h3 { (column.1) } (chart::bundle(&contests(gan, column.0), level(report, column), "steps with the critic")) }
                    } }
                }
            }
        }
    }
}

/// What was noted in each contest, its steps counted from its beginning.
fn contests(gan: &System, metric: &str) -> Vec<Curve> {
    // The shortest contest ends where the curves of the others are cut.
    let others = WAYS[1..].iter().filter_map(|(suffix, _)| gan.course("polyphony", suffix));
    let range = others.fold((0, u64::MAX), |(begun, ended): (u64, u64), course| {
        let first = course.first().map_or(0, |(step, _)| *step);
        (begun.max(first), ended.min(course.last().map_or(u64::MAX, |(step, _)| *step)))
    });
    let cut = |(suffix, name): &(&str, &str)| {
        let course = gan.course(metric, suffix).unwrap_or_default().iter();
        let inside = course.filter(|(step, _)| (range.0..=range.1).contains(step));
        let points = inside.map(|(step, figure)| ((step - range.0) as f64, *figure)).collect();
        Curve { name: (*name).to_owned(), points }
    };
    WAYS.iter().map(cut).collect()
}

/// With and without the initial chord.
fn chord(report: &Report) -> Markup {
    let seeded = || report.systems.iter().filter_map(|system| Some((system, system.from_chord.as_ref()?)));
    let name = |system: &System| format!("{} from {}", system.name, report.chord);
    html! {
        section #chord {
            h2 { "With and without the initial chord" }
            p.weak {
                "The same pieces from " (report.chord) ", and from nothing. Below: how much of the first bar's notes lies in the chord that was asked for, \
                 over a major and a minor triad on each root with ten seeds each, and in the same chords where nobody asked."
            }
            div.card.scroll { table {
                (head("system"))
                tbody { @for (system, six) in seeded() {
                    (row(&system.name, &system.alone, false, None))
                    (row(&name(system), six, false, None))
                } }
            } }
            div.card.scroll { table {
                thead { tr { th { "system" } th.number { "in the chord" } th.number { "without asking" } th.number { "gain" } th { "wanted: 0.75, and 0.25 more" } } }
                tbody { @for system in &report.systems { @if let Some(share) = &system.chords {
                    tr {
                        th { (system.name) }
                        (cell(Some(share.seeded), 2)) (cell(Some(share.unseeded), 2)) (cell(Some(share.seeded - share.unseeded), 2))
                        td { (verdict(share.seeded >= 0.75 && share.seeded - share.unseeded >= 0.25)) }
                    }
                } } }
            } }
        }
    }
}

fn verdict(reached: bool) -> Markup {
    html! { @if reached { span.mark.good { "reached" } } @else { span.mark.bad { "missed" } } }
}

/// Whether it has collapsed, and whether it is in key and repeats itself as real music does.
fn goals(report: &Report) -> Markup {
    let real = report.real.as_ref().map(|real| &real.six);
    let in_key = |six: &Six| Some((six.scale_consistency? - real?.scale_consistency?).abs() <= 0.05);
    let repeats = |six: &Six| {
        let ratio = six.repetitions? / real?.at_length(six.notes).repetitions?;
        Some((ratio, (0.5..=2.0).contains(&ratio)))
    };
    let wanted = f64::from(report.pieces) * 0.95;
    html! {
        section #goals {
            h2 { "Variety, key and repetition" }
            p.weak { "Wanted: 95 different pieces of 100; scale consistency within 0.05 of real pop; repetitions within a factor of 2 of real pop at equal length." }
            div.card.scroll { table {
                thead { tr { th { "system" } th.number { "different" } th { "" } th { "in key" } th.number { "repetitions" br; "against real" } th { "" } } }
                tbody { @for system in &report.systems {
                    tr {
                        th { (system.name) }
                        td.number { (system.different) " of " (report.pieces) }
                        td { (verdict(system.different as f64 >= wanted)) }
                        td { @if let Some(reached) = in_key(&system.alone) { (verdict(reached)) } @else { "–" } }
                        (cell(repeats(&system.alone).map(|(ratio, _)| ratio), 2))
                        td { @if let Some((_, reached)) = repeats(&system.alone) { (verdict(reached)) } }
                    }
                } }
            } }
        }
    }
}

fn costs(report: &Report) -> Markup {
    html! {
        section #costs {
            h2 { "What they cost" }
            p.weak { "Processor time of one piece of " (report.bars) " bars on one thread of this machine; notes a second while they were taught, on theirs." }
            div.card.scroll { table {
                thead { tr { th { "system" } th.number { "parameters" } th.number { "pack" } th.number { "ms of CPU" } th.number { "taught at" br; "notes a second" } th { "pieces" } } }
                tbody { @for system in &report.systems {
                    tr {
                        th { (system.name) br; small.weak { (system.id) } }
                        td.number { (system.training.as_ref().map_or("–".to_owned(), |training| thousands(training.parameters))) }
                        td.number { (kilobytes(system.bytes)) }
                        (cell(Some(system.milliseconds), 1))
                        td.number { (system.figure("training_notes_per_second").map_or("–".to_owned(), |pace| thousands(pace as u64))) }
                        td { @for (number, file) in system.files.iter().enumerate() { a href=(file) { (number + 1) } " " } }
                    }
                } }
            } }
        }
    }
}

/// What the paper's listeners said.
fn listeners() -> Markup {
    html! {
        section #listeners {
            h2 { "Table II: what thirty listeners said in the paper" }
            p.weak { "From 1 to 5. Ours can be judged by anyone: " code { "continuo study" } " makes a page of blind, shuffled clips." }
            div.card.scroll { table {
                thead { tr { th { "system" } th.number { "real" } th.number { "pleasing" } th.number { "complicated" } } }
                tbody { @for (_, name, [real, pleasing, complicated]) in paper::LISTENERS {
                    tr { th { (name) } (cell(Some(real), 2)) (cell(Some(pleasing), 2)) (cell(Some(complicated), 2)) }
                } }
            } }
        }
    }
}
