//! How well notes keep to one scale, whichever it is.

use crate::{Note, PitchClass};

/// Semitones above the root of the major, natural minor and harmonic minor scale.
const SCALES: [[u8; 7]; 3] = [[0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10], [0, 2, 3, 5, 7, 8, 11]];

/// Scale consistency: the largest share of notes that fit one scale, over 12 roots and the major, natural minor and
/// harmonic minor scale (C-RNN-GAN, Mogren 2016, section 4.2, and paper B after it; their code takes pitch - root
/// without the modulo, this does not). 0 to 1; `None` without notes.
pub fn consistency(notes: &[Note]) -> Option<f64> {
    let mut counts = [0_usize; 12];
    notes.iter().for_each(|note| counts[usize::from(note.pitch.class().semitones())] += 1);
    let fitting = |root: PitchClass, scale: [u8; 7]| -> usize {
        let class = |step| PitchClass::of(i32::from(root.semitones()) + i32::from(step));
        scale.into_iter().map(|step| counts[usize::from(class(step).semitones())]).sum()
    };
    let most = PitchClass::all().flat_map(|root| SCALES.map(|scale| fitting(root, scale))).max()?;
    (!notes.is_empty()).then(|| most as f64 / notes.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::means::testing::line;

    #[test]
    fn the_best_of_all_scales_counts() {
        // Eight notes, seven of them in C major; the F# makes it G major's with six (no F natural there).
        let tune = line("C4:1.0 D4:1.0 E4:1.0 F4:1.0 F4:1.0 G4:1.0 A4:1.0 F#4:1.0");
        assert_eq!(consistency(tune.notes()), Some(7.0 / 8.0));
        // A harmonic minor: neither major nor natural minor has F, G# and B at once with E.
        let harmonic = line("A3:1.0 B3:1.0 C4:1.0 D4:1.0 E4:1.0 F4:1.0 G#4:1.0 A4:1.0");
        assert_eq!(consistency(harmonic.notes()), Some(1.0));
        // Of the twelve tones no scale holds more than seven.
        let all =
            line("C4:1.0 C#4:1.0 D4:1.0 D#4:1.0 E4:1.0 F4:1.0 F#4:1.0 G4:1.0 G#4:1.0 A4:1.0 A#4:1.0 B4:1.0");
        assert_eq!(consistency(all.notes()), Some(7.0 / 12.0));
        assert_eq!(consistency(&[]), None);
    }

    #[test]
    fn octave_and_key_make_no_difference() {
        let tune = line("C2:1.0 D4:1.0 E6:1.0 F4:1.0 G#4:1.0 C#4:1.0");
        for shift in -12..12 {
            let moved = tune.map_notes(|note| Note { pitch: note.pitch.transposed(shift).unwrap(), ..note });
            assert_eq!(consistency(moved.notes()), consistency(tune.notes()));
        }
    }
}
