//! What a track's name says of its part in the song.

/// How clearly a name says "melody": the smaller, the clearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// It is called a melody.
    Melody,
    /// It is sung.
    Vocal,
    /// It leads, which a guitar or a synthesizer's preset may also be said to do.
    Lead,
    /// It says nothing of the kind.
    Unnamed,
    /// It says bass, chords or the like.
    Accompaniment,
}

impl Rank {
    pub(super) fn is_named(self) -> bool {
        self < Rank::Unnamed
    }
}

const MELODY: &str = "melody melodie melodia melodía mélodie melodi tune topline";
const VOCAL: &str =
    "vocal vocalist vox voc singer singing sing gesang singstimme chant canto voz voix soprano sopran";
const LEAD: &str = "lead voice solo theme thema cantus";
/// Words of accompaniment; they outweigh the others, as in "backing vocals" and "bass lead".
const ACCOMPANIMENT: &str = "bass drum percussion perc kit back backing background harmony harmonies chord pad rhythm \
     accompaniment accomp choir counter countermelody ooh aah fx";

/// Judges a name by its whole words, whatever their case, plural or number: "LeadVox 2" is "lead" and "vox".
pub(super) fn rank(name: &str) -> Rank {
    let words = words(name);
    let says = |list: &str| {
        let known = |word: &String| {
            let singular = word.strip_suffix('s').unwrap_or(word);
            list.split_whitespace().any(|known| known == word || known == singular)
        };
        words.iter().any(known)
    };
    match () {
        () if says(ACCOMPANIMENT) => Rank::Accompaniment,
        () if says(MELODY) => Rank::Melody,
        () if says(VOCAL) => Rank::Vocal,
        () if says(LEAD) => Rank::Lead,
        () => Rank::Unnamed,
    }
}

/// The words in lower case, parted at all that is no letter and before a capital that follows a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for letter in name.chars() {
        if !letter.is_alphabetic() || (after_small && letter.is_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphabetic()) {
            word.extend(letter.to_lowercase());
        }
        after_small = letter.is_lowercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_decide_and_not_parts_of_words() {
        for (name, expected) in [
            ("MELODY", Rank::Melody),
            ("melody_1 (piano)", Rank::Melody),
            ("Lead Vocals", Rank::Vocal),
            ("LeadVox2", Rank::Vocal),
            ("Square Lead", Rank::Lead),
            ("Voice", Rank::Lead),
            ("Backing Vocals", Rank::Accompaniment),
            ("Bass Lead", Rank::Accompaniment),
            ("Misleading", Rank::Unnamed),
            ("Unvoiced", Rank::Unnamed),
            ("Contrabassoon", Rank::Unnamed),
            ("Pads", Rank::Accompaniment),
            ("", Rank::Unnamed),
            ("Piano", Rank::Unnamed),
        ] {
            assert_eq!(rank(name), expected, "{name}");
        }
    }
}
