//! How long a line's notes are, how many there are in a bar, and how much of it is silence.

use super::Histogram;
use crate::{Note, Phrase, Ticks};

/// How often each length in ticks occurs.
pub fn lengths(notes: &[Note]) -> Histogram<Ticks> {
    notes.iter().map(|note| note.length).collect()
}

/// Notes a bar: all notes over the bars that the phrase touches; `None` for a phrase that lasts no time.
pub fn density(phrase: &Phrase) -> Option<f64> {
    let bars = phrase.bars();
    (bars > 0).then(|| phrase.notes().len() as f64 / bars as f64)
}

/// The share of the time from the first note to the phrase's end in which nothing sounds; `None` without notes.
pub fn rest_share(phrase: &Phrase) -> Option<f64> {
    let begin = phrase.notes().first()?.onset;
    let (mut sounding, mut heard) = (Ticks::ZERO, begin);
    for note in phrase.notes() {
        sounding += (note.end() - note.onset.max(heard)).max(Ticks::ZERO);
        heard = heard.max(note.end());
    }
    Some(1.0 - sounding.as_quarters() / (phrase.length() - begin).as_quarters())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::means::testing::line;

    #[test]
    fn lengths_and_density_are_those_counted_by_hand() {
        let tune = line("C4:1.0 D4:0.5 E4:0.5 R:2.0 G4:3.0");
        assert_eq!(lengths(tune.notes()).share(&Ticks::ratio(1, 2)), 0.5);
        assert_eq!(lengths(tune.notes()).share(&Ticks::QUARTER), 0.25);
        // Seven quarters touch two bars of four.
        assert_eq!(density(&tune), Some(2.0));
        assert_eq!(density(&line("")), None);
    }

    #[test]
    fn silence_before_the_first_note_is_no_rest_and_silence_at_the_end_is() {
        assert_eq!(rest_share(&line("R:4.0 C4:1.0 R:2.0 C4:1.0")), Some(0.5));
        assert_eq!(rest_share(&line("C4:1.0").lasting(Ticks::quarters(4))), Some(0.75));
        assert_eq!(rest_share(&line("R:4.0")), None);
    }

    #[test]
    fn notes_at_once_sound_once() {
        let (low, high) = (line("C4:2.0 R:2.0"), line("E4:3.0 R:1.0"));
        let notes = low.notes().iter().chain(high.notes()).copied().collect();
        let chord = Phrase::new(notes, low.meter, low.tempo).lasting(Ticks::quarters(4));
        assert_eq!(rest_share(&chord), Some(0.25));
    }
}
