//! `cargo xtask bundle`: the plugin's library put into the shapes that CLAP and VST3 hosts load.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::process::{root, target_folder};
use crate::system;

const PACKAGE: &str = "continuo-plugin";

/// The bundles of both formats, by their names.
pub const NAMES: [&str; 2] = ["Continuo.clap", "Continuo.vst3"];

/// Builds the plugin, optimised unless `--debug` is given, and makes `target/bundled/Continuo.{clap,vst3}`.
///
/// # Errors
/// An unknown argument, or the build or the bundling fails.
pub fn bundle(args: &[String]) -> Result<()> {
    let flags = match args {
        [] => vec!["--release".to_owned()],
        [debug] if debug == "--debug" => Vec::new(),
        _ => bail!("bundle takes --debug or nothing"),
    };
    system::provide(&[system::BUILD])?;
    enter_root()?;
    nice_plug_xtask::build(&[PACKAGE.to_owned()], &flags)?;
    nice_plug_xtask::bundle(&target_folder()?, PACKAGE, &flags, false)?;
    Ok(())
}

/// Bundles the library that the tests' own build has just made, so that nothing is built twice, and says where.
///
/// # Errors
/// The library is not there, or the bundling fails.
pub fn bundle_for_tests() -> Result<PathBuf> {
    let target = target_folder()?;
    let library = format!("{}continuo_plugin{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    // The bundler reads TARGET/debug and writes TARGET/bundled: give it a target folder of its own.
    let (staged, bundled) = (target.join("staged"), target.join("bundled-test"));
    let copy = staged.join("debug").join(&library);
    remove(&staged)?;
    fs::create_dir_all(staged.join("debug")).with_context(|| format!("cannot make {}", staged.display()))?;
    fs::copy(target.join("debug").join(&library), copy)
        .with_context(|| format!("cannot copy {library} from {}", target.join("debug").display()))?;
    enter_root()?;
    nice_plug_xtask::bundle(&staged, PACKAGE, &[], false)?;
    remove(&bundled)?;
    fs::rename(staged.join("bundled"), &bundled)
        .with_context(|| format!("cannot make {}", bundled.display()))?;
    remove(&staged)?;
    Ok(bundled)
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
