//! Notes of a phrase that stay as they were while the rest is made anew.

use melody::steps::{Aspect, LONGEST, Step, UNIT};
use melody::{Meter, Note, Phrase, Ticks};

use crate::request::Request;
use crate::sampling::Dice;

/// Mixed into a seed, so that what is kept is thrown with other dice than what is made.
const APART: u64 = 0x6b65_7074;

/// What stays, in the order of time; all times count from the first bar line of what is made.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    notes: Vec<Step>,
    /// Those that something new takes the place of.
    gone: Vec<Step>,
    /// Up to here nothing new begins.
    firm: Ticks,
}

impl Kept {
    /// Those that a variation of these notes leaves: all in the first beats that the request keeps, and of the others each
    /// with odds that fall as the request goes farther.
    pub fn of(steps: &[Step], request: &Request, meter: Meter, seed: u64) -> Kept {
        let mut dice = Dice::new(seed ^ APART);
        let firm = meter.beat() * i64::from(request.kept_beats);
        let mut stays = |step: &Step| {
            let thrown = dice.throw() >= f64::from(request.neighbourhood);
            step.onset < firm || thrown
        };
        let (notes, gone) = steps.iter().copied().partition(&mut stays);
        Kept { notes, gone, firm }
    }

    /// Whether a note may begin at a time: one that is kept, or a new one where others went. Between two kept notes that
    /// followed each other is the player's silence.
    pub fn allows(&self, time: Ticks) -> bool {
        let next = self.notes.partition_point(|kept| kept.onset <= time);
        let before = next.checked_sub(1).map(|last| self.notes[last].onset);
        let after = self.notes.get(next).map_or(Ticks(i64::MAX), |kept| kept.onset);
        let between = |gone: &Step| before.is_none_or(|before| gone.onset > before) && gone.onset < after;
        let is_open = self.notes.is_empty() || self.gone.iter().any(between);
        before == Some(time) || (time >= self.firm && is_open)
    }

    /// The pitch number of the note that went from a time, for another to come there.
    pub fn gone_at(&self, time: Ticks) -> Option<u8> {
        let place = self.gone.binary_search_by_key(&time, |gone| gone.onset).ok()?;
        Some(self.gone[place].word[Aspect::Pitch as usize])
    }

    /// The value that an aspect of the next note must have, if it is a kept one; `end` is where the note before ends.
    pub fn next(&self, aspect: Aspect, step: &Step, end: Ticks) -> Option<u8> {
        match aspect {
            Aspect::Rest => {
                let gap = self.first_from(end)?.onset - end;
                (gap == Ticks::ZERO).then_some(0)
            }
            _ => {
                let kept = self.first_from(step.onset)?;
                (kept.onset == step.onset).then(|| kept.word[aspect as usize])
            }
        }
    }

    /// A value that was thrown, cut so that the next kept note has its place.
    pub fn limit(&self, aspect: Aspect, value: u8, step: &Step, end: Ticks) -> u8 {
        let (from, least) = match aspect {
            Aspect::Rest => (end, 0),
            Aspect::Pitch => return value,
            Aspect::Length => (step.onset, 1),
        };
        let next = self.first_from(from + UNIT * least);
        let units = next.map_or(i64::from(LONGEST), |kept| (kept.onset - from).0 / UNIT.0 - least);
        value.min(units.clamp(0, i64::from(LONGEST)) as u8)
    }

    fn first_from(&self, time: Ticks) -> Option<&Step> {
        self.notes.get(self.notes.partition_point(|kept| kept.onset < time))
    }

    /// The answer with each kept note as it was played: off the grid, as long and as loud. `played` is the phrase that was
    /// varied, its first bar line at `start`.
    pub fn restore(&self, answer: Phrase, played: &Phrase, start: Ticks) -> Phrase {
        let (meter, tempo, length) = (answer.meter, answer.tempo, answer.length());
        let original = |note: &Note| -> Option<Note> {
            self.notes.binary_search_by_key(&note.onset, |kept| kept.onset).ok()?;
            let near = |other: &&Note| (other.onset - start - note.onset).0.abs() <= UNIT.0 * 3 / 2;
            let same = played.notes().iter().filter(near).find(|other| other.pitch == note.pitch)?;
            Some(Note { onset: (same.onset - start).max(Ticks::ZERO), ..*same })
        };
        let restored = |note: &Note| original(note).map_or((*note, false), |original| (original, true));
        let mut notes: Vec<(Note, bool)> = answer.notes().iter().map(restored).collect();
        for place in 1..notes.len() {
            let (next, was_played) = notes[place];
            let (note, was_too) = &mut notes[place - 1];
            // Who played two notes into one another meant it.
            if !(was_played && *was_too) {
                note.length = note.length.min((next.onset - note.onset).max(UNIT));
            }
        }
        Phrase::new(notes.into_iter().map(|(note, _)| note).collect(), meter, tempo).lasting(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EIGHTH: Ticks = Ticks(480);

    fn kept(neighbourhood: f32, kept_beats: u32) -> Kept {
        // Eighths on every quarter, so that there is silence between them.
        let steps: Vec<Step> = (0..8)
            .map(Ticks::quarters)
            .map(|onset| Step { onset, end: onset + EIGHTH, word: [0, 36, 5] })
            .collect();
        let request = Request { neighbourhood, kept_beats, ..Request::to_continue(Phrase::default()) };
        Kept::of(&steps, &request, Meter::COMMON, 1)
    }

    #[test]
    fn the_silence_between_kept_notes_is_kept() {
        let (all, none) = (kept(0.0, 0), kept(1.0, 0));
        assert!(all.allows(Ticks::quarters(3)) && !all.allows(Ticks::quarters(3) + EIGHTH));
        assert!(!all.allows(Ticks::quarters(9)) && none.allows(Ticks::quarters(3) + EIGHTH));
        let first = kept(1.0, 4);
        let open = [1, 3, 4, 7].map(|place| first.allows(Ticks::quarters(place) + EIGHTH));
        assert_eq!(open, [false, false, true, true]);
        assert_eq!([3, 4].map(|place| first.gone_at(Ticks::quarters(place))), [None, Some(36)]);
    }

    #[test]
    fn kept_notes_are_not_played_into_new_ones() {
        let note = |onset: i64, length: i64| Note {
            onset: Ticks(onset),
            length: Ticks(length),
            pitch: melody::Pitch::new(72).unwrap(),
            velocity: 80,
            channel: 0,
        };
        let tempo = melody::Tempo::DEFAULT;
        let played = Phrase::new(vec![note(0, 1500), note(960, 960)], Meter::COMMON, tempo);
        let made = Phrase::new(vec![note(0, 960), note(960, 960)], Meter::COMMON, tempo);
        let step = |onset| Step { onset, end: onset + Ticks::QUARTER, word: [0, 48, 11] };
        let lengths = |notes: Vec<Step>| -> Vec<i64> {
            let kept = Kept { notes, ..Kept::default() };
            let restored = kept.restore(made.clone(), &played, Ticks::ZERO);
            restored.notes().iter().map(|note| note.length.0).collect()
        };
        assert_eq!(lengths(vec![step(Ticks::ZERO)]), [960, 960]);
        assert_eq!(lengths(vec![step(Ticks::ZERO), step(Ticks::QUARTER)]), [1500, 960]);
    }
}
