//! A piano roll: which of the 128 keys are struck and which sound on, sixteenth by sixteenth.

use crate::{Note, Phrase, Pitch, Ticks};

/// Sixteenths, each with the keys struck on it and those that sound on from before.
///
/// Triplets are put on the nearest sixteenth, and no note is shorter than one. A key that is struck while it sounds is
/// struck again.
///
/// ```
/// use melody::{Meter, Note, Phrase, Pitch, Tempo, Ticks, roll::Roll};
/// let half = Note { onset: Ticks(250), length: Ticks(470), pitch: Pitch::MIDDLE_C, velocity: 90, channel: 0 };
/// let roll = Roll::of(&Phrase::new(vec![half], Meter::COMMON, Tempo::DEFAULT));
/// assert_eq!(roll.steps().len(), 3);
/// assert!(roll.steps()[1].strikes(Pitch::MIDDLE_C) && roll.steps()[2].holds(Pitch::MIDDLE_C));
/// let notes = roll.notes(|_| 80);
/// assert_eq!((notes[0].onset, notes[0].length), (Ticks(240), Ticks(480)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roll {
    steps: Vec<Step>,
}

/// One sixteenth of a roll. A key is struck, held or silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Step {
    /// A bit for each key.
    struck: u128,
    /// A bit for each key; none that is struck.
    held: u128,
}

impl Step {
    /// Length of a step.
    pub const LENGTH: Ticks = Ticks::SIXTEENTH;
    /// A step at which nothing sounds.
    pub const SILENT: Step = Step { struck: 0, held: 0 };

    /// Strikes a key.
    pub fn strike(&mut self, pitch: Pitch) {
        self.struck |= bit(pitch);
        self.held &= !bit(pitch);
    }

    /// Lets a key sound on, unless it is struck.
    pub fn hold(&mut self, pitch: Pitch) {
        self.held |= bit(pitch) & !self.struck;
    }

    /// Whether a key is struck.
    pub fn strikes(&self, pitch: Pitch) -> bool {
        self.struck & bit(pitch) != 0
    }

    /// Whether a key sounds on from before.
    pub fn holds(&self, pitch: Pitch) -> bool {
        self.held & bit(pitch) != 0
    }

    /// Whether a key is struck or sounds on.
    pub fn sounds(&self, pitch: Pitch) -> bool {
        (self.struck | self.held) & bit(pitch) != 0
    }

    /// The highest key that is struck.
    pub fn highest_struck(&self) -> Option<Pitch> {
        self.struck.checked_ilog2().and_then(|number| Pitch::new(number as u8))
    }

    /// The keys that are struck, from below.
    pub fn struck(&self) -> impl Iterator<Item = Pitch> {
        keys(self.struck)
    }

    /// The keys that sound, struck or held, from below.
    pub fn sounding(&self) -> impl Iterator<Item = Pitch> {
        keys(self.struck | self.held)
    }

    /// Whether nothing sounds.
    pub fn is_silent(&self) -> bool {
        self.struck | self.held == 0
    }
}

fn bit(pitch: Pitch) -> u128 {
    1 << pitch.number()
}

fn keys(bits: u128) -> impl Iterator<Item = Pitch> {
    (0..128).filter(move |number| bits >> number & 1 != 0).filter_map(Pitch::new)
}

impl Roll {
    /// The roll of these steps.
    pub fn new(steps: Vec<Step>) -> Roll {
        Roll { steps }
    }

    /// The roll of a phrase from its time zero to its end, which is put off to the end of its last sixteenth.
    pub fn of(phrase: &Phrase) -> Roll {
        let place =
            |time: Ticks| usize::try_from(time.round_to(Step::LENGTH).0 / Step::LENGTH.0).unwrap_or(0);
        let ends = |note: &Note| place(note.end()).max(place(note.onset) + 1);
        let last = phrase.notes().iter().map(ends).max().unwrap_or(0);
        let mut steps = vec![Step::default(); last.max(place(phrase.length().ceil_to(Step::LENGTH)))];
        for note in phrase.notes() {
            steps[place(note.onset)].strike(note.pitch);
        }
        for note in phrase.notes() {
            // What is struck again ends what sounded until then.
            let on = &mut steps[place(note.onset) + 1..ends(note)];
            on.iter_mut().take_while(|step| !step.strikes(note.pitch)).for_each(|step| step.hold(note.pitch));
        }
        Roll { steps }
    }

    /// The sixteenths.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The notes, in order of onset, then pitch, on channel 0, with the velocity that each onset (ticks from the roll's
    /// start) is given. What is held without having been struck is silent.
    pub fn notes(&self, velocity: impl Fn(Ticks) -> u8) -> Vec<Note> {
        let mut notes = Vec::new();
        for (place, step) in self.steps.iter().enumerate() {
            let onset = Step::LENGTH * place as i64;
            for pitch in step.struck() {
                let held = self.steps[place + 1..].iter().take_while(|step| step.holds(pitch)).count();
                let length = Step::LENGTH * (held as i64 + 1);
                notes.push(Note { onset, length, pitch, velocity: velocity(onset), channel: 0 });
            }
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Meter, Tempo};

    fn note(onset: i64, length: i64, pitch: u8) -> Note {
        let pitch = Pitch::new(pitch).unwrap();
        Note { onset: Ticks(onset), length: Ticks(length), pitch, velocity: 80, channel: 0 }
    }

    fn phrase(notes: Vec<Note>) -> Phrase {
        Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT)
    }

    #[test]
    fn what_lies_on_sixteenths_comes_back() {
        let notes = vec![note(0, 960, 0), note(0, 240, 60), note(240, 480, 60), note(240, 3840, 127)];
        let roll = Roll::of(&phrase(notes.clone()));
        assert_eq!(roll.steps().len(), 17);
        assert_eq!(roll.notes(|_| 80), notes);
        assert!(roll.steps()[1].strikes(notes[2].pitch) && !roll.steps()[1].holds(notes[2].pitch));
        assert_eq!(roll.steps()[1].highest_struck(), Pitch::new(127));
        assert_eq!(roll.steps()[1].sounding().count(), 3);
    }

    #[test]
    fn a_key_struck_while_it_sounds_is_struck_again() {
        let roll = Roll::of(&phrase(vec![note(0, 1920, 60), note(480, 240, 60)]));
        assert_eq!(roll.notes(|_| 80), [note(0, 480, 60), note(480, 240, 60)]);
    }

    #[test]
    fn the_end_of_a_phrase_is_silent_where_it_is_silent() {
        let roll = Roll::of(&phrase(vec![note(0, 100, 60)]).lasting(Ticks(3840)));
        assert_eq!(roll.steps().len(), 16);
        assert!(roll.steps()[1..].iter().all(Step::is_silent));
        assert_eq!(Roll::of(&Phrase::default()), Roll::default());
        assert_eq!(Roll::default().steps().len(), 0);
    }

    #[test]
    fn what_is_only_held_does_not_sound() {
        let mut step = Step::default();
        step.hold(Pitch::MIDDLE_C);
        assert!(Roll::new(vec![step; 4]).notes(|_| 80).is_empty());
        step.strike(Pitch::MIDDLE_C);
        assert!(
            step.strikes(Pitch::MIDDLE_C) && !step.holds(Pitch::MIDDLE_C) && step.sounds(Pitch::MIDDLE_C)
        );
    }
}
