//! A drag by XDND, version 5, over a connection of its own: the pointer is followed, the windows under it are asked, and
//! whoever takes the drop is given the file's address.
//!
//! The pointer is asked for and not grabbed: it belongs to the panel's window for as long as the button is down. The
//! protocol is that of "Drag-and-Drop Protocol for the X Window System" (freedesktop.org), with selections as the
//! Inter-Client Communication Conventions Manual has them.

mod address;
mod offer;
mod targets;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::errors::{ConnectError, ConnectionError, ReplyError, ReplyOrIdError};
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt, EventMask, KeyButMask, Window};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use super::Ended;
use crate::aside;
use offer::Offer;
use targets::Target;

x11rb::atom_manager! {
    /// The names that the protocol uses.
    pub Atoms: AtomsCookie {
        XdndActionCopy,
        XdndAware,
        XdndDrop,
        XdndEnter,
        XdndFinished,
        XdndLeave,
        XdndPosition,
        XdndProxy,
        XdndSelection,
        XdndStatus,
        TARGETS,
        URI_LIST: b"text/uri-list",
    }
}

/// The version of the protocol that is spoken.
const VERSION: u32 = 5;
/// How often the pointer is looked at: as often as a screen is drawn.
const BEAT: Duration = Duration::from_millis(8);
/// A pointer that has not moved for so long with the button down was forgotten by its server.
const MOTIONLESS: Duration = Duration::from_secs(120);
/// How long a window may think about whether it wants what was let go over it.
const THINKING: Duration = Duration::from_secs(2);
/// How long a window that was given the drop may take until it asks for the address.
const ASKING: Duration = Duration::from_secs(10);
/// How long a window that has read the address may take until it says that it has finished.
const FINISHING: Duration = Duration::from_secs(2);
/// The X11 name of the Escape key.
const ESCAPE: u32 = 0xFF1B;

/// Whether a drag is on its way: there is one pointer.
static DRAGGING: AtomicBool = AtomicBool::new(false);

/// Why a drag cannot go on. All of them mean that the display is gone, or never was there.
#[derive(Debug)]
struct Lost(String);

macro_rules! lost_by {
    ($($error:ty),*) => {
        $(impl From<$error> for Lost {
            fn from(error: $error) -> Lost {
                Lost(error.to_string())
            }
        })*
    };
}

lost_by!(ConnectError, ConnectionError, ReplyError, ReplyOrIdError);

/// Starts a drag of `file` out of the window `own`. `[main-thread]`
pub fn start(own: Window, file: PathBuf, tell: impl FnOnce(Ended) + Send + 'static) {
    if DRAGGING.swap(true, Ordering::AcqRel) {
        return;
    }
    let work = move || match Drag::begin(own, &file).and_then(Drag::carry_out) {
        Ok(ended) => ended,
        Err(Lost(reason)) => Ended::Failed(format!(
            "The display broke off the drag ({reason}): save the notes, and fetch the file from there."
        )),
    };
    aside::run("the drag", work, Ended::Failed, |ended| {
        DRAGGING.store(false, Ordering::Release);
        tell(ended);
    });
}

/// A drag on its way.
struct Drag {
    connection: RustConnection,
    root: Window,
    /// The panel's window.
    own: Window,
    offer: Offer,
    atoms: Atoms,
    /// The codes of the Escape key.
    escape: Vec<u8>,
    /// The window under the pointer that understands drops.
    target: Option<Over>,
}

/// What is known of the target.
struct Over {
    target: Target,
    /// It would take the drop here.
    accepts: bool,
    /// It has not yet answered for the last place that it was told.
    asked: bool,
    /// The place that it is to be told next.
    place: Option<(i16, i16)>,
}

/// What a pass over the events found.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    /// The target has read all it wants: whether it took it.
    finished: Option<bool>,
    /// Somebody else drags something.
    displaced: bool,
}

impl Drag {
    fn begin(own: Window, file: &Path) -> Result<Drag, Lost> {
        let (connection, screen) = x11rb::connect(None)?;
        let root = connection.setup().roots[screen].root;
        let atoms = Atoms::new(&connection)?.reply()?;
        let escape = key_codes(&connection, ESCAPE)?;
        let offer = Offer::make(&connection, root, &atoms, address::uri_list(file))?;
        Ok(Drag { connection, root, own, offer, atoms, escape, target: None })
    }

    fn carry_out(mut self) -> Result<Ended, Lost> {
        let ended = self.follow_pointer()?;
        // A server may forget what it was sent last by somebody who has hung up: it must have read it all before.
        self.connection.sync()?;
        Ok(ended)
    }

    /// Until the button comes up.
    fn follow_pointer(&mut self) -> Result<Ended, Lost> {
        let (mut last, mut moved) = (None, Instant::now());
        loop {
            if self.take_events()?.displaced || self.escape_is_down()? {
                self.leave()?;
                return Ok(Ended::Cancelled);
            }
            let pointer = self.connection.query_pointer(self.root)?.reply()?;
            if !pointer.same_screen {
                self.leave()?;
                return Ok(Ended::Cancelled);
            }
            let down = pointer.mask.contains(KeyButMask::BUTTON1);
            // Too late: a click was meant, and where the pointer is by now means nothing.
            if !down && last.is_none() {
                return Ok(Ended::Unwanted);
            }
            let place = (pointer.root_x, pointer.root_y);
            if last.replace(place) != Some(place) {
                moved = Instant::now();
                self.move_to(place)?;
            }
            if !down {
                return self.let_go();
            }
            if moved.elapsed() > MOTIONLESS {
                self.leave()?;
                return Ok(Ended::Cancelled);
            }
            self.connection.flush()?;
            thread::sleep(BEAT);
        }
    }

    fn move_to(&mut self, place: (i16, i16)) -> Result<(), Lost> {
        let target = targets::under(&self.connection, &self.atoms, self.root, self.own)?;
        if self.target.as_ref().map(|over| over.target) != target {
            self.leave()?;
            if let Some(target) = target {
                let data = [self.offer.window, target.version << 24, self.atoms.URI_LIST, 0, 0];
                self.send(target, self.atoms.XdndEnter, data)?;
                self.target = Some(Over { target, accepts: false, asked: false, place: None });
            }
        }
        if let Some(over) = &mut self.target {
            over.place = Some(place);
        }
        self.tell_place()
    }

    /// Tells the target where the pointer is, unless it still thinks about the last place.
    fn tell_place(&mut self) -> Result<(), Lost> {
        let Some(over) = &mut self.target else { return Ok(()) };
        if over.asked {
            return Ok(());
        }
        let Some((x, y)) = over.place.take() else { return Ok(()) };
        over.asked = true;
        let target = over.target;
        let packed = u32::from(x as u16) << 16 | u32::from(y as u16);
        let data = [self.offer.window, 0, packed, self.offer.time, self.atoms.XdndActionCopy];
        self.send(target, self.atoms.XdndPosition, data)
    }

    /// The button is up: the target gets the drop, if it wants it.
    fn let_go(&mut self) -> Result<Ended, Lost> {
        let patience = Instant::now() + THINKING;
        while self.target.as_ref().is_some_and(|over| over.asked || over.place.is_some())
            && Instant::now() < patience
        {
            self.take_events()?;
            self.connection.flush()?;
            thread::sleep(BEAT);
        }
        let Some(target) = self.target.as_ref().filter(|over| over.accepts).map(|over| over.target) else {
            self.leave()?;
            return Ok(Ended::Unwanted);
        };
        self.send(target, self.atoms.XdndDrop, [self.offer.window, 0, self.offer.time, 0, 0])?;
        let mut patience = Instant::now() + ASKING;
        loop {
            let had_read = self.offer.read;
            let found = self.take_events()?;
            if self.offer.read && !had_read {
                patience = Instant::now() + FINISHING;
            }
            match found.finished {
                Some(true) => return Ok(Ended::Taken),
                Some(false) => return Ok(Ended::Unwanted),
                None => {}
            }
            if found.displaced || Instant::now() > patience {
                // Some never say that they have finished; who has read the address has the file.
                return Ok(if self.offer.read { Ended::Taken } else { Ended::Unwanted });
            }
            self.connection.flush()?;
            thread::sleep(BEAT);
        }
    }

    /// Answers whoever asks for the address, and hears what the target says.
    fn take_events(&mut self) -> Result<Found, Lost> {
        let mut found = Found::default();
        while let Some(event) = self.connection.poll_for_event()? {
            match event {
                Event::SelectionRequest(request) => {
                    self.offer.answer(&self.connection, &self.atoms, &request)?
                }
                Event::SelectionClear(_) => found.displaced = true,
                Event::ClientMessage(message) => self.hear(&message, &mut found)?,
                // A window that was asked is gone; the next look at the pointer finds another.
                _ => {}
            }
        }
        Ok(found)
    }

    fn hear(&mut self, message: &ClientMessageEvent, found: &mut Found) -> Result<(), Lost> {
        let Some(over) = &mut self.target else { return Ok(()) };
        let data = message.data.as_data32();
        // Words of a window that the pointer has left come late and mean nothing.
        if message.format != 32 || data[0] != over.target.window {
            return Ok(());
        }
        if message.type_ == self.atoms.XdndStatus {
            over.accepts = data[1] & 1 == 1;
            over.asked = false;
            self.tell_place()?;
        } else if message.type_ == self.atoms.XdndFinished {
            found.finished = Some(over.target.version < VERSION || data[1] & 1 == 1);
        }
        Ok(())
    }

    fn leave(&mut self) -> Result<(), Lost> {
        match self.target.take() {
            Some(over) => self.send(over.target, self.atoms.XdndLeave, [self.offer.window, 0, 0, 0, 0]),
            None => Ok(()),
        }
    }

    fn send(&self, target: Target, kind: u32, data: [u32; 5]) -> Result<(), Lost> {
        let message = ClientMessageEvent::new(32, target.window, kind, data);
        self.connection.send_event(false, target.receiver, EventMask::NO_EVENT, message)?;
        Ok(())
    }

    fn escape_is_down(&self) -> Result<bool, Lost> {
        let keys = self.connection.query_keymap()?.reply()?.keys;
        Ok(self.escape.iter().any(|code| keys[usize::from(code / 8)] >> (code % 8) & 1 == 1))
    }
}

/// The codes of the keys that bear a symbol.
fn key_codes(connection: &RustConnection, symbol: u32) -> Result<Vec<u8>, Lost> {
    let (first, last) = (connection.setup().min_keycode, connection.setup().max_keycode);
    let keys = connection.get_keyboard_mapping(first, last - first + 1)?.reply()?;
    let each = keys.keysyms.chunks(usize::from(keys.keysyms_per_keycode).max(1));
    Ok((first..=last)
        .zip(each)
        .filter(|(_, symbols)| symbols.contains(&symbol))
        .map(|(code, _)| code)
        .collect())
}
