//! Paper B's Table II from listeners' answers.

use serde::Serialize;

use super::interval::Estimate;
use super::results::{Answer, Sheet};
use crate::comparison::paper::LISTENERS;

/// A study's outcome.
#[derive(Debug, PartialEq, Serialize)]
pub struct Table {
    listeners: usize,
    /// The most real first.
    rows: Vec<Row>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Row {
    model: String,
    name: String,
    /// How many clips were judged, by all listeners together.
    answers: usize,
    real: Estimate,
    pleasing: Estimate,
    complicated: Estimate,
    /// The paper's means in the same order, for its own systems.
    paper: Option<[f64; 3]>,
}

impl Table {
    /// The table of one study's answers.
    pub fn of(sheets: &[Sheet]) -> Table {
        let mut models: Vec<(&str, &str)> = Vec::new();
        for answer in sheets.iter().flat_map(|sheet| &sheet.answers) {
            if models.iter().all(|(model, _)| *model != answer.model) {
                models.push((&answer.model, &answer.name));
            }
        }
        let mut rows: Vec<Row> =
            models.iter().filter_map(|(model, name)| Row::of(model, name, sheets)).collect();
        rows.sort_by(|left, right| {
            right.real.mean.total_cmp(&left.real.mean).then(left.model.cmp(&right.model))
        });
        Table { listeners: sheets.len(), rows }
    }

    /// The lines for people.
    pub fn words(&self) -> Vec<String> {
        let width = self.rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max(6);
        let head = ["real", "pleasing", "complicated"].map(|question| format!(" {question:>13}")).concat();
        let mut lines = vec![format!("{:<width$} clips{head}   paper's means", "player")];
        for row in &self.rows {
            let figures =
                [row.real, row.pleasing, row.complicated].map(|figure| format!(" {:>13}", cell(figure)));
            let paper = row.paper.map(|means| means.map(|mean| format!("{mean:.2}")).join(" "));
            let paper = paper.unwrap_or_else(|| "-".to_owned());
            lines.push(format!("{:<width$} {:>5}{}   {paper}", row.name, row.answers, figures.concat()));
        }
        lines.push(match self.listeners {
            1 => "1 listener, 1 (not at all) to 5 (very); intervals need at least two listeners".to_owned(),
            count => format!(
                "{count} listeners, 1 (not at all) to 5 (very); ± is the 95 % confidence interval of the mean"
            ),
        });
        lines
    }
}

impl Row {
    fn of(model: &str, name: &str, sheets: &[Sheet]) -> Option<Row> {
        let of = |sheet: &Sheet| -> Vec<Answer> {
            sheet.answers.iter().filter(|answer| answer.model == model).cloned().collect()
        };
        let heard: Vec<Vec<Answer>> = sheets.iter().map(of).filter(|answers| !answers.is_empty()).collect();
        let estimate = |points: fn(&Answer) -> u8| {
            let mean = |answers: &Vec<Answer>| {
                answers.iter().map(|answer| f64::from(points(answer))).sum::<f64>() / answers.len() as f64
            };
            Estimate::of(&heard.iter().map(mean).collect::<Vec<f64>>())
        };
        Some(Row {
            model: model.to_owned(),
            name: name.to_owned(),
            answers: heard.iter().map(Vec::len).sum(),
            real: estimate(|answer| answer.real)?,
            pleasing: estimate(|answer| answer.pleasing)?,
            complicated: estimate(|answer| answer.complicated)?,
            paper: LISTENERS.iter().find(|(id, ..)| *id == model).map(|(.., means)| *means),
        })
    }
}

fn cell(estimate: Estimate) -> String {
    match estimate.half_width {
        Some(half_width) => format!("{:.2} ± {half_width:.2}", estimate.mean),
        None => format!("{:.2}", estimate.mean),
    }
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::sheet_of;
    use super::*;

    #[test]
    fn each_listener_counts_once_however_many_clips_were_heard() {
        let sheets = [
            sheet_of("x", &[("lstm-gan", 5, 4, 3), ("lstm-gan", 3, 4, 3), ("real", 5, 5, 5)]),
            sheet_of("y", &[("lstm-gan", 2, 2, 1)]),
        ];
        let table = Table::of(&sheets);
        assert_eq!(table.rows.iter().map(|row| row.model.as_str()).collect::<Vec<_>>(), ["real", "lstm-gan"]);
        let gan = &table.rows[1];
        // Means of 4 and 2: 3, the standard error 1, times 12.706.
        assert_eq!((gan.answers, gan.real.mean), (3, 3.0));
        assert!((gan.real.half_width.unwrap() - 12.706).abs() < 1e-9);
        assert_eq!(gan.paper, Some([3.52, 3.38, 3.16]));
        // Only one listener heard real music.
        assert_eq!(table.rows[0].real, Estimate { mean: 5.0, half_width: None });
    }

    #[test]
    fn the_table_is_read_by_people() {
        let table = Table::of(&[sheet_of("x", &[("dense", 1, 2, 3)]), sheet_of("y", &[("dense", 1, 2, 5)])]);
        assert_eq!(
            table.words(),
            [
                "player clips          real      pleasing   complicated   paper's means",
                "DENSE      2   1.00 ± 0.00   2.00 ± 0.00  4.00 ± 12.71   1.21 1.51 2.62",
                "2 listeners, 1 (not at all) to 5 (very); ± is the 95 % confidence interval of the mean",
            ]
        );
    }
}
