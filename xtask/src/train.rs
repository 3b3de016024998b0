//! `cargo xtask train`: teaching one model, or all of them in a row, with the optimised command line, politely.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{output, release_program, root, run, succeeds, target_folder};

/// The name that stands for every recipe in `models/recipes`.
const ALL: &str = "all";
/// Beside the checkpoints of a recipe: what it said when its training began.
const BEGUN: &str = "recipe.toml";
/// Beside the checkpoints of a recipe: its pack is made.
const FINISHED: &str = "finished";

/// Runs `continuo train NAME ARGS`, at low priority, into `models/NAME` and with checkpoints under
/// `target` unless `--out` and `--checkpoints` say otherwise.
///
/// `all` runs every recipe in `models/recipes` in order of their names. Given again after it was cut short, it leaves out
/// the packs that it made and goes on with the others from their checkpoints.
///
/// # Errors
/// No name is given, or the build or a training fails.
pub fn train(args: &[String]) -> Result<()> {
    let name = args.first().filter(|name| !name.starts_with('-'));
    let name = name
        .context("train which model? `cargo xtask train NAME --data FOLDER`, for example seq2seq or all")?;
    if name == ALL {
        return train_all(&args[1..]);
    }
    let program = release_program("continuo")?;
    let mut training = training(&program, name, &args[1..]);
    if !given(args, "--out") {
        training.arg("--out").arg(pack(&pack_id(name, args)));
    }
    if !given(args, "--checkpoints") {
        training.arg("--checkpoints").arg(target_folder()?.join("checkpoints").join(pack_id(name, args)));
    }
    run(&mut training)
}

fn train_all(args: &[String]) -> Result<()> {
    if let Some(flag) = ["--out", "--checkpoints", "--recipe", "--json"].iter().find(|flag| given(args, flag))
    {
        bail!("`cargo xtask train all` gives every model its own {flag}: leave it out");
    }
    let recipes = recipes(&root().join("models/recipes"))?;
    let program = release_program("continuo")?;
    let checkpoints = target_folder()?.join("checkpoints").join(ALL);
    let mut failures = Vec::new();
    for (id, text) in &recipes {
        let folder = checkpoints.join(id);
        if !begin(&folder, text)? {
            eprintln!("xtask: {id} is made already");
            continue;
        }
        eprintln!("xtask: {id}");
        let mut training = training(&program, id, args);
        training.arg("--out").arg(pack(id)).arg("--checkpoints").arg(&folder).args(["--resume", "--json"]);
        match output(&mut training) {
            // A training that is paused prints no card.
            Ok(card) if card.trim().is_empty() => {
                eprintln!("xtask: {id} is paused: the same command goes on");
                return Ok(());
            }
            Ok(_) => fs::write(folder.join(FINISHED), "").context("a finished model cannot be noted")?,
            Err(error) => failures.push(format!("{id} ({error:#})")),
        }
    }
    if !failures.is_empty() {
        bail!("not every model was made: {}", failures.join("; "));
    }
    // The next run is to make them all anew.
    fs::remove_dir_all(&checkpoints).with_context(|| format!("{} cannot be removed", checkpoints.display()))
}

/// The names and texts of the recipes in a folder, by name.
fn recipes(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut recipes = Vec::new();
    let unread = || format!("{} cannot be read", folder.display());
    for entry in fs::read_dir(folder).with_context(unread)? {
        let path = entry.with_context(unread)?.path();
        if path.extension().is_some_and(|kind| kind == "toml") {
            let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text =
                fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            recipes.push((id, text));
        }
    }
    recipes.sort();
    Ok(recipes)
}

/// Makes a recipe's folder for checkpoints ready and says whether there is anything to do. What another text of the
/// recipe left there is removed: it could not be resumed.
fn begin(folder: &Path, text: &str) -> Result<bool> {
    let begun = folder.join(BEGUN);
    if fs::read_to_string(&begun).is_ok_and(|old| old == text) {
        return Ok(!folder.join(FINISHED).exists());
    }
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    }
    let make = || fs::create_dir_all(folder).and_then(|()| fs::write(&begun, text));
    make().with_context(|| format!("{} cannot be written", begun.display()))?;
    Ok(true)
}

/// `continuo train NAME ARGS`, politely where the system can be polite.
fn training(program: &Path, name: &str, args: &[String]) -> Command {
    let mut training = if succeeds(Command::new("nice").arg("true")) {
        let mut nice = Command::new("nice");
        nice.args(["-n", "10"]).arg(program);
        nice
    } else {
        Command::new(program)
    };
    training.arg("train").arg(name).args(args);
    training
}

/// The pack that a name and its `--recipe` make: `gan --recipe paper` makes `gan-paper`.
fn pack_id(name: &str, args: &[String]) -> String {
    let after = args.iter().skip_while(|arg| *arg != "--recipe").nth(1).map(String::as_str);
    let variant = after.or_else(|| args.iter().find_map(|arg| arg.strip_prefix("--recipe=")));
    match variant {
        Some(variant) if !variant.ends_with(".toml") => format!("{name}-{variant}"),
        _ => name.to_owned(),
    }
}

fn pack(id: &str) -> PathBuf {
    root().join("models").join(id)
}

fn given(args: &[String], flag: &str) -> bool {
    args.iter().any(|arg| arg == flag || arg.starts_with(&format!("{flag}=")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_has_a_pack_of_its_own() {
        let args = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(pack_id("gan", &args("gan --data d")), "gan");
        assert_eq!(pack_id("gan", &args("gan --recipe paper --data d")), "gan-paper");
        assert_eq!(pack_id("gan", &args("gan --recipe=paper")), "gan-paper");
        assert_eq!(pack_id("gan", &args("gan --recipe mine/gan.toml")), "gan");
    }

    #[test]
    fn a_run_that_was_cut_short_leaves_out_what_it_finished_unless_the_recipe_changed() {
        let folder = std::env::temp_dir().join(format!("continuo-xtask-train-{}", std::process::id()));
        assert!(begin(&folder, "epochs = 1").unwrap());
        fs::write(folder.join("checkpoint.json"), "{}").unwrap();
        assert!(begin(&folder, "epochs = 1").unwrap() && folder.join("checkpoint.json").exists());
        fs::write(folder.join(FINISHED), "").unwrap();
        assert!(!begin(&folder, "epochs = 1").unwrap());
        assert!(begin(&folder, "epochs = 2").unwrap() && !folder.join("checkpoint.json").exists());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn every_recipe_is_found() {
        let recipes = recipes(&root().join("models/recipes")).unwrap();
        assert!(recipes.iter().any(|(id, text)| id == "seq2seq" && text.contains("kind = \"seq2seq\"")));
    }
}
