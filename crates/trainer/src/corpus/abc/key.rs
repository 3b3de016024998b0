//! ABC's `K:` field.

use melody::Mode;

use crate::corpus::signature::Signature;

/// Reads `Eb`, `F#m`, `D dor`, `A Mixolydian`; what follows, such as a clef, is passed over.
///
/// "Major" is not taken at its word, as tunes in minor are often written under their signature's major key.
pub fn read(value: &str) -> Option<Signature> {
    let mut rest = value.chars();
    let natural = match rest.next()? {
        'F' => -1,
        'C' => 0,
        'G' => 1,
        'D' => 2,
        'A' => 3,
        'E' => 4,
        'B' => 5,
        _ => return None,
    };
    let (accidental, mode) = match rest.as_str() {
        text if text.starts_with('#') => (7, &text[1..]),
        text if text.starts_with('b') => (-7, &text[1..]),
        text => (0, text),
    };
    let mode = mode.split_whitespace().next().unwrap_or_default().to_lowercase();
    let (mode, fifths) = match mode.get(..3).unwrap_or(&mode) {
        "m" | "min" | "aeo" => (Some(Mode::Minor), -3),
        "dor" => (None, -2),
        "phr" => (None, -4),
        "lyd" => (None, 1),
        "mix" => (None, -1),
        "loc" => (None, -5),
        _ => (None, 0),
    };
    Some(Signature { fifths: natural + accidental + fifths, mode })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_modes_become_sharps_and_flats() {
        for (text, fifths) in [
            ("C", 0),
            ("Eb", -3),
            ("F#m", 3),
            ("D dor", 0),
            ("AMix", 2),
            ("Bb clef=bass", -2),
            ("G minor", -2),
        ] {
            assert_eq!(read(text).map(|signature| signature.fifths), Some(fifths), "{text}");
        }
        assert_eq!(read("none"), None);
    }
}
