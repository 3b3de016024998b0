//! The command line: what we take ourselves, and what goes on to nice-plug.

use std::path::PathBuf;

/// What `--help` prints.
pub const HELP: &str = "\
Continuo without a host: a window with a piano, a metronome and a sound of its own

Usage: continuo-standalone [OPTIONS]

Settings and session are remembered; what is said here goes before.

Options:
      --fresh                            Begin as a newcomer; what is remembered stays as it is
      --remember-in <FOLDER>             Remember in this folder
      --tempo <TEMPO>                    Quarters a minute, 20 to 300
      --timesig-num <NUMERATOR>          The time signature's upper number, with the lower one
      --timesig-denom <DENOMINATOR>      Its lower number: 2/4 3/4 4/4 5/4 6/8 7/8
  -b, --backend <BACKEND>                auto, jack, alsa (core-audio, wasapi) or dummy, which is silent
  -r, --sample-rate <RATE>               Samples a second; JACK has its own
  -p, --period-size <SAMPLES>            Block length in samples; JACK has its own
      --output-device <NAME>             The audio output; \"\" lists them
      --midi-input <NAME>                The only MIDI input to listen to; \"\" lists them
      --midi-output <NAME>               Where the notes go as well; \"\" lists them
      --connect-jack-midi-input <PORT>   Connect our MIDI input to this JACK port
      --connect-jack-midi-output <PORT>  Connect our MIDI output to this JACK port
      --dpi-scale <FACTOR>               Scale of the window [default: 1]
  -h, --help                             Print help
  -V, --version                          Print version";

/// Options that choose devices, with their short forms.
const DEVICES: [(&str, Option<&str>); 6] = [
    ("--backend", Some("-b")),
    ("--sample-rate", Some("-r")),
    ("--period-size", Some("-p")),
    ("--output-device", None),
    ("--midi-input", None),
    ("--midi-output", None),
];

/// Options that nice-plug does not see.
const OURS: [&str; 4] = ["--remember-in", "--tempo", "--timesig-num", "--timesig-denom"];

/// The arguments that the program was started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arguments {
    /// The program's own name first.
    given: Vec<String>,
}

/// What is to be done instead of opening the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    /// The help.
    Help,
    /// The version.
    Version,
}

impl Arguments {
    /// The arguments as the system hands them over.
    pub fn new(given: impl Iterator<Item = String>) -> Arguments {
        Arguments { given: given.collect() }
    }

    /// What is asked for in the window's place.
    pub fn print(&self) -> Option<Print> {
        self.given.iter().skip(1).find_map(|argument| match argument.as_str() {
            "-h" | "--help" => Some(Print::Help),
            "-V" | "--version" => Some(Print::Version),
            _ => None,
        })
    }

    /// Whether a flag is given.
    pub fn has(&self, flag: &str) -> bool {
        self.given.iter().any(|argument| argument == flag)
    }

    /// The value of an option, by its long name.
    pub fn value(&self, option: &str) -> Option<&str> {
        let mut arguments = self.given.iter().skip(1);
        while let Some(argument) = arguments.next() {
            match value_of(argument, option) {
                Some(Given::Here(value)) => return Some(value),
                Some(Given::Next) => return arguments.next().map(String::as_str),
                None => {}
            }
        }
        None
    }

    /// Where to remember, if the user says so.
    pub fn folder(&self) -> Option<PathBuf> {
        self.value("--remember-in").map(PathBuf::from)
    }

    /// Adds an option, unless it is given.
    pub fn add(&mut self, option: &str, value: &str) {
        if self.value(option).is_none() {
            self.given.extend([option.to_owned(), value.to_owned()]);
        }
    }

    /// What nice-plug is to see: without what is ours alone.
    pub fn for_wrapper(&self) -> Vec<String> {
        self.without(&OURS)
    }

    /// The arguments, without the program's name, with which the program is started again after other devices were
    /// chosen, remembering in this folder.
    pub fn again(&self, folder: Option<&PathBuf>) -> Vec<String> {
        let mut dropped = OURS.to_vec();
        dropped.extend(DEVICES.iter().map(|(option, _)| *option));
        let mut arguments = self.without(&dropped).split_off(1);
        if let Some(folder) = folder.filter(|_| self.has("--fresh") || self.folder().is_some()) {
            arguments.extend(["--remember-in".to_owned(), folder.to_string_lossy().into_owned()]);
        }
        arguments
    }

    fn without(&self, options: &[&str]) -> Vec<String> {
        let mut kept = Vec::new();
        let mut arguments = self.given.iter();
        while let Some(argument) = arguments.next() {
            if argument == "--fresh" {
                continue;
            }
            match options.iter().find_map(|option| value_of(argument, option)) {
                Some(Given::Here(_)) => {}
                Some(Given::Next) => {
                    arguments.next();
                }
                None => kept.push(argument.clone()),
            }
        }
        kept
    }
}

enum Given<'a> {
    Here(&'a str),
    Next,
}

/// Whether an argument gives an option its value, and where.
fn value_of<'a>(argument: &'a str, option: &str) -> Option<Given<'a>> {
    let short = DEVICES.iter().find(|(long, _)| *long == option).and_then(|(_, short)| *short);
    if argument == option || short == Some(argument) {
        return Some(Given::Next);
    }
    let long = argument.strip_prefix(option).and_then(|rest| rest.strip_prefix('='));
    let short = short.filter(|_| !argument.starts_with("--")).and_then(|short| argument.strip_prefix(short));
    long.or(short.map(|value| value.trim_start_matches('='))).map(Given::Here)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Arguments {
        Arguments::new(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn a_value_is_found_however_it_is_given() {
        for line in ["c --backend jack", "c --backend=jack", "c -b jack", "c -bjack", "c -b=jack --fresh"] {
            assert_eq!(arguments(line).value("--backend"), Some("jack"), "{line}");
        }
        assert_eq!(arguments("c --backend").value("--backend"), None);
        assert_eq!(arguments("c --backends x").value("--backend"), None);
        let mut chosen = arguments("c --tempo 90");
        chosen.add("--tempo", "100");
        chosen.add("--backend", "dummy");
        assert_eq!((chosen.value("--tempo"), chosen.value("--backend")), (Some("90"), Some("dummy")));
    }

    #[test]
    fn what_is_ours_does_not_reach_nice_plug() {
        let given = arguments("c --fresh --tempo 90 -b dummy --remember-in=/x --timesig-num 3 --dpi-scale 2");
        assert_eq!(given.for_wrapper(), ["c", "-b", "dummy", "--dpi-scale", "2"]);
    }

    #[test]
    fn a_new_start_keeps_all_but_what_is_remembered() {
        let folder = PathBuf::from("/x");
        let given = arguments("c --backend=jack -r 48000 --tempo 90 --midi-output none --fresh");
        assert_eq!(given.again(Some(&folder)), ["--remember-in", "/x"]);
        assert_eq!(arguments("c --dpi-scale 2 -p 64").again(Some(&folder)), ["--dpi-scale", "2"]);
        let placed = arguments("c --remember-in /x");
        assert_eq!(placed.again(Some(&folder)), ["--remember-in", "/x"]);
    }

    #[test]
    fn help_and_version_are_printed_instead() {
        assert_eq!(arguments("c --tempo 90 -h").print(), Some(Print::Help));
        assert_eq!(arguments("c --version").print(), Some(Print::Version));
        assert_eq!(arguments("c --fresh").print(), None);
        for option in ["--fresh", "--remember-in", "--tempo"].into_iter().chain(DEVICES.map(|(long, _)| long))
        {
            assert!(HELP.contains(option), "{option}");
        }
    }
}
