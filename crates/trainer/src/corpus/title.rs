//! Titles of tunes without what variants of one tune differ in.

/// Words for the kind of a tune, which tell nothing about which tune it is.
const KINDS: [&str; 14] = [
    "reel", "jig", "hornpipe", "polka", "slide", "march", "slip", "single", "double", "air", "set", "dance",
    "the", "a",
];

/// A title in small letters without numbers, kinds, articles and marks; as it stands where nothing else is left.
pub fn plain(title: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0;
    for character in title.chars() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '\'' | '’' => {}
            _ if depth > 0 => {}
            _ if character.is_alphabetic() => plain.extend(character.to_lowercase()),
            _ => plain.push(' '),
        }
    }
    let words: Vec<&str> = plain.split_whitespace().filter(|word| !KINDS.contains(word)).collect();
    if words.is_empty() { title.trim().to_lowercase() } else { words.join("-") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_of_a_tune_have_one_title() {
        for name in [
            "Bashful Bachelor 1 (hornpipe) ",
            "Bashful Bachelor 2",
            "The Bashful Bachelor",
            "Bashful Bachelor*, The",
        ] {
            assert_eq!(plain(name), "bashful-bachelor");
        }
        assert_eq!(plain("Reel, The"), "reel, the");
        assert_ne!(plain("London Lasses (reel), The"), plain("London Lads"));
    }
}
