//! Styles as integers, so that a host can automate the style.
//!
//! The range is fixed for good. Styles may be added in the room that is left; nothing that has a number ever gets
//! another.

use melody::Style;

/// The highest number.
pub const MAX: i32 = 15;
/// The model's own choice.
pub const FREE: i32 = 0;

const ANY: &str = "any";
const RESERVED: &str = "reserved ";

/// The style with this number; `None` for [`FREE`] and for numbers that mean nothing yet.
pub fn style(number: i32) -> Option<Style> {
    Style::ALL.get(usize::try_from(number.checked_sub(1)?).ok()?).copied()
}

/// The number of a style, or of the model's own choice.
pub fn number(style: Option<Style>) -> i32 {
    style.map_or(FREE, |style| 1 + style.index() as i32)
}

/// A number as a host shows it.
pub fn text(number: i32) -> String {
    match style(number) {
        Some(style) => style.to_string(),
        None if number == FREE => ANY.to_owned(),
        None => format!("{RESERVED}{number}"),
    }
}

/// Reads what [`text`] writes.
pub fn parse(written: &str) -> Option<i32> {
    let written = written.trim();
    (FREE..=MAX).find(|number| text(*number).eq_ignore_ascii_case(written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_read_back_from_its_text() {
        for number in FREE..=MAX {
            assert_eq!(parse(&text(number)), Some(number), "{}", text(number));
        }
        assert_eq!(parse("polka"), None);
    }

    #[test]
    fn numbers_stay_what_they_are() {
        for (word, number) in [
            ("any", 0),
            ("classical", 1),
            ("jazz", 2),
            ("pop", 3),
            ("rock", 4),
            ("game", 5),
            ("folk", 6),
            ("hymn", 7),
        ] {
            assert_eq!((parse(word), text(number)), (Some(number), word.to_owned()));
            assert_eq!(super::number(style(number)), number);
        }
    }
}
