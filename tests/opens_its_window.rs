//! The real window in a host's: opened, resized, played under, closed, and opened again.
#![cfg(target_os = "linux")]

use harness::clap::ClapHost;
use harness::display::{Display, await_that};
use harness::{Blocks, Format, Host, Pairing, Product, Setup, Timeline, tunes};
use x11rb::protocol::xproto::{ConfigureWindowAux, ConnectionExt, Window};

const RATE: f64 = 48_000.0;
/// How often the window is opened.
const ROUNDS: usize = 20;
/// By then all that is made once has been made: fonts, shaders, the heap's parts.
const WARM: usize = 8;
/// A window that shows no more colours than this is blank, or a flat colour with a frame.
const FLAT: usize = 4;
/// The host's window, and how large it is pulled.
const SIZES: [(u16, u16); 2] = [(1000, 700), (1200, 800)];
/// How much memory one more opening may cost, in bytes. It is not nothing: the window library forgets a map of the keyboard
/// (0.12 MB) each time, and each window's thread has a heap of its own. A panel that was forgotten would cost several times
/// this.
const LEAK: i64 = 1 << 20;

/// What the process holds.
#[derive(Debug, Clone, Copy)]
struct Held {
    threads: usize,
    bytes: i64,
}

/// The threads of this process, and its memory that no file stands behind.
fn held() -> Held {
    // SAFETY: it only gives memory that is free already back to the system.
    unsafe { libc::malloc_trim(0) };
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells of a process");
    let number = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).expect("the line is always there");
        let value = line.split_whitespace().nth(1).and_then(|number| number.parse::<i64>().ok());
        value.expect("a number follows")
    };
    Held { threads: number("Threads:") as usize, bytes: number("RssAnon:") << 10 }
}

/// The one window inside another, when it is there.
fn inside(display: &Display, parent: Window) -> Option<Window> {
    let tree = display.connection.query_tree(parent).expect("the display stands").reply();
    tree.expect("the window is there").children.first().copied()
}

fn active() -> ClapHost {
    let mut host = ClapHost::open(&Product::CONTINUO.find(Format::Clap), Product::CONTINUO.name);
    host.activate(Setup { sample_rate: RATE, ..Setup::default() });
    host
}

/// Opens the plugin's window in one of the host's and waits until it is drawn; returns both.
fn open(display: &Display, host: &mut ClapHost) -> (Window, Window) {
    let parent = display.window(display.root, (0, 0), SIZES[0]);
    let size = host.open_window(parent);
    assert!(size.0 >= 640 && size.1 >= 400, "a panel of a usable size opens: {size:?}");
    await_that("a window lies in the host's", || inside(display, parent).is_some());
    let window = inside(display, parent).expect("it was seen");
    await_that("the panel is drawn", || display.colours(window, 0) > FLAT);
    (parent, window)
}

/// Pulls the host's window to another size.
fn resize(display: &Display, host: &mut ClapHost, (parent, window): (Window, Window)) {
    let [before, (width, height)] = SIZES;
    let pulled = ConfigureWindowAux::new().width(u32::from(width)).height(u32::from(height));
    display.connection.configure_window(parent, &pulled).expect("the display stands").ignore_error();
    assert_eq!(host.resize_window(width.into(), height.into()), (width.into(), height.into()));
    await_that("the window has the size that the host gave it", || {
        let now = display.connection.get_geometry(window).expect("the display stands").reply();
        now.is_ok_and(|now| (now.width, now.height) == (width, height))
    });
    await_that("what is new of the window is drawn", || display.colours(window, before.0 + 8) > FLAT);
}

/// Plays a tune, which comes through and appears in the window.
fn play(display: &Display, host: &mut ClapHost, timeline: &mut Timeline, window: Window) {
    let before = display.pixels(window, 0);
    timeline.cue_phrase(&tunes::twinkle(), timeline.beat());
    let heard = timeline.run_for(host, (8.5 * RATE) as u64);
    let pairing = Pairing::of(&heard);
    assert!(pairing.is_clean() && pairing.notes.len() == 14, "what is played comes through: {pairing:?}");
    host.idle();
    await_that("the panel shows that something is played", || display.pixels(window, 0) != before);
}

/// Waits until no more threads run than did before: the window library does not always wait for its own, and the graphics
/// driver's end a moment later still. Those that lose their display end the process.
fn settle(before: Held) {
    await_that("the window's threads have ended", || held().threads <= before.threads);
}

/// Closes both windows.
fn close(display: &Display, host: &mut ClapHost, parent: Window) {
    host.close_window();
    await_that("the window is gone", || inside(display, parent).is_none());
    display.connection.destroy_window(parent).expect("the display stands").check().expect("it can be closed");
}

#[test]
fn the_window_opens_resizes_and_closes_twenty_times_and_leaves_nothing_behind() {
    let Some(display) = Display::open() else { return };
    let mut host = active();
    let mut timeline = Timeline::new(RATE, 120.0, Blocks::Even(512));
    timeline.play();
    let before = held();
    let mut rounds: Vec<Held> = Vec::new();
    for _ in 0..ROUNDS {
        let windows = open(&display, &mut host);
        resize(&display, &mut host, windows);
        play(&display, &mut host, &mut timeline, windows.1);
        close(&display, &mut host, windows.0);
        settle(before);
        rounds.push(held());
    }
    let each = (rounds[ROUNDS - 1].bytes - rounds[WARM - 1].bytes) / (ROUNDS - WARM) as i64;
    assert!(each < LEAK, "{each} bytes stay behind each time: {rounds:?}");
    host.deactivate();
}

#[test]
fn two_instances_have_a_window_each_and_closing_one_leaves_the_other() {
    let Some(display) = Display::open() else { return };
    let before = held();
    let (mut one, mut other) = (active(), active());
    let (first, second) = (open(&display, &mut one), open(&display, &mut other));
    close(&display, &mut one, first.0);
    drop(one);
    let mut timeline = Timeline::new(RATE, 120.0, Blocks::Even(512));
    timeline.play();
    play(&display, &mut other, &mut timeline, second.1);
    close(&display, &mut other, second.0);
    drop(other);
    settle(before);
}

#[test]
fn an_inactive_instance_has_a_window_too() {
    let Some(display) = Display::open() else { return };
    let before = held();
    let mut host = ClapHost::open(&Product::CONTINUO.find(Format::Clap), Product::CONTINUO.name);
    let (parent, _) = open(&display, &mut host);
    close(&display, &mut host, parent);
    drop(host);
    settle(before);
}
