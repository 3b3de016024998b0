//! The three basic triads of a key.

use super::Chord;
use crate::{Key, Mode};

impl Chord {
    /// The triads on the first, fourth and fifth degree of a key, spelt as the key spells them (paper B, Table I,
    /// computed: the table as printed gives F major a B and B major an F). In minor the fifth degree has its major
    /// triad, as the harmonic minor scale gives it: A minor has Am, Dm and E.
    pub fn triads(key: Key) -> [Chord; 3] {
        let tonic = match key.mode {
            Mode::Major => "C",
            Mode::Minor => "Cm",
        };
        [(0, tonic), (5, tonic), (7, "C")].map(|(degree, symbol)| {
            let on_c: Chord = symbol.parse().expect("C and Cm are chords");
            on_c.transposed(i32::from(key.tonic.semitones()) + degree).spelt_in(key)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triads(key: &str) -> String {
        Chord::triads(key.parse().unwrap()).map(|chord| chord.to_string()).join(" ")
    }

    #[test]
    fn the_triads_of_every_major_key_are_those_of_theory() {
        // Paper B's Table I, with the two that it has wrong put right: F's IV is Bb, B's V is F#.
        for (key, expected) in [
            ("C", "C F G"),
            ("Db", "Db Gb Ab"),
            ("D", "D G A"),
            ("Eb", "Eb Ab Bb"),
            ("E", "E A B"),
            ("F", "F Bb C"),
            ("F#", "F# B C#"),
            ("G", "G C D"),
            ("Ab", "Ab Db Eb"),
            ("A", "A D E"),
            ("Bb", "Bb Eb F"),
            ("B", "B E F#"),
        ] {
            assert_eq!(triads(key), expected);
        }
    }

    #[test]
    fn minor_keys_have_a_major_fifth_degree() {
        assert_eq!(triads("A minor"), "Am Dm E");
        assert_eq!(triads("F minor"), "Fm Bbm C");
    }

    #[test]
    fn all_their_tones_lie_in_a_major_keys_scale() {
        for key in Key::all().filter(|key| key.mode == Mode::Major) {
            for chord in Chord::triads(key) {
                assert!(crate::PitchClass::all().all(|class| !chord.contains(class) || key.contains(class)));
            }
        }
    }
}
