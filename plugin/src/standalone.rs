//! Continuo without a host: a window with a piano, a transport with a click, and a sound of its own.
//!
//! nice-plug's standalone wrapper drives the plugin. What it lacks stands around the plugin on the audio thread
//! ([`rig`]: [`transport`], [`metronome`], [`instrument`], [`midi`]) and around the panel ([`house`], which remembers
//! through [`keeper`]); the two sides meet on the [`board`].

pub mod board;
mod device;
mod display;
mod ending;
mod file;
pub mod house;
pub mod instrument;
pub mod keeper;
pub mod metronome;
pub mod midi;
pub mod notices;
mod options;
pub mod rig;
mod session;
mod settings;
pub mod transport;
mod watch;

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use melody::Meter;
use nice_plug::prelude::*;
use parking_lot::Mutex;

pub use ending::{Closing, Ending};

use self::board::Board;
use self::device::{JACK, Way};
use self::keeper::Keeper;
use self::midi::{Midi, Wish};
use self::notices::{Matter, Notices};
use self::options::{Arguments, Print};
use self::settings::Settings;
use self::watch::{Change, Watch};
use crate::format::{self, Format};
use crate::instance::Instance;
use crate::panel::{DeviceChoice, MidiChoice, Standalone};
use crate::plugin::Continuo;

/// A window that is not open after this long will not open.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked whether sound is played.
const LOOK: Duration = Duration::from_millis(500);
/// The exit code of a program that cannot do what was asked.
const FAILED: u8 = 2;
/// The exit code after Ctrl-C.
const INTERRUPTED: i32 = 130;

/// What the threads of the program share.
struct Shared {
    board: Arc<Board>,
    notices: Arc<Notices>,
    ending: Arc<Ending>,
    /// The MIDI rings' ends, until they are taken.
    midi: Mutex<Option<midi::AudioEnds>>,
    devices: Mutex<Option<midi::DeviceEnds>>,
    /// What `run` has found out, for the panel.
    start: Mutex<Start>,
    keeper: Mutex<Option<Arc<Keeper>>>,
}

/// What the program starts with.
#[derive(Default)]
struct Start {
    arguments: Option<Arguments>,
    /// What the sound comes out of, in a few words.
    backend: String,
    folder: Option<PathBuf>,
    settings: Settings,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let (midi, devices) = midi::open();
    Shared {
        board: Arc::default(),
        notices: Arc::default(),
        ending: Arc::new(Ending::new(|| leave(0))),
        midi: Mutex::new(Some(midi)),
        devices: Mutex::new(Some(devices)),
        start: Mutex::default(),
        keeper: Mutex::new(None),
    }
});

fn shared() -> &'static Shared {
    &SHARED
}

/// The standalone: everything passes through to a MIDI output, and is heard.
pub struct Alone;

impl Format for Alone {
    const MIDI: MidiConfig = MidiConfig::MidiCCs;
    const LAYOUTS: &'static [AudioIOLayout] = &[AudioIOLayout {
        main_input_channels: None,
        main_output_channels: NonZeroU32::new(2),
        ..AudioIOLayout::const_default()
    }];
    const AT_REST: ProcessStatus = ProcessStatus::KeepAlive;
    type Rig = rig::Rig;

    fn house(instance: &Arc<Instance>) -> Option<Box<dyn format::House>> {
        let shared = shared();
        let start = shared.start.lock();
        let notices = shared.notices.clone();
        let keeper =
            Keeper::open(start.folder.clone(), start.settings.clone(), instance.clone(), notices.clone());
        keeper.keep();
        *shared.keeper.lock() = Some(keeper.clone());
        let midi = shared
            .devices
            .lock()
            .take()
            .map(|devices| Midi::start(devices, midi_wish(&start), notices.clone()));
        let (board, ending) = (shared.board.clone(), shared.ending.clone());
        Some(Box::new(house::House::new(start.backend.clone(), board, keeper, notices, ending, midi)))
    }
}

/// The MIDI devices to begin with. Those that are named on the command line nice-plug connects itself.
fn midi_wish(start: &Start) -> Wish {
    let choice = DeviceChoice::from(&start.settings.devices);
    let given = |option| start.arguments.as_ref().is_some_and(|arguments| arguments.value(option).is_some());
    Wish {
        input: if given("--midi-input") { MidiChoice::None } else { choice.midi_input },
        output: choice.midi_output.filter(|_| !given("--midi-output")),
    }
}

/// Opens the window and plays until it is closed. `[main-thread]`
pub fn run() -> ExitCode {
    catch_panics();
    let mut arguments = Arguments::new(std::env::args());
    match arguments.print() {
        Some(Print::Help) => return print(options::HELP),
        Some(Print::Version) => return print(concat!("Continuo ", env!("CARGO_PKG_VERSION"))),
        None => {}
    }
    let opened = display::check().and_then(|()| recall(&arguments));
    if let Err(sentence) = opened {
        eprintln!("{sentence}");
        return ExitCode::from(FAILED);
    }
    choose_way_out(&mut arguments);
    shared().start.lock().arguments = Some(arguments.clone());
    watch_the_window();
    watch_the_sound();
    heed_the_terminal();
    if nice_export_standalone_with_args::<Continuo<Alone>, _>(arguments.for_wrapper()) {
        leave(0);
    }
    eprintln!(
        "Continuo could not start the sound as asked: check the options, or leave them out (see --help)."
    );
    ExitCode::from(FAILED)
}

fn print(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}

/// Takes up the settings of the last time, and what the command line says in their place.
///
/// # Errors
/// A sentence on an option that makes no sense.
fn recall(arguments: &Arguments) -> Result<(), String> {
    let fresh = || std::env::temp_dir().join(format!("continuo-fresh-{}", std::process::id()));
    let asked = arguments.folder();
    let folder =
        asked.or_else(|| if arguments.has("--fresh") { Some(fresh()) } else { keeper::usual_folder() });
    let mut settings = keeper::read_settings(folder.as_ref(), &shared().notices);
    if let Some(tempo) = arguments.value("--tempo") {
        let known = tempo.parse::<f64>().ok().filter(|tempo| Standalone::TEMPOS.contains(tempo));
        settings.tempo = known.ok_or_else(|| {
            format!("--tempo {tempo} is no tempo that Continuo plays: give a number from 20 to 300.")
        })?;
    }
    if let Some(meter) = meter(arguments, settings.meter)? {
        settings.meter = meter;
    }
    let mut start = shared().start.lock();
    (start.folder, start.settings) = (folder, settings);
    Ok(())
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

/// Chooses the way out for the sound, unless the user has.
fn choose_way_out(arguments: &mut Arguments) {
    device::quieten();
    let mut start = shared().start.lock();
    if arguments.value("--backend").is_some() {
        start.backend = "as asked".to_owned();
        return;
    }
    let (way, says) = Way::find(&DeviceChoice::from(&start.settings.devices));
    let says = match &way {
        Way::None { reason } => {
            Some(format!("No audio device can be used ({reason}): Continuo plays on, but nothing is heard."))
        }
        _ => says,
    };
    if let Some(sentence) = says {
        eprintln!("{sentence}");
        shared().notices.say(Matter::Sound, sentence);
    }
    start.backend = way.to_string();
    for (option, value) in way.options() {
        arguments.add(option, &value);
    }
}

/// Saves all and ends the program, or begins it anew with other devices.
fn leave(code: i32) -> ! {
    let shared = shared();
    if let Some(keeper) = &*shared.keeper.lock() {
        keeper.write();
    }
    let start = shared.start.lock();
    if shared.ending.is_new_beginning() {
        begin_anew(&start);
    }
    // A folder that the user named is never deleted.
    let is_ours = |arguments: &Arguments| arguments.has("--fresh") && arguments.folder().is_none();
    let is_fresh = start.arguments.as_ref().is_some_and(is_ours);
    if let Some(folder) = start.folder.as_ref().filter(|_| is_fresh) {
        let _ = std::fs::remove_dir_all(folder);
    }
    std::process::exit(code)
}

/// Puts a new run of the program in this one's place; returns only where that fails.
fn begin_anew(start: &Start) {
    let Ok(program) = std::env::current_exe() else { return };
    let Some(arguments) = &start.arguments else { return };
    let mut command = Command::new(program);
    command.args(arguments.again(start.folder.as_ref()));
    #[cfg(unix)]
    let failed = Some(std::os::unix::process::CommandExt::exec(&mut command));
    #[cfg(not(unix))]
    let failed = command.spawn().err();
    if let Some(error) = failed {
        eprintln!("Continuo could not start again with the other devices ({error}): start it yourself.");
    }
}

/// A panic becomes a sentence, and where the sound is concerned the panel shows it: no traces.
fn catch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let said = crate::guard::message(panic.payload()).lines().next().unwrap_or_default();
        eprintln!("Continuo: {said}");
        if panic.location().is_some_and(|place| place.file().contains("standalone/backend")) {
            let says = format!(
                "The sound has stopped ({said}): close other programs that play, then restart the sound under Sound \
                 and devices."
            );
            shared().notices.say(Matter::Sound, says);
        }
    }));
}

/// Lets Ctrl-C close the window; nice-plug's own handler waits for a window that never hears of it. Without a window,
/// or a second time, it ends the program.
fn heed_the_terminal() {
    let heeded = ctrlc::set_handler(|| {
        let ending = &shared().ending;
        if !ending.begin() || !ending.has_opened() {
            std::process::exit(INTERRUPTED);
        }
    });
    if let Err(error) = heeded {
        eprintln!("Ctrl-C will not close Continuo ({error}): close its window.");
    }
}

/// Ends the program when no window appears: without one it would wait for ever.
fn watch_the_window() {
    thread::spawn(|| {
        thread::sleep(PATIENCE);
        if !shared().ending.has_opened() {
            eprintln!(
                "The window does not open: this display seems to have no OpenGL 3.2. Without a window, use \
                 \"continuo continue\"."
            );
            std::process::exit(i32::from(FAILED));
        }
    });
}

/// Says so in the panel when no sound is played any more.
fn watch_the_sound() {
    thread::spawn(|| {
        let shared = shared();
        let mut watch = Watch::default();
        loop {
            thread::sleep(LOOK);
            if !shared.ending.has_opened() {
                continue;
            }
            match watch.look(shared.board.blocks(), Instant::now()) {
                Some(Change::Stopped) if !shared.notices.has(Matter::Sound) => {
                    let says = silence(&shared.start.lock().backend);
                    shared.notices.say(Matter::Sound, says);
                }
                Some(Change::Resumed) => shared.notices.clear(Matter::Sound),
                _ => {}
            }
        }
    });
}

/// Why there is no sound any more, as far as can be told, and what to do.
fn silence(backend: &str) -> String {
    let (what, first) = if backend == JACK {
        ("The JACK server has gone", "start it again, then ")
    } else {
        ("The audio device has gone", "")
    };
    format!(
        "{what}, so nothing is heard or played: {first}press \"Restart the sound\" under Sound and devices, where another \
         way can be chosen too. Nothing is lost."
    )
}
