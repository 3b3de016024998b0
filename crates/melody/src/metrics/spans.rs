//! How many different tones there are, and how far the velocities reach.

use std::collections::BTreeSet;

use crate::Note;

/// Unique tones: how many different pitches there are, octaves apart being different.
pub fn unique_tones(notes: &[Note]) -> usize {
    notes.iter().map(|note| note.pitch).collect::<BTreeSet<_>>().len()
}

/// Intensity span: highest minus lowest velocity, 0 to 126; `None` without notes.
pub fn intensity(notes: &[Note]) -> Option<u8> {
    let velocities = || notes.iter().map(|note| note.velocity);
    Some(velocities().max()? - velocities().min()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::means::testing::line;

    #[test]
    fn tones_are_counted_by_pitch_and_velocities_by_their_extremes() {
        let tune = line("C4:1.0 E4:1.0 C4:1.0 C5:1.0");
        assert_eq!(unique_tones(tune.notes()), 3);
        let mut velocities = [64, 101, 33, 80].into_iter();
        let played = tune.map_notes(|note| Note { velocity: velocities.next().unwrap(), ..note });
        assert_eq!(intensity(played.notes()), Some(68));
        assert_eq!((unique_tones(&[]), intensity(&[])), (0, None));
    }
}
