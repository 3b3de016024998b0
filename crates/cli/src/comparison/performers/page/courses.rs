//! The curves of the page: the metrics over training, and what freezing and feature matching do.

use maud::{Markup, html};
use melody::metrics::Six;
use melody::metrics::six::Column;

use super::super::chart::{self, Curve};
use super::super::{Report, System};
use crate::comparison::page::absent;

/// Other ways of teaching the LSTM-GAN, as curves are called in its card.
const WAYS: [(&str, &str); 4] = [
    ("", "as shipped"),
    (" without freezing", "without freezing"),
    (" without feature matching", "without feature matching"),
    (" without both", "without both"),
];

fn level(report: &Report, column: &Column) -> Option<f64> {
    report.real.as_ref().and_then(|real| (column.2)(&real.six))
}

/// Figures 3 and 4.
pub fn training(report: &Report) -> Markup {
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
            p.weak { "What each system played at looks during its own training, 16 pieces a look, from its beginning to its end. Repetitions as counted. \
                             MidiNet plays there by scores as they are learnt; in the end they are scaled to be surer, and its spans shrink." }
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
pub fn switches(report: &Report) -> Markup {
    let gan = report.systems.iter().find(|system| system.course("polyphony", WAYS[1].0).is_some());
    html! {
        section #switches {
            h2 { "With and without freezing and feature matching" }
            @match gan {
                None => (absent("No card at hand holds such trainings.", "continuo train lstm-gan --data DATA --out PACK")),
                Some(gan) => {
                    p.weak { "The contests of " (gan.name) " with its critic, each from the same pre-training; other steps are left aside." }
                    @if !idle(gan).is_empty() { p.weak {
                        "Level curves are of a generator that waited at every step, because its loss lay below 70 % of the critic's: "
                        strong { (idle(gan).join(", ")) } ". What was taught there is the pre-training's."
                    } }
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

/// The contests in which nothing that was played changed from look to look.
fn idle(gan: &System) -> Vec<&'static str> {
    let curves: Vec<Vec<Curve>> = Six::COLUMNS.iter().map(|column| contests(gan, column.0)).collect();
    let level =
        |curve: &Curve| curve.points.len() > 1 && curve.points.windows(2).all(|pair| pair[0].1 == pair[1].1);
    let ways = WAYS.iter().enumerate();
    ways.filter(|(way, _)| curves.iter().all(|ways| level(&ways[*way]))).map(|(_, (_, name))| *name).collect()
}
