//! `cargo xtask bench`: the benchmarks, on the optimised bundles, and one table of what they found.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::cargo;
use crate::{bundle, system};

/// The benchmarks, in the order of the table.
const BENCHES: [&str; 4] = ["answering", "first_note", "process_block", "footprint"];
/// What the columns of the table hold.
const HEADINGS: [&str; COLUMNS] = ["what", "figure", "peer", "ratio", "goal"];
const COLUMNS: usize = 5;
/// What stands between two columns of a benchmark's line.
const BETWEEN: &str = " | ";

/// What the benchmarks have said.
#[derive(Debug, Default, PartialEq, Eq)]
struct Findings {
    rows: Vec<[String; COLUMNS]>,
    remarks: Vec<String>,
}

/// Bundles the optimised plugin, runs every benchmark, or those that are named, and prints a table of their figures.
/// `--quick` makes them run less often.
///
/// # Errors
/// An unknown argument, or a build or a benchmark fails.
pub fn bench(args: &[String]) -> Result<()> {
    let (flags, names): (Vec<&String>, Vec<&String>) = args.iter().partition(|arg| arg.starts_with("--"));
    if let Some(unknown) = flags.iter().find(|flag| **flag != "--quick") {
        bail!("bench does not know {unknown}; it takes --quick and the names {}", BENCHES.join(", "));
    }
    if let Some(unknown) = names.iter().find(|name| !BENCHES.contains(&name.as_str())) {
        bail!("there is no benchmark \"{unknown}\"; choose among {}", BENCHES.join(", "));
    }
    system::provide(&[system::BUILD])?;
    let bundles = bundle::bundle_for_benches()?;
    let mut findings = Findings::default();
    for name in BENCHES.iter().filter(|bench| names.is_empty() || names.iter().any(|name| name == *bench)) {
        // The command line is named for its features: with it the dependencies are those that the bundles were built of.
        let packages = ["--package", "continuo-tests", "--package", "continuo"];
        let mut bench = cargo(["bench"].into_iter().chain(packages).chain(["--bench", name, "--"]));
        bench.args(&flags).env(crate::test::BUNDLES, &bundles);
        collect(&mut bench, &mut findings).with_context(|| format!("the benchmark {name}"))?;
    }
    print!("{}", findings.table());
    Ok(())
}

/// Runs a benchmark and takes down what it says, which is also shown as it comes.
fn collect(bench: &mut Command, findings: &mut Findings) -> Result<()> {
    let mut running = bench.stdout(Stdio::piped()).spawn().context("cargo cannot be started")?;
    let output = running.stdout.take().context("its output cannot be read")?;
    for line in BufReader::new(output).lines() {
        let line = line.context("it did not print text")?;
        eprintln!("{line}");
        findings.take(&line);
    }
    let status = running.wait()?;
    if !status.success() {
        bail!("it failed ({status})");
    }
    Ok(())
}

impl Findings {
    /// Takes down one line: a figure, a remark, or neither.
    fn take(&mut self, line: &str) {
        if let Some(remark) = line.strip_prefix("# ") {
            self.remarks.push(remark.to_owned());
        } else if let Ok(row) = <[&str; COLUMNS]>::try_from(line.split(BETWEEN).collect::<Vec<_>>()) {
            self.rows.push(row.map(str::to_owned));
        }
    }

    /// All figures in columns, then the remarks.
    fn table(&self) -> String {
        let headings = HEADINGS.map(str::to_owned);
        let rows = || std::iter::once(&headings).chain(&self.rows);
        let width = |column: usize| rows().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: [usize; COLUMNS] = std::array::from_fn(width);
        let mut table = String::from("\n");
        for (number, row) in rows().enumerate() {
            let padded: Vec<String> =
                row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            table += padded.join(BETWEEN).trim_end();
            table.push('\n');
            if number == 0 {
                table += &widths.map(|width| "-".repeat(width)).join("-|-");
                table.push('\n');
            }
        }
        table.push('\n');
        for remark in &self.remarks {
            table += &format!("- {remark}\n");
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_remarks_are_taken_down_and_nothing_else() {
        let mut findings = Findings::default();
        for line in ["   Compiling", "# wall time", "scan | 1 ms | bare: 0.5 ms | 2.00 x | -", "a | b"] {
            findings.take(line);
        }
        assert_eq!(findings.remarks, ["wall time"]);
        assert_eq!(findings.rows, [["scan", "1 ms", "bare: 0.5 ms", "2.00 x", "-"]]);
    }

    #[test]
    fn the_table_has_straight_columns() {
        let mut findings = Findings::default();
        findings.take("scan | 1 ms | bare: 0.5 ms | 2.00 x | -");
        findings.take("a long name | 1 | 2 | 3 | 4");
        let table = findings.table();
        let bars = |line: &str| line.char_indices().filter(|(_, c)| *c == '|').map(|(at, _)| at).collect();
        let places: Vec<Vec<usize>> = table.lines().filter(|line| line.contains('|')).map(bars).collect();
        assert_eq!(places.len(), 4);
        assert!(places.iter().all(|place| *place == places[0]), "{table}");
    }
}
