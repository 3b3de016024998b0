//! `cargo xtask tidy`: what the architecture promises and no compiler checks.

mod layers;
mod sources;
mod text;

use std::fmt;
use std::fs;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{metadata, output, root};

/// A broken rule, printed as `path:line: sentence`.
#[derive(Debug, PartialEq, Eq)]
struct Violation {
    path: String,
    line: usize,
    sentence: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.sentence)
    }
}

/// A file of the repository that is text.
struct File {
    path: String,
    text: String,
}

/// Checks the layers, each source file's opening, name, size and marks, and every text of the repository.
///
/// # Errors
/// A rule is broken (each breach is printed on a line of its own), or git or cargo do not answer.
pub fn tidy(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!("tidy takes no arguments");
    }
    let files = files()?;
    let mut violations = layers::violations(&metadata()?, &root());
    for file in &files {
        violations.extend(sources::violations(file));
        violations.extend(text::violations(file));
    }
    for violation in &violations {
        eprintln!("{violation}");
    }
    match violations.len() {
        0 => Ok(()),
        count => bail!("{count} rules of ARCHITECTURE.md are broken (lines above)"),
    }
}

/// What git keeps, and what it would keep if asked: pictures and other bytes are left out.
fn files() -> Result<Vec<File>> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    let list = output(&mut git)?;
    let paths = list.split('\0').filter(|path| !path.is_empty());
    let read = |path: &str| {
        let text = fs::read(root().join(path)).ok().and_then(|bytes| String::from_utf8(bytes).ok())?;
        Some(File { path: path.to_owned(), text })
    };
    Ok(paths.filter_map(read).collect())
}
