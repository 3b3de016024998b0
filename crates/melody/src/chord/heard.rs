//! Which chord the keys are that somebody holds down.

use super::Chord;
use crate::{Key, Pitch, PitchClass, spelling};

/// The kinds that are listened for, the plainest first: it is taken where two explain the keys as well.
const KINDS: [&str; 30] = [
    "", "m", "7", "m7", "maj7", "sus4", "sus2", "6", "m6", "add9", "dim", "aug", "m7b5", "dim7", "9", "m9",
    "maj9", "5", "7sus4", "madd9", "6/9", "mMaj7", "7b9", "7#9", "7#11", "7#5", "11", "m11", "13", "maj7#11",
];

/// What a pitch class counts that sounds and is no chord tone, or a chord tone that is not heard.
const STRANGE: usize = 100;
/// What a fifth counts that is not heard: the tone that players leave out.
const NO_FIFTH: usize = 30;
/// What a root counts that is not the lowest tone.
const TURNED: usize = 25;
/// What counts more than this is a cluster and no chord.
const CLUSTER: usize = STRANGE + NO_FIFTH;

impl Chord {
    /// The chord that best explains the keys that are played together, as the symbol that a player would write: kinds
    /// of the root above the bass first, then inversions (`C/E`). A fifth may be missing. `None` for less than two
    /// pitch classes and for clusters.
    pub fn heard(pitches: &[Pitch]) -> Option<Chord> {
        let bass = pitches.iter().min()?.class();
        let sounding = pitches.iter().fold(0_u16, |classes, pitch| classes | bit(pitch.class()));
        if sounding.count_ones() < 2 {
            return None;
        }
        let roots = PitchClass::all().filter(|root| sounding & bit(*root) != 0);
        let choices =
            roots.flat_map(|root| KINDS.iter().enumerate().map(move |(place, kind)| (root, place, *kind)));
        let counted = choices.filter_map(|(root, place, kind)| {
            let chord: Chord =
                format!("{}{kind}", spelling::name(spelling::in_key(root, Key::C_MAJOR))).parse().ok()?;
            Some((strangeness(&chord, sounding, bass) + place, chord))
        });
        let (count, chord) = counted.min_by_key(|(count, _)| *count)?;
        (count < CLUSTER).then(|| chord.over(bass))
    }

    /// The chord with this pitch class in the bass; a root in the bass needs no slash.
    fn over(self, bass: PitchClass) -> Chord {
        if bass == self.root {
            return self;
        }
        let symbol = format!("{}/{}", self.symbol, spelling::name(spelling::in_key(bass, Key::C_MAJOR)));
        Chord { symbol, bass: Some(bass), ..self }
    }
}

/// How badly a chord explains the pitch classes that sound; 0 for all its tones and no other, the root lowest.
fn strangeness(chord: &Chord, sounding: u16, bass: PitchClass) -> usize {
    let tone = |interval: &u8| bit(PitchClass::of(i32::from(chord.root.semitones()) + i32::from(*interval)));
    let tones = chord.intervals.iter().fold(0, |classes, interval| classes | tone(interval));
    let missing = tones & !sounding;
    let fifth = tone(&7) & missing;
    // A ninth or a thirteenth is known by its seventh alone; without a third the kind is guesswork.
    let strange = (sounding & !tones).count_ones() + (missing & !fifth).count_ones();
    let turned = if bass == chord.root { 0 } else { TURNED };
    strange as usize * STRANGE + fifth.count_ones() as usize * NO_FIFTH + turned
}

fn bit(class: PitchClass) -> u16 {
    1 << class.semitones()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(names: &str) -> Option<String> {
        let pitches: Vec<Pitch> = names.split(' ').map(|name| name.parse().unwrap()).collect();
        Chord::heard(&pitches).map(|chord| chord.to_string())
    }

    #[test]
    fn chords_are_heard_as_players_write_them() {
        for (keys, symbol) in [
            ("C4 E4 G4", "C"),
            ("E3 C4 G4", "C/E"),
            ("C4 E4 G4 D5", "Cadd9"),
            ("A3 C4 E4 G4", "Am7"),
            ("C4 E4 G4 A4", "C6"),
            ("F#3 A3 C#4 E4", "F#m7"),
            ("D3 Bb3 F4", "Bb/D"),
            ("G3 B3 F4", "G7"),
            ("C3 G3", "C5"),
            ("C3 E3", "C"),
            ("C3 Eb3 Gb3 A3", "Cdim7"),
            ("A3 Eb3 Gb3 C3", "Cdim7"),
            ("B2 D3 F3 A3", "Bm7b5"),
            ("C4 F4 G4", "Csus4"),
            ("C3 E3 Bb3 D4", "C9"),
        ] {
            assert_eq!(heard(keys).as_deref(), Some(symbol), "{keys}");
        }
    }

    #[test]
    fn every_plain_chord_is_heard_as_itself_on_every_root() {
        for kind in ["", "m", "7", "m7", "maj7", "sus4", "add9", "dim", "m7b5", "9", "m9", "6/9", "7b9", "13"]
        {
            for root in PitchClass::all() {
                let chord: Chord = format!("{root}{kind}").parse().unwrap();
                let again = Chord::heard(&chord.pitches(Pitch::folded(48))).unwrap();
                assert!(again.sounds_like(&chord), "{chord} is heard as {again}");
            }
        }
    }

    #[test]
    fn one_tone_silence_and_clusters_are_no_chord() {
        assert_eq!(Chord::heard(&[]), None);
        assert_eq!(heard("C4 C5"), None);
        assert_eq!(heard("C4 C#4 D4 D#4 E4 F4"), None);
    }
}
