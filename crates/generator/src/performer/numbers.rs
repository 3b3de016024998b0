//! Playing with a network that speaks in numbers, as the paper has it: each note is four numbers, and noise makes the music.

use melody::tones::Tone;
use melody::{Ticks, Token};

use super::stage::Stage;
use super::walk::Walk;
use super::words::{self, Word};
use super::{Answer, NOISE, Performer};
use crate::Cancel;
use crate::sampling::Dice;

/// The most notes that start together; the next comes a sixteenth later, or a network that says nothing but 0 would
/// never come to an end.
const MOST_AT_ONCE: usize = 8;
/// The noise in its middle.
const CALM: [f32; NOISE] = [0.5; NOISE];
/// How hard the notes of a chord that an answer starts from are struck, and how long they last in ticks.
const CHORD: (u8, Ticks) = (80, Ticks::quarters(2));
/// How far a number may be off on another processor.
const ROUNDING: f32 = 1e-4;

/// Plays an answer; the network gives no probabilities.
///
/// # Errors
/// What tract says where the network does not run.
pub(super) fn play(
    performer: &Performer,
    stage: &Stage<'_>,
    seed: u64,
    cancel: &Cancel,
) -> Result<Answer, String> {
    let mut walk = Walk::begin(performer)?;
    let (mut dice, wishes) = (Dice::new(seed), stage.wishes());
    let mut noise = || {
        // Warmth spreads the noise, and none leaves it in its middle.
        let mut number = || 0.5 + stage.request.temperature * (dice.throw() as f32 - 0.5);
        std::array::from_fn(|_| number().clamp(0.0, 1.0))
    };
    let mut before = [0.0; 4];
    for (_, tone) in &stage.before {
        walk.tell_numbers(before, &noise())?;
        before = tone.numbers();
    }
    let mut played = Vec::new();
    for pitch in &stage.chord {
        walk.tell_numbers(before, &noise())?;
        let tone = Tone { since: Ticks::ZERO, length: CHORD.1, pitch: *pitch, velocity: CHORD.0 };
        played.push((Ticks::ZERO, tone));
        before = tone.numbers();
    }
    let (mut onset, mut at_once) = (Ticks::ZERO, played.len());
    loop {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        let said = Tone::from_numbers(walk.tell_numbers(before, &noise())?);
        let crowded = at_once >= MOST_AT_ONCE + stage.chord.len();
        let since = match said.since {
            _ if played.is_empty() => Ticks::ZERO,
            Ticks::ZERO if crowded => Ticks::SIXTEENTH,
            since => since,
        };
        at_once = if since > Ticks::ZERO { 1 } else { at_once + 1 };
        onset += since;
        if onset >= stage.length {
            return Ok(Some((played, Vec::new())));
        }
        let pitch = words::pitch(wishes.nearest(onset, words::key(said.pitch)));
        let tone = Tone { since, pitch, ..said };
        played.push((onset, tone));
        before = tone.numbers();
    }
}

/// The first notes without noise; sure are those that the least change of the numbers leaves as they are.
pub(super) fn likeliest(performer: &Performer, count: usize) -> Result<Vec<(Token, f32)>, String> {
    let mut walk = Walk::begin(performer)?;
    let mut before = [0.0; 4];
    let mut notes = Vec::with_capacity(count);
    for _ in 0..count {
        let said = walk.tell_numbers(before, &CALM)?;
        let tone = Tone::from_numbers(said);
        let moved = |by: f32| Tone::from_numbers(said.map(|number| number + by));
        let sure = if moved(ROUNDING) == tone && moved(-ROUNDING) == tone { 1.0 } else { 0.0 };
        notes.push((Token::note(tone.pitch, tone.length), sure));
        before = tone.numbers();
    }
    Ok(notes)
}

/// See [`Performer::teacher_forced`].
pub(super) fn teacher_forced(performer: &Performer, line: &[Word]) -> Result<Vec<f32>, String> {
    let mut walk = Walk::begin(performer)?;
    let (mut before, mut numbers) = ([0.0; 4], Vec::new());
    for word in line {
        numbers.extend(walk.tell_numbers(before, &CALM)?);
        before = word.tone().numbers();
    }
    Ok(numbers)
}
