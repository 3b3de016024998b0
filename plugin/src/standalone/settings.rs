//! The standalone's settings: what is remembered beside the session.

use melody::Meter;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::instrument::TIMBRES;
use crate::panel::{self, DeviceChoice, Look, Metronome, MidiChoice, Standalone};

/// The version that is written.
const VERSION: u64 = 1;
/// The largest window that is opened again, in points.
const LARGEST: u32 = 16_384;
/// The longest name of a device, in characters.
const LONGEST: usize = 256;

/// All settings. What a file does not say is as a newcomer finds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    version: u64,
    /// Quarters a minute.
    pub tempo: f64,
    /// The time signature.
    pub meter: Meter,
    /// Whether the click is heard.
    pub click: bool,
    /// How loud, 0 to 100.
    pub click_volume: u8,
    /// Whether a bar is counted in.
    pub count_in: bool,
    /// The sound's name in files.
    pub instrument: String,
    /// How loud it is, 0 to 100.
    pub volume: u8,
    /// Where the computer keyboard plays.
    pub octave: u8,
    /// How hard it is taken to be hit.
    pub velocity: u8,
    /// The window in points.
    pub window: (u32, u32),
    /// Whether the panel is dark on light.
    pub light: bool,
    /// The devices.
    pub devices: Devices,
}

/// The chosen devices; what is left out is left to Continuo.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Devices {
    /// The way out for the sound.
    pub system: Option<String>,
    /// The audio output.
    pub output: Option<String>,
    /// Samples a second.
    pub rate: Option<u32>,
    /// Block length in samples.
    pub block: Option<u32>,
    /// Whether any MIDI input is listened to.
    pub midi: bool,
    /// The one that is, where it is not all.
    pub midi_input: Option<String>,
    /// Where the notes go.
    pub midi_output: Option<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        let (standalone, metronome) = (Standalone::new(""), Metronome::default());
        Settings {
            version: VERSION,
            tempo: 120.0,
            meter: Meter::COMMON,
            click: metronome.on,
            click_volume: metronome.volume,
            count_in: metronome.count_in,
            instrument: TIMBRES[0].id().to_owned(),
            volume: standalone.volume,
            octave: standalone.octave,
            velocity: standalone.velocity,
            window: panel::USUAL,
            light: false,
            devices: Devices::from(&DeviceChoice::default()),
        }
    }
}

impl Settings {
    /// Reads what a file says.
    ///
    /// # Errors
    /// Why it cannot be used, in a few words.
    pub fn parse(text: &str) -> Result<Settings, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| format!("it is damaged: {error}"))?;
        match value.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(newer) if newer > VERSION => return Err("a newer Continuo wrote it".to_owned()),
            _ => return Err("it does not say which version wrote it".to_owned()),
        }
        let settings: Settings =
            serde_json::from_value(value).map_err(|error| format!("it is damaged: {error}"))?;
        Ok(settings.sane())
    }

    /// The text of a file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The same with every value in its range, whatever the file said.
    fn sane(mut self) -> Settings {
        let usual = Settings::default();
        let (slowest, fastest) = (*Standalone::TEMPOS.start(), *Standalone::TEMPOS.end());
        self.tempo = if self.tempo.is_finite() { self.tempo.clamp(slowest, fastest) } else { usual.tempo };
        if !Standalone::METERS.contains(&self.meter.into()) {
            self.meter = usual.meter;
        }
        self.click_volume = self.click_volume.min(100);
        self.volume = self.volume.min(100);
        self.octave = self.octave.clamp(*Standalone::OCTAVES.start(), *Standalone::OCTAVES.end());
        self.velocity = self.velocity.clamp(Standalone::SOFTEST, Standalone::HARDEST);
        let (least_width, least_height) = panel::SMALLEST;
        let (width, height) = self.window;
        self.window = (width.clamp(least_width, LARGEST), height.clamp(least_height, LARGEST));
        let devices = &mut self.devices;
        for name in
            [&mut devices.system, &mut devices.output, &mut devices.midi_input, &mut devices.midi_output]
        {
            if name.as_ref().is_some_and(|name| name.chars().count() > LONGEST) {
                *name = None;
            }
        }
        self
    }

    /// The place of the chosen sound.
    pub fn instrument_place(&self) -> usize {
        TIMBRES.iter().position(|timbre| timbre.id() == self.instrument).unwrap_or(0)
    }

    /// Which colours the panel has.
    pub fn look(&self) -> Look {
        if self.light { Look::Light } else { Look::Dark }
    }

    /// The click.
    pub fn metronome(&self) -> Metronome {
        Metronome { on: self.click, volume: self.click_volume, count_in: self.count_in }
    }

    /// Takes over what the panel shows.
    pub fn take(&mut self, standalone: &Standalone, look: Look) {
        let Metronome { on, volume, count_in } = standalone.metronome;
        (self.click, self.click_volume, self.count_in) = (on, volume, count_in);
        if let Some(timbre) = TIMBRES.get(standalone.instrument) {
            timbre.id().clone_into(&mut self.instrument);
        }
        (self.volume, self.octave, self.velocity) =
            (standalone.volume, standalone.octave, standalone.velocity);
        self.light = look == Look::Light;
        self.devices = Devices::from(&standalone.devices.chosen);
    }
}

impl From<&DeviceChoice> for Devices {
    fn from(choice: &DeviceChoice) -> Devices {
        Devices {
            system: choice.system.clone(),
            output: choice.output.clone(),
            rate: choice.rate,
            block: choice.block,
            midi: choice.midi_input != MidiChoice::None,
            midi_input: match &choice.midi_input {
                MidiChoice::One(name) => Some(name.clone()),
                MidiChoice::All | MidiChoice::None => None,
            },
            midi_output: choice.midi_output.clone(),
        }
    }
}

impl From<&Devices> for DeviceChoice {
    fn from(devices: &Devices) -> DeviceChoice {
        let midi_input = match (&devices.midi_input, devices.midi) {
            (_, false) => MidiChoice::None,
            (None, true) => MidiChoice::All,
            (Some(name), true) => MidiChoice::One(name.clone()),
        };
        DeviceChoice {
            system: devices.system.clone(),
            output: devices.output.clone(),
            rate: devices.rate,
            block: devices.block,
            midi_input,
            midi_output: devices.midi_output.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut standalone = Standalone::new("");
        standalone.metronome = Metronome { on: true, volume: 33, count_in: true };
        (standalone.instrument, standalone.octave, standalone.velocity) = (2, 3, 64);
        standalone.devices.chosen = DeviceChoice {
            rate: Some(44_100),
            midi_input: MidiChoice::One("Keystation".to_owned()),
            ..DeviceChoice::default()
        };
        let mut settings = Settings { tempo: 97.5, window: (1200, 800), ..Settings::default() };
        settings.take(&standalone, Look::Light);
        let read = Settings::parse(&settings.text()).unwrap();
        assert_eq!(read, settings);
        assert_eq!(DeviceChoice::from(&read.devices), standalone.devices.chosen);
        assert_eq!((read.metronome(), read.instrument_place()), (standalone.metronome, 2));
        assert_eq!(read.look(), Look::Light);
    }

    #[test]
    fn what_a_file_does_not_say_is_as_a_newcomer_finds_it() {
        assert_eq!(Settings::parse(r#"{"version": 1}"#).unwrap(), Settings::default());
        let read = Settings::parse(r#"{"version": 1, "octave": 2, "unknown": []}"#).unwrap();
        assert_eq!(read, Settings { octave: 2, ..Settings::default() });
    }

    #[test]
    fn every_value_comes_back_into_its_range() {
        let long = "x".repeat(10_000);
        let text = format!(
            r#"{{"version": 1, "tempo": 1e300, "meter": [13, 64], "click_volume": 255, "volume": 200, "octave": 0,
            "velocity": 0, "window": [0, 4000000000], "instrument": "kazoo", "devices": {{"output": "{long}"}}}}"#
        );
        let read = Settings::parse(&text).unwrap();
        assert_eq!((read.tempo, read.meter), (300.0, Meter::COMMON));
        assert_eq!((read.click_volume, read.volume, read.octave, read.velocity), (100, 100, 1, 16));
        assert_eq!((read.window, read.instrument_place()), ((640, 16_384), 0));
        assert_eq!(read.devices.output, None);
    }

    #[test]
    fn a_damaged_or_newer_file_is_refused_with_a_reason() {
        for (text, reason) in [
            ("", "damaged"),
            ("{\"version\": 1, \"tempo\"", "damaged"),
            (r#"{"version": 1, "tempo": "fast"}"#, "damaged"),
            (r#"{"version": 1, "meter": [0, 0]}"#, "damaged"),
            ("[]", "which version"),
            (r#"{"version": 2}"#, "newer"),
        ] {
            let error = Settings::parse(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
