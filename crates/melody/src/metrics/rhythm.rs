//! How long a line's notes are, how many there are in a bar, and how much of it is silence.

use super::Histogram;
use crate::{Note, Phrase, Ticks};

/// How often each length in ticks occurs.
pub fn lengths(notes: &[Note]) -> Histogram<Ticks> {
    notes.iter().map(|note| note.length).collect()
}

/// How often each time from the beginning of one note to that of the next occurs, in ticks.
pub fn waits(notes: &[Note]) -> Histogram<Ticks> {
    notes.windows(2).map(|pair| pair[1].onset - pair[0].onset).collect()
}

/// How often notes begin at each place of the bar, in ticks from the bar line.
pub fn places(phrase: &Phrase) -> Histogram<Ticks> {
    let bar = phrase.meter.bar();
    phrase.notes().iter().map(|note| note.onset - note.onset.floor_to(bar)).collect()
}

/// The share of notes that begin between two beats; `None` without notes.
pub fn off_beat_share(phrase: &Phrase) -> Option<f64> {
    let beat = phrase.meter.beat();
    let off = phrase.notes().iter().filter(|note| note.onset.floor_to(beat) != note.onset).count();
    (!phrase.is_empty()).then(|| off as f64 / phrase.notes().len() as f64)
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
    fn waits_places_and_the_off_beat_are_those_counted_by_hand() {
        let tune = line("C4:1.0 D4:0.5 E4:0.5 R:2.0 G4:3.0");
        // Quarter, eighth, eighth and two quarters of rest.
        let expected = [(&Ticks(480), 1.0 / 3.0), (&Ticks(960), 1.0 / 3.0), (&Ticks(2400), 1.0 / 3.0)];
        assert_eq!(waits(tune.notes()).shares().collect::<Vec<_>>(), expected);
        assert_eq!(places(&tune).share(&Ticks::ZERO), 0.5);
        assert_eq!(off_beat_share(&tune), Some(0.25));
        assert_eq!(off_beat_share(&line("R:4.0")), None);
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
