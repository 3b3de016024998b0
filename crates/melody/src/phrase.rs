//! A stretch of music in one meter and tempo: what was played, and what a model answers.

use serde::{Deserialize, Serialize};

use crate::{Chord, Meter, Note, Tempo, Ticks};

/// Notes in order, in one meter and tempo; time zero is a bar line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Phrase {
    notes: Vec<Note>,
    length: Ticks,
    /// The time signature throughout.
    pub meter: Meter,
    /// The tempo throughout.
    pub tempo: Tempo,
}

impl Phrase {
    /// A phrase of these notes, sorted by onset, then pitch; it lasts until the last note ends.
    pub fn new(mut notes: Vec<Note>, meter: Meter, tempo: Tempo) -> Phrase {
        notes.sort_by_key(|note| (note.onset, note.pitch, note.channel));
        let length = notes.iter().map(Note::end).max().unwrap_or(Ticks::ZERO);
        Phrase { notes, length, meter, tempo }
    }

    /// The same phrase lasting at least `length` ticks, with silence at its end.
    pub fn lasting(mut self, length: Ticks) -> Phrase {
        self.length = self.length.max(length);
        self
    }

    /// The notes, sorted by onset, then pitch.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Length in ticks, silence at the end included.
    pub fn length(&self) -> Ticks {
        self.length
    }

    /// Whether it has no notes.
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }

    /// How many bars it touches.
    pub fn bars(&self) -> usize {
        usize::try_from(self.whole_bars().0 / self.meter.bar().0).unwrap_or(0)
    }

    /// Its length rounded up to a bar line, in ticks.
    pub fn whole_bars(&self) -> Ticks {
        self.length.ceil_to(self.meter.bar())
    }

    /// The notes that start in `from..to`, cut at `to`, with `from` as the new zero; it lasts `to - from`.
    pub fn between(&self, from: Ticks, to: Ticks) -> Phrase {
        let inside = self.notes.iter().filter(|note| note.onset >= from && note.onset < to);
        let notes =
            inside.map(|note| Note { length: note.length.min(to - note.onset), ..*note }.shifted(-from));
        let length = (to - from).max(Ticks::ZERO);
        Phrase { notes: notes.collect(), length, meter: self.meter, tempo: self.tempo }
    }

    /// Its last `bars` bars, counted from the bar line at or after its end.
    pub fn last_bars(&self, bars: usize) -> Phrase {
        let end = self.whole_bars();
        let span = self.meter.bar() * i64::try_from(bars).unwrap_or(i64::MAX / self.meter.bar().0);
        self.between((end - span).max(Ticks::ZERO), end)
    }

    /// This phrase, then `next` from the bar line at or after this one's end.
    pub fn followed_by(&self, next: &Phrase) -> Phrase {
        Phrase::joined([self, next])
    }

    /// Phrases laid end to end, each from the bar line at or after the end of the one before, in the first one's meter
    /// and tempo; empty without any.
    pub fn joined<'a>(phrases: impl IntoIterator<Item = &'a Phrase>) -> Phrase {
        let mut phrases = phrases.into_iter();
        let Some(first) = phrases.next() else { return Phrase::default() };
        let (mut notes, mut length) = (first.notes.clone(), first.length);
        for next in phrases {
            let start = length.ceil_to(first.meter.bar());
            notes.extend(next.notes.iter().map(|note| note.shifted(start)));
            length = start + next.length;
        }
        Phrase::new(notes, first.meter, first.tempo).lasting(length)
    }

    /// Each note through `change`, sorted anew; the length stays unless a note now ends later.
    pub fn map_notes(&self, change: impl FnMut(Note) -> Note) -> Phrase {
        let notes = self.notes.iter().copied().map(change).collect();
        Phrase::new(notes, self.meter, self.tempo).lasting(self.length)
    }

    /// The highest note at each onset, each cut where the next begins: a line that can be sung (the skyline).
    pub fn skyline(&self) -> Phrase {
        let mut line: Vec<Note> = Vec::with_capacity(self.notes.len());
        for note in &self.notes {
            match line.last_mut() {
                // Notes of one onset come in order of pitch: the last is the highest.
                Some(last) if last.onset == note.onset => *last = *note,
                _ => line.push(*note),
            }
        }
        for index in 1..line.len() {
            let room = line[index].onset - line[index - 1].onset;
            line[index - 1].length = line[index - 1].length.min(room);
        }
        Phrase { notes: line, length: self.length, meter: self.meter, tempo: self.tempo }
    }

    /// The chord that its last notes make: those that begin within a 64th of the last onset. `None` where that is a
    /// single note, or a cluster.
    pub fn last_chord(&self) -> Option<Chord> {
        let last = self.notes.last()?.onset;
        let together = self.notes.iter().rev().take_while(|note| last - note.onset <= Ticks::SIXTY_FOURTH);
        Chord::heard(&together.map(|note| note.pitch).collect::<Vec<_>>())
    }

    /// Whether no two notes sound at once.
    pub fn is_monophonic(&self) -> bool {
        self.notes.windows(2).all(|pair| pair[0].end() <= pair[1].onset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pitch;

    fn note(onset: i64, length: i64, pitch: u8) -> Note {
        let pitch = Pitch::new(pitch).unwrap();
        Note { onset: Ticks(onset), length: Ticks(length), pitch, velocity: 90, channel: 0 }
    }

    fn phrase(notes: Vec<Note>) -> Phrase {
        Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT)
    }

    #[test]
    fn pieces_are_laid_end_to_end_from_bar_line_to_bar_line() {
        let waltz = Meter::new(3, 4).unwrap();
        let first = Phrase::new(vec![note(0, 960, 60)], waltz, Tempo::from_bpm(90.0)).lasting(Ticks(2881));
        let second = phrase(vec![note(480, 480, 62)]);
        let song = Phrase::joined([&first, &second, &phrase(vec![note(0, 240, 64)])]);
        let onsets: Vec<i64> = song.notes().iter().map(|note| note.onset.0).collect();
        assert_eq!(onsets, [0, 2 * 2880 + 480, 3 * 2880]);
        assert_eq!((song.meter, song.tempo, song.length()), (waltz, first.tempo, Ticks(3 * 2880 + 240)));
        assert_eq!(Phrase::joined([]), Phrase::default());
    }

    #[test]
    fn an_answer_begins_at_the_bar_line_after_the_prompt() {
        let prompt = phrase(vec![note(0, 960, 60), note(3840, 960, 62)]);
        let both = prompt.followed_by(&phrase(vec![note(0, 480, 64)]));
        assert_eq!(both.notes()[2].onset, Ticks(7680));
        assert_eq!(both.bars(), 3);
    }

    #[test]
    fn a_cut_keeps_what_starts_inside_and_ends_it_at_the_edge() {
        let part = phrase(vec![note(0, 960, 60), note(960, 9600, 62)]).between(Ticks(960), Ticks(1920));
        assert_eq!(part.notes(), [note(0, 960, 62)]);
        assert_eq!(part.length(), Ticks(960));
    }

    #[test]
    fn the_skyline_is_one_voice_of_the_highest_notes() {
        let line = phrase(vec![note(0, 1920, 60), note(0, 1920, 67), note(960, 960, 64)]).skyline();
        assert_eq!(line.notes(), [note(0, 960, 67), note(960, 960, 64)]);
        assert!(line.is_monophonic());
    }

    #[test]
    fn the_last_chord_is_heard_though_it_is_spread_a_little() {
        let chord =
            phrase(vec![note(0, 960, 65), note(1920, 960, 60), note(1930, 950, 64), note(1960, 900, 67)]);
        assert_eq!(chord.last_chord().map(|chord| chord.symbol().to_owned()).as_deref(), Some("C"));
        assert_eq!(phrase(vec![note(0, 960, 60), note(960, 960, 64)]).last_chord(), None);
    }

    #[test]
    fn the_last_bars_of_a_short_phrase_are_all_of_it() {
        let short = phrase(vec![note(0, 960, 60)]);
        assert_eq!(short.last_bars(4).notes(), short.notes());
        assert_eq!(phrase(Vec::new()).last_bars(4).bars(), 0);
    }
}
