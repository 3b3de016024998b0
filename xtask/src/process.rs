//! Other programs: starting them in the right folder, and turning their failures into sentences.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The folder of the workspace, whatever folder the command was given in.
pub fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// A cargo command, to be run in the workspace's folder.
pub fn cargo<'a>(args: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new("cargo");
    command.args(args).current_dir(root());
    command
}

/// What we hand out. Every optimised build names both, so that all builds have one set of features, and what one
/// command has built the next need not build again.
pub const RELEASED: [&str; 2] = ["continuo-plugin", "continuo"];

/// Builds one of our programs, optimised, and says where it is.
///
/// # Errors
/// The build fails.
pub fn release_program(name: &str) -> Result<PathBuf> {
    let packages = RELEASED.iter().flat_map(|package| ["--package", package]);
    let words = ["build", "--release", "--bin", name].into_iter().chain(packages);
    run(&mut cargo(words))?;
    Ok(target_folder()?.join("release").join(format!("{name}{}", env::consts::EXE_SUFFIX)))
}

/// Runs a program with our own input and output.
///
/// # Errors
/// The program cannot be started, or it fails; the sentence holds the whole command.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start `{}`", words(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", words(command));
    }
    Ok(())
}

/// Whether a program can be started and succeeds; it prints nothing.
pub fn succeeds(command: &mut Command) -> bool {
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

/// What a program prints; its complaints go to our own standard error.
///
/// # Errors
/// As for [`run`], or it prints what is not text.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{}`", words(command)))?;
    if !output.status.success() {
        bail!("`{}` failed ({})", words(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{}` did not print text", words(command)))
}

/// What cargo knows of the workspace's own packages.
///
/// # Errors
/// As for [`output`], or cargo prints what is no JSON.
pub fn metadata() -> Result<Value> {
    let text = output(&mut cargo(["metadata", "--format-version", "1", "--no-deps", "--locked"]))?;
    serde_json::from_str(&text).context("`cargo metadata` did not print JSON")
}

/// The folder that cargo builds in.
///
/// # Errors
/// As for [`metadata`].
pub fn target_folder() -> Result<PathBuf> {
    let metadata = metadata()?;
    let folder =
        metadata["target_directory"].as_str().context("`cargo metadata` names no target_directory")?;
    Ok(PathBuf::from(folder))
}

fn words(command: &Command) -> String {
    let args = command.get_args().map(|arg| arg.to_string_lossy().into_owned());
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program.to_string_lossy().into_owned()).chain(args).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let error = run(cargo(["--no-such-flag"]).stderr(Stdio::null())).unwrap_err();
        assert!(error.to_string().starts_with("`cargo --no-such-flag` failed"), "{error}");
        let error = run(&mut Command::new("no-such-program")).unwrap_err();
        assert!(error.to_string().contains("cannot start `no-such-program`"), "{error}");
    }
}
