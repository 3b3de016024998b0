//! Paper B's comparison as one HTML page that needs nothing beside itself.

mod courses;

use generator::pack::Kind;
use maud::{Markup, html};
use melody::metrics::Six;

use super::{Real, Report, System};
use crate::comparison::page::{absent, cell, frame, thousands};
use crate::comparison::paper;
use crate::models::kilobytes;

/// Draws the page.
pub fn draw(report: &Report) -> Markup {
    let content = html! {
        (header(report))
        main {
            (metrics(report))
            (courses::training(report))
            (courses::switches(report))
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
    };
    frame("Six systems that play several notes at once, compared anew", &content)
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

/// A system's six metrics; `beside` is what stands in the last column of a table that has one.
fn row(name: &str, six: &Six, real: bool, beside: Option<Option<f64>>) -> Markup {
    html! {
        tr.real[real] {
            th { (name) }
            (cell(Some(six.notes), 0))
            @for (metric, _, figure) in Six::COLUMNS { (cell(figure(six), decimals(metric))) }
            @if let Some(repetitions_of_real) = beside { (cell(repetitions_of_real, 1)) }
        }
    }
}

fn head(first: &str, with_real: bool) -> Markup {
    html! { thead { tr {
        th { (first) } th.number { "notes" }
        @for (_, head, _) in Six::COLUMNS { th.number { (head) } }
        @if with_real { th.number { "real repetitions" br; "at its length" } }
    } } }
}

fn metrics(report: &Report) -> Markup {
    let corrected = |system: &System| {
        report.real_like(system).and_then(|real| real.at_length(system.alone.notes).repetitions)
    };
    html! {
        section #metrics {
            h2 { "Six metrics over " (report.pieces) " pieces" }
            p.weak {
                "Means over pop pieces of " (report.bars) " bars. Scale consistency: the largest share of notes in one scale. Spans in semitones and in \
                 velocities. Polyphony: the share of onsets at which two or more notes start. Repetitions of three tones grow with the \
                 length: beside each stands what real music would have at that system's number of notes. MidiNet plays one line \
                 at a time: what is real for it are melodies."
            }
            div.card.scroll { table {
                (head("system", true))
                tbody {
                    @if let Some(real) = &report.real { (row("real pop", &real.six, true, Some(None))) }
                    @if let Some(line) = &report.real_line { (row("real melodies", line, true, Some(None))) }
                    @for system in &report.systems { (row(&system.name, &system.alone, false, Some(corrected(system)))) }
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

/// With and without the initial chord.
fn chord(report: &Report) -> Markup {
    let seeded = || report.systems.iter().filter_map(|system| Some((system, system.from_chord.as_ref()?)));
    let name = |system: &System| format!("{} from {}", system.name, report.chord);
    html! {
        section #chord {
            h2 { "With and without the initial chord" }
            p.weak {
                "The same pieces from " (report.chord) ", and from nothing. Below: how much of the first bar's notes lies in the chord that was asked for, \
                 over a major and a minor triad on each root with " (report.chord_seeds) " seeds each; in the same chords where nobody asked (each tone lies in six of \
                 the 24, so that this is a quarter for any music); and where the chord's key was asked for, and not the chord."
            }
            div.card.scroll { table {
                (head("system", false))
                tbody { @for (system, six) in seeded() {
                    (row(&system.name, &system.alone, false, None))
                    (row(&name(system), six, false, None))
                } }
            } }
            div.card.scroll { table {
                thead { tr { th { "system" } th.number { "in the chord" } th.number { "without asking" } th.number { "in its key" } th.number { "gain" } th { "wanted: 0.75, and 0.25 more" } } }
                tbody { @for system in &report.systems { @if let Some(share) = &system.chords {
                    tr {
                        th { (system.name) }
                        (cell(Some(share.seeded), 2)) (cell(Some(share.unseeded), 2)) (cell(share.in_key, 2)) (cell(Some(share.seeded - share.unseeded), 2))
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
    let apart = |system: &System| {
        Some(system.alone.scale_consistency? - report.real_like(system)?.scale_consistency?)
    };
    let ratio = |system: &System| {
        let real = report.real_like(system)?.at_length(system.alone.notes);
        Some(system.alone.repetitions? / real.repetitions?)
    };
    let wanted = f64::from(report.pieces) * 0.95;
    html! {
        section #goals {
            h2 { "Variety, key and repetition" }
            p.weak { "Wanted: 95 different pieces of 100; scale consistency within 0.05 of real music; repetitions within a factor of 2 of real music at equal length. \
                      Real music is pop, and melodies for MidiNet, which plays one line." }
            div.card.scroll { table {
                thead { tr { th { "system" } th.number { "different" } th { "" } th.number { "scale consistency" br; "less that of real" } th { "" } th.number { "repetitions" br; "against real" } th { "" } } }
                tbody { @for system in &report.systems {
                    tr {
                        th { (system.name) }
                        td.number { (system.different) " of " (report.pieces) }
                        td { (verdict(system.different as f64 >= wanted)) }
                        (cell(apart(system), 2))
                        td { @if let Some(apart) = apart(system) { (verdict(apart.abs() <= 0.05)) } }
                        (cell(ratio(system), 2))
                        td { @if let Some(ratio) = ratio(system) { (verdict((0.5..=2.0).contains(&ratio))) } }
                    }
                } }
            } }
        }
    }
}

/// The milliseconds of processor time that a piece may take, where there is a goal.
fn allowed(kind: Kind) -> Option<f64> {
    match kind {
        Kind::LstmGan => Some(10.0),
        Kind::BiaxialLstm => Some(150.0),
        _ => None,
    }
}

fn costs(report: &Report) -> Markup {
    html! {
        section #costs {
            h2 { "What they cost" }
            p.weak { "Processor time of one piece of " (report.bars) " bars on one thread of this machine; notes a second while they were taught, on theirs. \
                      Wanted: 10 ms for the LSTM-GAN, 150 ms for the Biaxial LSTM." }
            div.card.scroll { table {
                thead { tr { th { "system" } th.number { "parameters" } th.number { "pack" } th.number { "ms of CPU" } th { "" } th.number { "taught at" br; "notes a second" } th { "pieces" } } }
                tbody { @for system in &report.systems {
                    tr {
                        th { (system.name) br; small.weak { (system.id) } }
                        td.number { (system.training.as_ref().map_or("–".to_owned(), |training| thousands(training.parameters))) }
                        td.number { (kilobytes(system.bytes)) }
                        (cell(Some(system.milliseconds), 1))
                        td { @if let Some(allowed) = allowed(system.kind) { (verdict(system.milliseconds <= allowed)) } }
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
