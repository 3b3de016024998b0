//! The colours of the picture: those of the plugin's panel in its dark look.

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

pub const GROUND: Colour = Colour(0x17, 0x19, 0x1F);
pub const WELL: Colour = Colour(0x1E, 0x21, 0x29);
pub const WELL_DARK: Colour = Colour(0x19, 0x1C, 0x23);
pub const LINE: Colour = Colour(0x2A, 0x2F, 0x39);
pub const LINE_STRONG: Colour = Colour(0x43, 0x4A, 0x59);
pub const TEXT: Colour = Colour(0xEC, 0xEE, 0xF2);
pub const TEXT_WEAK: Colour = Colour(0xA9, 0xB0, 0xBE);
pub const PROMPT: Colour = Colour(0x6F, 0xC3, 0xF7);
pub const ANSWER: Colour = Colour(0xFF, 0xB9, 0x4E);
pub const ON_COLOUR: Colour = Colour(0x14, 0x16, 0x1B);
pub const WHITE_KEY: Colour = Colour(0xE6, 0xE8, 0xEC);
pub const BLACK_KEY: Colour = Colour(0x2B, 0x2F, 0x38);
pub const KEY_GAP: Colour = Colour(0xB4, 0xBA, 0xC6);
/// An answered note that the model gave no chance at all.
const ANSWER_UNSURE: Colour = Colour(0x7E, 0x55, 0x2B);

/// The colour of an answered note that the model gave this probability, 0 to 1.
pub fn answered(probability: f32) -> Colour {
    // The square root spreads out the small probabilities, where most notes of a sampled line lie.
    let share = probability.clamp(0.0, 1.0).sqrt();
    let mix = |from: u8, to: u8| (f32::from(from) + (f32::from(to) - f32::from(from)) * share).round() as u8;
    let (from, to) = (ANSWER_UNSURE, ANSWER);
    Colour(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surer_note_is_brighter() {
        let brightness = [0.0, 0.01, 0.1, 0.5, 1.0].map(|share| u32::from(answered(share).1));
        assert!(brightness.is_sorted_by(|left, right| left < right), "{brightness:?}");
        assert_eq!(answered(1.0), ANSWER);
    }
}
