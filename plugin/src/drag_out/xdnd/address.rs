//! A file's address, as drop targets read it.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The list `text/uri-list` of one file (RFC 2483, RFC 8089).
pub fn uri_list(path: &Path) -> Vec<u8> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let letter =
        |byte: &u8| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    let escaped: String = path.as_os_str().as_bytes().iter().map(letter).collect();
    format!("file://{escaped}\r\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_odd_letter_of_a_path_is_escaped() {
        let list = uri_list(Path::new("/a b/é%#?.mid"));
        assert_eq!(list, b"file:///a%20b/%C3%A9%25%23%3F.mid\r\n");
    }
}
