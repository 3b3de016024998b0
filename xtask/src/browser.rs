//! The listening test taken in a real browser, where there is one.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::{output, root, run, succeeds, target_folder};

/// The names that Chromium goes by.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// What drives it, from npm; fetched once, into cargo's folder.
const DRIVER: (&str, &str) = ("playwright-core", "1.65.1");
/// Clips so short that the test is: a bar of 4/4 at 240 lasts a second.
const STUDY: [&str; 6] = ["--clips", "1", "--bars", "1", "--bpm", "240"];

/// Makes a study with the program as it was built for the tests, takes it as two listeners, and makes the table of
/// their answers; without Chromium, node and npm, and where what drives the browser cannot be fetched, it says so and
/// passes.
///
/// # Errors
/// The page fails in the browser, or its answers make no table.
pub fn listen() -> Result<()> {
    let browser = BROWSERS.into_iter().find(|name| succeeds(Command::new(name).arg("--version")));
    let tools = ["node", "npm"].into_iter().all(|name| succeeds(Command::new(name).arg("--version")));
    let (Some(browser), true) = (browser, tools) else {
        eprintln!("xtask: the listening test is not taken: Chromium, node or npm is not there");
        return Ok(());
    };
    let target = target_folder()?;
    let folder = target.join("browser");
    let (page, answers) = (folder.join("study.html"), folder.join("answers"));
    let driver = match driver(&folder) {
        Ok(driver) => driver,
        Err(error) => {
            eprintln!("xtask: the listening test is not taken: {error:#}");
            return Ok(());
        }
    };
    if answers.exists() {
        fs::remove_dir_all(&answers).context("the answers of the last run cannot be removed")?;
    }
    fs::create_dir_all(&answers).with_context(|| format!("{} cannot be made", answers.display()))?;
    let program = target.join("debug").join(format!("continuo{}", env::consts::EXE_SUFFIX));
    // Without the user's own models.
    run(Command::new(&program).env("XDG_DATA_HOME", &folder).arg("study").args(STUDY).arg("-o").arg(&page))?;
    let script = root().join("tests/browser/listens.mjs");
    let browser = browser_path(browser)?;
    let words: [&OsStr; 5] =
        [script.as_ref(), driver.as_ref(), page.as_ref(), answers.as_ref(), browser.as_ref()];
    run(Command::new("node").args(words))?;
    let saved = fs::read_dir(&answers)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    ensure!(saved.len() == 2, "{} files of answers were saved, and not those of two listeners", saved.len());
    let table = output(Command::new(&program).args(["study", "results"]).args(saved))?;
    ensure!(table.contains("2 listeners") && table.contains('±'), "the table lacks its intervals:\n{table}");
    Ok(())
}

/// The folder of the driver's package, fetched where it is missing.
fn driver(folder: &Path) -> Result<PathBuf> {
    let (name, version) = DRIVER;
    let package = folder.join("node_modules").join(name);
    if !package.is_dir() {
        fs::create_dir_all(folder)?;
        let words = ["install", "--no-save", "--no-audit", "--no-fund", "--silent"];
        let mut npm = Command::new("npm");
        npm.args(words).arg("--prefix").arg(folder).arg(format!("{name}@{version}"));
        run(&mut npm).with_context(|| format!("{name} drives the browser and comes from npm"))?;
    }
    Ok(package)
}

/// Where a program lies: the driver asks for a path.
fn browser_path(name: &str) -> Result<PathBuf> {
    let folders = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file());
    found.with_context(|| format!("{name} is not on the PATH"))
}
