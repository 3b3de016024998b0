//! How often three tones come again.

use std::collections::HashMap;

use crate::{Note, Pitch};

/// Three-tone repetitions: how many pairs of windows of three pitches are equal and do not overlap, window i with
/// window j where j >= i + 3. The order of the notes counts, onset before pitch, and not their timing (paper B; it
/// follows C-RNN-GAN, Mogren 2016, section 4.2).
pub fn of_three_tones(notes: &[Note]) -> u64 {
    let pitches: Vec<Pitch> = notes.iter().map(|note| note.pitch).collect();
    let windows: Vec<&[Pitch]> = pitches.windows(3).collect();
    let mut before: HashMap<&[Pitch], u64> = HashMap::new();
    let mut pairs = 0;
    for (index, window) in windows.iter().enumerate().skip(3) {
        *before.entry(windows[index - 3]).or_default() += 1;
        pairs += before.get(window).copied().unwrap_or_default();
    }
    pairs
}

/// A count for music of `notes` notes as music of `other` notes would have it by the paper's correction: divided by
/// the ratio of the mean lengths. Real music is so made comparable with what is generated: `notes` is the real mean
/// length, `other` the generated one. The count itself where one has no notes.
///
/// ```
/// // Real music of 400 notes a piece repeats itself 30 times; generated pieces have 100 notes.
/// assert_eq!(melody::metrics::repetitions::at_length(30.0, 400.0, 100.0), 7.5);
/// ```
pub fn at_length(count: f64, notes: f64, other: f64) -> f64 {
    if notes > 0.0 && other > 0.0 { count / (notes / other) } else { count }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::means::testing::line;

    fn count(pitches: &str) -> u64 {
        let tokens: Vec<String> = pitches.chars().map(|letter| format!("{letter}4:1.0")).collect();
        of_three_tones(line(&tokens.join(" ")).notes())
    }

    #[test]
    fn windows_apart_by_three_or_more_are_compared() {
        // CDE at 0, 3 and 6: three pairs; DEC at 1 and 4, ECD at 2 and 5: one pair each.
        assert_eq!(count("CDECDECDE"), 5);
        // CCC at 0 to 3: only 0 and 3 are apart.
        assert_eq!(count("CCCCCC"), 1);
        assert_eq!(count("CDEFGAB"), 0);
        // Overlapping windows are no repetition.
        assert_eq!(count("CCCCC"), 0);
        assert_eq!((count(""), count("CD")), (0, 0));
    }

    #[test]
    fn the_pairs_are_those_that_a_plain_search_finds() {
        let tune = "CDECDCDECCDEGGGGGCDEGCDCDCDE";
        let letters: Vec<char> = tune.chars().collect();
        let windows: Vec<&[char]> = letters.windows(3).collect();
        let pairs = (0..windows.len()).flat_map(|i| (i + 3..windows.len()).map(move |j| (i, j)));
        assert_eq!(count(tune), pairs.filter(|(i, j)| windows[*i] == windows[*j]).count() as u64);
    }

    #[test]
    fn timing_and_octave_are_told_apart() {
        assert_eq!(of_three_tones(line("C4:1.0 D4:1.0 E4:1.0 C4:0.5 D4:2.0 R:1.0 E4:1.0").notes()), 1);
        assert_eq!(of_three_tones(line("C4:1.0 D4:1.0 E4:1.0 C5:1.0 D5:1.0 E5:1.0").notes()), 0);
    }
}
