//! For tests that the generator plays the numbers that a network was trained to give.

use std::collections::BTreeMap;

use generator::pack::{Card, Kind};
use melody::{Pitch, Ticks, Token, Vocabulary};

/// Nineteen notes from C4 on and a rest, quarters all.
pub fn vocabulary() -> Vocabulary {
    let notes = (60..79).map(|key| Token::note(Pitch::new(key).unwrap(), Ticks::QUARTER));
    Vocabulary::new(notes.chain([Token::rest(Ticks::QUARTER)])).unwrap()
}

/// A card that says no more than is needed to load the model.
pub fn card(kind: Kind, window: usize, vocabulary: &Vocabulary) -> Card {
    Card {
        format: Card::FORMAT,
        id: "parity".to_owned(),
        name: "Parity".to_owned(),
        description: String::new(),
        kind,
        tasks: Vec::new(),
        knobs: Vec::new(),
        styles: Vec::new(),
        source: String::new(),
        licence: String::new(),
        window,
        vocabulary: Some(vocabulary.hash()),
        training: None,
        canary: None,
        files: BTreeMap::new(),
    }
}

/// Fails where any two numbers are farther apart than two programs' rounding.
pub fn assert_near(trained: &[f32], played: &[f32]) {
    assert_eq!(trained.len(), played.len());
    let furthest = trained.iter().zip(played).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(furthest < 1e-5, "they differ by {furthest}");
}
