//! What a model sees of what was played: one line, on the grid, in C major or A minor, as tokens.

use crate::{Accents, Home, Meter, Note, Phrase, Tempo, Ticks, Token, grid, tokens};

/// The longest note or rest that a model sees, a whole note (paper A, "Random Generation"): a longer silence is no
/// longer a part of the tune's rhythm.
const LONGEST: Ticks = Ticks::quarters(4);

/// The longest gap between two notes that is touch and no rest: singers breathe and players lift their fingers, and
/// without this a quarter of the tokens of sung melodies would be rests.
pub(crate) const TOUCH: Ticks = Ticks::SIXTEENTH;

/// A phrase made ready for a token model, with what is needed to bring an answer back to the player's key, octave,
/// meter, tempo and touch. The networks are trained on what this makes and play on what this makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// The line from its first note to the bar line at or after its end, at home.
    pub tokens: Vec<Token>,
    /// Where each token starts, in ticks from that bar line, so below zero.
    pub onsets: Vec<Ticks>,
    /// The way back to the played key and octave.
    pub home: Home,
    /// How hard each place of the bar was played.
    pub accents: Accents,
    /// The meter of the phrase.
    pub meter: Meter,
    /// The tempo of the phrase.
    pub tempo: Tempo,
    /// The MIDI channel of the line's last note, 0 to 15.
    pub channel: u8,
}

impl Prompt {
    /// Quantises a phrase, reduces it to its skyline, joins notes over gaps of up to a sixteenth, and moves it home.
    pub fn of(phrase: &Phrase) -> Prompt {
        Prompt::at(phrase, Home::of)
    }

    /// The same with the home that is found for its line.
    pub fn at(phrase: &Phrase, home: impl FnOnce(&[Note]) -> Home) -> Prompt {
        let line = grid::quantise(phrase).skyline();
        let line = joined(&line.clone().lasting(line.whole_bars()));
        let home = home(line.notes());
        let tokens = tokens::encode(&home.enter(&line));
        let mut end = -tokens.iter().map(|token| token.length).sum::<Ticks>();
        let onset = |token: &Token| {
            end += token.length;
            end - token.length
        };
        Prompt {
            onsets: tokens.iter().map(onset).collect(),
            tokens: tokens
                .into_iter()
                .map(|token| Token { length: token.length.min(LONGEST), ..token })
                .collect(),
            home,
            accents: Accents::of(phrase),
            meter: phrase.meter,
            tempo: phrase.tempo,
            channel: line.notes().last().map_or(0, |note| note.channel),
        }
    }

    /// How many notes there are, rests not counted.
    pub fn notes(&self) -> usize {
        self.tokens.iter().filter(|token| !token.is_rest()).count()
    }
}

/// The line with each note held until the next, or the line's end, where that is no farther than [`TOUCH`].
fn joined(line: &Phrase) -> Phrase {
    let mut nexts = line.notes().iter().skip(1).map(|note| note.onset).chain([line.length()]);
    line.map_notes(|note| {
        let gap = nexts.next().map_or(Ticks::ZERO, |next| next - note.end());
        if gap <= TOUCH { Note { length: note.length + gap, ..note } } else { note }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Pitch;

    #[test]
    fn long_silences_are_shortened_to_a_whole_rest() {
        let note =
            |onset| Note { onset, length: Ticks::QUARTER, pitch: Pitch::MIDDLE_C, velocity: 80, channel: 0 };
        let notes = vec![note(Ticks::ZERO), note(Ticks::quarters(16)), note(Ticks::quarters(17))];
        let prompt = Prompt::of(&Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT));
        let rests: Vec<Ticks> =
            prompt.tokens.iter().filter(|token| token.is_rest()).map(|token| token.length).collect();
        assert_eq!(rests, [Ticks::quarters(4), Ticks::quarters(2)]);
        let onsets = [-20, -19, -4, -3, -2].map(Ticks::quarters);
        assert_eq!(prompt.onsets, onsets);
    }

    #[test]
    fn a_played_phrase_becomes_exact_tokens_up_to_the_bar_line() {
        let note = |onset, length, pitch| Note {
            onset: Ticks(onset),
            length: Ticks(length),
            pitch: Pitch::new(pitch).unwrap(),
            velocity: 80,
            channel: 0,
        };
        // G major, a little late and short, with a lower voice that is to be ignored.
        let played = [(7, 930, 67), (9, 400, 59), (970, 700, 69), (1925, 950, 71), (2880, 400, 67)];
        let notes = played.map(|(onset, length, pitch)| note(onset, length, pitch)).to_vec();
        let prompt = Prompt::of(&Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT));
        let texts: Vec<String> = prompt.tokens.iter().map(Token::to_string).collect();
        assert_eq!(prompt.home.key.to_string(), "G major");
        assert_eq!(texts, ["C4:1.0", "D4:1.0", "E4:1.0", "C4:0.5", "R:0.5"]);
        assert_eq!(prompt.notes(), 4);
    }
}
