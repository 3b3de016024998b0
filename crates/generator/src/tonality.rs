//! In which key an answer is, where its chords come from and how hard it is struck: what is locked, heard and wished.

use melody::{Accents, Chord, Home, Key, Mode, Note, Phrase, Pitch, Prompt, Ticks, Token};

use crate::request::{KeyLock, Request, Task};

/// The prompt of a request with the home of its answer: the locked key's for a fresh melody, the heard key's after notes,
/// and that of the wished chords where nothing was heard.
pub(crate) fn prompt(request: &Request) -> Prompt {
    let prompt = Prompt::of(&request.prompt);
    let key = match request.key_lock {
        KeyLock::Fixed(key) if request.task == Task::Fresh => Some(key),
        _ if prompt.tokens.is_empty() => key_of_chords(request),
        _ => None,
    };
    match key {
        Some(key) => Prompt { home: Home::in_key(request.prompt.notes(), key), ..prompt },
        None => prompt,
    }
}

/// The chord that is wished at a time of the answer, in ticks from its first bar line: the chord seed in the first bar,
/// then that of the progression.
pub(crate) fn chord_at(request: &Request, time: Ticks) -> Option<&Chord> {
    let meter = request.prompt.meter;
    let seed = request.chord.as_ref().filter(|_| time < meter.bar());
    seed.or_else(|| request.progression.as_ref()?.chord_at(time, meter))
}

/// How hard each place of an answer's bars is struck: as the player does, and by the meter where nothing was played.
pub(crate) fn accents(request: &Request, prompt: &Prompt) -> Accents {
    match request.prompt.is_empty() {
        true => Accents::metrical(prompt.meter),
        false => prompt.accents.clone(),
    }
}

/// Notes at home as the phrase that is played, on the player's channel.
pub(crate) fn played(notes: Vec<Note>, prompt: &Prompt, home: &Home) -> Phrase {
    let leave = |note: Note| {
        let pitch = home.leave(Token::note(note.pitch, note.length)).pitch.unwrap_or(note.pitch);
        Note { pitch, channel: prompt.channel, ..note }
    };
    Phrase::new(notes.into_iter().map(leave).collect(), prompt.meter, prompt.tempo)
}

/// The key that a request's chords make one hear: that of the progression, or a chord seed's own.
pub(crate) fn key_of_chords(request: &Request) -> Option<Key> {
    let Some(progression) = &request.progression else {
        return request.chord.as_ref().map(|chord| {
            let is_minor = chord.intervals().contains(&3) && !chord.intervals().contains(&4);
            Key { tonic: chord.root(), mode: if is_minor { Mode::Minor } else { Mode::Major } }
        });
    };
    let chords = progression.bars().iter().flatten().flatten();
    let notes = chords.flat_map(|chord| chord.pitches(Pitch::MIDDLE_C)).map(|pitch| Note {
        onset: Ticks::ZERO,
        length: Ticks::QUARTER,
        pitch,
        velocity: 80,
        channel: 0,
    });
    Key::estimate(&notes.collect::<Vec<Note>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use melody::{Meter, Phrase, Tempo};

    fn request(chord: &str, progression: &str) -> Request {
        Request {
            task: Task::Fresh,
            chord: chord.parse().ok(),
            progression: progression.parse().ok(),
            ..Request::to_continue(Phrase::default())
        }
    }

    fn key(request: &Request) -> String {
        prompt(request).home.key.to_string()
    }

    #[test]
    fn chords_say_the_key_where_nothing_was_heard_or_locked() {
        assert_eq!(key(&request("", "D | Bm | G | A7")), "D major");
        assert_eq!(key(&request("F#m7", "")), "F# minor");
        assert_eq!(key(&request("", "")), "C major");
        let locked = Request { key_lock: KeyLock::Fixed("Eb".parse().unwrap()), ..request("F#m7", "") };
        assert_eq!(key(&locked), "Eb major");
        let note = |step: i64, pitch| Note {
            onset: Ticks::quarters(step),
            length: Ticks::QUARTER,
            pitch: Pitch::new(pitch).unwrap(),
            velocity: 80,
            channel: 0,
        };
        let scale =
            (0..).zip([65, 67, 69, 70, 72, 74, 76, 77]).map(|(step, pitch)| note(step, pitch)).collect();
        let heard =
            Request { prompt: Phrase::new(scale, Meter::COMMON, Tempo::DEFAULT), ..request("F#m7", "") };
        assert_eq!(key(&heard), "F major");
    }

    #[test]
    fn the_seed_goes_before_the_first_bar_of_the_progression() {
        let wished = request("Am", "C | F");
        let symbols: Vec<String> = (0..4)
            .filter_map(|bar| chord_at(&wished, Ticks::quarters(4 * bar)))
            .map(Chord::to_string)
            .collect();
        assert_eq!(symbols, ["Am", "F", "C", "F"]);
        assert_eq!(chord_at(&request("", ""), Ticks::ZERO), None);
    }
}
