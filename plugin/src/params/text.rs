//! Parameters as words: what a host shows for a number, and the way back.

use generator::KeyLock;
use melody::{Key, Pitch};

/// Off, heard, then the 24 keys.
pub const KEY_LOCKS: i32 = 2 + 24;

/// The key lock with a number: 0 off, 1 the key that was heard, then [`Key::all`].
pub fn key_lock(number: i32) -> KeyLock {
    match usize::try_from(number) {
        Ok(1) => KeyLock::Heard,
        Ok(number @ 2..) => Key::all().nth(number - 2).map_or(KeyLock::Off, KeyLock::Fixed),
        _ => KeyLock::Off,
    }
}

/// The number of a key lock.
pub fn key_lock_number(lock: KeyLock) -> i32 {
    (0..KEY_LOCKS).find(|number| key_lock(*number) == lock).unwrap_or(0)
}

/// Reads a key lock's text.
pub fn parse_key_lock(text: &str) -> Option<i32> {
    text.parse().ok().map(key_lock_number)
}

/// A channel as a host shows it.
pub fn channel(number: i32) -> String {
    if number == 0 { "as played".to_owned() } else { number.to_string() }
}

/// Reads what [`channel`] writes.
pub fn parse_channel(text: &str) -> Option<i32> {
    if text == channel(0) { Some(0) } else { text.parse().ok().filter(|number| (1..=16).contains(number)) }
}

/// A trigger key as a host shows it.
pub fn trigger(number: i32) -> String {
    let pitch = u8::try_from(number - 1).ok().and_then(Pitch::new);
    pitch.map_or_else(|| "off".to_owned(), |pitch| pitch.to_string())
}

/// Reads what [`trigger`] writes.
pub fn parse_trigger(text: &str) -> Option<i32> {
    if text == trigger(0) {
        Some(0)
    } else {
        text.parse::<Pitch>().ok().map(|pitch| 1 + i32::from(pitch.number()))
    }
}

/// A trigger controller as a host shows it.
pub fn trigger_cc(number: i32) -> String {
    if number == 0 { "off".to_owned() } else { format!("CC {number}") }
}

/// Reads what [`trigger_cc`] writes, and a bare number.
pub fn parse_trigger_cc(text: &str) -> Option<i32> {
    let text = text.trim();
    if text == trigger_cc(0) {
        return Some(0);
    }
    text.trim_start_matches(|letter: char| !letter.is_ascii_digit())
        .parse()
        .ok()
        .filter(|cc| (0..=119).contains(cc))
}
