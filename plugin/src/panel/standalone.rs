//! What only the standalone shows and sends: its transport, metronome, instrument and devices.

use melody::Meter;

/// What only the standalone has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standalone {
    /// What the sound comes out of, in a few words: `ALSA, 48 kHz`.
    pub backend: String,
    /// Why nothing can be heard, or something of the user's was not found, as a sentence.
    pub problem: Option<String>,
    /// The octave that the computer keyboard plays: its A key is the C of this octave. The panel changes it.
    pub octave: u8,
    /// How hard the computer keyboard is taken to be hit, 1 to 127. The panel changes it.
    pub velocity: u8,
    /// Where the song is; `None` while it stands at its start.
    pub place: Option<Place>,
    /// The click.
    pub metronome: Metronome,
    /// The names of the built-in sounds.
    pub instruments: Vec<String>,
    /// The place of the chosen one.
    pub instrument: usize,
    /// How loud it is, 0 to 100; 0 is silent.
    pub volume: u8,
    /// What there is to hear and play with.
    pub devices: Devices,
}

/// Where the song is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the bar that is counted before it starts.
    CountIn {
        /// The beat, from 1.
        beat: u32,
    },
    /// In the song.
    Song {
        /// The bar, from 1.
        bar: u32,
        /// The beat in it, from 1.
        beat: u32,
    },
}

/// The click.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metronome {
    /// Whether it is heard while the song runs.
    pub on: bool,
    /// How loud it is, 0 to 100.
    pub volume: u8,
    /// Whether a bar is counted before the song starts.
    pub count_in: bool,
}

impl Default for Metronome {
    fn default() -> Metronome {
        Metronome { on: false, volume: 60, count_in: false }
    }
}

/// What there is to hear and play with, and what of it is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Devices {
    /// What was chosen.
    pub chosen: DeviceChoice,
    /// The ways out for the sound, by name: JACK, the system's own.
    pub systems: Vec<String>,
    /// Audio outputs.
    pub outputs: Vec<String>,
    /// Sample rates that the chosen output takes, in Hertz.
    pub rates: Vec<u32>,
    /// Block lengths to choose from, in samples.
    pub blocks: Vec<u32>,
    /// MIDI inputs that are plugged in.
    pub midi_inputs: Vec<String>,
    /// MIDI outputs that are plugged in.
    pub midi_outputs: Vec<String>,
}

/// The user's choice of devices; what is `None` is left to Continuo.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceChoice {
    /// One of [`Devices::systems`].
    pub system: Option<String>,
    /// The audio output.
    pub output: Option<String>,
    /// Samples a second.
    pub rate: Option<u32>,
    /// Block length in samples.
    pub block: Option<u32>,
    /// What is listened to.
    pub midi_input: MidiChoice,
    /// Where the notes go; `None`: nowhere.
    pub midi_output: Option<String>,
}

/// Which MIDI devices are listened to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum MidiChoice {
    /// None of them.
    None,
    /// Each of them.
    #[default]
    All,
    /// The one of this name.
    One(String),
}

/// What the user did with what only the standalone has; the view model has the new value already.
#[derive(Debug, Clone, PartialEq)]
pub enum StandaloneAction {
    /// Start the song or let it stand.
    Play(bool),
    /// To the song's start.
    Return,
    /// Another tempo, in quarters a minute, 20 to 300.
    SetTempo(f64),
    /// Another time signature.
    SetMeter(Meter),
    /// The click is set.
    SetMetronome(Metronome),
    /// Another sound, by its place.
    SetInstrument(usize),
    /// Louder or softer, 0 to 100.
    SetVolume(u8),
    /// Other devices.
    SetDevices(DeviceChoice),
    /// The devices are looked at: find out what there is now.
    LookForDevices,
    /// Start the sound again with the devices as they are chosen.
    RestartSound,
}

impl Standalone {
    /// The octaves that the computer keyboard reaches.
    pub const OCTAVES: std::ops::RangeInclusive<u8> = 1..=7;
    /// The tempos that the transport takes, in quarters a minute.
    pub const TEMPOS: std::ops::RangeInclusive<f64> = 20.0..=300.0;
    /// The time signatures that it offers.
    pub const METERS: [(u8, u8); 6] = [(2, 4), (3, 4), (4, 4), (5, 4), (6, 8), (7, 8)];
    /// How hard the computer keyboard is hit at first.
    pub const VELOCITY: u8 = 96;
    /// The softest that it can be hit.
    pub const SOFTEST: u8 = 16;
    /// The hardest.
    pub const HARDEST: u8 = 127;
    /// What one press of C or V takes from or adds to the velocity.
    pub const VELOCITY_STEP: u8 = 16;

    /// Nothing known of the sound yet; the keyboard plays from middle C.
    pub fn new(backend: impl Into<String>) -> Standalone {
        Standalone {
            backend: backend.into(),
            problem: None,
            octave: 4,
            velocity: Standalone::VELOCITY,
            place: None,
            metronome: Metronome::default(),
            instruments: Vec::new(),
            instrument: 0,
            volume: 80,
            devices: Devices::default(),
        }
    }

    /// The computer keyboard is hit one step softer. `[main-thread]`
    pub fn play_softer(&mut self) {
        self.velocity = self.velocity.saturating_sub(Standalone::VELOCITY_STEP).max(Standalone::SOFTEST);
    }

    /// The computer keyboard is hit one step harder. `[main-thread]`
    pub fn play_harder(&mut self) {
        self.velocity = (self.velocity + Standalone::VELOCITY_STEP).min(Standalone::HARDEST);
    }
}
