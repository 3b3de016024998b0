//! What the program starts with: the settings of the last time, what the command line says, and a way for the sound.

use std::path::PathBuf;

use melody::Meter;

use super::device::{self, Way};
use super::keeper;
use super::midi::Wish;
use super::notices::{Matter, Notices};
use super::options::Arguments;
use super::settings::Settings;
use crate::panel::{DeviceChoice, MidiChoice, Standalone};

/// What the program starts with.
#[derive(Default)]
pub struct Start {
    /// The command line, once it is settled.
    pub arguments: Option<Arguments>,
    /// What the sound comes out of, in a few words.
    pub backend: String,
    /// Where it is remembered.
    pub folder: Option<PathBuf>,
    /// What was remembered, and what the command line says in its place.
    pub settings: Settings,
}

impl Start {
    /// Takes up the settings of the last time, and what the command line says in their place. `[main-thread]`
    ///
    /// # Errors
    /// A sentence on an option that makes no sense.
    pub fn recall(&mut self, arguments: &Arguments, notices: &Notices) -> Result<(), String> {
        let fresh = || std::env::temp_dir().join(format!("continuo-fresh-{}", std::process::id()));
        let usual = || if arguments.has("--fresh") { Some(fresh()) } else { keeper::usual_folder() };
        self.folder = arguments.folder().or_else(usual);
        self.settings = keeper::read_settings(self.folder.as_ref(), notices);
        if let Some(tempo) = arguments.value("--tempo") {
            let known = tempo.parse::<f64>().ok().filter(|tempo| Standalone::TEMPOS.contains(tempo));
            self.settings.tempo = known.ok_or_else(|| {
                format!("--tempo {tempo} is no tempo that Continuo plays: give a number from 20 to 300.")
            })?;
        }
        if let Some(meter) = meter(arguments, self.settings.meter)? {
            self.settings.meter = meter;
        }
        Ok(())
    }

    /// Chooses the way out for the sound, unless the user has, and settles the command line. `[main-thread]`
    pub fn choose_way_out(&mut self, arguments: &mut Arguments, notices: &Notices) {
        device::quieten();
        if arguments.value("--backend").is_some() {
            self.backend = "as asked".to_owned();
        } else {
            let (way, says) = Way::find(&DeviceChoice::from(&self.settings.devices));
            let says = match &way {
                Way::None { reason } => Some(format!(
                    "No audio device can be used ({reason}): Continuo plays on, but nothing is heard."
                )),
                _ => says,
            };
            if let Some(sentence) = says {
                eprintln!("{sentence}");
                notices.say(Matter::Sound, sentence);
            }
            self.backend = way.to_string();
            for (option, value) in way.options() {
                arguments.add(option, &value);
            }
        }
        self.arguments = Some(arguments.clone());
    }

    /// The MIDI devices to begin with. Those that are named on the command line nice-plug connects itself.
    pub fn midi_wish(&self) -> Wish {
        let choice = DeviceChoice::from(&self.settings.devices);
        let given =
            |option| self.arguments.as_ref().is_some_and(|arguments| arguments.value(option).is_some());
        Wish {
            input: if given("--midi-input") { MidiChoice::None } else { choice.midi_input },
            output: choice.midi_output.filter(|_| !given("--midi-output")),
        }
    }
}

/// The time signature that is asked for; a part that is not keeps the other's.
fn meter(arguments: &Arguments, usual: Meter) -> Result<Option<Meter>, String> {
    let (upper, lower) = (arguments.value("--timesig-num"), arguments.value("--timesig-denom"));
    if upper.is_none() && lower.is_none() {
        return Ok(None);
    }
    let part = |given: Option<&str>, usual: u8| given.map_or(Some(usual), |given| given.parse().ok());
    let parts = part(upper, usual.numerator()).zip(part(lower, usual.denominator()));
    let known = parts.filter(|parts| Standalone::METERS.contains(parts));
    let meter = known.and_then(|(upper, lower)| Meter::new(upper, lower));
    let says = "This time signature Continuo does not count: give --timesig-num and --timesig-denom of 2/4, 3/4, 4/4, \
                5/4, 6/8 or 7/8.";
    meter.map(Some).ok_or_else(|| says.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recalled(line: &str) -> Result<Start, String> {
        let mut start = Start::default();
        let arguments = Arguments::new(line.split(' ').map(str::to_owned));
        start.recall(&arguments, &Notices::new()).map(|()| start)
    }

    #[test]
    fn the_command_line_goes_before_what_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let remembered = r#"{"version": 1, "tempo": 70, "meter": [6, 8], "volume": 12}"#;
        std::fs::write(folder.path().join("standalone.json"), remembered).unwrap();
        let place = format!("c --remember-in {}", folder.path().display());
        let settings = recalled(&place).unwrap().settings;
        assert_eq!((settings.tempo, settings.volume), (70.0, 12));
        let settings = recalled(&format!("{place} --tempo=99.5 --timesig-num 7")).unwrap().settings;
        assert_eq!((settings.tempo, settings.meter, settings.volume), (99.5, Meter::new(7, 8).unwrap(), 12));
    }

    #[test]
    fn what_cannot_be_played_is_refused_with_a_sentence() {
        for line in ["c --fresh --tempo 19", "c --fresh --tempo fast", "c --fresh --timesig-num 13"] {
            let sentence = recalled(line).map(|_| ()).unwrap_err();
            assert!(sentence.ends_with('.'), "{sentence}");
        }
    }

    #[test]
    fn a_newcomer_is_as_fresh_as_can_be() {
        let start = recalled("c --fresh").unwrap();
        assert_eq!(start.settings, Settings::default());
        assert_ne!(start.folder, keeper::usual_folder());
    }

    #[test]
    fn midi_devices_of_the_command_line_are_left_to_nice_plug() {
        let mut start = Start::default();
        assert_eq!(start.midi_wish().input, MidiChoice::All);
        start.settings.devices.midi_output = Some("Synth".to_owned());
        let line = "c --midi-input Keys --midi-output=Synth";
        start.arguments = Some(Arguments::new(line.split(' ').map(str::to_owned)));
        assert_eq!(start.midi_wish(), Wish { input: MidiChoice::None, output: None });
    }
}
