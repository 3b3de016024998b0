//! `cargo xtask test`: everything that CI runs, the quick and the likely failures first.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, run, succeeds};
use crate::{browser, bundle, system, tidy};

/// The variable that tells the tests which folder holds `Continuo.clap` and `Continuo.vst3`.
pub const BUNDLES: &str = "CONTINUO_BUNDLES";

/// Checks and tests the whole workspace; the test runner's summary comes last.
///
/// # Errors
/// The first step that fails.
pub fn test(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!("test takes no arguments: for a single test use `cargo nextest run NAME` or `cargo test NAME`");
    }
    system::provide(&[system::BUILD, system::WINDOW, system::TESTS])?;
    timed("formatting", || {
        run(&mut cargo(["fmt", "--all", "--check"])).context("`cargo fmt --all` puts the format right")
    })?;
    timed("tidy", || tidy::tidy(&[]))?;
    timed("dependencies", dependencies)?;
    timed("clippy", || {
        run(&mut cargo(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
    })?;
    let bundles = timed("build", || {
        // The tests' own targets are built along, so that all share one set of features and nothing is built twice.
        run(&mut cargo(["build", "--workspace", "--lib", "--bins", "--tests", "--locked"]))?;
        bundle::bundle_for_tests()
    })?;
    timed("examples in the documentation", || {
        run(cargo(["test", "--workspace", "--doc", "--locked"]).env(BUNDLES, &bundles))
    })?;
    timed("listening test in a browser", browser::listen)?;
    run(runner().env(BUNDLES, &bundles))
}

/// Licences, sources and banned crates of the lockfile, as `deny.toml` has them. Known weaknesses (advisories) are not
/// looked up: their list is on the network.
fn dependencies() -> Result<()> {
    if !succeeds(&mut cargo(["deny", "--version"])) {
        eprintln!("xtask: installing cargo-deny, once");
        let mut install = cargo(["install", "cargo-deny", "--version", "0.20.2", "--locked"]);
        // Its own release profile takes minutes more to build than it will ever save here.
        install.env("CARGO_PROFILE_RELEASE_LTO", "off");
        install.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        run(&mut install)?;
    }
    // Offline, cargo-deny needs the packages of every system in the lockfile, not just of this one.
    run(&mut cargo(["fetch", "--locked", "--quiet"]))?;
    run(&mut cargo(["deny", "--offline", "--log-level", "error", "check", "bans", "licenses", "sources"]))
}

fn runner() -> Command {
    if succeeds(&mut cargo(["nextest", "--version"])) {
        cargo(["nextest", "run", "--workspace", "--lib", "--bins", "--tests", "--locked", "--no-fail-fast"])
    } else {
        cargo(["test", "--workspace", "--lib", "--bins", "--tests", "--locked", "--no-fail-fast"])
    }
}

fn timed<T>(step: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("xtask: {step}");
    let start = Instant::now();
    let done = work().with_context(|| format!("{step} did not pass"))?;
    eprintln!("xtask: {step} took {:.0} s", start.elapsed().as_secs_f64());
    Ok(done)
}
