//! Continuo without a host: a window with a piano, and a small sound of its own.

mod device;
mod display;
mod synth;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use nice_plug::prelude::*;
use parking_lot::Mutex;

use self::device::Way;
use crate::format::Format;
use crate::panel::Standalone;
use crate::plugin::Continuo;

/// A window that is not open after this long will not open.
const PATIENCE: Duration = Duration::from_secs(20);
/// The exit code of a program that cannot do what was asked.
const FAILED: u8 = 2;

/// The exit code after Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Whether the window has opened.
static OPENED: AtomicBool = AtomicBool::new(false);
/// Whether the user wants to quit from the terminal.
static QUITS: AtomicBool = AtomicBool::new(false);
/// What the sound comes out of, in a few words.
static BACKEND: Mutex<String> = Mutex::new(String::new());
/// Why nothing can be heard, as a sentence.
static PROBLEM: Mutex<Option<String>> = Mutex::new(None);

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
    /// Time runs from the start of the program, and nobody hears a click: its bar lines mean nothing to the player.
    const HAS_TRANSPORT: bool = false;
    type Sound = synth::Synth;

    fn standalone() -> Option<Standalone> {
        Some(Standalone::new(BACKEND.lock().clone()))
    }
}

/// Why nothing can be heard, as a sentence; `None` when something can, or in a host. `[main-thread]`
pub fn problem() -> Option<String> {
    PROBLEM.lock().clone()
}

/// The window has opened. `[main-thread]`
pub fn note_opened() {
    OPENED.store(true, Ordering::Relaxed);
}

/// Whether the user wants to quit from the terminal. `[main-thread]`
pub fn quits() -> bool {
    QUITS.load(Ordering::Relaxed)
}

/// Opens the window and plays until it is closed. `[main-thread]`
pub fn run() -> ExitCode {
    catch_panics();
    let arguments: Vec<String> = std::env::args().collect();
    let asks_for_help =
        arguments.iter().any(|argument| matches!(argument.as_str(), "-h" | "--help" | "--version"));
    if !asks_for_help && let Err(sentence) = display::check() {
        eprintln!("{sentence}");
        return ExitCode::from(FAILED);
    }
    let arguments = if asks_for_help { arguments } else { with_way_out(arguments) };
    watch_the_window();
    heed_the_terminal();
    if nice_export_standalone_with_args::<Continuo<Alone>, _>(arguments) {
        return ExitCode::SUCCESS;
    }
    eprintln!(
        "Continuo could not start the sound as asked: check the options, or leave them out (see --help)."
    );
    ExitCode::from(FAILED)
}

/// Chooses the way out for the sound, unless the user has.
fn with_way_out(mut arguments: Vec<String>) -> Vec<String> {
    device::quieten();
    let chosen = |argument: &String| argument.starts_with("--backend") || argument.starts_with("-b");
    if arguments.iter().any(chosen) {
        *BACKEND.lock() = "as asked".to_owned();
        return arguments;
    }
    let way = Way::find();
    if let Way::None { reason } = &way {
        let sentence =
            format!("No audio device can be used ({reason}): Continuo plays on, but nothing is heard.");
        eprintln!("{sentence}");
        *PROBLEM.lock() = Some(sentence);
    }
    *BACKEND.lock() = way.to_string();
    for (option, value) in way.options() {
        let given = |argument: &String| argument.split('=').next() == Some(option);
        if !arguments.iter().any(given) {
            arguments.extend([option.to_owned(), value]);
        }
    }
    arguments
}

/// A panic becomes a sentence, and where the sound is concerned the panel shows it: no traces.
fn catch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let said = crate::guard::message(panic.payload()).lines().next().unwrap_or_default();
        eprintln!("Continuo: {said}");
        if panic.location().is_some_and(|place| place.file().contains("standalone/backend")) {
            *PROBLEM.lock() = Some(format!(
                "The sound has stopped ({said}): close other programs that play, and start again."
            ));
        }
    }));
}

/// Lets Ctrl-C close the window; nice-plug's own handler waits for a window that never hears of it. Without a window,
/// or a second time, it ends the program.
fn heed_the_terminal() {
    let heeded = ctrlc::set_handler(|| {
        let again = QUITS.swap(true, Ordering::Relaxed);
        if again || !OPENED.load(Ordering::Relaxed) {
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
        if !OPENED.load(Ordering::Relaxed) {
            eprintln!(
                "The window does not open: this display seems to have no OpenGL 3.2. Without a window, use \
                 \"continuo continue\"."
            );
            std::process::exit(i32::from(FAILED));
        }
    });
}
