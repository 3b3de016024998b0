//! From a request to an answer: the model, and the way back to the audio thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use generator::{Cancel, GenerateError, Generator, Request};
use melody::{Note, Phrase, Ticks};

use crate::crossing::{Answer, Entry, MAX_NOTES, Scheduled};
use crate::guard;
use crate::state::Given;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Somebody asked for something newer: nothing to say.
    Stale,
    /// A sentence that says what to do.
    Problem(String),
}

/// Asks the model with this id; a panic in it is a failure like any other. `[worker]`
pub fn ask(
    model: &Arc<dyn Generator>,
    id: String,
    request: &Request,
    cancel: &Cancel,
) -> Result<Given, Failure> {
    let outcome = catch_unwind(AssertUnwindSafe(|| model.generate(request, cancel)));
    let problem = |what: &str| {
        let name = &model.card().name;
        Failure::Problem(format!(
            "The model \"{name}\" {what}; choose another model, or install this one anew."
        ))
    };
    match outcome {
        Ok(Ok(candidates)) => Given::new(id, request, candidates).ok_or_else(|| problem("gave no answer")),
        Ok(Err(GenerateError::Cancelled)) => Err(Failure::Stale),
        Ok(Err(error)) => Err(Failure::Problem(error.to_string())),
        Err(panic) => Err(problem(&format!("broke down ({})", guard::message(&*panic)))),
    }
}

/// How a phrase is to be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Playing {
    /// On this channel, 0 to 15; `None`: as its notes have it.
    pub channel: Option<u8>,
    /// How it comes in.
    pub entry: Entry,
    /// Whether it begins again at its end.
    pub looped: bool,
}

/// Sends a phrase to be played. `[worker]`
///
/// # Errors
/// A sentence when the audio thread does not fetch what it was sent before.
pub fn send(
    ring: &mut rtrb::Producer<Answer>,
    phrase: &Phrase,
    playing: Playing,
    generation: u64,
) -> Result<(), String> {
    let notes = &phrase.notes()[..phrase.notes().len().min(MAX_NOTES)];
    let Playing { channel, entry, looped } = playing;
    let schedule = |note: &Note| Answer::Note(scheduled(note, channel));
    let messages = [Answer::Begin { generation, entry, looped }]
        .into_iter()
        .chain(notes.iter().map(schedule))
        .chain([Answer::End { length: phrase.length().max(Ticks(1)) }]);
    if ring.slots() < notes.len() + 2 {
        return Err("The answer is there, but the host is not running its audio: start it, then play the answer again."
            .to_owned());
    }
    for message in messages {
        // There is room for all of them, as this end alone fills the ring.
        let _ = ring.push(message);
    }
    Ok(())
}

fn scheduled(note: &Note, channel: Option<u8>) -> Scheduled {
    Scheduled {
        onset: note.onset.max(Ticks::ZERO),
        length: note.length,
        channel: channel.unwrap_or(note.channel) & 15,
        key: note.pitch.number(),
        velocity: note.velocity.clamp(1, 127),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crossing;
    use melody::{Meter, Pitch, Tempo};

    fn phrase(notes: i64) -> Phrase {
        let note = |index: i64| Note {
            onset: Ticks(index * 10),
            length: Ticks(5),
            pitch: Pitch::MIDDLE_C,
            velocity: 80,
            channel: 3,
        };
        Phrase::new((0..notes).map(note).collect(), Meter::COMMON, Tempo::DEFAULT).lasting(Ticks::quarters(8))
    }

    #[test]
    fn an_answer_is_framed_and_keeps_or_changes_its_channel() {
        for (channel, expected) in [(None, 3), (Some(9), 9)] {
            let (mut audio, mut worker, _panel) = crossing::open();
            let playing = Playing { channel, entry: Entry::Swap, looped: true };
            send(&mut worker.answers, &phrase(1), playing, 4).unwrap();
            let begin = Answer::Begin { generation: 4, entry: Entry::Swap, looped: true };
            assert_eq!(audio.answers.pop(), Ok(begin));
            assert!(matches!(audio.answers.pop(), Ok(Answer::Note(note)) if note.channel == expected));
            assert_eq!(audio.answers.pop(), Ok(Answer::End { length: Ticks::quarters(8) }));
        }
    }

    #[test]
    fn a_host_that_does_not_fetch_gets_a_sentence_and_no_half_answer() {
        let (mut audio, mut worker, _panel) = crossing::open();
        let long = phrase(MAX_NOTES as i64 + 50);
        assert_eq!(send(&mut worker.answers, &long, Playing::default(), 1), Ok(()));
        assert_eq!(send(&mut worker.answers, &long, Playing::default(), 2), Ok(()));
        let sentence = send(&mut worker.answers, &phrase(1), Playing::default(), 3).unwrap_err();
        assert!(sentence.contains("host"));
        let fetched = std::iter::from_fn(|| audio.answers.pop().ok()).count();
        assert_eq!(fetched, 2 * (MAX_NOTES + 2));
    }
}
