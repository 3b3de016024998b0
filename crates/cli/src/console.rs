//! What goes to standard output and what to standard error; a closed pipe ends neither the work nor the program.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde::Serialize;

/// The exit code of every failure.
pub const FAILURE: u8 = 2;

/// The two streams, and what the first is for.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    json: bool,
}

impl Console {
    /// With `json` standard output holds one JSON document, and people read standard error.
    pub fn new(json: bool) -> Console {
        Console { json }
    }

    /// A line for people.
    ///
    /// # Errors
    /// Standard output cannot take it, a full disk for example.
    pub fn say(&self, line: &str) -> Result<()> {
        if self.json {
            self.remark(line);
            return Ok(());
        }
        print(line)
    }

    /// A line that is not part of the result.
    pub fn remark(&self, line: &str) {
        // There is nobody left to tell where standard error is closed.
        let _ = writeln!(io::stderr(), "{line}");
    }

    /// The result for programs, where it is wanted.
    ///
    /// # Errors
    /// Standard output cannot take it.
    pub fn document(&self, result: &impl Serialize) -> Result<()> {
        if !self.json {
            return Ok(());
        }
        print(&serde_json::to_string_pretty(result).context("the result cannot be put into JSON")?)
    }

    /// The sentence that ends a failed run.
    pub fn fail(&self, sentence: &str) -> ExitCode {
        self.remark(&format!("continuo: {sentence}"));
        if self.json {
            let _ = print(&serde_json::json!({ "error": sentence }).to_string());
        }
        ExitCode::from(FAILURE)
    }
}

fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output cannot be written"),
    }
}
