//! Values of flags, refused with what they may be.

use std::ops::RangeInclusive;

use generator::{KeyLock, Request};
use melody::{Chord, Key, Pitch, Progression};

/// `--bars`.
pub fn bars(text: &str) -> Result<u32, String> {
    whole(text, 1..=Request::MAX_BARS)
}

/// `--count`.
pub fn count(text: &str) -> Result<u32, String> {
    whole(text, 1..=Request::MAX_COUNT)
}

/// `--count` of melodies from nothing.
pub fn many(text: &str) -> Result<u32, String> {
    whole(text, 1..=999)
}

/// `--steps`.
pub fn steps(text: &str) -> Result<u32, String> {
    whole(text, 2..=Request::MAX_COUNT)
}

/// `--prompt-bars`.
pub fn prompt_bars(text: &str) -> Result<u32, String> {
    whole(text, 1..=9999)
}

/// `--seed`.
pub fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("choose a whole number from 0 to {}", u64::MAX))
}

/// `--temperature`.
pub fn temperature(text: &str) -> Result<f32, String> {
    let fits = |value: &f32| (0.0..=2.0).contains(value);
    number(text, fits).ok_or("choose from 0 (always the likeliest note) to 2 (wild)".to_owned())
}

/// `--top-p`.
pub fn top_p(text: &str) -> Result<f32, String> {
    let fits = |value: &f32| *value > 0.0 && *value <= 1.0;
    number(text, fits).ok_or("choose above 0 and up to 1 (all notes)".to_owned())
}

/// `--neighbourhood`.
pub fn neighbourhood(text: &str) -> Result<f32, String> {
    let fits = |value: &f32| (0.0..=1.0).contains(value);
    number(text, fits).ok_or("choose from 0 (the nearest phrases) to 1 (far ones)".to_owned())
}

/// `--chord-strength`.
pub fn chord_strength(text: &str) -> Result<f32, String> {
    let fits = |value: &f32| (0.0..=1.0).contains(value);
    number(text, fits)
        .ok_or("choose from 0 (chords are left aside) to 1 (nothing but chord notes on the beats)".to_owned())
}

/// `--chord`.
pub fn chord(text: &str) -> Result<Chord, String> {
    match (text.parse::<Chord>(), text.parse::<Progression>()) {
        (Err(_), Ok(_)) => Err(format!("these are chords bar by bar: write --progression \"{text}\"")),
        (read, _) => read.map_err(|error| error.to_string()),
    }
}

/// `--density`.
pub fn density(text: &str) -> Result<f32, String> {
    let (least, most) = (Request::DENSITIES.start(), Request::DENSITIES.end());
    number(text, |value| Request::DENSITIES.contains(value))
        .ok_or(format!("choose from {least} (a quarter as many notes as in the tune) to {most}"))
}

/// `--range`.
pub fn range(text: &str) -> Result<(Pitch, Pitch), String> {
    let ends = text.split_once("..").and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
    let right = |(low, high): &(Pitch, Pitch)| low <= high;
    ends.filter(right).ok_or("write two notes, the lower one first, such as C4..G5".to_owned())
}

/// `--from`: a bar, counted from 1.
pub fn bar(text: &str) -> Result<u32, String> {
    whole(text, 1..=9999)
}

/// `--keep-beats`.
pub fn beats(text: &str) -> Result<u32, String> {
    whole(text, 0..=9999)
}

/// `--key`.
pub fn key(text: &str) -> Result<Key, String> {
    text.parse().map_err(|_| "write a key such as C, Am, \"Bb major\" or \"F# minor\"".to_owned())
}

/// `--key-lock`.
pub fn key_lock(text: &str) -> Result<KeyLock, String> {
    text.parse()
        .map_err(|_| "write off, heard, or a key such as C, Am, \"Bb major\" or \"F# minor\"".to_owned())
}

fn whole(text: &str, range: RangeInclusive<u32>) -> Result<u32, String> {
    let refuse = || format!("choose a whole number from {} to {}", range.start(), range.end());
    text.parse().ok().filter(|value| range.contains(value)).ok_or_else(refuse)
}

fn number(text: &str, fits: impl Fn(&f32) -> bool) -> Option<f32> {
    text.parse().ok().filter(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_outside_are_refused_with_what_they_may_be() {
        for text in ["", "0", "65", "-1", "8.5", "eight"] {
            assert_eq!(bars(text), Err("choose a whole number from 1 to 64".to_owned()), "{text}");
        }
        for text in ["-0.1", "2.1", "NaN", "inf", "warm"] {
            assert!(temperature(text).is_err(), "{text}");
        }
        for text in ["0", "1.01", "NaN", "most"] {
            assert!(top_p(text).is_err(), "{text}");
        }
        for text in ["-0.1", "1.1", "NaN", "near"] {
            assert!(neighbourhood(text).is_err() && chord_strength(text).is_err(), "{text}");
        }
        assert!(many("0").is_err() && many("1000").is_err() && steps("1").is_err() && steps("65").is_err());
        assert!(key("sideways").is_err() && key("off").is_err());
        assert!(seed("18446744073709551616").is_err() && seed("-1").is_err());
        assert!(key_lock("sideways").unwrap_err().contains("heard"));
        assert!(chord("C | Am").unwrap_err().contains("--progression"));
        assert!(chord("Hx9").unwrap_err().contains("B9"));
    }

    #[test]
    fn the_edges_are_inside() {
        assert_eq!((bars("1"), bars("64")), (Ok(1), Ok(64)));
        assert_eq!((temperature("0"), temperature("2")), (Ok(0.0), Ok(2.0)));
        assert_eq!(top_p("1"), Ok(1.0));
        assert_eq!(seed("18446744073709551615"), Ok(u64::MAX));
    }
}
