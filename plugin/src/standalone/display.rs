//! Whether there is a display to open a window on.

/// Tries the display.
///
/// # Errors
/// A sentence that says what to do without one.
pub fn check() -> Result<(), String> {
    #[cfg(target_os = "linux")]
    if let Err(reason) = x11rb::rust_connection::RustConnection::connect(None) {
        let display = std::env::var("DISPLAY").unwrap_or_default();
        let which =
            if display.is_empty() { "DISPLAY is not set".to_owned() } else { format!("{display}: {reason}") };
        return Err(format!(
            "There is no display to open a window on ({which}). Without one, use \"continuo continue\": it answers a \
             .mid file on the command line."
        ));
    }
    Ok(())
}
