//! A phrase as melody2vec's word: what makes two phrases the same one, and the small units that it is spelled with.

use melody::{Pitch, Ticks, Token};

/// The unit of lengths: a twelfth of a quarter, which holds sixteenths (3) and triplets (4 and 2).
const TWELFTH: Ticks = Ticks::ratio(1, 12);
/// The longest note or rest, a whole note.
const LONGEST: u8 = 48;

/// A phrase at home as a word: pitches with their octave, lengths of notes and of the rests between them. The silence
/// after the last note is no part of it. Transposition is, within the octave that home leaves open: home has put the
/// whole melody in C major or A minor around G4, so that one model serves all keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(Vec<Step>);

/// A note or a rest of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// The pitch at home, `None` for a rest.
    pub pitch: Option<Pitch>,
    /// The length in twelfths of a quarter, 1 to 48.
    pub length: u8,
}

impl Word {
    /// The most notes and rests of a word.
    pub const MOST_STEPS: usize = 32;

    /// The word of a phrase at home: rests at either end dropped, each length put on the nearest twelfth of a quarter
    /// up to a whole note. `None` where there is no note. What is longer than [`Word::MOST_STEPS`] is cut.
    pub fn of(tokens: &[Token]) -> Option<Word> {
        let first = tokens.iter().position(|token| !token.is_rest())?;
        let last = tokens.iter().take(first + Word::MOST_STEPS).rposition(|token| !token.is_rest())?;
        let steps = tokens[first..=last].iter().map(|token| {
            let twelfths = (token.length.0 + TWELFTH.0 / 2) / TWELFTH.0;
            Step { pitch: token.pitch, length: twelfths.clamp(1, i64::from(LONGEST)) as u8 }
        });
        Some(Word(steps.collect()))
    }

    /// The word of these steps, if they are one: 1 to 32 of them, a note first and last, no length out of range.
    pub(super) fn checked(steps: Vec<Step>) -> Option<Word> {
        let sane = steps.iter().all(|step| (1..=LONGEST).contains(&step.length));
        let ends = [steps.first()?, steps.last()?].iter().all(|step| step.pitch.is_some());
        (sane && ends && steps.len() <= Word::MOST_STEPS).then_some(Word(steps))
    }

    /// Its notes and rests.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Its notes and rests as tokens at home.
    pub fn tokens(&self) -> Vec<Token> {
        let token = |step: &Step| Token { pitch: step.pitch, length: TWELFTH * i64::from(step.length) };
        self.0.iter().map(token).collect()
    }

    /// How many notes it has.
    pub fn notes(&self) -> usize {
        self.0.iter().filter(|step| step.pitch.is_some()).count()
    }

    /// The mean of its pitches, each note weighing as long as it sounds.
    pub(super) fn mean_pitch(&self) -> f32 {
        let notes =
            self.0.iter().filter_map(|step| Some((f32::from(step.pitch?.number()), f32::from(step.length))));
        let (sum, weight) =
            notes.fold((0.0, 0.0), |(sum, weight), (pitch, length)| (sum + pitch * length, weight + length));
        sum / f32::max(weight, 1.0)
    }

    /// From its first onset to the end of its last note, in twelfths of a quarter.
    pub(super) fn twelfths(&self) -> u16 {
        self.0.iter().map(|step| u16::from(step.length)).sum()
    }

    /// The hashes of the units that it is spelled with (fastText's sub-words: Bojanowski et al., TACL 5:135, 2017;
    /// ours, the melody2vec paper knows whole words only). Each note weighs in with the time to the next onset:
    ///
    /// - runs of one to three notes with pitch class and time,
    /// - runs of two to four notes with intervals and times, the same in every key and octave,
    /// - runs of two and three pitch classes, and of three and four times alone,
    /// - the first and the last pitch class, and how many notes there are, in halves of an octave of sizes.
    pub fn units(&self) -> Vec<u64> {
        let beats = self.beats();
        let mut units = Vec::with_capacity(beats.len() * 9 + 3);
        let mut run = |family: u8, length: usize, spell: Spell<'_>| {
            for notes in beats.windows(length) {
                let mut letters = vec![family, length as u8];
                spell(notes, &mut letters);
                units.push(hash(&letters));
            }
        };
        for length in 1..=3 {
            run(1, length, &|notes, to| to.extend(notes.iter().flat_map(|note| [note.0 % 12, note.1])));
        }
        for length in 2..=4 {
            run(2, length, &|notes, to| {
                to.extend(notes.windows(2).flat_map(|pair| [pair[1].0.wrapping_sub(pair[0].0), pair[0].1]));
            });
        }
        for length in 2..=3 {
            run(3, length, &|notes, to| to.extend(notes.iter().map(|note| note.0 % 12)));
        }
        for length in 3..=4 {
            run(4, length, &|notes, to| to.extend(notes.iter().map(|note| note.1)));
        }
        let (first, last) =
            (beats.first().copied().unwrap_or((0, 0)), beats.last().copied().unwrap_or((0, 0)));
        units.push(hash(&[5, first.0 % 12]));
        units.push(hash(&[6, last.0 % 12]));
        units.push(hash(&[7, (2.0 * (beats.len() as f32).log2()).round() as u8]));
        units
    }

    /// Each note's pitch with the time to the next onset, in twelfths of a quarter.
    fn beats(&self) -> Vec<(u8, u8)> {
        let mut beats: Vec<(u8, u8)> = Vec::with_capacity(self.0.len());
        for step in &self.0 {
            match (step.pitch, beats.last_mut()) {
                (Some(pitch), _) => beats.push((pitch.number(), step.length)),
                (None, Some(last)) => last.1 = last.1.saturating_add(step.length),
                (None, None) => {}
            }
        }
        beats
    }
}

/// Writes what counts of a run of notes, each with pitch and time, as letters.
type Spell<'a> = &'a dyn Fn(&[(u8, u8)], &mut Vec<u8>);

/// FNV-1a with a last stir: the same number on every machine and in every version, for trained weights hang on it.
fn hash(letters: &[u8]) -> u64 {
    let fold = |hash: u64, letter: &u8| (hash ^ u64::from(*letter)).wrapping_mul(0x0100_0000_01b3);
    let hash = letters.iter().fold(0xcbf2_9ce4_8422_2325, fold);
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn word(text: &str) -> Word {
        let tokens: Vec<Token> = text.split(' ').map(|token| token.parse().unwrap()).collect();
        Word::of(&tokens).unwrap()
    }

    fn shared(left: &Word, right: &Word) -> f64 {
        let set = |word: &Word| word.units().into_iter().collect::<BTreeSet<u64>>();
        let (left, right) = (set(left), set(right));
        left.intersection(&right).count() as f64 / left.union(&right).count() as f64
    }

    #[test]
    fn silence_at_the_ends_makes_no_other_word_and_silence_inside_does() {
        let plain = word("C4:1.0 D4:0.5 E4:1/3");
        assert_eq!(word("R:1.0 C4:1.0 D4:0.5 E4:1/3 R:2.0"), plain);
        assert_ne!(word("C4:1.0 R:0.5 D4:0.5 E4:1/3"), plain);
        assert_eq!(
            plain.tokens().iter().map(Token::to_string).collect::<Vec<_>>(),
            ["C4:1.0", "D4:0.5", "E4:1/3"]
        );
        assert!(Word::of(&["R:1.0".parse().unwrap()]).is_none());
    }

    #[test]
    fn lengths_that_no_word_has_become_the_nearest() {
        let of = |lengths: [i64; 3]| {
            let tokens = lengths.map(|ticks| Token::note(Pitch::MIDDLE_C, Ticks(ticks)));
            Word::of(&tokens).unwrap().0.iter().map(|step| step.length).collect::<Vec<_>>()
        };
        assert_eq!(of([1, 250, 9999]), [1, 3, 48]);
        let endless = vec!["C4:1.0".parse().unwrap(); 500];
        assert_eq!(Word::of(&endless).unwrap().notes(), Word::MOST_STEPS);
    }

    #[test]
    fn relatives_share_units_and_strangers_do_not() {
        let tune = word("C4:1.0 D4:1.0 E4:0.5 F4:0.5 G4:2.0");
        let octave_up = word("C5:1.0 D5:1.0 E5:0.5 F5:0.5 G5:2.0");
        let one_changed = word("C4:1.0 D4:1.0 E4:0.5 A4:0.5 G4:2.0");
        let stranger = word("A4:0.25 B4:0.25 C5:0.75 R:0.25 D#4:1/3 G#4:1/3");
        assert_eq!(shared(&tune, &octave_up), 1.0);
        assert!(shared(&tune, &one_changed) > 0.2);
        assert!(shared(&tune, &stranger) < 0.05);
    }

    #[test]
    fn the_spelling_never_changes_under_trained_weights() {
        assert_eq!(hash(b"melody"), hash(b"melody"));
        let sum = word("C4:1.0 D4:0.5 E4:0.5").units().into_iter().fold(0_u64, u64::wrapping_add);
        assert_eq!(sum, SPELLED);
    }

    /// What the units of three notes sum to, for ever.
    const SPELLED: u64 = 13_074_342_086_128_616_631;
}
