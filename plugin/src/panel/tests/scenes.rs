//! The states of the panel that are looked at: the same ones for pictures, clicks and timing.

use std::time::Duration;

use generator::{Candidate, Knob};
use melody::{Key, Meter, Note, Phrase, Pitch, Tempo, Ticks};

use crate::panel::{ModelEntry, Settings, Standalone, Transport, ViewModel, Work};

/// A fresh panel in a host: nothing played.
pub fn empty() -> ViewModel {
    let entry = |id: &str, name: &str, description: &str, knobs: &[Knob]| ModelEntry {
        id: id.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        knobs: knobs.to_vec(),
        problem: None,
    };
    let all = [Knob::Temperature, Knob::TopP, Knob::Chord, Knob::KeyLock];
    ViewModel {
        models: vec![
            entry("seq2seq", "Seq2seq", "Goes on as folk tunes and songs do, five notes at a time.", &all),
            entry("random", "Dice", "Ignores what you played: notes as they fall.", &[Knob::KeyLock]),
        ],
        settings: Settings { model: "seq2seq".to_owned(), seed: 42_317, ..Settings::default() },
        transport: Transport { playing: false, tempo: Tempo::from_bpm(120.0), meter: Meter::COMMON },
        ..ViewModel::default()
    }
}

/// Four bars were played.
pub fn listening() -> ViewModel {
    ViewModel { prompt: twinkle(), heard_key: Some(Key::C_MAJOR), work: Work::Listening, ..empty() }
}

/// A model is at work.
pub fn busy() -> ViewModel {
    ViewModel { work: Work::Generating { elapsed: Duration::from_millis(850) }, ..listening() }
}

/// Eight bars are there, and play.
pub fn answered() -> ViewModel {
    ViewModel {
        answer: Some(answer()),
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
    let prompt = twinkle().between(Ticks::ZERO, Ticks::quarters(3));
    ViewModel { prompt, work: Work::Problem(sentence.to_owned()), ..listening() }
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
        answer: Some(Candidate { phrase, seed: 7, probabilities, ..Candidate::default() }),
        ..answered()
    }
}

fn twinkle() -> Phrase {
    let tune = [(60, 2), (67, 2), (69, 2), (67, 1), (0, 0), (65, 2), (64, 2), (62, 2), (60, 1)];
    let mut notes = Vec::new();
    let mut onset = Ticks::ZERO;
    for (pitch, count) in tune {
        let length = if count == 1 { Ticks::quarters(2) } else { Ticks::QUARTER };
        for _ in 0..count {
            notes.push(note(onset, length - Ticks::SIXTY_FOURTH, pitch, 84));
            onset += length;
        }
    }
    Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT)
}

fn answer() -> Candidate {
    let line: [(u8, i64, f32); 36] = [
        (67, 480, 0.42),
        (69, 480, 0.21),
        (71, 480, 0.11),
        (72, 480, 0.55),
        (71, 960, 0.31),
        (67, 960, 0.77),
        (65, 480, 0.24),
        (64, 480, 0.61),
        (65, 480, 0.18),
        (67, 480, 0.35),
        (69, 1920, 0.28),
        (72, 960, 0.09),
        (71, 480, 0.48),
        (69, 480, 0.52),
        (67, 960, 0.66),
        (64, 960, 0.33),
        (62, 480, 0.41),
        (64, 480, 0.37),
        (65, 480, 0.44),
        (69, 480, 0.07),
        (67, 1920, 0.58),
        (60, 960, 0.29),
        (64, 960, 0.46),
        (67, 960, 0.63),
        (72, 960, 0.22),
        (74, 480, 0.05),
        (72, 480, 0.49),
        (71, 480, 0.38),
        (69, 480, 0.51),
        (67, 1920, 0.69),
        (65, 960, 0.36),
        (64, 960, 0.72),
        (62, 1440, 0.40),
        (59, 480, 0.13),
        (60, 2880, 0.91),
        (60, 960, 0.15),
    ];
    let mut onset = Ticks::ZERO;
    let notes = line.map(|(pitch, length, _)| {
        let note = note(onset, Ticks(length - 40), pitch, 90);
        onset += Ticks(length);
        note
    });
    let phrase = Phrase::new(notes.to_vec(), Meter::COMMON, Tempo::DEFAULT);
    Candidate {
        phrase,
        seed: 42_317,
        probabilities: line.map(|(_, _, probability)| probability).to_vec(),
        ..Candidate::default()
    }
}

fn note(onset: Ticks, length: Ticks, pitch: u8, velocity: u8) -> Note {
    Note { onset, length, pitch: Pitch::new(pitch).unwrap(), velocity, channel: 0 }
}
