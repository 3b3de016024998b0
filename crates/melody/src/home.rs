//! The way to C major or A minor in the middle octave, and back to the key and octave that was played.

use crate::{Key, Mode, Note, Phrase, Pitch, Token};

/// Where a phrase's notes, moved home, should lie on average: G4, so that an octave fits on either side.
const CENTRE: f64 = 67.0;

/// The transposition between a phrase's own key and octave, and C major or A minor around G4 (paper A, "data").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Home {
    /// The key as played.
    pub key: Key,
    /// Semitones from the played pitches to those at home; a multiple of twelve away from the key's own.
    pub shift: i32,
}

impl Home {
    /// The home of these notes; C major as it stands where there are no notes.
    pub fn of(notes: &[Note]) -> Home {
        Home::in_key(notes, Key::estimate(notes).unwrap_or(Key::C_MAJOR))
    }

    /// The home of these notes when their key is known.
    pub fn in_key(notes: &[Note], key: Key) -> Home {
        let tonic_at_home = match key.mode {
            Mode::Major => 0,
            Mode::Minor => 9,
        };
        let to_tonic = tonic_at_home - i32::from(key.tonic.semitones());
        let octaves = ((CENTRE - mean_pitch(notes) - f64::from(to_tonic)) / 12.0).round() as i32;
        Home { key, shift: to_tonic + 12 * octaves }
    }

    /// A phrase moved home; a pitch that leaves MIDI's range is folded back by octaves.
    pub fn enter(&self, phrase: &Phrase) -> Phrase {
        phrase.map_notes(|note| Note { pitch: moved(note.pitch, self.shift), ..note })
    }

    /// A token moved home from the played key and octave.
    pub fn enter_token(&self, token: Token) -> Token {
        Token { pitch: token.pitch.map(|pitch| moved(pitch, self.shift)), ..token }
    }

    /// A token moved from home back to the played key and octave.
    pub fn leave(&self, token: Token) -> Token {
        Token { pitch: token.pitch.map(|pitch| moved(pitch, -self.shift)), ..token }
    }
}

fn moved(pitch: Pitch, shift: i32) -> Pitch {
    Pitch::folded(i32::from(pitch.number()) + shift)
}

/// The mean pitch, each note weighing as long as it sounds.
fn mean_pitch(notes: &[Note]) -> f64 {
    let sounding: f64 = notes.iter().map(|note| note.length.as_quarters()).sum();
    let weighed = notes.iter().map(|note| f64::from(note.pitch.number()) * note.length.as_quarters());
    if sounding > 0.0 { weighed.sum::<f64>() / sounding } else { CENTRE }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Meter, Tempo, Ticks, tokens};

    fn scale_from(tonic: u8, degrees: &[u8]) -> Phrase {
        let tokens: Vec<Token> =
            degrees.iter().map(|d| Token::note(Pitch::new(tonic + d).unwrap(), Ticks::QUARTER)).collect();
        Phrase::new(tokens::decode(&tokens, Ticks::ZERO, |_| 80), Meter::COMMON, Tempo::DEFAULT)
    }

    #[test]
    fn the_same_tune_in_any_key_and_octave_is_the_same_at_home() {
        let degrees = [0, 0, 7, 7, 9, 9, 7, 5, 5, 4, 4, 2, 2, 0];
        let at_home = |tonic| {
            let phrase = scale_from(tonic, &degrees);
            let home = Home::of(phrase.notes());
            (tokens::encode(&home.enter(&phrase)), home, phrase)
        };
        let (expected, _, _) = at_home(60);
        for tonic in 24..108 {
            let (tokens, home, phrase) = at_home(tonic);
            assert_eq!(tokens, expected, "from {tonic}");
            let back: Vec<Token> = tokens.into_iter().map(|token| home.leave(token)).collect();
            assert_eq!(back, tokens::encode(&phrase));
        }
    }

    #[test]
    fn minor_goes_to_a_minor() {
        let phrase = scale_from(62, &[0, 2, 3, 5, 7, 7, 8, 7, 5, 3, 2, 0, 0]);
        let home = Home::of(phrase.notes());
        assert_eq!(home.key.to_string(), "D minor");
        assert_eq!((62 + home.shift).rem_euclid(12), 9);
    }
}
