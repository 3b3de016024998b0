//! The states of the panel that are looked at: the same ones for pictures, clicks and timing.

mod melodies;
mod shelves;

use std::sync::Arc;
use std::time::Duration;

use generator::{Candidate, Knob, Look, Task};
use melody::{Key, Meter, Note, Phrase, Pitch, Style, Tempo, Ticks};

use melodies::{answer, bent, note, twinkle};
pub use shelves::{filled, filling, mapped, shaped, with_alternatives};

use crate::panel::{ModelEntry, Settings, Span, Standalone, Transport, ViewModel, Work};

/// A fresh panel in a host: nothing played.
pub fn empty() -> ViewModel {
    let all = [Knob::Temperature, Knob::TopP, Knob::Chord, Knob::KeyLock];
    let (going_on, near) = ([Task::Continue, Task::Next], [Knob::Neighbourhood]);
    let (seq2seq, dice) = (
        "Goes on as folk tunes and songs do, five notes at a time.",
        "Ignores what you played: notes as they fall.",
    );
    let vae = "Knows which phrases are alike.";
    ViewModel {
        models: vec![
            entry("seq2seq", "Seq2seq", seq2seq, &going_on, &all),
            entry("vae", "VAE", vae, &[Task::Vary, Task::Morph, Task::Fresh], &near),
            entry("random", "Dice", dice, &[Task::Continue, Task::Fresh], &[Knob::KeyLock]),
        ],
        settings: Settings { model: "seq2seq".to_owned(), seed: 42_317, ..Settings::default() },
        transport: Transport { playing: false, tempo: Tempo::from_bpm(120.0), meter: Meter::COMMON },
        ..ViewModel::default()
    }
}

fn entry(id: &str, name: &str, description: &str, tasks: &[Task], knobs: &[Knob]) -> ModelEntry {
    ModelEntry {
        id: id.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        tasks: tasks.to_vec(),
        knobs: knobs.to_vec(),
        styles: if knobs.contains(&Knob::Style) { Style::PERFORMED.to_vec() } else { Vec::new() },
        problem: None,
    }
}

/// Four bars were played.
pub fn listening() -> ViewModel {
    let chord = Some("C".parse().unwrap());
    ViewModel {
        heard_key: Some(Key::C_MAJOR),
        heard_chord: chord,
        work: Work::Listening,
        ..heard(twinkle(), 4)
    }
}

/// This was played, and its last bars are taken; an answer would come at its end.
fn heard(phrase: Phrase, bars: usize) -> ViewModel {
    let end = phrase.whole_bars();
    let from = (end - phrase.meter.bar() * bars as i64).max(Ticks::ZERO);
    let taken = Span { from, to: end };
    ViewModel { prompt: phrase.between(from, end), heard: phrase, taken, answer_at: end, ..empty() }
}

/// A model is at work.
pub fn busy() -> ViewModel {
    ViewModel { work: Work::Generating { elapsed: Duration::from_millis(850) }, ..listening() }
}

/// Eight bars are there, and play.
pub fn answered() -> ViewModel {
    ViewModel {
        candidates: Arc::new(vec![answer()]),
        work: Work::Answered { took: Duration::from_millis(12) },
        play_head: Some(Ticks::ratio(29, 4)),
        transport: Transport { playing: true, ..empty().transport },
        pressed: [Pitch::MIDDLE_C, Pitch::MIDDLE_C.transposed(7).unwrap()].into_iter().collect(),
        settings: Settings { seed_locked: true, chord_on: true, ..empty().settings },
        ..listening()
    }
}

/// The model could not answer.
pub fn problem() -> ViewModel {
    let sentence =
        "the prompt has 3 notes and this model needs at least 5: play a little more, then continue";
    let played = heard(twinkle().between(Ticks::ZERO, Ticks::quarters(3)), 1);
    ViewModel { work: Work::Problem(sentence.to_owned()), heard_key: Some(Key::C_MAJOR), ..played }
}

/// The standalone, where keys are played with the mouse.
pub fn standalone() -> ViewModel {
    let standalone = Some(Standalone::new("ALSA, 48 kHz"));
    ViewModel { standalone, play_head: None, ..answered() }
}

/// The longest that is common: sixteen bars of sixteenths after four bars.
pub fn long() -> ViewModel {
    let notes = (0..256).map(|index| Note {
        onset: Ticks::SIXTEENTH * index,
        length: Ticks::SIXTEENTH,
        pitch: Pitch::new(55 + (index * 7 % 24) as u8).unwrap(),
        velocity: 90,
        channel: 0,
    });
    let phrase = Phrase::new(notes.collect(), Meter::COMMON, Tempo::DEFAULT);
    let probabilities = (0..256).map(|index| (index % 16) as f32 / 15.0).collect();
    ViewModel {
        candidates: Arc::new(vec![Candidate { phrase, seed: 7, probabilities, ..Candidate::default() }]),
        ..answered()
    }
}

/// This model and this task are chosen.
pub fn asking(model: &str, task: Task) -> ViewModel {
    let settings = Settings { model: model.to_owned(), task, ..empty().settings };
    ViewModel { settings, ..listening() }
}

/// These candidates are the answer to what was asked for, and the one at this place is chosen.
fn choosing(model: ViewModel, auditioned: usize, candidates: Vec<Candidate>) -> ViewModel {
    ViewModel {
        answered: model.settings.task,
        candidates: Arc::new(candidates),
        auditioned,
        work: Work::Answered { took: Duration::from_millis(3) },
        ..model
    }
}

/// Eight phrases like the one that was played.
pub fn varied() -> ViewModel {
    let phrases = (0..8).map(|number| {
        let phrase = bent(number);
        let similarity = Some(0.987 - 0.071 * number as f32);
        Candidate { phrase, seed: 42_317 + number as u64, similarity, ..Candidate::default() }
    });
    choosing(asking("vae", Task::Vary), 2, phrases.collect())
}

/// Seven steps from what was played to an answer.
pub fn morphed() -> ViewModel {
    let steps = (0..7).map(|number| {
        let similarity = Some(1.0 - 0.13 * number as f32);
        Candidate { phrase: bent(2 * number), seed: 42_317, similarity, ..Candidate::default() }
    });
    choosing(asking("vae", Task::Morph), 3, steps.collect())
}

/// The notes that could come next.
pub fn next_notes() -> ViewModel {
    let odds: [(Option<u8>, i64, f32); 8] = [
        (Some(67), 960, 0.31),
        (Some(64), 960, 0.22),
        (Some(60), 1920, 0.14),
        (Some(62), 480, 0.09),
        (None, 960, 0.05),
        (Some(65), 960, 0.03),
        (Some(72), 960, 0.012),
        (Some(59), 480, 0.004),
    ];
    let candidates = odds.map(|(pitch, length, chance)| {
        let notes = pitch.map(|pitch| note(Ticks::ZERO, Ticks(length), pitch, 90)).into_iter().collect();
        let phrase = Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT).lasting(Ticks(length));
        Candidate { phrase, seed: 42_317, probabilities: vec![chance], ..Candidate::default() }
    });
    choosing(asking("seq2seq", Task::Next), 0, candidates.to_vec())
}

/// Four melodies from nothing, to nobody's playing.
pub fn fresh() -> ViewModel {
    let melodies = (0..4).map(|number: i64| {
        let whole = answer();
        let phrase = whole.phrase.map_notes(|note| {
            let step = [0, 3, -2, 5][number as usize] * (1 + note.onset.0 / 7_680 % 2);
            let pitch = note.pitch.transposed(step as i32 * 2).unwrap_or(note.pitch);
            Note { pitch, ..note }
        });
        Candidate { phrase, seed: 42_317 + number as u64, ..whole }
    });
    let settings = asking("random", Task::Fresh).settings;
    let asking = ViewModel { settings, ..empty() };
    choosing(asking, 1, melodies.collect())
}

/// An answer of a model that tells where it looked: each note at five before it, and most at the third of them.
pub fn attended() -> ViewModel {
    let whole = answer();
    let mut past: Vec<Ticks> =
        twinkle().notes().iter().map(|note| note.onset - twinkle().whole_bars()).collect();
    let mut attention = Vec::new();
    for note in whole.phrase.notes() {
        let shares = [0.31, 0.09, 0.42, 0.13, 0.05];
        let looks = past.iter().rev().zip(shares).map(|(onset, weight)| Look { onset: *onset, weight });
        attention.push(looks.collect());
        past.push(note.onset);
    }
    let candidate = Candidate { attention, ..whole };
    ViewModel { answers_prompt: true, ..choosing(asking("seq2seq", Task::Continue), 0, vec![candidate]) }
}
