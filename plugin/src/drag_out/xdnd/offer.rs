//! What is offered while a drag lasts: the file's address, by the selection that XDND names.

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, PropMode, SELECTION_NOTIFY_EVENT,
    SelectionNotifyEvent, SelectionRequestEvent, Timestamp, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{CURRENT_TIME, NONE};

use super::{Atoms, Lost};

/// The offer, owned by a window that is never shown; both end with the connection.
pub struct Offer {
    /// The window that targets know the drag by.
    pub window: Window,
    /// The server's time at which the offer was made.
    pub time: Timestamp,
    /// Somebody has read the address.
    pub read: bool,
    list: Vec<u8>,
}

impl Offer {
    /// Offers an address list.
    pub fn make(
        connection: &RustConnection,
        root: Window,
        atoms: &Atoms,
        list: Vec<u8>,
    ) -> Result<Offer, Lost> {
        let window = connection.generate_id()?;
        let hidden = CreateWindowAux::new().override_redirect(1).event_mask(EventMask::PROPERTY_CHANGE);
        connection.create_window(0, window, root, -10, -10, 1, 1, 0, WindowClass::INPUT_ONLY, 0, &hidden)?;
        let time = server_time(connection, window, atoms)?;
        connection.set_selection_owner(window, atoms.XdndSelection, time)?;
        Ok(Offer { window, time, read: false, list })
    }

    /// Answers somebody who asks for what is offered, or for its types.
    pub fn answer(
        &mut self,
        connection: &RustConnection,
        atoms: &Atoms,
        request: &SelectionRequestEvent,
    ) -> Result<(), Lost> {
        // Old clients name no place, and look where the type's name is.
        let place = if request.property == NONE { request.target } else { request.property };
        let requestor = request.requestor;
        let answered = if request.selection != atoms.XdndSelection {
            NONE
        } else if request.target == atoms.URI_LIST {
            connection.change_property8(PropMode::REPLACE, requestor, place, atoms.URI_LIST, &self.list)?;
            self.read = true;
            place
        } else if request.target == atoms.TARGETS {
            let types = [atoms.TARGETS, atoms.URI_LIST];
            connection.change_property32(PropMode::REPLACE, requestor, place, AtomEnum::ATOM, &types)?;
            place
        } else {
            NONE
        };
        let notice = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor,
            selection: request.selection,
            target: request.target,
            property: answered,
        };
        connection.send_event(false, requestor, EventMask::NO_EVENT, notice)?;
        Ok(())
    }
}

/// The server's time: it stands on every change of a property. A selection must not be owned as of "now", for nobody
/// could then say whether a request is older than its owner.
fn server_time(connection: &RustConnection, window: Window, atoms: &Atoms) -> Result<Timestamp, Lost> {
    connection.change_property32(PropMode::APPEND, window, atoms.XdndAware, AtomEnum::ATOM, &[])?;
    connection.flush()?;
    loop {
        match connection.wait_for_event()? {
            Event::PropertyNotify(change) if change.window == window => return Ok(change.time),
            Event::Error(_) => return Ok(CURRENT_TIME),
            _ => {}
        }
    }
}
