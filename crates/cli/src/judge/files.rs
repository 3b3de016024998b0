//! Prompts, real continuations and answers as folders of `.mid` files of the same names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use melody::metrics::copying::Runs;
use melody::{Phrase, Ticks, midi};
use trainer::corpus::{self, Source};

use super::answers::Set;
use super::cases::{Case, heard};
use super::songs::RUNS;
use crate::console::Console;
use crate::output;

/// The folders that a report's prompts and real continuations are written to.
const PROMPTS: &str = "prompts";
const REAL: &str = "real";
/// Fewer cases cannot be judged.
const FEWEST: usize = 10;

/// Reads the cases that all folders hold, with a set for each folder of answers.
///
/// # Errors
/// A folder or a file cannot be read, or the folders have too few names in common.
pub fn gather(
    generated: &[PathBuf],
    (real, prompts): (&Path, Option<&Path>),
    (bars, gaps): (Option<u32>, bool),
    console: &Console,
) -> Result<(Vec<Case>, Vec<Set>)> {
    let folders = || generated.iter().map(PathBuf::as_path).chain([real]).chain(prompts);
    let mut names: Option<BTreeSet<String>> = None;
    let mut most = 0;
    for folder in folders() {
        let found = names_in(folder)?;
        most = most.max(found.len());
        names = Some(match names {
            Some(names) => names.intersection(&found).cloned().collect(),
            None => found,
        });
    }
    let names = names.unwrap_or_default();
    if names.len() < FEWEST {
        let folders: Vec<String> = folders().map(|folder| folder.display().to_string()).collect();
        bail!(
            "{} hold {} .mid files of the same names; at least {FEWEST} are needed: name answers, real continuations and \
             prompts of one song alike",
            folders.join(", "),
            names.len()
        );
    }
    if names.len() < most {
        console.remark(&format!("continuo: {} of {most} names stand in all folders", names.len()));
    }
    let read = |folder: &Path, name: &String| -> Result<Phrase> {
        let phrase = phrase(&folder.join(name), gaps)?;
        let length = |bars| phrase.meter.bar() * i64::from(bars);
        Ok(bars.map_or(phrase.clone(), |bars| phrase.between(Ticks::ZERO, length(bars))))
    };
    let mut cases = Vec::new();
    for (song, name) in names.iter().enumerate() {
        let prompt = prompts.map(|folder| read(folder, name)).transpose()?;
        let name_alone = name.trim_end_matches(".mid").to_owned();
        cases.push(Case { name: name_alone, song, source: None, prompt, real: read(real, name)? });
    }
    let mut sets = Vec::new();
    for folder in generated {
        let mut answers = Vec::new();
        for (place, name) in names.iter().enumerate() {
            let answer = read(folder, name)?;
            // Silence at the end is no part of a file: an answer lasts as long as what it stands beside.
            let length = answer.whole_bars().max(cases[place].real.whole_bars());
            cases[place].real = cases[place].real.clone().lasting(length);
            answers.push((place, answer));
        }
        sets.push((folder.display().to_string(), answers));
    }
    let lasting = |(name, answers): (String, Vec<(usize, Phrase)>)| {
        let lasts = |(place, answer): (usize, Phrase)| (place, answer.lasting(cases[place].real.length()));
        Set::judged(&name, answers.into_iter().map(lasts).collect())
    };
    let sets = sets.into_iter().map(lasting).collect();
    Ok((cases, sets))
}

/// The runs of all melodies in a folder of `.mid` files, each file a song.
///
/// # Errors
/// The folder cannot be read or holds no melody.
pub fn runs(folder: &Path) -> Result<Vec<Runs>> {
    let corpus = corpus::read(folder, &[Source::Folder], &mut |_| {});
    let corpus = corpus.with_context(|| format!("--training {}", folder.display()))?;
    let mut all: Vec<Runs> = RUNS.map(Runs::of_notes).into();
    for (number, melodies) in (0..).zip(corpus.songs().values()) {
        for line in melodies.iter().map(|melody| heard(&melody.phrase, true)) {
            all.iter_mut().for_each(|runs| runs.add(number, &line));
        }
    }
    Ok(all)
}

/// Writes prompts, real continuations and each set to folders of their own.
///
/// # Errors
/// A file cannot be written.
pub fn write(out: &Path, cases: &[Case], sets: &[Set]) -> Result<()> {
    let write = |folder: &str, case: &Case, phrase: &Phrase| {
        let path = out.join(folder).join(format!("{}.mid", case.name));
        output::write(&path, &midi::write_phrase(phrase, folder))
    };
    for case in cases {
        write(REAL, case, &case.real)?;
        if let Some(prompt) = &case.prompt {
            write(PROMPTS, case, prompt)?;
        }
    }
    for set in sets {
        let plain = |letter: char| if letter.is_alphanumeric() { letter } else { '-' };
        let folder: String = set.name.chars().map(plain).collect();
        for (place, answer) in &set.answers {
            write(&folder, &cases[*place], answer)?;
        }
    }
    Ok(())
}

fn names_in(folder: &Path) -> Result<BTreeSet<String>> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| anyhow!("{}: {}", folder.display(), output::reason(&error)))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    Ok(names.filter(|name| name.to_lowercase().ends_with(".mid")).collect())
}

/// The melody of a file from its time zero on: an answer may begin with silence.
fn phrase(path: &Path, gaps: bool) -> Result<Phrase> {
    let bytes = output::read_capped(path, midi::MAX_BYTES)?;
    let named = |fault: &dyn std::fmt::Display| anyhow!("{}: {fault}", path.display());
    let song = midi::read(&bytes).map_err(|error| named(&error))?;
    let track = song.melody_track().map_err(|error| named(&error))?;
    let notes = song.tracks.get(track).map(|track| track.notes.clone()).unwrap_or_default();
    let phrase = Phrase::new(notes, song.meters.at(Ticks::ZERO), song.tempos.at(Ticks::ZERO));
    let whole = phrase.whole_bars();
    Ok(heard(&phrase.lasting(whole), gaps))
}

#[cfg(test)]
mod tests {
    use super::super::cases::tests::line;
    use super::*;

    fn cases() -> (Vec<Case>, Vec<Set>) {
        let case = |song: usize| Case {
            name: format!("{song:02}"),
            song,
            source: None,
            prompt: Some(line(&[(60 + song as u8, 0, 8), (62, 8, 8)], 1)),
            real: line(&[(64, 20, 4), (62, 24, 8)], 2),
        };
        let cases: Vec<Case> = (0..12).map(case).collect();
        let answers = (0..12).map(|place| (place, line(&[(65, 4, 4), (67, 8, 8)], 2))).collect();
        (cases, vec![Set::judged("a model, first", answers)])
    }

    #[test]
    fn what_is_written_is_read_again_with_its_silences() {
        let (written, sets) = cases();
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &written, &sets).unwrap();
        let at = |name: &str| folder.path().join(name);
        let console = Console::new(false);
        let (read, found) =
            gather(&[at("a-model--first")], (&at("real"), Some(&at("prompts"))), (None, false), &console)
                .unwrap();
        for (read, written) in read.iter().zip(&written) {
            assert_eq!((&read.real, &read.prompt), (&written.real, &written.prompt));
        }
        assert_eq!(found[0].answers, sets[0].answers);
        let (longer, _) = gather(&[at("real")], (&at("real"), None), (Some(3), false), &console).unwrap();
        assert!(longer.iter().all(|case| case.real.bars() == 3 && case.prompt.is_none()));
    }

    #[test]
    fn folders_without_names_in_common_are_refused() {
        let (written, _) = cases();
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &written[..5], &[]).unwrap();
        let real = folder.path().join("real");
        let error = gather(std::slice::from_ref(&real), (&real, None), (None, false), &Console::new(false));
        let error = error.unwrap_err().to_string();
        assert!(error.contains("5 .mid files of the same names"), "{error}");
        let missing =
            gather(&[folder.path().join("none")], (&real, None), (None, false), &Console::new(false));
        assert!(missing.unwrap_err().to_string().contains("none: there is no such"));
    }
}
