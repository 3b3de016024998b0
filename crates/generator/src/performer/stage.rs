//! What an answer is made within: its bars, its key, what was played before, the chord that it starts from.

use melody::tones::Tone;
use melody::{Chord, Home, Key, Mode, Note, Phrase, Pitch, Style, Ticks};

use super::wishes::Wishes;
use super::{Played, heard};
use crate::request::{KeyLock, Request, Task};
use crate::tonality;

/// The lowest root of a chord that an answer starts from: C3.
const FLOOR: u8 = 48;

/// One request, made ready.
pub(super) struct Stage<'a> {
    pub request: &'a Request,
    home: Home,
    /// What was played, at home, onsets from the phrase's start; nothing for a fresh piece.
    pub before: Vec<Played>,
    /// The bar line at which the answer starts, in ticks from the start of what was played.
    pub start: Ticks,
    /// The length of the answer, in ticks.
    pub length: Ticks,
    /// The chord that it starts from, at home, rising.
    pub chord: Vec<Pitch>,
    pub style: Style,
}

impl<'a> Stage<'a> {
    pub fn of(request: &'a Request) -> Stage<'a> {
        let (home, prompt) = (home(request), &request.prompt);
        let hears = request.task != Task::Fresh;
        Stage {
            request,
            home,
            before: if hears { heard(&home.enter(prompt)) } else { Vec::new() },
            start: if hears { prompt.whole_bars() } else { Ticks::ZERO },
            length: prompt.meter.bar() * i64::from(request.bars),
            chord: request.chord.as_ref().map(|chord| at_home(chord, &home)).unwrap_or_default(),
            style: request.style.filter(|style| Style::PERFORMED.contains(style)).unwrap_or(Style::Pop),
        }
    }

    /// Length of a bar, in ticks.
    pub fn bar(&self) -> Ticks {
        self.request.prompt.meter.bar()
    }

    /// Length of a beat, in ticks.
    pub fn beat(&self) -> Ticks {
        self.request.prompt.meter.beat()
    }

    pub fn wishes(&self) -> Wishes<'a> {
        Wishes::of(self.request, &self.home)
    }

    /// The notes of an answer, whose onsets count from its first bar line, as they are heard: in the played key, cut
    /// at the last bar line, a key that is struck again sounding once.
    pub fn phrase(&self, played: &[Played]) -> Phrase {
        let prompt = &self.request.prompt;
        let mut before = Ticks::ZERO;
        let tone = |(onset, tone): &Played| {
            let since = *onset - before;
            before = *onset;
            let length = tone.length.min(self.length - *onset);
            let pitch = Pitch::folded(i32::from(tone.pitch.number()) - self.home.shift);
            Tone { since, length, pitch, ..*tone }
        };
        let tones: Vec<Tone> = played.iter().filter(|(onset, _)| *onset < self.length).map(tone).collect();
        let phrase = melody::tones::to_phrase(&tones, Ticks::ZERO, prompt.meter, prompt.tempo);
        let channel = prompt.notes().last().map_or(0, |note| note.channel);
        phrase.map_notes(|note| Note { channel, ..note }).lasting(self.length)
    }
}

/// The way home: by the locked key, else by what was played, else by the chords that are asked for.
fn home(request: &Request) -> Home {
    let key = match request.key_lock {
        KeyLock::Fixed(key) => Some(key),
        KeyLock::Off | KeyLock::Heard => {
            Key::estimate(request.prompt.notes()).or_else(|| key_of_chords(request))
        }
    };
    // Without the notes: an accompaniment may lie low and a melody high, and both stay where they are.
    Home::in_key(&[], key.unwrap_or(Key::C_MAJOR))
}

/// A chord's own key, or the one that the chords of a progression speak for.
fn key_of_chords(request: &Request) -> Option<Key> {
    if let Some(chord) = &request.chord {
        let minor = chord.intervals().contains(&3) && !chord.intervals().contains(&4);
        return Some(Key { tonic: chord.root(), mode: if minor { Mode::Minor } else { Mode::Major } });
    }
    tonality::key_of_chords(request)
}

fn at_home(chord: &Chord, home: &Home) -> Vec<Pitch> {
    let moved = |pitch: Pitch| Pitch::folded(i32::from(pitch.number()) + home.shift);
    let lowest = Pitch::folded(i32::from(FLOOR) - home.shift);
    let mut pitches: Vec<Pitch> = chord.pitches(lowest).into_iter().map(moved).collect();
    pitches.sort_unstable();
    pitches.dedup();
    pitches
}
