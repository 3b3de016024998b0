//! Several curves in one chart, with a level to compare them with, as SVG in the page's own colours.

use maud::{Markup, html};

/// The page's colours, one a curve.
const COLOURS: [&str; 7] = ["--answer", "--prompt", "--paper", "--good", "--bad", "--text", "--line-strong"];
const SIZE: (f64, f64) = (500.0, 230.0);

/// A named curve over a range from 0 on.
pub struct Curve {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

impl Curve {
    /// Figures at their steps, the last being `whole`.
    pub fn of(name: &str, points: &[(u64, f64)], whole: f64) -> Curve {
        let last = points.iter().map(|(step, _)| *step).max().unwrap_or(1).max(1) as f64;
        let points = points.iter().map(|(step, figure)| (*step as f64 / last * whole, *figure));
        Curve { name: name.to_owned(), points: points.collect() }
    }
}

/// The curves, a dashed level where there is one, and what the last place of the axis is called.
pub fn bundle(curves: &[Curve], level: Option<f64>, end: &str) -> Markup {
    let figures = || curves.iter().flat_map(|curve| &curve.points).map(|(_, figure)| *figure).chain(level);
    let (low, high) = figures().fold((f64::MAX, f64::MIN), |(low, high), y| (low.min(y), high.max(y)));
    let room = ((high - low) * 0.06).max(1e-3);
    let (low, high) = (low - room, high + room);
    let first = curves.iter().flat_map(|curve| &curve.points).map(|(x, _)| *x).fold(f64::MAX, f64::min);
    let last = curves.iter().flat_map(|curve| &curve.points).map(|(x, _)| *x).fold(first + 1e-9, f64::max);
    let x = |place: f64| 50.0 + (SIZE.0 - 60.0) * (place - first) / (last - first);
    let y = |figure: f64| 8.0 + (SIZE.1 - 40.0) * (high - figure) / (high - low);
    let path = |curve: &Curve| {
        let places = curve.points.iter().map(|(place, figure)| format!("{:.1} {:.1}", x(*place), y(*figure)));
        format!("M{}", places.collect::<Vec<_>>().join("L"))
    };
    let ticks = [0.08, 0.5, 0.92].map(|share| low + (high - low) * share);
    html! {
        svg viewBox=(format!("0 0 {} {}", SIZE.0, SIZE.1)) role="img" {
            @for tick in ticks {
                line.axis x1="50" x2=(SIZE.0 - 10.0) y1=(format!("{:.1}", y(tick))) y2=(format!("{:.1}", y(tick))) {}
                text.end x="44" y=(format!("{:.1}", y(tick) + 4.0)) { (shown(tick)) }
            }
            @if let Some(level) = level {
                line x1="50" x2=(SIZE.0 - 10.0) y1=(format!("{:.1}", y(level))) y2=(format!("{:.1}", y(level)))
                    style="stroke:var(--weak);stroke-width:1.5;stroke-dasharray:5 4" {}
            }
            @for (curve, colour) in curves.iter().zip(COLOURS) {
                @if curve.points.len() > 1 {
                    path.curve style=(format!("stroke:var({colour})")) d=(path(curve)) { title { (curve.name) } }
                }
            }
            text.end x=(SIZE.0 - 10.0) y=(SIZE.1 - 10.0) { (end) }
        }
    }
}

/// What the colours mean.
pub fn key<'a>(names: impl Iterator<Item = &'a str>, level: bool) -> Markup {
    html! {
        p.key {
            @for (name, colour) in names.zip(COLOURS) {
                span { i style=(format!("background:var({colour})")) {} (name) }
            }
            @if level { span { i style="background:none;border-top:2px dashed var(--weak);height:2px" {} "real music" } }
        }
    }
}

fn shown(figure: f64) -> String {
    if figure.abs() >= 10.0 { format!("{figure:.0}") } else { format!("{figure:.2}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_of_any_length_end_together() {
        let curve = Curve::of("one", &[(5, 1.0), (20, 2.0)], 100.0);
        assert_eq!(curve.points, [(25.0, 1.0), (100.0, 2.0)]);
        let drawn = bundle(&[curve], Some(1.5), "end").into_string();
        assert!(drawn.contains("stroke-dasharray") && drawn.contains("M50.0 "));
    }
}
