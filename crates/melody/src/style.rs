//! The styles of music that models are taught: paper B's three, classical, jazz and pop, and four more.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A style of music (paper B, "multi-category").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// Classical piano.
    Classical,
    /// Jazz.
    Jazz,
    /// Pop.
    Pop,
    /// Rock.
    Rock,
    /// Game music.
    Game,
    /// Irish dance tunes.
    Folk,
    /// Hymns.
    Hymn,
}

impl Style {
    /// All, in a fixed order that models may count by.
    pub const ALL: [Style; 7] =
        [Style::Classical, Style::Jazz, Style::Pop, Style::Rock, Style::Game, Style::Folk, Style::Hymn];
    /// Those that paper B's models know, in the same order.
    pub const PERFORMED: [Style; 3] = [Style::Classical, Style::Jazz, Style::Pop];

    /// Its place in [`Style::ALL`], for one-hot conditions.
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Style::Classical => "classical",
            Style::Jazz => "jazz",
            Style::Pop => "pop",
            Style::Rock => "rock",
            Style::Game => "game",
            Style::Folk => "folk",
            Style::Hymn => "hymn",
        })
    }
}

/// Reads what is displayed, in either case.
impl FromStr for Style {
    type Err = ParseStyleError;

    fn from_str(text: &str) -> Result<Style, ParseStyleError> {
        let asked = text.trim().to_lowercase();
        let style = Style::ALL.into_iter().find(|style| style.to_string() == asked);
        style.ok_or_else(|| ParseStyleError(text.trim().to_owned()))
    }
}

/// A text that names no style.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a style that Continuo knows: choose classical, jazz, pop, rock, game, folk or hymn")]
pub struct ParseStyleError(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_read_as_they_are_written_and_counted_in_order() {
        for (index, style) in Style::ALL.into_iter().enumerate() {
            assert_eq!((style.to_string().parse(), style.index()), (Ok(style), index));
        }
        assert_eq!(" Pop".parse(), Ok(Style::Pop));
    }

    #[test]
    fn a_wrong_style_is_told_the_right_ones() {
        let sentence = "polka".parse::<Style>().unwrap_err().to_string();
        assert!(sentence.contains("\"polka\""), "{sentence}");
        assert!(Style::ALL.iter().all(|style| sentence.contains(&style.to_string())), "{sentence}");
    }
}
