//! Finding a way out for the sound before anything is opened, and listing what there is to choose from.

use std::fmt;

use cpal::SupportedBufferSize;
use cpal::traits::{DeviceTrait, HostTrait};

use crate::panel::{DeviceChoice, Devices};

/// Sample rates to try, in Hertz, the best first.
const RATES: [u32; 4] = [48_000, 44_100, 96_000, 88_200];
/// The block length to ask for, in samples.
const PERIOD: u32 = 256;
/// Block lengths to choose from, in samples.
const PERIODS: [u32; 6] = [64, 128, 256, 512, 1024, 2048];

/// JACK in the menu.
pub const JACK: &str = "JACK";
/// No sound in the menu.
pub const SILENCE: &str = "Silence";

/// A way out for the sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// A JACK server runs.
    Jack,
    /// One of the system's devices.
    System {
        /// Samples a second.
        rate: u32,
        /// Block length in samples.
        period: u32,
        /// The device; `None` for the default one.
        output: Option<String>,
    },
    /// The user wants to hear nothing.
    Silence,
    /// Nothing can be heard.
    None {
        /// Why, in a few words.
        reason: String,
    },
}

impl Way {
    /// The best way there is, as near to the user's choice as can be, and a sentence where it is not what was
    /// chosen. `[main-thread]`
    pub fn find(choice: &DeviceChoice) -> (Way, Option<String>) {
        if choice.system.as_deref() == Some(SILENCE) {
            return (Way::Silence, None);
        }
        let system_chosen = choice.system.as_deref() == Some(SYSTEM.1);
        if !system_chosen && jack_runs() {
            return (Way::Jack, None);
        }
        let missing = (choice.system.as_deref() == Some(JACK)).then(|| {
            format!(
                "No JACK server runs: the sound goes through {} until one does and Continuo is opened again.",
                SYSTEM.1
            )
        });
        if let Some(name) = &choice.output {
            match named(name).map(|device| formats(&device, choice)) {
                Some(Ok((rate, period))) => {
                    return (Way::System { rate, period, output: Some(name.clone()) }, missing);
                }
                found => {
                    let reason = found.and_then(Result::err).unwrap_or_else(|| "it is not there".to_owned());
                    let says = format!(
                        "The audio output \"{name}\" cannot be used ({reason}): the sound goes through the default one. \
                         Choose another one under Sound and devices."
                    );
                    return (Way::usual(choice), Some(says));
                }
            }
        }
        (Way::usual(choice), missing)
    }

    /// The default device, if it can be used.
    fn usual(choice: &DeviceChoice) -> Way {
        let device = cpal::default_host().default_output_device().ok_or_else(|| "there is none".to_owned());
        match device.and_then(|device| formats(&device, choice)) {
            Ok((rate, period)) => Way::System { rate, period, output: None },
            Err(reason) => Way::None { reason: reason.trim_end_matches('.').to_owned() },
        }
    }

    /// The command line's options for this way.
    pub fn options(&self) -> Vec<(&'static str, String)> {
        match self {
            Way::Jack => vec![("--backend", "auto".to_owned())],
            Way::System { rate, period, output } => {
                let mut options = vec![
                    ("--backend", SYSTEM.0.to_owned()),
                    ("--sample-rate", rate.to_string()),
                    ("--period-size", period.to_string()),
                ];
                options.extend(output.iter().map(|name| ("--output-device", name.clone())));
                options
            }
            Way::Silence | Way::None { .. } => vec![("--backend", "dummy".to_owned())],
        }
    }
}

/// What the panel shows.
impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Way::Jack => f.write_str(JACK),
            Way::System { rate, output, .. } => {
                write!(f, "{}, {} kHz", SYSTEM.1, f64::from(*rate) / 1000.0)?;
                output.as_ref().map_or(Ok(()), |name| write!(f, ", {name}"))
            }
            Way::Silence | Way::None { .. } => f.write_str("no sound"),
        }
    }
}

/// The backend of this system: its name as an option, and as people call it.
#[cfg(target_os = "linux")]
const SYSTEM: (&str, &str) = ("alsa", "ALSA");
#[cfg(target_os = "macos")]
const SYSTEM: (&str, &str) = ("core-audio", "CoreAudio");
#[cfg(target_os = "windows")]
const SYSTEM: (&str, &str) = ("wasapi", "WASAPI");

/// Whether a JACK server listens at its socket, so that its library is not asked, and does not complain, in vain.
fn jack_runs() -> bool {
    #[cfg(target_os = "linux")]
    {
        let files = std::fs::read_dir("/dev/shm").into_iter().flatten().flatten();
        let mut sockets = files.filter(|file| file.file_name().to_string_lossy().starts_with("jack_"));
        sockets.any(|file| std::os::unix::net::UnixStream::connect(file.path()).is_ok())
    }
    #[cfg(not(target_os = "linux"))]
    false
}

/// The output of a name, as nice-plug would find it.
fn named(name: &str) -> Option<cpal::Device> {
    let mut devices = cpal::default_host().output_devices().ok()?;
    devices.find(|device| device.description().is_ok_and(|description| description.name() == name))
}

/// The sample rate and block length that a device takes: the chosen ones if it does.
fn formats(device: &cpal::Device, choice: &DeviceChoice) -> Result<(u32, u32), String> {
    let formats: Vec<_> = device.supported_output_configs().map_err(|error| error.to_string())?.collect();
    let wanted = choice.block.unwrap_or(PERIOD);
    let fits = |rate: u32| {
        formats
            .iter()
            .filter(|format| (format.min_sample_rate()..=format.max_sample_rate()).contains(&rate))
            .find_map(|format| match format.buffer_size() {
                SupportedBufferSize::Range { min, max } if min <= max => {
                    Some((rate, wanted.clamp(*min, *max)))
                }
                _ => None,
            })
    };
    let rates = choice.rate.into_iter().chain(RATES);
    rates.into_iter().find_map(fits).ok_or_else(|| "it takes none of the usual sample rates".to_owned())
}

/// Lists what there is; asks each device, which may take a moment. `[worker]`
pub fn survey(choice: &DeviceChoice) -> Devices {
    quieten();
    let host = cpal::default_host();
    let mut outputs: Vec<String> = Vec::new();
    for device in host.output_devices().into_iter().flatten() {
        if let Ok(description) = device.description()
            && !outputs.iter().any(|name| name == description.name())
        {
            outputs.push(description.name().to_owned());
        }
    }
    let device = match &choice.output {
        Some(name) => named(name),
        None => host.default_output_device(),
    };
    let taken = |rate: &u32| {
        let formats = device.as_ref().and_then(|device| device.supported_output_configs().ok());
        formats.is_some_and(|mut formats| {
            formats.any(|format| (format.min_sample_rate()..=format.max_sample_rate()).contains(rate))
        })
    };
    let mut rates: Vec<u32> = RATES.into_iter().filter(taken).collect();
    if rates.is_empty() {
        // A device that we play on ourselves may not answer.
        rates = RATES.to_vec();
    }
    let jack = jack_runs().then_some(JACK);
    Devices {
        systems: jack.into_iter().chain([SYSTEM.1, SILENCE]).map(str::to_owned).collect(),
        outputs,
        rates,
        blocks: PERIODS.to_vec(),
        ..Devices::default()
    }
}

/// Keeps the sound library's own messages, as far as this thread makes it speak, off the terminal: what matters is said
/// in our words.
pub fn quieten() {
    #[cfg(target_os = "linux")]
    let _ = alsa::Output::local_error_handler();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_has_its_options_and_its_words() {
        let output = Some("Monitor".to_owned());
        let way = Way::System { rate: 44_100, period: 256, output };
        let options: Vec<&str> = way.options().into_iter().map(|(option, _)| option).collect();
        assert_eq!(options, ["--backend", "--sample-rate", "--period-size", "--output-device"]);
        assert!(way.to_string().ends_with("44.1 kHz, Monitor"));
        let none = Way::None { reason: "there is none".to_owned() };
        assert_eq!(none.options(), [("--backend", "dummy".to_owned())]);
    }

    #[test]
    fn looking_for_a_way_out_always_ends_with_one() {
        match Way::find(&DeviceChoice::default()).0 {
            Way::Jack | Way::Silence => {}
            Way::System { rate, period, .. } => assert!(RATES.contains(&rate) && period > 0),
            Way::None { reason } => assert!(!reason.is_empty()),
        }
    }

    #[test]
    fn a_choice_that_is_not_there_is_said_and_another_way_found() {
        let output = Some("Kazoo".to_owned());
        let choice = DeviceChoice { system: Some(SYSTEM.1.to_owned()), output, ..DeviceChoice::default() };
        let (way, says) = Way::find(&choice);
        assert!(matches!(way, Way::System { output: None, .. } | Way::None { .. }), "{way:?}");
        assert!(says.unwrap().contains("Kazoo"));
        let silence = DeviceChoice { system: Some(SILENCE.to_owned()), ..DeviceChoice::default() };
        assert_eq!(Way::find(&silence), (Way::Silence, None));
    }
}
