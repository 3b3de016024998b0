//! Who is under the pointer, and whether they understand drops.

use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{Atom, AtomEnum, ConnectionExt, Window};
use x11rb::rust_connection::RustConnection;

use super::{Atoms, Lost, VERSION};

/// The oldest version of the protocol that is spoken: those before did it otherwise.
const OLDEST: u32 = 3;
/// No tree of windows is deeper; one that changes while it is walked must not be walked for ever.
const DEEPEST: usize = 64;

/// A window that understands drops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The window itself, by which it speaks.
    pub window: Window,
    /// The window that messages for it are sent to: its proxy, or itself.
    pub receiver: Window,
    /// The version that both sides speak.
    pub version: u32,
}

/// The outermost window under the pointer that understands drops, or else the desktop; `None` where nobody does, and
/// over `own`, where the drag began.
pub fn under(
    connection: &RustConnection,
    atoms: &Atoms,
    root: Window,
    own: Window,
) -> Result<Option<Target>, Lost> {
    let mut chain = chain(connection, root)?;
    if chain.contains(&own) {
        return Ok(None);
    }
    chain.push(root);
    for window in chain {
        if let Some(target) = target(connection, atoms, window)? {
            return Ok(Some(target));
        }
    }
    Ok(None)
}

/// The windows under the pointer, from the root's child inwards.
fn chain(connection: &RustConnection, root: Window) -> Result<Vec<Window>, Lost> {
    let (mut chain, mut window) = (Vec::new(), root);
    while chain.len() < DEEPEST {
        let Some(pointer) = unless_gone(connection.query_pointer(window)?.reply())? else { break };
        if pointer.child == x11rb::NONE {
            break;
        }
        window = pointer.child;
        chain.push(window);
    }
    Ok(chain)
}

fn target(connection: &RustConnection, atoms: &Atoms, window: Window) -> Result<Option<Target>, Lost> {
    let proxy_of = |window| first_value(connection, window, atoms.XdndProxy, AtomEnum::WINDOW.into());
    let proxy = match proxy_of(window)? {
        // A proxy that does not name itself is left over from a program that is gone.
        Some(proxy) => proxy_of(proxy)?.filter(|itself| *itself == proxy),
        None => None,
    };
    let receiver = proxy.unwrap_or(window);
    let version = first_value(connection, receiver, atoms.XdndAware, AtomEnum::ATOM.into())?;
    let spoken = version.filter(|version| *version >= OLDEST);
    Ok(spoken.map(|version| Target { window, receiver, version: version.min(VERSION) }))
}

/// The first number of a property; `None` where the window has no such property, or is gone.
fn first_value(
    connection: &RustConnection,
    window: Window,
    property: Atom,
    kind: Atom,
) -> Result<Option<u32>, Lost> {
    let reply = unless_gone(connection.get_property(false, window, property, kind, 0, 1)?.reply())?;
    Ok(reply.and_then(|property| property.value32()?.next()))
}

/// What the server said, or `None` where the window that it was asked about is gone.
fn unless_gone<T>(reply: Result<T, ReplyError>) -> Result<Option<T>, Lost> {
    match reply {
        Ok(reply) => Ok(Some(reply)),
        Err(ReplyError::X11Error(_)) => Ok(None),
        Err(lost) => Err(lost.into()),
    }
}
