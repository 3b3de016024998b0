//! What each key sees of the sixteenth before: itself, its neighbours, the pitch classes, the beat, the chord.

use melody::roll::Step;
use melody::{Chord, Pitch, PitchClass};

/// The lowest key that the model knows (Johnson, 2015: 24 to 101).
pub const LOWEST: u8 = 24;
/// How many keys it knows.
pub const KEYS: usize = 78;
/// Steps after which the beat begins anew: the sixteenths of 4/4.
pub const BAR: usize = 16;
/// Keys to either side that a key hears.
const AROUND: i32 = 12;
/// Numbers that a key sees: its place, its pitch class (12), itself and its neighbours as sounding and as struck (2 x 25),
/// how many of each pitch class sound (12, its own first), the beat (4 binary digits), the chord (3).
pub const FEATURES: usize = 1 + 12 + 2 * 25 + 12 + 4 + 3;

/// A chord in the key of the notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Harmony {
    /// A bit for each pitch class.
    tones: u16,
    root: u8,
}

impl Harmony {
    /// A chord moved by so many semitones.
    pub fn of(chord: &Chord, shift: i32) -> Harmony {
        let at_home = |class: PitchClass| PitchClass::of(i32::from(class.semitones()) + shift).semitones();
        let tones = PitchClass::all().filter(|class| chord.contains(*class));
        Harmony { tones: tones.map(|class| 1 << at_home(class)).sum(), root: at_home(chord.root()) }
    }

    /// Whether the chord holds a pitch class.
    pub fn contains(self, class: PitchClass) -> bool {
        self.tones >> class.semitones() & 1 != 0
    }
}

/// The keys' pitches, from the lowest.
pub fn pitches() -> impl Iterator<Item = Pitch> {
    (LOWEST..).take(KEYS).filter_map(Pitch::new)
}

/// A step with each pitch moved by octaves into the range of the keys.
pub fn folded(step: &Step) -> Step {
    let inside = |pitch: Pitch| {
        let (low, high) = (i32::from(LOWEST), i32::from(LOWEST) + KEYS as i32 - 1);
        let mut number = i32::from(pitch.number());
        while number < low {
            number += 12;
        }
        while number > high {
            number -= 12;
        }
        Pitch::folded(number)
    };
    let mut folded = Step::default();
    step.struck().for_each(|pitch| folded.strike(inside(pitch)));
    step.sounding().filter(|pitch| step.holds(*pitch)).for_each(|pitch| folded.hold(inside(pitch)));
    folded
}

/// Appends what all keys see before a step: [`FEATURES`] numbers for each, from the lowest key. `before` is the step
/// before, `place` the step's place in its bar, `chord` the chord that it is to go with.
pub fn features(before: &Step, place: usize, chord: Option<Harmony>, into: &mut Vec<f32>) {
    let mut classes = [0_u8; 12];
    before.sounding().for_each(|pitch| classes[usize::from(pitch.class().semitones())] += 1);
    let yes = |truth: bool| f32::from(u8::from(truth));
    for (key, pitch) in pitches().enumerate() {
        let class = usize::from(pitch.class().semitones());
        into.push(key as f32 / KEYS as f32);
        into.extend((0..12).map(|other| yes(other == class)));
        for away in -AROUND..=AROUND {
            let neighbour = pitch.transposed(away);
            into.push(yes(neighbour.is_some_and(|pitch| before.sounds(pitch))));
            into.push(yes(neighbour.is_some_and(|pitch| before.strikes(pitch))));
        }
        into.extend((0..12).map(|above| f32::from(classes[(class + above) % 12])));
        into.extend((0..4).map(|digit| yes(((place % BAR) >> digit) & 1 != 0) * 2.0 - 1.0));
        into.push(yes(chord.is_some()));
        into.push(yes(chord.is_some_and(|chord| chord.contains(pitch.class()))));
        into.push(yes(chord.is_some_and(|chord| chord.root == pitch.class().semitones())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pitch(number: u8) -> Pitch {
        Pitch::new(number).unwrap()
    }

    fn seen(step: &Step, place: usize, chord: Option<&str>, key: u8) -> Vec<f32> {
        let chord = chord.map(|chord| Harmony::of(&chord.parse().unwrap(), 0));
        let mut all = Vec::new();
        features(step, place, chord, &mut all);
        assert_eq!(all.len(), KEYS * FEATURES);
        all[usize::from(key - LOWEST) * FEATURES..][..FEATURES].to_vec()
    }

    #[test]
    fn a_key_sees_itself_its_neighbours_and_all_pitch_classes() {
        let mut step = Step::default();
        step.strike(pitch(60));
        step.hold(pitch(72));
        step.hold(pitch(64));
        let middle_c = seen(&step, 0, None, 60);
        assert_eq!(middle_c[1..13].iter().position(|number| *number == 1.0), Some(0));
        let around = |away: usize| (middle_c[13 + 2 * (away + 12)], middle_c[14 + 2 * (away + 12)]);
        assert_eq!(
            [around(0), around(4), around(12), around(7)],
            [(1.0, 1.0), (1.0, 0.0), (1.0, 0.0), (0.0, 0.0)]
        );
        assert_eq!(middle_c[63..75], [2.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        // From E the class of C lies eight semitones up.
        assert_eq!(seen(&step, 0, None, 64)[63..75][8], 2.0);
        assert_eq!(seen(&step, 0, None, 101).len(), FEATURES);
    }

    #[test]
    fn a_key_sees_beat_and_chord() {
        let seen = |place, chord, key| seen(&Step::default(), place, chord, key)[75..].to_vec();
        assert_eq!(seen(5, None, 60), [1.0, -1.0, 1.0, -1.0, 0.0, 0.0, 0.0]);
        assert_eq!(seen(16 + 5, Some("F"), 60), [1.0, -1.0, 1.0, -1.0, 1.0, 1.0, 0.0]);
        assert_eq!(seen(0, Some("F"), 65)[4..], [1.0, 1.0, 1.0]);
        assert_eq!(seen(0, Some("F"), 66)[4..], [1.0, 0.0, 0.0]);
    }

    #[test]
    fn a_chord_moves_home() {
        let harmony = Harmony::of(&"Em7".parse().unwrap(), -7);
        let tones: Vec<u8> = PitchClass::all()
            .filter(|class| harmony.contains(*class))
            .map(|class| class.semitones())
            .collect();
        assert_eq!((harmony.root, tones), (9, vec![0, 4, 7, 9]));
    }

    #[test]
    fn keys_out_of_range_come_in_by_octaves() {
        let mut step = Step::default();
        step.strike(pitch(12));
        step.hold(pitch(108));
        let folded = folded(&step);
        assert!(folded.strikes(pitch(24)) && folded.holds(pitch(96)));
        assert_eq!(folded.sounding().count(), 2);
    }
}
