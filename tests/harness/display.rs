//! An X display of the tests' own, so that no test needs a screen, nor moves anybody's pointer.

use std::env;
use std::io::{BufRead, BufReader, IoSlice};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};
use x11rb::connection::{Connection, RequestConnection};
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt, CreateWindowAux, EventMask, ImageFormat,
    KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;

/// What the pictures on the screen are as large as.
const SCREEN: &str = "1280x1024x24";
/// Longer than a window takes to open on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// The environment names one display for the whole process, so that tests of one process take turns.
static TURN: Mutex<()> = Mutex::new(());

/// A display without a screen (Xvfb), named by `DISPLAY` while it lasts, and a connection to it.
pub struct Display {
    /// The connection of the test.
    pub connection: RustConnection,
    /// The window behind all others.
    pub root: Window,
    server: Child,
    _turn: MutexGuard<'static, ()>,
}

impl Display {
    /// Starts one; `None`, and a sentence on the way, where Xvfb is not installed.
    pub fn open() -> Option<Display> {
        let turn = TURN.lock();
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]);
        let Ok(mut server) = xvfb.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else {
            eprintln!(
                "left out: there is no Xvfb here (Debian's package xvfb); `cargo xtask test` installs it"
            );
            return None;
        };
        let mut number = String::new();
        let said = server.stdout.take().expect("its output is piped");
        BufReader::new(said).read_line(&mut number).expect("Xvfb says its number once it listens");
        let name = format!(":{}", number.trim());
        // SAFETY: no other test runs meanwhile, and the thread that waits for this one does not look at the environment.
        unsafe { env::set_var("DISPLAY", &name) };
        let (connection, screen) = x11rb::connect(Some(&name)).expect("Xvfb takes our call");
        let root = connection.setup().roots[screen].root;
        Some(Display { connection, root, server, _turn: turn })
    }

    /// A new window of this place and size, shown, whose events come to this connection.
    pub fn window(&self, parent: Window, (x, y): (i16, i16), (width, height): (u16, u16)) -> Window {
        let window = self.connection.generate_id().expect("there are numbers left");
        let look = CreateWindowAux::new().event_mask(EventMask::STRUCTURE_NOTIFY).background_pixel(0);
        let class = WindowClass::INPUT_OUTPUT;
        let made = self.connection.create_window(0, window, parent, x, y, width, height, 0, class, 0, &look);
        made.expect("the display stands").check().expect("the window can be made");
        self.connection.map_window(window).expect("the display stands").check().expect("it can be shown");
        window
    }

    /// Moves the pointer to a place on the screen.
    pub fn point_at(&self, x: i16, y: i16) {
        self.fake(MOTION_NOTIFY_EVENT, 0, (x, y));
    }

    /// Presses the mouse's first button, or lets it go.
    pub fn button(&self, down: bool) {
        self.fake(if down { BUTTON_PRESS_EVENT } else { BUTTON_RELEASE_EVENT }, 1, (0, 0));
    }

    /// Presses the key that bears this symbol, or lets it go.
    pub fn key(&self, symbol: u32, down: bool) {
        let setup = self.connection.setup();
        let count = setup.max_keycode - setup.min_keycode + 1;
        let keys =
            self.connection.get_keyboard_mapping(setup.min_keycode, count).expect("the display stands");
        let keys = keys.reply().expect("there is a keyboard");
        let place = keys.keysyms.iter().position(|known| *known == symbol).expect("a key bears the symbol");
        let code = setup.min_keycode + (place / usize::from(keys.keysyms_per_keycode)) as u8;
        self.fake(if down { KEY_PRESS_EVENT } else { KEY_RELEASE_EVENT }, code, (0, 0));
    }

    /// XTEST's FakeInput, written by hand: the crate's own would need another build of it.
    fn fake(&self, kind: u8, detail: u8, (x, y): (i16, i16)) {
        let known = self.connection.extension_information("XTEST").expect("the display stands");
        let opcode = known.expect("Xvfb has XTEST").major_opcode;
        let mut request = [0_u8; 36];
        request[..2].copy_from_slice(&[opcode, 2]);
        request[2..4].copy_from_slice(&9_u16.to_ne_bytes());
        request[4..6].copy_from_slice(&[kind, detail]);
        request[12..16].copy_from_slice(&self.root.to_ne_bytes());
        request[24..26].copy_from_slice(&x.to_ne_bytes());
        request[26..28].copy_from_slice(&y.to_ne_bytes());
        let sent = self.connection.send_request_without_reply(&[IoSlice::new(&request)], Vec::new());
        sent.expect("the display stands").check().expect("the server takes the input");
    }

    /// A window's pixels from a column on, as the screen shows them; four bytes each.
    pub fn pixels(&self, window: Window, from: u16) -> Vec<u8> {
        let size = self.connection.get_geometry(window).expect("the display stands").reply();
        let size = size.expect("the window is there");
        let (x, width) = (from as i16, size.width.saturating_sub(from));
        let format = ImageFormat::Z_PIXMAP;
        let image = self.connection.get_image(format, window, x, 0, width, size.height, u32::MAX);
        image.expect("the display stands").reply().expect("the window is on the screen").data
    }

    /// How many different colours a window shows from a column on; no more than a dozen are told apart.
    pub fn colours(&self, window: Window, from: u16) -> usize {
        const DOZEN: usize = 12;
        let pixels = self.pixels(window, from);
        let mut found: Vec<&[u8]> = Vec::new();
        for colour in pixels.chunks_exact(4).map(|pixel| &pixel[..3]) {
            if found.len() < DOZEN && !found.contains(&colour) {
                found.push(colour);
            }
        }
        found.len()
    }
}

impl Display {
    /// Ends it before its time.
    pub fn end(&mut self) {
        // Asked and not killed: it must take its lock away, or two others could both take this number for free.
        if let Ok(None) = self.server.try_wait() {
            // SAFETY: the server runs and has not been waited for, so that this number is still its own.
            unsafe { libc::kill(self.server.id() as libc::pid_t, libc::SIGTERM) };
        }
        // Nothing helps where a server cannot be ended.
        let _ = self.server.wait();
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.end();
    }
}

/// Waits until something is so; panics with this sentence where it never is.
pub fn await_that(sentence: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "it never comes true that {sentence}");
        thread::sleep(Duration::from_millis(5));
    }
}
