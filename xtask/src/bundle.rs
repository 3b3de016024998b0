//! `cargo xtask bundle`: the plugin's library put into the shapes that CLAP and VST3 hosts load.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::process::{RELEASED, root, target_folder};
use crate::system;

const PLUGIN: &str = "continuo-plugin";
/// The bare pass-through that the tests compare with.
const PASSTHROUGH: &str = "continuo-passthrough";

/// The plugin's bundles in both formats, by their names.
pub const NAMES: [&str; 2] = ["Continuo.clap", "Continuo.vst3"];

/// Builds the plugin, optimised unless `--debug` is given, and makes `target/bundled/Continuo.{clap,vst3}`.
///
/// # Errors
/// An unknown argument, or the build or the bundling fails.
pub fn bundle(args: &[String]) -> Result<()> {
    match args {
        [] => build_and_bundle(&[PLUGIN], &["--release"]),
        [debug] if debug == "--debug" => build_and_bundle(&[PLUGIN], &[]),
        _ => bail!("bundle takes --debug or nothing"),
    }
}

/// Builds and bundles what the benchmarks load, optimised, and says where.
///
/// # Errors
/// The build or the bundling fails.
pub fn bundle_for_benches() -> Result<PathBuf> {
    build_and_bundle(&[PLUGIN, PASSTHROUGH], &["--release"])?;
    Ok(target_folder()?.join("bundled"))
}

/// Bundles the libraries that the tests' own build has just made, so that nothing is built twice, and says where.
///
/// # Errors
/// A library is not there, or the bundling fails.
pub fn bundle_for_tests() -> Result<PathBuf> {
    let target = target_folder()?;
    // The bundler reads TARGET/debug and writes TARGET/bundled: give it a target folder of its own.
    let (staged, bundled) = (target.join("staged"), target.join("bundled-test"));
    remove(&staged)?;
    fs::create_dir_all(staged.join("debug")).with_context(|| format!("cannot make {}", staged.display()))?;
    enter_root()?;
    for package in [PLUGIN, PASSTHROUGH] {
        let library = format!("{}{}{}", DLL_PREFIX, package.replace('-', "_"), DLL_SUFFIX);
        fs::copy(target.join("debug").join(&library), staged.join("debug").join(&library))
            .with_context(|| format!("cannot copy {library} from {}", target.join("debug").display()))?;
        nice_plug_xtask::bundle(&staged, package, &[], false)?;
    }
    remove(&bundled)?;
    fs::rename(staged.join("bundled"), &bundled)
        .with_context(|| format!("cannot make {}", bundled.display()))?;
    remove(&staged)?;
    Ok(bundled)
}

fn build_and_bundle(packages: &[&str], flags: &[&str]) -> Result<()> {
    system::provide(&[system::BUILD])?;
    enter_root()?;
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    let mut named = [packages, &RELEASED].concat();
    named.sort_unstable();
    named.dedup();
    // The command line has no library: it is named for its features and not built.
    nice_plug_xtask::build(&owned(&named), &owned(&[flags, &["--lib"]].concat()))?;
    let target = target_folder()?;
    packages.iter().try_for_each(|package| nice_plug_xtask::bundle(&target, package, &owned(flags), false))
}

/// The bundler reads `bundler.toml` from the current folder.
fn enter_root() -> Result<()> {
    env::set_current_dir(root()).context("cannot enter the workspace's folder")
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}
