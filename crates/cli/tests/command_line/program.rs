//! Running the program in a folder of the test's own, with no models but those on board.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use melody::{Phrase, midi};
use serde_json::Value;
use tempfile::TempDir;

/// A folder to work in, which is also the home folder.
pub struct Desk {
    folder: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Desk {
    /// An empty folder with Twinkle in it, as `twinkle.mid`.
    pub fn new() -> Desk {
        let desk =
            Desk { folder: tempfile::tempdir().expect("tests may write to the system's folder for it") };
        desk.lay("twinkle.mid", include_bytes!("../../../../assets/twinkle.mid"));
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Puts a file on the desk.
    pub fn lay(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names on the desk, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The one track of a file, read from time 0.
    pub fn track(&self, name: &str) -> Phrase {
        let song = midi::read(&self.bytes(name)).unwrap();
        assert_eq!(song.tracks.len(), 1, "{name}");
        let start = melody::Ticks::ZERO;
        Phrase::new(song.tracks[0].notes.clone(), song.meters.at(start), song.tempos.at(start))
    }

    /// The program in this folder, with these words; those in quotes are one.
    pub fn program(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_continuo"));
        command.current_dir(self.folder()).stdin(Stdio::null());
        command.env("HOME", self.folder()).env("XDG_DATA_HOME", self.path("data"));
        for (index, part) in words.split('"').enumerate() {
            if index % 2 == 1 {
                command.arg(part);
            } else {
                command.args(part.split_whitespace());
            }
        }
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, words: &str) -> Run {
        let output = self.program(words).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Runs it where it must succeed, and gives what it printed for people.
    pub fn say(&self, words: &str) -> String {
        let run = self.run(words);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{words}: {run:?}");
        run.out
    }

    /// Runs it with `--json` where it must succeed, and gives what it printed for programs.
    pub fn ask(&self, words: &str) -> Value {
        let run = self.run(&format!("{words} --json"));
        assert_eq!(run.code, Some(0), "{words}: {run:?}");
        serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{words}: {error}: {}", run.out))
    }

    /// The ids of the models on board that can do a task, in their order.
    pub fn able(&self, task: &str) -> Vec<String> {
        let models = self.ask("models");
        let able = models["models"].as_array().unwrap().iter();
        let able = able.filter(|model| model["tasks"].as_array().unwrap().contains(&task.into()));
        able.map(|model| model["id"].as_str().unwrap().to_owned()).collect()
    }
}
