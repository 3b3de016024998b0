//! Finding a way out for the sound and a way in for a MIDI keyboard, before anything is opened.

use std::fmt;

use cpal::SupportedBufferSize;
use cpal::traits::{DeviceTrait, HostTrait};

/// Sample rates to try, in Hertz, the best first.
const RATES: [u32; 3] = [48_000, 44_100, 96_000];
/// The block length to ask for, in samples.
const PERIOD: u32 = 256;

/// A way out for the sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// A JACK server seems to run; nice-plug tries it, then the system's devices.
    Jack,
    /// The system's default device.
    System {
        /// Samples a second.
        rate: u32,
        /// Block length in samples.
        period: u32,
        /// A MIDI keyboard to listen to.
        keyboard: Option<String>,
    },
    /// Nothing can be heard.
    None {
        /// Why, in a few words.
        reason: String,
    },
}

impl Way {
    /// The best way there is. `[main-thread]`
    pub fn find() -> Way {
        if jack_runs() {
            return Way::Jack;
        }
        match formats() {
            Ok((rate, period)) => Way::System { rate, period, keyboard: keyboard() },
            Err(reason) => Way::None { reason: reason.trim_end_matches('.').to_owned() },
        }
    }

    /// The command line's options for this way.
    pub fn options(&self) -> Vec<(&'static str, String)> {
        match self {
            Way::Jack => vec![("--backend", "auto".to_owned())],
            Way::System { rate, period, keyboard } => {
                let mut options = vec![
                    ("--backend", SYSTEM.0.to_owned()),
                    ("--sample-rate", rate.to_string()),
                    ("--period-size", period.to_string()),
                ];
                options.extend(keyboard.iter().map(|name| ("--midi-input", name.clone())));
                options
            }
            Way::None { .. } => vec![("--backend", "dummy".to_owned())],
        }
    }
}

/// What the panel shows.
impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Way::Jack => f.write_str("JACK"),
            Way::System { rate, keyboard, .. } => {
                write!(f, "{}, {} kHz", SYSTEM.1, f64::from(*rate) / 1000.0)?;
                keyboard.as_ref().map_or(Ok(()), |name| write!(f, ", {name}"))
            }
            Way::None { .. } => f.write_str("no sound"),
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

/// The sample rate and block length that the default device takes.
fn formats() -> Result<(u32, u32), String> {
    let device = cpal::default_host().default_output_device().ok_or("there is none")?;
    let formats: Vec<_> = device.supported_output_configs().map_err(|error| error.to_string())?.collect();
    let fits = |rate: u32| {
        formats
            .iter()
            .filter(|format| (format.min_sample_rate()..=format.max_sample_rate()).contains(&rate))
            .find_map(|format| match format.buffer_size() {
                SupportedBufferSize::Range { min, max } if min <= max => {
                    Some((rate, PERIOD.clamp(*min, *max)))
                }
                _ => None,
            })
    };
    RATES.into_iter().find_map(fits).ok_or_else(|| "it takes none of the usual sample rates".to_owned())
}

/// The first MIDI keyboard that is plugged in.
fn keyboard() -> Option<String> {
    let midi = midir::MidiInput::new("Continuo").ok()?;
    let names = midi.ports().into_iter().filter_map(|port| midi.port_name(&port).ok());
    names.into_iter().find(|name| !name.starts_with("Midi Through") && !name.contains("Continuo"))
}

/// Keeps the sound library's own messages off the terminal: what matters is said in our words.
pub fn quieten() {
    #[cfg(target_os = "linux")]
    let _ = alsa::Output::local_error_handler();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_has_its_options_and_its_words() {
        let keyboard = Some("Keystation:0".to_owned());
        let way = Way::System { rate: 44_100, period: 256, keyboard };
        let options: Vec<&str> = way.options().into_iter().map(|(option, _)| option).collect();
        assert_eq!(options, ["--backend", "--sample-rate", "--period-size", "--midi-input"]);
        assert!(way.to_string().ends_with("44.1 kHz, Keystation:0"));
        let none = Way::None { reason: "there is none".to_owned() };
        assert_eq!(none.options(), [("--backend", "dummy".to_owned())]);
    }

    #[test]
    fn looking_for_a_way_out_always_ends_with_one() {
        match Way::find() {
            Way::Jack => {}
            Way::System { rate, period, .. } => assert!(RATES.contains(&rate) && period > 0),
            Way::None { reason } => assert!(!reason.is_empty()),
        }
    }
}
