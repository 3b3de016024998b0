//! Paper B's notes: each is four numbers, length, pitch, intensity and the time since the note before; a time of zero
//! makes a chord.

use crate::{Meter, Note, Phrase, Pitch, Tempo, Ticks};

/// The straight steps of the grid that numbers are read on.
const STRAIGHT: Ticks = Ticks::SIXTEENTH;
/// The triplet steps of it: sixteenth triplets.
const TRIPLET: Ticks = Ticks(160);
/// Where the scale of times bends: times far below it are spread evenly, times far above it by their logarithm.
const BEND: f32 = 60.0;

/// One note as paper B's networks see it (section "data representation"; C-RNN-GAN, Mogren 2016, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tone {
    /// From the onset of the tone before to this one's, in ticks, not negative; 0 makes a chord. A first tone counts
    /// from where its phrase starts.
    pub since: Ticks,
    /// Length in ticks, above zero.
    pub length: Ticks,
    /// The MIDI key.
    pub pitch: Pitch,
    /// MIDI velocity, 1 to 127.
    pub velocity: u8,
}

impl Tone {
    /// The longest length and time since the tone before that numbers tell apart: four bars of 4/4. Longer ones are
    /// as good as this.
    pub const LONGEST: Ticks = Ticks::quarters(16);

    /// The tone as four numbers from 0 to 1: length, pitch, intensity, time since the tone before.
    ///
    /// Lengths and times `t` (ticks) become log2(1 + t/60) / log2(1 + [`Tone::LONGEST`]/60), so that 0 stays 0 and a
    /// sixteenth (0.29) is as far from an eighth (0.40) as a half note (0.63) nearly is from a whole one (0.75); pitch
    /// and velocity are divided by 127.
    pub fn numbers(&self) -> [f32; 4] {
        let [pitch, velocity] = [self.pitch.number(), self.velocity].map(|value| f32::from(value) / 127.0);
        [scaled(self.length), pitch, velocity, scaled(self.since)]
    }

    /// The tone nearest to four numbers as [`Tone::numbers`] makes them, its times on the grid of sixteenths and
    /// sixteenth triplets, no length below a triplet's 160 ticks. Any numbers will do: what is below 0 counts as 0,
    /// what is above 1 as 1, and what is no number as 0.
    pub fn from_numbers([length, pitch, velocity, since]: [f32; 4]) -> Tone {
        let number = |value: f32| (sane(value) * 127.0).round() as u8;
        Tone {
            since: on_grid(since),
            length: on_grid(length).max(TRIPLET),
            pitch: Pitch::new(number(pitch)).unwrap_or(Pitch::MIDDLE_C),
            velocity: number(velocity).max(1),
        }
    }
}

/// A phrase as tones, in order of onset, then pitch.
pub fn of_phrase(phrase: &Phrase) -> Vec<Tone> {
    let mut before = Ticks::ZERO;
    let tone = |note: &Note| {
        let since = (note.onset - before).max(Ticks::ZERO);
        before = note.onset;
        Tone { since, length: note.length, pitch: note.pitch, velocity: note.velocity }
    };
    phrase.notes().iter().map(tone).collect()
}

/// Tones as a phrase, the first one counting from `start`, in ticks from a bar line.
///
/// One key cannot sound twice at once: a tone ends where the next of its pitch begins, and of two that begin together
/// the longer stays.
pub fn to_phrase(tones: &[Tone], start: Ticks, meter: Meter, tempo: Tempo) -> Phrase {
    let mut notes: Vec<Note> = Vec::with_capacity(tones.len());
    let mut sounding: [Option<usize>; 128] = [None; 128];
    let mut onset = start;
    for tone in tones {
        onset += tone.since.max(Ticks::ZERO);
        let length = tone.length.max(Ticks(1));
        let place = &mut sounding[usize::from(tone.pitch.number())];
        match *place {
            Some(index) if notes[index].onset == onset => {
                notes[index].length = notes[index].length.max(length);
                continue;
            }
            Some(index) => notes[index].length = notes[index].length.min(onset - notes[index].onset),
            None => {}
        }
        *place = Some(notes.len());
        let velocity = tone.velocity.clamp(1, 127);
        notes.push(Note { onset, length, pitch: tone.pitch, velocity, channel: 0 });
    }
    Phrase::new(notes, meter, tempo)
}

fn scaled(time: Ticks) -> f32 {
    let bent = |ticks: Ticks| (1.0 + ticks.0 as f32 / BEND).log2();
    bent(time.max(Ticks::ZERO).min(Tone::LONGEST)) / bent(Tone::LONGEST)
}

fn on_grid(number: f32) -> Ticks {
    let most = (1.0 + Tone::LONGEST.0 as f32 / BEND).log2();
    let time = Ticks((((sane(number) * most).exp2() - 1.0) * BEND).round() as i64);
    let (straight, triplet) = (time.round_to(STRAIGHT), time.round_to(TRIPLET));
    if time.distance(triplet) < time.distance(straight) { triplet } else { straight }
}

fn sane(number: f32) -> f32 {
    if number.is_nan() { 0.0 } else { number.clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(onset: i64, length: i64, pitch: u8, velocity: u8) -> Note {
        let pitch = Pitch::new(pitch).unwrap();
        Note { onset: Ticks(onset), length: Ticks(length), pitch, velocity, channel: 0 }
    }

    fn phrase(notes: Vec<Note>) -> Phrase {
        Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT)
    }

    #[test]
    fn a_chord_is_tones_with_no_time_between_them() {
        let played = [note(480, 960, 60, 90), note(480, 960, 64, 70), note(960, 480, 67, 80)];
        let since: Vec<i64> = of_phrase(&phrase(played.into())).iter().map(|tone| tone.since.0).collect();
        assert_eq!(since, [480, 0, 480]);
    }

    #[test]
    fn what_was_played_is_given_back_from_any_bar_line() {
        let played =
            [note(0, 3840, 48, 60), note(0, 320, 60, 90), note(320, 320, 64, 1), note(640, 480, 60, 127)];
        let played = phrase(played.into());
        let tones = of_phrase(&played);
        assert_eq!(to_phrase(&tones, Ticks::ZERO, Meter::COMMON, Tempo::DEFAULT), played);
        let later = to_phrase(&tones, Ticks::quarters(4), Meter::COMMON, Tempo::DEFAULT);
        assert_eq!(later.notes()[1].onset, Ticks::quarters(4));
        let same: Vec<Tone> = tones.iter().map(|tone| Tone::from_numbers(tone.numbers())).collect();
        assert_eq!(same, tones);
    }

    #[test]
    fn every_step_of_the_grid_is_read_back_from_its_number() {
        for step in [STRAIGHT, TRIPLET] {
            for count in 0..=Tone::LONGEST.0 / step.0 {
                let since = step * count;
                let tone = Tone { since, length: since.max(TRIPLET), pitch: Pitch::MIDDLE_C, velocity: 80 };
                assert_eq!(Tone::from_numbers(tone.numbers()), tone);
            }
        }
    }

    #[test]
    fn numbers_run_from_nought_to_one() {
        let endless =
            Tone { since: Ticks(i64::MAX), length: Tone::LONGEST, pitch: Pitch::folded(127), velocity: 127 };
        assert_eq!(endless.numbers(), [1.0; 4]);
        let sixteenth = Tone { since: Ticks::ZERO, length: Ticks::SIXTEENTH, ..endless };
        // log2(1 + 240/60) / log2(1 + 15360/60) = 2.3219 / 8.0056
        assert!((sixteenth.numbers()[0] - 0.290_04).abs() < 1e-4, "{:?}", sixteenth.numbers());
        assert_eq!(sixteenth.numbers()[3], 0.0);
    }

    #[test]
    fn a_key_that_is_struck_again_sounds_once() {
        let key = |since, length| Tone {
            since: Ticks(since),
            length: Ticks(length),
            pitch: Pitch::MIDDLE_C,
            velocity: 80,
        };
        let struck =
            to_phrase(&[key(0, 960), key(0, 240), key(480, 240)], Ticks::ZERO, Meter::COMMON, Tempo::DEFAULT);
        assert_eq!(struck.notes(), [note(0, 480, 60, 80), note(480, 240, 60, 80)]);
    }

    proptest::proptest! {
        #[test]
        fn any_four_numbers_are_a_tone(numbers in proptest::array::uniform4(proptest::num::f32::ANY)) {
            let tone = Tone::from_numbers(numbers);
            proptest::prop_assert!((1..=127).contains(&tone.velocity));
            proptest::prop_assert!(tone.length >= TRIPLET && tone.length <= Tone::LONGEST);
            proptest::prop_assert!(tone.since >= Ticks::ZERO && tone.since <= Tone::LONGEST);
            proptest::prop_assert_eq!(Tone::from_numbers(tone.numbers()), tone);
        }
    }
}
