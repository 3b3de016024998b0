//! Where answers and pictures go.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::Args;
use crate::output;

/// Where one answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The `.mid` file.
    pub tune: PathBuf,
    /// The `.png` file, where one is wanted.
    pub picture: Option<PathBuf>,
}

/// The places of all answers, in their order.
///
/// # Errors
/// A file is named where several are to be written, or the input would be written over.
pub fn of(args: &Args) -> Result<Vec<Place>> {
    let tunes = tunes(args)?;
    let pictures = pictures(args, &tunes)?;
    let places: Vec<Place> =
        tunes.into_iter().zip(pictures).map(|(tune, picture)| Place { tune, picture }).collect();
    let outputs: Vec<&Path> = places
        .iter()
        .flat_map(|place| [Some(&place.tune), place.picture.as_ref()])
        .flatten()
        .map(PathBuf::as_path)
        .collect();
    output::keep_input(&args.tune, &outputs)?;
    if let Some(place) = places.iter().find(|place| place.picture.as_ref() == Some(&place.tune)) {
        bail!("both the tune and its picture would be written to {}; name two files", place.tune.display());
    }
    Ok(places)
}

fn tunes(args: &Args) -> Result<Vec<PathBuf>> {
    let beside = |suffix: &str| {
        let mut name = args.tune.file_stem().unwrap_or_default().to_owned();
        name.push(suffix);
        args.tune.with_file_name(name)
    };
    match &args.out {
        None if args.count == 1 => Ok(vec![beside("-continued.mid")]),
        None => Ok(numbered(&beside("-continued"), args.count, "mid")),
        Some(path) if is_folder(path) => Ok(numbered(path, args.count, "mid")),
        Some(path) if args.count == 1 => Ok(vec![path.clone()]),
        Some(path) if is_file_name(path) => {
            bail!(
                "-o {} is one file, and --count {} makes several; name a folder",
                path.display(),
                args.count
            )
        }
        Some(path) => Ok(numbered(path, args.count, "mid")),
    }
}

fn pictures(args: &Args, tunes: &[PathBuf]) -> Result<Vec<Option<PathBuf>>> {
    let all = |paths: Vec<PathBuf>| Ok(paths.into_iter().map(Some).collect());
    match &args.picture {
        None => Ok(vec![None; tunes.len()]),
        Some(None) => all(tunes.iter().map(|tune| tune.with_extension("png")).collect()),
        Some(Some(path)) if is_folder(path) => all(numbered(path, args.count, "png")),
        Some(Some(path)) if args.count == 1 => all(vec![path.clone()]),
        Some(Some(path)) if is_file_name(path) => {
            bail!(
                "--picture {} is one file, and --count {} makes several; name a folder",
                path.display(),
                args.count
            )
        }
        Some(Some(path)) => all(numbered(path, args.count, "png")),
    }
}

fn numbered(folder: &Path, count: u32, extension: &str) -> Vec<PathBuf> {
    (1..=count).map(|number| folder.join(format!("{number:03}.{extension}"))).collect()
}

/// A folder that is there, or that is written as one.
fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.to_string_lossy().ends_with(std::path::is_separator)
}

fn is_file_name(path: &Path) -> bool {
    path.is_file() || path.extension().is_some()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, clap::Parser)]
    struct Words {
        #[command(flatten)]
        args: Args,
    }

    fn places(words: &str) -> Result<Vec<(String, Option<String>)>> {
        let words = Words::try_parse_from(std::iter::once("continuo").chain(words.split_whitespace()))?;
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let texts = |place: &Place| (text(&place.tune), place.picture.as_deref().map(text));
        Ok(of(&words.args)?.iter().map(texts).collect())
    }

    fn pair(tune: &str, picture: Option<&str>) -> (String, Option<String>) {
        (tune.to_owned(), picture.map(str::to_owned))
    }

    #[test]
    fn one_answer_goes_to_the_named_file_or_beside_the_input() {
        assert_eq!(places("no/tune.mid").unwrap(), [pair("no/tune-continued.mid", None)]);
        assert_eq!(places("tune.mid -o new.mid --picture p.png").unwrap(), [pair("new.mid", Some("p.png"))]);
        assert_eq!(places("tune.mid -o new.mid --picture").unwrap(), [pair("new.mid", Some("new.png"))]);
        assert_eq!(places("tune.mid -o no/ --picture").unwrap(), [pair("no/001.mid", Some("no/001.png"))]);
    }

    #[test]
    fn several_answers_go_to_a_folder_with_numbers() {
        let beside = [pair("a/tune-continued/001.mid", None), pair("a/tune-continued/002.mid", None)];
        assert_eq!(places("a/tune.mid --count 2").unwrap(), beside);
        let both = [pair("no/001.mid", Some("no/001.png")), pair("no/002.mid", Some("no/002.png"))];
        assert_eq!(places("tune.mid --count 2 -o no --picture").unwrap(), both);
        let apart = [pair("no/001.mid", Some("see/001.png")), pair("no/002.mid", Some("see/002.png"))];
        assert_eq!(places("tune.mid --count 2 -o no/ --picture see/").unwrap(), apart);
    }

    #[test]
    fn one_file_for_several_answers_is_refused() {
        for words in ["tune.mid --count 2 -o new.mid", "tune.mid --count 2 --picture p.png"] {
            assert!(places(words).unwrap_err().to_string().contains("name a folder"), "{words}");
        }
        assert!(places("tune.mid -o x --picture x").unwrap_err().to_string().contains("name two files"));
    }
}
