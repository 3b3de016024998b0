//! Where answers and pictures go.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::Order;
use crate::output;

/// Where one answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The `.mid` file.
    pub tune: PathBuf,
    /// The `.png` file, where one is wanted.
    pub picture: Option<PathBuf>,
}

/// Where the flags want answers to go.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// What is read, and must not be written over.
    inputs: &'a [&'a Path],
    /// The place without `--out`, its ending left out; nothing is written where this and `--out` are missing.
    beside: Option<PathBuf>,
    out: Option<&'a Path>,
    picture: Option<Option<&'a Path>>,
    count: u32,
}

impl Wish<'_> {
    /// The wish of an order.
    pub fn of<'a>(order: &Order<'a>) -> Wish<'a> {
        let beside = |suffix: &str| {
            let tune = order.tunes.first().copied().unwrap_or(Path::new(""));
            let mut name = tune.file_stem().unwrap_or_default().to_owned();
            name.push(suffix);
            tune.with_file_name(name)
        };
        Wish {
            inputs: order.tunes,
            beside: order.suffix.map(beside),
            out: order.flags.out.as_deref(),
            picture: order.flags.picture.as_ref().map(Option::as_deref),
            count: order.count,
        }
    }
}

/// The places of all answers, in their order; none where nothing is to be written.
///
/// # Errors
/// A file is named where several are to be written, an input would be written over, or a picture is wanted of what
/// is not written.
pub fn of(wish: &Wish<'_>) -> Result<Vec<Place>> {
    let Some(tunes) = tunes(wish)? else {
        if wish.picture.is_some() {
            bail!("--picture draws what is written: name a file or a folder for the answers with -o, too");
        }
        return Ok(Vec::new());
    };
    let pictures = pictures(wish, &tunes)?;
    let places: Vec<Place> =
        tunes.into_iter().zip(pictures).map(|(tune, picture)| Place { tune, picture }).collect();
    let outputs: Vec<&Path> = places
        .iter()
        .flat_map(|place| [Some(&place.tune), place.picture.as_ref()])
        .flatten()
        .map(PathBuf::as_path)
        .collect();
    for input in wish.inputs {
        output::keep_input(input, &outputs)?;
    }
    if let Some(place) = places.iter().find(|place| place.picture.as_ref() == Some(&place.tune)) {
        bail!("both the tune and its picture would be written to {}; name two files", place.tune.display());
    }
    Ok(places)
}

fn tunes(wish: &Wish<'_>) -> Result<Option<Vec<PathBuf>>> {
    let Some(path) = wish.out else {
        let Some(beside) = &wish.beside else { return Ok(None) };
        let mut file = beside.clone().into_os_string();
        file.push(".mid");
        return Ok(Some(match wish.count {
            1 => vec![PathBuf::from(file)],
            count => numbered(beside, count, "mid"),
        }));
    };
    one_or_numbered("-o", path, wish.count, "mid").map(Some)
}

fn pictures(wish: &Wish<'_>, tunes: &[PathBuf]) -> Result<Vec<Option<PathBuf>>> {
    match wish.picture {
        None => Ok(vec![None; tunes.len()]),
        Some(None) => Ok(tunes.iter().map(|tune| Some(tune.with_extension("png"))).collect()),
        Some(Some(path)) => {
            Ok(one_or_numbered("--picture", path, wish.count, "png")?.into_iter().map(Some).collect())
        }
    }
}

/// The one file of this name, or numbered files in the folder of this name.
fn one_or_numbered(flag: &str, path: &Path, count: u32, extension: &str) -> Result<Vec<PathBuf>> {
    if is_folder(path) {
        return Ok(numbered(path, count, extension));
    }
    if count == 1 {
        return Ok(vec![path.to_owned()]);
    }
    if is_file_name(path, extension) {
        bail!("{flag} {} is one file, and --count {count} makes several; name a folder", path.display());
    }
    Ok(numbered(path, count, extension))
}

fn numbered(folder: &Path, count: u32, extension: &str) -> Vec<PathBuf> {
    (1..=count).map(|number| folder.join(format!("{number:03}.{extension}"))).collect()
}

/// A folder that is there, or that is written as one.
fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.to_string_lossy().ends_with(std::path::is_separator)
}

/// A file that is there, or that ends as such files do: a dot alone may well be part of a folder's name.
fn is_file_name(path: &Path, extension: &str) -> bool {
    path.is_file() || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places of `count` answers to `tune` with these values of `--out` and `--picture`.
    fn places(
        tune: &str,
        count: u32,
        out: Option<&str>,
        picture: Option<Option<&str>>,
    ) -> Result<Vec<(String, Option<String>)>> {
        let beside = PathBuf::from(format!("{}-continued", tune.trim_end_matches(".mid")));
        let wish = Wish {
            inputs: &[Path::new(tune)],
            beside: Some(beside),
            out: out.map(Path::new),
            picture: picture.map(|path| path.map(Path::new)),
            count,
        };
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let texts = |place: &Place| (text(&place.tune), place.picture.as_deref().map(text));
        Ok(of(&wish)?.iter().map(texts).collect())
    }

    fn pair(tune: &str, picture: Option<&str>) -> (String, Option<String>) {
        (tune.to_owned(), picture.map(str::to_owned))
    }

    #[test]
    fn one_answer_goes_to_the_named_file_or_beside_the_input() {
        let of_one = |tune, out, picture| places(tune, 1, out, picture).unwrap();
        assert_eq!(of_one("no/tune.mid", None, None), [pair("no/tune-continued.mid", None)]);
        assert_eq!(of_one("t.mid", Some("new.mid"), Some(Some("p.png"))), [pair("new.mid", Some("p.png"))]);
        assert_eq!(of_one("t.mid", Some("new.mid"), Some(None)), [pair("new.mid", Some("new.png"))]);
        assert_eq!(of_one("t.mid", Some("no/"), Some(None)), [pair("no/001.mid", Some("no/001.png"))]);
        assert_eq!(of_one("a.b.mid", None, None), [pair("a.b-continued.mid", None)]);
    }

    #[test]
    fn several_answers_go_to_a_folder_with_numbers() {
        let beside = [pair("a/tune-continued/001.mid", None), pair("a/tune-continued/002.mid", None)];
        assert_eq!(places("a/tune.mid", 2, None, None).unwrap(), beside);
        let both = [pair("no/001.mid", Some("no/001.png")), pair("no/002.mid", Some("no/002.png"))];
        assert_eq!(places("tune.mid", 2, Some("no"), Some(None)).unwrap(), both);
        let apart = [pair("no/001.mid", Some("see/001.png")), pair("no/002.mid", Some("see/002.png"))];
        assert_eq!(places("tune.mid", 2, Some("no/"), Some(Some("see/"))).unwrap(), apart);
    }

    #[test]
    fn one_file_for_several_answers_is_refused() {
        for (out, picture) in [(Some("new.mid"), None), (None, Some(Some("p.png")))] {
            let refusal = places("tune.mid", 2, out, picture).unwrap_err().to_string();
            assert!(refusal.contains("name a folder"), "{refusal}");
        }
        let same = places("tune.mid", 1, Some("x"), Some(Some("x"))).unwrap_err().to_string();
        assert!(same.contains("name two files"), "{same}");
    }

    #[test]
    fn nothing_is_written_where_no_place_is_known() {
        let wish = Wish { inputs: &[], beside: None, out: None, picture: None, count: 3 };
        assert_eq!(of(&wish).unwrap(), []);
        let drawn = of(&Wish { picture: Some(None), ..wish }).unwrap_err().to_string();
        assert!(drawn.contains("with -o, too"), "{drawn}");
    }
}
