//! `cargo xtask pictures`: draws every state of the panel into `assets/pictures`, where README and manual show them and
//! the tests compare with them.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, root, run};
use crate::system;

/// Where the pictures lie.
const FOLDER: &str = "assets/pictures";
/// What a comparison that failed leaves beside a picture.
const LEFTOVERS: [&str; 3] = [".old.png", ".new.png", ".diff.png"];
/// The tests that draw.
const DRAWING: &str = "panel::tests::pictures";

/// Draws all states anew, and makes the files small.
///
/// # Errors
/// A state cannot be drawn, or a file cannot be written.
pub fn pictures(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!("pictures takes no arguments: it draws all states of the panel");
    }
    system::provide(&[system::BUILD, system::TESTS, system::PICTURES])?;
    let mut draw = cargo(["test", "--workspace", "--lib", "--locked", "--", DRAWING]);
    run(draw.env("UPDATE_SNAPSHOTS", "1")).context("the panel could not be drawn")?;
    let folder = root().join(FOLDER);
    let (mut count, mut bytes) = (0, 0);
    for entry in fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        let name = path.to_string_lossy();
        if LEFTOVERS.iter().any(|ending| name.ends_with(ending)) {
            fs::remove_file(&path).with_context(|| format!("{} cannot be removed", path.display()))?;
        } else if name.ends_with(".png") {
            pack(&path)?;
            count += 1;
            bytes += fs::metadata(&path)?.len();
        }
    }
    println!("{count} pictures in {FOLDER}, {:.1} MB", bytes as f64 / 1e6);
    Ok(())
}

/// Makes a picture's file smaller without changing a pixel.
fn pack(path: &Path) -> Result<()> {
    run(Command::new("optipng").args(["-quiet", "-o2"]).arg(path))
        .with_context(|| format!("{} was drawn but not made smaller", path.display()))
}
