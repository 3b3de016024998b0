//! The melodies of the scenes.

use generator::Candidate;
use melody::{Meter, Note, Phrase, Pitch, Tempo, Ticks};

/// The first phrase of what was played, some of its notes moved.
pub fn bent(number: i64) -> Phrase {
    let phrase = twinkle().between(Ticks::ZERO, Ticks::quarters(8));
    let mut place = 0_i64;
    phrase.map_notes(|note| {
        place += 1;
        let moved = (place * 5 + number * 3) % 7 < number;
        let step = if moved { [2, -1, 4, -3][((place + number) % 4) as usize] } else { 0 };
        Note { pitch: note.pitch.transposed(step).unwrap_or(note.pitch), ..note }
    })
}

/// Four bars that everybody knows.
pub fn twinkle() -> Phrase {
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

/// Eight bars that a model answered, not sure of all of them.
pub fn answer() -> Candidate {
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

/// A note.
pub fn note(onset: Ticks, length: Ticks, pitch: u8, velocity: u8) -> Note {
    Note { onset, length, pitch: Pitch::new(pitch).unwrap(), velocity, channel: 0 }
}

/// The answer, bent in many ways: sixteen melodies of eight bars that can be told apart.
pub fn melodies(count: i64) -> Vec<Candidate> {
    let melody = |number: i64| {
        let whole = answer();
        let phrase = whole.phrase.map_notes(|note| {
            let bar = note.onset.0 / 3_840;
            let step = [0, 2, -3, 4, 5, -2, 3][((number * (bar + 1)) % 7) as usize];
            Note { pitch: note.pitch.transposed(step).unwrap_or(note.pitch), ..note }
        });
        let probabilities = whole.probabilities.iter().enumerate();
        let probabilities =
            probabilities.map(|(index, p)| (p + 0.11 * ((number + index as i64) % 4) as f32).min(1.0));
        Candidate { phrase, seed: 42_317 + number as u64, probabilities: probabilities.collect(), ..whole }
    };
    (0..count).map(melody).collect()
}

/// Eight bars: the four that everybody knows, then four that answer them.
pub fn eight_bars() -> Phrase {
    let end = Ticks::quarters(16);
    let after = answer().phrase.between(Ticks::ZERO, end);
    twinkle().followed_by(&after)
}
