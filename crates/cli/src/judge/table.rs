//! The report as people read it.

use std::collections::BTreeMap;

use super::Report;
use super::verdict::{FIGURES, Means, Tell, Verdict};

/// The figures that collections are compared by: their names and heads.
const BY_SOURCE: [(&str, &str); 6] = [
    ("bars_taken_up_as_rhythm", "rhythm"),
    ("bars_taken_up_as_shape", "shape"),
    ("bars_taken_up", "exact"),
    ("pitch_class_entropy", "entropy"),
    ("bar_self_similarity", "alike"),
    ("density", "density"),
];

/// The lines.
pub fn words(report: &Report) -> Vec<String> {
    let mut lines = told_apart(report);
    lines.push(String::new());
    lines.extend(figures(report));
    for set in report.sets.iter().filter(|set| !set.is_anchor) {
        lines.push(String::new());
        lines.extend(beside_real(&report.real, set));
        lines.push(String::new());
        lines.extend(tells(set));
        if !set.by_source.is_empty() {
            lines.push(String::new());
            lines.extend(by_source(&report.real, set));
        }
    }
    lines
}

fn told_apart(report: &Report) -> Vec<String> {
    let width = width(report);
    let copies: Vec<usize> = report.real.copied.keys().copied().collect();
    let heads: String = copies.iter().map(|notes| format!("{:>10}", format!("{notes}-copied"))).collect();
    let mut lines = vec![
        format!(
            "{} prompts; AUC: 0.5 cannot be told from real, 1 always (the harsher of a forest and a line); area: overlap with \
             real distributions; copied: runs of notes in songs learnt from",
            report.prompts
        ),
        format!("{:<width$}{:>10}{:>10}{:>10}{heads}", "set", "alone", "related", "area"),
    ];
    for set in all(report) {
        let auc = |auc: Option<super::classifier::Auc>| cell(auc.map(|auc| auc.harsher), 3);
        let areas: Vec<f64> = set.areas.values().copied().collect();
        let area = melody::metrics::means::mean(&areas);
        let copied: String =
            copies.iter().map(|notes| cell(set.copied.get(notes).copied().flatten(), 3)).collect();
        let (alone, related) = (auc(set.alone), auc(set.related));
        lines.push(format!("{:<width$}{alone}{related}{}{copied}", set.name, cell(area, 3)));
    }
    lines
}

fn figures(report: &Report) -> Vec<String> {
    let width = width(report);
    let heads: String = FIGURES.iter().map(|(_, head, _)| format!("{head:>10}")).collect();
    let mut lines = vec![
        "bars of the prompt taken up (as rhythm, as shape, exactly), then means of the answers".to_owned(),
        format!("{:<width$}{heads}", "set"),
    ];
    for set in all(report) {
        let cells: String = FIGURES.iter().map(|(name, ..)| cell(of(&set.figures, name), 3)).collect();
        lines.push(format!("{:<width$}{cells}", set.name));
    }
    lines
}

/// The figures that have goals, with how far they are from real ones.
fn beside_real(real: &Verdict, set: &Verdict) -> Vec<String> {
    let mut lines = vec![format!("{} beside real", set.name)];
    let mut say = |name: &str, label: &str, goal: &str, apart: fn(f64, f64) -> String| {
        if let Some((real, made)) = of(&real.figures, name).zip(of(&set.figures, name)) {
            lines.push(format!("  {label}: {made:.3}, real {real:.3}: {} ({goal})", apart(made, real)));
        }
    };
    let difference = |made: f64, real: f64| format!("{:+.3}", made - real);
    let percent = |made: f64, real: f64| format!("{:+.1} %", (made / real - 1.0) * 100.0);
    say("bars_taken_up_as_rhythm", "bars taken up as rhythm", "goal within 0.15", difference);
    say("bars_taken_up_as_shape", "bars taken up as shape", "goal within 0.15", difference);
    say("bars_taken_up", "bars taken up exactly", "goal within 0.15", difference);
    say("pitch_class_entropy", "pitch-class entropy", "goal within 5 %", percent);
    say("bar_self_similarity", "bar self-similarity", "goal within 0.05", difference);
    say("density", "notes a bar", "no goal", percent);
    lines
}

fn tells(set: &Verdict) -> Vec<String> {
    let mut lines = vec![format!("what tells {} from real, by itself", set.name)];
    let line = |tell: &Tell| {
        format!("  {:<36} real {:>8.3}, made {:>8.3}, AUC {:.3}", tell.name, tell.real, tell.made, tell.auc)
    };
    lines.extend(set.tells.iter().map(line));
    lines
}

fn by_source(real: &Verdict, set: &Verdict) -> Vec<String> {
    let heads: String =
        BY_SOURCE.iter().map(|(_, head)| format!("{:>16}", format!("{head} (real)"))).collect();
    let mut lines = vec![format!("{:<18}{:>6}{:>10}{:>10}{heads}", set.name, "n", "alone", "related")];
    for (name, share) in &set.by_source {
        let beside = real.by_source.get(name).map(|share| &share.figures);
        let pair = |figure: &str| {
            let made = of(&share.figures, figure).map_or("-".to_owned(), |figure| format!("{figure:.2}"));
            let real = beside.and_then(|means| of(means, figure));
            format!(
                "{:>16}",
                format!("{made} ({})", real.map_or("-".to_owned(), |real| format!("{real:.2}")))
            )
        };
        let cells: String = BY_SOURCE.iter().map(|(figure, _)| pair(figure)).collect();
        let (alone, related) = (cell(share.alone, 2), cell(share.related, 2));
        lines.push(format!("{name:<18}{:>6}{alone}{related}{cells}", share.answers));
    }
    lines
}

fn all(report: &Report) -> impl Iterator<Item = &Verdict> {
    std::iter::once(&report.real).chain(&report.sets)
}

fn width(report: &Report) -> usize {
    all(report).map(|set| set.name.chars().count()).max().unwrap_or(0).max(4) + 2
}

fn of(means: &Means, name: &str) -> Option<f64> {
    let means: &BTreeMap<&'static str, Option<f64>> = means;
    means.get(name).copied().flatten()
}

fn cell(figure: Option<f64>, decimals: usize) -> String {
    format!("{:>10}", figure.map_or("-".to_owned(), |figure| format!("{figure:.decimals$}")))
}
