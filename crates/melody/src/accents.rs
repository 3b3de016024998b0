//! How hard a player strikes each place of the bar, so that an answer can be played alike.

use crate::{Meter, Phrase, Ticks};

/// Mean velocities by the sixteenth of the bar, learnt from a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accents {
    meter: Meter,
    places: Vec<Option<u8>>,
    anywhere: u8,
}

impl Accents {
    /// The accents of a phrase; velocity 96 throughout where it is empty.
    pub fn of(phrase: &Phrase) -> Accents {
        const UNHEARD: u8 = 96;
        let meter = phrase.meter;
        let mut heard = vec![(0_u32, 0_u32); place(meter, meter.bar() - Ticks(1)) + 1];
        for note in phrase.notes() {
            let (sum, count) = &mut heard[place(meter, note.onset)];
            *sum += u32::from(note.velocity);
            *count += 1;
        }
        let (sum, count) = heard.iter().fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
        let places = heard.iter().map(|(sum, count)| sum.checked_div(*count).map(velocity)).collect();
        Accents { meter, places, anywhere: sum.checked_div(count).map_or(UNHEARD, velocity) }
    }

    /// The accents of a meter where nobody has played: strong beats 100, other beats 90, what lies between them 78.
    pub fn metrical(meter: Meter) -> Accents {
        let places = (0..=place(meter, meter.bar() - Ticks(1))).map(|place| {
            let time = Ticks::SIXTEENTH * place as i64;
            let on_beat = time.0 % meter.beat().0 == 0;
            Some(if meter.is_strong(time) {
                100
            } else if on_beat {
                90
            } else {
                78
            })
        });
        Accents { meter, places: places.collect(), anywhere: 78 }
    }

    /// The velocity, 1 to 127, at a time counted from a bar line: that place's mean, or the overall mean where the
    /// phrase had no note there.
    pub fn velocity_at(&self, time: Ticks) -> u8 {
        self.places[place(self.meter, time)].unwrap_or(self.anywhere)
    }
}

fn place(meter: Meter, time: Ticks) -> usize {
    (time.0.rem_euclid(meter.bar().0) / Ticks::SIXTEENTH.0) as usize
}

fn velocity(mean: u32) -> u8 {
    mean.clamp(1, 127) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Note, Pitch, Tempo};

    #[test]
    fn strong_places_stay_strong() {
        let note = |onset, velocity| Note {
            onset: Ticks(onset),
            length: Ticks(480),
            pitch: Pitch::MIDDLE_C,
            velocity,
            channel: 0,
        };
        let notes = vec![note(0, 100), note(960, 60), note(3840, 110), note(4800, 70)];
        let accents = Accents::of(&Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT));
        assert_eq!(accents.velocity_at(Ticks::ZERO), 105);
        assert_eq!(accents.velocity_at(Ticks::quarters(5)), 65);
        assert_eq!(accents.velocity_at(Ticks::quarters(2)), 85);
    }

    #[test]
    fn a_meter_alone_accents_its_beats() {
        let at = |meter: Meter, quarters: f64| Accents::metrical(meter).velocity_at(Ticks::nearest(quarters));
        assert_eq!(
            [0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0].map(|time| at(Meter::COMMON, time)),
            [100, 78, 78, 90, 100, 90, 100]
        );
        let jig = Meter::new(6, 8).unwrap();
        assert_eq!([0.0, 0.5, 1.0, 1.5].map(|time| at(jig, time)), [100, 78, 78, 90]);
    }

    #[test]
    fn any_meter_has_a_place_for_every_time() {
        for (numerator, denominator) in [(1, 64), (5, 16), (7, 8), (4, 4), (64, 1)] {
            let meter = Meter::new(numerator, denominator).unwrap();
            let accents = Accents::of(&Phrase::new(Vec::new(), meter, Tempo::DEFAULT));
            for ticks in -5000..5000 {
                assert_eq!(accents.velocity_at(Ticks(ticks)), 96);
            }
        }
    }
}
