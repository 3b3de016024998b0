//! Dragging a `.mid` file out of the panel into another window: a DAW's track, a folder.
//!
//! The window that the panel lives in offers no drag source, so the panel's part is to say when a drag begins; from
//! there on the drag has a thread of its own. On Linux that is XDND, the drag and drop of X11, by hand. Other systems
//! have none yet: [`is_possible`] says so, and the panel offers saving instead.

#[cfg(target_os = "linux")]
mod xdnd;

use std::path::PathBuf;

use raw_window_handle::HasWindowHandle;

/// How a drag ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Somebody took the file.
    Taken,
    /// It was let go where nobody wanted it.
    Unwanted,
    /// The user thought better of it.
    Cancelled,
    /// It went wrong; a sentence that says what to do.
    Failed(String),
}

/// Whether files can be dragged out on this system. `[main-thread]`
pub fn is_possible() -> bool {
    // Panels are X11 windows on Linux, under Wayland too, so that this says whether there is a display.
    cfg!(target_os = "linux") && std::env::var_os("DISPLAY").is_some_and(|display| !display.is_empty())
}

/// The panel's own window, where drags begin and never end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    #[cfg(target_os = "linux")]
    window: u32,
}

impl Source {
    /// The window of a panel that has just been opened; `None` where [`is_possible`] says no. `[main-thread]`
    pub fn of(window: &impl HasWindowHandle) -> Option<Source> {
        let handle = window.window_handle().ok().filter(|_| is_possible())?;
        #[cfg(target_os = "linux")]
        let source = match handle.as_raw() {
            raw_window_handle::RawWindowHandle::Xlib(handle) => {
                u32::try_from(handle.window).ok().map(Source::of_x11)
            }
            raw_window_handle::RawWindowHandle::Xcb(handle) => Some(Source::of_x11(handle.window.get())),
            _ => None,
        };
        #[cfg(not(target_os = "linux"))]
        let source = {
            let _ = handle;
            None
        };
        source
    }

    /// The X11 window with this number.
    #[cfg(target_os = "linux")]
    pub fn of_x11(window: u32) -> Source {
        Source { window }
    }

    /// Drags a file from here on, while the mouse's first button is down, and tells how it ended; a drag that is already
    /// on its way goes on, and nothing is told. `[main-thread]`
    pub fn drag(self, file: PathBuf, tell: impl FnOnce(Ended) + Send + 'static) {
        #[cfg(target_os = "linux")]
        xdnd::start(self.window, file, tell);
        #[cfg(not(target_os = "linux"))]
        tell(Ended::Failed(format!(
            "Files cannot be dragged out on this system: save the notes instead ({}).",
            file.display()
        )));
    }
}
