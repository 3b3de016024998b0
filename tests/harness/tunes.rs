//! Tunes that the tests play.

use melody::{Meter, Note, Phrase, Pitch, Tempo, Ticks};

/// The first four bars of "Twinkle, Twinkle, Little Star" in C major, as the nursery sings it.
pub fn twinkle() -> Phrase {
    let bars: [&[(u8, i64)]; 4] = [
        &[(60, 1), (60, 1), (67, 1), (67, 1)],
        &[(69, 1), (69, 1), (67, 2)],
        &[(65, 1), (65, 1), (64, 1), (64, 1)],
        &[(62, 1), (62, 1), (60, 2)],
    ];
    let mut onset = Ticks::ZERO;
    let notes = bars.concat().into_iter().map(|(key, quarters)| {
        let length = Ticks::quarters(quarters);
        let pitch = Pitch::new(key).expect("a nursery tune stays on the keyboard");
        // A finger lets go a little before the next key goes down.
        let note = Note { onset, length: length - Ticks::SIXTY_FOURTH, pitch, velocity: 100, channel: 0 };
        onset += length;
        note
    });
    let notes = notes.collect();
    Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT).lasting(Ticks::quarters(16))
}
