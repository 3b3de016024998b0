//! The comparison as one HTML page that needs nothing beside itself.

mod chart;
mod figures;
mod measures;
mod needs;
pub mod roll;
mod taught;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use melody::Phrase;

use super::Comparison;
use crate::models::kilobytes;

/// Draws the page; `tune` is the paper's example.
pub fn draw(comparison: &Comparison, tune: &Phrase) -> Markup {
    let content = html! {
        (header(comparison))
        main {
            (needs::section(comparison))
            (taught::paces(comparison))
            (taught::courses(comparison))
            (figures::section(comparison, tune))
            (measures::surprise(comparison))
            (measures::sound(comparison))
            (measures::copying(comparison))
            (measures::variety(comparison))
            (refused(comparison))
        }
        (footer(comparison))
        script { (PreEscaped(include_str!("../study/page/voice.js"))) }
        script { (PreEscaped(include_str!("page/play.js"))) }
    };
    frame("Melody generators, compared anew", &content)
}

/// A page with this title and content, in the comparisons' own style.
pub(super) fn frame(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(include_str!("page/style.css"))) }
            }
            body { (content) }
        }
    }
}

fn header(comparison: &Comparison) -> Markup {
    let bytes: usize = comparison.subjects.iter().map(|subject| subject.bytes).sum();
    let slowest =
        comparison.subjects.iter().filter_map(|subject| subject.crowd.milliseconds).fold(0.0, f64::max);
    let links = [
        ("needs", "What each needs"),
        ("pace", "Table 1"),
        ("course", "Training"),
        ("figures", "Figures 1–6"),
        ("surprise", "Surprise"),
        ("sound", "Metrics"),
        ("copying", "Copying"),
        ("variety", "Variety"),
    ];
    html! {
        header {
            h1 { "Melody generators, compared anew" }
            p.lead {
                "Hirai’s “Comparison of Deep Learning Models for Melody Generation” gave six generators the same data and the \
                 same tune, and set down what each needs, what it can be told, how long it learns, and what it makes of \
                 Twinkle Twinkle Little Star. Here it is done again with the models at hand, with the figures that the paper \
                 could not give."
            }
            dl.facts {
                div { dt { "models" } dd { (comparison.subjects.len()) } }
                div { dt { "all packs, unpacked" } dd { (kilobytes(bytes)) } }
                div { dt { "slowest answer of " (comparison.bars) " bars, CPU" } dd { (format!("{slowest:.1} ms")) } }
                div {
                    dt { "Table 1 in the paper’s order" }
                    dd { (match comparison.paces.in_the_papers_order { Some(true) => "yes", Some(false) => "no", None => "not known" }) }
                }
            }
            nav { @for (place, name) in links { a href=(format!("#{place}")) { (name) } } }
        }
    }
}

fn refused(comparison: &Comparison) -> Markup {
    html! {
        @if !comparison.refused.is_empty() {
            section {
                h2 { "Left out" }
                @for (id, reason) in &comparison.refused { p { strong { (id) } ": " (reason) } }
            }
        }
    }
}

fn footer(comparison: &Comparison) -> Markup {
    html! {
        footer {
            p {
                "Made by " code { "continuo compare" @if comparison.quick { " --quick" } @if comparison.with_data { " --data DATA" } }
                ", Continuo " (comparison.version) ". Every number is in " a href="compare.json" { "compare.json" }
                " beside this page. The dice of all models trust the networks’ odds (temperature 1, top-p 1), as the paper’s do."
            }
        }
    }
}

/// Says that something is missing, and what gives it.
pub(super) fn absent(what: &str, command: &str) -> Markup {
    html! { p.absent { (what) " Given by " code { (command) } "." } }
}

/// A figure for a table, or a dash.
pub(super) fn cell(figure: Option<f64>, decimals: usize) -> Markup {
    html! { td.number { (figure.map_or("–".to_owned(), |figure| format!("{figure:.decimals$}"))) } }
}

/// A number with its thousands parted.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|part| std::str::from_utf8(part).ok()).collect();
    parts.join("\u{202f}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted_from_the_right() {
        let numbers = [7, 1234, 1_015_391].map(thousands);
        assert_eq!(numbers, ["7", "1\u{202f}234", "1\u{202f}015\u{202f}391"]);
    }
}
