//! A melody as one step a note: the rest before it, its pitch and its length, each by a small number.

use crate::{Pitch, Prompt, Ticks};

/// What rests and lengths are counted in: the longest time that divides sixteenths (240) and their triplets (160).
pub const UNIT: Ticks = Ticks(80);
/// The longest rest and the longest note that are told apart: a whole note, as [`Prompt`] cuts them.
pub const LONGEST: u8 = 48;
/// The MIDI key of pitch number 0; pitches outside the seven octaves from here are folded into them.
pub const LOWEST: u8 = 24;
/// Pitches that are told apart.
pub const PITCHES: u8 = 84;

/// One of the three things that a step says, in the order in which they are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// The rest before the note.
    Rest,
    /// Its pitch.
    Pitch,
    /// Its length.
    Length,
}

impl Aspect {
    /// All three, in the order in which they are chosen.
    pub const ALL: [Aspect; 3] = [Aspect::Rest, Aspect::Pitch, Aspect::Length];

    /// How many values it has: 0 to 48 units of rest, 84 pitches, 1 to 48 units of length.
    pub const fn size(self) -> usize {
        match self {
            Aspect::Rest => LONGEST as usize + 1,
            Aspect::Pitch => PITCHES as usize,
            Aspect::Length => LONGEST as usize,
        }
    }
}

/// What a step says, as numbers below [`Aspect::size`]: rest in [`UNIT`]s, pitch above [`LOWEST`], length in [`UNIT`]s
/// less one.
pub type Word = [u8; 3];

/// One note at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Where it starts, in ticks from a bar line.
    pub onset: Ticks,
    /// Where it ends.
    pub end: Ticks,
    /// What it says after the note before it.
    pub word: Word,
}

impl Step {
    /// The step that says this after a note that ended at `before`, in ticks from a bar line.
    pub fn after(before: Ticks, word: Word) -> Step {
        let onset = before + UNIT * i64::from(word[0]);
        Step { onset, end: onset + UNIT * (i64::from(word[2]) + 1), word }
    }

    /// The pitch at home.
    pub fn pitch(&self) -> Pitch {
        Pitch::folded(i32::from(LOWEST) + i32::from(self.word[1]))
    }

    /// The notes of what was heard, at home; times count from the bar line at its end, so they are below zero. The first
    /// one's rest is counted from the bar line before it.
    pub fn of_prompt(prompt: &Prompt) -> Vec<Step> {
        let mut before =
            prompt.onsets.first().map_or(Ticks::ZERO, |first| first.floor_to(prompt.meter.bar()));
        let ends = prompt.onsets.iter().skip(1).map(Some).chain([None]);
        let mut steps = Vec::with_capacity(prompt.tokens.len());
        for ((token, onset), next) in prompt.tokens.iter().zip(&prompt.onsets).zip(ends) {
            let Some(pitch) = token.pitch else { continue };
            let end = next.map_or(*onset + token.length, |next| *next);
            let word = [
                units(*onset - before).clamp(0, i64::from(LONGEST)) as u8,
                number_of(pitch),
                (units(token.length).clamp(1, i64::from(LONGEST)) - 1) as u8,
            ];
            steps.push(Step { onset: *onset, end, word });
            before = end;
        }
        steps
    }
}

/// The number of a pitch, folded by octaves into those that are told apart.
pub fn number_of(pitch: Pitch) -> u8 {
    folded(i32::from(pitch.number()) - i32::from(LOWEST))
}

/// A pitch number that may lie outside, moved in by octaves.
pub fn folded(number: i32) -> u8 {
    let highest = i32::from(PITCHES) - 12;
    let class = number.rem_euclid(12);
    match number {
        ..0 => class as u8,
        number if number < i32::from(PITCHES) => number as u8,
        _ => (highest + class) as u8,
    }
}

fn units(time: Ticks) -> i64 {
    time.round_to(UNIT).0 / UNIT.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Meter, Phrase, Tempo, Token, tokens};

    fn steps(text: &str) -> Vec<Step> {
        let tokens: Vec<Token> = text.split(' ').map(|token| token.parse().unwrap()).collect();
        let notes = tokens::decode(&tokens, Ticks::QUARTER, |_| 80);
        Step::of_prompt(&Prompt::of(&Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT)))
    }

    #[test]
    fn each_note_is_a_step_with_the_rest_before_it() {
        let steps = steps("C4:1.0 E4:0.5 R:0.5 G4:1.0 C5:1/3 G4:2/3 C4:3.0");
        let words: Vec<Word> = steps.iter().map(|step| step.word).collect();
        assert_eq!(
            words,
            [[12, 36, 11], [0, 40, 5], [6, 43, 11], [0, 48, 3], [0, 43, 7], [0, 36, 35]],
            "an upbeat's rest is counted from the bar line"
        );
        assert_eq!(steps[0].onset, Ticks::quarters(-7));
        assert_eq!(steps[5].end, Ticks::ZERO);
    }

    #[test]
    fn a_step_is_made_again_from_its_word() {
        for pair in steps("C4:1.0 E4:0.5 R:0.5 G4:1.0 C5:1/3 G4:2/3 C4:3.0").windows(2) {
            assert_eq!(Step::after(pair[0].end, pair[1].word), pair[1]);
        }
    }

    #[test]
    fn every_pitch_has_a_number_of_its_class() {
        for key in 0..128 {
            let pitch = Pitch::new(key).unwrap();
            let number = number_of(pitch);
            assert!(number < PITCHES);
            assert_eq!(Pitch::folded(i32::from(LOWEST) + i32::from(number)).class(), pitch.class());
        }
    }
}
