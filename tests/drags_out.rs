//! A phrase is dragged out of the panel's window with the mouse and dropped on another program's.
#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use continuo_plugin::drag_out::{self, Ended, Source};
use continuo_plugin::export::{self, MidiFile};
use harness::display::{Display, await_that};
use harness::tunes;
use melody::midi;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, PropMode, Window,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

const ESCAPE: u32 = 0xFF1B;
/// Longer than any step of a drag takes.
const PATIENCE: Duration = Duration::from_secs(20);
/// Where the panel's stand-in lies, and where the pointer is in it.
const PANEL: ((i16, i16), (u16, u16)) = ((0, 0), (300, 300));
/// Where the other program's window lies.
const LANDING: ((i16, i16), (u16, u16)) = ((600, 200), (300, 300));

x11rb::atom_manager! {
    Atoms: AtomsCookie {
        XdndAware, XdndProxy, XdndEnter, XdndPosition, XdndStatus, XdndLeave, XdndDrop, XdndFinished, XdndSelection,
        XdndActionCopy, URI_LIST: b"text/uri-list", TARGETS, LANDED, END_OF_TEST,
    }
}

/// What the other program has seen.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Entered { version: u32, kind_is_list: bool },
    Moved,
    Left,
    Dropped { types: Vec<u32>, list: String },
}

/// How the other program behaves.
#[derive(Clone, Copy)]
struct Manners {
    accepts: bool,
    /// Messages go to a window of this process that is not on the screen.
    by_proxy: bool,
    finishes: bool,
}

const POLITE: Manners = Manners { accepts: true, by_proxy: false, finishes: true };

/// A window of another program that takes drops, with a connection and a thread of its own.
struct Landing {
    connection: RustConnection,
    atoms: Atoms,
    window: Window,
    manners: Manners,
    says: Sender<Seen>,
}

impl Landing {
    fn open(manners: Manners) -> Receiver<Seen> {
        let (connection, screen) = x11rb::connect(None).unwrap();
        let root = connection.setup().roots[screen].root;
        let atoms = Atoms::new(&connection).unwrap().reply().unwrap();
        let make = |((x, y), (width, height)): ((i16, i16), (u16, u16))| {
            let window = connection.generate_id().unwrap();
            let (aux, class) = (CreateWindowAux::new(), WindowClass::INPUT_OUTPUT);
            let made = connection.create_window(0, window, root, x, y, width, height, 0, class, 0, &aux);
            made.unwrap().check().unwrap();
            window
        };
        let set = |window, property, kind: AtomEnum, value: u32| {
            connection.change_property32(PropMode::REPLACE, window, property, kind, &[value]).unwrap();
        };
        let window = make(LANDING);
        let receiver = if manners.by_proxy { make(((-50, -50), (1, 1))) } else { window };
        if manners.by_proxy {
            set(window, atoms.XdndProxy, AtomEnum::WINDOW, receiver);
            set(receiver, atoms.XdndProxy, AtomEnum::WINDOW, receiver);
        }
        set(receiver, atoms.XdndAware, AtomEnum::ATOM, 5);
        connection.map_window(window).unwrap().check().unwrap();
        let (says, hears) = mpsc::channel();
        let mut landing = Landing { connection, atoms, window, manners, says };
        thread::spawn(move || landing.take_drops());
        hears
    }

    fn take_drops(&mut self) {
        let mut list = None;
        while let Ok(event) = self.connection.wait_for_event() {
            let Event::ClientMessage(message) = event else { continue };
            let data = message.data.as_data32();
            assert_eq!(message.window, self.window, "a message names the window that was meant");
            let seen = match message.type_ {
                kind if kind == self.atoms.XdndEnter => {
                    Seen::Entered { version: data[1] >> 24, kind_is_list: data[2] == self.atoms.URI_LIST }
                }
                kind if kind == self.atoms.XdndPosition => {
                    let accepts = u32::from(self.manners.accepts);
                    let action = if self.manners.accepts { self.atoms.XdndActionCopy } else { 0 };
                    self.send(data[0], self.atoms.XdndStatus, [self.window, accepts, 0, 0, action]);
                    Seen::Moved
                }
                kind if kind == self.atoms.XdndLeave => Seen::Left,
                kind if kind == self.atoms.XdndDrop => {
                    let types = self.fetch(self.atoms.TARGETS, data[2]);
                    let types = types.chunks(4).map(|four| u32::from_ne_bytes(four.try_into().unwrap()));
                    let types = types.collect();
                    let bytes = list.insert(self.fetch(self.atoms.URI_LIST, data[2])).clone();
                    if self.manners.finishes {
                        let data5 = [self.window, 1, self.atoms.XdndActionCopy, 0, 0];
                        self.send(data[0], self.atoms.XdndFinished, data5);
                    }
                    Seen::Dropped { types, list: String::from_utf8(bytes).unwrap() }
                }
                _ => continue,
            };
            if self.says.send(seen).is_err() {
                return;
            }
        }
    }

    fn send(&self, to: Window, kind: u32, data: [u32; 5]) {
        let message = ClientMessageEvent::new(32, to, kind, data);
        self.connection.send_event(false, to, EventMask::NO_EVENT, message).unwrap();
        self.connection.flush().unwrap();
    }

    /// Asks the owner of the drag for one of its types.
    fn fetch(&self, kind: u32, time: u32) -> Vec<u8> {
        let (selection, place) = (self.atoms.XdndSelection, self.atoms.LANDED);
        self.connection.convert_selection(self.window, selection, kind, place, time).unwrap();
        self.connection.flush().unwrap();
        loop {
            if let Event::SelectionNotify(notice) = self.connection.wait_for_event().unwrap() {
                assert_eq!(notice.property, place, "what was offered is handed over");
                let got = self.connection.get_property(true, self.window, place, AtomEnum::ANY, 0, 4096);
                return got.unwrap().reply().unwrap().value;
            }
        }
    }
}

/// The panel's stand-in with the button held down over it, and a drag that has begun.
struct Bench {
    display: Display,
    ended: Receiver<Ended>,
    file: PathBuf,
}

impl Bench {
    /// `None` where there is no display to be had.
    fn new() -> Option<Bench> {
        let display = Display::open()?;
        assert!(drag_out::is_possible());
        let atoms = Atoms::new(&display.connection).unwrap().reply().unwrap();
        // The host's window understands drops, as those of most toolkits do; the panel lies in it.
        let hosts = display.window(display.root, PANEL.0, (500, 500));
        let kind = AtomEnum::ATOM;
        let aware =
            display.connection.change_property32(PropMode::REPLACE, hosts, atoms.XdndAware, kind, &[5]);
        aware.unwrap().check().unwrap();
        let panel = display.window(hosts, PANEL.0, PANEL.1);
        display.point_at(100, 100);
        display.button(true);
        let file = export::lend(&MidiFile::of(&tunes::twinkle(), "VAE 123")).unwrap();
        let (tell, ended) = mpsc::channel();
        Source::of_x11(panel).drag(file.clone(), move |how| tell.send(how).unwrap());
        Some(Bench { display, ended, file })
    }

    fn move_over_landing(&self) {
        for step in 0..=10 {
            self.display.point_at(100 + 60 * step, 100 + 20 * step);
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn end(&self) -> Ended {
        self.ended.recv_timeout(PATIENCE).expect("a drag ends by itself")
    }

    /// The host's window must hear nothing of a drag that is over the panel.
    fn nothing_was_sent_to_the_host(&self) -> bool {
        let events = std::iter::from_fn(|| self.display.connection.poll_for_event().unwrap());
        !events.into_iter().any(|event| matches!(event, Event::ClientMessage(_)))
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // What was lent outlives its process by a day; a test's need not.
        if let Some(folder) = self.file.parent() {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

fn dropped_on(manners: Manners) {
    let Some(bench) = Bench::new() else { return };
    let landing = Landing::open(manners);
    assert_eq!(bench.ended.recv_timeout(Duration::from_millis(100)), Err(RecvTimeoutError::Timeout));
    assert!(bench.nothing_was_sent_to_the_host(), "the panel lies over the host's window");
    bench.move_over_landing();
    let entered = landing.recv_timeout(PATIENCE).unwrap();
    assert_eq!(entered, Seen::Entered { version: 5, kind_is_list: true });
    bench.display.button(false);
    let dropped = loop {
        match landing.recv_timeout(PATIENCE).unwrap() {
            Seen::Moved => {}
            seen => break seen,
        }
    };
    let Seen::Dropped { types, list } = dropped else { panic!("{dropped:?}") };
    assert_eq!(types.len(), 2, "the types are listed: the list of types and the address");
    let path = list.strip_prefix("file://").and_then(|list| list.strip_suffix("\r\n")).unwrap();
    assert_eq!(path, bench.file.to_str().unwrap(), "this path has no odd letters");
    assert!(path.ends_with("/continuo-vae-123.mid"), "{path}");
    let song = midi::read(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(song.tracks[0].notes, tunes::twinkle().notes());
    assert_eq!(bench.end(), Ended::Taken);
}

#[test]
fn a_phrase_that_is_dropped_on_another_window_lands_there_as_a_file() {
    dropped_on(POLITE);
}

#[test]
fn a_window_may_have_another_take_its_drops() {
    dropped_on(Manners { by_proxy: true, ..POLITE });
}

#[test]
fn who_has_read_the_file_and_says_nothing_more_has_taken_it() {
    dropped_on(Manners { finishes: false, ..POLITE });
}

#[test]
fn a_drop_that_nobody_wants_leaves_no_trace() {
    let Some(bench) = Bench::new() else { return };
    let landing = Landing::open(Manners { accepts: false, ..POLITE });
    bench.move_over_landing();
    assert!(matches!(landing.recv_timeout(PATIENCE).unwrap(), Seen::Entered { .. }));
    bench.display.button(false);
    assert_eq!(bench.end(), Ended::Unwanted);
    let last = std::iter::from_fn(|| landing.recv_timeout(Duration::from_millis(300)).ok()).last();
    assert_eq!(last, Some(Seen::Left));
}

#[test]
fn a_drop_on_the_panel_itself_is_none() {
    let Some(bench) = Bench::new() else { return };
    bench.display.point_at(150, 150);
    bench.display.button(false);
    assert_eq!(bench.end(), Ended::Unwanted);
    assert!(bench.nothing_was_sent_to_the_host());
}

#[test]
fn escape_ends_a_drag_and_the_next_can_begin() {
    let Some(bench) = Bench::new() else { return };
    let landing = Landing::open(POLITE);
    bench.move_over_landing();
    assert!(matches!(landing.recv_timeout(PATIENCE).unwrap(), Seen::Entered { .. }));
    bench.display.key(ESCAPE, true);
    assert_eq!(bench.end(), Ended::Cancelled);
    bench.display.key(ESCAPE, false);
    let mut left = false;
    await_that("the window is told that the drag has left", || {
        left |= landing.try_iter().any(|seen| seen == Seen::Left);
        left
    });
    let (tell, ended) = mpsc::channel();
    bench.display.button(false);
    Source::of_x11(bench.display.root).drag(bench.file.clone(), move |how| tell.send(how).unwrap());
    assert_eq!(ended.recv_timeout(PATIENCE), Ok(Ended::Unwanted), "the button is up already");
}

#[test]
fn a_display_that_dies_ends_the_drag_with_a_sentence() {
    let Some(mut bench) = Bench::new() else { return };
    bench.display.end();
    let Ended::Failed(sentence) = bench.end() else { panic!("the display is gone") };
    assert!(sentence.contains("save the notes"), "{sentence}");
}
