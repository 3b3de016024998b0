//! Note names on the line of fifths, where F# and Gb are two places of one sound.

use crate::{Key, Mode, PitchClass, pitch};

/// The letters in order of fifths.
const LETTERS: [char; 7] = ['F', 'C', 'G', 'D', 'A', 'E', 'B'];

/// The name at a place on the line of fifths: 0 is C, 1 G, 6 F#, -1 F, -6 Gb.
pub fn name(fifths: i32) -> String {
    let letter = LETTERS[(fifths + 1).rem_euclid(7) as usize];
    let accidentals = (fifths + 1).div_euclid(7);
    let mark = if accidentals < 0 { "b" } else { "#" };
    format!("{letter}{}", mark.repeat(accidentals.unsigned_abs() as usize))
}

/// The place on the line of fifths of a name such as `F#` and what follows it; `None` if it begins with no name.
pub fn fifths(name: &str) -> Option<(i32, &str)> {
    let letter = LETTERS.iter().position(|letter| name.starts_with(*letter))?;
    let (_, accidental, rest) = pitch::split_name(name)?;
    Some((letter as i32 - 1 + 7 * accidental, rest))
}

/// The place on the line of fifths that a pitch class has in a key: from the flattened second to the raised fourth of
/// a major key (Db to F# in C), and as in its relative major in a minor one. Nothing is flattened or sharpened twice:
/// nobody reads Ebb faster than D.
pub fn in_key(class: PitchClass, key: Key) -> i32 {
    let major = match key.mode {
        Mode::Major => i32::from(key.tonic.semitones()),
        Mode::Minor => i32::from(key.tonic.semitones()) + 3,
    };
    // A fifth is seven semitones, and seven times seven is one more than four octaves.
    let place_of = |semitones: i32| (semitones * 7 + 5).rem_euclid(12) - 5;
    match place_of(major) + place_of(i32::from(class.semitones()) - major) {
        place @ ..=-9 => place + 12,
        place @ 13.. => place - 12,
        place => place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_in(key: &str) -> String {
        let key: Key = key.parse().unwrap();
        PitchClass::all().map(|class| name(in_key(class, key))).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_key_spells_its_own_accidentals() {
        assert_eq!(names_in("C"), "C Db D Eb E F F# G Ab A Bb B");
        assert_eq!(names_in("A minor"), names_in("C"));
        assert_eq!(names_in("E"), "C C# D D# E F F# G G# A A# B");
        assert_eq!(names_in("Bb minor"), "C Db D Eb Fb F Gb G Ab A Bb Cb");
    }

    #[test]
    fn names_and_places_belong_together() {
        for place in -15..=19 {
            assert_eq!(fifths(&name(place)), Some((place, "")), "{}", name(place));
        }
        assert_eq!(
            (name(6), name(-6), name(7), name(-9)),
            ("F#".into(), "Gb".into(), "C#".into(), "Bbb".into())
        );
        assert_eq!(fifths("Bbm7"), Some((-2, "m7")));
        assert_eq!(fifths("x"), None);
    }
}
