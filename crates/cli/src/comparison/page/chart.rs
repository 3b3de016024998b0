//! Charts as SVG in the page's own colours: bars, dots on a logarithmic scale, curves.

use maud::{Markup, html};

/// A row of bars: what it is called, our figure, and the figure to beat.
pub struct Bar {
    pub name: String,
    pub figure: f64,
    pub beside: Option<f64>,
}

const WIDTH: f64 = 1060.0;
const NAMES: f64 = 190.0;
const ROW: f64 = 46.0;

/// Pairs of bars from zero, the shorter the better or not as the text says.
pub fn bars(rows: &[Bar]) -> Markup {
    let most = rows.iter().flat_map(|row| [Some(row.figure), row.beside]).flatten().fold(0.0, f64::max);
    let length = |figure: f64| (WIDTH - NAMES - 70.0) * figure / most.max(f64::MIN_POSITIVE);
    let y = |index: usize| index as f64 * ROW + 6.0;
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {}", y(rows.len()))) role="img" {
            @for (index, row) in rows.iter().enumerate() {
                text.name x="0" y=(y(index) + 20.0) { (row.name) }
                rect.ours x=(NAMES) y=(y(index) + 4.0) width=(format!("{:.1}", length(row.figure))) height="14" rx="3" {}
                text x=(format!("{:.1}", NAMES + length(row.figure) + 8.0)) y=(y(index) + 15.0) { (format!("{:.2}", row.figure)) }
                @if let Some(beside) = row.beside {
                    rect.base x=(NAMES) y=(y(index) + 21.0) width=(format!("{:.1}", length(beside))) height="9" rx="3" {}
                    text x=(format!("{:.1}", NAMES + length(beside) + 8.0)) y=(y(index) + 30.0) { (format!("{beside:.2}")) }
                }
            }
        }
    }
}

/// A row of two ratios on a logarithmic scale.
pub struct Dots {
    pub name: String,
    pub ours: f64,
    pub theirs: Option<f64>,
}

/// Ours as a filled dot, theirs as a ring.
pub fn dots(rows: &[Dots]) -> Markup {
    let all =
        || rows.iter().flat_map(|row| [Some(row.ours), row.theirs]).flatten().filter(|ratio| *ratio > 0.0);
    let low = all().fold(1.0, f64::min).log10().floor();
    let high = all().fold(1.0, f64::max).log10().ceil();
    let x =
        |ratio: f64| NAMES + (WIDTH - NAMES - 30.0) * (ratio.max(1e-9).log10() - low) / (high - low).max(1.0);
    let (y, bottom) = (|index: usize| index as f64 * 38.0 + 24.0, rows.len() as f64 * 38.0 + 8.0);
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {}", bottom + 24.0)) role="img" {
            @for power in low as i32..=high as i32 {
                @let place = format!("{:.1}", x(10_f64.powi(power)));
                line.axis x1=(place) x2=(place) y1="4" y2=(bottom) {}
                text.middle x=(place) y=(bottom + 18.0) { (format!("{}", 10_f64.powi(power))) "×" }
            }
            @for (index, row) in rows.iter().enumerate() {
                text.name x="0" y=(y(index) + 4.0) { (row.name) }
                @if let Some(theirs) = row.theirs {
                    line.span x1=(format!("{:.1}", x(row.ours))) x2=(format!("{:.1}", x(theirs))) y1=(y(index)) y2=(y(index)) {}
                    circle.theirs cx=(format!("{:.1}", x(theirs))) cy=(y(index)) r="7" {}
                }
                circle.ours cx=(format!("{:.1}", x(row.ours))) cy=(y(index)) r="6" {}
            }
        }
    }
}

/// A named curve.
pub struct Curve<'a> {
    pub name: &'a str,
    pub points: &'a [(u64, f64)],
}

/// Up to two curves over the steps of a training.
pub fn curves(curves: &[Curve<'_>]) -> Markup {
    const SIZE: (f64, f64) = (340.0, 190.0);
    let points = || curves.iter().flat_map(|curve| curve.points);
    let last = points().map(|(step, _)| *step).max().unwrap_or(1).max(1) as f64;
    let (low, high) =
        points().fold((f64::MAX, f64::MIN), |(low, high), (_, loss)| (low.min(*loss), high.max(*loss)));
    let room = ((high - low) * 0.06).max(1e-3);
    let (low, high) = (low - room, high + room);
    let x = |step: u64| 44.0 + (SIZE.0 - 52.0) * step as f64 / last;
    let y = |loss: f64| 8.0 + (SIZE.1 - 40.0) * (high - loss) / (high - low);
    let path = |points: &[(u64, f64)]| {
        let places = points.iter().map(|(step, loss)| format!("{:.1} {:.1}", x(*step), y(*loss)));
        format!("M{}", places.collect::<Vec<_>>().join("L"))
    };
    let ticks = [0.0, 0.5, 1.0].map(|share| low + (high - low) * (0.08 + 0.84 * share));
    html! {
        svg viewBox=(format!("0 0 {} {}", SIZE.0, SIZE.1)) role="img" {
            @for tick in ticks {
                line.axis x1="44" x2=(SIZE.0 - 8.0) y1=(format!("{:.1}", y(tick))) y2=(format!("{:.1}", y(tick))) {}
                text.end x="38" y=(format!("{:.1}", y(tick) + 4.0)) { (format!("{tick:.2}")) }
            }
            @for (curve, class) in curves.iter().zip(["curve first", "curve second"]) {
                @if curve.points.len() > 1 { path class=(class) d=(path(curve.points)) {} }
            }
            text x="44" y=(SIZE.1 - 10.0) { "0" }
            text.end x=(SIZE.0 - 8.0) y=(SIZE.1 - 10.0) { (super::thousands(last as u64)) " steps" }
        }
        p.key {
            @for (curve, colour) in curves.iter().zip(["--answer", "--prompt"]) {
                span { i style=(format!("background:var({colour})")) {} (curve.name) }
            }
        }
    }
}
