//! A bar as MidiNet sees it: sixteen steps, at each of which one of 128 rows is on.
//!
//! The rows are MIDI keys, but for two that no melody at home needs: the lowest is silence and the second holds what
//! sounds. The original has no such rows; a long note there cannot be told from a note that is struck again and again
//! (Yang et al., 2017, section 3.1).

use melody::roll::{Roll, Step};
use melody::{Chord, Note, Phrase, Pitch, Prompt, Ticks, Token, Vocabulary};

/// Steps of a bar: the sixteenths of 4/4.
pub const STEPS: usize = 16;
/// Rows of a step.
pub const ROWS: usize = 128;
/// Numbers that stand for a chord: twelve roots, and 1 for minor. All are 0 where no chord is known.
pub const CHORD: usize = 13;

/// The row of silence.
pub const REST: usize = 0;
/// The row of a note that sounds on.
pub const HOLD: usize = 1;
/// The lowest row that is a key.
pub const LOWEST: usize = 2;

/// Which row is on at each step.
pub type Bar = [usize; STEPS];

/// A bar of silence.
pub const SILENCE: Bar = [REST; STEPS];

/// The bars of a monophonic phrase from its first bar line on, in 4/4; the last is filled up with silence.
pub fn bars(line: &Phrase) -> Vec<Bar> {
    let steps: Vec<usize> = Roll::of(line).steps().iter().map(row).collect();
    let bar = |steps: &[usize]| std::array::from_fn(|step| steps.get(step).copied().unwrap_or(REST));
    steps.chunks(STEPS).map(bar).collect()
}

/// The bar before the answer, as far as it was heard: tokens at home from its bar line on.
pub fn heard(prompt: &Prompt) -> Bar {
    let start = -prompt.meter.bar();
    let mut bar = SILENCE;
    for (token, onset) in prompt.tokens.iter().zip(&prompt.onsets) {
        let place = |time: Ticks| {
            usize::try_from((time - start).round_to(Step::LENGTH).0 / Step::LENGTH.0).unwrap_or(0)
        };
        let (from, to) = (place(*onset).min(STEPS), place(*onset + token.length).min(STEPS));
        bar[from..to].fill(if token.is_rest() { REST } else { HOLD });
        if let (Some(pitch), true) = (token.pitch, from < to && *onset >= start) {
            bar[from] = usize::from(pitch.number()).max(LOWEST);
        }
    }
    bar
}

/// A chord in the key of the notes as thirteen numbers: one for the root, and one where the third is minor.
pub fn thirteen(chord: Option<&Chord>, shift: i32) -> [f32; CHORD] {
    let mut numbers = [0.0; CHORD];
    if let Some(chord) = chord {
        numbers[(i32::from(chord.root().semitones()) + shift).rem_euclid(12) as usize] = 1.0;
        numbers[CHORD - 1] = f32::from(u8::from(chord.intervals().contains(&3)));
    }
    numbers
}

/// The rows as tokens, each a sixteenth long but for the second, which no rest of a sixteenth may be confused with: the
/// ids of this vocabulary are the rows.
pub fn vocabulary() -> Vocabulary {
    let rests = [Ticks::SIXTEENTH, Ticks::SIXTEENTH * 2].map(Token::rest);
    let notes = (LOWEST..ROWS).filter_map(|row| Some(Token::note(Pitch::new(row as u8)?, Ticks::SIXTEENTH)));
    Vocabulary::new(rests.into_iter().chain(notes))
        .unwrap_or_else(|error| unreachable!("there are notes among the rows: {error}"))
}

/// The notes of rows that follow one another, each with its time in ticks; what sounds last ends at `end`.
pub fn notes(rows: &[(Ticks, usize)], end: Ticks, velocity: impl Fn(Ticks) -> u8) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    let mut sounding = false;
    for (onset, row) in rows.iter().copied().filter(|(onset, _)| *onset < end) {
        if let Some(last) = notes.last_mut().filter(|_| sounding && row != HOLD) {
            last.length = onset - last.onset;
        }
        sounding = sounding && row == HOLD;
        if let Some(pitch) = u8::try_from(row).ok().filter(|_| row >= LOWEST).and_then(Pitch::new) {
            notes.push(Note { onset, length: end - onset, pitch, velocity: velocity(onset), channel: 0 });
            sounding = true;
        }
    }
    notes
}

fn row(step: &Step) -> usize {
    match step.highest_struck() {
        Some(pitch) => usize::from(pitch.number()).max(LOWEST),
        None if step.is_silent() => REST,
        None => HOLD,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use melody::{Meter, Tempo};

    fn note(onset: i64, length: i64, pitch: u8) -> Note {
        let pitch = Pitch::new(pitch).unwrap();
        Note { onset: Ticks(onset), length: Ticks(length), pitch, velocity: 80, channel: 0 }
    }

    fn line() -> Phrase {
        let notes = vec![note(0, 480, 67), note(480, 240, 67), note(960, 3840, 72)];
        Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT)
    }

    #[test]
    fn a_line_is_its_bars_and_back() {
        let bars = bars(&line());
        assert_eq!(bars.len(), 2);
        assert_eq!(bars[0][..6], [67, HOLD, 67, REST, 72, HOLD]);
        assert_eq!(bars[1][..5], [HOLD, HOLD, HOLD, HOLD, REST]);
        let rows: Vec<(Ticks, usize)> =
            (0..).map(|step| Ticks::SIXTEENTH * step).zip(bars.concat()).collect();
        assert_eq!(notes(&rows, Ticks(7680), |_| 80), line().notes());
    }

    #[test]
    fn what_was_heard_in_the_bar_before_is_heard_from_its_bar_line() {
        let prompt = Prompt::of(&line());
        let bar = heard(&prompt);
        assert_eq!(bar[..6], [HOLD, HOLD, HOLD, HOLD, REST, REST]);
        assert_eq!(heard(&Prompt::of(&Phrase::default())), SILENCE);
        let first = Prompt::of(&line().between(Ticks::ZERO, Ticks(3840)));
        let at_home = |pitch: i32| (pitch + first.home.shift) as usize;
        assert_eq!(heard(&first)[..3], [at_home(67), HOLD, at_home(67)]);
    }

    #[test]
    fn a_row_is_a_token_and_its_id() {
        let vocabulary = vocabulary();
        assert_eq!(vocabulary.len(), ROWS);
        assert!(vocabulary.tokens()[REST].is_rest() && vocabulary.tokens()[HOLD].is_rest());
        let is_its_row = |row: usize| {
            vocabulary.tokens()[row].pitch.is_some_and(|pitch| usize::from(pitch.number()) == row)
        };
        assert!((LOWEST..ROWS).all(is_its_row));
    }

    #[test]
    fn a_chord_is_its_root_and_its_third() {
        let ones = |chord: &str, shift| {
            let numbers = thirteen(chord.parse().ok().as_ref(), shift);
            numbers
                .iter()
                .zip(0..)
                .filter(|(number, _)| **number == 1.0)
                .map(|(_, place)| place)
                .collect::<Vec<i32>>()
        };
        assert_eq!(ones("C", 0), [0]);
        assert_eq!(ones("Bbm7", 2), [0, 12]);
        assert_eq!(ones("Dsus4", -3), [11]);
        assert_eq!(thirteen(None, 0), [0.0; 13]);
    }

    #[test]
    fn what_is_held_from_nothing_and_what_lies_behind_the_end_is_silent() {
        let rows = [(Ticks(0), HOLD), (Ticks(240), 60), (Ticks(480), HOLD), (Ticks(720), 62)];
        assert_eq!(notes(&rows, Ticks(720), |_| 80), [note(240, 480, 60)]);
        assert_eq!(notes(&rows, Ticks(600), |_| 80), [note(240, 360, 60)]);
    }
}
