//! Chord symbols as integers, so that a host can automate the chord seed.
//!
//! The range is fixed for good: 17 spelled roots, room for 32 kinds, and 17 basses or none. Kinds may be added in the
//! room that is left; nothing that has a number ever gets another.

use melody::{Chord, PitchClass, Progression};

/// No chord.
pub const OFF: i32 = 0;
/// The highest number.
pub const MAX: i32 = ROOTS.len() as i32 * KIND_ROOM * BASS_ROOM;

const ROOTS: [&str; 17] =
    ["C", "C#", "Db", "D", "D#", "Eb", "E", "F", "F#", "Gb", "G", "G#", "Ab", "A", "A#", "Bb", "B"];
const KINDS: [&str; 28] = [
    "", "m", "7", "maj7", "m7", "6", "m6", "add9", "madd9", "sus2", "sus4", "7sus4", "dim", "dim7", "m7b5",
    "aug", "5", "6/9", "9", "maj9", "m9", "mMaj7", "11", "m11", "13", "7b9", "7#9", "7#11",
];
const KIND_ROOM: i32 = 32;
/// None, then the roots.
const BASS_ROOM: i32 = ROOTS.len() as i32 + 1;
const RESERVED: &str = "reserved ";

/// The chord with this number; `None` for [`OFF`] and for numbers that mean nothing yet.
pub fn chord(number: i32) -> Option<Chord> {
    symbol(number)?.parse().ok()
}

/// The number of a chord; `None` for kinds that have none.
pub fn number(chord: &Chord) -> Option<i32> {
    let symbol = chord.symbol();
    let root = spelling(chord.root(), symbol)?;
    let kind = KINDS.iter().position(|kind| {
        let known: Option<Chord> = format!("C{kind}").parse().ok();
        known.is_some_and(|known| known.intervals() == chord.intervals())
    })?;
    let bass = match chord.bass() {
        Some(bass) => 1 + spelling(bass, symbol.rsplit('/').next()?)?,
        None => 0,
    };
    Some(1 + (root as i32 * KIND_ROOM + kind as i32) * BASS_ROOM + bass as i32)
}

/// A number as a host shows it.
pub fn text(number: i32) -> String {
    match number {
        OFF => "off".to_owned(),
        _ => symbol(number).unwrap_or_else(|| format!("{RESERVED}{number}")),
    }
}

/// Reads what [`text`] writes, and any chord that has a number.
pub fn parse(text: &str) -> Option<i32> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("off") || text.is_empty() {
        return Some(OFF);
    }
    if let Some(reserved) = text.strip_prefix(RESERVED) {
        return reserved.parse().ok().filter(|number| (OFF..=MAX).contains(number));
    }
    number(&text.parse().ok()?)
}

/// The number of what is written where a chord goes: that of the chord, or of the first chord of a progression.
pub fn first(written: &str) -> Option<i32> {
    parse(written).or_else(|| {
        let progression: Progression = written.parse().ok()?;
        number(progression.bars().iter().flatten().flatten().next()?)
    })
}

/// The progression that is written where a chord goes; `None` for a single chord and for what cannot be read.
pub fn progression(written: &str) -> Option<Progression> {
    let progression: Progression = written.parse().ok()?;
    (progression.bars().iter().flatten().count() > 1).then_some(progression)
}

fn symbol(number: i32) -> Option<String> {
    let index = number.checked_sub(1).filter(|index| (0..MAX).contains(index))?;
    let (root_and_kind, bass) = (index / BASS_ROOM, index % BASS_ROOM);
    let root = ROOTS.get((root_and_kind / KIND_ROOM) as usize)?;
    let kind = KINDS.get((root_and_kind % KIND_ROOM) as usize)?;
    let bass = match bass {
        0 => String::new(),
        bass => format!("/{}", ROOTS.get(bass as usize - 1)?),
    };
    Some(format!("{root}{kind}{bass}"))
}

/// The root that is spelled as this text begins, or else the first that sounds the same.
fn spelling(class: PitchClass, text: &str) -> Option<usize> {
    let sounds = |name: &str| name.parse::<Chord>().is_ok_and(|chord| chord.root() == class);
    let alike = || ROOTS.iter().enumerate().filter(|(_, name)| sounds(name));
    let spelled = alike().filter(|(_, name)| text.starts_with(**name)).max_by_key(|(_, name)| name.len());
    spelled.or_else(|| alike().next()).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_read_back_from_its_text() {
        assert_eq!(MAX, 9792);
        for number in OFF..=MAX {
            assert_eq!(parse(&text(number)), Some(number), "{}", text(number));
        }
    }

    #[test]
    fn numbers_stay_what_they_are() {
        for (symbol, number) in [("C", 1), ("Cadd9", 127), ("F#m7", 4681), ("B7#11/B", 9720)] {
            assert_eq!(parse(symbol), Some(number), "{symbol}");
            assert_eq!(text(number), symbol);
        }
    }

    #[test]
    fn a_progression_has_the_number_of_its_first_chord() {
        for (written, known) in [("Am | F", "Am"), ("NC | C G | %", "C"), ("Cadd9", "Cadd9")] {
            assert_eq!(first(written), parse(known), "{written}");
            assert_eq!(progression(written).is_some(), written.contains('|'), "{written}");
        }
        for nonsense in ["Hx9", "C | Hx9", "NC | NC"] {
            assert_eq!(first(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn other_spellings_of_a_kind_find_its_number() {
        for (written, known) in
            [("C-7", "Cm7"), ("Bb+", "Bbaug"), ("CM7/E", "Cmaj7/E"), ("Cb", "B"), ("Esus", "Esus4")]
        {
            assert_eq!(parse(written), parse(known), "{written}");
        }
    }

    #[test]
    fn what_has_no_number_is_no_chord_here() {
        for text in ["H", "C7b5#9", "reserved 9793", "reserved -1", "off beat"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(chord(OFF), None);
        assert_eq!(chord(28 * BASS_ROOM + 1), None);
        assert_eq!(chord(i32::MIN), None);
    }
}
