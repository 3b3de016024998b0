//! Paper B's notes as choices among words: which pitch, and for it how long, how hard, and how long until the next.
//!
//! Four numbers from a network that is taught by squared error are a mean of what might come, and a mean of two pitches
//! is neither. A choice among words is one of them.

use melody::tones::Tone;
use melody::{Pitch, Style, Ticks};

/// The piano's keys, from A0 on.
pub const PITCHES: usize = 88;
/// The MIDI number of the first of them.
const LOWEST: u8 = 21;
/// The lengths that a note may have, in ticks.
pub const LENGTHS: [i64; 16] =
    [160, 240, 320, 480, 640, 720, 960, 1200, 1440, 1680, 1920, 2400, 2880, 3840, 5760, 7680];
/// Steps of velocity, of eight each.
pub const VELOCITIES: usize = 16;
/// The times from one onset to the next, in ticks: each step of sixteenths and their triplets within a quarter, then
/// sixteenths up to a whole note.
pub const GAPS: [i64; 25] = [
    0, 80, 160, 240, 320, 400, 480, 560, 640, 720, 800, 880, 960, 1200, 1440, 1680, 1920, 2160, 2400, 2640,
    2880, 3120, 3360, 3600, 3840,
];
/// The places in a bar of 4/4 that are told apart, of 80 ticks each; longer bars end on the last.
pub const PLACES: usize = 48;
const PLACE: i64 = 80;
/// What is chosen when the pitch is known: length, velocity and gap, in this order.
pub const GIVEN: usize = LENGTHS.len() + VELOCITIES + GAPS.len();
/// Numbers that a network is told before each note, its noise not counted: the note before (pitch, length, velocity),
/// the gap since its onset, whether there is none before, the place in the bar, the style.
pub const TOLD: usize = PITCHES + GIVEN + 1 + PLACES + Style::PERFORMED.len();

/// A note in words, each its place in the lists above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Word {
    /// Of [`PITCHES`].
    pub pitch: usize,
    /// Of [`LENGTHS`].
    pub length: usize,
    /// Of [`VELOCITIES`].
    pub velocity: usize,
    /// Of [`GAPS`]: since the onset of the note before.
    pub gap: usize,
    /// Of [`PLACES`]: where in the bar it starts.
    pub place: usize,
}

impl Word {
    /// The words nearest to a tone that starts at `onset`, in ticks from a bar line, where a bar has `bar` ticks.
    pub fn of(tone: &Tone, onset: Ticks, bar: Ticks) -> Word {
        Word {
            pitch: key(tone.pitch),
            length: nearest(&LENGTHS, tone.length),
            velocity: usize::from(tone.velocity) * VELOCITIES / 128,
            gap: nearest(&GAPS, tone.since),
            place: place(onset, bar),
        }
    }

    /// The tone that these words mean; its velocity is the middle of its step.
    pub fn tone(&self) -> Tone {
        Tone {
            since: Ticks(GAPS[self.gap]),
            length: Ticks(LENGTHS[self.length]),
            pitch: pitch(self.pitch),
            velocity: (self.velocity * 128 / VELOCITIES + 64 / VELOCITIES) as u8,
        }
    }

    /// The words in one number below 2^28, for lines of them.
    pub fn code(&self) -> u32 {
        let parts = [(self.length, 16), (self.velocity, 16), (self.gap, 32), (self.place, 64)];
        parts.into_iter().fold(self.pitch as u32, |code, (word, room)| code * room + word as u32)
    }

    /// The words of a number that [`Word::code`] gave.
    pub fn decode(code: u32) -> Word {
        let mut left = code as usize;
        let mut next = |room: usize| {
            let word = left % room;
            left /= room;
            word
        };
        let (place, gap, velocity, length) = (next(64), next(32), next(16), next(16));
        Word { pitch: next(128), length, velocity, gap, place }
    }
}

/// What a network is told before a note.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    /// The note before, unless there is none.
    pub before: Option<Word>,
    /// The gap since its onset, of [`GAPS`].
    pub gap: usize,
    /// Where in the bar the note to come starts, of [`PLACES`].
    pub place: usize,
    /// The style.
    pub style: Style,
}

impl Told {
    /// The places of the ones among [`TOLD`] numbers; all others are zero.
    pub fn ones(&self) -> impl Iterator<Item = usize> {
        let (lengths, velocities) = (PITCHES, PITCHES + LENGTHS.len());
        let gaps = velocities + VELOCITIES;
        let (start, places) = (gaps + GAPS.len(), gaps + GAPS.len() + 1);
        let gap = self.gap;
        let before = self
            .before
            .map(|word| [word.pitch, lengths + word.length, velocities + word.velocity, gaps + gap]);
        let known = before.is_some();
        let always = [places + self.place, places + PLACES + self.style.index()];
        before.into_iter().flatten().chain((!known).then_some(start)).chain(always)
    }
}

/// The place in the bar of a time in ticks from a bar line.
pub fn place(onset: Ticks, bar: Ticks) -> usize {
    let into_bar = onset.0.rem_euclid(bar.0.max(1));
    usize::try_from(into_bar / PLACE).unwrap_or(0).min(PLACES - 1)
}

/// The nearest of the piano's keys.
pub fn key(pitch: Pitch) -> usize {
    let mut number = pitch.number();
    while number < LOWEST {
        number += 12;
    }
    while usize::from(number - LOWEST) >= PITCHES {
        number -= 12;
    }
    usize::from(number - LOWEST)
}

/// The pitch of a key.
pub fn pitch(key: usize) -> Pitch {
    Pitch::folded(i32::from(LOWEST) + key as i32)
}

/// The nearest gap.
pub fn gap(time: Ticks) -> usize {
    nearest(&GAPS, time)
}

fn nearest(list: &[i64], time: Ticks) -> usize {
    let apart = |index: &usize| (list[*index] - time.0).abs();
    (0..list.len()).min_by_key(apart).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_packed_and_unpacked_without_loss() {
        let largest = Word {
            pitch: PITCHES - 1,
            length: LENGTHS.len() - 1,
            velocity: VELOCITIES - 1,
            gap: GAPS.len() - 1,
            place: PLACES - 1,
        };
        let smallest = Word { pitch: 0, length: 0, velocity: 0, gap: 0, place: 0 };
        for word in [largest, smallest, Word { gap: 3, ..largest }, Word { pitch: 40, ..smallest }] {
            assert_eq!(Word::decode(word.code()), word);
            assert!(word.code() < 1 << 28);
        }
    }

    #[test]
    fn what_stands_on_the_grid_is_said_exactly() {
        for key in 0..PITCHES {
            let tone = Tone {
                since: Ticks(GAPS[key % GAPS.len()]),
                length: Ticks(LENGTHS[key % LENGTHS.len()]),
                pitch: pitch(key),
                velocity: (key % VELOCITIES * 8 + 4) as u8,
            };
            assert_eq!(Word::of(&tone, Ticks(720), Ticks(3840)).tone(), tone);
        }
    }

    #[test]
    fn what_is_beyond_the_piano_is_folded_into_it() {
        assert_eq!(pitch(key(Pitch::folded(0))).class(), Pitch::folded(0).class());
        assert_eq!(pitch(key(Pitch::folded(127))).class(), Pitch::folded(127).class());
        assert_eq!(pitch(key(Pitch::MIDDLE_C)), Pitch::MIDDLE_C);
    }

    #[test]
    fn a_first_note_has_none_before_it() {
        let word = Word { pitch: 87, length: 15, velocity: 15, gap: 24, place: 0 };
        let told = Told { before: None, gap: 3, place: 47, style: Style::Pop };
        assert_eq!(told.ones().collect::<Vec<_>>(), [145, 193, 196]);
        let told = Told { before: Some(word), ..told };
        assert_eq!(told.ones().collect::<Vec<_>>(), [87, 103, 119, 123, 193, 196]);
        assert!(told.ones().all(|one| one < TOLD));
    }
}
