//! Whether there is a display that a window can open on.

/// Whether a window can open, or the reason why not.
///
/// Plugin windows are X11 windows on Linux, also under Wayland (through XWayland), so that `DISPLAY` decides.
#[cfg(target_os = "linux")]
pub fn reachable() -> Result<(), String> {
    let name = std::env::var("DISPLAY").unwrap_or_default();
    if name.is_empty() {
        let wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|name| !name.is_empty());
        return Err(if wayland {
            "WAYLAND_DISPLAY is set but DISPLAY is not: the window needs XWayland".to_owned()
        } else {
            "DISPLAY is not set".to_owned()
        });
    }
    let Some((host, number)) = parse(&name) else {
        return Err(format!("DISPLAY is \"{name}\", which names no display"));
    };
    if answers(host, number) { Ok(()) } else { Err(format!("DISPLAY is \"{name}\", where nothing answers")) }
}

/// Other systems always have one.
#[cfg(not(target_os = "linux"))]
pub fn reachable() -> Result<(), String> {
    Ok(())
}

/// Splits `host:number.screen` as Xlib does; the host is empty for this machine.
#[cfg(target_os = "linux")]
fn parse(name: &str) -> Option<(&str, u16)> {
    let (host, number) = name.rsplit_once(':')?;
    let number = number.split('.').next()?.parse().ok()?;
    Some((if host == "unix" { "" } else { host }, number))
}

/// Whether an X server takes our call, on its socket's file, its abstract name or its port.
#[cfg(target_os = "linux")]
fn answers(host: &str, number: u16) -> bool {
    use std::net::{TcpStream, ToSocketAddrs};
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixStream};
    use std::time::Duration;

    if host.is_empty() || host.starts_with('/') {
        let path = format!("/tmp/.X11-unix/X{number}");
        let unnamed = SocketAddr::from_abstract_name(&path);
        return UnixStream::connect(path).is_ok()
            || unnamed.is_ok_and(|address| UnixStream::connect_addr(&address).is_ok());
    }
    let Some(port) = number.checked_add(6000) else { return false };
    let addresses = (host, port).to_socket_addrs().into_iter().flatten();
    addresses.into_iter().any(|at| TcpStream::connect_timeout(&at, Duration::from_secs(2)).is_ok())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_xlib_reads_them() {
        assert_eq!(parse(":0"), Some(("", 0)));
        assert_eq!(parse("unix:1.0"), Some(("", 1)));
        assert_eq!(parse("box:10.2"), Some(("box", 10)));
        for name in ["", "0", ":", ":x", ":99999"] {
            assert_eq!(parse(name), None, "{name}");
        }
    }

    #[test]
    fn a_display_where_nothing_listens_is_unreachable() {
        assert!(!answers("", 54_321));
        assert!(!answers("", u16::MAX));
        assert!(!answers("localhost", u16::MAX));
    }
}
