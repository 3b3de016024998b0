//! The readable symbols nearest to one that cannot be read.

use super::kind::Tones;
use super::parse;
use crate::spelling;

/// The kinds that are offered, the commonest first: it goes before where two are as near.
const KINDS: [&str; 34] = [
    "", "m", "7", "m7", "maj7", "9", "6", "sus4", "add9", "m9", "sus2", "5", "dim", "m6", "aug", "dim7",
    "m7b5", "maj9", "7sus4", "13", "11", "m11", "6/9", "madd9", "7b9", "7#9", "7#11", "7b5", "7#5", "9sus4",
    "maj7#11", "mMaj7", "maj13", "13b9",
];

/// How many are offered.
const OFFERED: usize = 3;
/// Further letters of a text are not compared: no chord is as long.
const LONGEST: usize = 24;

/// Up to three symbols that can be read, the nearest first; none for an empty text.
pub fn to(text: &str) -> Vec<String> {
    let text: String = text.chars().filter(|mark| !mark.is_whitespace()).take(LONGEST).collect();
    if text.is_empty() {
        return Vec::new();
    }
    let text = with_a_root(&text);
    let (name, bass) = match text.rsplit_once('/') {
        Some((name, bass)) if parse(name).is_some() => (name, Some(bass)),
        _ => (text.as_str(), None),
    };
    let (place, kind) = spelling::fifths(name).unwrap_or((0, ""));
    let root = spelling::name(place);
    match bass {
        Some(bass) => basses(name, place, bass),
        None => kinds(kind).into_iter().map(|kind| format!("{root}{kind}")).collect(),
    }
}

/// The text with a root that can be read: a small letter made capital, the German H a B, and C where there is none.
fn with_a_root(text: &str) -> String {
    let mut marks = text.chars();
    let first = marks.next().map(|first| first.to_ascii_uppercase());
    let rooted = match first {
        Some('H') => format!("B{}", marks.as_str()),
        Some(letter @ 'A'..='G') => format!("{letter}{}", marks.as_str()),
        _ => format!("C{text}"),
    };
    // More accidentals than two are no root.
    if spelling::fifths(&rooted).is_some() {
        rooted
    } else {
        format!("C{}", &rooted[1..]).replace(['#', 'b'], "")
    }
}

fn kinds(kind: &str) -> Vec<String> {
    if Tones::of_kind(kind).is_some() {
        return vec![kind.to_owned()];
    }
    let mut kinds: Vec<(usize, &str)> = KINDS.iter().map(|known| (distance(kind, known), *known)).collect();
    kinds.sort_by_key(|(distance, _)| *distance);
    kinds.into_iter().take(OFFERED).map(|(_, kind)| kind.to_owned()).collect()
}

/// The chord over the bass as it may have been meant, over its third or fifth, and alone.
fn basses(name: &str, root: i32, bass: &str) -> Vec<String> {
    let meant = with_a_root(bass);
    let meant = spelling::fifths(&meant)
        .filter(|_| bass.starts_with(|first: char| "abcdefghABCDEFGH".contains(first)));
    let third = parse(name).map_or(4, |chord| if chord.intervals.contains(&3) { -3 } else { 4 });
    let others = [root + third, root + 1];
    let basses = meant.map(|(place, _)| place).into_iter().chain(others);
    let mut near: Vec<String> = basses.map(|place| format!("{name}/{}", spelling::name(place))).collect();
    near.dedup();
    near.truncate(OFFERED);
    near
}

/// Letters to change, add, leave out or swap (Damerau and Levenshtein's distance), a capital counting as its small one
/// but for a half, so that all is doubled.
fn distance(left: &str, right: &str) -> usize {
    let small = strsim::damerau_levenshtein(&left.to_lowercase(), &right.to_lowercase());
    small + strsim::damerau_levenshtein(left, right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Chord;

    fn near(text: &str) -> String {
        to(text).join(" ")
    }

    #[test]
    fn what_was_probably_meant_comes_first() {
        for (text, nearest) in [
            ("Hx9", "B9 Bm9 B"),
            ("cmaj7", "Cmaj7"),
            ("C mj7", "Cm7 Cmaj7 Cm"),
            ("F#mim7", "F#dim7 F#m7 F#maj7"),
            ("C/H", "C/B C/E C/G"),
            ("Am/X", "Am/C Am/E"),
            ("add9", "Aadd9 A9 Am9"),
        ] {
            assert_eq!(near(text), nearest, "{text}");
        }
        assert_eq!(near(""), "");
    }

    #[test]
    fn the_sentence_offers_them() {
        let sentence = "Hx9".parse::<Chord>().unwrap_err().to_string();
        assert!(
            sentence.starts_with("\"Hx9\" is not a chord that Continuo knows: did you mean B9, Bm9 or B?"),
            "{sentence}"
        );
    }

    #[test]
    fn all_that_is_offered_can_be_read() {
        assert!(KINDS.iter().all(|kind| Tones::of_kind(kind).is_some()));
        for text in
            ["x", "C#####", "é", "C/é", "Cb/b", "/", "C//", "♭♭♭", "B########9", "Cfoo/bar", "Caddaddaddadd"]
        {
            assert!(text.parse::<Chord>().is_err(), "{text}");
            for symbol in to(text) {
                assert!(symbol.parse::<Chord>().is_ok(), "{text} -> {symbol}");
            }
        }
    }
}
