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
mod start;
pub mod transport;
mod watch;

use std::process::{Command, ExitCode};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use nice_plug::prelude::*;
use parking_lot::Mutex;

pub use ending::{Closing, Ending};

use self::board::Board;
use self::device::JACK;
use self::keeper::Keeper;
use self::midi::Midi;
use self::notices::{Matter, Notices};
use self::options::{Arguments, Print};
use self::start::Start;
use self::watch::{Change, Watch};
use crate::format::{self, Format};
use crate::instance::Instance;
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
            .map(|devices| Midi::start(devices, start.midi_wish(), notices.clone()));
        let (board, ending) = (shared.board.clone(), shared.ending.clone());
        Some(Box::new(house::House::new(start.backend.clone(), board, keeper, notices, ending, midi)))
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
    let opened = display::check().and_then(|()| shared().start.lock().recall(&arguments, &shared().notices));
    if let Err(sentence) = opened {
        eprintln!("{sentence}");
        return ExitCode::from(FAILED);
    }
    shared().start.lock().choose_way_out(&mut arguments, &shared().notices);
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
